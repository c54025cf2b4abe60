"""Opening a record in an emergency (“break glass”): offline too, with a reason, for a short time, then reviewed."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import Sensitivity, field, record

OPEN_FOR = timedelta(hours=2)
"""How long a record opened in an emergency stays open (`security.md`: limited in time; the data controller decides)."""
LEAST_WORDS = 10
"""Characters in the words beside the reason: enough to say what happened."""


class OpeningReason(StrEnum):
    """Why a record had to be opened now."""

    LIFE_IN_DANGER = "life_in_danger"
    IN_CRISIS_HERE = "in_crisis_here"
    CHILD_OR_ADULT_AT_RISK = "child_or_adult_at_risk"
    ASKED_BY_PERSON = "asked_by_person"
    COVERING = "covering"


OPENING_WORDS = {
    OpeningReason.LIFE_IN_DANGER: "A life is in danger",
    OpeningReason.IN_CRISIS_HERE: "The person is here, in a crisis",
    OpeningReason.CHILD_OR_ADULT_AT_RISK: "A child or an adult may come to harm",
    OpeningReason.ASKED_BY_PERSON: "The person asks me to",
    OpeningReason.COVERING: "I stand in for a colleague",
}


@record(
    "emergency_opening",
    label="Opening in an emergency",
    plural="Openings in an emergency",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    signed=True,
    source="FHIR R4 AuditEvent, purposeOfEvent BTG (break the glass)",
)
class EmergencyOpening:
    """Somebody opened a record that their work alone does not open. The privacy officer looks at each one."""

    person: UUID | None = field("Person", default=None, index=True)
    staff: UUID | None = field("Who opened it", default=None, index=True)
    reason: OpeningReason = field("Why", default=OpeningReason.LIFE_IN_DANGER)
    words: str = field("What happened", default="")
    opened_at: datetime | None = field("Opened at", default=None)
    until: datetime | None = field("Open until", default=None)


class ReviewOutcome(StrEnum):
    """What the privacy officer found."""

    RIGHT = "right"
    TALKED_ABOUT = "talked_about"
    REPORTED = "reported"


OUTCOME_WORDS = {
    ReviewOutcome.RIGHT: "It was right",
    ReviewOutcome.TALKED_ABOUT: "Talked about with them",
    ReviewOutcome.REPORTED: "Reported as a breach",
}


@record(
    "opening_review",
    label="Review of an opening",
    plural="Reviews of openings",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    signed=True,
    source="FHIR R4 AuditEvent; ISO 27799, review of emergency access",
)
class OpeningReview:
    """The privacy officer’s answer to one opening in an emergency."""

    person: UUID | None = field("Person", default=None, index=True)
    opening: UUID | None = field("Opening", default=None, index=True)
    outcome: ReviewOutcome = field("What was found", default=ReviewOutcome.RIGHT)
    words: str = field("In words", default="")
    reviewed_by: UUID | None = field("Reviewed by", default=None)
    reviewed_at: datetime | None = field("When", default=None)


def stands(opening: EmergencyOpening, staff: UUID, now: datetime) -> bool:
    """Whether an opening of that member of staff is still open."""
    started, ends = opening.opened_at, opening.until
    return opening.staff == staff and started is not None and ends is not None and started <= now < ends
