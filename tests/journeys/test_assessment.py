"""An assessment in an appointment: number keys, a draft that outlives the desk, what has changed, the needs."""

from uuid import UUID

import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.domain.assessments import Need, QuestionnaireResponse
from livingwell_desktop.domain.drafts import SharedDraft
from livingwell_desktop.domain.scoring import scores
from livingwell_desktop.domain.sessions import VisitState
from livingwell_desktop.services import assessments
from livingwell_desktop.services.arriving import visit_today
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.pages import AssessmentPlace, PersonPlace, TodayPlace
from tests.desk import DeskWindow
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow

FIRST = "How satisfied are you with your mental health?"
LAST_AREA = "How satisfied are you with your meetings with mental health professionals?"


@pytest.fixture
def ngozi(day: Day) -> UUID:
    return day.alliance.people["Ngozi Okafor"]


def drafts_of(store: Store, person: UUID) -> list[dict[str, object]]:
    return [dict(draft.body) for draft in store.drafts_about(person) if "answers" in draft.body]


def responses(desk: DeskWindow, person: UUID) -> int:
    return desk.desk.store.count(QuestionnaireResponse, person=person)


def test_from_the_board_to_the_needs_by_number_keys(rosa: DeskWindow, maya: DeskWindow, ngozi: UUID) -> None:
    before = responses(maya, ngozi)
    maya.assess("ngo oka", "Ngozi Okafor")
    assert maya.shows(FIRST)
    until(lambda: "Ngozi Okafor" in rosa.board("With someone"), "reception sees who is with someone")
    visit = visit_today(maya.desk.practice, ngozi)
    assert visit is not None
    assert visit.value.state is VisitState.WITH_SOMEONE
    maya.presses = 0
    maya.answer("44224544566").until_shown("What has changed, Ngozi?")
    # A number and Enter for each of the eleven areas; "more help needed?" is a key of its own.
    assert maya.presses == 22
    maya.click("work on accommodation").press("Enter").until_shown("Joint care plan")
    assert responses(maya, ngozi) == before + 1
    newest = maya.desk.store.find(QuestionnaireResponse, person=ngozi, order="authored_at", newest_first=True)[0].value
    given = [value for value in newest.answers.values() if isinstance(value, int) and not isinstance(value, bool)]
    assert sorted(given) == sorted([4, 4, 2, 2, 4, 5, 4, 4, 5, 6, 6])
    needs = [held.value for held in maya.desk.store.find(Need, person=ngozi)]
    assert any(need.area == "accommodation" for need in needs)
    assert not drafts_of(maya.desk.store, ngozi)
    until(lambda: responses(rosa, ngozi) == before + 1, "the response reaches the other desk")


def test_more_than_three_areas_cannot_be_chosen(maya: DeskWindow, ngozi: UUID) -> None:
    maya.assess("ngo oka", "Ngozi Okafor").answer("44224544566").until_shown("What has changed, Ngozi?")
    for area in ("mental_health", "accommodation", "job_situation"):
        maya.click(f"work on {area}")
    fourth = maya.control("work on physical_health")
    if fourth.isEnabled():
        maya.click("work on physical_health")
    assert len(maya.page().chosen) == 3  # type: ignore[attr-defined]  # the assessment page


def test_the_draft_outlives_a_desk_that_is_killed(maya: DeskWindow, day: Day, ngozi: UUID) -> None:
    maya.assess("ngo oka", "Ngozi Okafor")
    maya.press("4").press("Enter").press("2").press("Y")
    maya.control("notes").setFocus()
    maya.type("He shouts at night").until_shown("Draft saved")
    maya.table.kill()
    again = day.room_2()
    again.go(AssessmentPlace(ngozi)).until_shown("He shouts at night")
    assert len(drafts_of(again.desk.store, ngozi)) == 1


def test_the_score_on_the_page_is_the_score_of_the_answers(maya: DeskWindow, ngozi: UUID) -> None:
    maya.assess("ngo oka", "Ngozi Okafor").answer("44224544566").until_shown("What has changed, Ngozi?")
    maya.press("Enter").until_shown("Joint care plan")
    newest = assessments.completed(maya.desk.practice, ngozi)[0]
    assert newest.questionnaire is not None
    mean = next(score.value for score in scores(newest.questionnaire, newest.response.value.answers))
    assert mean == pytest.approx(sum((4, 4, 2, 2, 4, 5, 4, 4)) / 8, abs=0.05)
    maya.go(PersonPlace(ngozi, "assessments")).until_shown(f"{mean:.1f}")


def test_reception_cannot_assess_and_is_told_whom_to_ask(rosa: DeskWindow, ngozi: UUID) -> None:
    rosa.go(AssessmentPlace(ngozi)).until_shown("Nothing can be asked here")
    assert rosa.shows("Your role cannot record an assessment. Ask: key worker or team manager.")
    assert not drafts_of(rosa.desk.store, ngozi)


def test_an_assessment_begun_in_room_2_goes_on_at_another_desk(maya: DeskWindow, day: Day, ngozi: UUID) -> None:
    maya.assess("ngo oka", "Ngozi Okafor").answer("424").until_shown("Draft saved")
    answers = dict(maya.page().answers)  # type: ignore[attr-defined]  # the assessment page
    assert sorted(answers.values()) == [2, 4, 4]
    maya.go(TodayPlace()).until_sent()
    assert len(maya.desk.store.find(SharedDraft)) == 1
    maya.lock()
    there = day.desk(NAMES[0]).sign_in("Maya Lindqvist", demo_passphrase())
    until(lambda: there.desk.store.find(SharedDraft), "the draft comes along")
    there.go(PersonPlace(ngozi, "assessments")).until_shown("go on with the draft")
    there.go(AssessmentPlace(ngozi)).until_shown("How satisfied are you with")
    assert there.page().answers == answers  # type: ignore[attr-defined]  # the assessment page
