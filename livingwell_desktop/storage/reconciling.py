"""What waits, what was sent, what came and what was not taken, as lines that a person can go through.

After months there are tens of thousands of changes: they are counted by record where they lie, and only what was not
taken is read.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import Content, ContentError, read_content
from livingwell_desktop.domain.records import Sensitivity


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as it is listed. `at` is when it was saved, refused or received, milliseconds.

    `content` is None for one that cannot be read.
    """

    change: bytes
    device: UUID
    at: int
    content: Content | None
    reason: str = ""
    """Why it was not taken."""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """All that waits, was sent or came of one record. `first` is when the earliest of it was saved, milliseconds."""

    record: UUID
    kind: str
    subject: UUID
    changes: int
    first: int
    clinical: bool
    """Whether reception desks do not hold it: for its kind, or because its person is protected."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How far this desk's own chain, and its list of what it holds, have come: a place to count from."""

    link: int
    held: int


_OWN = (
    "SELECT r.id, r.kind, r.subject, count(*), min(o.saved_at), r.sensitivity FROM outbox o"
    " JOIN change c ON c.id = o.change JOIN record r ON r.id = c.record"
)
# What is kept here was read once, so that its bytes are known to be JSON.
_OTHERS = (
    "SELECT r.id, r.kind, r.subject, count(*), min(json_extract(CAST(c.content AS TEXT), '$.at')), r.sensitivity"
    " FROM change c JOIN record r ON r.id = c.record"
)


class Ledger:
    """This desk's changes as lists: its own on their way, others' as they came, and what was not taken."""

    def __init__(self, device: UUID, reading: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._device, self._reading = device, reading

    def marks(self) -> Marks:
        """Where both counts are now. `link` is the last one with a receipt, so that what waits is counted later."""
        link = self._number("SELECT max(n) FROM outbox WHERE receipt IS NOT NULL")
        return Marks(link, self._number("SELECT max(number) FROM change"))

    def waiting(self) -> tuple[RecordLine, ...]:
        """What has no receipt, by record."""
        return self._records(f"{_OWN} WHERE o.receipt IS NULL GROUP BY r.number")

    def sent(self, after: int, last: int) -> tuple[RecordLine, ...]:
        """Links of this desk's chain in that range that have the server's receipt, by record."""
        return self._records(f"{_OWN} WHERE o.receipt >= 0 AND o.n > ? AND o.n <= ? GROUP BY r.number", after, last)

    def received(self, after: int, last: int) -> tuple[RecordLine, ...]:
        """What other desks wrote and came here in that range, by record."""
        return self._records(
            f"{_OTHERS} WHERE c.number > ? AND c.number <= ? AND c.device <> ? GROUP BY r.number",
            after,
            last,
            self._device.bytes,
        )

    def refused(self, limit: int) -> tuple[ChangeLine, ...]:
        """What was not taken, here or at the server, the newest first."""
        return self._lines(
            "SELECT id, device, refused_at, content, reason FROM refused ORDER BY refused_at DESC, id LIMIT ?", limit
        )

    def count_sent(self, after: int, last: int) -> int:
        """How many links in that range have the server's receipt."""
        sql = "SELECT count(*) FROM outbox WHERE receipt >= 0 AND n > ? AND n <= ?"
        return self._number(sql, after, last)

    def count_received(self, after: int, last: int) -> int:
        """How many changes of other desks came in that range."""
        sql = "SELECT count(*) FROM change WHERE number > ? AND number <= ? AND device <> ?"
        return self._number(sql, after, last, self._device.bytes)

    def count_refused(self, since: int) -> int:
        """How many changes were not taken, here or at the server, from that time on."""
        return self._number("SELECT count(*) FROM refused WHERE refused_at >= ?", since)

    def _records(self, sql: str, *parameters: object) -> tuple[RecordLine, ...]:
        with self._reading() as connection:
            rows = connection.exec_driver_sql(sql, parameters).all()
        return tuple(
            RecordLine(UUID(bytes=record), kind, UUID(bytes=subject), changes, first, sensitivity > Sensitivity.DESK)
            for record, kind, subject, changes, first, sensitivity in rows
        )

    def _number(self, sql: str, *parameters: object) -> int:
        with self._reading() as connection:
            return int(connection.exec_driver_sql(sql, parameters).scalar() or 0)

    def _lines(self, sql: str, *parameters: object) -> tuple[ChangeLine, ...]:
        with self._reading() as connection:
            rows = connection.exec_driver_sql(sql, parameters).all()
        return tuple(ChangeLine(row[0], UUID(bytes=row[1]), row[2], _read(row[3]), row[4]) for row in rows)


def _read(raw: bytes) -> Content | None:
    try:
        return read_content(raw)
    except ContentError:
        return None
