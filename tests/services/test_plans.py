"""The verbs of a plan: one wording on screen and on paper, versions, stopping, typing that is kept."""

from collections.abc import Callable
from datetime import date

import pytest

from livingwell_desktop.domain.assessments import Need, NeedState
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plan_rules import Standing, check_code
from livingwell_desktop.domain.plans import Action, ActionState, AgreementAnswer, Goal, OwnerKind, PlanVersion
from livingwell_desktop.services import attention, people, plan_writing, plans
from livingwell_desktop.services.documents import prepare
from livingwell_desktop.services.plans import PlanOnScreen
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store, edit
from tests.conftest import StillClock
from tests.storage.test_store import deliver
from tests.ui.care_plan.ngozi import ASK_LANDLORD, HOUSING, KEEP_FLAT, MONEY, SLEEP, TABLET, fill, with_plan
from tests.ui.people import centre
from tests.ui.people.centre import COUNCIL, NGOZI, SLAM


@pytest.fixture
def maya(store: Store) -> Practice:
    """Maya, Ngozi's key worker, at her desk."""
    fill(store)
    return centre.practice(store)


def shown(practice: Practice) -> PlanOnScreen:
    plan = plans.plan_of(practice, NGOZI)
    assert plan is not None
    return plan


def agree(practice: Practice, key: str, answer: AgreementAnswer = AgreementAnswer.AGREED, reason: str = "") -> None:
    plan = shown(practice)
    party = next(each for each in plan.parties if each.key == key)
    plans.record_answer(practice, plan, party, answer, how="in the room", reason=reason)


def test_needs_to_plan_are_those_no_goal_is_about_the_chosen_first(maya: Practice) -> None:
    assert [held.id for held in plan_writing.needs_to_plan(maya, NGOZI)] == [HOUSING, SLEEP, MONEY]
    with_plan(maya.whole)
    assert [held.id for held in plan_writing.needs_to_plan(maya, NGOZI)] == [MONEY]


def test_screen_and_paper_name_the_same_wording(maya: Practice) -> None:
    with_plan(maya.whole)
    agree(maya, "person")
    agree(maya, str(SLAM))
    plan = shown(maya)
    assert not plan.is_draft
    paper = prepare(maya, "plan", NGOZI)
    assert (paper.version, paper.check_code) == ("1", check_code(plan.fingerprint))


def test_a_withdrawn_agreement_makes_it_a_draft_again(maya: Practice, clock: StillClock) -> None:
    with_plan(maya.whole)
    agree(maya, "person")
    agree(maya, str(SLAM))
    clock.pass_(minutes=1)
    agree(maya, "person", AgreementAnswer.DECLINED, "I thought again.")
    plan = shown(maya)
    assert plan.is_draft
    assert plan.number == 2
    clock.pass_(minutes=1)
    agree(maya, "person")
    assert sorted(held.value.number for held in maya.whole.find(PlanVersion, person=NGOZI)) == [1, 2]


def test_how_far_an_action_is_leaves_agreements_alone_and_stopping_it_does_not(maya: Practice) -> None:
    with_plan(maya.whole)
    agree(maya, str(COUNCIL))
    held = maya.whole.get(Action, ASK_LANDLORD)
    assert held is not None
    plans.set_state(maya, held, ActionState.DONE)
    assert {each.key: each.standing for each in shown(maya).parties}[str(COUNCIL)] is Standing.AGREED
    held = maya.whole.get(Action, ASK_LANDLORD)
    assert held is not None
    plans.stop_action(maya, held)
    assert {each.key: each.standing for each in shown(maya).parties}[str(COUNCIL)] is Standing.WAITING


def test_a_need_is_not_met_again_only_when_its_last_goal_stops(maya: Practice) -> None:
    with_plan(maya.whole)
    need = maya.whole.get(Need, HOUSING)
    assert need is not None
    second = plans.add_goal(maya, shown(maya).plan, "A dry room.", need=need)
    for goal, state in ((KEEP_FLAT, NeedState.IN_PLAN), (second, NeedState.NOT_MET)):
        held = maya.whole.get(Goal, goal)
        assert held is not None
        plans.stop_goal(maya, held)
        after = maya.whole.get(Need, HOUSING)
        assert after is not None
        assert after.value.state is state


def test_typing_is_kept_for_its_writer_and_forgotten_when_saved(maya: Practice) -> None:
    plan_writing.keep_typing(maya, NGOZI, "goal", {"words": "I wa"}, None)
    plan_writing.keep_typing(maya, NGOZI, "goal", {"words": "I want"}, None)
    kept = plan_writing.typing(maya, NGOZI)
    assert kept is not None
    assert kept.body["typed"] == {"words": "I want"}
    assert plan_writing.typing(centre.practice(maya.whole, centre.TUNDE), NGOZI) is None
    plan_writing.forget_typing(maya, NGOZI)
    assert plan_writing.typing(maya, NGOZI) is None


def test_reception_neither_sees_nor_writes_plans(maya: Practice) -> None:
    rosa = centre.practice(maya.whole, centre.ROSA)
    with pytest.raises(Problem, match="You cannot do this"):
        plans.plan_of(rosa, NGOZI)
    with pytest.raises(Problem, match="You cannot do this"):
        plans.start(rosa, NGOZI)


def test_plans_due_are_the_oldest_first(maya: Practice) -> None:
    with_plan(maya.whole)
    assert plans.plans_due(maya, date(2027, 2, 22)) == ()
    assert [person.id for _plan, person in plans.plans_due(maya, date(2027, 2, 23)) if person] == [NGOZI]


def test_the_owner_of_an_action_is_one_decision_in_four_fields(
    maya: Practice, new_store: Callable[..., Store], clock: StillClock
) -> None:
    """Maya sets a worker, Tunde at his desk the person: each answer brings its whole owner."""
    with_plan(maya.whole)
    other = new_store("other")
    deliver(maya.whole, other)
    tunde = centre.practice(other, centre.TUNDE)
    for action in (ASK_LANDLORD, TABLET):
        mine, theirs = maya.whole.get(Action, action), other.get(Action, action)
        assert mine is not None
        assert theirs is not None
        plans.change_action(maya, mine, owner_staff=centre.ROSA, owner_organisation=centre.CERTITUDE)
        clock.pass_(minutes=1)
        plans.change_action(
            tunde, theirs, owner_kind=OwnerKind.PERSON, owner_staff=None, owner_organisation=None, owner_name=""
        )
    deliver(other, maya.whole)
    for action, author in ((ASK_LANDLORD, centre.MAYA), (TABLET, centre.TUNDE)):
        held = maya.whole.get(Action, action)
        assert held is not None
        lead = plan_writing.owner_in_conflict(held)
        change = next(each.change for each in held.conflicts[lead] if each.staff == author)
        plan_writing.settle_owner(maya, held, change)
        settled = maya.whole.get(Action, action)
        assert settled is not None
        assert not settled.conflicts
        value = settled.value
        owner = (value.owner_kind, value.owner_staff, value.owner_organisation, value.owner_name)
        if author == centre.MAYA:
            assert owner == (OwnerKind.WORKER, centre.ROSA, centre.CERTITUDE, "")
        else:
            assert owner == (OwnerKind.PERSON, None, None, "")


def test_a_worker_chosen_over_a_carer_leaves_no_name_of_the_carer_behind(maya: Practice) -> None:
    with_plan(maya.whole)
    held = maya.whole.get(Action, TABLET)
    assert held is not None
    carer = {"owner_kind": OwnerKind.CARER, "owner_staff": None, "owner_organisation": None, "owner_name": "Chidi"}
    plans.change_action(maya, held, **carer)
    # As an earlier version wrote it: only what differed.
    maya.write(Act.PLAN, [edit(held, owner_staff=centre.ROSA, owner_organisation=centre.CERTITUDE)])
    held = maya.whole.get(Action, TABLET)
    assert held is not None
    change = next(each.change for each in held.conflicts["owner_staff"] if each.value == str(centre.ROSA))
    plan_writing.settle_owner(maya, held, change)
    settled = maya.whole.get(Action, TABLET)
    assert settled is not None
    assert settled.value.owner_kind is OwnerKind.WORKER
    assert (settled.value.owner_staff, settled.value.owner_name) == (centre.ROSA, "")


def test_a_form_that_is_saved_takes_its_draft_along_in_the_same_act(maya: Practice) -> None:
    with_plan(maya.whole)
    plan_writing.keep_typing(maya, NGOZI, "goal", {"words": "I want"}, None)
    kept = plan_writing.typing(maya, NGOZI)
    held = maya.whole.get(Goal, KEEP_FLAT)
    assert kept is not None
    assert held is not None
    plans.change_goal(maya, held, forget=kept.id, words="I want to stay.")
    assert plan_writing.typing(maya, NGOZI) is None


def test_attention_asks_who_does_an_action_once_and_settles_the_whole_owner(maya: Practice, clock: StillClock) -> None:
    with_plan(maya.whole)
    held = maya.whole.get(Action, TABLET)
    assert held is not None
    plans.change_action(maya, held, owner_staff=centre.ROSA, owner_organisation=centre.CERTITUDE)
    clock.pass_(minutes=1)
    plans.change_action(maya, held, owner_kind=OwnerKind.PERSON, owner_staff=None, owner_organisation=None)
    (question,) = attention.attention(maya).questions
    assert [each.words for each in question.choices] == ["Rosa Mensah", "The person"]
    people.settle_field(maya, question.held, question.field.name, question.choices[0].value)
    settled = maya.whole.get(Action, TABLET)
    assert settled is not None
    assert not settled.conflicts
    value = settled.value
    assert (value.owner_kind, value.owner_staff, value.owner_organisation) == (
        OwnerKind.WORKER, centre.ROSA, centre.CERTITUDE,
    )  # fmt: skip
