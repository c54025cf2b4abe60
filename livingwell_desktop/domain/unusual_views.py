"""What the watch over openings found, as a record, so that it reaches the privacy officer at their own desk."""

import hashlib
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.records import Sensitivity, field, record


@record(
    "unusual_views",
    label="Unusual openings",
    plural="Unusual openings",
    subject=("person", "centre"),
    sensitivity=Sensitivity.CLINICAL,
    signed=True,
    source="FHIR R4 AuditEvent; ISO 27789, audit of access to health records",
)
class UnusualViews:
    """A desk noticed that somebody opened records of people whom nothing binds to them. The privacy officer asks."""

    person: UUID | None = field("Person", default=None, index=True, hint="Empty when it was about many people")
    centre: UUID | None = field("Centre", default=None)
    device: UUID | None = field("Desk", default=None)
    staff: UUID | None = field("Who opened them", default=None, index=True)
    people: int = field("How many people", default=0)
    openings: int = field("How many openings", default=0)
    first_at: datetime | None = field("First opened", default=None)
    last_at: datetime | None = field("Last opened", default=None)


def finding_id(device: UUID, staff: UUID, person: UUID | None, first: datetime) -> UUID:
    """The id of a finding: the same looks are found once, however often the audit is looked over.

    One a week for each: what goes on is not told again every five minutes.
    """
    week = first.isocalendar()
    named = device.bytes + staff.bytes + (person.bytes if person else bytes(16)) + f"{week[0]}-{week[1]}".encode()
    return UUID(bytes=hashlib.sha256(b"livingwell unusual views 1\x00" + named).digest()[:16], version=5)
