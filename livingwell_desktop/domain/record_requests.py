"""Asking for the record of a person whom another centre knows: the centre that asks knows the person from then on."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import field, record


class RequestReason(StrEnum):
    """Why a record of another centre is needed here."""

    HERE_NOW = "here_now"
    WANTS_A_PLACE = "wants_a_place"
    SENT_HERE = "sent_here"
    OTHER = "other"


REQUEST_WORDS = {
    RequestReason.HERE_NOW: "The person is here",
    RequestReason.WANTS_A_PLACE: "They want a place here",
    RequestReason.SENT_HERE: "Another centre sent them to us",
    RequestReason.OTHER: "Something else",
}


@record(
    "record_request",
    label="Request for a record",
    plural="Requests for records",
    subject=("person",),
    signed=True,
    source="FHIR R4 AuditEvent, purposeOfEvent TREAT",
)
class RecordRequest:
    """Somebody asked for a record of another centre. The person can be told who, and why."""

    person: UUID | None = field("Person", default=None, index=True)
    centre: UUID | None = field("Centre that asks", default=None, index=True)
    staff: UUID | None = field("Who asked", default=None)
    reason: RequestReason = field("Why", default=RequestReason.HERE_NOW)
    words: str = field("In words", default="")
    asked_at: datetime | None = field("When", default=None)
