"""The audit: what was done on this desk, each event chained to the one before, in the act’s own transaction."""

import hashlib
import json
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.storage.values import Event

GENESIS = bytes(32)


def add_events(connection: Connection, at: int, staff: UUID | None, events: tuple[Event, ...]) -> None:
    """Append events to this desk's chain."""
    if not events:
        return
    last = connection.exec_driver_sql("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").one_or_none()
    n, prev = (last[0], last[1]) if last else (0, GENESIS)
    for event in events:
        n += 1
        detail = json.dumps(dict(event.detail), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        link = chain_hash(prev, n, at, staff, event, detail)
        connection.exec_driver_sql(
            "INSERT INTO audit (n, at, staff, event, subject, record, detail, prev, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (n, at, _bytes(staff), event.name, _bytes(event.subject), _bytes(event.record), detail, prev, link),
        )
        prev = link


def chain_hash(prev: bytes, n: int, at: int, staff: UUID | None, event: Event, detail: str) -> bytes:
    """SHA-256 over the link before and everything the row says."""
    said = [n, at, _hex(staff), event.name, _hex(event.subject), _hex(event.record), detail]
    return hashlib.sha256(prev + json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")).digest()


def _bytes(value: UUID | None) -> bytes | None:
    return value.bytes if value else None


def _hex(value: UUID | None) -> str | None:
    return value.hex if value else None
