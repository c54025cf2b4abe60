"""Ctrl K: people by any facts, actions by their name, all by keyboard, and only what the role may do."""

import pytest

from livingwell_desktop.ui.pages import BookingsPlace, KeysPlace, NewPersonPlace, PersonPlace, PlansDuePlace, TodayPlace
from livingwell_desktop.ui.widgets import theme
from tests.desk import DeskWindow
from tests.office import Day

pytestmark = pytest.mark.slow


@pytest.fixture
def rosa(day: Day) -> DeskWindow:
    return day.reception()


@pytest.fixture
def maya(day: Day) -> DeskWindow:
    return day.room_2()


def chosen(desk: DeskWindow) -> str:
    rows = desk.desk.window.palette_overlay.rows
    line = rows.model.line(rows.view.currentIndex())
    return rows.model.spoken(line) if line is not None else ""


def is_open(desk: DeskWindow) -> bool:
    return desk.desk.window.palette_overlay.isVisible()


def test_an_action_is_found_by_a_part_of_its_name_and_done(rosa: DeskWindow) -> None:
    rosa.find("book").press("Enter")
    assert isinstance(rosa.desk.window.place(), BookingsPlace)
    assert not is_open(rosa)
    rosa.find("dark").press("Enter")
    assert theme.is_dark()
    rosa.find("all keys").press("Enter")
    assert rosa.desk.window.place() == KeysPlace()


def test_the_chosen_row_s_actions_come_first_and_work(rosa: DeskWindow) -> None:
    rosa.press("Ctrl+K")
    assert chosen(rosa).startswith("Call: ")
    rosa.type("open record").press("Enter")
    assert isinstance(rosa.desk.window.place(), PersonPlace)


def test_arrows_choose_while_the_hands_type(rosa: DeskWindow) -> None:
    rosa.press("Ctrl+K")
    first = chosen(rosa)
    rosa.press("Down")
    second = chosen(rosa)
    assert second != first
    rosa.press("Up")
    assert chosen(rosa) == first
    rosa.type("go to")
    assert chosen(rosa).startswith("Go to Today")


def test_escape_closes_and_from_the_card_goes_back_to_the_list(rosa: DeskWindow) -> None:
    visits = rosa.desk.store.counts()["visit"]
    rosa.find("pilar zu").until_shown("Pilar").press("Enter").until_shown("What for")
    rosa.press("Esc")
    assert is_open(rosa)
    assert rosa.desk.window.palette_overlay.typed() == "pilar zu"
    rosa.press("Esc")
    assert not is_open(rosa)
    assert rosa.desk.window.place() == TodayPlace()
    assert rosa.desk.store.counts()["visit"] == visits


def test_the_line_under_the_box_goes_and_comes_with_the_box(rosa: DeskWindow) -> None:
    palette = rosa.desk.window.palette_overlay
    rosa.find("arjun").press("Enter")
    assert palette.card.isVisible() and not palette.line.isVisible()
    rosa.press("Esc")
    assert palette.head.isVisible() and palette.line.isVisible()


def test_ctrl_enter_opens_the_record_instead_of_checking_in(rosa: DeskWindow) -> None:
    visits = rosa.desk.store.counts()["visit"]
    rosa.open_record("pilar zu", "Pilar")
    assert isinstance(rosa.desk.window.place(), PersonPlace)
    assert rosa.desk.store.counts()["visit"] == visits


def test_nobody_found_offers_a_new_person_and_what_was_typed_comes_along(rosa: DeskWindow) -> None:
    rosa.find("teo almeida 9/4/1987").until_shown("Nobody found").press("Ctrl+N")
    assert isinstance(rosa.desk.window.place(), NewPersonPlace)
    words = rosa.words()
    for typed in ("Teo", "Almeida", "1987"):
        assert typed in words


@pytest.mark.parametrize("typed", ["14/3/1986", "07700 900 118", "999 004 0109", "okafor 14 march 1986"])
def test_a_person_is_found_by_any_fact(rosa: DeskWindow, typed: str) -> None:
    rosa.find(typed).until_shown("Ngozi Okafor")
    rosa.press("Esc")


def test_a_role_is_offered_only_its_places(rosa: DeskWindow, maya: DeskWindow) -> None:
    assert "Go to Plans due" not in {each.name for each in rosa.desk.window.offered()}
    maya.find("plans due").press("Enter")
    assert maya.desk.window.place() == PlansDuePlace()


def test_an_action_that_is_not_allowed_says_why(rosa: DeskWindow) -> None:
    rosa.open_record("ngo oka", "Ngozi Okafor")
    refused = {each.name: each.reason for each in rosa.desk.window.offered() if each.reason}
    assert "Your role cannot record an assessment. Ask: key worker or team manager." in refused.values()
    rosa.find("add a need").press("Enter").until_shown("Your role cannot record an assessment")


def test_locking_from_the_palette(rosa: DeskWindow) -> None:
    rosa.find("lock")
    while not chosen(rosa).startswith("Lock"):
        # People of that name come first.
        before = chosen(rosa)
        assert rosa.press("Down") and chosen(rosa) != before
    rosa.press("Enter")
    assert not rosa.window.isVisible()
    assert rosa.table.locked
