"""Locking: covered at once, typing kept, the same place again, another member of staff, and what a role never sees."""

from dataclasses import fields
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Sensitivity, kinds
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    AttentionPlace,
    BookingsPlace,
    KeysPlace,
    NewPersonPlace,
    PeoplePlace,
    PersonPlace,
    Place,
    PlanPlace,
    PlansDuePlace,
    PreviewPlace,
    TodayPlace,
)
from tests.desk import DeskWindow
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow

LONGEST_COMMON = 16
"""Words up to this length ("Centre A", "by phone") may stand in other records too."""
TABS = ("overview", "visits", "assessments", "plan", "details", "sharing", "documents")


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


def test_ctrl_l_hides_the_window_at_once(rosa: DeskWindow) -> None:
    rosa.bring_to_front()
    rosa.press("Ctrl+L")
    assert not rosa.window.isVisible()
    assert rosa.table.locked


@pytest.mark.parametrize("place", ["the palette", "a field", "a sheet"])
def test_it_locks_wherever_the_keyboard_is(rosa: DeskWindow, place: str) -> None:
    if place == "the palette":
        rosa.find("oka")
    elif place == "a field":
        rosa.go(NewPersonPlace("Teo"))
    else:
        rosa.press("W").until_shown("Change who or where")
    rosa.press("Ctrl+L")
    assert not rosa.window.isVisible()
    assert not [each for each in QApplication.topLevelWidgets() if each.isVisible()]


def test_the_same_place_and_the_typing_come_back(maya: DeskWindow, ngozi: UUID) -> None:
    maya.assess("ngo oka", "Ngozi Okafor").press("4").press("Enter").press("2")
    maya.control("notes").setFocus()
    maya.type("Cannot sleep")
    table = maya.lock()  # at once: the draft's own timer has not run yet
    again = table.sign_in("Maya Lindqvist", demo_passphrase())
    place = again.desk.window.place()
    assert isinstance(place, AssessmentPlace)
    assert place.person == ngozi
    again.until_shown("Cannot sleep")


def test_a_half_typed_registration_outlives_the_lock(rosa: DeskWindow) -> None:
    rosa.find("Teo Almeida").press("Ctrl+N").until_shown("New person")
    rosa.fill("phone", "07700 900 456")
    again = rosa.lock().sign_in("Rosa Mensah", demo_passphrase())
    again.until_shown("You began to register Teo Almeida")


def test_nobody_there_for_five_minutes_locks(rosa: DeskWindow, day: Day) -> None:
    rosa.bring_to_front()
    day.clock.at += timedelta(minutes=4)
    # As the window system sends it: to the window, which hands it to whatever has the focus.
    QTest.keyClick(rosa.window.windowHandle(), Qt.Key.Key_Down)
    day.clock.at += timedelta(minutes=4)
    rosa.desk.window._tick()
    assert rosa.window.isVisible()  # a key was pressed four minutes ago
    day.clock.at += timedelta(minutes=1)
    rosa.desk.window._tick()
    assert not rosa.window.isVisible()
    assert rosa.table.locked


def test_another_member_of_staff_signs_in_and_what_the_first_left_unsent_is_sent(
    rosa: DeskWindow, maya: DeskWindow, day: Day, ngozi: UUID
) -> None:
    with day.outage():
        rosa.until_status("No connection")
        rosa.change_detail(ngozi, "phone", "07700 900 341")
        waits = rosa.desk.store.waiting().count
        assert waits > 0
        table = rosa.lock()
        tunde = table.sign_in("Tunde Bakare", demo_passphrase())
        assert tunde.desk.practice.staff.value.name == "Tunde Bakare"
        assert tunde.desk.store.waiting().count >= waits
        assert tunde.desk.window.place() == TodayPlace()  # the place of Rosa is Rosa's
    tunde.until_sent()
    until(lambda: _phone(maya, ngozi) == "07700 900 341", "Rosa's change reaches the other desk")


def test_a_wrong_passphrase_opens_nothing_and_says_so(day: Day) -> None:
    table = day.desk(NAMES[0])
    page = table.sign_in_page()
    page.fill("your name", "Rosa Mensah").press("Enter")
    page.type("copper kettle violin pebbles").press("Enter")
    page.until_shown("passphrase is not right")
    assert table.open is None
    table.close_sign_in()
    assert table.sign_in("Rosa Mensah", demo_passphrase()).shows("Today")


def test_reception_reads_no_clinical_word_anywhere(rosa: DeskWindow, ngozi: UUID) -> None:
    places: list[Place] = [
        TodayPlace(), BookingsPlace(), BookingsPlace(ngozi), PeoplePlace(), NewPersonPlace(), AttentionPlace(),
        KeysPlace(), AssessmentPlace(ngozi), PlanPlace(ngozi), PlansDuePlace(), PreviewPlace("plan", ngozi),
        *(PersonPlace(ngozi, tab) for tab in TABS),
    ]  # fmt: skip
    read = {}
    for place in places:
        rosa.go(place)
        read[place] = rosa.words()
    told = {place: [word for word in clinical_words(rosa, ngozi) if word in words] for place, words in read.items()}
    assert not any(told.values()), {place: words for place, words in told.items() if words}


def clinical_words(desk: DeskWindow, person: UUID) -> list[str]:
    """What the clinical records of a person say: every sentence in them that stands in no record of reception's."""
    found: list[str] = []
    for kind in kinds():
        if kind.sensitivity <= Sensitivity.DESK:
            continue
        for held in desk.desk.store.find(kind.type):
            if getattr(held.value, "person", None) != person:
                continue
            values = (getattr(held.value, each.name) for each in fields(held.value))
            found += [str(value) for value in values if isinstance(value, str) and len(value) > LONGEST_COMMON]
    assert found
    return found


def _phone(desk: DeskWindow, person: UUID) -> str:
    held = desk.desk.store.get(Person, person)
    return held.value.phone if held else ""
