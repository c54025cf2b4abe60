"""Finding people on the People page."""

from collections.abc import Callable

import pytest

from livingwell_desktop.domain.record_requests import RecordRequest, RequestReason
from livingwell_desktop.storage import Arrival, Card, Store
from livingwell_desktop.ui.pages import NewPersonPlace, PeoplePlace, PersonPlace
from livingwell_desktop.ui.people import PeoplePage
from tests.ui.people import centre
from tests.ui.people.centre import uid
from tests.ui.people.keys import press, type_in, visible_words, words_on
from tests.ui.widgets.answers import Answers

Opened = Callable[..., PeoplePage]


@pytest.fixture
def page(opened: Opened) -> PeoplePage:
    return opened(PeoplePage, PeoplePlace())


def test_my_own_people_come_first_and_enter_opens(page: PeoplePage, around: centre.Around) -> None:
    said = words_on(page.rows)
    assert said.startswith("People\nYou are key worker of, 1.")
    assert "Person Ngozi Okafor, On the board, ticket A11. Born 14 Mar 1986, 40 years" in said
    assert "Ferndale Road, SW9, Phone ends 118. Key worker Maya Lindqvist. Last seen Today" in said
    press("Enter")
    assert around.went == [PersonPlace(centre.NGOZI)]


def test_somebody_who_is_key_worker_of_nobody_sees_who_was_here(opened: Opened) -> None:
    page = opened(PeoplePage, PeoplePlace(), centre.ROSA)
    assert "Here in the last week, 1." in words_on(page.rows)


def test_people_are_found_by_a_few_letters(page: PeoplePage, around: centre.Around) -> None:
    type_in("ngo ok")
    assert page.rows.model.rowCount() == 1
    assert "1 person of 3" in visible_words(page)
    press("Enter")
    assert around.went == [PersonPlace(centre.NGOZI)]


def test_among_look_alikes_nobody_is_chosen_until_somebody_looks(page: PeoplePage, around: centre.Around) -> None:
    type_in("amara")
    assert page.rows.model.rowCount() == 2
    assert page.look_alikes.isVisibleTo(page)
    assert page.look_alikes.accessibleName()
    assert page.rows.current() is None
    press("Enter")
    assert around.went == []
    press("Down", "Enter")
    assert len(around.went) == 1


def test_what_was_typed_comes_along_to_a_new_person(page: PeoplePage, around: centre.Around) -> None:
    type_in("Zed Nowhere")
    assert "Nobody found" in visible_words(page)
    # The key itself is the window's: it runs what the page says.
    next(each for each in page.actions_here() if each.key == "Ctrl N").run()
    assert around.went == [NewPersonPlace("Zed Nowhere", check_in=False)]


def test_names_and_dates_are_hidden_on_demand(page: PeoplePage) -> None:
    page.desk.masking.turn(True)
    said = words_on(page.rows)
    assert "N O" in said
    for private in ("Ngozi", "1986", "Ferndale", "118"):
        assert private not in said


def test_a_person_registered_at_another_desk_appears(page: PeoplePage, filled: Store) -> None:
    from uuid import uuid4

    from livingwell_desktop.domain.people import Person
    from livingwell_desktop.storage import Author, create

    type_in("kit")
    assert page.rows.model.rowCount() == 0
    filled.write([create(uuid4(), Person(given_name="Kit", family_name="Marsh"))], [], Author(None, None, "register"))
    assert page.rows.model.rowCount() == 1


def test_a_person_of_another_centre_is_asked_for_with_a_reason(
    page: PeoplePage, filled: Store, answers: Answers
) -> None:
    card = Card(uid(900), {"given_name": "Ines", "family_name": "Duarte", "born": "1979-02-01"})
    filled.receive([Arrival(0, card=card)], "alliance")
    type_in("duarte")
    said = words_on(page.rows)
    assert "Known at another centre, 1." in said
    assert "Person Ines Duarte. Born 1 Feb 1979, 47 years. Street and phone Enter asks for the record" in said
    answers.expect("Ask for this record", True)
    press("Down", "Enter")
    (asked,) = filled.find(RecordRequest)
    assert asked.value.person == uid(900)
    assert asked.value.reason is RequestReason.HERE_NOW
    assert "Asked for. It comes with the connection" in words_on(page.rows)
