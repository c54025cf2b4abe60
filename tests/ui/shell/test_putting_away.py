"""A record leaves this desk while it stands open: one sentence, and nothing of it stays, nor of what was typed."""

from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.withdrawing import withdraw
from livingwell_desktop.ui.pages import PersonPlace, TodayPlace
from tests.desk import DeskWindow
from tests.office import Day
from tests.window import until

pytestmark = pytest.mark.slow

TYPED = "07700 900 666"


def withdraw_from_centre(day: Day, desk: DeskWindow, person: UUID, keys: Path) -> None:
    """The operator takes a person away from the desk's centre; the desk has heard of it when this returns."""
    database = Database(day.central.database_url)
    try:
        with database.transaction() as connection:
            withdraw(connection, keys, person, desk.desk.practice.centre.id, day.clock())
    finally:
        database.close()
    desk.desk.engine.sync_now()
    until(lambda: desk.desk.store.get(Person, person) is None, "the person has left this desk")


def drafts(desk: DeskWindow) -> int:
    with desk.desk.store._reading() as connection:  # rows of a person who is gone have no other reader
        return int(connection.exec_driver_sql("SELECT count(*) FROM draft").scalar() or 0)


def test_a_record_that_leaves_closes_its_page_and_unsaved_typing_goes_nowhere(day: Day, tmp_path: Path) -> None:
    rosa = day.reception()
    rosa.until_status("Connected")
    ngozi = day.alliance.people["Ngozi Okafor"]
    pilar = next(held.id for held in rosa.desk.store.find(Person) if held.value.given_name == "Pilar")
    before = drafts(rosa)
    rosa.go(PersonPlace(ngozi)).go(PersonPlace(ngozi, "details"))
    rosa.click("change phone").fill("type phone", TYPED)
    withdraw_from_centre(day, rosa, ngozi, tmp_path)
    rosa.until_shown("This record is no longer kept at this desk.")
    window = rosa.desk.window
    assert isinstance(window.place(), TodayPlace)
    assert not rosa.shows("Search for the person")
    rosa.go(PersonPlace(pilar, "details")).click("change phone")
    assert not rosa.shows(TYPED)
    rosa.press("Esc")
    rosa.press("F9")
    rosa.press("F9")
    window.back()
    window.back()
    assert isinstance(window.place(), TodayPlace), "there is no way back to who has left"
    assert drafts(rosa) == before


def test_a_sheet_about_who_has_left_closes_too(day: Day, tmp_path: Path) -> None:
    maya = day.room_2()
    maya.until_status("Connected")
    ngozi = day.alliance.people["Ngozi Okafor"]
    before = drafts(maya)
    maya.go(PersonPlace(ngozi))
    maya.page().add_need()  # type: ignore[attr-defined]  # the page of a person
    maya.settle()
    assert maya.active() is not maya.desk.window
    maya.type("Her landlord is at the door")
    withdraw_from_centre(day, maya, ngozi, tmp_path)
    maya.until_shown("This record is no longer kept at this desk.")
    assert maya.active() is maya.desk.window
    assert drafts(maya) == before
