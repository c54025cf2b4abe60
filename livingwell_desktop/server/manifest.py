"""What a lost laptop held at most, by what was sent to it: what happened to people since takes nobody off the list.

Somebody who is protected, withdrawn or erased after the theft is not in that desk's streams any more, and is still on
its disk. What it wrote and never sent, nobody but the desk knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.records import ALLIANCE
from livingwell_desktop.server.database import Connection
from livingwell_desktop.sync.protocol import STREAM


@dataclass(frozen=True, slots=True)
class Sent:
    """The pages of one stream that were sent to a desk."""

    stream: str
    after: int
    reached: int
    pages: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one desk may hold."""

    sent: tuple[Sent, ...]
    people: tuple[UUID, ...]
    """Those about whom it may hold records."""
    cards: int
    """How many cards there are now that it may hold, if it was sent any."""
    cards_withdrawn: tuple[UUID, ...]
    """Those whose card it may hold although nobody else has it any more: they were protected or erased since."""
    unsure: bool
    """The server was restored and has not heard from it since: what was sent after the backup is not known."""


def manifest_of(connection: Connection, device: UUID) -> Manifest:
    """What that desk held at most. Raises Problem for a stranger."""
    devices = _copied_from(connection, device)
    if not devices:
        raise Problem("There is no such desk", f"No desk has the id {device}.", "See “devices” for the ids.")
    sent = _sent(connection, devices)
    unsure = _not_heard_since_a_restore(connection, device)
    reached = next((each.reached for each in sent if each.stream == STREAM), None)
    return Manifest(
        sent,
        _people(connection, devices, unsure),
        0 if reached is None else _cards(connection),
        () if reached is None else _cards_withdrawn(connection, reached),
        unsure,
    )


def _copied_from(connection: Connection, device: UUID) -> list[UUID]:
    """The desk, and those whose disks it was copied from: what was sent to them before is on its disk."""
    rows = connection.execute(
        "WITH RECURSIVE one AS (SELECT id, copy_of FROM device WHERE id = %s"
        " UNION SELECT d.id, d.copy_of FROM device d JOIN one ON d.id = one.copy_of) SELECT id FROM one",
        (device,),
    ).fetchall()
    return [row[0] for row in rows]


def _sent(connection: Connection, devices: Sequence[UUID]) -> tuple[Sent, ...]:
    rows = connection.execute(
        "SELECT stream, min(after_number), max(reached), count(*), min(sent_at), max(sent_at) FROM page_sent"
        " WHERE device = ANY(%s) GROUP BY stream ORDER BY stream",
        (devices,),
    ).fetchall()
    return tuple(Sent(*row) for row in rows)


def _not_heard_since_a_restore(connection: Connection, device: UUID) -> bool:
    row = connection.execute(
        "SELECT 1 FROM device WHERE id = %s AND (SELECT count(*) FROM generation) > 1"
        " AND generation IS DISTINCT FROM (SELECT id FROM generation ORDER BY number DESC LIMIT 1)",
        (device,),
    ).fetchone()
    return row is not None


def _people(connection: Connection, devices: Sequence[UUID], unsure: bool) -> tuple[UUID, ...]:
    """By the lines of its streams as far as they were sent, and by who was known there at its last page.

    A line that something leaves counts wherever it is: what came by first download may have no other line.
    """
    rows = connection.execute(
        "WITH sent AS (SELECT stream.name, stream.centre, stream.sensitivity, max(reached) AS reached,"
        " max(sent_at) AS last FROM page_sent JOIN stream ON stream.name = page_sent.stream"
        " WHERE device = ANY(%(devices)s) GROUP BY stream.name),"
        " line AS (SELECT entry.change, entry.record FROM sent JOIN entry ON entry.stream = sent.name"
        " WHERE entry.type = 'x' OR entry.type IN ('c', 's') AND entry.number <= sent.reached),"
        " found AS ("
        "SELECT change.subject FROM line JOIN change ON change.id = line.change"
        " UNION SELECT change.subject FROM line JOIN change ON change.record = line.record"
        " UNION SELECT record.subject FROM line JOIN record ON record.id = line.record"
        " UNION SELECT known.subject FROM sent JOIN known ON known.centre = sent.centre"
        " AND (known.since <= sent.last OR %(unsure)s)"
        " JOIN record ON record.subject = known.subject AND record.sensitivity <= sent.sensitivity"
        " UNION SELECT subject FROM change WHERE device = ANY(%(devices)s) OR sender = ANY(%(devices)s))"
        " SELECT subject FROM found WHERE subject <> %(alliance)s"
        " AND NOT EXISTS (SELECT FROM stream WHERE stream.centre = found.subject) ORDER BY subject",
        {"devices": devices, "unsure": unsure, "alliance": ALLIANCE},
    ).fetchall()
    return tuple(row[0] for row in rows)


def _cards(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM card WHERE body IS NOT NULL").fetchone()
    return int(row[0]) if row else 0


def _cards_withdrawn(connection: Connection, reached: int) -> tuple[UUID, ...]:
    rows = connection.execute(
        "SELECT person FROM card WHERE body IS NULL"
        " AND EXISTS (SELECT FROM entry WHERE stream = %(stream)s AND type = 'k' AND record = person"
        " AND number > %(reached)s)"
        " AND EXISTS (SELECT FROM entry WHERE stream = %(stream)s AND type = 'k' AND record = person"
        " AND number <= %(reached)s) ORDER BY person",
        {"stream": STREAM, "reached": reached},
    ).fetchall()
    return tuple(row[0] for row in rows)
