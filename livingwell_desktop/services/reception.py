"""Reception's verbs: who is here, checking in, calling, and every way a visit ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.dates import clock_time, local
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Organisation, Staff
from livingwell_desktop.domain.people import CommunicationNeed, Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held, to_json
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit, VisitState
from livingwell_desktop.domain.waiting import Capacity, Wait, board_sentence, capacity, waiting
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.arriving import CheckedIn, arriving, booking_today, is_here, short, visit_today
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Write, edit

STATE_WORDS = {
    VisitState.WAITING: "waiting",
    VisitState.WITH_SOMEONE: "with someone",
    VisitState.DONE: "done",
    VisitState.DID_NOT_WAIT: "left without being seen",
}


def state_words(state: VisitState) -> str:
    """A visit's state in the middle of a sentence; one that only a newer program knows is shown as its code."""
    return STATE_WORDS.get(state) or str(state).replace("_", " ")


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
        sessions=tuple(_session_on_board(practice, held) for held in shown if not held.value.cancelled),
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
    wanted = {"sees": sees, "where": where, "reason": short("reason", reason)}
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
    outcome = short("outcome", outcome) or "Seen"
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
                outcome=short("outcome", why),
                follow_up=short("follow_up", follow_up),
            )
        ],
        forget=forget,
    )


def as_it_is_now(practice: Practice, visit: Held[Visit]) -> Held[Visit]:
    """The visit as this desk holds it now; as it was shown when it is gone."""
    practice.require(Act.SEE_BOARD, visit.value.person)
    return practice.store.get(Visit, visit.id) or visit


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


def _session_on_board(practice: Practice, session: Held[Session]) -> SessionOnBoard:
    """Places are counted over everybody: a place that is taken is taken, whoever has it."""
    visits = [state for (state,) in practice.store.values(Visit, "state", session=session.id)]
    mine = [state for (state,) in practice.store.values(Booking, "state", session=session.id)]
    here = sum(state != VisitState.DID_NOT_WAIT for state in visits)
    booked, waits = mine.count(BookingState.BOOKED), mine.count(BookingState.WAITING_LIST)
    return SessionOnBoard(session, capacity(session.value.places, here, booked, waits), here, booked, waits)


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


def _arrival(row: BoardRow) -> tuple[str, str]:
    return (row.visit.value.arrived_at.isoformat() if row.visit.value.arrived_at else "", row.visit.value.ticket)


def _ticket(row: BoardRow) -> str:
    return row.visit.value.ticket
