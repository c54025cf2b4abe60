"""The numbers on the rail: what needs someone. Cheap enough to ask after every change."""

from dataclasses import dataclass

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import Plan
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services.arriving import is_here
from livingwell_desktop.services.attention import count_questions
from livingwell_desktop.services.doubles import count_doubles
from livingwell_desktop.services.emergency import unreviewed
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.watching import unanswered
from livingwell_desktop.storage import Between


@dataclass(frozen=True, slots=True)
class Counts:
    """People here now, plans whose review should have been by today, questions and openings to review."""

    here: int
    plans_due: int
    questions: int


def counts(practice: Practice) -> Counts:
    """What needs someone; nothing while the records cannot be read: of that the page speaks, and the next opening."""
    try:
        return _counted(practice)
    except Problem:
        return Counts(0, 0, 0)


def _counted(practice: Practice) -> Counts:
    """Count what this member of staff may see; what they may not is 0 and is not read."""
    store, today = practice.store, practice.today()
    here = 0
    if practice.may(Act.SEE_BOARD).allowed:
        visits = store.find(Visit, on=today)
        here = sum(held.value.centre == practice.centre.id and is_here(held.value) for held in visits)
    questions = count_questions(practice) if practice.may(Act.SETTLE).allowed else 0
    if practice.may(Act.REVIEW_OPENINGS).allowed:
        questions += len(unreviewed(store)) + len(unanswered(store))
    if practice.may(Act.SETTLE_DOUBLES).allowed:
        questions += count_doubles(practice)
    due = store.count(Plan, review_on=Between(None, today)) if practice.may(Act.SEE_CLINICAL).allowed else 0
    return Counts(here, due, questions)
