"""Questions between desks about a plan, asked in the place of what they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.dates import moment, parse_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.plans import Action
from livingwell_desktop.domain.records import AnyHeld, Held
from livingwell_desktop.domain.wording import number_word, sentence_case
from livingwell_desktop.services.attention import Choice, Question, questions_about
from livingwell_desktop.services.people import settle_field
from livingwell_desktop.services.plan_writing import owner_answer, owner_in_conflict, settle_owner
from livingwell_desktop.services.plans import OWNER_FIELDS, PlanOnScreen
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.value_words import plain_type
from livingwell_desktop.ui.care_plan.words import Whose, organisation_mark, organisation_name, owner_of
from livingwell_desktop.ui.widgets.conflict_card import ConflictOption
from livingwell_desktop.ui.widgets.conflict_strip import ConflictStrip


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """A question about the plan, and the goal in whose card it stands (None: about the plan itself)."""

    held: AnyHeld
    field: str
    goal: UUID | None
    question: Question

    @property
    def key(self) -> tuple[UUID, str]:
        """Which question it is, across refreshes."""
        return self.held.id, self.field


def plan_questions(practice: Practice, plan: PlanOnScreen) -> tuple[PlanQuestion, ...]:
    """Every question about the plan, its goals and actions, in reading order. An action's owner is one question."""
    found: list[PlanQuestion] = []
    records: list[tuple[AnyHeld, UUID | None]] = [(plan.plan, None)]
    for each in plan.goals:
        records.append((each.goal, each.goal.id))
        records += [(action, each.goal.id) for action in each.actions]
    for held, goal in records:
        if not held.conflicts:
            continue
        leader = owner_in_conflict(held) if isinstance(held.value, Action) else ""
        for question in questions_about(practice, held):
            name = question.field.name
            if leader and name in OWNER_FIELDS and name != leader:
                continue
            found.append(PlanQuestion(held, name, goal, question))
    return tuple(found)


def conflict_strip(
    practice: Practice, asked: PlanQuestion, plan: PlanOnScreen, person: Whose, say: Callable[[str, str], None]
) -> ConflictStrip:
    """The strip that asks it, and settles it with what is chosen or typed."""
    question = asked.question
    options = [_option(practice, asked, each, plan, person) for each in question.choices]
    kind = plain_type(question.field)
    free = kind in (str, int) or kind.__name__ == "date"
    strip = ConflictStrip(title_of(asked), question.sentence, options, another_label="Or write another" if free else "")
    strip.setObjectName("conflict")

    def chosen(value: object) -> None:
        try:
            settle(practice, asked, value, {option.value for option in options})
        except Problem as problem:
            say("error", problem.advice)

    strip.chosen.connect(chosen)
    return strip


_ABOUT = {
    "plan": {"in_own_words": "the words about the plan", "review_on": "the next review", "reviewer": "who asks"},
    "goal": {
        "words": "the words of this goal",
        "about": "what this goal is about",
        "matters": "how much this goal matters",
        "how_sure": "how sure the person is",
        "stopped": "whether this is still a goal",
    },
    "action": {
        "what": "the words of this action",
        "due": "the date of this action",
        "state": "how far this action is",
        **dict.fromkeys(OWNER_FIELDS, "who does this action"),
    },
}


def title_of(asked: PlanQuestion) -> str:
    """ "Two people changed the date of this action"."""
    question = asked.question
    if question.is_removal:
        return question.title_of_removal(f"This {question.kind.label.lower()}")
    what = _ABOUT.get(question.kind.name, {}).get(asked.field, question.what)
    if question.people > 1:
        return f"{sentence_case(number_word(question.people))} people changed {what}"
    return f"{sentence_case(what)} was changed on two desks"


def settle(practice: Practice, asked: PlanQuestion, value: object, offered: set[object]) -> None:
    """Decide it: one of the values offered, or one that was typed. Raises Problem for a typed value that cannot be."""
    if asked.field in OWNER_FIELDS and isinstance(asked.held.value, Action):
        if isinstance(value, bytes):
            settle_owner(practice, asked.held, value)
        return
    if value not in offered:
        value = _typed(asked, str(value))
    settle_field(practice, asked.held, asked.field, value)


def _typed(asked: PlanQuestion, text: str) -> Any:
    kind = plain_type(asked.question.field)
    if kind is int:
        if not text.isdecimal() or not 1 <= int(text) <= 10:
            raise Problem("There is a problem", "That is not a number from 1 to 10.", "Write a number from 1 to 10.")
        return int(text)
    if kind is str:
        return text
    parts = [*text.replace("/", " ").replace(".", " ").split(), "", "", ""]
    return parse_date(*parts[:3])


def _option(
    practice: Practice, asked: PlanQuestion, choice: Choice, plan: PlanOnScreen, person: Whose
) -> ConflictOption:
    value, words = choice.value, choice.words
    if asked.field in OWNER_FIELDS and isinstance(asked.held.value, Action):
        value, words = _owner(asked.held, asked.field, choice, plan, person)
    return ConflictOption(
        value,
        words,
        choice.author,
        organisation_mark(choice.organisation),
        organisation_name(choice.organisation),
        choice.desk,
        moment(choice.at, practice.today()),
    )


def _owner(held: Held[Action], field: str, choice: Choice, plan: PlanOnScreen, person: Whose) -> tuple[bytes, str]:
    """The change that gave this answer, and who would do the action by it."""
    change = next(each.change for each in held.conflicts[field] if each.value == choice.value)
    _mark, name, organisation = owner_of(owner_answer(held, change), plan.alliance, person)
    return change, ", ".join(part for part in (name, organisation) if part)
