"""The audit: what was done on this desk, each event chained to the one before, in the act’s own transaction.

What the chain says and how it is verified is in `domain/audit`.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.audit import (
    CHECKPOINT,
    Anchor,
    AuditRow,
    Checkpoint,
    Entry,
    checkpoint_event,
    empty_head,
    gap,
    gap_of,
    link,
)
from livingwell_desktop.domain.changes import ChainHead
from livingwell_desktop.storage.values import Event

_COLUMNS = "n, at, staff, event, subject, record, detail, prev, hash, said"
_PAGE = 500
_ACKNOWLEDGED = "audit_acknowledged"
_ALLIANCE_KEY = "alliance_key"
_CONTRADICTED = "audit_contradicted_at"


def add_events(connection: Connection, device: UUID, at: int, staff: UUID | None, events: tuple[Event, ...]) -> None:
    """Append events to this desk's chain."""
    if not events:
        return
    last = connection.exec_driver_sql("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").one_or_none()
    n, prev = (last[0], last[1]) if last else (0, empty_head(device))
    for event in events:
        detail = json.dumps(dict(event.detail), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        row = link(n + 1, prev, Entry(at, staff, event.name, event.subject, event.record, detail))
        _insert_row(connection, row)
        n, prev = row.n, row.hash


def add_gap(connection: Connection, at: int, first: int, last: ChainHead) -> None:
    """Go on after links that are gone from this desk, with one that says which: `last` is known from elsewhere."""
    _insert_row(connection, gap(at, first, last.n, last.hash))


def _insert_row(connection: Connection, row: AuditRow) -> None:
    connection.exec_driver_sql(
        f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - own names
        (
            row.n,
            row.at,
            _bytes(row.staff),
            row.event,
            _bytes(row.subject),
            _bytes(row.record),
            row.detail,
            row.prev,
            row.hash,
            row.said,
        ),
    )


class AuditTrail:
    """This desk's audit, to be read, sent and vouched for. Threads may share it."""

    def __init__(
        self,
        device: UUID,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], AbstractContextManager[Connection]],
        now: Callable[[], int],
    ) -> None:
        self.device = device
        self._reading, self._writing, self._now = reading, writing, now
        self.anchored: Anchor | None = None
        """What this PC's keyring knew of the chain when it was last asked; the composition root sets it."""

    def rows(self, after: int = 0, limit: int | None = None) -> Iterator[AuditRow]:
        """The chain in the order of its numbers, in pages: it may be longer than memory."""
        while limit is None or limit > 0:
            size = _PAGE if limit is None else min(_PAGE, limit)
            with self._reading() as connection:
                sql = f"SELECT {_COLUMNS} FROM audit WHERE n > ? ORDER BY n LIMIT ?"  # noqa: S608 - own names
                page = [_row(each) for each in connection.exec_driver_sql(sql, (after, size)).all()]
            yield from page
            if len(page) < size:
                return
            after = page[-1].n
            limit = None if limit is None else limit - len(page)

    def about(self, subject: UUID) -> tuple[AuditRow, ...]:
        """Everything that was done here with one person's record, oldest first."""
        with self._reading() as connection:
            sql = f"SELECT {_COLUMNS} FROM audit WHERE subject = ? ORDER BY n"  # noqa: S608 - own names
            return tuple(_row(each) for each in connection.exec_driver_sql(sql, (subject.bytes,)).all())

    def since(self, at: int) -> tuple[AuditRow, ...]:
        """Who looked at whose record from an instant on (milliseconds), oldest first."""
        with self._reading() as connection:
            sql = (
                f"SELECT {_COLUMNS} FROM audit WHERE at >= ? AND subject IS NOT NULL"  # noqa: S608 - own names
                " AND (event = 'refused' OR substr(event, 1, 6) = 'view: ') ORDER BY n"
            )
            return tuple(_row(each) for each in connection.exec_driver_sql(sql, (at,)).all())

    def head(self) -> tuple[int, bytes]:
        """(number, hash) of the last link; 0 and the genesis when there is none."""
        with self._reading() as connection:
            return self._head(connection)

    def anchor(self) -> Anchor | None:
        """The head and the first link as they are now, for the keyring; None for an empty chain."""
        with self._reading() as connection:
            n, head = self._head(connection)
            root = connection.exec_driver_sql("SELECT hash FROM audit ORDER BY n LIMIT 1").scalar()
        return Anchor(self.device, n, head, bytes(root), self._now()) if root is not None else None

    def agrees(self, anchor: Anchor) -> bool:
        """Whether the chain still holds the link that an anchor knows, or says itself that it was lost."""
        if not anchor.n:
            return True
        row = next(self.rows(anchor.n - 1, 1), None)
        if row is None:
            return False
        lost = gap_of(row)
        return row.hash == anchor.hash if row.n == anchor.n else bool(lost and lost[0] <= anchor.n <= lost[1])

    # The server

    def acknowledged(self) -> int:
        """The last link that the server said it holds."""
        with self._reading() as connection:
            return int(_meta(connection, _ACKNOWLEDGED) or 0)

    def waiting(self) -> int:
        """How many events the server has not got, besides those that only say that a checkpoint was kept."""
        with self._reading() as connection:
            after = int(_meta(connection, _ACKNOWLEDGED) or 0)
            sql = "SELECT count(*) FROM audit WHERE n > ? AND event <> ?"
            return int(connection.exec_driver_sql(sql, (after, CHECKPOINT)).scalar() or 0)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Keep the server's word on the head it holds, and write down in the chain that it is kept."""
        with self._writing() as connection:
            if checkpoint.n and self._insert(connection, checkpoint):
                event = Event(CHECKPOINT, None, None, checkpoint_event(checkpoint))
                add_events(connection, self.device, self._now(), None, (event,))
            _set_meta(connection, _ACKNOWLEDGED, str(checkpoint.n))

    def begin_anew_at_server(self, connection: Connection) -> None:
        """This desk goes on under a new name, of which the server holds no event yet."""
        _set_meta(connection, _ACKNOWLEDGED, "0")
        connection.exec_driver_sql("DELETE FROM meta WHERE name = ?", (_CONTRADICTED,))

    def contradicted(self) -> None:
        """Remember that the server holds another history of this desk's audit, since now."""
        with self._writing() as connection:
            if _meta(connection, _CONTRADICTED) is None:
                _set_meta(connection, _CONTRADICTED, str(self._now()))

    def contradicted_at(self) -> int | None:
        """Since when the server holds another history (milliseconds); None when it does not."""
        with self._reading() as connection:
            found = _meta(connection, _CONTRADICTED)
            return None if found is None else int(found)

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Every checkpoint kept, by the link it vouches for."""
        with self._reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT n, hash, time, server_key, certificate, signature, kept_at FROM audit_checkpoint ORDER BY n"
            ).all()
        return tuple(Checkpoint(self.device, *row) for row in rows)

    def trust_alliance(self, public_key: bytes) -> None:
        """Pin the alliance's public key, as enrolment gave it. A key that is pinned stays."""
        with self._writing() as connection:
            if _meta(connection, _ALLIANCE_KEY) is None:
                _set_meta(connection, _ALLIANCE_KEY, public_key.hex())

    def alliance_key(self) -> bytes:
        """The alliance's public key; empty on a desk that was enrolled before it was kept."""
        with self._reading() as connection:
            return bytes.fromhex(_meta(connection, _ALLIANCE_KEY) or "")

    def _head(self, connection: Connection) -> tuple[int, bytes]:
        last = connection.exec_driver_sql("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").one_or_none()
        return (int(last[0]), bytes(last[1])) if last else (0, empty_head(self.device))

    def _insert(self, connection: Connection, checkpoint: Checkpoint) -> bool:
        done = connection.exec_driver_sql(
            "INSERT OR IGNORE INTO audit_checkpoint (signature, n, hash, time, server_key, certificate, kept_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                checkpoint.signature,
                checkpoint.n,
                checkpoint.hash,
                checkpoint.time,
                checkpoint.server_key,
                checkpoint.certificate,
                self._now(),
            ),
        )
        return done.rowcount > 0


def _meta(connection: Connection, name: str) -> str | None:
    found = connection.exec_driver_sql("SELECT value FROM meta WHERE name = ?", (name,)).scalar()
    return None if found is None else str(found)


def _set_meta(connection: Connection, name: str, value: str) -> None:
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


def _row(row: Any) -> AuditRow:
    n, at, staff, event, subject, record, detail, prev, head, said = row
    return AuditRow(n, at, _uuid(staff), event, _uuid(subject), _uuid(record), detail, prev, head, said or b"")


def _uuid(value: bytes | None) -> UUID | None:
    """An id; what is no id (somebody wrote into the file) is as good as another one."""
    return None if value is None else UUID(bytes=bytes(value)[:16].ljust(16, b"\0"))


def _bytes(value: UUID | None) -> bytes | None:
    return value.bytes if value else None
