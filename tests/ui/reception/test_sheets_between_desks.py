"""The sheets of the board when desks differ: only what was shown is settled; and words that a lock interrupts."""

from collections.abc import Callable

import pytest

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.sessions import VisitState
from livingwell_desktop.services import reception, unfinished
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.pages import TodayPlace
from livingwell_desktop.ui.reception import TodayPage
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre
from tests.storage.test_store import deliver
from tests.ui.reception.at_desk import AtDesk

Open = Callable[..., AtDesk]


@pytest.fixture
def came(centre: SmallCentre, rosa: Practice) -> reception.CheckedIn:
    return centre.here(rosa, "Ngozi Okafor", "Review of plan")


@pytest.fixture
def desks(centre: SmallCentre, rosa: Practice, came: object, new_store: Callable[..., Store]) -> list[Practice]:
    """Two more desks that hold the same and hear nothing."""
    made = []
    for name in ("room 2", "room 3"):
        store = new_store(name)
        deliver(rosa.whole, store)
        made.append(centre.at_desk("Maya Lindqvist", "Room 2 desk", store))
    return made


def move(centre: SmallCentre, at: Practice, came: reception.CheckedIn, where: str) -> None:
    shown = centre.visit(at, came)
    reception.change_who_or_where(at, shown, sees=shown.value.sees, where=where, reason=shown.value.reason)


def test_a_third_write_that_nobody_saw_is_shown_and_not_settled(
    at: Open, rosa: Practice, centre: SmallCentre, came: reception.CheckedIn, desks: list[Practice], clock: StillClock
) -> None:
    for practice, where in zip((desks[1], desks[0], rosa), ("Hub table 1", "Room 1", "Room 2"), strict=True):
        move(centre, practice, came, where)
        clock.pass_(minutes=1)
    deliver(desks[0].whole, rosa.whole)
    desk = at(rosa, TodayPage, TodayPlace(came.visit))
    desk.press("W")
    desk.press("Tab")
    desk.press("Up")
    desk.press("Enter")
    assert "Room 1" in desk.words() and "What you choose settles it." in desk.words()
    deliver(desks[1].whole, rosa.whole)
    assert len(centre.visit(rosa, came).conflicts["where"]) == 3
    desk.press("Enter")
    assert desk.sheet() is not None, "the third was not seen when Enter was pressed"
    assert "Another desk wrote something else here too." in desk.words()
    assert "Hub table 1" in desk.words()
    desk.press("Enter")
    assert desk.sheet() is None
    assert not centre.visit(rosa, came).conflicts


def test_calling_settles_what_was_shown(
    at: Open, rosa: Practice, centre: SmallCentre, came: reception.CheckedIn, desks: list[Practice], clock: StillClock
) -> None:
    move(centre, desks[0], came, "Room 1")
    clock.pass_(minutes=1)
    move(centre, rosa, came, "Room 2")
    deliver(desks[0].whole, rosa.whole)
    desk = at(rosa, TodayPage, TodayPlace(came.visit))
    desk.press("Enter")
    desk.press("Tab")
    desk.press("Up")
    desk.press("Enter")
    assert "Two desks wrote different things here." in desk.words()
    desk.press("Enter")
    assert desk.sheet() is None
    held = centre.visit(rosa, came)
    assert held.value.state is VisitState.WITH_SOMEONE
    assert not held.conflicts


def test_done_settles_whether_the_person_is_still_with_someone(
    at: Open,
    rosa: Practice,
    centre: SmallCentre,
    came: reception.CheckedIn,
    desks: list[Practice],
    clock: StillClock,
) -> None:
    there = desks[0]
    reception.left_without_being_seen(there, centre.visit(there, came), "They did not say", "Ring")
    clock.pass_(minutes=1)
    reception.call(rosa, centre.visit(rosa, came), where="Room 1")
    deliver(there.whole, rosa.whole)
    desk = at(rosa, TodayPage, TodayPlace(came.visit))
    desk.press("Enter")
    desk.press("Enter")
    assert "Rosa Mensah: with someone." in desk.words()
    assert "Maya Lindqvist: left without being seen." in desk.words()
    assert "Press Done again to settle it." in desk.words()
    desk.press("Enter")
    assert desk.sheet() is None
    held = centre.visit(rosa, came)
    assert held.value.state is VisitState.DONE
    assert "state" not in held.conflicts


def test_why_somebody_left_is_kept_through_a_lock_and_forgotten_when_given_up(
    at: Open, rosa: Practice, centre: SmallCentre, came: reception.CheckedIn
) -> None:
    desk = at(rosa, TodayPage, TodayPlace(came.visit))
    desk.press("L")
    desk.press("Space")
    desk.press("Tab")
    desk.write("Went to meet her sister")
    desk.page.leave()
    again = at(rosa, TodayPage, TodayPlace(came.visit))
    again.press("L")
    assert "What you had typed here was kept." in again.words()
    again.press("Tab")
    again.press("Tab")
    again.write("Ring at 2pm")
    again.press("Enter")
    held = centre.visit(rosa, came)
    assert held.value.outcome == "The wait was too long. Went to meet her sister"
    assert held.value.follow_up == "Ring at 2pm"
    assert not rosa.whole.drafts_of(rosa.staff.id)


def test_how_it_ended_is_kept_and_cancel_forgets_it(
    at: Open, rosa: Practice, maya: Practice, centre: SmallCentre, came: reception.CheckedIn
) -> None:
    reception.call(rosa, centre.visit(rosa, came), where="Room 1")
    desk = at(rosa, TodayPage, TodayPlace(came.visit))
    desk.press("Enter")
    desk.write("Seen, comes again on Friday")
    desk.page.leave()
    assert not unfinished.words_kept(maya, Act.END_VISIT, "done", came.visit), "only for who wrote it"
    again = at(rosa, TodayPage, TodayPlace(came.visit))
    again.press("Enter")
    assert again.find("how it ended").text() == "Seen, comes again on Friday"  # type: ignore[attr-defined]  # a field
    again.press("Esc")
    assert not rosa.whole.drafts_of(rosa.staff.id)
