"""Which desks hold a record, or something about a person, and which still owe word that they have let it go.

A desk holds what its streams brought it, as far as it says that it has taken them in; that word is its receipt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import ALLIANCE
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.streams import followed_by
from livingwell_desktop.sync.protocol import STREAM


class Holding(StrEnum):
    """How one desk stands to one record. In the order of what an operator must know first."""

    OWES = "still has it, and owes a receipt that it has let it go"
    HOLDS = "holds it"
    ON_THE_WAY = "will be sent it when it is next connected"
    LET_GO = "had it, and has let it go"
    NEVER = "never had it"


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk, with how far it has taken in each of its streams."""

    id: UUID
    letter: str
    name: str
    shut_out: bool
    streams: tuple[str, ...]
    reached: dict[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a stream about a record."""

    stream: str
    number: int
    type: str


def records_about(connection: Connection, about: UUID) -> list[UUID]:
    """The record of that id and every record about a person of that id."""
    rows = connection.execute("SELECT id FROM record WHERE id = %s OR subject = %s ORDER BY id", (about, about))
    return [row[0] for row in rows]


def desks(connection: Connection) -> list[Desk]:
    """Every desk."""
    reached: dict[UUID, dict[str, int]] = {}
    for device, stream, number in connection.execute("SELECT device, stream, number FROM followed"):
        reached.setdefault(device, {})[stream] = number
    rows = connection.execute(
        "SELECT id, letter, name, revoked_at IS NOT NULL, centres, sensitivity FROM device ORDER BY number"
    )
    return [
        Desk(device, letter, name, shut_out, followed_by(centres, sensitivity), reached.get(device, {}))
        for device, letter, name, shut_out, centres, sensitivity in rows
    ]


def holding(connection: Connection, record: UUID, everybody: Iterable[Desk]) -> dict[UUID, Holding]:
    """How each of those desks stands to a record. What is erased is let go as what is withdrawn is."""
    lines = _lines(connection, record)
    there = connection.execute("SELECT subject, sensitivity FROM record WHERE id = %s", (record,)).fetchone()
    erased = connection.execute("SELECT 1 FROM tombstone WHERE record = %s", (record,)).fetchone() is not None
    alliance = there is not None and there[0] == ALLIANCE
    return {desk.id: _standing(desk, lines, erased=erased, alliance=alliance) for desk in everybody}


def _standing(desk: Desk, lines: list[Line], *, erased: bool, alliance: bool) -> Holding:
    found = {
        _in_stream([each for each in lines if each.stream == stream], desk.reached.get(stream), erased=erased)
        for stream in desk.streams
        if stream != STREAM or alliance
    }
    # A desk that serves two centres holds what either stream brought it.
    order = (Holding.HOLDS, Holding.OWES, Holding.ON_THE_WAY, Holding.LET_GO, Holding.NEVER)
    return next((each for each in order if each in found), Holding.NEVER)


def _in_stream(lines: list[Line], reached: int | None, *, erased: bool) -> Holding:
    if not lines:
        return Holding.NEVER
    first, last = lines[0], lines[-1]
    had = reached is not None and reached >= first.number
    gone = last.type == "x" or erased
    if not gone:
        return Holding.HOLDS if had else Holding.ON_THE_WAY
    if not had:
        return Holding.NEVER
    return Holding.LET_GO if reached is not None and reached >= last.number else Holding.OWES


def _lines(connection: Connection, record: UUID) -> list[Line]:
    rows = connection.execute(
        "SELECT stream, number, type::text FROM entry WHERE record = %(record)s AND type IN ('s', 'x')"
        " UNION SELECT e.stream, e.number, e.type::text FROM change c JOIN entry e ON e.change = c.id"
        " WHERE c.record = %(record)s ORDER BY 1, 2",
        {"record": record},
    )
    return [Line(*row) for row in rows]
