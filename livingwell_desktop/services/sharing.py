"""What a person shares with which organisation: as of now, in words, its history, and every answer they can give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.people import (
    SECTION_WORDS,
    Decision,
    Person,
    Section,
    SharingAgreement,
    newest_agreement,
)
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import listed, sentence_case
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.practice import Practice, RefusedError
from livingwell_desktop.storage import Between, create

SPOKEN, WRITTEN = "spoken", "written"
HOW_WORDS = {SPOKEN: "They said it", WRITTEN: "They signed it"}


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the person shares with one organisation, as of now."""

    organisation: UUID
    agreement: Held[SharingAgreement] | None

    @property
    def sections(self) -> frozenset[Section]:
        """The sections shared now; none without an agreement that stands."""
        if self.agreement is None or self.agreement.value.decision is not Decision.GIVEN:
            return frozenset()
        return frozenset(self.agreement.value.sections)

    @property
    def is_in_part(self) -> bool:
        """Whether one section at most is shared. Which ones exactly stands in the table of the plan and on Sharing."""
        return len(self.sections) == 1


def sharing(practice: Practice, person: UUID, everybody: Alliance) -> tuple[Sharing, ...]:
    """The newest agreement with each organisation; None where the person was never asked."""
    practice.require(Act.SEE_DETAILS, person)
    said: dict[UUID, list[Held[SharingAgreement]]] = {}
    for held in practice.store.find(SharingAgreement, person=person):
        if held.value.organisation:
            said.setdefault(held.value.organisation, []).append(held)
    order = sorted(everybody.organisations.values(), key=lambda each: str(each.id))
    return tuple(Sharing(each.id, newest_agreement(said.get(each.id, ()))) for each in order)


def sharing_words(found: Iterable[Sharing], everybody: Alliance, today: date) -> str:
    """What is shared with whom in one line: everything, in part with the parts, refused, and whether to ask again."""
    whole, parts, refused, again = list[str](), list[str](), list[str](), list[str]()
    for each in found:
        organisation = everybody.organisations.get(each.organisation)
        name = organisation.value.short_name or organisation.value.name if organisation else "another organisation"
        agreement = each.agreement.value if each.agreement else None
        if each.sections >= set(Section):
            whole.append(name)
        elif each.sections:
            parts.append(f"{name} ({listed([SECTION_WORDS[one].lower() for one in Section if one in each.sections])})")
        elif agreement is not None:
            refused.append(name)
        if each.sections and agreement and agreement.review_on and agreement.review_on <= today:
            again.append(name)
    said = []
    if whole:
        said.append(f"Shares everything with {listed(whole)}.")
    if parts:
        said.append(f"Shares in part with {listed(parts)}.")
    if refused:
        said.append(f"Does not share with {listed(refused)}.")
    if again:
        said.append(f"Ask again about {listed(again)}.")
    return sentence_case(" ".join(said)) or "Nobody has asked yet what may be shared."


def record_sharing(
    practice: Practice,
    person: UUID,
    organisation: UUID,
    decision: Decision,
    sections: Sequence[Section] = (),
    how: str = SPOKEN,
    review_on: date | None = None,
) -> UUID:
    """Write down what the person said about one organisation. What they said before stays in the history.

    Raises Problem when parts are missing, when there is nothing to withdraw, and for a day of asking again that is
    not to come.
    """
    practice.require(Act.RECORD_SHARING, person)
    if practice.store.get(Person, person) is None:
        raise Problem("This person is not on this desk", "Their record has not arrived yet.", "Search for them again.")
    given = decision is Decision.GIVEN
    if given and not sections:
        raise field_problem("sections", "No part is chosen.", "Choose the parts that the person shares.")
    if given and organisation == practice.staff.value.organisation:
        ruling = practice.may_record_given(person, sections)
        if not ruling.allowed:
            raise RefusedError(ruling)
    if review_on is not None and review_on <= practice.today():
        raise field_problem("review_on", "This day has passed.", "Enter a day that is still to come.")
    if decision is Decision.WITHDRAWN and not _shared_now(practice, person, organisation):
        raise Problem("There is nothing to withdraw", "Nothing is shared with them now.", "Choose “does not agree”.")
    record = practice.new_id()
    value = SharingAgreement(
        person=person,
        organisation=organisation,
        decision=decision,
        sections=tuple(each for each in Section if each in sections) if given else (),
        how=how,
        decided_on=practice.today(),
        recorded_by=practice.staff.id,
        review_on=review_on if given else None,
    )
    practice.write(Act.RECORD_SHARING, [create(record, value)])
    return record


@dataclass(frozen=True, slots=True)
class SharingDue:
    """An agreement about which the person should be asked again."""

    person: Held[Person]
    agreement: Held[SharingAgreement]


def sharing_due(practice: Practice) -> tuple[SharingDue, ...]:
    """Agreements that still count and whose day of asking again has come, the longest due first."""
    practice.look(Act.RECORD_SHARING)
    due = practice.store.find(SharingAgreement, review_on=Between(None, practice.today()), order="review_on")
    people = practice.store.get_many(Person, (held.value.person for held in due))
    found = []
    for held in due:
        person, organisation = held.value.person, held.value.organisation
        if person is not None and person in people and organisation:
            said = practice.store.find(SharingAgreement, person=person, organisation=organisation)
            newest = newest_agreement(said)
            if newest is not None and newest.id == held.id and held.value.decision is Decision.GIVEN:
                found.append(SharingDue(people[person], held))
    return tuple(found)


def _shared_now(practice: Practice, person: UUID, organisation: UUID) -> bool:
    said = newest_agreement(practice.store.find(SharingAgreement, person=person, organisation=organisation))
    return said is not None and said.value.decision is Decision.GIVEN
