"""Booking places in drop-in sessions of every centre: free places, the waiting list, moving and cancelling."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from livingwell_desktop.domain.dates import local
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Centre
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit, VisitState
from livingwell_desktop.domain.waiting import Capacity, capacity
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Between, create, edit

WEEKS_AHEAD = 2

_OVER = (
    BookingState.ARRIVED,
    BookingState.CANCELLED_BY_PERSON,
    BookingState.CANCELLED_BY_SERVICE,
    BookingState.DID_NOT_ATTEND,
)


@dataclass(frozen=True, slots=True)
class ComingSession:
    """A session people can be booked into, with who is in it."""

    session: Held[Session]
    centre: Held[Centre] | None
    capacity: Capacity
    booked: tuple[tuple[Held[Booking], Held[Person] | None], ...]
    """Bookings in order of their time, then of being made, with the people."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a wish to book."""

    booking: UUID
    state: BookingState


@dataclass(frozen=True, slots=True)
class FreePlace:
    """A coming session as somebody looks for a place in it for one person."""

    session: Held[Session]
    centre: Held[Centre] | None
    capacity: Capacity
    mine: Held[Booking] | None
    """The place they have in it already, or on its waiting list."""
    clash: Held[Booking] | None
    """Another booking of theirs at the same time."""


def free_places(practice: Practice, person: UUID) -> tuple[FreePlace, ...]:
    """Every session of every centre that is not over, for two weeks, in order of time, as it stands for one person."""
    practice.look(Act.BOOK, person)
    now, today = local(practice.now()).time(), practice.today()
    own = [held for held in practice.store.find(Booking, person=person, newest_first=True) if is_open(held.value)]
    coming = [
        each
        for each in coming_sessions(practice)
        if each.session.value.on != today or (each.session.value.ends or time.max) > now
    ]
    coming.sort(key=lambda each: (each.session.value.on or date.max, each.session.value.starts or time.min))
    return tuple(
        FreePlace(
            each.session,
            each.centre,
            each.capacity,
            next((held for held in own if held.value.session == each.session.id), None),
            next((held for held in own if _overlaps(held.value, each.session)), None),
        )
        for each in coming
    )


def sessions_on(practice: Practice, day: date) -> tuple[ComingSession, ...]:
    """One day's sessions at every centre, this centre first, with the people booked in."""
    return coming_sessions(practice, day, day, with_people=True)


def coming_sessions(
    practice: Practice, first: date | None = None, last: date | None = None, *, with_people: bool = False
) -> tuple[ComingSession, ...]:
    """Sessions from today for two weeks (or the days given), this centre's first on each day."""
    practice.require(Act.SEE_BOARD)
    first = first or practice.today()
    last = last or first + timedelta(weeks=WEEKS_AHEAD)
    store = practice.store
    sessions = [held for held in store.find(Session, on=Between(first, last)) if not held.value.cancelled]
    centres = {held.id: held for held in store.find(Centre)}
    bookings: dict[UUID, list[Held[Booking]]] = {}
    for booking in store.find(Booking, on=Between(first, last)):
        if booking.value.session:
            bookings.setdefault(booking.value.session, []).append(booking)
    # Places are counted over everybody: a place that is taken is taken, whoever has it.
    visits = store.values(Visit, "session", "state", on=Between(first, last))
    here = Counter(session for session, state in visits if state != VisitState.DID_NOT_WAIT)
    kept = Counter(store.values(Booking, "session", "state", on=Between(first, last)))
    people = (
        store.get_many(Person, (each.value.person for held in bookings.values() for each in held))
        if with_people
        else {}
    )
    sessions.sort(key=lambda held: _when(practice, held))
    return tuple(
        _coming(
            held,
            centres,
            capacity(
                held.value.places,
                here[str(held.id)],
                kept[str(held.id), BookingState.BOOKED.value],
                kept[str(held.id), BookingState.WAITING_LIST.value],
            ),
            bookings.get(held.id, []),
            people,
        )
        for held in sessions
    )


def book(
    practice: Practice,
    person: UUID,
    session: UUID,
    *,
    at: time | None = None,
    reason: str = "",
    sees: UUID | None = None,
    where: str = "",
    waiting_list: bool = False,
    forget: UUID | None = None,
) -> Booked:
    """Book a place, or a place on the waiting list. `forget` is the draft of its reason.

    Raises Problem when the session is over or full, and when the person is booked into it already.
    """
    practice.require(Act.BOOK, person)
    held = practice.store.get(Session, session)
    if held is None or held.value.on is None or held.value.cancelled:
        raise Problem("This session is not there any more", "It was cancelled or moved.", "Choose another session.")
    if _is_over(practice, held.value.on, held.value.ends):
        raise Problem("This session is over", "Its time has passed.", "Choose a session that is still to come.")
    if practice.store.get(Person, person) is None:
        raise Problem("This person is not on this desk", "Their record has not arrived yet.", "Search for them again.")
    if any(is_open(each.value) for each in practice.store.find(Booking, person=person, session=session)):
        raise Problem(
            "This person is booked already", "They have a place in this session.", "Choose another session, or go back."
        )
    taken = _taken(practice, held)
    if taken.is_full and not waiting_list:
        raise Problem(
            "This session is full",
            f"All {held.value.places} places are taken.",
            "Choose the waiting list, or another session.",
        )
    state = BookingState.WAITING_LIST if waiting_list else BookingState.BOOKED
    booking = practice.new_id()
    value = Booking(
        person=person,
        session=session,
        centre=held.value.centre,
        on=held.value.on,
        at=at or held.value.starts,
        until=held.value.ends,
        reason=reason,
        sees=sees,
        where=where or held.value.where,
        state=state,
        made_at=practice.now(),
    )
    practice.write(Act.BOOK, [create(booking, value)], forget=forget)
    return Booked(booking, state)


def cancel(practice: Practice, booking: Held[Booking], *, by_person: bool = True) -> None:
    """Give a booked place back. The booking stays in the history."""
    practice.require(Act.BOOK, booking.value.person)
    _must_still_be(practice, booking, BookingState.BOOKED, BookingState.WAITING_LIST)
    state = BookingState.CANCELLED_BY_PERSON if by_person else BookingState.CANCELLED_BY_SERVICE
    practice.write(Act.BOOK, [edit(booking, state=state)])


def give_place(practice: Practice, booking: Held[Booking]) -> None:
    """Move somebody from the waiting list to a place. Raises Problem when no place has become free."""
    practice.require(Act.BOOK, booking.value.person)
    _must_still_be(practice, booking, BookingState.WAITING_LIST)
    session = practice.store.get(Session, booking.value.session)
    if session and _taken(practice, session).is_full:
        raise Problem(
            "This session is still full",
            f"All {session.value.places} places are taken.",
            "Cancel a booking first, or keep them on the waiting list.",
        )
    practice.write(Act.BOOK, [edit(booking, state=BookingState.BOOKED)])


def clash(practice: Practice, person: UUID, session: Held[Session]) -> Held[Booking] | None:
    """Another booking of the person at the same time. It is shown; it does not forbid."""
    practice.look(Act.BOOK, person)
    for held in practice.store.find(Booking, person=person, on=session.value.on):
        if is_open(held.value) and _overlaps(held.value, session):
            return held
    return None


def _overlaps(booking: Booking, session: Held[Session]) -> bool:
    if booking.session == session.id or booking.on != session.value.on:
        return False
    starts, ends = session.value.starts or time.min, session.value.ends or time.max
    return (booking.at or time.min) < ends and (booking.until or time.max) > starts


def booking_of(practice: Practice, booking: UUID) -> Held[Booking] | None:
    """A booking as this desk holds it now."""
    practice.look(Act.BOOK)
    return practice.store.get(Booking, booking)


def session_of(practice: Practice, booking: Held[Booking]) -> Held[Session] | None:
    """The session that a booking is a place in; None when this desk does not hold it."""
    practice.look(Act.BOOK, booking.value.person)
    return practice.store.get(Session, booking.value.session)


def next_booking(practice: Practice, person: UUID) -> Held[Booking] | None:
    """The person's next booked place that is not over yet."""
    practice.require(Act.SEE_DETAILS, person)
    coming = [
        held
        for held in practice.store.find(Booking, person=person, on=Between(practice.today()))
        if held.value.state is BookingState.BOOKED and not _is_over(practice, held.value.on, held.value.until)
    ]
    return min(coming, key=lambda held: (held.value.on, held.value.at or time.min, held.id), default=None)


def _is_over(practice: Practice, on: date | None, until: time | None) -> bool:
    here = local(practice.now())
    return on is not None and (on, until or time.max) <= (here.date(), here.time())


def is_open(booking: Booking) -> bool:
    """Whether a booking still stands for something to come. In a state that this version does not know, it does: better
    to show a place that was given back than to give it twice."""
    return booking.state not in _OVER


def _must_still_be(practice: Practice, shown: Held[Booking], *states: BookingState) -> None:
    """Refuse an act on a booking that somebody else has changed meanwhile."""
    held = practice.store.get(Booking, shown.id)
    if held is None or held.value.state not in states or held.value.state is not shown.value.state:
        who = alliance(practice).staff_name(held.changed_by) if held and held.changed_by else "Somebody"
        raise Problem("This booking has changed", f"{who} changed it a moment ago.", "Look at it again.")


def _taken(practice: Practice, session: Held[Session]) -> Capacity:
    visits = practice.store.values(Visit, "state", session=session.id)
    states = [state for (state,) in practice.store.values(Booking, "state", session=session.id)]
    return capacity(
        session.value.places,
        sum(state != VisitState.DID_NOT_WAIT for (state,) in visits),
        states.count(BookingState.BOOKED),
        states.count(BookingState.WAITING_LIST),
    )


def _coming(
    session: Held[Session],
    centres: dict[UUID, Held[Centre]],
    places: Capacity,
    bookings: list[Held[Booking]],
    people: Mapping[UUID, Held[Person]],
) -> ComingSession:
    ordered = sorted(bookings, key=lambda each: (each.value.at or time.min, str(each.value.made_at)))
    return ComingSession(
        session=session,
        centre=centres.get(session.value.centre) if session.value.centre else None,
        capacity=places,
        booked=tuple(
            (each, people.get(each.value.person) if each.value.person else None)
            for each in ordered
            if is_open(each.value) or each.value.state is BookingState.ARRIVED
        ),
    )


def _when(practice: Practice, session: Held[Session]) -> tuple[date, bool, time, str]:
    elsewhere = session.value.centre != practice.centre.id
    return (session.value.on or date.max, elsewhere, session.value.starts or time.min, session.value.title)
