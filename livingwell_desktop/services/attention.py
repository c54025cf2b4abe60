"""What needs a person: fields that two desks changed without knowing of each other, and what waits on this desk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, time_of
from livingwell_desktop.domain.organisations import Device, Organisation
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import Action, OwnerKind
from livingwell_desktop.domain.records import (
    AnyHeld,
    FieldDeclaration,
    Held,
    HeldValue,
    Json,
    RecordKind,
    Sensitivity,
    kind_of,
    to_json,
)
from livingwell_desktop.domain.wording import number_word, sentence_case
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.people import FOLLOWS
from livingwell_desktop.services.plan_writing import owner_answer, owner_in_conflict
from livingwell_desktop.services.plans import OWNER_FIELDS
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.value_words import in_words, plain_type, typed_value

REMOVAL = FieldDeclaration(ENTERED_IN_ERROR, bool, "Recorded in error", False)
"""What is asked about a record that somebody took out and somebody who did not know of it changed."""

_TITLES = ("title", "words", "what", "name")
"""Fields that say which of several records of a kind one means."""


_REMOVAL_WORDS = {True: "Take it out", False: "Keep it"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values, with everything one needs to judge it."""

    value: Json
    words: str
    author: str
    organisation: Held[Organisation] | None
    desk: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A field with several values. `choices` are the oldest first; equal values are one choice."""

    held: AnyHeld
    kind: RecordKind
    field: FieldDeclaration
    person: Held[Person] | None
    before: str
    choices: tuple[Choice, ...]
    people: int

    @property
    def key(self) -> tuple[UUID, str]:
        """Which question this is, also after it changed."""
        return self.held.id, self.field.name

    @property
    def what(self) -> str:
        """The field as in the middle of a sentence: "phone", "NHS number"."""
        label = self.field.label
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    @property
    def is_removal(self) -> bool:
        """Whether it asks if the record itself stays."""
        return self.field is REMOVAL

    @property
    def which(self) -> str:
        """Which of several records it is, in its own words; empty for the person's own details."""
        if self.kind.type is Person:
            return ""
        found = (getattr(self.held.value, name, "") for name in _TITLES if name != self.field.name)
        return next((str(each) for each in found if each), "")

    def title(self, whose: str) -> str:
        """ "Two people changed Ngozi’s phone". `whose` is the name as it may be shown."""
        if self.is_removal:
            record = "record" if self.kind.type is Person else self.kind.label.lower()
            return self.title_of_removal(f"{whose}’s {record}")
        what = self.what if self.kind.type is Person else f"{self.kind.label.lower()}: {self.what}"
        if self.people > 1:
            return f"{sentence_case(number_word(self.people))} people changed {whose}’s {what}"
        return f"{whose}’s {what} was changed on two desks"

    def title_of_removal(self, record: str) -> str:
        """ "Ngozi’s visit was recorded in error at one desk and changed at another"."""
        return f"{record} was recorded in error at one desk and changed at another"

    @property
    def sentence(self) -> str:
        """What it was, and why there is a question."""
        about = f"This is about “{self.which}”. " if self.which else ""
        if self.is_removal:
            moved = "recorded_first_as" in self.kind.fields
            there = "If it belongs to somebody else, their record has it already. " if moved else ""
            return f"{about}{there}Neither desk knew of the other. Which is right?"
        was = f"It was {self.before}." if self.before else "It was empty."
        return f"{about}{was} No desk knew of the other’s change. Which is right?"

    @property
    def takes_words(self) -> bool:
        """Whether a third value can be typed."""
        return plain_type(self.field) is str


@dataclass(frozen=True, slots=True)
class OnThisDesk:
    """What this desk has saved and the server has not yet confirmed."""

    waiting: int
    oldest: datetime | None
    last_receipt: datetime | None
    refused: int = 0
    """Changes the server would not take. They are kept on this desk only."""


@dataclass(frozen=True, slots=True)
class Attention:
    """Everything on the Attention page. `hidden` questions are about clinical records and for key workers."""

    questions: tuple[Question, ...]
    hidden: int
    desk: OnThisDesk


def attention(practice: Practice) -> Attention:
    """Questions between desks over all records that this desk holds, and what waits on it."""
    practice.look(Act.SETTLE)
    may_see, hidden = _open(practice)
    found = Asking(practice).among(may_see)
    for act, restricted in ((Act.SETTLE, False), (Act.SEE_CLINICAL_QUESTIONS, True)):
        shown = [each for each in found if (sensitivity_of(each.held) > Sensitivity.DESK) is restricted]
        practice.viewed(act, *(each.person.id for each in shown if each.person))
    return Attention(found, hidden, on_this_desk(practice))


def count_questions(practice: Practice) -> int:
    """How many questions `attention` would show. A number on the rail is no look at anybody's record."""
    practice.require(Act.SETTLE)
    may_see, _ = _open(practice)
    return sum(1 for held in may_see for _ in _fields(held))


def _open(practice: Practice) -> tuple[list[AnyHeld], int]:
    """The records with a question that this member of staff may see, and how many questions there are in others."""
    clinical = practice.may(Act.SEE_CLINICAL_QUESTIONS).allowed
    may_see, hidden = [], 0
    for held in practice.store.in_conflict():
        if clinical or sensitivity_of(held) is Sensitivity.DESK:
            may_see.append(held)
        else:
            hidden += sum(1 for _ in _fields(held))
    return may_see, hidden


def questions_about(practice: Practice, held: AnyHeld) -> tuple[Question, ...]:
    """The questions of one record that somebody has open."""
    kind = kind_of(type(held.value))
    about = held.id if kind.type is Person else getattr(held.value, "person", None)
    practice.require(Act.SEE_DETAILS if sensitivity_of(held) is Sensitivity.DESK else Act.SEE_CLINICAL, about)
    return Asking(practice).among([held]) if held.conflicts else ()


class Asking:
    """Puts questions into words, for records that the viewer was found to be allowed to see.

    What all of them need is read once: after an outage there may be hundreds.
    """

    def __init__(self, practice: Practice) -> None:
        self._practice, self._everybody = practice, alliance(practice)
        self._devices = {device.id: device.value.name for device in practice.store.find(Device)}

    def among(self, records: Iterable[AnyHeld]) -> tuple[Question, ...]:
        """The questions of those records."""
        return tuple(
            _question(self._practice, held, kind_of(type(held.value)), name, self._everybody, self._devices)
            for held in records
            for name in _fields(held)
        )


def on_this_desk(practice: Practice) -> OnThisDesk:
    """How many changes wait, since when, and when the server last confirmed one."""
    practice.require(Act.SETTLE)
    waiting = practice.store.waiting()
    return OnThisDesk(
        waiting.count,
        time_of(waiting.oldest_saved_at) if waiting.oldest_saved_at else None,
        time_of(waiting.last_receipt) if waiting.last_receipt else None,
        waiting.refused,
    )


def sensitivity_of(held: AnyHeld) -> Sensitivity:
    """How sensitive a record is, whoever it is about: a draft is as sensitive as what it is a draft of."""
    return kind_of(type(held.value)).sensitivity_of_value(held.value)


def _fields(held: AnyHeld) -> Iterator[str]:
    """The fields to ask about: one that follows another is settled with it."""
    kind = kind_of(type(held.value))
    for name in (*kind.fields, *sorted(held.conflicts.keys() - kind.fields.keys())):
        if name != ENTERED_IN_ERROR and kind.field_named(name) is None:
            continue
        leads = [leader for leader, follower in FOLLOWS.items() if follower == name and kind.type is Person]
        if name in held.conflicts and not any(leader in held.conflicts for leader in leads):
            if kind.type is Action and name in OWNER_FIELDS and name != owner_in_conflict(held):
                continue
            yield name


def _question(
    practice: Practice, held: AnyHeld, kind: RecordKind, name: str, everybody: Alliance, devices: dict[UUID, str]
) -> Question:
    declaration, values = declared(kind, name), sorted(held.conflicts[name], key=lambda each: (each.at, each.change))
    choices: dict[str, Choice] = {}
    for each in values:
        choice = _choice(each, declaration, everybody, devices)
        if kind.type is Action and name in OWNER_FIELDS:
            choice = replace(choice, words=_owner_words(owner_answer(held, each.change), everybody))
        choices.setdefault(repr(to_json(each.value)), choice)
    if declaration is REMOVAL and "False" not in choices:  # two desks took it out, or who changed it is not held here
        choices["False"] = Choice(False, _REMOVAL_WORDS[False], "Another desk", None, "", held.changed_at)
    person_id = held.id if kind.type is Person else getattr(held.value, "person", None)
    person = held if kind.type is Person else practice.store.get(Person, person_id)
    before: Any = typed_value(declaration, values[0].before)
    return Question(
        held=held,
        kind=kind,
        field=declaration,
        person=person,
        before="" if before in (None, "", ()) else in_words(before, everybody),
        choices=tuple(choices.values()),
        people=len({each.staff for each in values}),
    )


def declared(kind: RecordKind, name: str) -> FieldDeclaration:
    """A field that one can ask about. Raises LookupError for one that this version does not know."""
    found = REMOVAL if name == ENTERED_IN_ERROR else kind.field_named(name)
    if found is None:
        raise LookupError(f"{kind.name} has no field {name}")
    return found


def _owner_words(action: Action, everybody: Alliance) -> str:
    """Who does the action, whatever field the question stands in."""
    if action.owner_kind == OwnerKind.WORKER:
        return in_words(action.owner_staff, everybody)
    return action.owner_name or "The person"


def _choice(value: HeldValue, declaration: FieldDeclaration, everybody: Alliance, devices: dict[UUID, str]) -> Choice:
    removal = _REMOVAL_WORDS[value.value is True] if declaration is REMOVAL else ""
    return Choice(
        value=value.value,
        words=removal or in_words(typed_value(declaration, value.value), everybody),
        author=everybody.staff_name(value.staff),
        organisation=everybody.organisation_of(value.staff),
        desk=devices.get(value.device, "a desk at another centre") if value.device else "",
        at=value.at,
    )
