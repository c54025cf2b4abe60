"""Opening a person with a thousand contacts: from the click until the page is drawn."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services import people, plans, story
from livingwell_desktop.services.practice import Practice
from tests.benchmarks.bench_desk import draw
from tests.benchmarks.big_records import BigAlliance
from tests.benchmarks.measuring import median_of_rounds, milliseconds

if TYPE_CHECKING:
    from livingwell_desktop.app.desk import OpenDesk

OPENINGS = 20


def person_p95_ms(desk: "OpenDesk", alliance: BigAlliance) -> float:
    """The overview of the busiest person in the real window, coming from Today each time, 95th percentile."""
    from livingwell_desktop.ui.pages import PersonPlace, TodayPlace

    def open_person() -> None:
        desk.window.go(PersonPlace(alliance.busiest))
        draw(desk.window)

    def one_round() -> Iterator[float]:
        for _ in range(OPENINGS):
            desk.window.go(TodayPlace())
            draw(desk.window)
            yield milliseconds(open_person)

    return median_of_rounds(one_round, 95)


def reading_p95_ms(practice: Practice, alliance: BigAlliance) -> float:
    """The services' part of it: everything the overview reads, and the audit of the view."""

    def read() -> None:
        person = alliance.busiest
        people.banner(practice, person)
        people.about_me(practice, person)
        people.contacts(practice, person)
        story.needs(practice, person)
        story.story(practice, person)
        plans.plan_of(practice, person)
        practice.viewed(Act.SEE_DETAILS, person)

    return median_of_rounds(lambda: [milliseconds(read) for _ in range(OPENINGS)], 95)
