"""Taking in what other desks wrote: checked, parked while its parents are missing, never settling anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import (
    Change,
    Content,
    ContentError,
    check_fitting,
    content_hash,
    read_content,
)
from livingwell_desktop.storage.folding import put_change
from livingwell_desktop.storage.rows import row_of
from livingwell_desktop.storage.values import Changes


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change of a stream, checked outside the writer's turn: `content` is None when it may not be applied."""

    number: int
    change: Change
    content: Content | None
    reason: str = ""


def prepare(number: int, change: Change) -> Arrival:
    """Check a change's bytes against its hash and read them. No transaction is held meanwhile."""
    if content_hash(change.salt, change.content) != change.content_hash:
        return Arrival(number, change, None, "the content does not match its hash")
    try:
        content = read_content(change.content)
        check_fitting(content)
        return Arrival(number, change, content)
    except ContentError as error:
        return Arrival(number, change, None, str(error))


def receive(
    connection: Connection, arrivals: Sequence[Arrival], stream: str, now: int, reached: int | None = None
) -> Changes:
    """Apply arrivals inside an open transaction and move the stream's cursor with them. Duplicates are harmless.

    `reached` is where the server's page ends, when that is further than the last arrival: it leaves out what this desk
    has just sent.
    """
    kinds: set[str] = set()
    subjects: set[UUID] = set()
    records: set[UUID] = set()
    for arrival in arrivals:
        for applied in _alone(connection, arrival, now):
            kinds.add(applied.kind)
            subjects.add(applied.subject)
            records.add(applied.record)
    number = max(reached or 0, arrivals[-1].number if arrivals else 0)
    if number:
        connection.exec_driver_sql(
            "INSERT INTO stream (name, number) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET number = max(number, excluded.number)",
            (stream, number),
        )
    return Changes(frozenset(kinds), frozenset(subjects), frozenset(records), arrived=True)


def _alone(connection: Connection, arrival: Arrival, now: int) -> list[Content]:
    """Take one arrival. One that cannot be applied is kept as refused and harms only itself."""
    connection.exec_driver_sql("SAVEPOINT arrival")
    try:
        taken = _take(connection, arrival, now)
    except (ValueError, TypeError, KeyError, AttributeError):
        connection.exec_driver_sql("ROLLBACK TO arrival")
        refuse(connection, arrival.change, "the change cannot be applied to its record", now)
        taken = []
    connection.exec_driver_sql("RELEASE arrival")
    return taken


def _take(connection: Connection, arrival: Arrival, now: int) -> list[Content]:
    change, content = arrival.change, arrival.content
    known = connection.exec_driver_sql("SELECT content_hash FROM change WHERE id = ?", (change.id,)).scalar()
    if known is not None:
        if known != change.content_hash:
            refuse(connection, change, "another change has the same name", now)
        return []
    if content is None:
        refuse(connection, change, arrival.reason, now)
        return []
    if _missing_parents(connection, content):
        parked = connection.exec_driver_sql("SELECT content_hash FROM parked WHERE id = ?", (change.id,)).scalar()
        if parked is not None and parked != change.content_hash:
            refuse(connection, change, "another change has the same name", now)
            return []
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO parked (id, record, content, salt, content_hash, device, signature, parked_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                change.id,
                content.record.bytes,
                change.content,
                change.salt,
                change.content_hash,
                change.device.bytes,
                change.signature,
                now,
            ),
        )
        return []
    row = row_of(connection, content.record.bytes)
    if row is not None and row.kind != content.kind:
        refuse(connection, change, "its record is of another kind", now)
        return []
    put_change(connection, change, content, row)
    return [content, *_unpark(connection, content.record)]


def _missing_parents(connection: Connection, content: Content) -> bool:
    return any(
        connection.exec_driver_sql(
            "SELECT 1 FROM change WHERE id = ? AND record = ?", (parent, content.record.bytes)
        ).one_or_none()
        is None
        for parent in content.parents
    )


def _unpark(connection: Connection, record: UUID) -> list[Content]:
    """Apply what waited for this record, as long as something becomes possible."""
    applied: list[Content] = []
    again = True
    while again:
        again = False
        for row in connection.exec_driver_sql(
            "SELECT id, content, salt, content_hash, device, signature FROM parked WHERE record = ?", (record.bytes,)
        ).all():
            content = read_content(row[1])
            if _missing_parents(connection, content):
                continue
            change = Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5])
            put_change(connection, change, content, row_of(connection, record.bytes))
            connection.exec_driver_sql("DELETE FROM parked WHERE id = ?", (change.id,))
            applied.append(content)
            again = True
    return applied


def refuse(connection: Connection, change: Change, reason: str, now: int) -> None:
    """Keep a change that may not be applied, with the reason. Its words are never dropped."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO refused (id, content, content_hash, device, reason, refused_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (change.id, change.content, change.content_hash, change.device.bytes, reason, now),
    )
