"""Desks whose clock is ahead: said to the manager once a day. What they write stands above what others write."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from livingwell_desktop.domain.changes import Content, ContentError, milliseconds_of, read_content
from livingwell_desktop.server.chains import Head
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.judging import Judged
from livingwell_desktop.sync.overseeing import Notice
from livingwell_desktop.sync.protocol import Offered
from livingwell_desktop.sync.state import CLOCK_MAY_DIFFER

_ONCE_IN = timedelta(days=1)


def note_clock_ahead(connection: Connection, device: UUID, head: Head, judged: Sequence[Judged], now: datetime) -> None:
    """Write a notice about a desk that dates new changes ahead of the server.

    One that follows another change is dated at least a millisecond after that: then the clock was not its own.
    A clock that is behind cannot be told from work that waited for the line.
    """
    latest = milliseconds_of(now + CLOCK_MAY_DIFFER)
    ahead = [
        each.content
        for each in judged
        if isinstance(each.offered, Offered)
        and each.content is not None
        and each.content.at > latest
        and each.offered.envelope.n > head.n
    ]
    if not ahead:
        return
    dated = _dates(connection, {parent for each in ahead for parent in each.parents})
    dated |= {
        each.offered.change.id: each.content.at
        for each in judged
        if isinstance(each.offered, Offered) and each.content is not None
    }
    if all(_follows(each, dated) for each in ahead):
        return
    connection.execute(
        "INSERT INTO notice (kind, device, at) SELECT %(kind)s, %(device)s, %(now)s WHERE NOT EXISTS"
        " (SELECT FROM notice WHERE kind = %(kind)s AND device = %(device)s AND at > %(since)s)",
        {"kind": Notice.CLOCK_WRONG, "device": device, "now": now, "since": now - _ONCE_IN},
    )


def _follows(content: Content, dated: dict[bytes, int]) -> bool:
    return any(dated.get(parent, 0) >= content.at - 1 for parent in content.parents)


def _dates(connection: Connection, changes: set[bytes]) -> dict[bytes, int]:
    rows = connection.execute("SELECT id, content FROM change WHERE id = ANY(%s)", (sorted(changes),))
    found = {}
    for change, content in rows:
        try:
            found[bytes(change)] = read_content(bytes(content)).at
        except ContentError:
            continue  # its content is not here: it says nothing about the time
    return found
