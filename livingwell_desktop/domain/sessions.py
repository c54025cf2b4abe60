"""Drop-in sessions, the places in them, and visits: one walk-in is one visit, with or without a booking."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import ConflictRule, field, record


@record(
    "session",
    label="Drop-in session",
    plural="Drop-in sessions",
    subject=("centre",),
    source="FHIR R4 Schedule and Slot",
)
class Session:
    """A drop-in session on one day at one centre, with a number of places."""

    centre: UUID | None = field("Centre", default=None, index=True)
    title: str = field("Name", default="", hint="Like Open drop-in")
    on: date | None = field("Day", default=None, index=True)
    starts: time | None = field("Starts", default=None)
    ends: time | None = field("Ends", default=None)
    places: int = field("Places", default=0)
    where: str = field("Where", default="")
    cancelled: bool = field("Cancelled", default=False)


class BookingState(StrEnum):
    """What became of a booking. The NHS Data Dictionary attendance code is in `ATTENDANCE_CODE`."""

    BOOKED = "booked"
    WAITING_LIST = "waiting_list"
    ARRIVED = "arrived"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_SERVICE = "cancelled_by_service"
    DID_NOT_ATTEND = "did_not_attend"


@record("booking", label="Booking", plural="Bookings", subject=("person",), source="FHIR R4 Appointment")
class Booking:
    """A place kept for a person in a session."""

    person: UUID | None = field("Person", default=None, index=True)
    session: UUID | None = field("Session", default=None, index=True)
    centre: UUID | None = field("Centre", default=None)
    on: date | None = field("Day", default=None, index=True)
    at: time | None = field("Time", default=None)
    until: time | None = field("Until", default=None)
    reason: str = field("Reason", default="")
    sees: UUID | None = field("Sees", default=None, index=True)
    where: str = field("Where", default="")
    state: BookingState = field("State", default=BookingState.BOOKED)
    made_at: datetime | None = field("Made at", default=None, conflict=ConflictRule.LATEST)


class VisitState(StrEnum):
    """Where a visit stands. Every state has a way out."""

    WAITING = "waiting"
    WITH_SOMEONE = "with_someone"
    DONE = "done"
    DID_NOT_WAIT = "did_not_wait"


@record(
    "visit",
    label="Visit",
    plural="Visits",
    subject=("person", "centre"),
    source="FHIR R4 Encounter; NHS Data Dictionary, care contact (MHS201)",
)
class Visit:
    """One coming to the centre, from the door to leaving. Without a name it is about the centre only."""

    person: UUID | None = field("Person", default=None, index=True)
    centre: UUID | None = field("Centre", default=None, index=True)
    on: date | None = field("Day", default=None, index=True)
    session: UUID | None = field("Session", default=None, index=True)
    booking: UUID | None = field("Booking", default=None)
    booked_for: time | None = field("Booked for", default=None)
    ticket: str = field("Ticket", default="")
    arrived_at: datetime | None = field("Arrived", default=None)
    reason: str = field("Reason", default="")
    sees: UUID | None = field("Sees", default=None, index=True)
    where: str = field("Where", default="")
    state: VisitState = field("State", default=VisitState.WAITING)
    called_at: datetime | None = field("Called", default=None, conflict=ConflictRule.LATEST)
    ended_at: datetime | None = field("Ended", default=None, conflict=ConflictRule.LATEST)
    outcome: str = field("How it ended", default="", hint="Like Seen, or why the person left")
    follow_up: str = field("What we do next", default="")
    recorded_first_as: UUID | None = field("Recorded first for somebody else as", default=None)
