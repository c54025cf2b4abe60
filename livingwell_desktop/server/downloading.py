"""A desk's first download: every record of a stream as it is now, by record id, then the stream from where it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.records import ALLIANCE
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import KnownDevice, NotLetInError
from livingwell_desktop.server.pulling import card_bodies, in_scope
from livingwell_desktop.server.states import states
from livingwell_desktop.server.streams import followed_by
from livingwell_desktop.sync.downloading import DownloadPage, DownloadRequest
from livingwell_desktop.sync.entries import Delivered
from livingwell_desktop.sync.protocol import STREAM

_RECORDS, _CARDS = "r", "c"
_NIL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a download goes on: after that record, then after that card."""

    part: str
    after: UUID


def download(connection: Connection, device: KnownDevice, asked: DownloadRequest, now: datetime) -> DownloadPage:
    """The next page. Raises NotLetInError for a stream that is not the desk's, or a place that is none."""
    if asked.stream not in followed_by(device.centres, device.sensitivity):
        raise NotLetInError
    # What a desk was told to let go and has not heard comes after its download (`refilling`).
    cursor = connection.execute(
        "SELECT least(stream.number, followed.number) FROM stream LEFT JOIN followed ON followed.stream = stream.name"
        " AND followed.device = %s WHERE stream.name = %s",
        (device.id, asked.stream),
    ).fetchone()
    centre = None if asked.stream == STREAM else UUID(asked.stream.partition("/")[0])
    place = _place(asked.place)
    if place.part == _RECORDS:
        level = 9 if centre is None else device.sensitivity
        records = _records(connection, centre, level, place.after, asked.limit)
        found = states(connection, records, level)
        entries = tuple(Delivered(0, found[record], whole=True) for record in records if record in found)
        after, full = (records[-1] if records else None), len(records) == asked.limit
    else:
        people = _people(connection, place.after, asked.limit)
        bodies = card_bodies(connection, people)
        entries = tuple(Delivered(0, card=(person, bodies[person])) for person in people)
        after, full = (people[-1] if people else None), len(people) == asked.limit
    connection.execute(
        # Read last: the page holds nothing that is not in the stream by then.
        "INSERT INTO page_sent (device, stream, after_number, reached, record, sent_at)"
        " SELECT %s, name, 0, number, %s, %s FROM stream WHERE name = %s",
        (device.id, after, now, asked.stream),
    )
    further = _further(place.part, after if full else None, centre is None)
    total = _count(connection, centre, device.sensitivity) if not asked.place else 0
    return DownloadPage(entries, further, cursor[0] if cursor else 0, total)


def _place(text: str) -> _Place:
    if not text:
        return _Place(_RECORDS, _NIL)
    part, _, after = text.partition(":")
    try:
        return _Place({_RECORDS: _RECORDS, _CARDS: _CARDS}[part], UUID(after))
    except (KeyError, ValueError) as error:
        raise NotLetInError from error


def _further(part: str, after: UUID | None, with_cards: bool) -> str:
    if after is not None:
        return f"{part}:{after}"
    return f"{_CARDS}:{_NIL}" if part == _RECORDS and with_cards else ""


def _records(connection: Connection, centre: UUID | None, level: int, after: UUID, limit: int) -> list[UUID]:
    if centre is None:
        rows = connection.execute(
            "SELECT id FROM record WHERE subject = %s AND id > %s ORDER BY id LIMIT %s", (ALLIANCE, after, limit)
        )
    else:
        rows = connection.execute(
            "SELECT id FROM record WHERE id > %(after)s AND sensitivity <= %(level)s AND (subject = %(centre)s"
            " OR %(centre)s <> ALL(withdrawn_from)"
            " AND EXISTS (SELECT FROM known WHERE known.subject = record.subject AND known.centre = %(centre)s))"
            " ORDER BY id LIMIT %(limit)s",
            {"after": after, "level": level, "centre": centre, "limit": limit},
        )
    return [row[0] for row in rows]


def _people(connection: Connection, after: UUID, limit: int) -> list[UUID]:
    rows = connection.execute(
        "SELECT person FROM card WHERE person > %s AND body IS NOT NULL ORDER BY person LIMIT %s", (after, limit)
    )
    return [row[0] for row in rows]


def _count(connection: Connection, centre: UUID | None, level: int) -> int:
    """About how much there is, for showing progress."""
    if centre is None:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM record WHERE subject = %s) + (SELECT count(*) FROM card)", (ALLIANCE,)
        ).fetchone()
    else:
        row = connection.execute(
            "SELECT count(*) FROM record WHERE sensitivity <= %(level)s AND (subject = %(centre)s"
            " OR %(centre)s <> ALL(withdrawn_from)"
            " AND EXISTS (SELECT FROM known WHERE known.subject = record.subject AND known.centre = %(centre)s))",
            {"level": level, "centre": centre},
        ).fetchone()
    return int(row[0]) if row else 0


def records(connection: Connection, device: KnownDevice, asked: Sequence[UUID]) -> list[Delivered]:
    """Those of the records that are in one of the desk's streams, as they are now."""
    rows = in_scope(connection, device, asked)
    alliance = [record for record, subject in rows if subject == ALLIANCE]
    others = [record for record, subject in rows if subject != ALLIANCE]
    found = states(connection, alliance, 9) | states(connection, others, device.sensitivity)
    return [Delivered(0, nodes, whole=True) for nodes in found.values()]
