"""What those who oversee a centre must see of the server: refused changes, what it noticed, what is not let go of yet.

A refused change is accepted as a new one, in the name of whoever accepts it: what they may not write they cannot
accept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, Content, ContentError, read_content, time_of
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import TABLE, Act, own_acts
from livingwell_desktop.domain.records import AnyHeld, Held, RecordKind, kind_named
from livingwell_desktop.domain.refusals import RefusedAnswer, RefusedOutcome
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.outages import MOST_LINES, NotTaken, as_not_taken
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.value_words import typed_value
from livingwell_desktop.storage import ChangeLine, Write, create, edit, enter_in_error
from livingwell_desktop.sync.overseeing import Found, Notice, Noticed, Owing
from livingwell_desktop.sync.troubles import NotKnownError, SyncError

_NEVER_ACCEPTED = frozenset({"member_certificate", "locked_keys", "recovery_use", "draft", "refused_answer"})
"""Kinds that only their own author can write: keys, signatures, what somebody has not finished."""
_NOTICES = {
    Notice.COPY: "It was found to be a copy of another desk, and has a letter of its own now. Ask who copied it.",
    Notice.CAME_BACK: "It came back to the server, which did not know it any more. Ask whether it stood unused.",
    Notice.LETTER_TWICE: "Another desk has the same letter on its tickets. Have one of them enrolled anew.",
    Notice.LATE: "This was written before the desk could hear that its author may not any more. It was taken.",
    Notice.CLOCK_WRONG: "The clock of that PC is ahead of the server’s. Have it set: what it writes counts as newer.",
    Notice.NOT_TAKEN_BACK: "It gave back what a restored server could not check. That is among what was refused.",
    Notice.ONE_NAME_TWICE: "Two different changes came under one name. Both are kept. Ring IT support.",
    Notice.SHUT_OUT: "It was shut out, and is not let in any more. “Staff and desks” says what it held.",
    Notice.CODE_MADE: "A code for a new desk was made here. If nobody of you did, ring IT support.",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking the server. Without `found`, `why` says why there is none."""

    found: Found | None
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class RefusedChange:
    """A change that was not taken and that nobody has answered."""

    shown: NotTaken
    desk: str
    content: Content | None
    why_not: str
    """Why the viewer cannot accept it; empty when they can."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """Something that the server noticed, in words."""

    what: str
    about: str
    desk: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StillHeld:
    """A desk that has not let go yet of records that were to leave it. `person` is None if they are not known here."""

    desk: str
    person: Held[Person] | None
    records: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything together. Without the server's answer only what this desk itself was refused."""

    refused: tuple[RefusedChange, ...]
    notices: tuple[NoticeLine, ...]
    owing: tuple[StillHeld, ...]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.refused) + len(self.notices) + len(self.owing)


def ask_server(practice: Practice) -> Answered:
    """Ask the server what it found. Takes a while: not on the thread that paints."""
    practice.require(Act.SEE_FINDINGS)
    now = practice.now()
    if practice.server is None:
        return Answered(None, now, "This desk speaks to no server at the moment.")
    try:
        return Answered(practice.server.found(practice.staff.id), now)
    except NotKnownError:
        return Answered(None, now, "The server has not heard yet that your role may see this.")
    except SyncError as error:
        return Answered(None, now, error.words)


def findings(practice: Practice, answered: Answered | None) -> Findings:
    """What is to be seen to, the newest first; `answered` is what the server said when it was asked last."""
    practice.require(Act.SEE_FINDINGS)
    found = answered.found if answered and answered.found else Found((), (), ())
    desks = {held.id: held.value.name for held in practice.store.find(Device)}
    done = {held.value.change for held in practice.store.find(RefusedAnswer)}
    return Findings(
        tuple(_refused(practice, each, desks) for each in _lines(practice, found) if each.change.hex() not in done),
        tuple(_notice(practice, each, desks) for each in found.notices),
        tuple(_still_held(practice, each, desks) for each in found.owing),
    )


def accept(practice: Practice, refused: RefusedChange) -> None:
    """Write it down as a new change in the viewer's name, on what the record says now.

    Raises Problem for what they may not write themselves, what cannot be written, or what was answered meanwhile.
    """
    practice.require(Act.ANSWER_REFUSED)
    if refused.why_not or refused.content is None:
        raise Problem("This cannot be accepted", refused.why_not, "Leave it out, or write it down anew yourself.")
    kind, act = _kind_and_act(practice, refused.content)
    practice.require(act, _about(refused.content, kind))
    write = _write(practice, refused.content, kind)
    practice.write(act, [write, _answer(practice, refused, RefusedOutcome.ACCEPTED, "")])


def leave_out(practice: Practice, refused: RefusedChange, words: str) -> None:
    """Say that it was looked at and does not count. Raises Problem when it is not said why."""
    practice.require(Act.ANSWER_REFUSED)
    if not words.strip():
        raise field_problem("words", "It is not said why.", "Write why it does not count.")
    practice.write(Act.ANSWER_REFUSED, [_answer(practice, refused, RefusedOutcome.LEFT_OUT, words.strip())])


def _answer(practice: Practice, refused: RefusedChange, outcome: RefusedOutcome, words: str) -> Write:
    change = refused.shown.change.hex()
    if practice.store.find(RefusedAnswer, change=change):
        raise Problem("There is a problem", "Somebody has answered this already.", "Go back to see what is left.")
    value = RefusedAnswer(
        centre=practice.centre.id,
        change=change,
        outcome=outcome,
        words=words,
        answered_by=practice.staff.id,
        answered_at=practice.now(),
    )
    return create(practice.new_id(), value)


def _lines(practice: Practice, found: Found) -> list[ChangeLine]:
    """What was refused at all desks, the newest first. This desk has its own words, with or without a connection."""
    lines = {
        each.change: ChangeLine(each.change, each.desk, each.at, _read(each.content), each.reason)
        for each in found.refused
    }
    own = practice.whole.ledger.refused(MOST_LINES)
    lines |= {line.change: line for line in own if line.device == practice.device.id or line.change in lines}
    return sorted(lines.values(), key=lambda each: (each.at, each.change), reverse=True)


def _read(raw: bytes) -> Content | None:
    try:
        return read_content(raw) if raw else None
    except ContentError:
        return None


def _refused(practice: Practice, line: ChangeLine, desks: dict[UUID, str]) -> RefusedChange:
    shown = as_not_taken(practice, line, alliance(practice))
    desk = desks.get(line.device, "A desk at another centre")
    return RefusedChange(shown, desk, line.content, _why_not(practice, line.content, shown))


def _why_not(practice: Practice, content: Content | None, shown: NotTaken) -> str:
    """Why it cannot be accepted, in words; empty when it can be tried."""
    if content is None:
        return "Its words are not here, or cannot be read."
    if not shown.words and not content.set.get(ENTERED_IN_ERROR):
        return "You may not see what it says."
    try:
        kind, _act = _kind_and_act(practice, content)
        _write(practice, content, kind)
    except Problem as problem:
        return problem.what_happened
    return ""


def _kind_and_act(practice: Practice, content: Content) -> tuple[RecordKind, Act]:
    """The act of the viewer's that writes such a record and such fields. Raises Problem when there is none."""
    kind = kind_named(content.kind)
    if kind is None or kind.name in _NEVER_ACCEPTED:
        raise _cannot("Only its author can write this.")
    about = _about(content, kind)
    own = own_acts(kind.name, content.set)
    for act in own:
        ruling = practice.may(act, about)
        if not ruling.allowed:
            raise _cannot(ruling.reason)
    acts = own or [act for act, row in TABLE.items() if kind.name in row.writes]
    rulings = {act: practice.may(act, about) for act in acts}
    allowed = next((act for act, ruling in rulings.items() if ruling.allowed), None)
    if allowed is None:
        raise _cannot(next((ruling.reason for ruling in rulings.values()), "Nobody writes this."))
    return kind, allowed


def _write(practice: Practice, content: Content, kind: RecordKind) -> Write:
    """The same fields, written on what the record says now. Raises Problem for what cannot be written."""
    held: AnyHeld | None = practice.store.get(kind.type, content.record)
    if dict(content.set) == {ENTERED_IN_ERROR: True}:
        if held is None:
            raise _cannot("The record that it takes out is not on this desk.")
        return enter_in_error(held)
    try:
        values = {name: typed_value(kind.fields[name], value) for name, value in content.set.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _cannot("Some of it cannot be read.") from error
    if held is None:
        if content.parents:
            raise _cannot("The record that it changes is not on this desk.")
        return create(content.record, kind.type(**values))
    if kind.signed:
        raise _cannot("What it changes is signed. Write it down anew.")
    if asked := [kind.fields[name].label for name in values if name in held.conflicts]:
        raise _cannot(f"Two desks wrote different things here: {asked[0]}. Decide that first.")
    changed = edit(held, **values)
    if not changed.set:
        raise _cannot("The record says this already.")
    return changed


def _cannot(why: str) -> Problem:
    return Problem("This cannot be accepted", why, "Leave it out, or write it down anew yourself.")


def _about(content: Content, kind: RecordKind) -> UUID | None:
    return content.subject if kind.type is Person or "person" in kind.fields else None


def _notice(practice: Practice, each: Noticed, desks: dict[UUID, str]) -> NoticeLine:
    known = {notice.value: notice for notice in Notice}
    notice, kind = known.get(each.what), kind_named(each.kind)
    author = alliance(practice).staff_name(each.author) if each.author else ""
    about = ", ".join(part for part in (kind.label if kind else each.kind, author) if part)
    desk = desks.get(each.desk, "A desk at another centre") if each.desk else "The server"
    return NoticeLine(_NOTICES[notice] if notice else each.what, about, desk, time_of(each.at))


def _still_held(practice: Practice, each: Owing, desks: dict[UUID, str]) -> StillHeld:
    person = practice.for_lists().store.get(Person, each.subject) if each.subject else None
    return StillHeld(desks.get(each.desk, "A desk at another centre"), person, each.records)


def refused_of(found: Iterable[RefusedChange], change: Any) -> RefusedChange | None:
    """The one of that name; None when it was answered meanwhile."""
    return next((each for each in found if each.shown.change == change), None)
