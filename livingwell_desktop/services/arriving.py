"""Somebody arrives: which booking they have, which ticket they get, and the visit that begins."""

from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.dates import local
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit, VisitState
from livingwell_desktop.domain.waiting import ticket
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Write, create

_OVER = (VisitState.DONE, VisitState.DID_NOT_WAIT)
LONGEST_WORDS = 500
"""Characters in a reason, an outcome or what we do next: a few sentences, so that a row and a page can hold them."""


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The outcome of a check-in: what to hand over."""

    visit: UUID
    ticket: str
    booking: UUID | None
    person: UUID | None = None


def visit_today(practice: Practice, person: UUID) -> Held[Visit] | None:
    """The person's visit that is open at this centre today, if there is one."""
    practice.require(Act.SEE_DETAILS, person)
    for held in practice.store.find(Visit, person=person, on=practice.today(), newest_first=True):
        if held.value.centre == practice.centre.id and is_here(held.value):
            return held
    return None


def booking_today(practice: Practice, person: UUID) -> Held[Booking] | None:
    """The booking the person has at this centre today and has not used."""
    practice.require(Act.SEE_DETAILS, person)
    for held in practice.store.find(Booking, person=person, on=practice.today(), newest_first=True):
        here = held.value.centre in (None, practice.centre.id)
        if held.value.state is BookingState.BOOKED and here:
            return held
    return None


def _session_now(practice: Practice) -> UUID | None:
    """The drop-in that a walk-in joins: the first of this centre that is not over today, the open one first."""
    at = local(practice.now()).time()
    today = [
        held
        for held in practice.store.find(Session, on=practice.today())
        if held.value.centre == practice.centre.id and not held.value.cancelled and (held.value.ends or at) >= at
    ]
    today.sort(key=lambda held: (-held.value.places, held.value.starts or at))
    return today[0].id if today else None


def _next_ticket(practice: Practice) -> str:
    """This desk's letters and its next number today. Only this desk has these letters, so no two tickets are alike.

    Raises Problem on a desk that was given no letter: a made-up one could be another desk's.
    """
    # Found to be a copy while it is open, a desk has a new name and letter.
    here = practice.store.get(Device, practice.whole.signer.device) or practice.device
    letters = here.value.letter
    if not letters:
        raise Problem(
            "This desk has no ticket letter",
            "The server gives each desk its own, so that no two people hold the same ticket.",
            "Check the person in at another desk, and ring IT support.",
        )
    today = practice.store.values(Visit, "ticket", on=practice.today())
    given = [int(number.removeprefix(letters)) for (number,) in today if _is_of(number, letters)]
    return ticket(letters, max(given, default=0) + 1)


def _is_of(number: str, letters: str) -> bool:
    return number.startswith(letters) and number.removeprefix(letters).isdecimal()


def arriving(
    practice: Practice,
    person: UUID | None,
    booking: Held[Booking] | None,
    reason: str,
    sees: UUID | None,
    session: UUID | None,
) -> Write:
    """The visit of somebody who stands at the desk now."""
    practice.look(Act.CHECK_IN, person)
    kept = booking.value if booking else None
    visit = Visit(
        person=person,
        centre=practice.centre.id,
        on=practice.today(),
        session=kept.session if kept else session or _session_now(practice),
        booking=booking.id if booking else None,
        booked_for=kept.at if kept else None,
        ticket=_next_ticket(practice),
        arrived_at=practice.now(),
        reason=short("reason", reason) or (kept.reason if kept else ""),
        sees=sees or (kept.sees if kept else None),
        where=kept.where if kept else "",
    )
    return create(practice.new_id(), visit)


def short(field: str, typed: str) -> str:
    """Typed words without spaces around them. Raises Problem when they are longer than a row or a page can hold."""
    words = typed.strip()
    if len(words) > LONGEST_WORDS:
        raise field_problem(
            field, f"This has {len(words):,} characters.", f"Shorten it to {LONGEST_WORDS} characters or fewer."
        )
    return words


def is_here(visit: Visit) -> bool:
    """Whether the person is at the centre now. In a state that this version does not know, they are: better to show
    somebody who has left than to lose somebody who waits."""
    return visit.state not in _OVER
