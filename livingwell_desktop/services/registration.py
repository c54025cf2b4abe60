"""Registering somebody who stands at the desk: kept while it is typed, then saved and checked in as one act."""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.people import CommunicationNeed, NeedArranged, Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Json
from livingwell_desktop.services.arriving import CheckedIn, arriving
from livingwell_desktop.services.drafts import Drafts
from livingwell_desktop.services.people import checked
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft, create

REGISTRATION = "registration"
"""The kind of draft that an interrupted registration is kept as, under the desk's id."""


def register_and_check_in(
    practice: Practice, person: Person, *, reason: str = "", sees: UUID | None = None, forget: UUID | None = None
) -> CheckedIn:
    """Register a new person and check them in, in one act: no half of it is ever left behind.

    `forget` is the draft it was, so that a power cut never leaves both, and nobody is registered twice. Somebody who
    needs an interpreter has that on the board from the first minute. Raises Problem naming every field that needs
    mending; nothing is saved then.
    """
    practice.require(Act.REGISTER)
    practice.require(Act.CHECK_IN)
    person = checked(person)
    record = practice.new_id()
    visit = arriving(practice, record, None, reason, sees, None)
    writes = [create(record, person), visit]
    if person.interpreter_needed:
        need = CommunicationNeed(
            person=record,
            category="communication_professional",
            words=person.language or "Interpreter",
            icon="chat",
            arranged=NeedArranged.NONE_BOOKED,
        )
        writes.append(create(practice.new_id(), need))
    practice.write(Act.REGISTER, writes, forget=forget)
    return CheckedIn(visit.record, str(visit.set["ticket"]), None, record)


def keep_registration(practice: Practice, draft: UUID, typed: Mapping[str, Json]) -> None:
    """Keep what was typed of a registration that is not finished. It is on disk when this returns."""
    practice.require(Act.REGISTER)
    practice.store.save_draft(
        Draft(draft, practice.staff.id, REGISTRATION, practice.device.id, typed, (), practice.now())
    )


def unfinished_registration(practice: Practice) -> Draft | None:
    """The newest registration that somebody began at this desk, or this member of staff at another."""
    practice.require(Act.REGISTER)
    here = next(iter(practice.store.drafts_about(practice.device.id, REGISTRATION)), None)
    return here or next(iter(Drafts(practice).all_mine(REGISTRATION)), None)


def go_on(practice: Practice, draft: Draft) -> Draft:
    """Take up a registration that was begun at another desk, with all that is known of it by now."""
    practice.require(Act.REGISTER)
    return Drafts(practice).take_up(draft).draft


def drop_registration(practice: Practice, draft: UUID) -> None:
    """Forget what was typed: it became a record, or nobody wants it."""
    practice.require(Act.REGISTER)
    Drafts(practice).drop(Act.REGISTER, draft)
