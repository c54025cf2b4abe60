"""Questions between desks, settled one at a time, and what waits on this desk."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from livingwell_desktop.domain.assessments import Need, NeedState
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.storage import Author, Store, edit, enter_in_error
from livingwell_desktop.ui.pages import AttentionPlace, PersonPlace
from livingwell_desktop.ui.people import AttentionPage, PersonPage
from tests.ui.people import centre
from tests.ui.people.keys import press, visible_words, words_on
from tests.ui.people.test_person import button, two_phones

Opened = Callable[..., AttentionPage]


@pytest.fixture
def asked(filled: Store) -> Store:
    """Three questions: a phone, a date of birth and the state of a need."""
    two_phones(filled)
    amara, sleep = filled.get(Person, centre.AMARA), filled.get(Need, centre.uid(60))
    assert amara is not None
    assert sleep is not None
    for who, day, state in ((centre.TUNDE, 4, NeedState.BEING_MET), (centre.MAYA, 5, NeedState.NOT_MET)):
        author = Author(who, centre.CENTRE_A, "change")
        filled.write([edit(amara, born=date(1990, 6, day))], [], author)
        filled.write([edit(sleep, state=state)], [], author)
        filled.clock.pass_(minutes=1)  # type: ignore[attr-defined]  # the still clock of the tests
    return filled


def test_nothing_to_decide_is_said(opened: Opened) -> None:
    page = opened(AttentionPage, AttentionPlace())
    assert "Nothing needs you" in visible_words(page)


def test_each_question_is_settled_by_keys_and_the_next_one_opens(opened: Opened, asked: Store) -> None:
    page = opened(AttentionPage, AttentionPlace())
    assert "3 questions between desks" in visible_words(page)
    while page.strip is not None:
        press("1", "Enter")
    assert asked.in_conflict() == ()
    assert "Nothing needs you" in visible_words(page)
    ngozi, amara = asked.get(Person, centre.NGOZI), asked.get(Person, centre.AMARA)
    sleep = asked.get(Need, centre.uid(60))
    assert ngozi is not None
    assert amara is not None
    assert sleep is not None
    assert ngozi.value.phone == "07700 900 341"
    assert ngozi.value.phone_e164 == "+447700900341"
    assert amara.value.born == date(1990, 6, 4)
    assert sleep.value.state is NeedState.BEING_MET


def test_values_are_shown_in_words_with_author_desk_and_time(opened: Opened, asked: Store) -> None:
    page = opened(AttentionPage, AttentionPlace())
    said = words_on(page.rows)
    assert "Person Ngozi Okafor, 14 Mar 1986. What Phone. Answers 07700 900 341 or 07700 900 314" in said
    assert "What Date of birth. Answers 4 June 1990 or 5 June 1990, Tunde Bakare and Maya Lindqvist" in said
    assert "What State, “Sleep”. Answers Being met or Not met yet" in said
    page.open_question((centre.NGOZI, "phone"))
    read = words_on(page.one)
    assert "07700 900 341, written by Rosa Mensah, Certitude" in read
    assert "Room 2 desk, Today, 10:43am" in read


def test_deciding_later_opens_the_next(opened: Opened, asked: Store) -> None:
    page = opened(AttentionPage, AttentionPlace())
    assert page.strip is not None
    first = page.strip.question.key
    page.strip.strip.later_button.click()
    assert page.strip.question.key != first
    press("Alt+Up")
    assert page.strip.question.key == first
    assert len(asked.in_conflict()) == 3


def test_clinical_questions_are_for_roles_that_may(opened: Opened, asked: Store) -> None:
    page = opened(AttentionPage, AttentionPlace(), centre.ROSA)
    shown = visible_words(page)
    assert "2 questions between desks" in shown
    assert "1 question is about needs, assessments or plans. Those are for key workers." in shown
    assert "Sleep" not in words_on(page)
    assert "Being met" not in words_on(page)


def test_what_waits_on_this_desk_is_said_plainly(opened: Opened, asked: Store) -> None:
    page = opened(AttentionPage, AttentionPlace())
    shown = visible_words(page)
    waiting = asked.waiting().count
    assert f"{waiting} changes wait to be sent. Nothing is lost." in shown
    assert "The oldest was saved 52 minutes ago." in shown


def test_the_record_behind_a_question_can_be_opened(opened: Opened, asked: Store, around: centre.Around) -> None:
    page = opened(AttentionPage, AttentionPlace())
    page.open_question((centre.NGOZI, "phone"))
    button(page, "open the record").click()
    assert around.went == [PersonPlace(centre.NGOZI, "details")]


def test_a_question_that_another_desk_settled_goes_by_itself(opened: Opened, asked: Store) -> None:
    from livingwell_desktop.services import people

    page = opened(AttentionPage, AttentionPlace())
    amara = asked.get(Person, centre.AMARA)
    assert amara is not None
    people.settle_field(centre.practice(asked, centre.TUNDE), amara, "born", date(1990, 6, 5))
    assert "2 questions between desks" in visible_words(page)
    assert "Amara" not in words_on(page.rows)


@pytest.mark.parametrize("kept", [True, False])
def test_a_visit_that_was_taken_out_and_changed_is_asked_about_with_two_answers(
    opened: Callable[..., Any], filled: Store, kept: bool
) -> None:
    visit = filled.get(Visit, centre.VISIT)
    assert visit is not None
    filled.write([enter_in_error(visit)], [], Author(centre.MAYA, centre.CENTRE_A, "check_in"))
    filled.write([edit(visit, reason="Came about the flat")], [], Author(centre.TUNDE, centre.CENTRE_A, "check_in"))
    page = opened(AttentionPage, AttentionPlace())
    shown = visible_words(page)
    assert "Ngozi’s visit was recorded in error at one desk and changed at another" in shown
    assert "If it belongs to somebody else, their record has it already." in shown
    read = words_on(page.one)
    assert "Take it out, written by Maya Lindqvist" in read
    assert "Keep it, written by Tunde Bakare" in read
    assert page.strip is not None
    answers = [choice.words for choice in page.strip.question.choices]
    visits = opened(PersonPage, PersonPlace(centre.NGOZI, "visits")).visits
    assert "Was it recorded in error? See Attention." in words_on(visits.rows)
    page = opened(AttentionPage, AttentionPlace())
    press(str(answers.index("Keep it" if kept else "Take it out") + 1))
    press("Return")
    assert not filled.in_conflict()
    after = filled.get(Visit, centre.VISIT)
    assert (after.value.reason if after else "") == ("Came about the flat" if kept else "")
