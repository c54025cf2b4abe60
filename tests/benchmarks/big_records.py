"""Ten years of a large centre as records, in the order they were made, the same every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from installer.demo.names import draw_name
from installer.demo.numbers import draw_phone, new_id, nhs_test_numbers
from installer.demo.places import draw_address
from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.contact_details import parse_phone
from livingwell_desktop.domain.dates import instant
from livingwell_desktop.domain.notes import Note
from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Role, Staff
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.sessions import Booking, BookingState, Session, Visit, VisitState

SEED = 20261123
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)
AREAS = (
    "mental_health", "physical_health", "job_situation", "accommodation", "leisure_activities", "partner_family",
    "friendships", "personal_safety", "medication", "practical_help", "meetings",
)  # fmt: skip
SESSIONS = (("Open drop-in", 10, 13), ("Housing and money advice", 11, 13), ("Talking space", 14, 16))
REASONS = ("Review of plan", "Help with a form", "Wants to talk", "Medication letter", "Rent arrears", "Not sleeping")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made. The defaults are the design targets of the project (ten years, one desk)."""

    people: int = 30_000
    bookings: int = 500_000
    assessments: int = 200_000
    visits: int = 60_000
    contacts_of_one: int = 1_000
    """Visits, bookings and notes of the one person who is known best."""
    days: int = 2_600
    """Working days, the last of them today."""


@dataclass(frozen=True, slots=True)
class Made:
    """A record with when and by whom it was made."""

    id: UUID
    value: Any
    at: datetime
    staff: UUID | None


class BigAlliance:
    """Everything the bench store holds. `busiest` is the person with a thousand contacts."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._chance = Random(SEED)
        self._days = _working_days(size.days)
        self._start = _at(self._days[0] - timedelta(days=7), time(9))
        self._centres = tuple(self._id(self._start) for _ in range(3))
        self._organisation = self._id(self._start)
        self._staff = tuple(self._id(self._start) for _ in range(40))
        self.receptionist, self.key_worker = self._staff[:2]
        self.centre, self.device = self._centres[0], self._id(self._start)
        self.people = tuple(self._id(self._start + timedelta(seconds=n)) for n in range(size.people))
        self.busiest = self.people[size.people // 2]

    def records(self) -> Iterator[Made]:
        """Every record, oldest first."""
        yield from self._alliance()
        yield from self._persons()
        done = 0
        for place, day in enumerate(self._days, 1):
            sessions = [self._made(session, day, time(8)) for session in self._sessions(day)]
            yield from sessions
            share = place / len(self._days)
            yield from self._day(day, [made.id for made in sessions], share, done)
            done = place

    def records_of_people(self) -> Iterator[Made]:
        """The people alone, as `records` makes them. Call it on an alliance that has made nothing yet."""
        tuple(self._alliance())
        yield from self._persons()

    def _alliance(self) -> Iterator[Made]:
        def made(record: UUID, value: Any) -> Made:
            return Made(record, value, self._start, None)

        yield made(self._organisation, Organisation(name="Certitude", short_name="Certitude", letters="Ce"))
        for letter, centre in zip("ABC", self._centres, strict=True):
            yield made(centre, Centre(name=f"Centre {letter}"))
        yield made(self.device, Device(name="Reception desk 1", centre=self.centre, letter="A"))
        for number, staff in enumerate(self._staff):
            called = draw_name(self._chance)
            role = Role.RECEPTION if number == 0 else Role.KEY_WORKER
            yield made(
                staff,
                Staff(
                    given_name=called.given,
                    family_name=called.family,
                    role=role,
                    organisation=self._organisation,
                    centre=self._centres[number % 3],
                ),
            )

    def _persons(self) -> Iterator[Made]:
        numbers = nhs_test_numbers(104_729, 7_919)
        for place, person in enumerate(self.people):
            called, phone = draw_name(self._chance), draw_phone(self._chance)
            address, postcode = draw_address(self._chance)
            yield Made(
                person,
                Person(
                    given_name=called.given,
                    family_name=called.family,
                    other_names=called.other_names,
                    pronouns=called.pronouns,
                    language=called.language,
                    born=date(1936, 1, 1) + timedelta(days=self._chance.randrange(72 * 365)),
                    nhs_number=next(numbers) if self._chance.random() < 0.8 else "",
                    nhs_number_status="02",
                    local_number=f"LW{place + 1:05}",
                    address=address,
                    postcode=postcode,
                    phone=phone,
                    phone_e164=parse_phone(phone).e164,
                    key_worker=self._chance.choice(self._staff[1:]) if self._chance.random() < 0.3 else None,
                ),
                self._start + timedelta(seconds=place),
                self.receptionist,
            )

    def _sessions(self, day: date) -> Iterator[Session]:
        for centre in self._centres:
            for title, starts, ends in SESSIONS:
                yield Session(centre=centre, title=title, on=day, starts=time(starts), ends=time(ends), places=24)

    def _day(self, day: date, sessions: list[UUID], share: float, before: int) -> Iterator[Made]:
        """One day's part of everything that is counted: what is due by now and was not made on the days before."""
        size, earlier = self.size, before / len(self._days)

        def due(total: int) -> range:
            return range(int(total * earlier), int(total * share))

        own = size.contacts_of_one
        for n in due(size.bookings):
            # The busiest person's contacts are spread over all the years, as they would be.
            person = self.busiest if n % (size.bookings // (own * 2 // 5)) == 0 else self._somebody()
            yield self._made(self._booking(day, person, sessions), day, time(9))
        for n in due(size.visits):
            person = self.busiest if n % (size.visits // (own * 2 // 5)) == 0 else self._somebody()
            yield self._made(self._visit(day, person, sessions), day, time(10, n % 60))
        for n in due(size.assessments):
            person = self.busiest if n % max(1, size.assessments // 24) == 0 else self._somebody()
            yield self._made(self._assessment(day, person), day, time(11, n % 60))
        for _ in due(own // 5):
            yield self._made(self._note(day), day, time(15))

    def _booking(self, day: date, person: UUID, sessions: list[UUID]) -> Booking:
        place = self._chance.randrange(len(sessions))
        past = self._chance.choices((BookingState.ARRIVED, BookingState.DID_NOT_ATTEND), (8, 2))[0]
        return Booking(
            person=person,
            session=sessions[place],
            centre=self._centres[place // 3],
            on=day,
            at=time(10, self._chance.choice((0, 15, 30, 45))),
            reason=self._chance.choice(REASONS),
            sees=self._chance.choice(self._staff[1:]) if self._chance.random() < 0.5 else None,
            state=BookingState.BOOKED if day == TODAY else past,
            made_at=_at(day - timedelta(days=3), time(9)),
        )

    def _visit(self, day: date, person: UUID, sessions: list[UUID]) -> Visit:
        place = self._chance.randrange(len(sessions))
        arrived = _at(day, time(10, self._chance.randrange(60)))
        return Visit(
            person=person,
            centre=self._centres[place // 3],
            on=day,
            session=sessions[place],
            ticket=f"A{self._chance.randint(1, 60):02}",
            arrived_at=arrived,
            reason=self._chance.choice(REASONS),
            sees=self._chance.choice(self._staff[1:]),
            where="Room 2",
            state=VisitState.WAITING if day == TODAY else VisitState.DONE,
            called_at=None if day == TODAY else arrived + timedelta(minutes=12),
            ended_at=None if day == TODAY else arrived + timedelta(minutes=50),
            outcome="" if day == TODAY else "Seen",
        )

    def _assessment(self, day: date, person: UUID) -> QuestionnaireResponse:
        return QuestionnaireResponse(
            person=person,
            questionnaire="dialog",
            version="1.0.0",
            answers={area: self._chance.randint(1, 7) for area in AREAS},
            author=self._chance.choice(self._staff[1:]),
            authored_at=_at(day, time(11)),
        )

    def _note(self, day: date) -> Note:
        return Note(
            person=self.busiest,
            at=_at(day, time(15)),
            title="Rang about the next appointment",
            words="Doing well this week. Will come to the drop-in and bring the letter.",
            staff=self._chance.choice(self._staff[1:]),
            organisation=self._organisation,
            place="phone",
        )

    def _made(self, value: Any, day: date, at: time) -> Made:
        moment = _at(day, at)
        return Made(self._id(moment), value, moment, self.receptionist)

    def _somebody(self) -> UUID:
        return self.people[self._chance.randrange(len(self.people))]

    def _id(self, at: datetime) -> UUID:
        return new_id(self._chance, at)


def _working_days(count: int) -> tuple[date, ...]:
    """The last `count` days from Monday to Friday, up to today."""
    found, day = list[date](), TODAY
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day -= timedelta(days=1)
    return tuple(reversed(found))


def _at(day: date, at: time) -> datetime:
    return instant(day, at)
