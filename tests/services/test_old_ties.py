"""The alert on openings without a tie judges as of each look, and does not count what the looker made alone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from livingwell_desktop.domain.audit.old_ties import LOOKED_UP_FIRST
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.plans import Action
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.services import watching
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, create, edit
from tests.conftest import StillClock
from tests.services.test_own_record import STRANGER, look_at, maya, officer, stranger

__all__ = ["maya", "officer"]

COLLEAGUE = UUID(int=0xF7)


def wrote(practice: Practice, value: object, by: UUID | None) -> UUID:
    record = practice.new_id()
    practice.whole.write([create(record, value)], [], Author(by, practice.centre.id, "t"))
    return record


def changed(practice: Practice, kind: type[Any], record: UUID, by: UUID, **fields: object) -> None:
    held: Held[Any] | None = practice.whole.get(kind, record)
    assert held is not None
    practice.whole.write([edit(held, **fields)], [], Author(by, practice.centre.id, "t"))


def told(practice: Practice) -> int:
    return len(watching.look_over(practice.whole, practice.centre.id, practice.now()))


def of_maya(practice: Practice) -> list[object]:
    """What would bind Maya to somebody: a visit and a booking at her centre, an action that is hers."""
    here, me = practice.centre.id, practice.staff.id
    return [
        Visit(person=STRANGER, centre=here),
        Visit(person=STRANGER, centre=UUID(int=0xC7), sees=me),
        Booking(person=STRANGER, centre=here),
        Action(person=STRANGER, what="Ring", owner_staff=me),
    ]


@pytest.mark.parametrize("at", range(4), ids=["visit here", "sees them", "booking here", "on the plan"])
def test_a_tie_counts_when_a_colleague_made_it_and_not_when_the_looker_did(
    maya: Practice, clock: StillClock, at: int
) -> None:
    stranger(maya)
    wrote(maya, of_maya(maya)[at], maya.staff.id)
    look_at(maya, STRANGER, clock, 4)
    assert told(maya) == 1


@pytest.mark.parametrize("at", range(4), ids=["visit here", "sees them", "booking here", "on the plan"])
def test_a_colleagues_tie_counts(maya: Practice, clock: StillClock, at: int) -> None:
    stranger(maya)
    wrote(maya, of_maya(maya)[at], COLLEAGUE)
    look_at(maya, STRANGER, clock, 4)
    assert told(maya) == 0


def test_a_visit_that_a_colleague_took_up_was_a_real_one(maya: Practice, clock: StillClock) -> None:
    stranger(maya)
    visit = wrote(maya, of_maya(maya)[0], maya.staff.id)
    look_at(maya, STRANGER, clock, 4)
    changed(maya, Visit, visit, COLLEAGUE, where="Room 3")
    assert told(maya) == 0


def test_a_tie_that_came_afterwards_does_not_cover_earlier_looks(maya: Practice, clock: StillClock) -> None:
    stranger(maya)
    look_at(maya, STRANGER, clock, 4)
    clock.pass_(hours=LOOKED_UP_FIRST.total_seconds() / 3600)
    wrote(maya, of_maya(maya)[0], COLLEAGUE)
    assert told(maya) == 1


def test_who_walks_in_is_looked_up_first(maya: Practice, clock: StillClock) -> None:
    stranger(maya)
    look_at(maya, STRANGER, clock, 2)
    clock.at -= timedelta(hours=2)
    clock.pass_(minutes=20)
    wrote(maya, of_maya(maya)[0], COLLEAGUE)
    clock.pass_(minutes=30)
    look_at(maya, STRANGER, clock, 2)
    assert told(maya) == 0, "of four looks one was without a tie"


def test_a_tie_that_ended_since_covers_the_looks_before(maya: Practice, clock: StillClock) -> None:
    stranger(maya)
    action = wrote(maya, of_maya(maya)[3], COLLEAGUE)
    look_at(maya, STRANGER, clock, 4)
    changed(maya, Action, action, COLLEAGUE, owner_staff=COLLEAGUE)
    assert told(maya) == 0
    clock.pass_(hours=2)
    look_at(maya, STRANGER, clock, 4)
    assert told(maya) == 1


def test_nobody_makes_themselves_key_worker_to_look(maya: Practice, clock: StillClock) -> None:
    stranger(maya)
    changed(maya, Person, STRANGER, maya.staff.id, key_worker=maya.staff.id)
    look_at(maya, STRANGER, clock, 4)
    assert told(maya) == 1


def test_a_key_worker_whom_a_colleague_chose_looks_from_then_on(maya: Practice, clock: StillClock) -> None:
    stranger(maya)
    changed(maya, Person, STRANGER, COLLEAGUE, key_worker=maya.staff.id)
    look_at(maya, STRANGER, clock, 4)
    assert told(maya) == 0


def test_nobody_is_told_of_whom_nobody_else_knows_yet(maya: Practice, clock: StillClock) -> None:
    wrote(maya, Person(given_name="Ana"), maya.staff.id)
    person = wrote(maya, Person(given_name="Bea"), COLLEAGUE)
    look_at(maya, person, clock, 4)
    assert told(maya) == 0
    changed(maya, Person, person, maya.staff.id, key_worker=maya.staff.id)
    assert told(maya) == 1, "a key worker by their own word, of somebody whom a colleague registered"
