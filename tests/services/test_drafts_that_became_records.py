"""What a draft became is written and the draft dropped in one transaction: a power cut leaves one or the other."""

from uuid import UUID

import pytest

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.people import Person
from livingwell_desktop.services import assessments, people, registration
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store
from tests.services.small_centre import SmallCentre
from tests.ui.people import centre as ngozis


class PowerCutError(Exception):
    """The process ends as soon as something was written."""


def cut(_changes: object) -> None:
    raise PowerCutError


def test_a_completed_assessment_never_leaves_its_draft(store: Store) -> None:
    """Listeners are told after the transaction: a crash there finds no draft to sign again."""
    ngozis.fill(store)
    practice = ngozis.practice(store)
    begun = assessments.keep(practice, assessments.start(practice, ngozis.NGOZI, "dialog"), {"friendships": 4})
    before = store.count(QuestionnaireResponse)
    store.listen(cut)
    with pytest.raises(PowerCutError):
        assessments.complete(practice, begun, {"friendships": 4}, ())
    assert store.count(QuestionnaireResponse) == before + 1
    assert not assessments.drafts(practice)


@pytest.mark.parametrize("check_in", [True, False])
def test_a_registration_never_leaves_its_draft(rosa: Practice, centre: SmallCentre, check_in: bool) -> None:
    draft: UUID = rosa.new_id()
    registration.keep_registration(rosa, draft, {"given_name": "Kit"})
    before = rosa.whole.count(Person)
    rosa.whole.listen(cut)
    with pytest.raises(PowerCutError):
        if check_in:
            registration.register_and_check_in(rosa, Person(given_name="Kit"), forget=draft)
        else:
            people.register(rosa, Person(given_name="Kit"), forget=draft)
    assert rosa.whole.count(Person) == before + 1
    assert registration.unfinished_registration(rosa) is None
