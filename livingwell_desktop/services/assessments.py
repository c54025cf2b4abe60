"""Assessments: asking, keeping the draft, completing, and the needs that follow."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from livingwell_desktop.domain.assessments import Answer, Need, NeedGroup, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.questionnaire import Questionnaire, asked_answers, validate
from livingwell_desktop.domain.questionnaire_file import parse_questionnaire
from livingwell_desktop.domain.records import Held, HeldValue, Json
from livingwell_desktop.domain.scoring import AnswersChange, Score, change, scores
from livingwell_desktop.resources import resource
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.drafts import Drafts, TakenUp
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft, create, edit

MOST_AREAS = 3

_GROUPS = {
    "mental_health": NeedGroup.CLINICAL,
    "physical_health": NeedGroup.CLINICAL,
    "medication": NeedGroup.CLINICAL,
    "meetings": NeedGroup.CLINICAL,
    "accommodation": NeedGroup.HOUSING_AND_LEGAL,
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessment being answered: the questionnaire, the draft so far, and the last answers beside them."""

    questionnaire: Questionnaire
    draft: Draft
    last: Held[QuestionnaireResponse] | None
    undecided: Mapping[str, tuple[HeldValue, ...]] = field(default_factory=dict)
    """Questions that two desks answered differently in this draft: they are asked again, with both answers shown."""

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The answers typed so far."""
        answers: Mapping[str, Answer] = self.draft.body.get("answers", {})
        return answers

    @property
    def chosen(self) -> tuple[str, ...]:
        """The areas chosen so far."""
        return tuple(self.draft.body.get("chosen", ()))

    @property
    def item(self) -> str:
        """The question that was open when the draft was saved last; empty for a new one."""
        return str(self.draft.body.get("item", ""))


@cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Every questionnaire that comes with the program, by its name. A file dropped into the folder is enough."""
    files = sorted(resource("questionnaires").glob("*.json"))
    parsed = [parse_questionnaire(json.loads(path.read_text(encoding="utf-8"))) for path in files]
    return {each.name: each for each in parsed}


def start(practice: Practice, person: UUID, name: str) -> Assessment:
    """Start an assessment, or go on with this member of staff's draft of it."""
    practice.look(Act.ASSESS, person)
    questionnaire = questionnaires()[name]
    drafts = Drafts(practice)
    mine = drafts.mine(person, _kind(name))
    last = last_response(practice, person, name)
    if mine is not None:
        return _gone_on(questionnaire, drafts.take_up(mine), last)
    body: dict[str, Json] = {"answers": {}, "chosen": []}
    draft = Draft(practice.new_id(), practice.staff.id, _kind(name), person, body, (), practice.now())
    return Assessment(questionnaire, draft, last)


def take_over(practice: Practice, person: UUID, name: str) -> Assessment:
    """Go on with the assessment that a colleague began and did not finish, in one's own name.

    Raises Problem when it was finished meanwhile.
    """
    practice.look(Act.ASSESS, person)
    drafts = Drafts(practice)
    theirs = next(iter(drafts.of_others(person, _kind(name))), None)
    if theirs is None:
        raise Problem("There is no such draft any more", "It was completed meanwhile.", "Look at what was completed.")
    return _gone_on(
        questionnaires()[name], drafts.take_up(drafts.as_kept(theirs)), last_response(practice, person, name)
    )


def _gone_on(questionnaire: Questionnaire, taken: TakenUp, last: Held[QuestionnaireResponse] | None) -> Assessment:
    draft = replace(taken.draft, body={"answers": {}, "chosen": [], **taken.draft.body})
    return Assessment(questionnaire, draft, last, taken.undecided)


def keep(
    practice: Practice,
    assessment: Assessment,
    answers: Mapping[str, Answer],
    chosen: tuple[str, ...] = (),
    item: str = "",
) -> Assessment:
    """Save the draft, with the question that is open: on this desk's disk, encrypted, when this returns."""
    practice.require(Act.ASSESS, assessment.draft.subject)
    draft = Draft(
        assessment.draft.id,
        practice.staff.id,
        assessment.draft.kind,
        assessment.draft.subject,
        {"answers": dict(answers), "chosen": list(chosen), "item": item},
        (),
        practice.now(),
    )
    practice.store.save_draft(draft)
    return replace(assessment, draft=draft)


def discard(practice: Practice, assessment: Assessment) -> None:
    """Forget a draft that was started by mistake."""
    practice.require(Act.ASSESS, assessment.draft.subject)
    Drafts(practice).drop(Act.ASSESS, assessment.draft.id)


def complete(
    practice: Practice,
    assessment: Assessment,
    answers: Mapping[str, Answer],
    chosen: tuple[str, ...],
    visit: UUID | None = None,
) -> UUID:
    """Complete the assessment: a signed response and a need for each chosen area, in one act; the draft goes.

    Raises Problem when an answer is not possible or more than three areas were chosen. Not answered is allowed.
    """
    person, questionnaire = assessment.draft.subject, assessment.questionnaire
    practice.require(Act.ASSESS, person)
    Drafts(practice).must_be_open(assessment.draft.id)
    _must_be_decided(assessment, answers)
    asked = asked_answers(questionnaire, answers)
    problems = validate(questionnaire, asked, complete=True)
    if problems:
        raise Problem("There is a problem", "Some answers need mending.", "Mend them and go on.", problems)
    if len(chosen) > MOST_AREAS:
        raise Problem("Too many areas", f"{len(chosen)} areas are chosen.", f"Choose up to {MOST_AREAS}.")
    response = practice.new_id()
    value = QuestionnaireResponse(
        person=person,
        questionnaire=questionnaire.name,
        version=questionnaire.version,
        answers=asked,
        chosen=chosen,
        author=practice.staff.id,
        authored_at=practice.now(),
        visit=visit,
        draft=assessment.draft.id,
    )
    writes = [create(response, value)]
    there = {held.value.area: held for held in practice.store.find(Need, person=person) if held.value.area}
    for place, area in enumerate(chosen):
        if area in there:
            held = there[area]
            again = held.value.state in (NeedState.BEING_MET, NeedState.NO_LONGER)
            # A field in question between two desks is left for a person to settle.
            if again and not {"state", "response"} & set(held.conflicts):
                writes.append(edit(held, state=NeedState.NOT_MET, response=response))
        else:
            writes.append(create(practice.new_id(), _need(practice, person, questionnaire, area, response, place)))
    # The draft goes in the same transaction: were it left behind by a power cut, it could be signed a second time.
    practice.write(Act.ASSESS, writes, forget=assessment.draft.id)
    return response


def add_need(
    practice: Practice, person: UUID, group: NeedGroup, title: str, detail: str = "", *, forget: UUID | None = None
) -> UUID:
    """Add a need that was said, not asked about. `forget` is the draft of its words.

    Raises Problem without words for it.
    """
    practice.require(Act.ASSESS, person)
    if not title.strip():
        sentence = "Write what the person needs, in a word or two."
        raise Problem("There is a problem", sentence, "Write it and add it again.", (FieldProblem("title", sentence),))
    need = practice.new_id()
    places = [held.value.position for held in practice.store.find(Need, person=person)]
    value = Need(
        person=person,
        group=group,
        title=title.strip(),
        detail=detail.strip(),
        recorded_on=practice.today(),
        position=max(places, default=0) + 10,
    )
    practice.write(Act.ASSESS, [create(need, value)], forget=forget)
    return need


@dataclass(frozen=True, slots=True)
class Completed:
    """A completed assessment with the one before it. `questionnaire` is None when this desk has no such file."""

    questionnaire: Questionnaire | None
    response: Held[QuestionnaireResponse]
    before: Held[QuestionnaireResponse] | None

    @property
    def title(self) -> str:
        """What it is called, also without its file."""
        return self.questionnaire.title if self.questionnaire else self.response.value.questionnaire

    @property
    def scores(self) -> tuple[Score, ...]:
        """Its scores, as its file declares them."""
        return scores(self.questionnaire, self.response.value.answers) if self.questionnaire else ()


def completed(practice: Practice, person: UUID) -> tuple[Completed, ...]:
    """The person's completed assessments, newest first, each with the one before it of the same questionnaire."""
    found, newer = list[Completed](), dict[str, int]()
    for held in responses(practice, person):
        name = held.value.questionnaire
        if name in newer:
            found[newer[name]] = replace(found[newer[name]], before=held)
        newer[name] = len(found)
        found.append(Completed(questionnaires().get(name), held, None))
    return tuple(found)


def completed_in(practice: Practice, person: UUID, name: str, visit: UUID | None) -> Completed | None:
    """The assessment that this visit already has, so that coming back does not start it again."""
    practice.require(Act.SEE_CLINICAL, person)
    if visit is None:
        return None
    mine = (each for each in completed(practice, person) if each.response.value.questionnaire == name)
    return next((each for each in mine if each.response.value.visit == visit), None)


def last_response(practice: Practice, person: UUID, name: str) -> Held[QuestionnaireResponse] | None:
    """The newest completed response to a questionnaire."""
    return next(iter(responses(practice, person, name, 1)), None)


def responses(
    practice: Practice, person: UUID, name: str | None = None, limit: int | None = None
) -> tuple[Held[QuestionnaireResponse], ...]:
    """Completed responses, newest first."""
    practice.require(Act.SEE_CLINICAL, person)
    found = practice.store.find(QuestionnaireResponse, person=person, newest_first=True, order="authored_at")
    return tuple(held for held in found if name in (None, held.value.questionnaire))[:limit]


def changed(assessment: Assessment, answers: Mapping[str, Answer]) -> AnswersChange:
    """The picture: each area, last time and now."""
    return change(assessment.questionnaire, assessment.last.value.answers if assessment.last else None, answers)


def drafts(practice: Practice) -> tuple[Draft, ...]:
    """This member of staff's unfinished assessments, newest first, also those begun at another desk."""
    practice.look(Act.ASSESS)
    return Drafts(practice).all_mine("assessment:")


@dataclass(frozen=True, slots=True)
class LeftByColleague:
    """An assessment that a colleague began and has not finished."""

    questionnaire: str
    author: str
    at: datetime


def left_by_colleagues(practice: Practice, person: UUID) -> tuple[LeftByColleague, ...]:
    """Unfinished assessments of this person by others: whoever may ask may go on with them."""
    practice.look(Act.ASSESS, person)
    everybody = alliance(practice)
    return tuple(
        LeftByColleague(
            held.value.what.removeprefix("assessment:"), everybody.staff_name(held.value.staff), held.changed_at
        )
        for held in Drafts(practice).of_others(person, "assessment:")
    )


def _must_be_decided(assessment: Assessment, answers: Mapping[str, Answer]) -> None:
    """Raises Problem while a question has two answers and nobody gave it one."""
    open_still = [name for name in assessment.undecided if name not in answers]
    if open_still:
        sentence = "Two desks wrote different answers to this question. Ask it again."
        problems = tuple(FieldProblem(name, sentence) for name in open_still)
        raise Problem("There is a problem", "A question has two answers.", "Ask it again and go on.", problems)


def _kind(name: str) -> str:
    return f"assessment:{name}"


def _need(
    practice: Practice, person: UUID, questionnaire: Questionnaire, area: str, response: UUID, place: int
) -> Need:
    item = next((each for each in questionnaire.all_items() if each.link_id == area), None)
    return Need(
        person=person,
        group=_GROUPS.get(area, NeedGroup.SOCIAL),
        title=(item.short_name or item.text) if item else area,
        state=NeedState.NOT_MET,
        area=area,
        response=response,
        recorded_on=practice.today(),
        position=100 + place,
    )
