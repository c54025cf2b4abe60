"""People who must not be found: what is kept about that, and what each viewer may see of them."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import field, record


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
