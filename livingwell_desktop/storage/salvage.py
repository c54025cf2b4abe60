"""What a damaged store still holds of everybody's changes: for a server that was restored or lost since.

Rescue fetches a fresh copy from the server. Where the server itself has lost something, this desk's damaged file may be
the last place where that is; so it is read as far as it goes and given back with all else (`sync/returning.py`).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.changes import Change, Standing, Void, content_hash
from livingwell_desktop.storage.arrivals import Arrival, prepare
from livingwell_desktop.storage.rescue import opened_as_far_as_it_goes, rows_read
from livingwell_desktop.storage.rows import split_ids

_SMALLEST_ROW = 200
"""Bytes that a change takes at least: more numbers than fit into the file need not be tried."""


def salvaged(path: Path, key: bytes) -> Iterator[Arrival]:
    """Every void and change that can be read, the places in graphs first; in the order in which they came."""
    with opened_as_far_as_it_goes(path, key) as connection:
        if connection is not None:
            yield from _voids(connection)
            yield from _changes(connection, path.stat().st_size // _SMALLEST_ROW)


def salvaged_certificates(path: Path, key: bytes) -> list[tuple[int, UUID, str]]:
    """What the alliance certified, as far as it can be read: (number at the server, desk, certificate as text)."""
    with opened_as_far_as_it_goes(path, key) as connection:
        if connection is None:
            return []
        rows = rows_read(connection, "SELECT device, body FROM certificate")
        return [(0, UUID(bytes=device), str(body)) for device, body in rows]


def _voids(connection: Any) -> Iterator[Arrival]:
    sql = "SELECT id, record, parents, fields, content_hash, standing FROM void"
    for change, record, parents, fields, hashed, standing in rows_read(connection, sql):
        names = frozenset(json.loads(fields))
        yield Arrival(0, (Void(change, UUID(bytes=record), split_ids(parents), names, hashed, Standing(standing)),))


def _changes(connection: Any, most: int) -> Iterator[Arrival]:
    last = max((row[0] for row in rows_read(connection, "SELECT max(number) FROM change") if row[0]), default=most)
    sql = "SELECT id, content, salt, content_hash, device, signature FROM change WHERE number = ?"
    # Row by row: a page that cannot be read costs the rows that lie on it, and no others.
    for number in range(1, last + 1):
        for row in rows_read(connection, sql, (number,)):
            change = Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5])
            if content_hash(change.salt, change.content) == change.content_hash:
                yield prepare(0, change)
