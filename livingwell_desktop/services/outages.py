"""Without the server and back: what waits, what was not taken, and the page that a manager signs off afterwards."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.changes import milliseconds_of, time_of
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.outages import Outage
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import AnyHeld, Held, Json, RecordKind, Sensitivity, kind_named, kind_of
from livingwell_desktop.domain.wording import counted, listed
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.attention import Asking, Question, sensitivity_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.value_words import in_words, typed_value
from livingwell_desktop.storage import ChangeLine, RecordLine, create, edit
from livingwell_desktop.sync.outages import down_since

MOST_LINES = 2_000
"""Changes that were not taken that are read for a list; more are counted and not listed."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line to the server. `down_since` is None while it stands."""

    down_since: datetime | None
    last_receipt: datetime | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """All that waits, was sent or came about one person (None: about the centre or the alliance)."""

    person: Held[Person] | None
    changes: int
    what: str
    """ "their details and 1 visit", or that it is in the clinical record."""
    oldest: datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A change that was not taken. Its words are kept here."""

    change: bytes
    person: Held[Person] | None
    what: str
    words: tuple[tuple[str, str], ...]
    """(field, what was written), in words; empty for a viewer who may not see them."""
    reason: str
    author: str
    at: datetime
    somebody: bool = False
    """Whether it is about a person, held here or not."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What happened when a desk came back. The lists are there at that desk only."""

    outage: Held[Outage]
    desk: str
    sent: tuple[PersonLine, ...]
    received: tuple[PersonLine, ...]
    questions: tuple[Question, ...]
    refused: tuple[NotTaken, ...]
    signed_by: str
    is_here: bool


def line(practice: Practice) -> Line:
    """Since when there is no connection, and when the server last confirmed a change."""
    practice.require(Act.SEE_OUTAGES)
    last = practice.whole.waiting().last_receipt
    return Line(down_since(practice.whole), time_of(last) if last else None)


def waiting(practice: Practice) -> tuple[PersonLine, ...]:
    """What this desk has saved and the server has not confirmed, by person, the oldest first."""
    practice.require(Act.SEE_OUTAGES)
    return _by_person(practice, practice.whole.ledger.waiting())


def not_taken(practice: Practice) -> tuple[NotTaken, ...]:
    """What the server or this desk would not take, the newest first."""
    practice.require(Act.SEE_OUTAGES)
    everybody = alliance(practice)
    return tuple(as_not_taken(practice, line, everybody) for line in practice.whole.ledger.refused(MOST_LINES))


def outages(practice: Practice) -> tuple[Held[Outage], ...]:
    """Every outage of the centre's desks, the newest first."""
    practice.require(Act.SEE_OUTAGES)
    found = practice.store.find(Outage, order="ended", newest_first=True, centre=practice.centre.id)
    return tuple(found)


def note(practice: Practice, began: datetime, ended: datetime, link: int, held: int) -> UUID:
    """Write an outage down that is over: the desk does this by itself when it comes back. Twice is once."""
    store = practice.whole
    record = uuid.uuid5(practice.device.id, began.isoformat())
    if store.get(Outage, record) is not None:
        return record
    marks = store.ledger.marks()
    asked = sum(_came_between(each, began) for each in store.in_conflict())
    value = Outage(
        centre=practice.centre.id,
        desk=practice.device.id,
        began=began,
        ended=ended,
        sent=store.ledger.count_sent(link, marks.link),
        received=store.ledger.count_received(held, marks.held),
        questions=asked,
        refused=store.ledger.count_refused(milliseconds_of(began)),
        first_sent=link,
        last_sent=marks.link,
        first_received=held,
        last_received=marks.held,
    )
    practice.write(Act.NOTE_OUTAGE, [create(record, value)])
    return record


def reconciliation(practice: Practice, outage: UUID) -> Reconciliation:
    """Everything about one outage. Raises Problem when it is not on this desk."""
    practice.require(Act.SEE_OUTAGES)
    held = practice.store.get(Outage, outage)
    if held is None:
        raise Problem("This is not here", "This desk does not hold that outage.", "Go back and choose another one.")
    value, store, everybody = held.value, practice.whole, alliance(practice)
    here = value.desk == practice.device.id
    sent = store.ledger.sent(value.first_sent, value.last_sent) if here else ()
    came = store.ledger.received(value.first_received, value.last_received) if here else ()
    touched = {line.record for line in (*sent, *came)}
    asked = [each for each in practice.store.in_conflict() if each.id in touched and _may_ask(practice, each)]
    began = value.began or held.changed_at
    refused = tuple(
        as_not_taken(practice, line, everybody)
        for line in store.ledger.refused(MOST_LINES)
        if time_of(line.at) >= began
    )
    device = practice.store.get(Device, value.desk)
    return Reconciliation(
        outage=held,
        desk=device.value.name if device else "Another desk",
        sent=_by_person(practice, sent),
        received=_by_person(practice, came),
        questions=Asking(practice).among(asked),
        refused=refused if here else (),
        signed_by=everybody.staff_name(value.signed_by) if value.signed_by else "",
        is_here=here,
    )


def sign_off(practice: Practice, outage: Held[Outage], remark: str = "") -> None:
    """A manager has looked at it. Raises Problem when somebody has signed it off already."""
    practice.require(Act.SIGN_OFF_OUTAGE)
    if outage.value.signed_by:
        raise Problem("There is a problem", "This outage is signed off already.", "Go back to see who did it.")
    signed = edit(outage, signed_by=practice.staff.id, signed_at=practice.now(), remark=remark.strip())
    practice.write(Act.SIGN_OFF_OUTAGE, [signed])


def _may_ask(practice: Practice, held: AnyHeld) -> bool:
    kind = kind_of(type(held.value))
    about = held.id if kind.type is Person else getattr(held.value, "person", None)
    return practice.may(
        Act.SEE_DETAILS if sensitivity_of(held) is Sensitivity.DESK else Act.SEE_CLINICAL_QUESTIONS, about
    ).allowed


def _came_between(held: AnyHeld, began: datetime) -> bool:
    return any(each.at >= began for values in held.conflicts.values() for each in values)


def _by_person(practice: Practice, lines: Sequence[RecordLine]) -> tuple[PersonLine, ...]:
    found: dict[UUID | None, list[RecordLine]] = {}
    people = practice.for_lists().store.get_many(Person, {line.subject for line in lines})
    for line in lines:
        found.setdefault(line.subject if line.subject in people else None, []).append(line)
    made = (
        PersonLine(
            people.get(subject) if subject else None,
            sum(line.changes for line in about),
            _what(practice, about, subject),
            time_of(min(line.first for line in about)),
        )
        for subject, about in found.items()
    )
    return tuple(sorted(made, key=lambda each: each.oldest))


def _what(practice: Practice, lines: Iterable[RecordLine], subject: UUID | None) -> str:
    """What kinds of records they are, in words. What is clinical is said to be so, and no more, to who may not see."""
    clinical = practice.may(Act.SEE_CLINICAL, subject).allowed
    numbers: dict[tuple[str, str], int] = {}
    hidden = details = False
    for line in lines:
        kind = kind_named(line.kind)
        if kind is None:
            names = ("something new", "new things")
        elif line.clinical and not clinical:
            hidden = True
            continue
        elif kind.type is Person:
            details = True
            continue
        else:
            names = (_small(kind.label), _small(kind.plural))
        numbers[names] = numbers.get(names, 0) + 1
    words = ["their details"] if details else []
    words += [counted(number, *names) for names, number in numbers.items()]
    return listed([*words, *(["something in the clinical record"] if hidden else [])])


def _small(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def as_not_taken(practice: Practice, line: ChangeLine, everybody: Alliance) -> NotTaken:
    """A refused change in words, as far as the viewer may see it."""
    practice.require(Act.SEE_OUTAGES)
    content = line.content
    kind = kind_named(content.kind) if content else None
    person = practice.for_lists().store.get(Person, content.subject) if content else None
    about = person.id if person else None
    open_to = (
        kind is not None
        and content is not None
        and (kind.sensitivity_of(content.set) is Sensitivity.DESK or practice.may(Act.SEE_CLINICAL, about).allowed)
    )
    words: list[tuple[str, str]] = []
    if content is not None and kind is not None and open_to and practice.store.shows_as_written(content.subject):
        practice.viewed(Act.SEE_OUTAGES, about)
        words = list(_field_words(kind, content.set, everybody))
    return NotTaken(
        change=line.change,
        person=person,
        what=kind.label if kind else "Something that this version does not know",
        words=tuple(words),
        reason=_plain(line.reason),
        author=everybody.staff_name(content.staff) if content else "",
        at=time_of(line.at),
        somebody=kind is not None and (kind.type is Person or "person" in kind.fields),
    )


def _field_words(kind: RecordKind, written: Mapping[str, Json], everybody: Alliance) -> Iterable[tuple[str, str]]:
    """What was written, in words; whom it is about stands beside it."""
    for name, value in written.items():
        if name in kind.subject:
            continue
        declared = kind.field_named(name)
        label = declared.label if declared else name
        try:
            words = in_words(typed_value(declared, value), everybody) if declared else str(value)
        except (ValueError, TypeError, KeyError, AttributeError):
            words = str(value)  # what could not be read is what the page is about
        yield label, words


_REASONS = {
    "another change has the same name": "Another change has the same name. Ring IT support.",
    "its record is of another kind": "It belongs to a record of another kind. Ring IT support.",
    "the content does not match its hash": "It was damaged on the way. Ring IT support.",
    "the signature is not this desk's": "It was damaged on this desk. Ring IT support.",
}
_OF_ANOTHER_TYPE = re.compile(r"the value of (\w+)\.(\w+) is not of its type")


def _plain(reason: str) -> str:
    unread = _OF_ANOTHER_TYPE.fullmatch(reason)
    kind = kind_named(unread[1]) if unread else None
    field = kind.fields.get(unread[2]) if unread and kind else None
    if field is not None:
        return f"“{field.label}” cannot be read. Ring IT support."
    return _REASONS.get(reason) or f"{reason[:1].upper()}{reason[1:]}."
