"""What somebody who oversees a centre did about a change that was not taken."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import field, record


class RefusedOutcome(StrEnum):
    """What was done about it."""

    ACCEPTED = "accepted"
    LEFT_OUT = "left_out"


@record(
    "refused_answer",
    label="Answer to a change that was not taken",
    plural="Answers to changes that were not taken",
    subject=("centre",),
    signed=True,
    source="FHIR R4 AuditEvent; ISO 27789",
)
class RefusedAnswer:
    """A change that was refused was looked at: it was written anew in somebody else's name, or left out."""

    centre: UUID | None = field("Centre", default=None)
    change: str = field("Change", default="", index=True, hint="Its name, in hexadecimal")
    outcome: RefusedOutcome = field("What was done", default=RefusedOutcome.LEFT_OUT)
    words: str = field("In words", default="")
    answered_by: UUID | None = field("Answered by", default=None)
    answered_at: datetime | None = field("When", default=None)
