"""People who must not be found: what is kept about that, and what each viewer may see of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.drafts import SharedDraft
from livingwell_desktop.domain.people import Contact, Person
from livingwell_desktop.domain.permissions.standing import Sight
from livingwell_desktop.domain.records import Sensitivity, field, record
from livingwell_desktop.domain.sessions import Booking, Visit


class ProtectionReason(StrEnum):
    """Why somebody must not be found, in a code: the story itself is for their clinical record."""

    VIOLENCE_AT_HOME = "violence_at_home"
    STALKED = "stalked"
    FORCED_MARRIAGE = "forced_marriage"
    TRAFFICKED = "trafficked"
    WITNESS = "witness"
    OTHER = "other"


REASON_WORDS = {
    ProtectionReason.VIOLENCE_AT_HOME: "Violence at home",
    ProtectionReason.STALKED: "Somebody follows them",
    ProtectionReason.FORCED_MARRIAGE: "Forced marriage or honour-based abuse",
    ProtectionReason.TRAFFICKED: "Trafficking",
    ProtectionReason.WITNESS: "Protected witness",
    ProtectionReason.OTHER: "Another reason",
}


@record(
    "protection",
    label="Protection",
    plural="Protected people",
    subject=("person",),
    one_per_person=True,
    source="FHIR R4 Patient.meta.security R (restricted); NHS PDS sensitive flag",
)
class Protection:
    """Somebody’s address or whereabouts must not be found. Reception knows the reference alone, like “Dana”."""

    person: UUID | None = field("Person", default=None, index=True)
    on: bool = field("Protected now", default=True)
    from_date: date | None = field("Protected from", default=None)
    until_date: date | None = field("Protected until", default=None)
    reason: ProtectionReason = field("Why", default=ProtectionReason.OTHER)
    reference: str = field("Agreed reference", default="", hint="A name that is not theirs, like Dana")
    centre: UUID | None = field("Own centre", default=None)
    review_on: date | None = field("Look at it again on", default=None)
    decided_by: UUID | None = field("Decided by", default=None)


class Purpose(StrEnum):
    """What something is read for: a page about one person, a list or search, a paper or file that leaves."""

    PAGE = "page"
    LIST = "list"
    PAPER = "paper"


def person_sensitivity(protection: Protection | None, *, in_question: bool = False) -> Sensitivity:
    """How sensitive everything about a person is: while they are protected, no stream of the desks carries it.

    Where two desks wrote different things about the protection, it stands until somebody has settled it.
    """
    protected = protection is not None and (protection.on or in_question)
    return Sensitivity.CLINICAL if protected else Sensitivity.DESK


WHERE_THEY_ARE: Mapping[str, Any] = MappingProxyType(
    {
        "address": "",
        "postcode": "",
        "no_fixed_abode": False,
        "phone": "",
        "phone_e164": "",
        "email": "",
        "safe_time": "",
        "gp_practice": "",
    }
)
"""What of a person’s details says where they are or how they are reached, with what is shown instead."""


def as_seen(
    record: Any, protection: Protection, sight: Sight, purpose: Purpose, today: date, centre: UUID
) -> Any | None:
    """A record about a protected person as one viewer may see it for one purpose; None where it is not shown at all.

    `centre` is where the viewer is. Pages of whoever may see the person whole show everything; lists, search answers,
    papers and exports never show where the person is or when they come (`security.md`, protected people).
    """
    if sight is Sight.NOTHING:
        return None
    if purpose is Purpose.PAPER and isinstance(record, Booking | Visit):
        return None
    if sight is Sight.REFERENCE:
        return _by_reference(record, protection, today, centre)
    if purpose is Purpose.PAGE:
        return record
    return _without_whereabouts(record)


def _by_reference(record: Any, protection: Protection, today: date, centre: UUID) -> Any | None:
    match record:
        case Person():
            return Person(given_name=protection.reference)
        case Protection():
            return Protection(person=record.person, on=record.on, reference=record.reference, centre=record.centre)
        case Visit() if record.on == today and record.centre == centre:
            return replace(record, booking=None, booked_for=None, session=None, reason="", outcome="", follow_up="")
    return None


def _without_whereabouts(record: Any) -> Any | None:
    match record:
        case Person():
            return replace(record, **WHERE_THEY_ARE)
        case Contact():
            return replace(record, phone="", when="")
        case Booking() | Visit() | SharedDraft():
            return None
    return record
