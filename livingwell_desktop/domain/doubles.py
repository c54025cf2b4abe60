"""Two registrations that may be of one person: what the server found, and what somebody said about it.

Nothing is merged. Both records stay as they are; the answer links them, and can be taken back.
"""

import hashlib
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.look_alikes import Reason
from livingwell_desktop.domain.records import Sensitivity, field, record


class SamePerson(StrEnum):
    """What somebody found out."""

    OPEN = ""
    SAME = "same"
    DIFFERENT = "different"


@record(
    "possible_double",
    label="Same person?",
    plural="Same person?",
    subject=("centre",),
    sensitivity=Sensitivity.CLINICAL,
    source="FHIR R4 Patient.link; FHIR R4 MatchGrade",
)
class PossibleDouble:
    """The server finds two registrations alike and asks. It knows of every centre's people; no desk does."""

    one: UUID | None = field("Registered as", default=None, index=True)
    other: UUID | None = field("And as", default=None, index=True)
    reasons: tuple[str, ...] = field("They have", default=(), hint="Codes of look-alikes, the strongest first")
    centre: UUID | None = field(
        "Own centre of who must not be found", default=None, hint="Then only its privacy officer is asked"
    )
    answer: SamePerson = field("Are they one person", default=SamePerson.OPEN)


def double_id(one: UUID, other: UUID) -> UUID:
    """The id of the question about two people: it is asked once, whoever finds it and however often."""
    first, second = sorted((one, other))
    named = hashlib.sha256(b"livingwell possible double 1\x00" + first.bytes + second.bytes).digest()
    return UUID(bytes=named[:16], version=5)


_NAMES = frozenset({Reason.SAME_NAME, Reason.SIMILAR_NAME})
_BIRTHS = frozenset({Reason.SAME_BIRTH_DATE, Reason.DAY_AND_MONTH_SWAPPED})


def worth_asking(reasons: tuple[Reason, ...]) -> bool:
    """Whether two who look alike may be one person: reception is warned of more, but a question takes somebody's time.

    The same NHS number, or a name that fits with a date of birth that does.
    """
    return Reason.SAME_NHS_NUMBER in reasons or bool(_NAMES & set(reasons) and _BIRTHS & set(reasons))
