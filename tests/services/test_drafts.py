"""Unfinished work between desks: it becomes a change now and then, goes on elsewhere, and loses no word."""

from collections.abc import Callable
from uuid import UUID

import pytest

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.changes import Content, read_content
from livingwell_desktop.domain.drafts import SharedDraft, apart, together
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import Plan
from livingwell_desktop.domain.records import Held, Sensitivity
from livingwell_desktop.services import assessments, attention, drafts, people, plan_writing, plans, unfinished
from livingwell_desktop.services.assessments import Assessment
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store, prepare
from tests.ui.people import centre
from tests.ui.people.centre import MAYA, NGOZI, ROSA, TUNDE


def carry(source: Store, target: Store) -> None:
    """Every change of one desk reaches another."""
    changes = [each.change for each in source.unsent(10_000)]
    target.receive([prepare(number, change) for number, change in enumerate(changes, 1)], f"from {source.path.name}")


@pytest.fixture
def room_2(store: Store) -> Practice:
    """Maya at a desk with Ngozi's record."""
    centre.fill(store)
    return centre.practice(store, MAYA)


@pytest.fixture
def room_3(room_2: Practice, new_store: Callable[..., Store]) -> Practice:
    """Maya at another desk that holds the same."""
    other = new_store("room 3")
    carry(room_2.whole, other)
    return centre.practice(other, MAYA)


def meet(one: Practice, other: Practice) -> None:
    carry(one.whole, other.whole)
    carry(other.whole, one.whole)


def typed(practice: Practice, **answers: object) -> Assessment:
    """Go on with the assessment and answer some questions, on top of what is answered."""
    begun = assessments.start(practice, NGOZI, "dialog")
    kept = assessments.keep(practice, begun, {**begun.answers, **answers}, begun.chosen, "friendships")
    drafts.share(practice)
    return kept


def draft_of(practice: Practice, draft: UUID) -> Held[SharedDraft]:
    held = practice.whole.get(SharedDraft, draft)
    assert held is not None
    return held


def changes_of(practice: Practice, draft: UUID) -> list[Content]:
    read = [read_content(each.change.content) for each in practice.whole.unsent(10_000)]
    return [each for each in read if each.record == draft]


def test_what_a_desk_keeps_is_taken_apart_and_put_together_again() -> None:
    body = {"answers": {"friendships": 4, "note": "Damp"}, "chosen": ["friendships"], "item": "note"}
    fields = apart(body)
    assert fields == {
        "typed.answers.friendships": 4,
        "typed.answers.note": "Damp",
        "typed.chosen": ["friendships"],
        "item": "note",
    }
    assert together(fields) == body


def test_typing_is_one_change_for_each_time_it_is_shared_and_writes_only_what_is_new(room_2: Practice) -> None:
    begun = assessments.start(room_2, NGOZI, "dialog")
    for number in range(1, 6):
        begun = assessments.keep(room_2, begun, {"friendships": number}, (), "friendships")
    assert not changes_of(room_2, begun.draft.id), "not with each key"
    drafts.share(room_2)
    drafts.share(room_2)
    begun = assessments.keep(room_2, begun, {"friendships": 5, "medication": 3}, (), "friendships")
    drafts.share(room_2)
    first, second = changes_of(room_2, begun.draft.id)
    assert first.set["typed.answers.friendships"] == 5
    assert (first.set["of"], first.subject) == ("questionnaire_response", NGOZI)
    assert second.set == {"typed.answers.medication": 3}
    assert [each.sensitivity for each in (first, second)] == [Sensitivity.CLINICAL] * 2
    assert len(second.parents) == 1


def test_the_same_member_goes_on_at_another_desk_and_what_both_typed_joins(room_2: Practice, room_3: Practice) -> None:
    begun = typed(room_2, friendships=4)
    meet(room_2, room_3)
    (waiting,) = assessments.drafts(room_3)
    assert (waiting.id, waiting.subject) == (begun.draft.id, NGOZI)
    there = typed(room_3, medication=3)
    assert there.draft.id == begun.draft.id
    assert there.answers == {"friendships": 4, "medication": 3}
    # Room 2 had typed one more, and its power went before that was shared.
    assessments.keep(room_2, begun, {"friendships": 4, "physical_health": 6}, (), "")
    meet(room_2, room_3)
    again = assessments.start(room_2, NGOZI, "dialog")
    assert again.answers == {"friendships": 4, "medication": 3, "physical_health": 6}
    assert not again.undecided


def test_two_answers_to_one_question_are_both_kept_and_it_is_asked_again(room_2: Practice, room_3: Practice) -> None:
    begun = typed(room_2, friendships=4)
    meet(room_2, room_3)
    typed(room_3, friendships=6)
    assessments.keep(room_2, begun, {"friendships": 2}, (), "")
    drafts.share(room_2)
    meet(room_2, room_3)
    asked = attention.attention(room_2).questions
    assert [(each.field.name, {choice.words for choice in each.choices}) for each in asked] == [
        ("typed.answers.friendships", {"2", "6"})
    ]
    again = assessments.start(room_2, NGOZI, "dialog")
    assert "friendships" not in again.answers
    assert {each.value for each in again.undecided["friendships"]} == {2, 6}
    with pytest.raises(Problem) as refused:
        assessments.complete(room_2, again, again.answers, ())
    assert [each.field for each in refused.value.fields] == ["friendships"]
    typed(room_2, friendships=5)
    assert not draft_of(room_2, begun.draft.id).conflicts
    meet(room_2, room_3)
    assert assessments.start(room_3, NGOZI, "dialog").answers == {"friendships": 5}


def test_typing_on_without_having_seen_the_other_answer_settles_nothing(room_2: Practice, room_3: Practice) -> None:
    begun = typed(room_2, friendships=4)
    meet(room_2, room_3)
    typed(room_3, friendships=6)
    for answer in (2, 3):
        begun = assessments.keep(room_2, begun, {"friendships": answer}, (), "")
        drafts.share(room_2)
        meet(room_2, room_3)
    held = draft_of(room_3, begun.draft.id)
    assert {each.value for each in held.conflicts["typed.answers.friendships"]} == {3, 6}


def test_a_colleague_takes_over_and_the_first_is_not_offered_it_any_more(room_2: Practice, room_3: Practice) -> None:
    begun = typed(room_2, friendships=4)
    meet(room_2, room_3)
    tunde = centre.practice(room_3.whole, TUNDE)
    (left,) = assessments.left_by_colleagues(tunde, NGOZI)
    assert (left.questionnaire, left.author) == ("dialog", "Maya Lindqvist")
    assert not assessments.drafts(tunde)
    taken = assessments.take_over(tunde, NGOZI, "dialog")
    assert (taken.draft.id, taken.answers) == (begun.draft.id, {"friendships": 4})
    drafts.share(tunde)
    meet(room_2, room_3)
    assert draft_of(room_2, begun.draft.id).value.staff == TUNDE
    assert [each.author for each in assessments.left_by_colleagues(room_2, NGOZI)] == ["Tunde Bakare"]
    assert not assessments.left_by_colleagues(tunde, NGOZI)


def test_what_was_completed_names_its_draft_and_nobody_completes_it_again(room_2: Practice, room_3: Practice) -> None:
    begun = typed(room_2, friendships=4)
    meet(room_2, room_3)
    there = assessments.start(room_3, NGOZI, "dialog")
    response = assessments.complete(room_3, there, there.answers, ())
    meet(room_2, room_3)
    held = room_2.whole.get(QuestionnaireResponse, response)
    assert held is not None
    assert held.value.draft == begun.draft.id
    assert draft_of(room_2, begun.draft.id).value.finished
    assert not assessments.drafts(room_2)
    with pytest.raises(Problem, match="finished at another desk"):
        assessments.complete(room_2, begun, begun.answers, ())
    assert assessments.start(room_2, NGOZI, "dialog").draft.id != begun.draft.id


def test_a_draft_that_is_left_on_purpose_is_finished_and_nothing_is_removed(room_2: Practice) -> None:
    begun = typed(room_2, friendships=4)
    assessments.discard(room_2, begun)
    held = draft_of(room_2, begun.draft.id)
    assert held.value.finished
    assert held.unknown["typed.answers.friendships"] == 4
    assert not assessments.drafts(room_2)
    assert not room_2.whole.drafts_of(MAYA)


def test_two_texts_stand_side_by_side_where_the_sheet_goes_on(room_2: Practice, room_3: Practice) -> None:
    for practice, words in ((room_2, "Wants a bus pass"), (room_3, "Wants a travel card")):
        if practice is room_3:
            meet(room_2, room_3)
            assert unfinished.go_on_with_words(room_3, Act.ASSESS, "need", NGOZI) is not None
        unfinished.keep_words(practice, Act.ASSESS, "need", NGOZI, {"title": words})
        drafts.share(practice)
    unfinished.keep_words(room_2, Act.ASSESS, "need", NGOZI, {"title": "Wants a bike"})
    drafts.share(room_2)
    meet(room_2, room_3)
    kept = unfinished.go_on_with_words(room_2, Act.ASSESS, "need", NGOZI)
    assert kept is not None
    assert set(str(kept.body["title"]).split(" / ")) == {"Wants a bike", "Wants a travel card"}


def test_a_draft_settles_nothing_in_the_record_it_is_a_draft_of(room_2: Practice, room_3: Practice) -> None:
    plan = room_2.whole.get(Plan, plans.start(room_2, NGOZI))
    assert plan is not None
    meet(room_2, room_3)
    plan_writing.keep_typing(room_2, NGOZI, "plan", {"in_own_words": "I want to stay"}, plan)
    drafts.share(room_2)
    plans.change_plan(room_3, room_3.whole.get(Plan, plan.id), in_own_words="I want to move")
    meet(room_2, room_3)
    kept = plan_writing.typing(room_3, NGOZI)
    assert kept is not None
    assert plan_writing.go_on(room_3, kept).based_on == plan.heads
    now = room_3.whole.get(Plan, plan.id)
    assert now is not None
    assert (now.value.in_own_words, dict(now.conflicts)) == ("I want to move", {})


def test_typing_of_details_is_for_the_desks_and_clinical_typing_is_not(room_2: Practice) -> None:
    person = room_2.whole.get(Person, NGOZI)
    assert person is not None
    people.keep_typing(room_2, NGOZI, {"phone": people.TypedDetail("07700 900 9", person)})
    begun = typed(room_2, friendships=4)
    levels = {held.value.of: held.id for held in room_2.whole.find(SharedDraft)}
    assert {each.sensitivity for each in changes_of(room_2, levels["person"])} == {Sensitivity.DESK}
    assert {each.sensitivity for each in changes_of(room_2, begun.draft.id)} == {Sensitivity.CLINICAL}
    assert people.typing_of(room_2, NGOZI) is not None


def test_who_may_not_see_what_it_is_a_draft_of_gets_nothing_of_it(room_2: Practice) -> None:
    typed(room_2, friendships=4)
    rosa = centre.practice(room_2.whole, ROSA)
    for verb in (assessments.start, assessments.take_over):
        with pytest.raises(Problem):
            verb(rosa, NGOZI, "dialog")
    with pytest.raises(Problem):
        assessments.left_by_colleagues(rosa, NGOZI)


def test_nothing_typed_and_what_may_not_be_written_any_more_do_not_travel(room_2: Practice) -> None:
    begun = assessments.start(room_2, NGOZI, "dialog")
    begun = assessments.keep(room_2, begun, {}, (), "")
    drafts.share(room_2)
    assert not changes_of(room_2, begun.draft.id)
