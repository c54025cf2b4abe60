"""Reception's verbs: who is here, checking in, calling, and every way a visit ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.dates import clock_time, local
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.organisations import Organisation, Staff
from livingwell_desktop.domain.people import CommunicationNeed, Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held, to_json
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit, VisitState
from livingwell_desktop.domain.waiting import Capacity, Wait, board_sentence, capacity, ticket, waiting
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Write, create, edit

LONGEST_WORDS = 500
"""Characters in a reason, an outcome or what we do next: a few sentences, so that a row and a page can hold them."""

STATE_WORDS = {
    VisitState.WAITING: "waiting",
    VisitState.WITH_SOMEONE: "with someone",
    VisitState.DONE: "done",
    VisitState.DID_NOT_WAIT: "left without being seen",
}


_OVER = (VisitState.DONE, VisitState.DID_NOT_WAIT)


def state_words(state: VisitState) -> str:
    """A visit's state in the middle of a sentence; one that only a newer program knows is shown as its code."""
    return STATE_WORDS.get(state) or str(state).replace("_", " ")


def is_here(visit: Visit) -> bool:
    """Whether the person is at the centre now. In a state that this version does not know, they are: better to show
    somebody who has left than to lose somebody who waits."""
    return visit.state not in _OVER


@dataclass(frozen=True, slots=True)
class SessionOnBoard:
    """A drop-in session with its places."""

    session: Held[Session]
    capacity: Capacity
    here: int
    booked: int
    waiting_list: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One visit on the board, with everything its row shows."""

    visit: Held[Visit]
    person: Held[Person] | None
    """None for somebody who came without giving a name."""
    needs: tuple[Held[CommunicationNeed], ...]
    sees: Held[Staff] | None
    organisation: Held[Organisation] | None
    wait: Wait | None

    @property
    def name(self) -> str:
        """The person's name, or what to call somebody without one."""
        return self.person.value.name if self.person else "No name given"


@dataclass(frozen=True, slots=True)
class Board:
    """Today at this centre."""

    sessions: tuple[SessionOnBoard, ...]
    waiting: tuple[BoardRow, ...]
    with_someone: tuple[BoardRow, ...]
    done: tuple[BoardRow, ...]
    waiting_sentence: str
    free_rooms: tuple[str, ...]
    """Rooms where nobody is and that are kept for nobody who waits."""
    expected: tuple[Held[Booking], ...]
    """Booked for today and not here yet."""


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The outcome of a check-in: what to hand over."""

    visit: UUID
    ticket: str
    booking: UUID | None
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Who can see somebody, and where: what the sheets of the board offer."""

    staff: tuple[Held[Staff], ...]
    """Who works at this centre now, whoever is at this desk first."""
    free: tuple[str, ...]
    taken: tuple[str, ...]


def board(practice: Practice) -> Board:
    """Today's visits at this centre: who waits, who is with someone, who is done, and the sessions' places."""
    practice.require(Act.SEE_BOARD)
    store, today, now = practice.store, practice.today(), practice.now()
    visits = [held for held in store.find(Visit, on=today) if held.value.centre == practice.centre.id]
    sessions = [held for held in store.find(Session, on=today) if held.value.centre == practice.centre.id]
    bookings = store.find(Booking, on=today)
    everybody = alliance(practice)
    people = store.get_many(Person, (held.value.person for held in visits))
    rows = [_row(practice, held, people, everybody) for held in visits]
    waits = sorted((row for row in rows if row.visit.value.state is VisitState.WAITING), key=_arrival)
    seeing = sorted(
        (row for row in rows if is_here(row.visit.value) and row.visit.value.state is not VisitState.WAITING),
        key=_ticket,
    )
    done = sorted(
        (row for row in rows if not is_here(row.visit.value)),
        key=lambda row: row.visit.value.ended_at or now,
        reverse=True,
    )
    taken = {row.visit.value.where for row in (*seeing, *waits)}
    shown = sorted(sessions, key=lambda held: (held.value.starts or time(), held.value.title))
    mine = {held.id for held in sessions}
    return Board(
        sessions=tuple(_session_on_board(held, bookings, visits) for held in shown if not held.value.cancelled),
        waiting=tuple(waits),
        with_someone=tuple(seeing),
        done=tuple(done),
        waiting_sentence=board_sentence(
            [row.wait.minutes for row in waits if row.wait], sum(row.sees is None for row in waits)
        ),
        free_rooms=tuple(room.value.name for room in everybody.rooms if room.value.name not in taken),
        expected=tuple(
            sorted(
                (b for b in bookings if b.value.state is BookingState.BOOKED and b.value.session in mine),
                key=lambda held: held.value.at or time(),
            )
        ),
    )


def check_in(
    practice: Practice,
    person: UUID | None,
    *,
    reason: str = "",
    sees: UUID | None = None,
    session: UUID | None = None,
) -> CheckedIn:
    """Check a person in, with the booking they have for today if there is one: visit and booking in one act.

    Without a person it gives a ticket only. Raises Problem when the person is on the board already.
    """
    practice.require(Act.CHECK_IN, person)
    on_board = person and visit_today(practice, person)
    if on_board:
        raise Problem(
            "This person is already on the board",
            f"They have ticket {on_board.value.ticket}.",
            "Open their row on the board.",
        )
    booking = booking_today(practice, person) if person else None
    visit = arriving(practice, person, booking, reason, sees, session)
    writes = [visit]
    if booking:
        writes.append(edit(booking, state=BookingState.ARRIVED))
    practice.write(Act.CHECK_IN, writes)
    return CheckedIn(visit.record, str(visit.set["ticket"]), booking.id if booking else None, person)


def places(practice: Practice) -> Places:
    """Who works here and which rooms are free, for calling a person."""
    practice.require(Act.SEE_BOARD)
    everybody = alliance(practice)
    here = [held for held in everybody.staff.values() if held.value.active and held.value.centre == practice.centre.id]
    here.sort(key=lambda held: (held.id != practice.staff.id, held.value.name))
    visits = practice.store.find(Visit, on=practice.today())
    used = {
        held.value.where
        for held in visits
        if held.value.centre == practice.centre.id
        and is_here(held.value)
        and held.value.state is not VisitState.WAITING
    }
    rooms = [room.value.name for room in everybody.rooms]
    return Places(
        tuple(here), tuple(room for room in rooms if room not in used), tuple(room for room in rooms if room in used)
    )


def call(
    practice: Practice, visit: Held[Visit], *, where: str = "", sees: UUID | None = None, settles: Collection[str] = ()
) -> None:
    """Call a person: they are with someone now. Without a name given it is whoever calls.

    `settles` names fields in question of which every value in `visit` was shown: calling decides them.
    """
    practice.require(Act.CALL, visit.value.person)
    _must_still_be(practice, visit, VisitState.WAITING)
    practice.write(
        Act.CALL,
        [
            _deciding(
                practice,
                visit,
                settles,
                state=VisitState.WITH_SOMEONE,
                called_at=practice.now(),
                where=where or visit.value.where,
                sees=sees or visit.value.sees or practice.staff.id,
            )
        ],
    )


def change_who_or_where(
    practice: Practice,
    visit: Held[Visit],
    *,
    sees: UUID | None,
    where: str,
    reason: str,
    settles: Collection[str] = (),
) -> None:
    """Change who sees the person, where, or what they came for. `settles` as for `call`."""
    practice.require(Act.CALL, visit.value.person)
    _must_still_be(practice, visit, VisitState.WAITING, VisitState.WITH_SOMEONE)
    wanted = {"sees": sees, "where": where, "reason": _short("reason", reason)}
    practice.write(Act.CALL, [_deciding(practice, visit, settles, **wanted)])


def back_to_waiting(practice: Practice, visit: Held[Visit]) -> None:
    """Undo a call or an end that was a slip: the person waits again, since they came.

    Raises Problem when they came back meanwhile and are on the board with another ticket.
    """
    practice.require(Act.CALL, visit.value.person)
    _must_still_be(practice, visit, VisitState.WITH_SOMEONE, VisitState.DONE, VisitState.DID_NOT_WAIT)
    other = visit_today(practice, visit.value.person) if visit.value.person else None
    if other and other.id != visit.id:
        raise Problem(
            "This person is on the board already",
            f"They came back and have ticket {other.value.ticket}.",
            "Use that row.",
        )
    practice.write(
        Act.CALL, [edit(visit, state=VisitState.WAITING, called_at=None, ended_at=None, outcome="", follow_up="")]
    )


def done(
    practice: Practice,
    visit: Held[Visit],
    outcome: str = "Seen",
    *,
    settles: Collection[str] = (),
    forget: UUID | None = None,
) -> None:
    """The appointment is over. `settles` as for `call`; `forget` is the draft of its words."""
    practice.require(Act.END_VISIT, visit.value.person)
    _must_still_be(practice, visit, VisitState.WITH_SOMEONE)
    outcome = _short("outcome", outcome) or "Seen"
    ended = {"state": VisitState.DONE, "ended_at": practice.now(), "outcome": outcome}
    practice.write(Act.END_VISIT, [_deciding(practice, visit, settles, **ended)], forget=forget)


def left_without_being_seen(
    practice: Practice,
    visit: Held[Visit],
    why: str,
    follow_up: str,
    *,
    settles: Collection[str] = (),
    forget: UUID | None = None,
) -> None:
    """The person did not wait. Why, and what we do about it, is part of the record.

    `settles` as for `call`; `forget` is the draft of its words.
    """
    practice.require(Act.END_VISIT, visit.value.person)
    _must_still_be(practice, visit, VisitState.WAITING)
    practice.write(
        Act.END_VISIT,
        [
            _deciding(
                practice,
                visit,
                settles,
                state=VisitState.DID_NOT_WAIT,
                ended_at=practice.now(),
                outcome=_short("outcome", why),
                follow_up=_short("follow_up", follow_up),
            )
        ],
        forget=forget,
    )


def visit_today(practice: Practice, person: UUID) -> Held[Visit] | None:
    """The person's visit that is open at this centre today, if there is one."""
    practice.require(Act.SEE_DETAILS, person)
    for held in practice.store.find(Visit, person=person, on=practice.today(), newest_first=True):
        if held.value.centre == practice.centre.id and is_here(held.value):
            return held
    return None


def as_it_is_now(practice: Practice, visit: Held[Visit]) -> Held[Visit]:
    """The visit as this desk holds it now; as it was shown when it is gone."""
    practice.require(Act.SEE_BOARD, visit.value.person)
    return practice.store.get(Visit, visit.id) or visit


def booking_today(practice: Practice, person: UUID) -> Held[Booking] | None:
    """The booking the person has at this centre today and has not used."""
    practice.require(Act.SEE_DETAILS, person)
    for held in practice.store.find(Booking, person=person, on=practice.today(), newest_first=True):
        here = held.value.centre in (None, practice.centre.id)
        if held.value.state is BookingState.BOOKED and here:
            return held
    return None


def _row(practice: Practice, visit: Held[Visit], people: Mapping[UUID, Held[Person]], everybody: Alliance) -> BoardRow:
    person = people.get(visit.value.person) if visit.value.person else None
    needs = practice.store.find(CommunicationNeed, person=person.id) if person else ()
    sees = everybody.staff.get(visit.value.sees) if visit.value.sees else None
    since = visit.value.arrived_at
    is_waiting = visit.value.state is VisitState.WAITING and since is not None
    return BoardRow(
        visit=visit,
        person=person,
        needs=needs,
        sees=sees,
        organisation=everybody.organisation_of(visit.value.sees),
        wait=waiting(since, practice.now()) if is_waiting and since else None,
    )


def _session_on_board(
    session: Held[Session], bookings: tuple[Held[Booking], ...], visits: list[Held[Visit]]
) -> SessionOnBoard:
    mine = [held.value.state for held in bookings if held.value.session == session.id]
    here = sum(held.value.session == session.id for held in visits if held.value.state is not VisitState.DID_NOT_WAIT)
    booked, waits = mine.count(BookingState.BOOKED), mine.count(BookingState.WAITING_LIST)
    return SessionOnBoard(session, capacity(session.value.places, here, booked, waits), here, booked, waits)


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
    letters = practice.device.value.letter
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
    practice.require(Act.CHECK_IN, person)
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
        reason=_short("reason", reason) or (kept.reason if kept else ""),
        sees=sees or (kept.sees if kept else None),
        where=kept.where if kept else "",
    )
    return create(practice.new_id(), visit)


def _deciding(practice: Practice, visit: Held[Visit], settles: Collection[str], **fields: Any) -> Write:
    """An edit that also decides those fields in question; heads that came after `visit` was read stay in question."""
    made = edit(visit, **fields)
    decided = [name for name in fields if name in settles and name in visit.conflicts]
    if not decided:
        return made
    practice.require(Act.SETTLE, visit.value.person)
    return replace(
        made,
        set={**made.set, **{name: to_json(fields[name]) for name in decided}},
        settles={name: frozenset(each.change for each in visit.conflicts[name]) for name in decided},
    )


def _must_still_be(practice: Practice, shown: Held[Visit], *states: VisitState) -> None:
    """Refuse an act on a row that somebody else has moved on meanwhile, and say who did."""
    held = practice.store.get(Visit, shown.id)
    if held and held.value.state in states and held.value.state is shown.value.state:
        return
    what = "It is not on this desk any more."
    if held:
        who = alliance(practice).staff_name(held.changed_by) if held.changed_by else "Somebody"
        at = clock_time(local(held.changed_at).time())
        what = f"{who} changed it at {at}. It is now: {state_words(held.value.state)}."
    raise Problem("This visit has moved on", what, "The board shows how it stands now.")


def _short(field: str, typed: str) -> str:
    """Typed words without spaces around them. Raises Problem when they are longer than a row or a page can hold."""
    words = typed.strip()
    if len(words) > LONGEST_WORDS:
        raise field_problem(
            field, f"This has {len(words):,} characters.", f"Shorten it to {LONGEST_WORDS} characters or fewer."
        )
    return words


def _arrival(row: BoardRow) -> tuple[str, str]:
    return (row.visit.value.arrived_at.isoformat() if row.visit.value.arrived_at else "", row.visit.value.ticket)


def _ticket(row: BoardRow) -> str:
    return row.visit.value.ticket
