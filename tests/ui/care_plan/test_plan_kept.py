"""Typing of a plan that is kept: what another desk writes meanwhile is never written over."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from livingwell_desktop.domain.plans import Action, Goal, Plan
from livingwell_desktop.services import plan_writing
from livingwell_desktop.storage import Author, Store, edit
from livingwell_desktop.ui.care_plan import PlanPage
from livingwell_desktop.ui.care_plan.answer_form import AnswerForm
from livingwell_desktop.ui.care_plan.forms import ActionForm, GoalForm, PlanForm, WholePlanForm
from livingwell_desktop.ui.pages import PlanPlace
from tests.ui.care_plan.ngozi import ASK_LANDLORD, KEEP_FLAT, PLAN
from tests.ui.care_plan.plan_steps import form, the
from tests.ui.people import centre
from tests.ui.people.centre import JO, NGOZI, TUNDE
from tests.ui.widgets.answers import Answers

Opened = Callable[..., PlanPage]
Draft = Callable[[], PlanPage]

KINDS = {
    "action": (Action, ASK_LANDLORD, "Change the action", "what", lambda page: page.change_action()),
    "goal": (Goal, KEEP_FLAT, "Change the goal", "words", lambda page: page.change_goal()),
    "plan": (Plan, PLAN, "The plan and its review", "in_own_words", lambda page: page.change_plan()),
}


def box(body: QWidget) -> object:
    return body.what if isinstance(body, ActionForm) else body.words  # type: ignore[attr-defined]  # a plan form


def type_and_lock(page: PlanPage, answers: Answers, title: str, run: Callable[[PlanPage], None], words: str) -> None:
    """What happens at a lock: the sheet is hidden, not refused, and the page keeps what is typed."""

    def fill(body: QWidget) -> None:
        box(body).set_text(words)  # type: ignore[attr-defined]  # a text field
        assert isinstance(body, PlanForm)
        body.typed.emit()
        page.leave()
        raise LockedError

    answers.expect(title, True, fill)
    with pytest.raises(LockedError):
        run(page)


class LockedError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_form_that_is_resumed_never_writes_over_another_desk(
    kind: str, draft: Draft, opened: Opened, filled: Store, answers: Answers
) -> None:
    record_type, record, title, name, run = KINDS[kind]
    type_and_lock(draft(), answers, title, run, "What I typed")
    elsewhere = edit(the(filled, record_type, record), **{name: "What Tunde wrote"})
    filled.write([elsewhere], [], Author(TUNDE, centre.CENTRE_A, "write a care plan"))
    again = opened(PlanPage, PlanPlace(NGOZI))
    said: list[str] = []

    def look(body: QWidget) -> None:
        assert isinstance(body, PlanForm)
        said.append(body.news.accessibleName())
        assert box(body).text() == "What I typed"  # type: ignore[attr-defined]  # a text field

    answers.expect(title, True, look)
    again.body.draft.followed.emit()
    assert "Tunde Bakare changed this" in said[0]
    held = the(filled, record_type, record)
    assert {each.value for each in held.conflicts[name]} == {"What I typed", "What Tunde wrote"}


def test_what_was_not_touched_in_a_kept_form_is_not_a_question(
    draft: Draft, opened: Opened, filled: Store, answers: Answers
) -> None:
    """Only the words were typed; the date that Tunde moved meanwhile stands."""
    type_and_lock(draft(), answers, "Change the action", lambda page: page.change_action(), "Ask the landlord again")
    elsewhere = edit(the(filled, Action, ASK_LANDLORD), due=date(2026, 12, 4))
    filled.write([elsewhere], [], Author(TUNDE, centre.CENTRE_A, "write a care plan"))
    again = opened(PlanPage, PlanPlace(NGOZI))
    seen: list[tuple[str, str, str]] = []
    answers.expect("Change the action", True, lambda body: seen.append(form(body, ActionForm).due.value()))
    again.body.draft.followed.emit()
    held = the(filled, Action, ASK_LANDLORD)
    assert seen == [("4", "12", "2026")]
    assert not held.conflicts
    assert (held.value.what, held.value.due) == ("Ask the landlord again", date(2026, 12, 4))


def test_why_somebody_declined_is_kept_and_offered_again(
    draft: Draft, opened: Opened, filled: Store, answers: Answers
) -> None:
    page = draft()

    def fill(body: QWidget) -> None:
        shown = form(body, AnswerForm)
        shown.answer.set_code("declined")
        shown.reason.set_text("It is too much at once")
        shown.typed.emit()
        page.leave()
        raise LockedError

    answers.expect("What does Ngozi say?", True, fill)
    with pytest.raises(LockedError):
        page.answer("person")
    again = opened(PlanPage, PlanPlace(NGOZI))
    seen: list[tuple[str | None, str]] = []

    def look(body: QWidget) -> None:
        shown = form(body, AnswerForm)
        seen.append((shown.answer.code(), shown.reason.text()))

    answers.expect("What does Ngozi say?", True, look)
    again.body.draft.followed.emit()
    assert seen == [("declined", "It is too much at once")]
    assert plan_writing.typing(centre.practice(filled), NGOZI) is None


def test_an_answer_of_one_party_is_not_offered_to_another(
    draft: Draft, opened: Opened, filled: Store, answers: Answers
) -> None:
    page = draft()
    of_another = {"party": str(UUID(int=9)), "reason": "No", "answer": "declined"}
    plan_writing.keep_typing(centre.practice(filled), NGOZI, "answer", of_another, None)
    page.resume()
    assert not answers.asked


def test_a_form_is_kept_while_somebody_types_steadily(
    draft: Draft, filled: Store, answers: Answers, qtbot: QtBot
) -> None:
    page = draft()
    seen: list[QWidget] = []

    def fill(body: QWidget) -> None:
        seen.append(body)
        raise LockedError

    answers.expect("Change the goal", True, fill)
    with pytest.raises(LockedError):
        page.change_goal()
    words = form(seen[0], GoalForm).words

    def kept_while_typing() -> bool:
        words.set_text(words.text() + "a")
        seen[0].typed.emit()  # type: ignore[attr-defined]  # a plan form
        return plan_writing.typing(centre.practice(filled), NGOZI) is not None

    qtbot.waitUntil(kept_while_typing, timeout=2000)


def test_saving_leaves_no_draft_behind(draft: Draft, filled: Store, answers: Answers) -> None:
    page = draft()

    def fill(body: QWidget) -> None:
        form(body, GoalForm).words.set_text("I want to keep my flat and my cat.")
        page.sheets.keep()
        assert plan_writing.typing(centre.practice(filled), NGOZI) is not None

    answers.expect("Change the goal", True, fill)
    page.change_goal()
    assert plan_writing.typing(centre.practice(filled), NGOZI) is None
    assert the(filled, Goal, KEEP_FLAT).value.words == "I want to keep my flat and my cat."


def test_whose_word_it_is_does_not_matter_for_the_whole_plan(
    draft: Draft, opened: Opened, filled: Store, answers: Answers
) -> None:
    """The review that Jo moved meanwhile stands beside the words that were typed."""
    type_and_lock(draft(), answers, "The plan and its review", lambda page: page.change_plan(), "I want my keys.")
    elsewhere = edit(the(filled, Plan, PLAN), review_on=date(2027, 3, 1))
    filled.write([elsewhere], [], Author(JO, centre.CENTRE_A, "write a care plan"))
    again = opened(PlanPage, PlanPlace(NGOZI))
    answers.expect("The plan and its review", True, lambda body: form(body, WholePlanForm))
    again.body.draft.followed.emit()
    held = the(filled, Plan, PLAN)
    assert (held.value.in_own_words, held.value.review_on) == ("I want my keys.", date(2027, 3, 1))
    assert not held.conflicts
