"""The joint care plan: goals in the person's words, actions each with one owner, and who agreed (PRSB PCSP v2.0)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import ConflictRule, Json, Sensitivity, field, record


@record(
    "plan",
    label="Joint care plan",
    plural="Joint care plans",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    one_per_person=True,
    source="FHIR R4 CarePlan; PRSB PCSP v2.0",
)
class Plan:
    """A person's one plan. What was agreed and when is in its versions."""

    person: UUID | None = field("Person", default=None, index=True)
    in_own_words: str = field("In the person's words", default="")
    review_on: date | None = field(
        "Next review", default=None, index=True, source="PRSB PCSP v2.0, planned review date"
    )
    reviewer: UUID | None = field(
        "Who asks for the review", default=None, source="PRSB PCSP v2.0, responsibility for review"
    )


@record(
    "goal",
    label="Goal",
    plural="Goals",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    source="FHIR R4 Goal; PRSB PCSP v2.0, goals and hopes",
)
class Goal:
    """What the person hopes for, in their words."""

    person: UUID | None = field("Person", default=None, index=True)
    plan: UUID | None = field("Plan", default=None, index=True)
    need: UUID | None = field("Need", default=None)
    words: str = field("In the person's words", default="")
    about: str = field("What it is about", default="", hint="Like Housing: notice to leave by 5 January")
    group: str = field("Group", default="", hint="clinical, social or housing_and_legal")
    matters: int | None = field(
        "How much it matters, 1 to 10", default=None, source="PRSB PCSP v2.0, goal importance score"
    )
    how_sure: int | None = field(
        "How sure the person is, 1 to 10", default=None, source="PRSB PCSP v2.0, goal confidence"
    )
    position: int = field("Order", default=0, conflict=ConflictRule.LATEST)
    stopped: bool = field("No longer a goal", default=False)


class ActionState(StrEnum):
    """How an action stands. "Late" is worked out from its date, not written."""

    NOT_STARTED = "not_started"
    DOING = "doing"
    DONE = "done"
    STOPPED = "stopped"


class OwnerKind(StrEnum):
    """Who does an action."""

    PERSON = "person"
    WORKER = "worker"
    CARER = "carer"


@record(
    "action",
    label="Action",
    plural="Actions",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    source="FHIR R4 Task; PRSB PCSP v2.0, actions and activities",
)
class Action:
    """Something that will be done. It has one owner: the person, a carer, or a named worker and organisation."""

    person: UUID | None = field("Person", default=None, index=True)
    plan: UUID | None = field("Plan", default=None, index=True)
    goal: UUID | None = field("Goal", default=None, index=True)
    what: str = field("What will happen", default="")
    owner_kind: OwnerKind = field("Who does it", default=OwnerKind.PERSON)
    owner_staff: UUID | None = field("Worker", default=None, index=True)
    owner_organisation: UUID | None = field("Organisation", default=None)
    owner_name: str = field("Name", default="", hint="For a carer or somebody outside the alliance")
    due: date | None = field("By", default=None, index=True)
    state: ActionState = field("Status", default=ActionState.NOT_STARTED)
    position: int = field("Order", default=0, conflict=ConflictRule.LATEST)


class AgreementAnswer(StrEnum):
    """What somebody said when asked to agree to the plan."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


@record(
    "plan_agreement",
    label="Agreement",
    plural="Agreements",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    signed=True,
    source="PRSB PCSP v2.0, agreed with; NHS Data Dictionary, care plan agreement (MHS009)",
)
class PlanAgreement:
    """One answer to one wording of the plan. A later edit of the plan makes it wait again: `fingerprint` tells."""

    person: UUID | None = field("Person", default=None, index=True)
    plan: UUID | None = field("Plan", default=None, index=True)
    organisation: UUID | None = field("Organisation", default=None, hint="Empty for the person themselves")
    staff: UUID | None = field("Who answered", default=None)
    answer: AgreementAnswer = field("Answer", default=AgreementAnswer.ASKED)
    answered_at: datetime | None = field("When", default=None)
    how: str = field("How", default="", hint="Like in the room, by phone, signed on screen")
    reason: str = field("Reason, in their words", default="")
    fingerprint: str = field("Wording answered", default="")
    recorded_by: UUID | None = field("Recorded by", default=None)


@record(
    "plan_version",
    label="Plan version",
    plural="Plan versions",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    signed=True,
    source="FHIR R4 CarePlan.replaces; NHS Data Dictionary, care plan (MHS008)",
)
class PlanVersion:
    """The plan as it was when the person and the key worker's organisation had agreed. Never edited."""

    person: UUID | None = field("Person", default=None, index=True)
    plan: UUID | None = field("Plan", default=None, index=True)
    number: int = field("Version", default=0)
    agreed_on: date | None = field("Agreed on", default=None)
    fingerprint: str = field("Wording", default="")
    content: Mapping[str, Json] = field("Content", default=dict)
    replaces: UUID | None = field("Replaces", default=None)
