"""Somebody walks in: found or registered, a ticket in their hand, and the board moves on every desk."""

import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.services import reception
from tests.desk import DeskWindow
from tests.window import until

pytestmark = pytest.mark.slow
MOST_KEYS = 6


def somebody_booked(desk: DeskWindow) -> tuple[str, str]:
    """The name of a person who is expected today, and three letters that find nobody else."""
    practice = desk.desk.practice
    for booking in reception.board(practice).expected:
        person = practice.whole.get(Person, booking.value.person)
        for part in (person.value.given_name, person.value.family_name) if person else ():
            letters = part[:3].lower()
            if letters.isascii() and practice.whole.search_people(parse_query(letters, practice.today())).total == 1:
                assert person is not None
                return person.value.name, letters
    raise LookupError("nobody who is expected is found by three letters")


def visits_of(desk: DeskWindow, name: str) -> list[VisitState]:
    store, today = desk.desk.store, desk.desk.practice.today()
    people = {held.id for held in store.find(Person) if held.value.name == name}
    return [held.value.state for held in store.find(Visit, on=today) if held.value.person in people]


def test_a_known_person_has_a_ticket_after_six_keys_and_the_board_moves_next_door(
    rosa: DeskWindow, maya: DeskWindow
) -> None:
    name, letters = somebody_booked(rosa)
    rosa.presses = 0
    rosa.check_in(letters)
    assert rosa.presses <= MOST_KEYS
    assert rosa.shows(f"{name} has ticket")
    assert visits_of(rosa, name) == [VisitState.WAITING]
    maya.until_shown(name)
    assert name in maya.board("Waiting")


def test_a_person_is_checked_in_once(rosa: DeskWindow) -> None:
    name, letters = somebody_booked(rosa)
    rosa.check_in(letters)
    visits = rosa.desk.store.count(Visit)
    rosa.find(letters).until_shown(name).press("Enter")
    assert rosa.shows("Call")
    assert not rosa.has_control("reason")
    assert rosa.desk.store.count(Visit) == visits
    assert visits_of(rosa, name) == [VisitState.WAITING]


def test_a_person_checked_in_by_the_next_desk_meanwhile_gets_no_second_ticket(
    rosa: DeskWindow, maya: DeskWindow
) -> None:
    name, letters = somebody_booked(rosa)
    rosa.find(letters).until_shown(name).press("Enter").until_shown("What for")
    maya.check_in(letters)
    until(lambda: visits_of(rosa, name), "the check-in of the next desk arrives")
    rosa.press("Enter").until_shown("already on the board")
    assert visits_of(rosa, name) == [VisitState.WAITING]


def test_look_alikes_are_shown_first_and_nobody_is_chosen_for_you(rosa: DeskWindow) -> None:
    visits = rosa.desk.store.count(Visit)
    rosa.find("amara ok").until_shown("Two people are called Amara Okeke")
    assert rosa.shows("12 June 1990")
    assert rosa.shows("21 June 1990")
    assert rosa.desk.window.palette_overlay.rows.current() is None
    rosa.press("Enter")
    assert rosa.desk.store.count(Visit) == visits
    assert not rosa.has_control("reason")
    rosa.press("Down").press("Enter").until_shown("12 June 1990").press("Enter").until_shown("has ticket")
    assert visits_of(rosa, "Amara Okeke") == [VisitState.WAITING]


def test_a_new_person_is_registered_and_checked_in_within_a_minute_of_keys(rosa: DeskWindow, maya: DeskWindow) -> None:
    rosa.presses = 0
    rosa.register("Teo Almeida", (9, 4, 1987), {"phone": "07700 900 456", "reason for coming": "Lost his room"})
    rosa.until_shown("Teo Almeida has ticket")
    # Nobody types slower than two keys a second.
    assert rosa.presses < 120
    maya.until_shown("Teo Almeida")
    assert "Teo Almeida" in maya.board("Waiting")
    (person,) = maya.desk.store.search_people(parse_query("teo almeida", maya.desk.practice.today())).people
    assert str(person.value.born) == "1987-04-09"


def test_somebody_who_may_be_known_is_shown_before_a_second_record_is_made(rosa: DeskWindow) -> None:
    people = rosa.desk.store.count(Person)
    rosa.register("Ngozi Okafor", (14, 3, 1986))
    rosa.until_shown("Look at these first")
    assert rosa.desk.store.count(Person) == people


def test_somebody_without_a_name_has_a_ticket(rosa: DeskWindow, maya: DeskWindow) -> None:
    rosa.find("zz no such person").until_shown("Check in without a name")
    rosa.press("Down").press("Enter").until_shown("No name given").press("Enter").until_shown("has ticket")
    maya.until_shown("No name given")
    assert "No name given" in maya.board("Waiting")


def test_an_interrupted_registration_is_offered_again(rosa: DeskWindow) -> None:
    rosa.find("Teo Almeida").press("Ctrl+N").until_shown("New person")
    rosa.fill("phone", "07700 900 456").press("Esc").until_shown("Waiting")
    rosa.find("").press("Ctrl+N").until_shown("You began to register Teo Almeida")
    rosa.press("Esc")
