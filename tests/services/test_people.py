"""Registering people: every detail checked, look-alikes found, and nothing half saved."""

from datetime import date
from typing import Any

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import CommunicationNeed, NeedArranged, Person
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services import finding, people, reception, registration
from livingwell_desktop.services.practice import Practice
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({}, "given_name", "Enter a name."),
    ({"given_name": "🙂"}, "given_name", "no letters"),
    ({"given_name": "A" * 10_000}, "given_name", "10,000 characters"),
    ({"given_name": "Kit", "family_name": "F" * 201}, "family_name", "201 characters"),
    ({"given_name": "Kit", "other_names": "F" * 10_000}, "other_names", "10,000 characters"),
    ({"given_name": "Kit", "address": "x" * 10_000}, "address", "Shorten it to 300"),
    ({"given_name": "Kit", "phone": "0770 090"}, "phone", "too short"),
    ({"given_name": "Kit", "phone": "ring mum"}, "phone", "no letters"),
    ({"given_name": "Kit", "postcode": "SW9"}, "postcode", "first half"),
    ({"given_name": "Kit", "postcode": "hello"}, "postcode", "not a full UK postcode"),
    ({"given_name": "Kit", "nhs_number": "999 004 0108"}, "nhs_number", "not a real NHS number"),
    ({"given_name": "Kit", "nhs_number": "123"}, "nhs_number", "too short"),
    ({"given_name": "Kit", "nhs_number": "AB123456C"}, "nhs_number", "National Insurance"),
]


@pytest.mark.parametrize(("fields", "name", "words"), BAD)
def test_a_detail_that_cannot_be_right_is_named_and_nothing_is_saved(
    rosa: Practice, fields: dict[str, Any], name: str, words: str
) -> None:
    before = rosa.whole.count(Person)
    with pytest.raises(Problem) as caught:
        registration.register_and_check_in(rosa, Person(**fields))
    (field,) = caught.value.fields
    assert field.field == name
    assert words in field.sentence
    assert rosa.whole.count(Person) == before
    assert not reception.board(rosa).waiting


def test_every_mistake_is_told_at_once(rosa: Practice) -> None:
    with pytest.raises(Problem) as caught:
        people.register(rosa, Person(phone="1", postcode="2", nhs_number="3"))
    assert {each.field for each in caught.value.fields} == {"given_name", "phone", "postcode", "nhs_number"}


@pytest.mark.parametrize("name", ["أميرة", "Kit 🙂", "Ngọc", "ญาณิน", "O’Brien-Smythe"])
def test_names_of_any_script_are_kept_as_they_are(rosa: Practice, name: str) -> None:
    done = registration.register_and_check_in(rosa, Person(given_name=name))
    held = rosa.whole.get(Person, done.person)
    assert held and held.value.given_name == name


def test_registering_and_checking_in_is_one_act(rosa: Practice) -> None:
    person = Person(given_name="Yara", born=date(1995, 1, 2), language="Arabic", interpreter_needed=True)
    heard: list[Any] = []
    rosa.whole.listen(heard.append)
    done = registration.register_and_check_in(rosa, person, reason="First visit")
    assert [changes.kinds for changes in heard] == [{"person", "visit", "communication_need"}]
    visit = rosa.whole.get(Visit, done.visit)
    assert visit and (visit.value.person, visit.value.ticket, visit.value.reason) == (done.person, "A01", "First visit")
    (need,) = rosa.whole.find(CommunicationNeed, person=done.person)
    assert (need.value.words, need.value.arranged) == ("Arabic", NeedArranged.NONE_BOOKED)


def test_look_alikes_are_found_by_name_and_date_of_birth_however_they_are_typed(
    centre: SmallCentre, rosa: Practice
) -> None:
    found, strip = finding.like(rosa, Person(given_name="amara", family_name="OKEKE", born=date(1990, 6, 21)))
    assert [person.id for person in found] == [centre.ids["Amara Okeke"]]
    assert strip and strip.title == "Amara Okeke, born 12 June 1990, may be the same person."
    assert finding.like(rosa, Person(given_name="Somebody", family_name="Else", born=date(1990, 6, 21))) == ((), None)


def test_what_was_typed_of_a_registration_is_offered_again_until_it_is_dropped(
    centre: SmallCentre, rosa: Practice, maya: Practice, clock: StillClock
) -> None:
    first, second = rosa.new_id(), rosa.new_id()
    registration.keep_registration(rosa, first, {"given_name": "Kit"})
    clock.pass_(minutes=1)
    registration.keep_registration(rosa, second, {"given_name": "Yara"})
    found = registration.unfinished_registration(rosa)
    assert found and (found.id, found.body) == (second, {"given_name": "Yara"})
    assert registration.unfinished_registration(maya) is None, "another desk"
    registration.drop_registration(rosa, second)
    again = registration.unfinished_registration(rosa)
    assert again and again.body == {"given_name": "Kit"}


def test_who_may_not_register_is_told_so(centre: SmallCentre) -> None:
    with pytest.raises(Problem, match="You cannot do this"):
        registration.register_and_check_in(centre.at_desk("Alan Oyelaran"), Person(given_name="Kit"))
