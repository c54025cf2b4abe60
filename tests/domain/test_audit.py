"""What may be read from the audit: what a person is told, and what stands out."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from livingwell_desktop.domain.audit import AuditRow, Entry, empty_head, link
from livingwell_desktop.domain.audit.uses import USE_WORDS, Use, days_of_use, use_of
from livingwell_desktop.domain.audit.watching import MANY_PEOPLE, SAME_PERSON, WITHIN, unusual_looks
from livingwell_desktop.domain.permissions import Act

NOW = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)
MAYA, ROSA, NGOZI = UUID(int=1), UUID(int=2), UUID(int=31)
VIEW = f"view: {Act.SEE_DETAILS.value}"


def rows(*said: tuple[datetime, UUID | None, str, UUID | None]) -> list[AuditRow]:
    """Events as a chain."""
    made, prev = list[AuditRow](), empty_head(UUID(int=9))
    for n, (at, staff, event, subject) in enumerate(said, 1):
        made.append(link(n, prev, Entry(int(at.timestamp() * 1000), staff, event, subject, None, "{}")))
        prev = made[-1].hash
    return made


def nobody(_staff: UUID, _person: UUID, _at: datetime) -> bool:
    return False


@pytest.mark.parametrize(
    ("event", "use"),
    [
        (VIEW, Use.READ_DETAILS),
        (f"view: {Act.SEE_CLINICAL.value}", Use.READ_CLINICAL),
        (f"view: {Act.SEE_CLINICAL_QUESTIONS.value}", Use.READ_CLINICAL),
        (f"view: {Act.BOOK.value}", Use.LISTED),
        ("refused", Use.REFUSED),
        ("print: plan", Use.PRINTED),
        ("save as a file: plan", Use.PRINTED),
        ("given: plan", Use.PRINTED),
        (f"{Act.BREAK_GLASS.value}: emergency_opening", Use.EMERGENCY),
        (f"{Act.CHECK_IN.value}: visit", Use.WROTE),
    ],
)
def test_what_an_event_is_called_to_the_person(event: str, use: Use) -> None:
    assert use_of(event) is use
    assert USE_WORDS[use]


def test_a_day_of_one_member_of_staff_is_one_line_the_newest_first() -> None:
    before = NOW - timedelta(days=1)
    found = days_of_use(
        rows(
            (before, ROSA, VIEW, NGOZI),
            (NOW, MAYA, VIEW, NGOZI),
            (NOW + timedelta(minutes=5), MAYA, "write a care plan: goal", NGOZI),
            (NOW + timedelta(minutes=9), MAYA, VIEW, NGOZI),
        )
    )
    assert [(each.staff, each.uses) for each in found] == [
        (MAYA, (Use.WROTE, Use.READ_DETAILS)),
        (ROSA, (Use.READ_DETAILS,)),
    ]
    assert (found[0].first, found[0].last) == (NOW, NOW + timedelta(minutes=9))


def test_a_day_is_the_local_one() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert days_of_use(rows((late, MAYA, VIEW, NGOZI)))[0].day.isoformat() == "2026-07-01"


def looks(times: int, apart: timedelta, event: str = VIEW) -> Iterable[AuditRow]:
    return rows(*((NOW - apart * number, ROSA, event, NGOZI) for number in range(times)))


@pytest.mark.parametrize("event", [VIEW, "refused"])
def test_the_same_person_again_and_again_stands_out(event: str) -> None:
    (found,) = unusual_looks(looks(SAME_PERSON, timedelta(hours=5), event), nobody, NOW)
    assert (found.staff, found.person, found.people, found.openings) == (ROSA, NGOZI, 1, SAME_PERSON)
    assert (found.first, found.last) == (NOW - timedelta(hours=5) * (SAME_PERSON - 1), NOW)


@pytest.mark.parametrize(
    "quiet",
    [
        looks(SAME_PERSON - 1, timedelta(hours=5)),
        looks(50, timedelta(minutes=1)),  # one long look
        looks(SAME_PERSON, WITHIN),
        looks(SAME_PERSON, timedelta(hours=5), "check in: visit"),
    ],
)
def test_what_does_not_stand_out(quiet: Iterable[AuditRow]) -> None:
    assert unusual_looks(quiet, nobody, NOW) == ()


def test_whoever_is_bound_to_the_person_may_look() -> None:
    assert (
        unusual_looks(looks(20, timedelta(hours=5)), lambda staff, person, _at: (staff, person) == (ROSA, NGOZI), NOW)
        == ()
    )


@pytest.mark.parametrize(("people", "told"), [(MANY_PEOPLE - 1, False), (MANY_PEOPLE, True)])
def test_many_people_once_each_stand_out(people: int, told: bool) -> None:
    seen = rows(*((NOW - timedelta(hours=n), ROSA, VIEW, UUID(int=100 + n)) for n in range(people)))
    found = unusual_looks(seen, nobody, NOW)
    assert bool(found) is told
    assert all((each.person, each.people, each.openings) == (None, people, people) for each in found)
