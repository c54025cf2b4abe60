"""Questionnaire responses and the needs that follow from them."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import Sensitivity, field, record

Answer = int | bool | str | None
"""One answer: a rating or code, yes or no, words; None is "not answered"."""


@record(
    "questionnaire_response",
    label="Assessment",
    plural="Assessments",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    signed=True,
    source="FHIR R4 QuestionnaireResponse",
)
class QuestionnaireResponse:
    """A completed assessment. It is signed: a mistake is amended by a new response that names this one."""

    person: UUID | None = field("Person", default=None, index=True)
    questionnaire: str = field("Questionnaire", default="", index=True, hint="Its name, like dialog")
    version: str = field("Version of the questionnaire", default="")
    answers: Mapping[str, Answer] = field("Answers", default=dict, hint="By the questionnaire's linkId")
    chosen: tuple[str, ...] = field("Areas chosen to work on", default=(), source="DIALOG+, up to three")
    author: UUID | None = field("Asked by", default=None)
    authored_at: datetime | None = field("Completed at", default=None)
    visit: UUID | None = field("Visit", default=None)
    amends: UUID | None = field("Amends", default=None)
    recorded_first_as: UUID | None = field("Recorded first for somebody else as", default=None)
    draft: UUID | None = field("Completed from draft", default=None)


class NeedGroup(StrEnum):
    """The three columns of the person's page."""

    CLINICAL = "clinical"
    SOCIAL = "social"
    HOUSING_AND_LEGAL = "housing_and_legal"


class NeedState(StrEnum):
    """How a need stands. Never a grade of risk."""

    NOT_MET = "not_met"
    IN_PLAN = "in_plan"
    BEING_MET = "being_met"
    NO_LONGER = "no_longer"


@record(
    "need",
    label="Need",
    plural="Needs",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    source="PRSB PCSP v2.0, needs, concerns or problems",
)
class Need:
    """Something the person needs, from an assessment or from what was said."""

    person: UUID | None = field("Person", default=None, index=True)
    group: NeedGroup = field("Group", default=NeedGroup.SOCIAL)
    title: str = field("Need", default="")
    detail: str = field("In a few words", default="")
    state: NeedState = field("State", default=NeedState.NOT_MET)
    area: str = field("Area asked about", default="", hint="The questionnaire's linkId it came from")
    response: UUID | None = field("From assessment", default=None)
    recorded_on: date | None = field("Recorded on", default=None)
    position: int = field("Order", default=0)
    recorded_first_as: UUID | None = field("Recorded first for somebody else as", default=None)
