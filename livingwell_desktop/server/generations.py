"""Generations: each restore of the server starts one, and each desk answers to it before it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from livingwell_desktop.server.chains import UNKNOWN
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import KnownDevice

_LETTERS_LEFT_OUT = 100
"""So many desks may have been given a letter of which a restored server knows nothing."""


@dataclass(frozen=True, slots=True)
class Generation:
    """The server since one restore. `starts` says for each stream the number that it went on from."""

    number: int
    id: UUID
    started_at: datetime
    starts: Mapping[str, int]

    @property
    def name(self) -> str:
        """As desks know it: its number, and enough of its id to tell two restores apart."""
        return f"{self.number}.{self.id.hex[:16]}"


def generations(connection: Connection) -> list[Generation]:
    """Every generation, the first first."""
    rows = connection.execute("SELECT number, id, started_at, starts FROM generation ORDER BY number")
    return [Generation(*row) for row in rows]


def current(connection: Connection) -> Generation:
    """The newest generation."""
    row = connection.execute(
        "SELECT number, id, started_at, starts FROM generation ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise LookupError("a migrated database has a generation")
    return Generation(*row)


def begin(connection: Connection, identifier: UUID, now: datetime) -> Generation:
    """Start a generation from what the streams hold now. For the command that restored; it needs the owner's role.

    Each desk's chain goes on from what it sends next: the links in between may be those of changes nobody has any more.
    """
    connection.execute("UPDATE device SET chain_hash = %s", (UNKNOWN,))
    starts: dict[str, int] = dict(connection.execute("SELECT name, number FROM stream").fetchall())
    return _add(connection, current(connection).number + 1, identifier, now, starts)


def begin_anew(connection: Connection, identifier: UUID, now: datetime) -> Generation:
    """The first generation of a server that lost everything: later than any that its desks can know of."""
    return _add(connection, int(now.timestamp()) // 86_400, identifier, now, {})


def _add(connection: Connection, number: int, identifier: UUID, now: datetime, starts: dict[str, int]) -> Generation:
    desks = connection.execute("SELECT count(*) FROM device").fetchone()
    connection.execute(
        "INSERT INTO generation (number, id, started_at, starts, letters) VALUES (%s, %s, %s, %s, %s)",
        (number, identifier, now, Jsonb(starts), (desks[0] if desks else 0) + _LETTERS_LEFT_OUT),
    )
    return Generation(number, identifier, now, starts)


def answered(connection: Connection, device: KnownDevice, generation: Generation) -> None:
    """The desk has gone back to what the restored server holds: from now on it speaks for itself only."""
    if device.generation != generation.id:
        connection.execute("UPDATE device SET generation = %s WHERE id = %s", (generation.id, device.id))


def answers_anew(connection: Connection, device: KnownDevice, generation: Generation) -> None:
    """A desk of this name has answered, and one comes that names an older generation: a copy, or an older disk.

    It may hold what nobody else gives back, or what was erased: it is to offer it, too.
    """
    if device.generation == generation.id:
        connection.execute("UPDATE device SET generation = NULL WHERE id = %s", (device.id,))
