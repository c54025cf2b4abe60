"""Opening a record in an emergency (“break glass”), offline too, and the privacy officer's look at each opening."""

from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.emergency_opening import (
    LEAST_WORDS,
    OPEN_FOR,
    EmergencyOpening,
    OpeningReason,
    OpeningReview,
    ReviewOutcome,
)
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.arriving import short
from livingwell_desktop.services.practice import Practice, not_here
from livingwell_desktop.services.seeing import Seen
from livingwell_desktop.storage import create


def open_record(practice: Practice, person: UUID, reason: OpeningReason, words: str) -> UUID:
    """Open the person's clinical record for a short time. A task for the privacy officer goes with it.

    Raises Problem when it is not said what happened, and when the record is open to this member of staff anyway.
    """
    practice.require(Act.BREAK_GLASS, person)
    if practice.store.get(Person, person) is None:
        raise not_here()
    if practice.may(Act.SEE_CLINICAL, person).allowed:
        raise Problem("This record is open to you", "You need no emergency to see it.", "Go back and open it.")
    said = short("words", words)
    if len(said) < LEAST_WORDS:
        raise field_problem("words", "It is not said what happened.", "Write a sentence. The privacy officer reads it.")
    now, record = practice.now(), practice.new_id()
    value = EmergencyOpening(
        person=person, staff=practice.staff.id, reason=reason, words=said, opened_at=now, until=now + OPEN_FOR
    )
    practice.write(Act.BREAK_GLASS, [create(record, value)])
    return record


def opening_now(practice: Practice, person: UUID) -> Held[EmergencyOpening] | None:
    """This member of staff's own opening of that record, while it stands: a banner says so until it ends."""
    practice.require(Act.SEE_DETAILS, person)
    return practice.opened_in_emergency(person)


@dataclass(frozen=True, slots=True)
class ToReview:
    """An opening that the privacy officer has not looked at yet."""

    opening: Held[EmergencyOpening]
    person: Held[Person] | None
    staff: str
    organisation: str


def unreviewed(seen: Seen) -> list[Held[EmergencyOpening]]:
    """Openings that nobody has looked at yet, among what one viewer may see."""
    reviewed = {held.value.opening for held in seen.find(OpeningReview)}
    return [held for held in seen.find(EmergencyOpening) if held.id not in reviewed]


def to_review(practice: Practice) -> tuple[ToReview, ...]:
    """Openings in an emergency without a review, the oldest first."""
    practice.look(Act.REVIEW_OPENINGS)
    everybody, found = alliance(practice), []
    for held in unreviewed(practice.store):
        organisation = everybody.organisation_of(held.value.staff)
        found.append(
            ToReview(
                held,
                practice.store.get(Person, held.value.person),
                everybody.staff_name(held.value.staff),
                organisation.value.name if organisation else "",
            )
        )
    return tuple(sorted(found, key=lambda each: each.opening.value.opened_at or each.opening.changed_at))


def review(practice: Practice, opening: Held[EmergencyOpening], outcome: ReviewOutcome, words: str = "") -> UUID:
    """Write down what the privacy officer found. Raises Problem when somebody has reviewed it meanwhile, or when
    nothing is said about an opening that was not right."""
    practice.require(Act.REVIEW_OPENINGS, opening.value.person)
    if practice.store.find(OpeningReview, opening=opening.id):
        raise Problem("This opening was reviewed already", "Somebody else was quicker.", "Go on with the next one.")
    said = short("words", words)
    if outcome is not ReviewOutcome.RIGHT and not said:
        raise field_problem("words", "It is not said what was found.", "Write a sentence about it.")
    if opening.value.staff == practice.staff.id:
        raise Problem("This opening was your own", "Nobody reviews their own.", "Ask another privacy officer.")
    record = practice.new_id()
    value = OpeningReview(
        person=opening.value.person,
        opening=opening.id,
        outcome=outcome,
        words=said,
        reviewed_by=practice.staff.id,
        reviewed_at=practice.now(),
    )
    practice.write(Act.REVIEW_OPENINGS, [create(record, value)])
    return record
