"""What a person shares with whom: said, refused, withdrawn, with its history; and what a partner then sees."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from livingwell_desktop.domain.emergency_opening import OpeningReason
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Organisation, Role, Staff
from livingwell_desktop.domain.people import AboutMe, Decision, Section
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.services import assessments, emergency, people, plans, sharing, story
from livingwell_desktop.services.practice import Practice, RefusedError
from livingwell_desktop.storage import Author, Store, create, edit
from tests.conftest import StillClock
from tests.ui.care_plan.ngozi import fill, with_plan
from tests.ui.people import centre
from tests.ui.people.centre import COUNCIL, JO, NGOZI, ROSA, SLAM, THAMES_REACH, TUNDE

GOALS, HEALTH, ABOUT = Section.GOALS_AND_ACTIONS, Section.HEALTH, Section.ABOUT_ME


@pytest.fixture
def maya(store: Store) -> Practice:
    fill(store)
    with_plan(store)
    about = AboutMe(person=NGOZI, most_important="I want to keep my flat.")
    store.write([create(kind_of(AboutMe).id_for(NGOZI), about)], [], Author(None, None, "made up"))
    partner = store.get(Organisation, THAMES_REACH)
    assert partner is not None
    store.write([edit(partner, by_agreement=True)], [], Author(None, None, "made up"))
    return centre.practice(store)


@pytest.fixture
def jo(maya: Practice) -> Practice:
    """Jo of Thames Reach, which sees only what each person agreed to."""
    return centre.practice(maya.whole, JO)


def said(practice: Practice, organisation: UUID, decision: Decision, *sections: Section) -> UUID:
    practice.clock.pass_(minutes=1)  # type: ignore[attr-defined]  # the still clock of the tests
    return sharing.record_sharing(practice, NGOZI, organisation, decision, sections)


def test_a_partner_sees_the_parts_that_are_shared_as_of_now(maya: Practice, jo: Practice, clock: StillClock) -> None:
    said(maya, THAMES_REACH, Decision.GIVEN, GOALS)
    assert plans.plan_of(jo, NGOZI) is not None
    assert story.needs(jo, NGOZI)
    assert people.about_me(jo, NGOZI) is None
    assert assessments.responses(jo, NGOZI) == ()
    said(maya, THAMES_REACH, Decision.GIVEN, ABOUT)
    assert people.about_me(jo, NGOZI) is not None
    assert plans.plan_of(jo, NGOZI) is None
    assert story.needs(jo, NGOZI) == ()
    said(maya, THAMES_REACH, Decision.WITHDRAWN)
    with pytest.raises(RefusedError) as refused:
        people.about_me(jo, NGOZI)
    assert refused.value.ruling.reason == "This person does not share their record with your organisation."
    assert refused.value.ruling.in_emergency


def test_what_a_partner_may_not_see_is_in_no_list_and_no_number(maya: Practice, jo: Practice) -> None:
    until = maya.today() + timedelta(days=400)
    said(maya, THAMES_REACH, Decision.GIVEN, GOALS)
    assert len(plans.plans_due(jo, until)) == len(plans.plans_due(maya, until)) == 1
    said(maya, THAMES_REACH, Decision.REFUSED)
    assert plans.plans_due(jo, until) == ()
    assert sharing.sharing_due(jo) == ()


def test_a_part_that_is_not_shared_cannot_be_written(maya: Practice, jo: Practice) -> None:
    said(maya, THAMES_REACH, Decision.GIVEN, GOALS)
    plan = plans.plan_of(jo, NGOZI)
    assert plan is not None
    plans.change_plan(jo, plan.plan, in_own_words="I want to stay")
    with pytest.raises(RefusedError) as refused:
        assessments.start(jo, NGOZI, "dialog")
    assert refused.value.ruling.reason.endswith("health and medicines.")


def test_a_refusal_counts_for_the_centres_own_teams_too_but_not_for_the_key_workers(
    maya: Practice, clock: StillClock
) -> None:
    tunde = centre.practice(maya.whole, TUNDE)
    said(maya, COUNCIL, Decision.REFUSED)
    said(maya, SLAM, Decision.REFUSED)
    assert not tunde.may(Act.SEE_CLINICAL, NGOZI).allowed
    assert maya.may(Act.SEE_CLINICAL, NGOZI).allowed, "Maya is her key worker"


def test_the_history_keeps_everything_that_was_said(maya: Practice, clock: StillClock) -> None:
    before = len(story.sharing_history(maya, NGOZI))
    said(maya, COUNCIL, Decision.REFUSED)
    clock.pass_(minutes=1)
    record = sharing.record_sharing(
        maya, NGOZI, COUNCIL, Decision.GIVEN, (ABOUT, GOALS), sharing.WRITTEN, maya.today() + timedelta(days=90)
    )
    history = story.sharing_history(maya, NGOZI)
    assert len(history) == before + 2
    newest = next(held.value for held in history if held.id == record)
    assert newest.sections == (GOALS, ABOUT)
    assert (newest.how, newest.recorded_by, newest.decided_on) == ("written", maya.staff.id, maya.today())
    now = {each.organisation: each for each in people.banner(maya, NGOZI).sharing}
    assert now[COUNCIL].sections == {GOALS, ABOUT}


def test_what_is_shared_is_said_in_one_line(maya: Practice, clock: StillClock) -> None:
    said(maya, COUNCIL, Decision.REFUSED)
    said(maya, THAMES_REACH, Decision.GIVEN, GOALS, ABOUT)
    shown = people.banner(maya, NGOZI)
    assert sharing.sharing_words(shown.sharing, shown.alliance, maya.today()) == (
        "Shares everything with SLaM. Shares in part with Thames Reach (goals and actions and about me). "
        "Does not share with Lambeth Council."
    )
    assert sharing.sharing_words((), shown.alliance, maya.today()) == "Nobody has asked yet what may be shared."


def test_it_is_asked_again_on_its_day_until_something_newer_was_said(maya: Practice, clock: StillClock) -> None:
    sharing.record_sharing(maya, NGOZI, COUNCIL, Decision.GIVEN, (GOALS,), review_on=maya.today() + timedelta(days=1))
    assert sharing.sharing_due(maya) == ()
    clock.pass_(minutes=24 * 60)
    assert [each.agreement.value.organisation for each in sharing.sharing_due(maya)] == [COUNCIL]
    shown = people.banner(maya, NGOZI)
    assert "Ask again about Lambeth Council." in sharing.sharing_words(shown.sharing, shown.alliance, maya.today())
    said(maya, COUNCIL, Decision.WITHDRAWN)
    assert sharing.sharing_due(maya) == ()


def test_an_answer_that_makes_no_sense_is_not_written(maya: Practice) -> None:
    before = len(story.sharing_history(maya, NGOZI))
    for decision, sections, review in (
        (Decision.GIVEN, (), None),
        (Decision.GIVEN, (GOALS,), maya.today()),
    ):
        with pytest.raises(Problem):
            sharing.record_sharing(maya, NGOZI, COUNCIL, decision, sections, review_on=review)
    said(maya, COUNCIL, Decision.REFUSED)
    with pytest.raises(Problem) as problem:
        said(maya, COUNCIL, Decision.WITHDRAWN)
    assert problem.value.title == "There is nothing to withdraw"
    assert len(story.sharing_history(maya, NGOZI)) == before + 1


def test_the_privacy_officer_sees_everything_and_writes_nothing_clinical(maya: Practice) -> None:
    staff: Staff = replace(maya.staff.value, role=Role.PRIVACY_OFFICER, organisation=THAMES_REACH)
    ruth = replace(maya, staff=replace(maya.staff, value=staff))
    said(maya, THAMES_REACH, Decision.REFUSED)
    assert plans.plan_of(ruth, NGOZI) is not None
    assert not ruth.may(Act.PLAN, NGOZI).allowed


def test_nobody_gives_their_own_organisation_what_a_person_does_not_share(maya: Practice, jo: Practice) -> None:
    with pytest.raises(RefusedError, match="cannot do this") as refused:
        said(jo, THAMES_REACH, Decision.GIVEN, GOALS, HEALTH)
    assert "a colleague of another one" in refused.value.ruling.reason
    said(maya, THAMES_REACH, Decision.GIVEN, GOALS)
    with pytest.raises(RefusedError):
        said(jo, THAMES_REACH, Decision.GIVEN, GOALS, HEALTH)
    # What they share already may be written down anew, less of it too, and what they say about others.
    said(jo, THAMES_REACH, Decision.GIVEN, GOALS)
    said(jo, COUNCIL, Decision.GIVEN, HEALTH)
    said(jo, THAMES_REACH, Decision.WITHDRAWN)
    # In an emergency the record is open, and the privacy officer looks at that.
    emergency.open_record(jo, NGOZI, OpeningReason.IN_CRISIS_HERE, "At the door, very frightened.")
    said(jo, THAMES_REACH, Decision.GIVEN, GOALS)


def test_nobody_becomes_the_key_worker_of_a_person_who_does_not_share_with_them(maya: Practice, jo: Practice) -> None:
    for desk in (jo, centre.practice(maya.whole, ROSA)):
        held = people.details_of(desk, NGOZI)
        assert held is not None
        with pytest.raises(RefusedError):
            people.change_details(desk, held, key_worker=JO)
        people.change_details(desk, held, pronouns="she/her")
    held = people.details_of(maya, NGOZI)
    assert held is not None
    with pytest.raises(Problem) as problem:
        people.change_details(maya, held, key_worker=JO)
    assert "do not share their record with Thames Reach" in problem.value.fields[0].sentence
    said(maya, THAMES_REACH, Decision.GIVEN, GOALS)
    people.change_details(maya, held, key_worker=JO)
    assert not jo.may(Act.SEE_CLINICAL, NGOZI).reason
