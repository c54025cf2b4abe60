"""Giving a desk the next page of each of its streams: whole acts, and not more than it can swallow."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from livingwell_desktop.domain.records import ALLIANCE
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.states import states, stored
from livingwell_desktop.server.streams import Entry, followed_by
from livingwell_desktop.sync.entries import Delivered
from livingwell_desktop.sync.protocol import MAX_PAGE_BYTES, STREAM, StreamPage

_LOOK_FURTHER = 200
"""Changes that an act can have: so far beyond the page its end is looked for."""


class _Entry(NamedTuple):
    number: int
    act: str
    size: int
    type: str
    change: bytes | None
    record: UUID | None


def pull(
    connection: Connection,
    device: KnownDevice,
    cursors: Mapping[str, int],
    limit: int,
    without: Collection[bytes],
    now: datetime,
) -> dict[str, StreamPage]:
    """The next page of each stream that the desk follows and names, leaving out what it has sent in this request.

    Streams without news have no page. Every page that is given is written down: what a lost laptop held.
    """
    pages: dict[str, StreamPage] = {}
    for stream in followed_by(device.centres, device.sensitivity):
        if limit <= 0 or stream not in cursors:
            continue
        page = _page(connection, device, stream, cursors[stream], limit, without)
        if page.reached > cursors[stream]:
            pages[stream] = page
            limit -= len(page.entries)
            _write_down(connection, device, stream, cursors[stream], page.reached, now)
    return pages


def note_cursors(connection: Connection, device: KnownDevice, cursors: Mapping[str, int], now: datetime) -> None:
    """Write down how far the desk says it has come: its receipt for what it was told to let go."""
    names = sorted(set(cursors) & set(followed_by(device.centres, device.sensitivity)))
    connection.execute(
        "INSERT INTO followed (device, stream, number, at) SELECT %s, stream, number, %s"
        " FROM unnest(%s::text[], %s::bigint[]) AS one (stream, number)"
        " ON CONFLICT (device, stream) DO UPDATE SET number = excluded.number, at = excluded.at"
        " WHERE followed.number <> excluded.number",
        (device.id, now, names, [cursors[name] for name in names]),
    )


def _page(
    connection: Connection, device: KnownDevice, stream: str, cursor: int, limit: int, without: Collection[bytes]
) -> StreamPage:
    with connection.cursor(binary=True) as rows:
        rows.execute(
            "SELECT number, act, size, type::text, change, record FROM entry WHERE stream = %s AND number > %s"
            " ORDER BY number LIMIT %s",
            (stream, cursor, limit + _LOOK_FURTHER),
        )
        entries = [_Entry(*row) for row in rows]
    if not entries:
        return StreamPage((), cursor, False)
    taken = page_length(entries, limit)
    more = taken < len(entries) or len(entries) == limit + _LOOK_FURTHER
    last = entries[taken - 1].number
    sent = [each.change for each in entries[:taken] if each.change is not None and each.change in without]
    left_out = _with_words(connection, sent) if sent else set()
    wanted = [each for each in entries[:taken] if each.change not in left_out]
    level = 9 if stream == STREAM else device.sensitivity
    return StreamPage(tuple(_delivered(connection, device, wanted, level)), last, more)


def _with_words(connection: Connection, changes: Sequence[bytes]) -> set[bytes]:
    """Those that are still here as they were sent. Of one that was erased, before it came again or since, word goes."""
    rows = connection.execute("SELECT id FROM change WHERE id = ANY(%s) AND standing = 1", (list(changes),))
    return {bytes(row[0]) for row in rows}


def page_length(entries: Sequence[_Entry], limit: int, most_bytes: int = MAX_PAGE_BYTES) -> int:
    """How many entries make a page: whole acts until the limit or the size is reached, and one act at least."""
    size, end_of_act = 0, 0
    for place, entry in enumerate(entries):
        if place and (entry.act != entries[place - 1].act or not entry.act):
            end_of_act = place
        size += entry.size
        if end_of_act and (place >= limit or size > most_bytes):
            return end_of_act
    return len(entries)


def _delivered(connection: Connection, device: KnownDevice, entries: Sequence[_Entry], level: int) -> list[Delivered]:
    changes = {
        each.change.id: each
        for each in stored(connection, "id", [entry.change for entry in entries if entry.change is not None])
    }
    of_states = states(connection, [entry.record for entry in entries if entry.type == "s" and entry.record], level)
    bodies = card_bodies(connection, [entry.record for entry in entries if entry.type == "k" and entry.record])
    leaving = [entry.record for entry in entries if entry.type == "x" and entry.record]
    stays = {record for record, _ in in_scope(connection, device, leaving)} if leaving else set()
    found = []
    for entry in entries:
        match entry.type, entry.record:
            case "s", UUID() as record:
                found.append(Delivered(entry.number, of_states.get(record, ()), whole=True))
            case "x", UUID() as record:
                # What leaves one centre stays at a desk that serves another where it is known.
                if record not in stays:
                    found.append(Delivered(entry.number, leaves=record))
            case "k", UUID() as person:
                found.append(Delivered(entry.number, card=(person, bodies.get(person))))
            # What this desk may not see any more is followed by word that it leaves.
            case _ if entry.change in changes:
                found.append(Delivered(entry.number, (changes[entry.change].seen_at(level),)))
    return found


def in_scope(connection: Connection, device: KnownDevice, records: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Those of the records that are in one of the desk's streams now, each with its subject."""
    return connection.execute(
        "SELECT id, subject FROM record WHERE id = ANY(%(records)s) AND (subject = %(alliance)s"
        " OR sensitivity <= %(level)s AND (subject = ANY(%(centres)s) OR EXISTS (SELECT FROM known"
        " WHERE known.subject = record.subject AND known.centre = ANY(%(centres)s)"
        " AND known.centre <> ALL(record.withdrawn_from))))",
        {
            "records": list(records),
            "alliance": ALLIANCE,
            "level": device.sensitivity,
            "centres": list(device.centres),
        },
    ).fetchall()


def lines_that_leave(connection: Connection, device: KnownDevice, held: Sequence[bytes]) -> list[Entry]:
    """Lines that say once more that records leave, where a desk holds changes of what it is not to hold."""
    rows = connection.execute("SELECT DISTINCT record FROM change WHERE id = ANY(%s)", (list(held),)).fetchall()
    records = sorted(row[0] for row in rows)
    stays = {record for record, _ in in_scope(connection, device, records)}
    streams = [name for name in followed_by(device.centres, device.sensitivity) if name != STREAM]
    return [Entry(name, "x", None, record, "", 0) for name in streams for record in records if record not in stays]


def card_bodies(connection: Connection, people: Sequence[UUID]) -> dict[UUID, Mapping[str, object] | None]:
    """What the alliance may know of those people now."""
    if not people:
        return {}
    rows = connection.execute("SELECT person, body FROM card WHERE person = ANY(%s)", (list(people),))
    return {person: None if body is None else json.loads(body) for person, body in rows}


def _write_down(
    connection: Connection, device: KnownDevice, stream: str, after: int, reached: int, now: datetime
) -> None:
    connection.execute(
        "INSERT INTO page_sent (device, stream, after_number, reached, sent_at) VALUES (%s, %s, %s, %s, %s)",
        (device.id, stream, after, reached, now),
    )
