"""Attention asks whether two are one person; the person's page says what was found out."""

from collections.abc import Callable
from uuid import UUID

import pytest
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.doubles import PossibleDouble, SamePerson, double_id
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Author, Store, create, edit
from livingwell_desktop.ui.pages import AttentionPlace, Page, PersonPlace
from livingwell_desktop.ui.people import AttentionPage, PersonPage
from livingwell_desktop.ui.widgets.choices import RadioCards
from tests.ui.people import centre
from tests.ui.people.keys import visible_words, words_on
from tests.ui.widgets.answers import Answers

Opened = Callable[..., Page]
AGAIN = UUID(int=0x901)
QUESTION = double_id(centre.NGOZI, AGAIN)


@pytest.fixture
def asked(filled: Store) -> Store:
    value = PossibleDouble(one=centre.NGOZI, other=AGAIN, reasons=("similar_name", "same_birth_date"))
    twice = Person(given_name="Ngozi", family_name="Okafor-Bell")
    filled.write([create(AGAIN, twice), create(QUESTION, value)], [], Author(None, None, "t"))
    return filled


def test_enter_on_the_question_answers_it_and_takes_it_back(opened: Opened, asked: Store, answers: Answers) -> None:
    page = opened(AttentionPage, AttentionPlace())
    assert isinstance(page, AttentionPage)
    said = words_on(page.doubles.rows)
    assert "Ngozi Okafor" in said
    assert "Okafor-Bell" in said
    assert "A similar name, the same date of birth" in said
    assert "No questions between desks, 1 task" in visible_words(page)
    for code in (SamePerson.SAME, SamePerson.DIFFERENT):

        def fill(body: QWidget, code: SamePerson = code) -> None:
            cards = body.findChild(RadioCards, "same person answer")
            assert cards is not None
            cards.set_code(code.value)

        answers.expect("Same person?", True, fill)
        page.doubles.rows.opened.emit(QUESTION)
        held = asked.get(PossibleDouble, QUESTION)
        assert held is not None
        assert held.value.answer is code
        page.refresh()
    assert "Two different people, Maya Lindqvist" in words_on(page.doubles.rows)


def test_the_persons_page_names_the_other_record(opened: Opened, asked: Store) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI))
    assert "Also registered as" not in visible_words(page)
    held = asked.get(PossibleDouble, QUESTION)
    assert held is not None
    asked.write([edit(held, answer=SamePerson.SAME)], [], Author(centre.MAYA, centre.CENTRE_A, "t"))
    page.refresh()
    assert "Also registered as Ngozi Okafor-Bell." in visible_words(page)
