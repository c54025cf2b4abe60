"""Recorded for the wrong person: moved whole, shown no more where it was wrong, and never silently."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from livingwell_desktop.domain.assessments import Need, QuestionnaireResponse
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.notes import DocumentGiven
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services import assessments, attention, reception
from livingwell_desktop.services.practice import Practice, RefusedError
from livingwell_desktop.services.wrong_person import move
from livingwell_desktop.storage import Author, Store, create, edit
from tests.conftest import StillClock
from tests.ui.people import centre

SOMEBODY = Author(centre.TUNDE, centre.CENTRE_A, "change")


@pytest.fixture
def practice(furnished: Callable[..., Store]) -> Practice:
    return centre.practice(furnished(centre.fill))


@pytest.fixture
def taken(practice: Practice, clock: StillClock) -> Held[QuestionnaireResponse]:
    """Maya had Ngozi's record open while Amara, who was checked in for her, sat before her."""
    reception.check_in(practice, centre.AMARA, sees=centre.MAYA)
    begun = assessments.start(practice, centre.NGOZI, "dialog")
    clock.pass_(minutes=20)
    response = assessments.complete(practice, begun, {"friendships": 3}, ("friendships",), centre.VISIT)
    held = practice.whole.get(QuestionnaireResponse, response)
    assert held is not None
    return held


def needs(practice: Practice, person: UUID) -> dict[str, Held[Need]]:
    return {each.value.area: each for each in practice.whole.find(Need, person=person) if each.value.area}


def test_an_assessment_goes_to_the_right_person_with_the_needs_it_made(
    practice: Practice, taken: Held[QuestionnaireResponse]
) -> None:
    moved = move(practice, taken, centre.AMARA)
    there = practice.whole.get(QuestionnaireResponse, moved.record)
    assert there is not None
    assert (there.value.person, there.value.recorded_first_as) == (centre.AMARA, taken.id)
    assert (there.value.answers, there.value.author) == (taken.value.answers, centre.MAYA)
    assert there.value.visit is None, "the visit was the wrong person's"
    assert taken.id not in [each.id for each in assessments.responses(practice, centre.NGOZI)]
    assert "friendships" not in needs(practice, centre.NGOZI)
    need = needs(practice, centre.AMARA)["friendships"].value
    assert (need.response, need.title) == (moved.record, "Friendships")
    assert (moved.to.id, moved.papers, moved.needs) == (centre.AMARA, (), ())


def test_a_need_that_was_worked_on_since_stays_and_is_named(
    practice: Practice, taken: Held[QuestionnaireResponse], clock: StillClock
) -> None:
    clock.pass_(minutes=5)
    need = needs(practice, centre.NGOZI)["friendships"]
    practice.whole.write([edit(need, detail="Wants to call her sister")], [], SOMEBODY)
    moved = move(practice, taken, centre.AMARA)
    assert [each.value.detail for each in moved.needs] == ["Wants to call her sister"]
    assert "friendships" in needs(practice, centre.NGOZI)


def test_papers_given_since_are_listed(
    practice: Practice, taken: Held[QuestionnaireResponse], clock: StillClock
) -> None:
    clock.pass_(minutes=5)
    paper = DocumentGiven(person=centre.NGOZI, document="change_picture", given_at=clock())
    practice.whole.write([create(practice.new_id(), paper)], [], SOMEBODY)
    assert [each.value.document for each in move(practice, taken, centre.AMARA).papers] == ["change_picture"]


def test_a_visit_goes_to_the_right_person_with_its_ticket(practice: Practice) -> None:
    visit = practice.whole.get(Visit, centre.VISIT)
    assert visit is not None
    moved = move(practice, visit, centre.AMARA)
    there = practice.whole.get(Visit, moved.record)
    assert there is not None
    assert (there.value.person, there.value.ticket) == (centre.AMARA, visit.value.ticket)
    assert practice.whole.get(Visit, centre.VISIT) is None


@pytest.mark.parametrize("right", [None, centre.NGOZI, UUID(int=7)], ids=["nobody", "the same person", "not here"])
def test_without_another_person_nothing_moves(
    practice: Practice, taken: Held[QuestionnaireResponse], right: UUID | None
) -> None:
    with pytest.raises(Problem, match="There is a problem") as caught:
        move(practice, taken, right)
    assert [each.sentence for each in caught.value.fields] == ["Choose the person it belongs to."]
    assert practice.whole.get(QuestionnaireResponse, taken.id) is not None


def test_reception_moves_a_visit_and_no_assessment(practice: Practice, taken: Held[QuestionnaireResponse]) -> None:
    rosa = centre.practice(practice.whole, centre.ROSA)
    assert rosa.staff.value.role is Role.RECEPTION
    with pytest.raises(RefusedError):
        move(rosa, taken, centre.AMARA)
    visit = rosa.whole.get(Visit, centre.VISIT)
    assert visit is not None
    assert rosa.whole.get(Visit, move(rosa, visit, centre.AMARA_TOO).record) is not None


def test_nobody_is_on_the_board_twice(practice: Practice) -> None:
    reception.check_in(practice, centre.AMARA)
    visit = practice.whole.get(Visit, centre.VISIT)
    assert visit is not None
    with pytest.raises(Problem, match="cannot be moved yet"):
        move(practice, visit, centre.AMARA)


def test_a_visit_in_question_is_settled_first(practice: Practice, clock: StillClock) -> None:
    store = practice.whole
    visit = store.get(Visit, centre.VISIT)
    assert visit is not None
    for reason in ("Rent", "Sleep"):
        store.write([edit(visit, reason=reason)], [], SOMEBODY)
        clock.at += timedelta(minutes=1)
    there = store.get(Visit, centre.VISIT)
    assert there is not None
    with pytest.raises(Problem, match="cannot be moved yet"):
        move(practice, there, centre.AMARA)


def test_who_wrote_without_knowing_keeps_the_old_record_in_sight(practice: Practice) -> None:
    """Another desk called the person meanwhile: its words must not go with the record."""
    store = practice.whole
    seen = store.get(Visit, centre.VISIT)
    assert seen is not None
    move(practice, seen, centre.AMARA)
    store.write([edit(seen, where="Room 2")], [], SOMEBODY)
    there = store.get(Visit, centre.VISIT)
    assert there is not None
    assert there.value.where == "Room 2"
    (asked,) = attention.attention(practice).questions
    assert {choice.words for choice in asked.choices} == {"Take it out", "Keep it"}
