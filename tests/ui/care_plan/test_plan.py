"""The plan page, used by keys as a key worker would."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from livingwell_desktop.domain.assessments import Need, NeedState
from livingwell_desktop.domain.plan_rules import Standing
from livingwell_desktop.domain.plans import Action, ActionState, Goal, OwnerKind, PlanVersion
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.care_plan import PlanPage
from livingwell_desktop.ui.care_plan.answer_form import AnswerForm
from livingwell_desktop.ui.care_plan.comparison import Differences
from livingwell_desktop.ui.care_plan.forms import ActionForm, GoalForm, WholePlanForm
from livingwell_desktop.ui.pages import PersonPlace, PlanPlace, PreviewPlace
from livingwell_desktop.ui.widgets import theme
from tests.ui.care_plan.ngozi import ASK_LANDLORD, DAMP, HOUSING, KEEP_FLAT, LAW_CENTRE, TABLET
from tests.ui.care_plan.plan_steps import agree, form, press, the
from tests.ui.care_plan.rows import spoken
from tests.ui.people import centre
from tests.ui.people.centre import COUNCIL, NGOZI, ROSA, SLAM, TUNDE
from tests.ui.widgets.answers import Answers

Opened = Callable[..., PlanPage]
Draft = Callable[[], PlanPage]


def test_a_plan_starts_from_the_needs_chosen_in_the_assessment(opened: Opened, filled: Store, answers: Answers) -> None:
    page = opened(PlanPage, PlanPlace(NGOZI))
    assert page.plan is None
    seen: list[str] = []

    def fill(body: QWidget) -> None:
        goal = form(body, GoalForm)
        seen.extend(card.option.label for card in goal.need.cards)
        goal.words.set_text("I want to keep my flat.")
        goal.matters.set_code("10")
        goal.how_sure.set_code("5")

    answers.expect("Add a goal", True, fill)
    press(page, Qt.Key.Key_G)
    assert [words.split(",")[0] for words in seen] == [
        "Housing: Keeping the flat", "Clinical: Sleep", "Social: Money", "Something else",
    ]  # fmt: skip
    shown: Any = page.plan
    assert shown is not None
    goal = shown.goals[0].goal.value
    assert (goal.words, goal.need, goal.matters, goal.how_sure) == ("I want to keep my flat.", HOUSING, 10, 5)
    assert goal.about == "Housing: Keeping the flat, notice to 5 January"
    assert shown.plan.value.review_on == date(2027, 2, 23)
    assert the(filled, Need, HOUSING).value.state is NeedState.IN_PLAN


def test_an_action_is_added_by_keys_with_one_owner_and_a_date(draft: Draft, filled: Store, answers: Answers) -> None:
    page = draft()

    def fill(body: QWidget) -> None:
        action = form(body, ActionForm)
        action.what.set_text("Ring the court")
        action.owner.set_code("worker")
        action.worker.set_code(str(TUNDE))
        action.due.set_value("30", "Nov", "2026")

    answers.expect("Add an action", True, fill)
    press(page, Qt.Key.Key_A)
    added = next(held.value for held in filled.find(Action, goal=KEEP_FLAT) if held.value.what == "Ring the court")
    assert (added.owner_kind, added.owner_staff, added.owner_organisation) == (OwnerKind.WORKER, TUNDE, COUNCIL)
    assert added.due == date(2026, 11, 30)
    assert "Tunde Bakare, Lambeth Council. By 30 Nov. Not started" in spoken(page.body.cards[KEEP_FLAT].list, 3)


def test_what_needs_mending_is_said_beside_the_fields_and_typing_stays(draft: Draft, answers: Answers) -> None:
    page = draft()

    def fill(body: QWidget) -> None:
        action = form(body, ActionForm)
        action.what.set_text("Ring the court")
        action.owner.set_code("worker")
        action.due.set_value("31", "2", "2026")

    answers.expect("Add an action", True, fill)
    press(page, Qt.Key.Key_A)
    shown = form(answers.bodies[0], ActionForm)
    assert shown.frames["worker"].error_text() == "Choose the worker who does it."
    assert "February has only 28 days" in shown.frames["due"].error_text()
    assert shown.what.text() == "Ring the court"
    assert page.sheets.form is shown


def test_enter_opens_the_chosen_action_and_its_passed_date_need_not_be_changed(
    draft: Draft, filled: Store, answers: Answers
) -> None:
    page = draft()
    press(page, Qt.Key.Key_Down)
    press(page, Qt.Key.Key_Down)
    answers.expect(
        "Change the action", True, lambda body: form(body, ActionForm).what.set_text("Send the report about the damp")
    )
    press(page, Qt.Key.Key_Return)
    changed = the(filled, Action, DAMP).value
    assert (changed.what, changed.due) == ("Send the report about the damp", date(2026, 11, 16))


def test_arrows_go_on_into_the_next_goal_and_back(draft: Draft) -> None:
    page = draft()
    for _ in range(3):
        press(page, Qt.Key.Key_Down)
    assert page.body.chosen_action() == TABLET
    press(page, Qt.Key.Key_Up)
    assert page.body.chosen_action() == DAMP


def test_s_goes_through_the_states_and_letters_go_straight_there(draft: Draft, filled: Store) -> None:
    page = draft()
    states = []
    for key in (Qt.Key.Key_S, Qt.Key.Key_S, Qt.Key.Key_S, Qt.Key.Key_F, Qt.Key.Key_D, Qt.Key.Key_N):
        press(page, key)
        states.append(the(filled, Action, ASK_LANDLORD).value.state)
    doing, done, not_started = ActionState.DOING, ActionState.DONE, ActionState.NOT_STARTED
    assert states == [doing, done, not_started, done, doing, not_started]


def test_a_late_action_says_so_in_words(draft: Draft) -> None:
    page = draft()
    assert "By 16 Nov. Late" in spoken(page.body.cards[KEEP_FLAT].list, 2)


def test_delete_stops_an_action_after_asking_and_the_next_is_chosen(
    draft: Draft, filled: Store, answers: Answers
) -> None:
    page = draft()
    answers.expect("Stop this action?", False)
    press(page, Qt.Key.Key_Delete)
    assert the(filled, Action, ASK_LANDLORD).value.state is ActionState.NOT_STARTED
    answers.expect("Stop this action?", True)
    press(page, Qt.Key.Key_Delete)
    assert the(filled, Action, ASK_LANDLORD).value.state is ActionState.STOPPED
    assert page.body.chosen_action() == LAW_CENTRE


def test_a_stopped_goal_leaves_its_need_not_met(draft: Draft, filled: Store, answers: Answers) -> None:
    page = draft()
    answers.expect("Stop this goal?", True)
    press(page, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert the(filled, Goal, KEEP_FLAT).value.stopped
    assert the(filled, Need, HOUSING).value.state is NeedState.NOT_MET
    assert list(page.body.cards) != [KEEP_FLAT]


def test_agreed_by_the_person_and_the_key_workers_organisation_it_becomes_version_1(
    draft: Draft, filled: Store, answers: Answers
) -> None:
    page = draft()
    assert page.plan is not None
    assert page.plan.is_draft
    agree(page, answers, "person", "Ngozi")
    assert page.plan.is_draft
    agree(page, answers, str(SLAM), "Maya Lindqvist")
    assert not page.plan.is_draft
    assert page.plan.number == 1
    assert [held.value.number for held in filled.find(PlanVersion, person=NGOZI)] == [1]
    assert "Version 1, agreed 23 November 2026" in page.head.version.accessibleName()
    assert page.body.agrees.trailing.text() == "2 of 4 agree"


def test_an_edit_after_an_answer_waits_again_and_makes_a_draft_of_version_2(
    draft: Draft, filled: Store, answers: Answers
) -> None:
    page = draft()
    agree(page, answers, "person", "Ngozi")
    agree(page, answers, str(SLAM), "Maya Lindqvist")
    press(page, Qt.Key.Key_S)
    assert page.plan is not None
    assert not page.plan.is_draft, "how far an action is was never agreed"
    answers.expect("Change the action", True, lambda body: form(body, ActionForm).due.set_value("2", "12", "2026"))
    press(page, Qt.Key.Key_E)
    assert page.plan.is_draft
    assert "Version 2, draft" in page.head.version.accessibleName()
    assert "Replaces version 1 of 23 November 2026." in page.head.note.text()
    assert {each.standing for each in page.plan.parties} == {Standing.WAITING}
    assert "before the plan changed" in page.body.agrees.rows[0].accessibleName()
    answers.expect("What changed since version 1 of 23 November 2026", True)
    press(page, Qt.Key.Key_C)
    shown = form(answers.bodies[-1], Differences)
    assert [each.words for each in shown.found] == [
        "Ask the landlord to wait: by 25 November 2026 is now by 2 December 2026."
    ]


def test_declining_needs_a_reason_which_is_then_shown(draft: Draft, answers: Answers) -> None:
    page = draft()
    key = str(COUNCIL)
    agree(page, answers, key, "Tunde Bakare", "declined")
    shown = form(answers.bodies[-1], AnswerForm)
    assert "Write why" in shown.frames["reason"].error_text()
    agree(page, answers, key, "Tunde Bakare", "declined", "I am on leave.")
    row = next(row for row in page.body.agrees.rows if row.key == key)
    assert "Declined" in row.accessibleName()
    assert "I am on leave." in row.accessibleName()


def test_r_goes_to_who_has_not_answered_and_enter_records(draft: Draft, answers: Answers) -> None:
    page = draft()
    press(page, Qt.Key.Key_R)
    focus = QApplication.focusWidget()
    assert focus is page.body.agrees.rows[0]
    answers.expect("What does Ngozi say?", True)
    press(page, Qt.Key.Key_Return)
    assert "Agreed" in page.body.agrees.rows[0].accessibleName()
    assert page.body.agrees.rows[0].hasFocus()


def test_the_words_about_the_whole_plan_and_its_review(draft: Draft, filled: Store, answers: Answers) -> None:
    page = draft()

    def fill(body: QWidget) -> None:
        whole = form(body, WholePlanForm)
        whole.words.set_text("I want to keep my flat and sew.")
        whole.review.set_value("1", "3", "2027")

    answers.expect("The plan and its review", True, fill)
    press(page, Qt.Key.Key_P)
    assert page.body.in_own_words.text() == "“I want to keep my flat and sew.”"
    assert page.head.review.text() == "Next review 1 March 2027."


def test_print_is_one_key_away_and_sharing_too(draft: Draft, around: centre.Around) -> None:
    page = draft()
    press(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    page.body.shares.change_button.click()
    assert around.went == [PreviewPlace("plan", NGOZI), PersonPlace(NGOZI, "sharing")]


def test_the_screen_says_what_the_paper_leaves_out(draft: Draft) -> None:
    page = draft()
    assert page.body.left_out.words.text() == "1 note and the address. The paper does not mention them."


def test_reception_may_not_see_a_plan(opened: Opened, filled: Store) -> None:
    with pytest.raises(Exception, match="You cannot do this"):
        opened(PlanPage, PlanPlace(NGOZI), ROSA)


def test_hidden_names_are_initials_everywhere_on_the_page(draft: Draft) -> None:
    page = draft()
    page.desk.masking.turn(True)
    assert page.banner.name.text() == "N O"
    assert page.body.shares.title.text() == "N O shares"
    assert "Ngozi" not in page.body.agrees.rows[0].accessibleName()


def test_every_control_has_a_name_and_the_keyboard_reaches_it(draft: Draft) -> None:
    page = draft()
    for button in page.findChildren(QAbstractButton):
        if button.isVisibleTo(page):
            assert button.accessibleName(), button
            assert button.focusPolicy() is not Qt.FocusPolicy.NoFocus or not button.isEnabled()


def test_neither_drawing_nor_printing_is_loaded_before_it_is_needed() -> None:
    """They would make the program start a second later."""
    heavy = ("reportlab", "PySide6.QtPdf", "PySide6.QtPrintSupport")
    code = f"import sys, livingwell_desktop.ui.care_plan; print([m for m in {heavy!r} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_no_width_or_text_size_makes_the_page_wider_than_its_window(draft: Draft, scale: int) -> None:
    page = draft()
    theme.set_scale(scale)
    page.resize(848, 600)
    assert page.size().width() == 848
    assert page.minimumSizeHint().width() <= 848
