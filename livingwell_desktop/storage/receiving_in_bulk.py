"""Taking in many changes with a few statements, where nothing about them is in question: what most of a page is.

A change is plain when its record is new here, or when it is based on exactly what its record shows. Everything else
goes the careful way, one by one (`receiving.py`); both ways end in the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import Change, Content
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.storage.arrivals import Arrival, Checked
from livingwell_desktop.storage.folding import NewRow, insert_changes, new_row, put_rows, shown_at_once
from livingwell_desktop.storage.rows import Row, marks, quick, row_of, rows_of
from livingwell_desktop.storage.values import Changes

_WRONG_VALUES = (ValueError, TypeError, KeyError, AttributeError)


@dataclass
class Concerned:
    """What a batch changed, for the one signal."""

    kinds: set[str] = field(default_factory=set)
    subjects: set[UUID] = field(default_factory=set)
    records: set[UUID] = field(default_factory=set)
    left: set[UUID] = field(default_factory=set)

    def add(self, content: Content) -> None:
        self.kinds.add(content.kind)
        self.subjects.add(content.subject)
        self.records.add(content.record)

    def add_record(self, connection: Connection, record: UUID) -> None:
        row = row_of(connection, record.bytes)
        self.records.add(record)
        if row is not None:
            self.kinds.add(row.kind)
            self.subjects.add(UUID(bytes=row.subject))

    def changes(self) -> Changes:
        found = (frozenset(self.kinds), frozenset(self.subjects), frozenset(self.records))
        return Changes(*found, arrived=True, left=frozenset(self.left))


def plain_runs(arrivals: Sequence[Arrival]) -> Iterator[Sequence[Arrival]]:
    """The arrivals in their order, in runs that may be plain: single readable changes, each of another record."""
    run: list[Arrival] = []
    names: set[UUID | ChangeId] = set()
    for arrival in arrivals:
        found = _change(arrival)
        its: set[UUID | ChangeId] = set() if found is None else {found[0].id, found[1].record}
        if run and (not its or its & names):
            yield run
            run, names = [], set()
        if its:
            run.append(arrival)
            names |= its
        else:
            yield (arrival,)
    if run:
        yield run


def take_plain(connection: Connection, run: Sequence[Arrival], concerned: Concerned) -> Sequence[Arrival]:
    """Take what is plain in a run. Gives what is left for the careful way."""
    changes = [_change(each) for each in run]
    if any(each is None for each in changes):
        return run
    known = _Known.of(connection, [each for each in changes if each is not None])
    plain: list[tuple[Change, Content, NewRow]] = []
    left: list[Arrival] = []
    for arrival, each in zip(run, changes, strict=True):
        if each is None or known.holds(*each):
            continue
        row = known.new_row(*each, whole=arrival.whole)
        if row is None:
            left.append(arrival)
        else:
            plain.append((*each, row))
    if plain:
        insert_changes(connection, [(change, content) for change, content, _ in plain])
        put_rows(connection, [row for _, _, row in plain])
    for _, content, _ in plain:
        concerned.add(content)
    return left


@dataclass(frozen=True, slots=True)
class _Known:
    """What is here already of a run's changes and of their records."""

    hashes: dict[bytes, bytes]
    rows: dict[bytes, Row]
    voids: set[bytes]
    """Names of changes and records with voids."""
    parked: set[bytes]

    @classmethod
    def of(cls, connection: Connection, changes: Sequence[tuple[Change, Content]]) -> "_Known":
        ids, records = [change.id for change, _ in changes], [content.record.bytes for _, content in changes]
        among, of = marks(ids), marks(records)
        hashes = connection.exec_driver_sql(
            f"SELECT id, content_hash FROM change WHERE id IN ({among})",  # noqa: S608 - marks
            quick(ids),
        ).all()
        # Mostly there are none at all, and asking for each would cost as much as storing it.
        any_void, any_parked = connection.exec_driver_sql(
            "SELECT EXISTS (SELECT 1 FROM void), EXISTS (SELECT 1 FROM parked)"
        ).one()
        void_sql = f"SELECT id FROM void WHERE id IN ({among}) UNION ALL SELECT record FROM void WHERE record IN ({of})"  # noqa: S608 - marks
        voids = connection.exec_driver_sql(void_sql, quick(ids + records)).all() if any_void else ()
        parked_sql = f"SELECT record FROM parked WHERE record IN ({of})"  # noqa: S608 - marks
        parked = connection.exec_driver_sql(parked_sql, quick(records)).all() if any_parked else ()
        return cls(
            {row[0]: row[1] for row in hashes},
            rows_of(connection, records),
            {row[0] for row in voids},
            {row[0] for row in parked},
        )

    def holds(self, change: Change, _content: Content) -> bool:
        """Whether that very change is here."""
        return self.hashes.get(change.id) == change.content_hash

    def new_row(self, change: Change, content: Content, *, whole: bool) -> NewRow | None:
        """What its record will say; None when the change is not plain."""
        record = content.record.bytes
        row = self.rows.get(record)
        if change.id in self.hashes or change.id in self.voids or record in self.parked:
            return None
        if (row is None and record in self.voids) or (row is not None and (whole or row.kind != content.kind)):
            return None
        try:
            shown = shown_at_once(change, content, row)
            return None if shown is None else new_row(content, shown, row)
        except _WRONG_VALUES:
            return None


def _change(arrival: Arrival) -> tuple[Change, Content] | None:
    """An arrival that is one readable change and nothing else."""
    if len(arrival.nodes) != 1 or arrival.leaves is not None or arrival.card is not None:
        return None
    node = arrival.nodes[0]
    return (node.change, node.content) if isinstance(node, Checked) and node.content is not None else None
