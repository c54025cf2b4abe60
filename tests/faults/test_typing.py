"""Typing outlives a desk that is killed: never more than two seconds of it are lost, and a full disk keeps it too."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest

from livingwell_desktop.services import people
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.pages import PersonPlace, PlanPlace
from tests.desk import DeskWindow
from tests.office import Day
from tests.storage.test_full_disk import most_pages
from tests.window import until

pytestmark = pytest.mark.slow

LOST_AT_MOST_SECONDS = 2.0


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


@pytest.fixture
def maya(day: Day) -> DeskWindow:
    return day.room_2()


def in_an_assessment(desk: DeskWindow, person: UUID) -> None:
    desk.assess("ngo oka", "Ngozi Okafor").press("2")
    desk.control("notes").setFocus()


def in_a_registration(desk: DeskWindow, _person: UUID) -> None:
    desk.find("Teo Almeida").press("Ctrl+N").until_shown("New person")
    desk.control("reason for coming").setFocus()


def in_the_details(desk: DeskWindow, person: UUID) -> None:
    desk.go(PersonPlace(person, "details"))
    desk.click("change address").control("type address").setFocus()
    desk.press("Ctrl+A")


def in_an_action(desk: DeskWindow, person: UUID) -> None:
    desk.go(PlanPlace(person)).until_shown("Who agrees")
    desk.press("A").until_shown("What will happen")


PLACES = (in_an_assessment, in_a_registration, in_the_details, in_an_action)


def longest_typed(store: Store, sign: str) -> int:
    """The longest run of a sign in any draft."""
    with store._reading() as connection:
        bodies = [str(row[0]) for row in connection.exec_driver_sql("SELECT body FROM draft").all()]
    runs = (len(run) for body in bodies for run in "".join(s if s == sign else " " for s in body).split())
    return max(runs, default=0)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_somebody_who_types_without_a_pause_loses_two_seconds_at_most(
    maya: DeskWindow, ngozi: UUID, place: Callable[[DeskWindow, UUID], None]
) -> None:
    place(maya, ngozi)
    typed: list[float] = []
    while not typed or time.monotonic() - typed[0] < 2 * LOST_AT_MOST_SECONDS:
        maya.type("w")
        typed.append(time.monotonic())
        kept = longest_typed(maya.desk.store, "w")
        oldest_unkept = typed[kept] if kept < len(typed) else typed[-1]
        assert typed[-1] - oldest_unkept <= LOST_AT_MOST_SECONDS, f"{len(typed) - kept} key presses are not kept"
    assert longest_typed(maya.desk.store, "w") > 0


def test_a_killed_desk_gives_a_half_typed_action_back(maya: DeskWindow, day: Day, ngozi: UUID) -> None:
    in_an_action(maya, ngozi)
    maya.type("Ring the law centre")
    until(lambda: longest_typed(maya.desk.store, "w") > 0, "the form is kept")
    maya.table.kill()
    again = day.room_2()
    again.go(PlanPlace(ngozi)).until_shown("Ring the law centre")


def test_a_full_disk_is_said_on_the_page_and_typing_stays(maya: DeskWindow, ngozi: UUID) -> None:
    maya.go(PersonPlace(ngozi, "details"))
    maya.click("change address").fill("type address", "9 Acre Lane, London")
    long = "B" * 400
    most_pages(maya.desk.store, 1)
    maya.fill("type address", long).click("save address").until_shown("disk is full")
    assert maya.shows(long)
    assert people.banner(maya.desk.practice, ngozi).person.value.address != long
    most_pages(maya.desk.store, 1_000_000_000)
    maya.click("save address").until_gone("disk is full")
    assert people.banner(maya.desk.practice, ngozi).person.value.address == long


def test_a_full_disk_in_an_assessment_keeps_the_answers_on_the_screen(maya: DeskWindow, ngozi: UUID) -> None:
    in_an_assessment(maya, ngozi)
    most_pages(maya.desk.store, 1)
    maya.type("w" * 6000 + " and more").until_shown("Free some space on the disk")
    assert maya.page().answers  # type: ignore[attr-defined]  # the assessment page
    most_pages(maya.desk.store, 1_000_000_000)
    maya.type("!").until_shown("Draft saved")
    maya.table.kill()
