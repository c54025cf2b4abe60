"""Assessments: drafts, completing in one act, needs, and what reception may not do."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from livingwell_desktop.domain.assessments import Need, NeedGroup, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.services import assessments
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, Changes, Store, edit
from tests.conftest import StillClock
from tests.ui.people import centre

AREAS = ("mental_health", "accommodation")


@pytest.fixture
def practice(furnished: Callable[..., Store]) -> Practice:
    return centre.practice(furnished(centre.fill))


def test_a_draft_is_this_members_own_and_returns_to_its_question(practice: Practice) -> None:
    begun = assessments.start(practice, centre.NGOZI, "dialog")
    assert begun.answers == {}
    assessments.keep(practice, begun, {"friendships": 4}, ("friendships",), "personal_safety")
    again = assessments.start(practice, centre.NGOZI, "dialog")
    assert (again.answers, again.chosen, again.item) == ({"friendships": 4}, ("friendships",), "personal_safety")
    assert again.draft.id == begun.draft.id
    other = assessments.start(centre.practice(practice.whole, centre.TUNDE), centre.NGOZI, "dialog")
    assert other.answers == {}
    assert [each.subject for each in assessments.drafts(practice)] == [centre.NGOZI]
    assessments.discard(practice, again)
    assert assessments.drafts(practice) == ()


def test_completing_is_one_act_with_the_needs_and_the_draft_goes(practice: Practice) -> None:
    heard: list[Changes] = []
    practice.whole.listen(heard.append)
    begun = assessments.keep(practice, assessments.start(practice, centre.NGOZI, "dialog"), {"accommodation": 2})
    response = assessments.complete(practice, begun, {"accommodation": 2}, AREAS, centre.VISIT)
    assert [changes.kinds for changes in heard] == [frozenset({"questionnaire_response", "need"})]
    held = practice.whole.get(QuestionnaireResponse, response)
    assert held is not None
    assert held.value.author == centre.MAYA
    assert held.value.authored_at == practice.now()
    assert held.value.visit == centre.VISIT
    assert assessments.drafts(practice) == ()
    needs = {each.value.area: each.value for each in practice.whole.find(Need, person=centre.NGOZI) if each.value.area}
    assert needs["accommodation"].group is NeedGroup.HOUSING_AND_LEGAL
    assert needs["mental_health"].title == "Mental health"
    assert {need.response for need in needs.values()} == {response}


def test_an_area_that_was_met_becomes_a_need_again_and_one_in_the_plan_stays_there(practice: Practice) -> None:
    begun = assessments.start(practice, centre.NGOZI, "dialog")
    assessments.complete(practice, begun, {}, AREAS)
    for state, after in ((NeedState.BEING_MET, NeedState.NOT_MET), (NeedState.IN_PLAN, NeedState.IN_PLAN)):
        (need,) = (each for each in practice.whole.find(Need, person=centre.NGOZI) if each.value.area == AREAS[0])
        practice.whole.write([edit(need, state=state)], [], Author(None, None, "change"))
        assessments.complete(practice, assessments.start(practice, centre.NGOZI, "dialog"), {}, AREAS[:1])
        (need,) = (each for each in practice.whole.find(Need, person=centre.NGOZI) if each.value.area == AREAS[0])
        assert need.value.state is after


def test_a_need_in_question_between_desks_does_not_stop_an_assessment(practice: Practice) -> None:
    assessments.complete(practice, assessments.start(practice, centre.NGOZI, "dialog"), {}, AREAS[:1])
    (need,) = (each for each in practice.whole.find(Need, person=centre.NGOZI) if each.value.area == AREAS[0])
    for state in (NeedState.BEING_MET, NeedState.NO_LONGER):
        practice.whole.write([edit(need, state=state)], [], Author(None, None, "change"))
    assessments.complete(practice, assessments.start(practice, centre.NGOZI, "dialog"), {}, AREAS[:1])
    assert practice.whole.in_conflict()


def test_impossible_answers_and_too_many_areas_are_refused_and_the_draft_stays(practice: Practice) -> None:
    begun = assessments.keep(practice, assessments.start(practice, centre.NGOZI, "dialog"), {"friendships": 4})
    with pytest.raises(Problem) as caught:
        assessments.complete(practice, begun, {"friendships": 9}, ())
    assert [each.field for each in caught.value.fields] == ["friendships"]
    with pytest.raises(Problem, match="Too many areas"):
        assessments.complete(practice, begun, {}, centre.DIALOG[:4])
    assert len(assessments.drafts(practice)) == 1
    assert practice.whole.count(QuestionnaireResponse, person=centre.NGOZI) == 1


def test_each_completed_assessment_knows_the_one_before(practice: Practice, clock: StillClock) -> None:
    for name, answers in (("dialog", {"friendships": 5}), ("gad7", {}), ("dialog", {"friendships": 6})):
        clock.pass_(days=1)
        assessments.complete(practice, assessments.start(practice, centre.NGOZI, name), answers, ())
    found = assessments.completed(practice, centre.NGOZI)
    assert [each.title for each in found] == ["DIALOG", "GAD-7", "DIALOG", "DIALOG"]
    before = [each.before.value.answers.get("friendships") if each.before else None for each in found]
    assert before == [5, None, 3, None]
    assert found[-1].scores[0].shown == "3.4"


def test_a_visit_has_one_assessment_of_a_kind_to_come_back_to(practice: Practice) -> None:
    assert assessments.completed_in(practice, centre.NGOZI, "dialog", centre.VISIT) is None
    begun = assessments.start(practice, centre.NGOZI, "dialog")
    response = assessments.complete(practice, begun, {"friendships": 4}, (), centre.VISIT)
    found = assessments.completed_in(practice, centre.NGOZI, "dialog", centre.VISIT)
    assert found is not None
    assert found.response.id == response
    assert found.before is not None
    assert assessments.completed_in(practice, centre.NGOZI, "phq9", centre.VISIT) is None
    assert assessments.completed_in(practice, centre.NGOZI, "dialog", None) is None


def test_a_need_that_was_said_is_added_last(practice: Practice) -> None:
    added = assessments.add_need(practice, centre.NGOZI, NeedGroup.SOCIAL, "  Bus pass ", "runs out")
    need = practice.whole.get(Need, added)
    assert need is not None
    assert replace(need.value, position=0) == Need(
        person=centre.NGOZI, group=NeedGroup.SOCIAL, title="Bus pass", detail="runs out", recorded_on=practice.today()
    )
    assert need.value.position > 7
    with pytest.raises(Problem, match="There is a problem"):
        assessments.add_need(practice, centre.NGOZI, NeedGroup.SOCIAL, "  ")


def test_reception_may_neither_ask_nor_read(practice: Practice) -> None:
    reception, begun = centre.practice(practice.whole, centre.ROSA), assessments.start(practice, centre.NGOZI, "dialog")
    for refused in (
        lambda: assessments.start(reception, centre.NGOZI, "dialog"),
        lambda: assessments.keep(reception, begun, {}),
        lambda: assessments.complete(reception, begun, {}, ()),
        lambda: assessments.completed(reception, centre.NGOZI),
        lambda: assessments.add_need(reception, centre.NGOZI, NeedGroup.SOCIAL, "Money"),
    ):
        with pytest.raises(Problem, match="You cannot do this"):
            refused()
