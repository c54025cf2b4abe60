"""Ten past weeks of drop-ins and how they went, today's sessions, and two weeks that are booked ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from installer.demo.making import Making
from installer.demo.people import Folk
from installer.demo.staff import Workplace
from installer.demo.stories import FOLLOW_UPS, LEFT, OUTCOMES, REASONS
from livingwell_desktop.domain.dates import instant
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit, VisitState
from livingwell_desktop.domain.waiting import ticket

OPEN_DROP_IN, ADVICE, TALKING_SPACE = "Open drop-in", "Housing and money advice", "Talking space"
WEEKS_BACK, WEEKS_AHEAD = 10, 2
_TIMETABLE = ((OPEN_DROP_IN, 10, 13, 24), (ADVICE, 11, 13, 6), (TALKING_SPACE, 14, 16, 12))
_WHERE = ("Room 1", "Room 2", "Room 3", "Room 4", "Hub table 1", "Hub table 2", "Hub table 3", "Hub table 4")
_LETTERS = "ADG"
"""The ticket letters of the first reception desk of each centre."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The sessions by day, centre (its place in the list of centres) and name."""

    sessions: dict[tuple[date, int, str], UUID]

    def starts(self, title: str) -> int:
        """The hour at which sessions of that name start."""
        return next(starts for name, starts, _, _ in _TIMETABLE if name == title)


def add_weeks(making: Making, work: Workplace, folk: Folk) -> Timetable:
    """Add sessions, and what happened in them. Today at Centre A is left to the board."""
    timetable = Timetable({})
    for day in _days(making.today):
        for centre in range(len(work.centres)):
            for title, starts, ends, places in _TIMETABLE:
                session = Session(
                    centre=work.centres[centre], title=title, on=day, starts=time(starts), ends=time(ends),
                    places=places, where="Hub" if title == OPEN_DROP_IN else "",
                )  # fmt: skip
                at = instant(day - timedelta(weeks=12), time(9))
                record = making.add(session, at, work.staff["Sunita Marsh"], work.centres[centre])
                timetable.sessions[day, centre, title] = record
    for day in _days(making.today):
        for centre in range(len(work.centres)):
            if day < making.today:
                _past_day(making, work, folk, timetable, day, centre)
            elif day > making.today or centre:
                _coming_day(making, work, folk, timetable, day, centre)
    for centre in (1, 2):
        _waiting_now(making, work, folk, timetable, centre)
    _earlier_visits(making, work, folk)
    return timetable


def _days(today: date) -> Iterator[date]:
    """Mondays to Fridays; and today, whatever day it is, so that the demo always has something to show."""
    for distance in range(-7 * WEEKS_BACK, 7 * WEEKS_AHEAD + 1):
        day = today + timedelta(days=distance)
        if day.weekday() < 5 or day == today:
            yield day


def _past_day(making: Making, work: Workplace, folk: Folk, timetable: Timetable, day: date, centre: int) -> None:
    chance = making.chance
    people = _some(making, folk, centre, chance.randint(9, 15))
    for number, person in enumerate(people, 1):
        title = chance.choices((OPEN_DROP_IN, ADVICE, TALKING_SPACE), (6, 2, 2))[0]
        session = timetable.sessions[day, centre, title]
        minutes = chance.randrange(100)
        arrived = instant(day, time(timetable.starts(title))) + timedelta(minutes=minutes)
        sees, reason = chance.choice(work.workers[centre]), chance.choice(REASONS)
        booked_for, booking = None, None
        if chance.random() < 0.45:
            booked_for = time(timetable.starts(title) + minutes // 60, minutes % 60 // 15 * 15)
            came = chance.random() < 0.85
            missed = chance.choice((BookingState.DID_NOT_ATTEND, BookingState.CANCELLED_BY_PERSON))
            state = BookingState.ARRIVED if came else missed
            booking = _book(making, work, folk, person, session, day, booked_for, reason, state)
            if not came:
                continue
        left = chance.random() < 0.06
        called = arrived + timedelta(minutes=chance.randint(2, 35))
        visit = Visit(
            person=person,
            centre=work.centres[centre],
            on=day,
            session=session,
            booking=booking,
            booked_for=booked_for,
            ticket=ticket(_LETTERS[centre], number),
            arrived_at=arrived,
            reason=reason,
            sees=None if left else sees,
            where="" if left else chance.choice(_WHERE),
            state=VisitState.DID_NOT_WAIT if left else VisitState.DONE,
            called_at=None if left else called,
            ended_at=called + timedelta(minutes=0 if left else chance.randint(10, 50)),
            outcome=chance.choice(LEFT if left else OUTCOMES),
            follow_up=chance.choice(FOLLOW_UPS) if left else "",
        )
        making.add(visit, arrived, work.receptions[centre], work.centres[centre])


def _coming_day(making: Making, work: Workplace, folk: Folk, timetable: Timetable, day: date, centre: int) -> None:
    chance = making.chance
    people = iter(_some(making, folk, centre, 24))
    for title, most in ((OPEN_DROP_IN, 9), (ADVICE, 6), (TALKING_SPACE, 5)):
        # The nearer the day, the fuller; advice tomorrow is full and has a waiting list.
        distance = (day - making.today).days
        booked = min(most, chance.randint(0, max(1, most - distance // 3)) + (most if distance <= 1 else 0))
        waiting = 2 if title == ADVICE and booked == most else 0
        for place in range(booked + waiting):
            state = BookingState.BOOKED if place < booked else BookingState.WAITING_LIST
            at = time(timetable.starts(title) + place // 4, place % 4 * 15)
            session = timetable.sessions[day, centre, title]
            _book(making, work, folk, next(people), session, day, at, chance.choice(REASONS), state)


def _book(
    making: Making,
    work: Workplace,
    folk: Folk,
    person: UUID,
    session: UUID,
    day: date,
    at: time,
    reason: str,
    state: BookingState,
) -> UUID:
    centre = folk.centre_of[person]
    made_at = instant(min(day, making.today) - timedelta(days=making.chance.randint(1, 12)), time(15))
    worker = folk.key_workers.get(person)
    booking = Booking(
        person=person,
        session=session,
        centre=work.centres[centre],
        on=day,
        at=at,
        until=time(at.hour + (at.minute + 50) // 60, (at.minute + 50) % 60),
        reason=reason,
        sees=worker if making.chance.random() < 0.6 else None,
        state=state,
        made_at=made_at,
    )
    return making.add(booking, made_at, work.receptions[centre], work.centres[centre])


def _waiting_now(making: Making, work: Workplace, folk: Folk, timetable: Timetable, centre: int) -> None:
    """A few people on today's board of the other centres."""
    for number, person in enumerate(_some(making, folk, centre, 4), 1):
        arrived = making.this_morning(10, 6 * number)
        visit = Visit(
            person=person,
            centre=work.centres[centre],
            on=making.today,
            session=timetable.sessions[making.today, centre, OPEN_DROP_IN],
            ticket=ticket(_LETTERS[centre], number),
            arrived_at=arrived,
            reason=making.chance.choice(REASONS),
            sees=folk.key_workers.get(person),
        )
        making.add(visit, arrived, work.receptions[centre], work.centres[centre])


def _earlier_visits(making: Making, work: Workplace, folk: Folk) -> None:
    """When the people who look alike were last here, which helps to tell them apart."""
    for name, (day, month, year) in {
        "Amara Okeke 1": (2, 11, 2026),
        "Amara Okeke 2": (5, 11, 2024),
        "Amarachi Okoro": (19, 11, 2026),
    }.items():
        person = folk.pictured[name]
        arrived = making.at(day, month, 11, 5, year)
        visit = Visit(
            person=person,
            centre=work.centres[0],
            on=making.day(day, month, year),
            ticket="B07",
            arrived_at=arrived,
            reason="Wants to talk",
            sees=folk.key_workers[person],
            where="Room 1",
            state=VisitState.DONE,
            called_at=arrived + timedelta(minutes=9),
            ended_at=arrived + timedelta(minutes=41),
            outcome="Seen",
        )
        making.add(visit, arrived, work.receptions[0], work.centres[0])


def _some(making: Making, folk: Folk, centre: int, count: int) -> list[UUID]:
    """People who come to that centre, each once."""
    return making.chance.sample([person for person in folk.others if folk.centre_of[person] == centre], count)
