"""Who is asked whether two are one person, what the answer does, and that it can be taken back."""

from datetime import date
from uuid import UUID

import pytest

from livingwell_desktop.domain.doubles import PossibleDouble, SamePerson, double_id
from livingwell_desktop.domain.nhs_number import format_nhs_number
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.protection import ProtectionReason
from livingwell_desktop.services import doubles, protecting
from livingwell_desktop.services.counts import counts
from livingwell_desktop.services.practice import Practice, RefusedError
from livingwell_desktop.storage import Author, create
from livingwell_desktop.storage.arrivals import Arrival, Card
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre
from tests.services.test_protected import elsewhere, with_role

ELSEWHERE = UUID(int=0x77)


def ask(centre: SmallCentre, one: UUID, other: UUID, own: UUID | None = None) -> None:
    value = PossibleDouble(one=one, other=other, reasons=("same_name", "same_birth_date", "newer"), centre=own)
    centre.store.write([create(double_id(one, other), value)], [], Author(None, None, "made up"))


@pytest.fixture
def two(centre: SmallCentre) -> tuple[UUID, UUID]:
    born = date(1990, 3, 4)
    one, other = centre.person("Efua Sarpong", born=born), centre.person("Efua B. Sarpong", born=born)
    ask(centre, one, other)
    return one, other


def test_reception_is_asked_and_the_answer_links_and_is_taken_back(
    two: tuple[UUID, UUID], rosa: Practice, centre: SmallCentre, clock: StillClock
) -> None:
    one, other = two
    (found,) = doubles.doubles(rosa)
    assert found.why == "They have the same name and the same date of birth."
    assert [each.name for each in found.two] == ["Efua Sarpong", "Efua B. Sarpong"]
    assert found.two[0].facts[0].startswith("born 4 Mar")
    before = counts(rosa).questions
    doubles.answer(rosa, found, SamePerson.SAME)
    assert counts(rosa).questions == before - 1
    assert [each.person for each in doubles.linked(rosa, one)] == [other]
    assert [each.person for each in doubles.linked(rosa, other)] == [one]
    (answered,) = doubles.doubles(rosa)
    assert answered.answered_by == rosa.staff.value.name
    people = [centre.store.get(Person, each) for each in two]
    assert all(each is not None and not each.entered_in_error for each in people), "nothing is merged"
    doubles.answer(rosa, answered, SamePerson.OPEN)
    assert doubles.linked(rosa, one) == ()
    (again,) = doubles.doubles(rosa)
    doubles.answer(rosa, again, SamePerson.DIFFERENT)
    assert doubles.linked(rosa, one) == ()
    clock.pass_(days=15)
    assert doubles.doubles(rosa) == ()


def test_somebody_of_another_centre_is_named_by_their_card_and_strangers_are_nobodys_question(
    centre: SmallCentre, rosa: Practice
) -> None:
    one = centre.person("Efua Sarpong")
    ask(centre, one, ELSEWHERE)
    assert doubles.doubles(rosa) == ()
    body = {"given_name": "Efua", "family_name": "Sarpong", "nhs_number": "9990040109"}
    centre.store.receive([Arrival(1, (), card=Card(ELSEWHERE, body))], "alliance")
    (found,) = doubles.doubles(rosa)
    assert [each.here for each in found.two] == [True, False]
    assert found.two[1].facts == (format_nhs_number("9990040109"),)
    centre.store.receive([Arrival(2, (), card=Card(UUID(int=0x78), body))], "alliance")
    ask(centre, ELSEWHERE, UUID(int=0x78))
    assert len(doubles.doubles(rosa)) == 1, "where neither is known, nobody can say"


def test_who_must_not_be_found_is_asked_about_by_the_privacy_officer_of_their_own_centre_alone(
    two: tuple[UUID, UUID], centre: SmallCentre, rosa: Practice, maya: Practice
) -> None:
    one, _ = two
    hidden = centre.person("Efua A. Sarpong")
    ask(centre, one, hidden, own=centre.ids["Centre A"])
    officer = with_role(maya, Role.PRIVACY_OFFICER)
    for practice in (rosa, maya, with_role(maya, Role.TEAM_MANAGER), elsewhere(centre, officer)):
        assert len(doubles.doubles(practice)) == 1
    shown = doubles.doubles(officer)
    assert len(shown) == 2
    theirs = next(each for each in shown if each.question.value.centre)
    with pytest.raises(RefusedError):
        doubles.answer(maya, theirs, SamePerson.SAME)
    doubles.answer(officer, theirs, SamePerson.SAME)
    assert [each.person for each in doubles.linked(officer, one)] == [hidden]
    assert doubles.linked(rosa, one) == ()


def test_a_question_from_before_the_protection_shows_reception_no_name_for_the_reference(
    two: tuple[UUID, UUID], rosa: Practice, maya: Practice
) -> None:
    manager = with_role(maya, Role.TEAM_MANAGER)
    protecting.protect(manager, two[0], ProtectionReason.STALKED, "Dana")
    before = counts(rosa).questions
    assert doubles.doubles(rosa) == ()
    assert doubles.linked(rosa, two[1]) == ()
    assert counts(rosa).questions == before
    assert len(doubles.doubles(with_role(maya, Role.PRIVACY_OFFICER))) == 1
