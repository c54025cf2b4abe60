"""Two registrations that may be of one person: what the server found, and the answer, which merges nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from livingwell_desktop.domain.dates import medium_date
from livingwell_desktop.domain.doubles import PossibleDouble, SamePerson
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.look_alikes import Reason
from livingwell_desktop.domain.nhs_number import format_nhs_number
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import listed
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.standing import is_protected
from livingwell_desktop.storage import edit

SHOWN_FOR = timedelta(days=14)
"""How long an answer stays in the list, to be taken back where it was given."""


@dataclass(frozen=True, slots=True)
class OneOfTwo:
    """One of the two, as far as this member of staff may see them. `here`: not by their card alone."""

    person: UUID
    name: str
    facts: tuple[str, ...]
    here: bool


@dataclass(frozen=True, slots=True)
class Double:
    """A question about two people, and its answer."""

    question: Held[PossibleDouble]
    two: tuple[OneOfTwo, OneOfTwo]
    answered_by: str

    @property
    def answer(self) -> SamePerson:
        """What was said last."""
        return self.question.value.answer

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is asked, in words: "the same name", "the same date of birth"."""
        known = {reason.name.lower(): str(reason) for reason in Reason}
        return tuple(known[each] for each in self.question.value.reasons if each in known)

    @property
    def why(self) -> str:
        """ "They have the same name and the same date of birth."."""
        return f"They have {listed(self.reasons)}."


def doubles(practice: Practice) -> tuple[Double, ...]:
    """Questions without an answer first, then what was answered lately. Only where this desk holds one of the two."""
    practice.look(Act.SETTLE_DOUBLES)
    found, names = [], alliance(practice)
    for held in practice.store.find(PossibleDouble):
        if not _asks(practice, held):
            continue
        one, other = _one(practice, held.value.one), _one(practice, held.value.other)
        if one is not None and other is not None and (one.here or other.here):
            found.append(Double(held, (one, other), names.staff_name(held.changed_by) if held.changed_by else ""))
    for each in found:
        practice.viewed(Act.SETTLE_DOUBLES, *(one.person for one in each.two))
    return tuple(sorted(found, key=lambda each: (each.answer is not SamePerson.OPEN, each.question.changed_at)))


def count_doubles(practice: Practice) -> int:
    """How many of them wait for an answer. A number on the rail is no look at anybody's record."""
    practice.require(Act.SETTLE_DOUBLES)
    waiting = [
        held
        for held in practice.store.find(PossibleDouble)
        if held.value.answer is SamePerson.OPEN and _asks(practice, held)
    ]
    here = practice.store.get_many(Person, [each for held in waiting for each in (held.value.one, held.value.other)])
    return sum(1 for held in waiting if held.value.one in here or held.value.other in here)


def answer(practice: Practice, double: Double, said: SamePerson) -> None:
    """Link the two, say that they are two people, or take either back (`OPEN`). Both records stay as they are.

    Raises Problem when somebody else answered meanwhile otherwise: both answers are then asked about.
    """
    value = double.question.value
    hidden = value.centre is not None or any(is_protected(practice.whole, each) for each in _two(value))
    act = Act.SETTLE_HIDDEN_DOUBLES if hidden else Act.SETTLE_DOUBLES
    practice.require(act)
    if "answer" in double.question.conflicts:
        raise Problem("This was answered in two ways", "Two desks said different things.", "Settle it in Questions.")
    practice.write(act, [edit(double.question, answer=said)])


def linked(practice: Practice, person: UUID) -> tuple[OneOfTwo, ...]:
    """As whom else a person is registered, as somebody said. Each as far as this member of staff may see them."""
    practice.require(Act.SEE_DETAILS, person)
    found: Mapping[UUID, Held[PossibleDouble]] = {
        held.id: held
        for held in (
            *practice.store.find(PossibleDouble, one=person),
            *practice.store.find(PossibleDouble, other=person),
        )
        if held.value.answer is SamePerson.SAME and _may_know(practice, held)
    }
    others = (
        _one(practice, held.value.other if held.value.one == person else held.value.one) for held in found.values()
    )
    return tuple(other for other in others if other is not None)


def _asks(practice: Practice, held: Held[PossibleDouble]) -> bool:
    """Whether this member of staff is asked, or may take an answer back."""
    is_open = held.value.answer is SamePerson.OPEN
    return (is_open or practice.now() - held.changed_at <= SHOWN_FOR) and _may_know(practice, held)


def _may_know(practice: Practice, held: Held[PossibleDouble]) -> bool:
    """What is about somebody who must not be found is for the privacy officer of their own centre alone.

    Also when they became protected after they were asked about: reception knows them by a reference alone.
    """
    value = held.value
    if value.centre is None and not any(is_protected(practice.whole, each) for each in _two(value)):
        return True
    return value.centre in (None, practice.centre.id) and practice.may(Act.SETTLE_HIDDEN_DOUBLES).allowed


def _two(value: PossibleDouble) -> tuple[UUID, ...]:
    return tuple(each for each in (value.one, value.other) if each is not None)


def _one(practice: Practice, person: UUID | None) -> OneOfTwo | None:
    if person is None:
        return None
    held = practice.for_lists().store.get(Person, person)
    if held is not None:
        value = held.value
        return OneOfTwo(person, value.name, _facts(value.born, value.nhs_number, value.postcode), here=True)
    card = practice.whole.card(person)
    if card is None:
        return None
    name = f"{card.given_name} {card.family_name}".strip()
    return OneOfTwo(person, name, _facts(card.born, card.nhs_number), here=False)


def _facts(born: date | None, nhs_number: str, *others: str) -> tuple[str, ...]:
    said_born = f"born {medium_date(born)}" if born else ""
    return tuple(filter(None, (said_born, format_nhs_number(nhs_number) if nhs_number else "", *others)))
