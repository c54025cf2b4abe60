"""Opening a record in an emergency: why, for how long, and the look that the privacy officer takes at it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from livingwell_desktop.domain.emergency_opening import OPEN_FOR, OpeningReason, OpeningReview, ReviewOutcome
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.permissions import Act, Tie
from livingwell_desktop.services import emergency, story
from livingwell_desktop.services.practice import Practice, RefusedError
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre
from tests.services.test_protected import elsewhere, with_role

WORDS = "She stands at the door of Centre B and cannot speak."
CRISIS = OpeningReason.IN_CRISIS_HERE


@pytest.fixture
def ngozi(centre: SmallCentre, rosa: Practice) -> UUID:
    """Ngozi, who comes to Centre A."""
    centre.here(rosa, "Ngozi Okafor")
    return centre.ids["Ngozi Okafor"]


@pytest.fixture
def far(centre: SmallCentre, maya: Practice) -> Practice:
    """A key worker of Centre B."""
    there = elsewhere(centre, maya)
    return replace(
        there, staff=replace(there.staff, id=centre.add("Bea", replace(there.staff.value, given_name="Bea")))
    )


@pytest.fixture
def ruth(maya: Practice) -> Practice:
    return with_role(maya, Role.PRIVACY_OFFICER)


def test_a_record_of_another_centre_is_refused_with_the_way_to_open_it(far: Practice, ngozi: UUID) -> None:
    assert far.tie(ngozi) is Tie.NONE
    with pytest.raises(RefusedError) as refused:
        story.needs(far, ngozi)
    assert refused.value.what_happened.startswith("You are not in this person’s care team")
    assert refused.value.what_to_do == "If it cannot wait, open the record in an emergency."


def test_an_opening_opens_it_for_a_while_to_whoever_opened_it(
    centre: SmallCentre, far: Practice, ngozi: UUID, clock: StillClock
) -> None:
    emergency.open_record(far, ngozi, CRISIS, WORDS)
    assert story.needs(far, ngozi) == ()
    assert far.may(Act.PLAN, ngozi).allowed
    standing = emergency.opening_now(far, ngozi)
    assert standing is not None
    assert standing.value.until == far.now() + OPEN_FOR
    colleague = replace(far, staff=replace(far.staff, id=centre.add("Abe", far.staff.value)))
    assert not colleague.may(Act.SEE_CLINICAL, ngozi).allowed
    clock.pass_(minutes=OPEN_FOR // timedelta(minutes=1))
    assert emergency.opening_now(far, ngozi) is None
    with pytest.raises(RefusedError):
        story.needs(far, ngozi)


def test_it_is_said_why(far: Practice, maya: Practice, rosa: Practice, ngozi: UUID) -> None:
    with pytest.raises(Problem) as short:
        emergency.open_record(far, ngozi, CRISIS, "  help ")
    assert short.value.fields[0].field == "words"
    with pytest.raises(Problem) as needless:
        emergency.open_record(maya, ngozi, CRISIS, WORDS)
    assert needless.value.title == "This record is open to you"
    with pytest.raises(RefusedError):
        emergency.open_record(rosa, ngozi, CRISIS, WORDS)


def test_the_privacy_officer_reviews_each_opening_once(far: Practice, ruth: Practice, ngozi: UUID) -> None:
    emergency.open_record(far, ngozi, CRISIS, WORDS)
    (task,) = emergency.to_review(ruth)
    assert (task.staff, task.person.value.name if task.person else "") == ("Bea Lindqvist", "Ngozi Okafor")
    assert task.opening.value.words == WORDS
    with pytest.raises(Problem):
        emergency.review(ruth, task.opening, ReviewOutcome.REPORTED)
    record = emergency.review(ruth, task.opening, ReviewOutcome.TALKED_ABOUT, "Bea was right to.")
    assert emergency.to_review(ruth) == ()
    held = ruth.store.get(OpeningReview, record)
    assert held is not None
    assert (held.value.reviewed_by, held.value.outcome) == (ruth.staff.id, ReviewOutcome.TALKED_ABOUT)
    with pytest.raises(Problem):
        emergency.review(ruth, task.opening, ReviewOutcome.RIGHT)


def test_nobody_reviews_their_own(far: Practice, ngozi: UUID) -> None:
    emergency.open_record(far, ngozi, CRISIS, WORDS)
    officer = with_role(far, Role.PRIVACY_OFFICER)
    (task,) = emergency.to_review(officer)
    with pytest.raises(Problem) as problem:
        emergency.review(officer, task.opening, ReviewOutcome.RIGHT)
    assert problem.value.title == "This opening was your own"
