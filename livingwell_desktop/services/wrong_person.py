"""Recorded for the wrong person: written anew for the right one, naming the record that should never have been."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, QuestionnaireResponse
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.identity import made_at
from livingwell_desktop.domain.notes import DocumentGiven
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services.arriving import visit_today
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.story import papers_given
from livingwell_desktop.storage import Write, create, enter_in_error

Movable = QuestionnaireResponse | Visit
"""What is written down while a person sits or stands before somebody, and so may land in another person's record."""

ACTS: dict[type[Movable], Act] = {QuestionnaireResponse: Act.ASSESS, Visit: Act.CHECK_IN}
"""Who may write it may move it; for the wrong person and for the right one."""


_ONE_VERB = timedelta(seconds=1)
"""What one verb makes gets its ids within so long."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and what somebody must still see to in the wrong person's record."""

    record: UUID
    to: Held[Person]
    papers: tuple[Held[DocumentGiven], ...]
    """Papers given to the wrong person since: they may say what is not theirs."""
    needs: tuple[Held[Need], ...]
    """Needs that came from it and were worked on since: they stay until somebody looks at them."""


def move(practice: Practice, held: Held[Movable], right: UUID | None) -> Moved:
    """Write the record for the right person and enter the old one in error, in one act.

    Raises Problem without a right person, with the same one, with one who is on the board already, or while a field of
    it is in question between two desks.
    """
    value, act = held.value, ACTS[type(held.value)]
    wrong = value.person
    practice.require(act, wrong)
    there = practice.store.get(Person, right)
    if there is None or right is None or right == wrong:
        sentence = "Choose the person it belongs to."
        raise Problem("There is a problem", sentence, sentence, (FieldProblem("person", sentence),))
    practice.require(act, right)
    if held.conflicts:
        raise Problem(
            "This cannot be moved yet",
            "Two desks wrote different things in it, and nobody has decided which is right.",
            "Decide it first: open Attention.",
        )
    if isinstance(value, Visit) and value.ended_at is None and visit_today(practice, right) is not None:
        raise Problem("This cannot be moved yet", "They are on the board already.", "End one of the two visits first.")
    new = practice.new_id()
    writes = [create(new, _for(value, right, held.id)), enter_in_error(held)]
    mine, worked_on = _needs_from(practice, held)
    taken = {each.value.area for each in practice.store.find(Need, person=right)} if mine else set()
    for need in mine:
        writes.append(enter_in_error(need))
        if need.value.area not in taken:
            writes.append(_need_for(practice, need, right, new))
    since = value.authored_at if isinstance(value, QuestionnaireResponse) else value.arrived_at
    papers = _papers_since(practice, wrong, since)
    practice.write(act, writes)
    return Moved(new, there, papers, worked_on)


def _for(value: Movable, right: UUID, old: UUID) -> Movable:
    """The same words about the right person. What belonged to the wrong one's visit or booking stays with it."""
    if isinstance(value, Visit):
        return replace(value, person=right, booking=None, recorded_first_as=old)
    return replace(value, person=right, visit=None, amends=None, recorded_first_as=old)


def _need_for(practice: Practice, need: Held[Need], right: UUID, response: UUID) -> Write:
    return create(practice.new_id(), replace(need.value, person=right, response=response, recorded_first_as=need.id))


def _needs_from(practice: Practice, held: Held[Movable]) -> tuple[tuple[Held[Need], ...], tuple[Held[Need], ...]]:
    """Needs that the assessment made and nobody touched since; and those that it touched or that were touched since."""
    if not isinstance(held.value, QuestionnaireResponse):
        return (), ()
    found = [each for each in practice.store.find(Need, person=held.value.person) if each.value.response == held.id]
    mine = tuple(each for each in found if _is_as_made(each, held))
    return mine, tuple(each for each in found if each not in mine)


def _is_as_made(need: Held[Need], response: Held[Any]) -> bool:
    """Whether the assessment made that need and nobody touched it since: all that one verb writes has one time."""
    made_with_it = abs(made_at(need.id) - made_at(response.id)) <= _ONE_VERB
    return made_with_it and need.changed_at == response.changed_at and not need.conflicts


def _papers_since(practice: Practice, person: UUID | None, since: datetime | None) -> tuple[Held[DocumentGiven], ...]:
    if person is None:
        return ()
    papers = papers_given(practice, person)
    return tuple(each for each in papers if since is None or (each.value.given_at or each.changed_at) >= since)
