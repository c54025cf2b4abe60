"""A key worker asks a person how satisfied they are, by keys alone, and nothing typed is ever lost."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from livingwell_desktop.domain.assessments import Need, NeedState, QuestionnaireResponse
from livingwell_desktop.services import assessments
from livingwell_desktop.settings import Settings
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.assessment import AssessmentPage
from livingwell_desktop.ui.pages import AssessmentPlace, PersonPlace, PlanPlace, PreviewPlace
from livingwell_desktop.ui.widgets.fields import TextArea
from tests.conftest import StillClock
from tests.ui.people import centre
from tests.ui.people.keys import focused, press, type_in, visible_words

NOW = (4, 4, 2, 2, 4, 5, 4, 4, 5, 6, 6)
DIALOG = AssessmentPlace(centre.NGOZI, "dialog", centre.VISIT)

Opened = Callable[..., AssessmentPage]


@pytest.fixture
def page(opened: Opened) -> AssessmentPage:
    return opened(AssessmentPage, DIALOG)


def the(page: QWidget, name: str) -> QAbstractButton:
    found = [each for each in page.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, f"{name} cannot be seen"
    return found[0]


def notes(page: AssessmentPage) -> TextArea:
    found = page.asking.findChildren(TextArea, "notes")
    assert found
    return found[-1]


def answer_all(answers: tuple[int, ...] = NOW) -> None:
    for each in answers:
        press(str(each), "Enter")


def test_a_whole_dialog_by_keys(page: AssessmentPage, filled: Store, around: centre.Around) -> None:
    for place, each in enumerate(NOW):
        press(str(each))
        if place in (3, 7):
            press("y")
        press("Enter")
    assert "What has changed, Ngozi?" in visible_words(page)
    assert "Five areas went up and two went down. What helped? Choose up to three areas to work on." in visible_words(
        page
    )
    press("Space", "Down", "Down", "Down", "Space")
    assert "2 of up to 3 chosen" in visible_words(page)
    assert page.change_view.forward.words() == "Talk about these two"
    press("Enter")
    newest = assessments.last_response(centre.practice(filled), centre.NGOZI, "dialog")
    assert newest is not None
    assert [newest.value.answers[name] for name in centre.DIALOG] == list(NOW)
    assert newest.value.answers["accommodation.help"] is True
    assert newest.value.chosen == ("mental_health", "accommodation")
    assert newest.value.visit == centre.VISIT
    assert around.went == [PlanPlace(centre.NGOZI)]
    needs = {need.value.area: need.value for need in filled.find(Need, person=centre.NGOZI) if need.value.area}
    assert set(needs) == {"mental_health", "accommodation"}
    assert {need.state for need in needs.values()} == {NeedState.NOT_MET}
    assert filled.drafts_about(centre.NGOZI) == ()


def test_the_number_counts_in_the_moment_it_is_pressed(page: AssessmentPage) -> None:
    press("2", "Enter", "6", "Enter")
    assert page.answers == {"mental_health": 2, "physical_health": 6}


def test_last_time_stands_beside_the_question_unless_it_is_set_not_to(opened: Opened) -> None:
    page = opened(AssessmentPage, DIALOG)
    assert page.asking.items.buttons["mental_health"].accessibleName().endswith("last time 3")
    assert page.asking.panel is not None
    pointer = [each.accessibleName() for each in page.asking.panel.findChildren(QWidget)]
    assert "Last time, 12 August: 3" in pointer
    page.show_item("accommodation")
    assert "Last time: “Fine if the damp gets sorted.”" in visible_words(page)
    page = opened(AssessmentPage, DIALOG, settings=Settings(show_last_answers=False))
    assert "last" not in page.asking.items.buttons["mental_health"].accessibleName()
    assert page.asking.panel is not None
    assert not any("Last time" in each.accessibleName() for each in page.asking.panel.findChildren(QWidget))


def test_zero_means_not_answered_and_nothing_is_made_up(page: AssessmentPage, filled: Store) -> None:
    press("5", "0")
    assert page.answers == {}
    press("5", "Enter", "Enter")
    assert page.answers == {"mental_health": 5}
    assert page.current == "job_situation"
    for _ in range(9):
        press("Enter")
    assert "No score yet" in visible_words(page)
    assert "1 of 8 answered" in visible_words(page)
    press("Enter")
    newest = assessments.last_response(centre.practice(filled), centre.NGOZI, "dialog")
    assert newest is not None
    assert dict(newest.value.answers) == {"mental_health": 5}


def test_keys_go_forward_and_back_but_never_out_of_the_notes(page: AssessmentPage) -> None:
    press("4", "Right")
    assert page.current == "physical_health"
    press("Left")
    assert page.current == "mental_health"
    notes(page).setFocus()
    type_in("2 nights, y or n? 0")
    press("Left", "Enter")
    assert page.current == "mental_health"
    assert page.answers["mental_health"] == 4
    assert "mental_health.help" not in page.answers
    assert notes(page).text().replace("\n", "") == "2 nights, y or n? 0"
    press("Escape")
    assert focused() is the(page, "answer 4")
    press("Enter")
    assert page.current == "physical_health"


def test_tab_reaches_the_notes(page: AssessmentPage) -> None:
    for _ in range(20):
        press("Tab")
        if focused() is notes(page).edit:
            break
    assert focused() is notes(page).edit


def test_the_draft_is_on_the_disk_within_two_seconds(
    page: AssessmentPage, qtbot: QtBot, filled: Store, clock: StillClock
) -> None:
    clock.pass_(minutes=8)
    notes(page).setFocus()
    type_in("Damp is back.")
    assert "Draft saved" not in visible_words(page)
    qtbot.waitUntil(lambda: bool(filled.drafts_about(centre.NGOZI)), timeout=2000)
    assert filled.drafts_about(centre.NGOZI)[0].body["answers"] == {"mental_health.note": "Damp is back."}
    assert "Draft saved 10:51am on this desk" in visible_words(page)


def test_a_draft_survives_the_page_and_the_store(
    opened: Opened, filled: Store, new_store: Callable[..., Store], around: centre.Around
) -> None:
    page = opened(AssessmentPage, DIALOG)
    answer_all(NOW[:4])
    notes(page).setFocus()
    type_in("Sewing helps.")
    the(page, "finish later").click()
    assert around.backs
    filled.close()
    store = new_store("desk")
    again = AssessmentPage(around.desk(centre.practice(store)))
    again.show_place(DIALOG)
    assert again.current == "leisure_activities"
    assert notes(again).text() == "Sewing helps."
    assert [again.answers.get(name) for name in centre.DIALOG[:4]] == list(NOW[:4])
    again.deleteLater()


def test_nothing_is_saved_for_somebody_who_only_looked(page: AssessmentPage, filled: Store) -> None:
    press("Enter", "Enter")
    page.leave()
    assert filled.drafts_about(centre.NGOZI) == ()


def test_the_picture_of_change_has_the_values_of_the_answers(page: AssessmentPage) -> None:
    answer_all()
    picture = page.change_view.picture
    assert picture is not None
    spoken = picture.accessibleName()
    assert "Mental health: 4, was 3, up 1" in spoken
    assert "Accommodation: 2, was 3, down 1" in spoken
    assert "Partner or family: 5, was 5, same" in spoken
    shown = visible_words(page)
    assert "My life, average of 8" in shown
    assert "3.6" in shown
    assert "was 3.4 on 12 August" in shown
    assert "was 4.7 on 12 August" in shown


def test_no_more_than_three_areas_can_be_chosen(page: AssessmentPage) -> None:
    answer_all()
    picture = page.change_view.picture
    assert picture is not None
    press("Space", "Down", "Space", "Down", "Space")
    assert len(picture.chosen()) == 3
    assert not any(box.isEnabled() for box in picture.boxes if not box.isChecked())
    press("Down", "Space")
    assert len(picture.chosen()) == 3
    assert page.change_view.forward.words() == "Talk about these three"


def test_going_back_from_the_picture_keeps_the_areas(page: AssessmentPage) -> None:
    answer_all()
    press("Space", "Left")
    assert page.current == "meetings"
    press("Enter")
    assert page.change_view.areas() == ("mental_health",)


def test_full_screen_shows_the_picture_alone_and_brings_the_choice_back(page: AssessmentPage, qtbot: QtBot) -> None:
    answer_all()
    page.open_full_screen()
    full = page.full_screen
    assert full is not None
    assert full.isFullScreen()
    assert "Okafor" not in visible_words(full)
    picture = full.view.picture
    assert picture is not None
    picture.boxes[3].click()
    qtbot.waitUntil(lambda: focused().window() is full)
    press("Escape")
    assert page.full_screen is None
    assert page.change_view.areas() == ("accommodation",)


def test_the_picture_can_be_printed_only_once_it_is_completed(
    page: AssessmentPage, around: centre.Around, filled: Store
) -> None:
    answer_all()
    assert not page.banner.print_button.isEnabled()
    assert "completed" in page.banner.print_button.accessibleDescription()
    press("Enter")
    page.show_place(DIALOG)
    assert page.stack.currentWidget() is page.change_view
    assert page.banner.print_button.isEnabled()
    page.banner.print_button.click()
    newest = assessments.last_response(centre.practice(filled), centre.NGOZI, "dialog")
    assert newest is not None
    assert around.went[-1] == PreviewPlace("change_picture", centre.NGOZI, newest.id)
    assert filled.count(QuestionnaireResponse, person=centre.NGOZI) == 2


def test_phq9_opens_the_talk_about_safety_at_once_and_gives_no_grade_there(opened: Opened) -> None:
    page = opened(AssessmentPage, AssessmentPlace(centre.NGOZI, "phq9"))
    page.show_item("phq9.9")
    assert not page.asking.prompt.isVisible()
    press("1")
    assert page.asking.prompt.isVisible()
    assert "Talk about safety now" in visible_words(page)
    press("0")
    assert not page.asking.prompt.isVisible()
    press("Delete")
    assert "phq9.9" not in page.answers


def test_a_questionnaire_without_areas_ends_in_its_scores(opened: Opened, around: centre.Around, filled: Store) -> None:
    page = opened(AssessmentPage, AssessmentPlace(centre.NGOZI, "phq9"))
    for _ in range(9):
        press("1", "Enter")
    press("2", "Enter")
    shown = visible_words(page)
    assert "Total, sum of 9" in shown
    assert "Mild" in shown
    assert "1, Several days" in shown
    assert "Somewhat difficult" in shown
    assert page.change_view.forward.words() == "Done"
    press("Enter")
    assert around.went == [PersonPlace(centre.NGOZI, "assessments")]
    newest = assessments.last_response(centre.practice(filled), centre.NGOZI, "phq9")
    assert newest is not None
    assert newest.value.answers["phq9.difficulty"] == "somewhat"


def test_audit_c_asks_the_rest_only_of_somebody_who_drinks(opened: Opened) -> None:
    page = opened(AssessmentPage, AssessmentPlace(centre.NGOZI, "audit_c"))
    press("2")
    assert len(page.asking.items.buttons) == 3
    press("0")
    assert len(page.asking.items.buttons) == 1
    press("Enter")
    assert "Below 5" in visible_words(page)


def test_every_questionnaire_file_can_be_answered_from_its_first_question_to_its_last(opened: Opened) -> None:
    for name in assessments.questionnaires():
        page = opened(AssessmentPage, AssessmentPlace(centre.NGOZI, name))
        for _ in range(40):
            if page.stack.currentWidget() is page.change_view:
                break
            press("1", "Enter")
        assert page.stack.currentWidget() is page.change_view, name
        assert page.asking.items.progress_words.text().split(" of ")[0] != "0"


def test_names_are_hidden_on_demand(page: AssessmentPage) -> None:
    page.desk.masking.turn(True)
    assert "Ngozi" not in visible_words(page)
    answer_all()
    assert "Ngozi" not in visible_words(page)
    assert "What has changed?" in visible_words(page)


def test_reception_is_told_why_nothing_can_be_asked(opened: Opened, filled: Store) -> None:
    page = opened(AssessmentPage, DIALOG, centre.ROSA)
    shown = visible_words(page)
    assert "Your role cannot record an assessment" in shown
    assert "satisfied" not in shown
