"""Taking in the audit of desks: rows that continue the desk's chain, insert-only, answered with a signed checkpoint.

A desk whose chain is another one than the server knows is refused (409) and an alarm keeps what it sent: a copy of the
desk, an old file put back, or a chain that was written again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.audit import (
    AuditRow,
    Checkpoint,
    Tampering,
    Verdict,
    checkpoint_message,
    follows,
    is_sound,
    verify,
)
from livingwell_desktop.domain.changes import milliseconds_of
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.chains import ForkedError
from livingwell_desktop.server.database import Connection, Database
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.sync.audit_protocol import AuditBatch, row_json
from livingwell_desktop.sync.signed import is_signed

COLUMNS = "n, at, staff, event, subject, record, detail, prev, hash, said"
_LOCK_CLASS = 0x6C78
_PAGE = 2000


def take_audit(
    database: Database, device: KnownDevice, batch: AuditBatch, alliance: AllianceKey, now: datetime
) -> Checkpoint:
    """Take the rows in and say which head is held now. What is there already is no news.

    A server that was restored holds less than the desk thinks: it takes nothing, and its answer says where to begin.
    Raises ForkedError, when nothing is taken, and DatabaseAwayError.
    """
    with database.transaction() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK_CLASS, device.id.int % (1 << 31)))
        n, head = _head(connection, device.id)
        fresh, wrong = _judged(connection, device, batch, n, head)
        if wrong is None and fresh:
            _insert(connection, device.id, fresh, now)
            n, head = fresh[-1].n, fresh[-1].hash
        given = sign_checkpoint(alliance, device.origin or device.id, n, head, now)
        if wrong is None and n:
            _note_given(connection, device.id, given)
    if wrong is not None:
        with database.transaction() as connection:
            _alarm(connection, device.id, wrong, now)
        raise ForkedError
    return given


def sign_checkpoint(alliance: AllianceKey, device: UUID, n: int, head: bytes, now: datetime) -> Checkpoint:
    """The server's word on that head of that desk."""
    time, key = milliseconds_of(now), alliance.server_key()
    signature = key.sign(checkpoint_message(device, n, head, time))
    return Checkpoint(device, n, head, time, key.public, key.certificate, signature)


def _note_given(connection: Connection, device: UUID, given: Checkpoint) -> None:
    """Keep one of them an hour, for `verify`: the desk keeps them all."""
    connection.execute(
        "INSERT INTO checkpoint_given (device, n, hash, time, server_key, certificate, signature)"
        " SELECT %(device)s, %(n)s, %(hash)s, %(time)s, %(key)s, %(certificate)s, %(signature)s WHERE NOT EXISTS"
        " (SELECT FROM checkpoint_given WHERE device = %(device)s AND time > %(time)s - 3600000)"
        " ON CONFLICT DO NOTHING",
        {
            "device": device,
            "n": given.n,
            "hash": given.hash,
            "time": given.time,
            "key": given.server_key,
            "certificate": given.certificate,
            "signature": given.signature,
        },
    )


def verify_audit(database: Database, device: UUID, alliance_key: bytes) -> Verdict:
    """Whether the rows that the server itself holds of a desk still are what was sent, and what it vouched for."""
    with database.transaction() as connection:
        row = connection.execute(
            "WITH RECURSIVE above AS (SELECT id, copy_of FROM device WHERE id = %s"
            " UNION SELECT d.id, d.copy_of FROM device d JOIN above ON d.id = above.copy_of)"
            " SELECT id FROM above WHERE copy_of IS NULL",
            (device,),
        ).fetchone()
        origin = row[0] if row else device
        rows = connection.execute(
            "SELECT n, hash, time, server_key, certificate, signature FROM checkpoint_given WHERE device = %s"
            " ORDER BY n",
            (device,),
        ).fetchall()
    given = [Checkpoint(origin, *each) for each in rows]
    verdict = verify(
        origin, lambda: _rows(database, device), checkpoints=given, alliance_key=alliance_key, signed=is_signed
    )
    # Of all that was given, only some is kept here: what a desk says it was given besides is not missing.
    own = tuple(each for each in verdict.findings if each.kind is not Tampering.DROPPED_CHECKPOINT)
    return replace(verdict, findings=own)


def _judged(
    connection: Connection, device: KnownDevice, batch: AuditBatch, n: int, head: bytes
) -> tuple[list[AuditRow], AuditRow | None]:
    """(rows to be added, None), or (…, the first row that contradicts what is known).

    The audit of a desk that was found to be a copy goes on from the one that was copied.
    """
    if batch.after > n:
        return [], None
    known = _hashes(connection, device.id, [row.n for row in batch.rows if row.n <= n])
    fresh: list[AuditRow] = []
    for row in batch.rows:
        if row.n <= n and not fresh:
            if known.get(row.n, row.hash) != row.hash:
                return fresh, row
            continue
        if not (follows(device.origin or device.id, n, head, row) and is_sound(row)):
            return fresh, row
        fresh.append(row)
        n, head = row.n, row.hash
    return fresh, None


def _head(connection: Connection, device: UUID) -> tuple[int, bytes]:
    row = connection.execute(
        "SELECT n, hash FROM audit_event WHERE device = %s ORDER BY n DESC LIMIT 1", (device,)
    ).fetchone()
    return (int(row[0]), bytes(row[1])) if row else (0, bytes(32))


def _hashes(connection: Connection, device: UUID, numbers: list[int]) -> dict[int, bytes]:
    if not numbers:
        return {}
    rows = connection.execute(
        "SELECT n, hash FROM audit_event WHERE device = %s AND n = ANY(%s::bigint[])", (device, numbers)
    )
    return {int(n): bytes(link) for n, link in rows.fetchall()}


def _insert(connection: Connection, device: UUID, rows: Sequence[AuditRow], now: datetime) -> None:
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            f"INSERT INTO audit_event (device, received_at, {COLUMNS})"  # noqa: S608 - own names
            " SELECT %b, %b, * FROM unnest(%b::bigint[], %b::bigint[], %b::uuid[], %b::text[], %b::uuid[], %b::uuid[],"
            " %b::text[], %b::bytea[], %b::bytea[], %b::bytea[])",
            (
                device,
                now,
                [row.n for row in rows],
                [row.at for row in rows],
                [row.staff for row in rows],
                [row.event for row in rows],
                [row.subject for row in rows],
                [row.record for row in rows],
                [row.detail for row in rows],
                [row.prev for row in rows],
                [row.hash for row in rows],
                [row.said for row in rows],
            ),
        )


def _alarm(connection: Connection, device: UUID, row: AuditRow, now: datetime) -> None:
    connection.execute(
        "INSERT INTO audit_alarm (device, n, hash, offered, raised_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (device, row.n, row.hash, row_json(row), now),
    )


def _rows(database: Database, device: UUID) -> Iterator[AuditRow]:
    after = 0
    while True:
        with database.transaction() as connection:
            found = connection.execute(
                f"SELECT {COLUMNS} FROM audit_event WHERE device = %s AND n > %s ORDER BY n LIMIT %s",  # noqa: S608 - own names
                (device, after, _PAGE),
            )
            page = [AuditRow(*row) for row in found.fetchall()]
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].n
