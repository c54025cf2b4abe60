"""Today at Centre A, as picture 01 shows it at 10:43am: who waits, is with someone, is done, is expected."""

from datetime import time, timedelta
from typing import NamedTuple
from uuid import UUID

from installer.demo.making import Making
from installer.demo.people import Folk
from installer.demo.pictured import JO, LEO, MAYA, PRIYA, TUNDE
from installer.demo.staff import Workplace
from installer.demo.stories import REASONS
from installer.demo.weeks import ADVICE, OPEN_DROP_IN, TALKING_SPACE, Timetable
from livingwell_desktop.domain.sessions import Booking, BookingState, Visit, VisitState

Clock = tuple[int, int]


class _Coming(NamedTuple):
    """One row of the picture. Times are of the picture's morning."""

    ticket: str
    name: str
    reason: str
    sees: str
    where: str
    arrived: Clock
    booked: Clock | None = None
    called: Clock | None = None
    ended: Clock | None = None
    in_drop_in: bool = True


_BOARD = (
    # The first four had appointments before the doors opened, so they take no place in the drop-in.
    _Coming("A01", "Bisi Akande", "Medication letter", MAYA, "Room 2", (8, 52), (9, 0), (8, 58), (9, 31), False),
    _Coming("A02", "Colin Draycott", "Rent arrears", TUNDE, "Room 4", (8, 57), (9, 0), (9, 2), (9, 40), False),
    _Coming("A03", "Leila Farahani", "First visit", PRIYA, "Room 1", (9, 5), None, (9, 10), (9, 52), False),
    _Coming("A04", "Wesley Bogle", "Help with a phone call", JO, "Hub table 1", (9, 12), None, (9, 20), (9, 44), False),
    _Coming("A05", "Theo Marchetti", "Looking for work", PRIYA, "Room 1", (9, 21), (9, 30), (9, 54), (10, 26)),
    _Coming("A06", "Samuel Osei-Bonsu", "Talking about work", PRIYA, "Room 1", (9, 27), (9, 30), (10, 31)),
    _Coming("A07", "Halina Wójcik", "Joint care plan", MAYA, "Room 3", (9, 38), (10, 0), (10, 4)),
    _Coming("A08", "Marcus Teale", "Rent arrears", JO, "Hub table 2", (9, 44), None, (10, 22)),
    _Coming("A09", "Yusuf Abdi Warsame", "Eviction notice, needs advice", TUNDE, "", (9, 51)),
    _Coming("A10", "Grace Adomako", "Health check", LEO, "Clinic", (10, 8), (10, 15), (10, 20)),
    _Coming("A11", "Ngozi Okafor", "Review of plan", MAYA, "Room 2", (10, 16), (10, 15)),
    _Coming("A12", "Ines Carvalho", "Not sleeping, sister is here", "", "", (10, 19)),
    _Coming("A13", "Delroy Pinnock", "Medication letter", MAYA, "", (10, 28)),
    _Coming("A14", "Kit Farrow", "First visit, wants to talk", "", "", (10, 36)),
    _Coming("A15", "Amira Haddad", "Help with a benefits form", JO, "Hub table 4", (10, 41), (10, 45)),
)
_EXPECTED = ((OPEN_DROP_IN, 4, 0), (ADVICE, 6, 2), (TALKING_SPACE, 3, 0))
"""Session, places booked by people who are not here yet, people on the waiting list."""


def add_board(making: Making, work: Workplace, folk: Folk, timetable: Timetable) -> None:
    """Add today's visits and bookings at Centre A."""
    for row in _BOARD:
        _add_row(making, work, folk, timetable, row)
    here = [person for person in folk.others if folk.centre_of[person] == 0]
    people = iter(making.chance.sample(here, sum(booked + waiting for _, booked, waiting in _EXPECTED)))
    for title, booked, waiting in _EXPECTED:
        starts = timetable.starts(title) + (title == OPEN_DROP_IN)
        for place in range(booked + waiting):
            state = BookingState.BOOKED if place < booked else BookingState.WAITING_LIST
            person, at = next(people), time(starts + place // 4, place % 4 * 15)
            _book(making, work, timetable, person, title, at, making.chance.choice(REASONS), state)


def _add_row(making: Making, work: Workplace, folk: Folk, timetable: Timetable, row: _Coming) -> None:
    person, arrived = folk.pictured[row.name], making.this_morning(*row.arrived)
    sees = work.staff[row.sees] if row.sees else None
    booking, booked_for = None, making.booked_time(*row.booked) if row.booked else None
    if booked_for:
        title = OPEN_DROP_IN if row.in_drop_in else ""
        booking = _book(
            making, work, timetable, person, title, booked_for, row.reason, BookingState.ARRIVED, sees, row.where
        )
    here = VisitState.WITH_SOMEONE if row.called else VisitState.WAITING
    visit = Visit(
        person=person,
        centre=work.centres[0],
        on=making.today,
        session=timetable.sessions[making.today, 0, OPEN_DROP_IN] if row.in_drop_in else None,
        booking=booking,
        booked_for=booked_for,
        ticket=row.ticket,
        arrived_at=arrived,
        reason=row.reason,
        sees=sees,
        where=row.where,
        state=VisitState.DONE if row.ended else here,
        called_at=making.this_morning(*row.called) if row.called else None,
        ended_at=making.this_morning(*row.ended) if row.ended else None,
        outcome="Seen" if row.ended else "",
    )
    making.add(visit, arrived, work.receptions[0], work.centres[0])


def _book(
    making: Making,
    work: Workplace,
    timetable: Timetable,
    person: UUID,
    title: str,
    at: time,
    reason: str,
    state: BookingState,
    sees: UUID | None = None,
    where: str = "",
) -> UUID:
    made_at = making.this_morning(15, 0) - timedelta(days=making.chance.randint(2, 9))
    booking = Booking(
        person=person,
        session=timetable.sessions[making.today, 0, title] if title else None,
        centre=work.centres[0],
        on=making.today,
        at=at,
        reason=reason,
        sees=sees,
        where=where,
        state=state,
        made_at=made_at,
    )
    return making.add(booking, made_at, work.receptions[0], work.centres[0])
