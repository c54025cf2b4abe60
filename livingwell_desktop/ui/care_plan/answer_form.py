"""What somebody says when asked to agree to a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from livingwell_desktop.ui.care_plan.forms import PlanForm, Typed, Worker
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards
from livingwell_desktop.ui.widgets.fields import ChoiceField, TextArea

HOW = ("in the room", "by phone", "signed on screen", "on paper")


class AnswerForm(PlanForm):
    """What somebody says to the plan as it is worded now, how they said it, and why not."""

    kind = "answer"

    def __init__(self, asks_person: bool, workers: Sequence[Worker], staff: UUID | None, party: str) -> None:
        """`party` says whose answer it is, so that a kept one is offered for nobody else."""
        super().__init__(None)
        self._party = party
        self.answer = RadioCards(
            [
                CardOption("agreed", "Agrees", icon="check"),
                CardOption("declined", "Does not agree", icon="cross"),
                CardOption("asked", "Was asked, no answer yet", icon="clock"),
            ],
            "agreed",
        )
        self.how = ChoiceField([(each, each.capitalize()) for each in HOW], HOW[0])
        self.reason = TextArea(lines=2)
        self.worker = ChoiceField([(str(each.staff), each.words) for each in workers], nothing="Choose a name")
        self.worker.set_code(str(staff) if staff else None)
        self.column.add(
            self.frame("answer", "What they say", self.answer),
            self.frame("reason", "Why, in their words", self.reason, "“Did not want to say” is fine."),
            self.frame("staff", "Who answered", self.worker),
            self.frame("how", "How", self.how),
        )
        self.frames["staff"].setVisible(not asks_person)
        self.answer.changed.connect(self._answer_chosen)
        self._answer_chosen()
        self.setFocusProxy(self.answer)

    def fields(self, today: date) -> dict[str, Any]:  # noqa: ARG002 - the same for every form
        staff, code = self.worker.code(), self.answer.code() or "agreed"
        return {
            "answer": code,
            "how": self.how.code() or "",
            "reason": self.reason.text() if code == "declined" else "",
            "staff": UUID(staff) if staff else None,
        }

    def typing(self) -> Typed:
        return {
            "party": self._party,
            "answer": self.answer.code() or "",
            "how": self.how.code() or "",
            "reason": self.reason.text(),
            "staff": self.worker.code() or "",
        }

    def set_typing(self, typed: Mapping[str, str]) -> None:
        self.answer.set_code(typed.get("answer") or "agreed")
        self.how.set_code(typed.get("how") or HOW[0])
        self.reason.set_text(typed.get("reason", ""))
        self.worker.set_code(typed.get("staff") or None)
        self._answer_chosen()

    def _answer_chosen(self, *_code: object) -> None:
        self.frames["reason"].setVisible(self.answer.code() == "declined")
        self.updateGeometry()
