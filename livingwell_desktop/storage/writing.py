"""The write door: one verb, one transaction, all or nothing."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop import VERSION
from livingwell_desktop.domain.changes import (
    ENTERED_IN_ERROR,
    Change,
    Content,
    ContentError,
    content_hash,
    envelope,
    milliseconds_of,
    read_content,
    signed_bytes,
    write_content,
)
from livingwell_desktop.domain.changes.fitting import check_fitting
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.protection import Protection, person_sensitivity
from livingwell_desktop.domain.records import ALLIANCE, ChangeId, RecordKind, Sensitivity, kind_named, kind_of
from livingwell_desktop.storage.audit import add_events
from livingwell_desktop.storage.folding import put_change
from livingwell_desktop.storage.rows import Row, content_of, held_of, held_values, is_here, is_void, parents_of, row_of
from livingwell_desktop.storage.values import Author, Changes, Event, FieldInConflictError, Signer, Write

MAX_CHANGES_IN_AN_ACT = 200
MAX_BYTES_IN_AN_ACT = 3_000_000
"""Acts are sent whole: a larger one might be larger than the server takes, and then it could never be sent."""
FIRST_LINK = bytes(32)


def write_act(
    connection: Connection,
    writes: Sequence[Write],
    events: Sequence[Event],
    author: Author,
    signer: Signer,
    now: datetime,
    random: Callable[[int], bytes] = os.urandom,
) -> Changes:
    """Write one verb's edits inside an open transaction and say what they changed.

    Raises FieldInConflictError for an edit of a field in conflict that does not name the heads it settles, Problem for
    more text than one request can carry, and ValueError for what no verb may do: too many changes in one act, an edit
    of a signed record, a basis not here.
    """
    if len(writes) > MAX_CHANGES_IN_AN_ACT:
        raise ValueError(f"an act has at most {MAX_CHANGES_IN_AN_ACT} changes: split bulk work into a batch")
    act = random(8).hex() + (f"/{author.batch}" if author.batch else "")
    milliseconds = milliseconds_of(now)
    judged_at = (generation_number(connection), alliance_number(connection))
    subjects, kinds, records, changed, size = set(), set(), set(), [], 0
    for write in writes:
        if write.based_on and not write.set:
            continue
        kind = kind_named(write.kind)
        if kind is None:
            raise ValueError(f"no kind is called {write.kind}")
        row = row_of(connection, write.record.bytes)
        _check(connection, write, kind, row)
        above = (parent for parent in write.based_on if not is_void(connection, parent))
        at = max([milliseconds, *(content_of(connection, parent)[0].at + 1 for parent in above)])
        # An edit that says whom the record is about is already about them: it must reach where they are known.
        before = UUID(bytes=row.subject) if row else ALLIANCE
        after = {**(json.loads(row.body) if row else {}), **write.set}
        subject = kind.subject_of(write.record, after, before)
        content = Content(
            record=write.record,
            kind=kind.name,
            subject=subject,
            sensitivity=int(max(kind.sensitivity_of(after), sensitivity_of(connection, kind, subject))),
            parents=tuple(sorted(write.based_on)),
            set=write.set,
            act=act,
            at=at,
            staff=author.staff,
            centre=author.centre,
            program=VERSION,
            judged_at=judged_at,
        )
        change = _put(connection, content, signer, row, random)
        size += len(change.content)
        if size > MAX_BYTES_IN_AN_ACT:
            raise Problem(
                "This cannot be saved at once",
                "It is more text than can be sent to the other desks together. Nothing was saved.",
                "Save it in smaller parts, or shorten it.",
            )
        _send_later(connection, change, act, milliseconds)
        subjects.add(subject)
        kinds.add(kind.name)
        records.add(write.record)
        changed.append(Event(f"{author.verb}: {kind.name}", subject, write.record, {"fields": sorted(write.set)}))
    add_events(connection, signer.device, milliseconds, author.staff, (*events, *changed))
    return Changes(frozenset(kinds), frozenset(subjects), frozenset(records))


def sensitivity_of(connection: Connection, kind: RecordKind, subject: UUID) -> Sensitivity:
    """The higher of the kind's and the person's: what is about a protected person leaves the streams of the desks.

    The protection itself stays at the desk, so that reception has the agreed reference.
    """
    if kind.type is Protection:
        return kind.sensitivity
    row = row_of(connection, kind_of(Protection).id_for(subject).bytes)
    protection = held_of(connection, row).value if row is not None and not row.removed else None
    doubted = row is not None and row.conflicts is not None
    return max(kind.sensitivity, person_sensitivity(protection, in_question=doubted))


def alliance_number(connection: Connection) -> int:
    """How far this desk has applied the alliance's stream."""
    number = connection.exec_driver_sql("SELECT number FROM stream WHERE name = 'alliance'").scalar()
    return int(number or 0)


def generation_number(connection: Connection) -> int:
    """Which generation of the server this desk knows, counted from 0."""
    number = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'generation_number'").scalar()
    return int(number or 0)


def _put(
    connection: Connection, content: Content, signer: Signer, row: Row | None, random: Callable[[int], bytes]
) -> Change:
    change_id, salt, raw = random(16), random(16), _own_bytes(content)
    hashed = content_hash(salt, raw)
    signature = signer.sign(signed_bytes(change_id, hashed))
    change = Change(change_id, raw, salt, hashed, signer.device, signature)
    put_change(connection, change, content, row)
    return change


def _names_what_was_shown(connection: Connection, write: Write, name: str, heads: tuple[ChangeId, ...]) -> bool:
    """Whether an edit names every head of the field that lay below its basis, and at least one.

    A head that came since stays in conflict with what this edit writes.
    """
    named = write.settles.get(name, frozenset())
    shown = {head for head in heads if head in _ancestry(connection, write.based_on)}
    return bool(shown) and shown <= named


def _ancestry(connection: Connection, based_on: tuple[ChangeId, ...]) -> set[ChangeId]:
    found, waiting = set(based_on), list(based_on)
    while waiting:
        for parent in parents_of(connection, waiting.pop()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _own_bytes(content: Content) -> bytes:
    """The bytes of a change, read back as every other desk will read them.

    What they would refuse is refused here, while the person who typed it can still shorten it.
    """
    try:
        raw = write_content(content)
        check_fitting(read_content(raw))
    except (ContentError, UnicodeEncodeError):
        raise Problem(
            "This cannot be saved",
            "A text is longer than 60,000 characters, or has a sign in it that is only half there.",
            "Shorten it, or type it again, and save.",
        ) from None
    return raw


def _send_later(connection: Connection, change: Change, act: str, saved_at: int) -> None:
    last = connection.exec_driver_sql("SELECT n, hash FROM outbox ORDER BY n DESC LIMIT 1").one_or_none()
    n, prev = (last[0], last[1]) if last else (0, FIRST_LINK)
    link = envelope(change.device, n + 1, prev, change.id, change.content_hash)
    connection.exec_driver_sql(
        "INSERT INTO outbox (n, change, act, prev, hash, saved_at) VALUES (?, ?, ?, ?, ?, ?)",
        (link.n, change.id, act, link.prev, link.hash, saved_at),
    )


def _check(connection: Connection, write: Write, kind: RecordKind, row: Row | None) -> None:
    removing = dict(write.set) in ({ENTERED_IN_ERROR: True}, {ENTERED_IN_ERROR: False})
    unknown = {name for name in write.set if kind.field_named(name) is None}
    if unknown and not removing:
        raise ValueError(f"{kind.name} has no field {', '.join(sorted(unknown))}")
    if row is None:
        if write.based_on:
            raise ValueError("the record that this edit is based on is not here")
        return
    if row.kind != kind.name:
        raise ValueError(f"the record is a {row.kind}, not a {kind.name}")
    if kind.signed and not removing:
        raise ValueError(f"a {kind.name} is signed: amend it with a new one")
    conflicts = row.conflict_heads()
    for name in write.set:
        if name in conflicts and not _names_what_was_shown(connection, write, name, conflicts[name]):
            raise FieldInConflictError(write.record, name, held_values(connection, name, conflicts[name]))
    if not all(is_here(connection, parent, write.record) for parent in write.based_on):
        raise ValueError("an edit is based on a change of the same record that this desk holds")
