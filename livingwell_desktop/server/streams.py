"""The streams: which there are, who follows them, where a change belongs, and how its number is given.

There is one for the alliance, and for each centre one for each sensitivity that some desk there is enrolled for. A
centre's *clinical* stream holds what its *desk* stream holds and more, so that a verb is whole in the one stream that a
desk follows for a centre.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from livingwell_desktop.domain.records import ALLIANCE, Sensitivity
from livingwell_desktop.server.columns import bytes_column, number_column, text_column, uuid_column
from livingwell_desktop.server.database import Connection
from livingwell_desktop.sync.protocol import STREAM

_LEVELS = {int(each): each.name.lower() for each in Sensitivity}
_SUBJECT_LOCKS = 128
"""Subjects share this many locks: a push of a thousand people must not fill PostgreSQL's table of locks."""
_SUBJECT_LOCK_CLASS = 0x6C77


@dataclass(frozen=True, slots=True)
class Stream:
    """A numbered list of changes. The alliance's has no centre."""

    name: str
    centre: UUID | None
    sensitivity: int


class Entry(NamedTuple):
    """One line to be written at the end of a stream: a change or void, a record's state, a card, or a leaving."""

    stream: str
    type: str
    change: bytes | None
    record: UUID | None
    act: str
    size: int


class Streams:
    """Every stream there is, by name, as this transaction sees them."""

    def __init__(self, streams: Iterable[Stream]) -> None:
        self._all = {each.name: each for each in streams}
        self._of_centre: dict[UUID, list[Stream]] = {}
        for each in self._all.values():
            if each.centre is not None:
                self._of_centre.setdefault(each.centre, []).append(each)

    def of_centre(self, centre: UUID) -> Sequence[Stream]:
        """A centre's streams; none for what is no centre, or one without desks."""
        return self._of_centre.get(centre, ())

    def is_centre(self, subject: UUID) -> bool:
        """Whether that is a centre with desks."""
        return subject in self._of_centre

    def reached_by(self, subject: UUID, known: Iterable[UUID]) -> list[Stream]:
        """The streams that what is about a subject belongs to, whatever its sensitivity."""
        if subject == ALLIANCE:
            return [self._all[STREAM]]
        centres = {*known, subject}
        return [stream for centre in sorted(centres) for stream in self.of_centre(centre)]


def read_streams(connection: Connection) -> Streams:
    """The streams there are."""
    rows = connection.execute("SELECT name, centre, coalesce(sensitivity, 9) FROM stream")
    return Streams(Stream(*row) for row in rows)


def stream_name(centre: UUID, sensitivity: int) -> str:
    """The name of a centre's stream."""
    return f"{centre}/{_LEVELS.get(sensitivity, str(sensitivity))}"


def followed_by(centres: Iterable[UUID], sensitivity: int) -> tuple[str, ...]:
    """The streams that a desk follows, the alliance's first."""
    return (STREAM, *(stream_name(centre, sensitivity) for centre in sorted(centres)))


def make_streams(connection: Connection, centres: Iterable[UUID], sensitivity: int) -> None:
    """Make the streams that a new desk will follow. They begin empty: what was before comes by first download."""
    for centre in sorted(centres):
        connection.execute(
            "INSERT INTO stream (name, number, centre, sensitivity) VALUES (%s, 0, %s, %s) ON CONFLICT DO NOTHING",
            (stream_name(centre, sensitivity), centre, sensitivity),
        )


def lock_subjects(connection: Connection, subjects: Iterable[UUID]) -> None:
    """Whoever moves a subject between streams takes the same locks, in the same order."""
    keys = sorted({subject.int % _SUBJECT_LOCKS for subject in subjects})
    if keys:
        connection.execute(
            "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", (_SUBJECT_LOCK_CLASS, keys)
        )


def lock_all_subjects(connection: Connection) -> None:
    """For an operator's command: what it is about is read after this, when no push is half done that brings more."""
    lock_subjects(connection, (UUID(int=key) for key in range(_SUBJECT_LOCKS)))


def known_at(connection: Connection, subjects: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Which centres know each of those subjects."""
    found: dict[UUID, set[UUID]] = {}
    with connection.cursor(binary=True) as rows:
        rows.execute("SELECT subject, centre FROM known WHERE subject = ANY(%b::uuid[])", (uuid_column(subjects),))
        for subject, centre in rows:
            found.setdefault(subject, set()).add(centre)
    return found


def enter(connection: Connection, entries: Sequence[Entry]) -> Mapping[str, int]:
    """Give numbers: the last statements of a transaction. Says what each stream has reached.

    A sequence or a timestamp would number entries before they are committed, and a reader that polls would miss those
    that commit late. Here the counter row is raised last, streams in ascending order, and whoever raises it next waits
    until this transaction has ended. Raises LookupError for a stream that there is not.
    """
    if not entries:
        return {}
    names = sorted({entry.stream for entry in entries})
    connection.execute("SELECT 1 FROM stream WHERE name = ANY(%s) ORDER BY name FOR UPDATE", (names,))
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            "WITH one AS (SELECT *, row_number() OVER (PARTITION BY stream ORDER BY place) AS step FROM"
            " unnest(%b::text[], %b::text[], %b::bytea[], %b::uuid[], %b::text[], %b::bigint[])"
            " WITH ORDINALITY AS given (stream, type, change, record, act, size, place)),"
            " raised AS (UPDATE stream SET number = number + counted.n"
            " FROM (SELECT stream, count(*) AS n FROM one GROUP BY stream) AS counted"
            " WHERE stream.name = counted.stream RETURNING stream.name, stream.number, counted.n),"
            " entered AS (INSERT INTO entry (stream, number, type, change, record, act, size)"
            ' SELECT one.stream, raised.number - raised.n + one.step, one.type::"char", one.change, one.record,'
            " one.act, one.size FROM one JOIN raised ON raised.name = one.stream)"
            " SELECT name, number FROM raised",
            (
                text_column(entry.stream for entry in entries),
                text_column(entry.type for entry in entries),
                bytes_column(entry.change for entry in entries),
                uuid_column(entry.record for entry in entries),
                text_column(entry.act for entry in entries),
                number_column(entry.size for entry in entries),
            ),
        )
        reached: dict[str, int] = dict(cursor.fetchall())
    if len(reached) < len(names):
        raise LookupError("a line belongs to no stream")
    return reached


def lines_about_nothing(connection: Connection) -> int:
    """How many lines are about a change, or in a stream, that is not there: none, since `enter` writes them together.

    Looked up by `verify` and `drill` instead of at each push (docs/decisions/0012).
    """
    row = connection.execute(
        "SELECT count(*) FROM entry WHERE change IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM change WHERE change.id = entry.change)"
        " OR NOT EXISTS (SELECT FROM stream WHERE stream.name = entry.stream)"
    ).fetchone()
    return int(row[0]) if row else 0
