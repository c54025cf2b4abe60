"""What was recorded for the wrong person, moved by key and click."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.pages import PersonPlace
from livingwell_desktop.ui.people import PersonPage
from livingwell_desktop.ui.people.wrong_person import PersonChoice
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from tests.ui.people import centre
from tests.ui.people.keys import visible_words
from tests.ui.widgets.answers import Answers

Opened = Callable[..., PersonPage]


@pytest.fixture
def filled(filled: Store) -> Store:
    came = Visit(
        person=centre.AMARA, centre=centre.CENTRE_A, on=date(2026, 11, 23), sees=centre.MAYA, state=VisitState.DONE,
        arrived_at=datetime(2026, 11, 23, 9, tzinfo=UTC), ended_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
    )  # fmt: skip
    centre.fill(filled, [(centre.uid(910), came)])
    return filled


def choice(body: QWidget) -> PersonChoice:
    found = body.findChild(PersonChoice)
    assert isinstance(found, PersonChoice)
    return found


def choose_amara(body: QWidget) -> None:
    made = choice(body)
    made.field.set_text("amara 3 6 1990")
    made.field.changed.emit(made.field.text())
    assert made.person() is None, "nobody is chosen for you"
    made.rows.step(1)
    assert made.person() == centre.AMARA


def wrong_button(tab: QWidget) -> Button:
    found = tab.findChild(Button, "wrong person")
    assert isinstance(found, Button)
    return found


def test_an_assessment_is_moved_and_what_is_left_to_do_is_said(
    opened: Opened, filled: Store, answers: Answers, around: centre.Around
) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "assessments"))
    page.assessments.read(centre.RESPONSE)
    answers.expect("Recorded for the wrong person", True, choose_amara)
    wrong_button(page.assessments).click()
    (there,) = filled.find(QuestionnaireResponse, person=centre.AMARA)
    assert there.value.recorded_first_as == centre.RESPONSE
    tone, said = around.said[-1]
    assert tone == "warning"
    assert said.startswith("Moved to Amara Okeke’s record. 1 paper was given here since: Appointment slip, ")
    assert "Nothing has been asked yet" in visible_words(page)


def test_a_visit_is_chosen_and_moved(opened: Opened, filled: Store, answers: Answers, around: centre.Around) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "visits"))
    page.visits.rows.view.clearSelection()
    page.visits.rows.choose(centre.uid(50))
    answers.expect("Recorded for the wrong person", True, choose_amara)
    wrong_button(page.visits).click()
    assert filled.get(Visit, centre.uid(50)) is None
    assert "Moved to Amara Okeke’s record." in around.said[-1][1]


def test_without_a_choice_the_sheet_says_so_and_stays(opened: Opened, filled: Store, answers: Answers) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "assessments"))
    page.assessments.read(centre.RESPONSE)
    answers.expect("Recorded for the wrong person", True)
    wrong_button(page.assessments).click()
    (frame,) = answers.bodies[-1].findChildren(FieldFrame)
    assert frame.error_text() == "Choose the person it belongs to."
    assert filled.get(QuestionnaireResponse, centre.RESPONSE) is not None


def test_the_person_who_is_open_is_not_offered(opened: Opened, answers: Answers) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI, "assessments"))
    page.assessments.read(centre.RESPONSE)

    def look(body: QWidget) -> None:
        made = choice(body)
        made.field.changed.emit("okafor")
        assert not made.rows.model.rowCount()

    answers.expect("Recorded for the wrong person", False, look)
    wrong_button(page.assessments).click()
