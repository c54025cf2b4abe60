"""Taking what a desk sends: one transaction, whose last statement gives the numbers.

A sequence or a timestamp would number changes before they are committed, and a reader that polls would miss those that
commit late. The counter row is raised last, and whoever raises it next waits until this transaction has ended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from livingwell_desktop.domain.changes import Change, Content
from livingwell_desktop.server.chains import follow, lock_head, move_head
from livingwell_desktop.server.database import Connection, Database
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.judging import Judged, judge
from livingwell_desktop.sync.protocol import STREAM, Offered, Received, Refused, Unreadable

_SUBJECT_LOCKS = 128
"""Subjects share this many locks: a push of a thousand people must not fill PostgreSQL's table of locks."""
_SUBJECT_LOCK_CLASS = 0x6C77
_SAME_NAME = "another change has the same name"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of each change offered. `new` is how many the server did not hold before."""

    receipts: tuple[Received, ...] = ()
    refused: tuple[Refused, ...] = ()
    new: int = 0


@dataclass(frozen=True, slots=True)
class _Accepted:
    offered: Offered
    content: Content


def push(database: Database, device: KnownDevice, offered: Sequence[Offered | Unreadable], now: datetime) -> Pushed:
    """Take the changes in. What is there already gets its receipt again.

    Raises ForkedError, when nothing is taken, and DatabaseAwayError.
    """
    if not offered:
        return Pushed()
    judged = judge(device, offered)
    with database.transaction() as connection:
        head = lock_head(connection, device)
        reached = follow(connection, device, head, judged)
        accepted, reused = _names(connection, judged)
        _lock_subjects(connection, (each.content for each in accepted))
        stored = _store(connection, accepted, now)
        raced = [each for each in accepted if each.offered.change.id not in stored]
        reused += _reused(connection, raced)
        _keep_reused(connection, device, reused, now)
        taken_away = {(each.id, each.content_hash) for each in reused}
        refused = _refused(judged, taken_away)
        _keep_refused(connection, device, refused, now)
        if reached != head:
            move_head(connection, device, reached)
        _number(connection, [each for each in accepted if each.offered.change.id in stored])
    receipts = [
        Received(each.offered.change.id, each.offered.change.content_hash)
        for each in judged
        if each.content is not None
        and isinstance(each.offered, Offered)
        and (each.offered.change.id, each.offered.change.content_hash) not in taken_away
    ]
    return Pushed(tuple(receipts), tuple(Refused(_id(each.offered), each.reason) for each in refused), len(stored))


def _names(connection: Connection, judged: Iterable[Judged]) -> tuple[list[_Accepted], list[Change]]:
    """Changes that are not here yet, and those whose name stands for other content."""
    sound = [
        _Accepted(each.offered, each.content)
        for each in judged
        if each.content is not None and isinstance(each.offered, Offered)
    ]
    held = _hashes(connection, [each.offered.change.id for each in sound])
    accepted, reused = [], []
    for each in sound:
        change = each.offered.change
        known = held.setdefault(change.id, b"")
        if not known:
            held[change.id] = change.content_hash
            accepted.append(each)
        elif known != change.content_hash:
            reused.append(change)
    return accepted, reused


def _reused(connection: Connection, raced: Sequence[_Accepted]) -> list[Change]:
    """Of changes that another desk entered while we were at it: those whose name now stands for other content."""
    if not raced:
        return []
    held = _hashes(connection, [each.offered.change.id for each in raced])
    return [each.offered.change for each in raced if held[each.offered.change.id] != each.offered.change.content_hash]


def _hashes(connection: Connection, ids: list[bytes]) -> dict[bytes, bytes]:
    with connection.cursor(binary=True) as cursor:
        cursor.execute("SELECT id, content_hash FROM change WHERE id = ANY(%b::bytea[])", (ids,))
        return dict(cursor.fetchall())


def _lock_subjects(connection: Connection, contents: Iterable[Content]) -> None:
    """Whoever moves a subject between streams takes the same locks, in the same order."""
    keys = sorted({content.subject.int % _SUBJECT_LOCKS for content in contents})
    if keys:
        connection.execute(
            "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", (_SUBJECT_LOCK_CLASS, keys)
        )


def _store(connection: Connection, accepted: Sequence[_Accepted], now: datetime) -> set[bytes]:
    """Insert all at once and say which really went in."""
    if not accepted:
        return set()
    # The same order everywhere, so that two desks with the same names wait for each other and never dead-lock.
    rows = sorted(accepted, key=lambda each: each.offered.change.id)
    changes, links = [each.offered.change for each in rows], [each.offered.envelope for each in rows]
    contents = [each.content for each in rows]
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            "INSERT INTO change (id, content, salt, content_hash, device, signature, record, kind, subject,"
            " sensitivity, n, prev, chain, received_at)"
            " SELECT *, %b FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[], %b::uuid[], %b::bytea[],"
            " %b::uuid[], %b::text[], %b::uuid[], %b::smallint[], %b::bigint[], %b::bytea[], %b::bytea[])"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            (
                now,
                [each.id for each in changes],
                [each.content for each in changes],
                [each.salt for each in changes],
                [each.content_hash for each in changes],
                [each.device for each in changes],
                [each.signature for each in changes],
                [each.record for each in contents],
                [each.kind for each in contents],
                [each.subject for each in contents],
                [each.sensitivity for each in contents],
                [link.n for link in links],
                [link.prev for link in links],
                [link.hash for link in links],
            ),
        )
        return {row[0] for row in cursor}


def _number(connection: Connection, stored: Sequence[_Accepted]) -> None:
    """Enter the changes in the stream, in the order of the desk's chain: the last statement of the transaction."""
    if not stored:
        return
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            "WITH counter AS (UPDATE stream SET number = number + %b WHERE name = %b RETURNING name, number)"
            " INSERT INTO entry (stream, number, change, act, size)"
            " SELECT counter.name, counter.number - %b + one.place, one.change, one.act, one.size FROM counter,"
            " unnest(%b::bytea[], %b::text[], %b::int[]) WITH ORDINALITY AS one (change, act, size, place)",
            (
                len(stored),
                STREAM,
                len(stored),
                [each.offered.change.id for each in stored],
                [each.offered.act for each in stored],
                [len(each.offered.change.content) for each in stored],
            ),
        )


def _refused(judged: Iterable[Judged], taken_away: set[tuple[bytes, bytes]]) -> list[Judged]:
    refused = []
    for each in judged:
        if each.content is None:
            refused.append(each)
        elif isinstance(each.offered, Offered):
            change = each.offered.change
            if (change.id, change.content_hash) in taken_away:
                refused.append(Judged(each.offered, None, _SAME_NAME))
    return refused


def _keep_reused(connection: Connection, device: KnownDevice, reused: Iterable[Change], now: datetime) -> None:
    """Both contents are kept, and somebody must look."""
    for change in reused:
        connection.execute(
            "INSERT INTO alarm (change, content_hash, content, salt, device, signature, raised_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (change.id, change.content_hash, change.content, change.salt, device.id, change.signature, now),
        )


def _keep_refused(connection: Connection, device: KnownDevice, refused: Iterable[Judged], now: datetime) -> None:
    for each in refused:
        if isinstance(each.offered, Offered):
            change, link = each.offered.change, each.offered.envelope
            connection.execute(
                "INSERT INTO refused (device, n, change, content_hash, chain, reason, refused_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (device.id, link.n, change.id, change.content_hash, link.hash, each.reason, now),
            )


def _id(offered: Offered | Unreadable) -> bytes:
    return offered.change if isinstance(offered, Unreadable) else offered.change.id
