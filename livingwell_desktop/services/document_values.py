"""Plain values that some papers ask for beside records, made from records."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.scoring import Score, change, scores
from livingwell_desktop.services.assessments import questionnaires, responses
from livingwell_desktop.services.practice import Practice

if TYPE_CHECKING:
    from livingwell_desktop.printing.change_picture import ChangePicture


def change_picture(practice: Practice, person: UUID, record: UUID | None) -> ChangePicture:
    """The picture of change between a response (the newest when none is named) and the one before it.

    Raises Problem when the person has no completed assessment, or not that one.
    """
    practice.require(Act.SEE_CLINICAL, person)
    from livingwell_desktop.printing.change_picture import ChangeAverage, ChangeLine, ChangePicture

    held = practice.store.get(Person, person)
    now, before = _two(responses(practice, person), record)
    if held is None or now is None:
        raise Problem("There is nothing to print yet", "No assessment is completed.", "Complete an assessment first.")
    questionnaire = questionnaires()[now.value.questionnaire]
    earlier = before.value.answers if before else None
    lines = tuple(
        ChangeLine(
            each.item.short_name or each.item.text,
            each.old,
            each.new,
            more_help=now.value.answers.get(f"{each.item.link_id}.help") is True,
            chosen=each.item.link_id in now.value.chosen,
        )
        for each in change(questionnaire, earlier, now.value.answers).items
    )
    was = {score.id: score.value for score in scores(questionnaire, earlier)} if earlier is not None else {}
    averages = tuple(
        ChangeAverage(score.title, score.value, was.get(score.id), score.answered, score.out_of)
        for score in scores(questionnaire, now.value.answers)
        if _is_mean(score)
    )
    return ChangePicture(
        held.value.name,
        held.value.called,
        local_day(now.value.authored_at or now.changed_at),
        local_day(before.value.authored_at or before.changed_at) if before else None,
        averages,
        lines,
    )


def _is_mean(score: Score) -> bool:
    return score.method != "sum"


def _two(
    found: tuple[Held[QuestionnaireResponse], ...], record: UUID | None
) -> tuple[Held[QuestionnaireResponse] | None, Held[QuestionnaireResponse] | None]:
    """The response asked for (or the newest) and the one of its kind before it. `found` is newest first."""
    wanted = next((held for held in found if record in (None, held.id)), None)
    if wanted is None:
        return None, None
    same = [held for held in found if held.value.questionnaire == wanted.value.questionnaire]
    after = same[same.index(wanted) + 1 :]
    return wanted, after[0] if after else None
