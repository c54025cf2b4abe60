"""The forms of a plan, each laid in a sheet over the page: what is typed stays until it is saved or left on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.domain.dates import parse_due_date
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.plans import Action, Goal, OwnerKind, Plan
from livingwell_desktop.domain.records import AnyHeld, Held
from livingwell_desktop.ui.care_plan.words import Whose
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards
from livingwell_desktop.ui.widgets.field_frame import ErrorSummary, FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, DateFields, TextArea, TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import Notice

Typed = dict[str, str]


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who can own an action: chosen by name, with the organisation."""

    staff: UUID
    organisation: UUID | None
    words: str
    """ "Tunde Bakare, Lambeth Council, Housing officer"."""


class PlanForm(QWidget):
    """What the forms share: the errors on top, a strip for changes from elsewhere, and what was shown at first."""

    typed = Signal()
    kind = ""
    one_answer: tuple[tuple[str, ...], ...] = ()
    """Parts of what is typed that are one answer together, like day, month and year."""

    def __init__(self, basis: AnyHeld | None) -> None:
        super().__init__()
        self.basis = basis
        """What was shown when the form opened: an edit is based on it, whatever arrives meanwhile."""
        self.shown: Typed = {}
        """What stood in the form when it opened, before anything was typed."""
        self.frames: dict[str, FieldFrame] = {}
        self.column = Column(self, spacing=18)
        self.summary = ErrorSummary()
        self.news = Notice("warning", "")
        self.news.hide()
        self.column.add(self.summary, self.news)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def fields(self, today: date) -> dict[str, Any]:
        """What was typed, as the fields of the record. Raises Problem naming each field that needs mending."""
        raise NotImplementedError

    def typing(self) -> Typed:
        """What is typed, to be kept."""
        raise NotImplementedError

    def set_typing(self, typed: Mapping[str, str]) -> None:
        """Put back what was typed before."""
        raise NotImplementedError

    def put_back(self, typed: Mapping[str, str], shown: Mapping[str, str]) -> None:
        """Put back what was typed over what was `shown` then; what nobody touched is as it stands now."""
        if self.basis is None or not shown:
            self.set_typing(typed)
            return
        together = {name: names for names in self.one_answer for name in names}
        after = self.typing()
        for name in after:
            names = together.get(name, (name,))
            if any(typed.get(each) != shown.get(each) for each in names):
                after[name] = typed.get(name, "")
        self.set_typing(after)

    def show_problem(self, problem: Problem) -> None:
        """Errors on top and beside the fields; what was typed stays."""
        for frame in self.frames.values():
            frame.clear_error()
        errors: list[tuple[str, QWidget | None]] = []
        for each in problem.fields:
            frame_ = self.frames.get(each.field)
            if frame_ is not None:
                frame_.set_error(each.sentence)
            errors.append((each.sentence, frame_))
        self.summary.show_errors(errors or [(problem.advice, None)])

    def say_news(self, words: str) -> None:
        """Somebody changed the same thing while this form is open."""
        self.news.set_words(words)
        self.news.show()

    def frame(self, name: str, label: str, field: QWidget, hint: str = "", *, optional: bool = False) -> FieldFrame:
        """A field of the form, named as services name it in a problem."""
        made = FieldFrame(label, field, hint=hint, optional=optional)
        made.setObjectName(name)
        self.frames[name] = made
        changed = getattr(field, "changed", None)
        if changed is not None:
            changed.connect(self._typed)
        return made

    def _typed(self, *_what: object) -> None:
        self.typed.emit()


class ActionForm(PlanForm):
    """What will happen, who does it, by when."""

    kind = "action"
    one_answer = (("owner", "worker", "carer"), ("day", "month", "year"))

    def __init__(
        self,
        basis: Held[Action] | None,
        person: Whose,
        workers: Sequence[Worker],
        carers: Sequence[str],
        goal: UUID,
    ) -> None:
        super().__init__(basis)
        self.goal = goal
        self._workers = {str(each.staff): each for each in workers}
        self.what = TextField()
        self.owner = RadioCards(
            [
                CardOption("person", person.called or "The person", person.itself),
                CardOption("worker", "A worker", "Of one of the partners"),
                CardOption("carer", "Somebody else", "A carer or friend"),
            ],
            across=True,
        )
        self.worker = ChoiceField([(str(each.staff), each.words) for each in workers], nothing="Choose a name")
        self.carer = TextField()
        self.due = DateFields()
        known = f"Known here: {', '.join(carers)}" if carers else ""
        what = self.frame("what", "What will happen", self.what, "Start with a verb, like Ring the landlord")
        owner = self.frame("owner", "Who does it", self.owner)
        worker = self.frame("worker", "Which worker", self.worker, "Type the first letters of the name")
        carer = self.frame("carer", "Their name", self.carer, known)
        due = self.frame("due", "By when", self.due, "Like 27 11 2026")
        self.column.add(what, owner, worker, carer, due)
        self.owner.changed.connect(self._owner_chosen)
        if basis is not None:
            self._show(basis.value)
        self._owner_chosen()
        self.setFocusProxy(self.what)

    def fields(self, today: date) -> dict[str, Any]:
        problems: list[FieldProblem] = []
        code = self.owner.code()
        worker = self._workers.get(self.worker.code() or "")
        if not self.what.text().strip():
            problems.append(FieldProblem("what", "Write what will happen."))
        if code is None and not self._keeps_owner():
            problems.append(FieldProblem("owner", "Choose who does it. Every action has one owner."))
        elif code == "worker" and worker is None:
            problems.append(FieldProblem("worker", "Choose the worker who does it."))
        elif code == "carer" and not self.carer.text().strip():
            problems.append(FieldProblem("carer", "Write the name of who does it."))
        due: date | None = None
        try:
            due = self._due(today)
        except Problem as problem:
            problems += problem.fields
        if problems:
            raise Problem("There is a problem", "The action needs mending.", "Mend it and save again.", tuple(problems))
        if code is None:
            return {"what": self.what.text().strip(), "due": due}
        chosen = worker if code == "worker" else None
        return {
            "what": self.what.text().strip(),
            "owner_kind": OwnerKind(code),
            "owner_staff": chosen.staff if chosen else None,
            "owner_organisation": chosen.organisation if chosen else None,
            "owner_name": self.carer.text().strip() if code == "carer" else "",
            "due": due,
        }

    def _keeps_owner(self) -> bool:
        """Whether the action has a kind of owner that only a newer program knows: no card is chosen, and it stays."""
        return self.basis is not None and str(self.basis.value.owner_kind) not in {each.value for each in OwnerKind}

    def _due(self, today: date) -> date:
        """The date typed. The date the action already had may have passed: it is not typed anew."""
        before: date | None = self.basis.value.due if self.basis else None
        if before and self.due.value() == _parts(before):
            return before
        return parse_due_date(*self.due.value(), today)

    def _show(self, action: Action) -> None:
        self.what.set_text(action.what)
        self.owner.set_code(str(action.owner_kind))
        self.worker.set_code(str(action.owner_staff) if action.owner_staff else None)
        self.carer.set_text(action.owner_name)
        if action.due:
            self.due.set_value(*_parts(action.due))

    def _owner_chosen(self, *_code: object) -> None:
        code = self.owner.code()
        self.frames["worker"].setVisible(code == "worker")
        self.frames["carer"].setVisible(code == "carer")
        self.updateGeometry()

    def typing(self) -> Typed:
        day, month, year = self.due.value()
        return {
            "goal": str(self.goal),
            "what": self.what.text(),
            "owner": self.owner.code() or "",
            "worker": self.worker.code() or "",
            "carer": self.carer.text(),
            "day": day,
            "month": month,
            "year": year,
        }

    def set_typing(self, typed: Mapping[str, str]) -> None:
        self.what.set_text(typed.get("what", ""))
        self.owner.set_code(typed.get("owner") or None)
        self.worker.set_code(typed.get("worker") or None)
        self.carer.set_text(typed.get("carer", ""))
        self.due.set_value(typed.get("day", ""), typed.get("month", ""), typed.get("year", ""))
        self._owner_chosen()


def _parts(day: date) -> tuple[str, str, str]:
    return str(day.day), str(day.month), str(day.year)


_TEN = tuple((str(number), str(number)) for number in range(1, 11))


class GoalForm(PlanForm):
    """A goal in the person's words, from a need or without one, how much it matters and how sure the person is."""

    kind = "goal"

    def __init__(self, basis: Held[Goal] | None, person: Whose, needs: Sequence[tuple[str, str, str]]) -> None:
        """`needs` are (identity, need, note such as "Chosen today"), the chosen ones first."""
        super().__init__(basis)
        self.need = RadioCards(
            [CardOption(code, words, note) for code, words, note in needs]
            + [CardOption("", "Something else", "Not from a need")]
        )
        self.about = TextField()
        self.words = TextArea(lines=2)
        self.matters, self.how_sure = ChoiceField(_TEN), ChoiceField(_TEN)
        if basis is None:
            if needs:
                self.column.add(self.frame("need", "Which need is it about", self.need))
                self.need.set_code(needs[0][0])
            else:
                self.need.set_code("")
        name = person.called or "the person"
        about = self.frame("about", "What it is about", self.about, "Like Housing: notice to leave", optional=True)
        words = self.frame("words", "The goal", self.words, f"In {name}’s own words: “I want …”")
        matters = self.frame("matters", "How much it matters", self.matters, "10 is the most", optional=True)
        sure = self.frame("how_sure", f"How sure {name} is", self.how_sure, "10 is certain", optional=True)
        scores = Row(spacing=24)
        scores.add(matters, stretch=1)
        scores.add(sure, stretch=1)
        self.column.add(words, scores, about)
        self.need.changed.connect(self._need_chosen)
        if basis is not None:
            self._show(basis.value)
        self._need_chosen()
        self.setFocusProxy(self.words if basis or not needs else self.need)

    def fields(self, today: date) -> dict[str, Any]:  # noqa: ARG002 - the same for every form
        if not self.words.text().strip():
            sentence = "Write the goal in the person’s words."
            raise Problem("There is a problem", sentence, "Mend it and save again.", (FieldProblem("words", sentence),))
        matters, sure = self.matters.code(), self.how_sure.code()
        return {
            "words": self.words.text().strip(),
            "about": self.about.text().strip(),
            "matters": int(matters) if matters else None,
            "how_sure": int(sure) if sure else None,
        }

    def need_id(self) -> UUID | None:
        """The need that the goal comes from."""
        code = self.need.code()
        return UUID(code) if code else None

    def typing(self) -> Typed:
        return {
            "need": self.need.code() or "",
            "about": self.about.text(),
            "words": self.words.text(),
            "matters": self.matters.code() or "",
            "how_sure": self.how_sure.code() or "",
        }

    def set_typing(self, typed: Mapping[str, str]) -> None:
        self.need.set_code(typed.get("need", ""))
        self.about.set_text(typed.get("about", ""))
        self.words.set_text(typed.get("words", ""))
        self.matters.set_code(typed.get("matters") or None)
        self.how_sure.set_code(typed.get("how_sure") or None)
        self._need_chosen()

    def _show(self, goal: Goal) -> None:
        self.about.set_text(goal.about)
        self.words.set_text(goal.words)
        self.matters.set_code(str(goal.matters) if goal.matters is not None else None)
        self.how_sure.set_code(str(goal.how_sure) if goal.how_sure is not None else None)

    def _need_chosen(self, *_code: object) -> None:
        self.frames["about"].setVisible(self.basis is not None or not self.need.code())
        self.updateGeometry()


class WholePlanForm(PlanForm):
    """What the person says about the whole plan, and when who looks at it again."""

    kind = "plan"
    one_answer = (("day", "month", "year"),)

    def __init__(self, basis: Held[Plan] | None, person: Whose, workers: Sequence[Worker], review_on: date) -> None:
        super().__init__(basis)
        self.words = TextArea(lines=3)
        self.review = DateFields(*_parts(review_on))
        self.reviewer = ChoiceField([(str(each.staff), each.words) for each in workers], nothing="Choose a name")
        name = person.called or "the person"
        words = self.frame(
            "in_own_words", f"In {name}’s words", self.words, "What should be different? Their words, not ours.",
            optional=True,
        )  # fmt: skip
        review = self.frame("review_on", "Next review", self.review, "Usually in three months")
        reviewer = self.frame("reviewer", "Who asks for it", self.reviewer)
        self.column.add(words, review, reviewer)
        if basis is not None:
            self.words.set_text(basis.value.in_own_words)
            self.reviewer.set_code(str(basis.value.reviewer) if basis.value.reviewer else None)
            if basis.value.review_on:
                self.review.set_value(*_parts(basis.value.review_on))
        self.setFocusProxy(self.words)

    def fields(self, today: date) -> dict[str, Any]:
        before: date | None = self.basis.value.review_on if self.basis else None
        if before and self.review.value() == _parts(before):
            review_on = before
        else:
            review_on = parse_due_date(*self.review.value(), today, field="review_on", what="review date")
        code = self.reviewer.code()
        return {
            "in_own_words": self.words.text().strip(),
            "review_on": review_on,
            "reviewer": UUID(code) if code else None,
        }

    def typing(self) -> Typed:
        day, month, year = self.review.value()
        code = self.reviewer.code() or ""
        return {"words": self.words.text(), "day": day, "month": month, "year": year, "reviewer": code}

    def set_typing(self, typed: Mapping[str, str]) -> None:
        self.words.set_text(typed.get("words", ""))
        self.review.set_value(typed.get("day", ""), typed.get("month", ""), typed.get("year", ""))
        self.reviewer.set_code(typed.get("reviewer") or None)
