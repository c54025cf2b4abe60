"""Giving a desk the next page of a stream: whole acts, and not more than it can swallow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from livingwell_desktop.domain.changes import Change
from livingwell_desktop.server.database import Connection
from livingwell_desktop.sync.protocol import MAX_PAGE_BYTES, Delivered

_LOOK_FURTHER = 200
"""Changes that an act can have: so far beyond the page its end is looked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """Changes of a stream after a cursor, where the page ends, and whether there is more."""

    changes: tuple[Delivered, ...]
    cursor: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    act: str
    size: int


def pull(connection: Connection, stream: str, cursor: int, limit: int, without: Collection[bytes]) -> Page:
    """The next page after the cursor, leaving out changes that the desk has sent in this very request."""
    if limit == 0:
        return Page((), cursor, False)
    rows = connection.execute(
        "SELECT number, act, size FROM entry WHERE stream = %s AND number > %s ORDER BY number LIMIT %s",
        (stream, cursor, limit + _LOOK_FURTHER),
    ).fetchall()
    entries = [_Entry(*row) for row in rows]
    if not entries:
        return Page((), cursor, False)
    taken = page_length(entries, limit)
    last = entries[taken - 1].number
    more = taken < len(entries) or len(entries) == limit + _LOOK_FURTHER
    return Page(_changes(connection, stream, cursor, last, without), last, more)


def page_length(entries: Sequence[_Entry], limit: int, most_bytes: int = MAX_PAGE_BYTES) -> int:
    """How many entries make a page: whole acts until the limit or the size is reached, and one act at least."""
    size, end_of_act = 0, 0
    for place, entry in enumerate(entries):
        if place and entry.act != entries[place - 1].act:
            end_of_act = place
        size += entry.size
        if end_of_act and (place >= limit or size > most_bytes):
            return end_of_act
    return len(entries)


def _changes(
    connection: Connection, stream: str, after: int, last: int, without: Collection[bytes]
) -> tuple[Delivered, ...]:
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            "SELECT e.number, c.id, c.content, c.salt, c.content_hash, c.device, c.signature"
            " FROM entry e JOIN change c ON c.id = e.change"
            " WHERE e.stream = %b AND e.number > %b AND e.number <= %b AND NOT c.id = ANY(%b::bytea[])"
            " ORDER BY e.number",
            (stream, after, last, list(without)),
        )
        return tuple(Delivered(stream, row[0], Change(*row[1:])) for row in cursor)
