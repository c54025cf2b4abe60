"""People who must not be found: who is protected, by which reference reception knows them, and when it is looked at."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.names import search_words
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.protection import Protection, ProtectionReason
from livingwell_desktop.domain.records import Held, kind_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.standing import protected
from livingwell_desktop.storage import create, edit

LONGEST_REFERENCE = 40
"""Characters of an agreed reference: a name that reception can read out."""


def protection_of(practice: Practice, person: UUID) -> Held[Protection] | None:
    """How the person is protected now, as far as this viewer may see it; None when they are not."""
    practice.require(Act.SEE_DETAILS, person)
    standing = protected(practice.whole).get(person)
    return practice.store.get(Protection, standing.id) if standing else None


def protect(
    practice: Practice,
    person: UUID,
    reason: ProtectionReason,
    reference: str,
    *,
    centre: UUID | None = None,
    review_on: date | None = None,
) -> UUID:
    """Protect a person: from now on only their own centre knows where they are and when they come.

    `centre` is their own centre, this one when none is given. Raises Problem for a reference that is missing, too long,
    part of their own name, or somebody else's already, and for a review that is not to come.
    """
    practice.require(Act.PROTECT, person)
    held = practice.store.get(Person, person)
    if held is None:
        raise Problem("This person is not on this desk", "Their record has not arrived yet.", "Search for them again.")
    value = Protection(
        person=person,
        from_date=practice.today(),
        reason=reason,
        reference=_checked(practice, held, reference),
        centre=centre or practice.centre.id,
        review_on=review_on,
        decided_by=practice.staff.id,
    )
    if review_on is not None and review_on <= practice.today():
        raise field_problem("review_on", "This day has passed.", "Enter a day that is still to come.")
    record = kind_of(Protection).id_for(person)
    before = practice.whole.get(Protection, record)
    if before is None:
        practice.write(Act.PROTECT, [create(record, value)])
    else:
        fields = {name: getattr(value, name) for name in kind_of(Protection).fields if name != "person"}
        practice.write(Act.PROTECT, [edit(before, **fields)])
    return record


def end_protection(practice: Practice, person: UUID) -> None:
    """The person need not be hidden any more. Raises Problem when they are not protected."""
    practice.require(Act.PROTECT, person)
    held = practice.whole.get(Protection, kind_of(Protection).id_for(person))
    if held is None or not held.value.on:
        raise Problem("This person is not protected", "It was ended before.", "There is nothing to do.")
    practice.write(Act.PROTECT, [edit(held, on=False, until_date=practice.today())])


@dataclass(frozen=True, slots=True)
class ProtectionDue:
    """Somebody whose protection should have been looked at again by today."""

    person: Held[Person]
    protection: Held[Protection]


def protections_due(practice: Practice) -> tuple[ProtectionDue, ...]:
    """Protections to look at again, the longest due first."""
    practice.look(Act.PROTECT)
    today = practice.today()
    found = []
    for person, held in protected(practice.whole).items():
        due, whose = held.value.review_on, practice.store.get(Person, person)
        if due is not None and due <= today and whose is not None:
            found.append((due, ProtectionDue(whose, held)))
    return tuple(each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].person.id)))


def _checked(practice: Practice, person: Held[Person], reference: str) -> str:
    """The reference as it is kept. Raises Problem when it would give somebody away or be taken for another."""
    words = " ".join(reference.split())
    if not words:
        raise field_problem("reference", "There is no reference.", "Agree on a name with the person, like Dana.")
    if len(words) > LONGEST_REFERENCE:
        raise field_problem("reference", "This reference is too long.", f"Use {LONGEST_REFERENCE} characters or fewer.")
    value = person.value
    own = search_words(f"{value.name} {value.preferred_name} {value.other_names}")
    if set(search_words(words)) & set(own):
        raise field_problem("reference", "This is part of their own name.", "Agree on a name that is not theirs.")
    for other, held in protected(practice.whole).items():
        if other != person.id and search_words(held.value.reference) == search_words(words):
            raise field_problem("reference", "Somebody else has this reference.", "Agree on another name.")
    return words
