"""Papers: fetching what each declared paper needs, drawing it, and recording who was given a copy.

The papers themselves are declared in `printing`; it is imported only when one is asked for, as drawing takes long to
load.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.membership import RecoveryCode
from livingwell_desktop.domain.notes import DocumentGiven, GivenBy, Note
from livingwell_desktop.domain.people import Contact, Person, PrintFormat
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plan_rules import check_code
from livingwell_desktop.domain.plans import Plan, PlanVersion
from livingwell_desktop.domain.records import AnyHeld, Held, Json, Sensitivity, kind_of, kinds
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.domain.wording import counted, listed, sentence_case
from livingwell_desktop.services.document_values import change_picture
from livingwell_desktop.services.own_record import everything_about, who_opened
from livingwell_desktop.services.plans import plan_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.recovery_codes import code_just_made
from livingwell_desktop.services.standing import is_protected
from livingwell_desktop.storage import Event, create

if TYPE_CHECKING:
    from livingwell_desktop.printing.documents import Document, Need

ALL_FORMATS = tuple(PrintFormat)


@dataclass(frozen=True, slots=True)
class PaperChoice:
    """How a paper is to be drawn. None and 0 are what the person has recorded and the usual size."""

    format: PrintFormat | None = None
    size: int = 0
    """Points, for large print."""
    born_in_foot: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper as it would be printed now, in memory only."""

    pdf: bytes
    document: str
    label: str
    formats: tuple[PrintFormat, ...]
    format: PrintFormat
    size: int
    person: Held[Person] | None
    record: UUID | None
    version: str
    check_code: str
    leaves_out: tuple[str, ...]
    """What is never on this paper, by rule."""
    left_out_here: str
    """What of this person's record was left out, in a sentence; empty when there is nothing."""


def opened(practice: Practice, name: str, person: UUID | None) -> None:
    """Write down that somebody opens a paper on the screen; its formats and sizes are one opening.

    Raises Problem when the role may not print it, and KeyError for a paper that is not declared.
    """
    from livingwell_desktop.printing.documents import document_named

    practice.look(act_for(document_named(name)), person)


def prepare(
    practice: Practice,
    name: str,
    person: UUID | None,
    record: UUID | None = None,
    choice: PaperChoice | None = None,
) -> Prepared:
    """Draw a paper. Safe on another thread; nothing is written but the audit of a refusal.

    Raises Problem when the role may not print it or when a record that it needs is not on this desk, and KeyError for
    a paper that is not declared.
    """
    from livingwell_desktop.printing.documents import Printed, document_named

    document, choice = document_named(name), choice or PaperChoice()
    practice.look(act_for(document), person)
    _must_not_say_when(practice, document, person, record)
    practice = practice.for_papers()
    records = _records(practice, document, person, record)
    whose = next((each for each in records.values() if isinstance(each, Held) and isinstance(each.value, Person)), None)
    whose = whose or practice.store.get(Person, person)
    form = _format(document, choice.format, whose)
    printed = Printed(
        at=practice.now(),
        by=practice.staff.value.name,
        centre=practice.centre.value.name,
        format=form,
        size=choice.size if form is PrintFormat.LARGE_PRINT else 0,
        born_in_foot=choice.born_in_foot,
    )
    version, code = _named(practice, records)
    return Prepared(
        pdf=document.print(printed, **records),
        document=document.name,
        label=document.label,
        formats=document.formats,
        format=form,
        size=printed.body_size,
        person=whose,
        record=record,
        version=version,
        check_code=code,
        leaves_out=document.leaves_out,
        left_out_here=left_out(practice, whose) if _is_about_plan(document) and whose else "",
    )


def _is_about_plan(document: Document) -> bool:
    """Whether the person's addresses and notes are left out of it by rule."""
    return bool(document.leaves_out) and document.act is None


def _must_not_say_when(practice: Practice, document: Document, person: UUID | None, record: UUID | None) -> None:
    """No paper says when or where a protected person comes. Raises Problem for one that is about nothing else; on any
    other they are left out."""
    from livingwell_desktop.printing.documents import Many

    for need in document.needs:
        if need.kind in (Booking, Visit) and need.many is not Many.ALL:
            held: AnyHeld | None = practice.whole.get(need.kind, record)
            whose = held.value.person if held else person
            if whose is not None and is_protected(practice.whole, whose):
                raise Problem(
                    "This is not printed for this person",
                    "No paper may say when or where they come.",
                    "Tell them the day, the time or the ticket number, and let them write it down their own way.",
                )


def act_for(document: Document) -> Act:
    """The permission that printing it takes: a paper with anything clinical on it is for those who plan care."""
    if any(need.kind is RecoveryCode for need in document.needs):
        return Act.MAKE_RECOVERY_CODE
    if document.act is not None:
        return document.act
    clinical = {kind.type for kind in kinds() if kind.sensitivity > Sensitivity.DESK}
    declared = {kind.type for kind in kinds()}
    slip = all(need.kind in declared and need.kind not in clinical for need in document.needs)
    return Act.PRINT_SLIP if slip else Act.PRINT_PLAN


def given(practice: Practice, prepared: Prepared, how: GivenBy, given_to: str, copies: int = 1) -> UUID:
    """Record that a paper left the program: which wording, in which format, how, to whom and by whom.

    Raises Problem when it is not said who got it.
    """
    from livingwell_desktop.printing.documents import document_named

    person = prepared.person.id if prepared.person else None
    act = act_for(document_named(prepared.document))
    practice.require(act, person)
    if not given_to.strip():
        raise Problem("There is a problem", "It is not said who got the paper.", "Write who has this copy.")
    record = practice.new_id()
    value = DocumentGiven(
        person=person,
        document=prepared.document,
        version=prepared.version,
        format=prepared.format.value,
        how=how,
        given_to=given_to.strip(),
        given_at=practice.now(),
        given_by=practice.staff.id,
        check_code=prepared.check_code,
        copies=copies,
    )
    practice.write(act, [create(record, value)], [_event("given", prepared, copies)])
    return record


def printing(practice: Practice, prepared: Prepared, copies: int = 1) -> None:
    """Write down that a paper is printed, before its pages go to the printer. Without this none may go.

    Raises Problem when the role may not print it, or when the disk is full.
    """
    _leaves(practice, "print", prepared, copies)


def saving(practice: Practice, prepared: Prepared) -> None:
    """Write down that a paper is saved as a file, before it is. Raises Problem as `printing` does."""
    _leaves(practice, "save as a file", prepared, 1)


def _leaves(practice: Practice, how: str, prepared: Prepared, copies: int) -> None:
    from livingwell_desktop.printing.documents import document_named

    practice.require(act_for(document_named(prepared.document)), prepared.person.id if prepared.person else None)
    practice.store.record_events([_event(how, prepared, copies)], practice.staff.id)


def copies_of(practice: Practice, person: UUID, name: str) -> tuple[Held[DocumentGiven], ...]:
    """Who was given that paper, the newest first."""
    practice.require(Act.SEE_DETAILS, person)
    found = [held for held in practice.store.find(DocumentGiven, person=person) if held.value.document == name]
    return tuple(sorted(found, key=lambda held: (held.value.given_at or held.changed_at, held.id), reverse=True))


def left_out(practice: Practice, person: Held[Person]) -> str:
    """What the person's record holds that no paper about the plan shows: "Two notes and her address"-like words."""
    practice.require(Act.SEE_CLINICAL, person.id)
    parts = []
    notes = practice.store.count(Note, person=person.id)
    if notes:
        parts.append(counted(notes, "note", "notes"))
    if person.value.address or person.value.postcode:
        parts.append("the address")
    people = [held.value for held in practice.store.find(Contact, person=person.id)]
    if len(people) in (1, 2):
        parts += [f"the details of {each.name or each.relationship.lower() or 'a contact'}" for each in people]
    elif people:
        parts.append(f"the details of {len(people)} people")
    return f"{sentence_case(listed(parts))}." if parts else ""


def _event(what: str, prepared: Prepared, copies: int) -> Event:
    """Like "print: plan", with the check code that stands on the paper."""
    detail: dict[str, Json] = {
        "format": prepared.format.value,
        "copies": copies,
        "version": prepared.version,
        "check_code": prepared.check_code,
    }
    person = prepared.person.id if prepared.person else None
    return Event(f"{what}: {prepared.document}", person, prepared.record, detail)


def _format(document: Document, wanted: PrintFormat | None, person: Held[Person] | None) -> PrintFormat:
    """What was asked for, else what the person has recorded (DAPB1605), else standard."""
    recorded = person.value.print_format if person else PrintFormat.STANDARD
    return next((each for each in (wanted, recorded) if each in document.formats and each), document.formats[0])


def _records(practice: Practice, document: Document, person: UUID | None, record: UUID | None) -> dict[str, Any]:
    """What the parameters of the paper ask for, by parameter."""
    from livingwell_desktop.printing.documents import Many

    single = [need for need in document.needs if need.many in (Many.ONE, Many.PERHAPS)]
    found: dict[str, Any] = {}
    for need in single:
        held: AnyHeld | None = practice.store.get(need.kind, record)
        if held is not None:
            found[need.parameter] = held
    person = person or next((each.value.person for each in found.values() if getattr(each.value, "person", None)), None)
    for need in single:
        if need.parameter not in found:
            found[need.parameter] = _single(practice, need, person, dict(found))
            if found[need.parameter] is None and need.many is Many.ONE:
                raise _missing(kind_of(need.kind).label)
    for need in document.needs:
        kind: type[Any] = need.kind
        if need.many is Many.ALL:
            found[need.parameter] = practice.store.find(kind, person=person) if person else ()
        elif need.many is Many.BY_ID:
            found[need.parameter] = {each.id: each.value for each in practice.store.find(kind)}
        elif need.many is Many.VALUE:
            found[need.parameter] = _value(practice, need, person, record)
    return found


def _single(practice: Practice, need: Need, person: UUID | None, found: Mapping[str, AnyHeld | None]) -> AnyHeld | None:
    """One record: the person, the person's only one of its kind, or the one that a record fetched before names."""
    kind = kind_of(need.kind)
    if kind.type is Person:
        return practice.store.get(Person, person)
    if kind.one_per_person:
        return practice.store.get(need.kind, kind.id_for(person)) if person else None
    for held in found.values():
        named = getattr(held.value, need.parameter, None) if held else None
        if isinstance(named, UUID):
            return practice.store.get(need.kind, named)
    return None


_MAKERS: Mapping[str, Callable[[Practice, Any, UUID | None], Any]] = MappingProxyType(
    {
        "ChangePicture": change_picture,
        "Everything": everything_about,
        "RecoveryCode": lambda practice, _person, _record: code_just_made(practice),
        "WhoOpened": who_opened,
    }
)
"""How plain values that papers ask for are made, by the name of their class."""


def _value(practice: Practice, need: Need, person: UUID | None, record: UUID | None) -> Any:
    maker = _MAKERS.get(need.kind.__name__)
    if maker is None or (person is None and need.kind is not RecoveryCode):
        raise _missing(need.parameter.replace("_", " "))
    return maker(practice, person, record)


def _missing(what: str) -> Problem:
    return Problem(
        "This paper cannot be made yet",
        f"It needs something that is not on this desk: {what.lower()}.",
        "It may not have arrived yet. Try again in a minute.",
    )


def _named(practice: Practice, records: Mapping[str, Any]) -> tuple[str, str]:
    """(version, check code) of a paper about a plan; empty for any other."""
    held: Any
    for held in records.values():
        if isinstance(held, Held) and isinstance(held.value, PlanVersion):
            return str(held.value.number), check_code(held.value.fingerprint)
    for held in records.values():
        if isinstance(held, Held) and isinstance(held.value, Plan) and held.value.person:
            plan = plan_of(practice, held.value.person)
            return (str(plan.number), check_code(plan.fingerprint)) if plan else ("", "")
    return "", ""
