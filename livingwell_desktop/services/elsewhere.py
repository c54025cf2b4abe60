"""People whom another centre knows: enough to find them, and asking for their record, with or without a connection."""

from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.record_requests import RecordRequest, RequestReason
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.services.arriving import short
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import KnownElsewhere, create

MOST = 20


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A person whom only other centres know. `is_asked_for`: their record is on its way here."""

    card: KnownElsewhere
    is_asked_for: bool


def known_elsewhere(practice: Practice, typed: str) -> tuple[Elsewhere, ...]:
    """People of other centres who match what was typed: names, date of birth, NHS number."""
    practice.require(Act.FIND_PEOPLE)
    found = practice.whole.search_cards(parse_query(typed, practice.today()), MOST)
    return tuple(Elsewhere(card, _is_asked_for(practice, card.person)) for card in found)


def ask_for_record(practice: Practice, person: UUID, reason: RequestReason, words: str = "") -> None:
    """Ask for a person's record: it comes as soon as this desk and its server have spoken.

    Raises Problem when "something else" is not said in words. Asking again writes nothing.
    """
    practice.require(Act.ASK_FOR_RECORD)
    if practice.whole.get(Person, person) is not None or _is_asked_for(practice, person):
        return
    said = short("words", words)
    if reason is RequestReason.OTHER and not said:
        raise field_problem("words", "It is not said why.", "Write why the record is needed here.")
    value = RecordRequest(
        person=person,
        centre=practice.centre.id,
        staff=practice.staff.id,
        reason=reason,
        words=said,
        asked_at=practice.now(),
    )
    practice.write(Act.ASK_FOR_RECORD, [create(practice.new_id(), value)])


def _is_asked_for(practice: Practice, person: UUID) -> bool:
    found = practice.whole.find(RecordRequest, person=person)
    return any(held.value.centre == practice.centre.id for held in found)
