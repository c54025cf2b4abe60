"""The plan page while another desk writes, and typing that is kept."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.plans import Action, ActionState
from livingwell_desktop.services import plan_writing, plans
from livingwell_desktop.storage import Author, Store, edit
from livingwell_desktop.ui.care_plan import PlanPage
from livingwell_desktop.ui.care_plan.forms import ActionForm, GoalForm, PlanForm, WholePlanForm
from livingwell_desktop.ui.pages import PlanPlace
from livingwell_desktop.ui.widgets.conflict_strip import ConflictStrip
from livingwell_desktop.ui.widgets.notices import Notice
from tests.conftest import StillClock
from tests.storage.test_store import deliver
from tests.ui.care_plan.ngozi import ASK_LANDLORD, KEEP_FLAT, LAW_CENTRE, TABLET
from tests.ui.care_plan.plan_steps import form, press, the
from tests.ui.people import centre
from tests.ui.people.centre import COUNCIL, JO, NGOZI, TUNDE
from tests.ui.widgets.answers import Answers

Opened = Callable[..., PlanPage]
Draft = Callable[[], PlanPage]


def test_a_change_that_arrives_while_a_form_is_open_is_said_and_a_different_date_is_asked_about(
    draft: Draft, filled: Store, answers: Answers
) -> None:
    """Tunde moves the date at his desk while Maya types another one."""

    page = draft()

    def fill(body: QWidget) -> None:
        action = form(body, ActionForm)
        action.due.set_value("30", "11", "2026")
        elsewhere = edit(the(filled, Action, ASK_LANDLORD), due=date(2026, 12, 4))
        filled.write([elsewhere], [], Author(TUNDE, centre.CENTRE_A, "write a care plan"))
        assert action.due.value() == ("30", "11", "2026")
        assert "Tunde Bakare changed this" in action.news.accessibleName()

    answers.expect("Change the action", True, fill)
    press(page, Qt.Key.Key_E)
    held = the(filled, Action, ASK_LANDLORD)
    assert {each.value for each in held.conflicts["due"]} == {"2026-11-30", "2026-12-04"}
    strip = page.body.cards[KEEP_FLAT].findChild(ConflictStrip)
    assert strip is not None
    assert "Tunde Bakare" in {option.author for option in strip.options}
    shown = {str(option.shown): option.value for option in strip.options}
    assert set(shown) == {"30 November 2026", "4 December 2026"}
    strip.chosen.emit(shown["4 December 2026"])
    settled = the(filled, Action, ASK_LANDLORD)
    assert not settled.conflicts
    assert settled.value.due == date(2026, 12, 4)
    assert not page.body.cards[KEEP_FLAT].conflict.count()


def test_who_does_it_is_one_question_settled_with_the_organisation(draft: Draft, filled: Store) -> None:
    page = draft()
    held = the(filled, Action, TABLET)
    at = centre.practice(filled)
    plans.change_action(at, held, owner_staff=TUNDE, owner_organisation=COUNCIL)
    mine = edit(held, owner_staff=JO, owner_organisation=centre.THAMES_REACH)
    filled.write([mine], [], Author(JO, centre.CENTRE_A, "write a care plan"))
    strip = page.findChild(ConflictStrip)
    assert strip is not None
    assert {option.shown for option in strip.options} == {"Tunde Bakare, Lambeth Council", "Jo Castell, Thames Reach"}
    chosen = next(option for option in strip.options if option.shown.startswith("Jo"))
    strip.chosen.emit(chosen.value)
    settled = the(filled, Action, TABLET)
    assert not settled.conflicts
    assert (settled.value.owner_staff, settled.value.owner_organisation) == (JO, centre.THAMES_REACH)


def test_a_question_can_be_decided_later_and_typed_anew(draft: Draft, filled: Store) -> None:
    page = draft()
    held = the(filled, Action, ASK_LANDLORD)
    plans.change_action(centre.practice(filled), held, due=date(2026, 11, 30))
    filled.write([edit(held, due=date(2026, 12, 4))], [], Author(TUNDE, centre.CENTRE_A, "write a care plan"))
    strip = page.findChild(ConflictStrip)
    assert strip is not None
    strip.later.emit()
    assert page.body.cards[KEEP_FLAT].conflict.count() == 1
    notice = next(each for each in page.body.cards[KEEP_FLAT].findChildren(Notice) if each.isVisibleTo(page))
    notice.followed.emit()
    again = next(each for each in page.findChildren(ConflictStrip) if each.isVisibleTo(page))
    again.chosen.emit("3 12 2026")
    assert the(filled, Action, ASK_LANDLORD).value.due == date(2026, 12, 3)


def test_typing_is_kept_when_the_desk_is_locked_and_offered_again(
    draft: Draft, opened: Opened, filled: Store, answers: Answers
) -> None:
    page = draft()

    def fill(body: QWidget) -> None:
        action = form(body, ActionForm)
        action.what.edit.setText("Ring the cou")
        page.leave()
        draft = plan_writing.typing(centre.practice(filled), NGOZI)
        assert draft is not None
        assert draft.body["typed"]["what"] == "Ring the cou"

    answers.expect("Add an action", True, fill)
    press(page, Qt.Key.Key_A)
    after = opened(PlanPage, PlanPlace(NGOZI))
    assert after.body.draft.isVisible()
    seen: list[str] = []
    answers.expect("Add an action", False, lambda body: seen.append(form(body, ActionForm).what.text()))
    after.body.draft.followed.emit()
    assert seen == ["Ring the cou"]
    assert plan_writing.typing(centre.practice(filled), NGOZI) is None


def test_another_desks_change_is_shown_and_the_chosen_action_stays(
    draft: Draft, filled: Store, clock: StillClock
) -> None:
    page = draft()
    press(page, Qt.Key.Key_Down)
    clock.pass_(minutes=3)
    change = edit(the(filled, Action, TABLET), state=ActionState.DONE)
    filled.write([change], [], Author(JO, centre.CENTRE_A, "write a care plan"))
    assert page.body.chosen_action() == LAW_CENTRE
    assert page.head.saved.text() == "Saved 10:46am"


def test_every_form_puts_back_what_was_typed(draft: Draft) -> None:
    page = draft()
    subject = page.sheets
    assert subject.form is None
    whose = page._subject.whose if page._subject else None
    assert whose is not None
    forms: list[PlanForm] = [
        GoalForm(None, whose, ()),
        WholePlanForm(None, whose, (), date(2027, 2, 23)),
        ActionForm(None, whose, (), (), KEEP_FLAT),
    ]
    for each in forms:
        typed = each.typing()
        each.set_typing(typed)
        assert each.typing() == typed


def test_a_question_from_another_desk_is_shown_when_it_arrives_and_settled_by_keys(
    draft: Draft, filled: Store, new_store: Callable[..., Store]
) -> None:
    """Two desks, no network: each moves the same date. Then the changes of the other desk arrive here."""
    page, other = draft(), new_store("room 3")
    deliver(filled, other)
    plans.change_action(centre.practice(filled), the(filled, Action, ASK_LANDLORD), due=date(2026, 11, 30))
    plans.change_action(centre.practice(other, TUNDE), the(other, Action, ASK_LANDLORD), due=date(2026, 12, 4))
    deliver(other, filled)
    page.refresh()
    strip = page.body.cards[KEEP_FLAT].findChild(ConflictStrip)
    assert strip is not None
    assert "Two people changed the date of this action" in strip.accessibleName()
    chosen = next(n for n, option in enumerate(strip.options, 1) if option.author == "Tunde Bakare")
    press(page, Qt.Key(Qt.Key.Key_0 + chosen))
    assert strip.choice() == "2026-12-04"
    strip.use_button.setFocus()
    press(page, Qt.Key.Key_Return)
    assert not the(filled, Action, ASK_LANDLORD).conflicts
    assert the(filled, Action, ASK_LANDLORD).value.due == date(2026, 12, 4)
