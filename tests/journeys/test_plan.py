"""The joint care plan: agreed by those it names, printed in the person's format, and who has a copy is written down."""

from uuid import UUID

import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.domain.notes import DocumentGiven
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.plans import AgreementAnswer, PlanVersion
from livingwell_desktop.services import plans
from livingwell_desktop.ui.pages import PlanPlace
from tests.desk import DeskWindow
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


def new_action(desk: DeskWindow, person: UUID) -> None:
    """An action for Jo of Thames Reach, by Friday: the plan becomes a draft again."""
    desk.go(PlanPlace(person)).until_shown("Who agrees")
    desk.press("A").until_shown("What will happen")
    desk.type("Ring the law centre together").press("Tab").press("Right").press("Tab")
    desk.type("Jo").press("Tab").type("27").press("Tab").type("11").press("Tab").type("2026")
    desk.press("Enter").until_shown("Version 4, draft")


def paper(desk: DeskWindow, form: PrintFormat) -> bytes:
    prepared = until(lambda: _prepared(desk, form), f"the paper in {form.value}")
    assert prepared.pdf.startswith(b"%PDF-")
    return bytes(prepared.pdf)


def _prepared(desk: DeskWindow, form: PrintFormat) -> object | None:
    prepared = getattr(desk.page(), "prepared", None)
    return prepared if prepared is not None and prepared.format == form else None


def versions(desk: DeskWindow, person: UUID) -> list[int]:
    return sorted(held.value.number for held in desk.desk.store.find(PlanVersion) if held.value.person == person)


def test_a_change_is_agreed_and_becomes_a_version_on_every_desk(
    rosa: DeskWindow, maya: DeskWindow, ngozi: UUID
) -> None:
    before = versions(maya, ngozi)
    new_action(maya, ngozi)
    assert versions(maya, ngozi) == before
    maya.press("R").press("Enter").until_shown("What they say").press("Enter").until_shown("1 of 5 agree")
    maya.press("R").press("Enter").until_shown("What they say").press("Enter").until_shown("Version 4, agreed")
    plan = plans.plan_of(maya.desk.practice, ngozi)
    assert plan is not None
    agreed = [party for party in plan.parties if party.answer and party.answer.value.answer is AgreementAnswer.AGREED]
    assert len(agreed) >= 2
    assert versions(maya, ngozi) == [*before, 4]
    actions = [held.value for goal in plan.goals for held in goal.actions]
    ring = next(action for action in actions if action.what == "Ring the law centre together")
    assert str(ring.due) == "2026-11-27"
    assert ring.owner_organisation is not None
    until(lambda: versions(rosa, ngozi) == [*before, 4], "the version reaches the other desk")


def test_three_formats_in_one_key_each_and_who_has_a_copy(rosa: DeskWindow, maya: DeskWindow, ngozi: UUID) -> None:
    maya.go(PlanPlace(ngozi)).until_shown("Who agrees")
    given = maya.desk.store.count(DocumentGiven, person=ngozi)
    maya.presses = 0
    maya.press("Ctrl+P")
    large = paper(maya, PrintFormat.LARGE_PRINT)  # what Ngozi asked for
    assert maya.presses == 1
    papers = {large}
    for key, form in (("1", PrintFormat.STANDARD), ("3", PrintFormat.EASY_READ), ("2", PrintFormat.LARGE_PRINT)):
        maya.press(key)
        papers.add(paper(maya, form))
    assert len(papers) == 3  # and the large print drawn twice is the same, byte by byte
    maya.press("Ctrl+G").until_shown("Given on paper to Ngozi")
    assert maya.desk.store.count(DocumentGiven, person=ngozi) == given + 1
    until(lambda: rosa.desk.store.count(DocumentGiven, person=ngozi) == given + 1, "reception knows who has a copy")
    maya.press("Esc").until_shown("Who agrees")


def test_a_printer_that_is_not_there_is_said_and_a_file_is_offered(maya: DeskWindow, ngozi: UUID) -> None:
    maya.go(PlanPlace(ngozi)).until_shown("Who agrees")
    maya.press("Ctrl+P")
    paper(maya, PrintFormat.LARGE_PRINT)
    maya.press("Ctrl+P").until_shown("No printer can be reached")
    assert maya.has_control("save as pdf")


def test_an_action_typed_while_the_plan_changes_next_door_stays(maya: DeskWindow, day: Day, ngozi: UUID) -> None:
    tunde = day.desk(NAMES[0]).sign_in("Tunde Bakare", demo_passphrase())
    maya.go(PlanPlace(ngozi)).until_shown("Who agrees")
    maya.press("A").until_shown("What will happen")
    maya.type("Ring the law centre")
    new_action(tunde, ngozi)
    until(lambda: len(actions(maya, ngozi)) == len(actions(tunde, ngozi)), "the other action arrives")
    maya.until_shown("Ring the law centre")
    maya.type(" again")
    assert "Ring the law centre again" in maya.words()
    maya.press("Esc")


def actions(desk: DeskWindow, person: UUID) -> list[UUID]:
    plan = plans.plan_of(desk.desk.practice, person)
    return [held.id for goal in plan.goals for held in goal.actions] if plan else []


def test_reception_may_not_open_the_plan_and_is_told_whom_to_ask(rosa: DeskWindow, ngozi: UUID) -> None:
    before = rosa.desk.window.place()
    rosa.go(PlanPlace(ngozi)).until_shown("Your role cannot see needs, assessments and plans")
    assert rosa.desk.window.place() == before
