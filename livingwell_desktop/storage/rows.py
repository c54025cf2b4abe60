"""Rows of the record table, and records as pages hold them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, Content, read_content, time_of
from livingwell_desktop.domain.records import ChangeId, Held, HeldValue, Json, RecordKind, kind_named, value_of

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NONE: frozenset[str] = frozenset()
COLUMNS = "id, kind, body, heads, conflicts, removed, changed_at, changed_by, number, subject, not_held"


@dataclass(slots=True)
class Row:
    """A record row, its JSON not yet made into a value."""

    id: bytes
    kind: str
    body: str
    heads: bytes
    conflicts: str | None
    removed: int
    changed_at: int
    changed_by: bytes | None
    number: int
    subject: bytes
    not_held: str | None = None

    def conflict_heads(self) -> dict[str, tuple[ChangeId, ...]]:
        """The heads of each field in conflict, the one that stands first."""
        if self.conflicts is None:
            return {}
        return {name: split_ids(bytes.fromhex(joined)) for name, joined in json.loads(self.conflicts).items()}


def split_ids(joined: bytes) -> tuple[ChangeId, ...]:
    """Change ids out of one blob."""
    return tuple(joined[at : at + 16] for at in range(0, len(joined), 16))


def row_of(connection: Connection, record: bytes) -> Row | None:
    """The row of a record, or None."""
    sql = f"SELECT {COLUMNS} FROM record WHERE id = ?"  # noqa: S608 - our own names of columns
    found = connection.exec_driver_sql(sql, (record,)).one_or_none()
    return None if found is None else Row(*found)


def rows_of(connection: Connection, records: Sequence[bytes]) -> dict[bytes, Row]:
    """The rows of those records, for a few hundred at most. A record without one is not among them."""
    sql = f"SELECT {COLUMNS} FROM record WHERE id IN ({marks(records)})"  # noqa: S608 - our own names of columns
    return {row[0]: Row(*row) for row in connection.exec_driver_sql(sql, quick(records)).all()}


def marks(values: Sequence[object]) -> str:
    """As many question marks, for `IN (…)`."""
    return ", ".join("?" * len(values))


def insert_rows(connection: Connection, table: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    """Add rows with one statement: a statement for each row would open every index of the table each time.

    `record` has some seventy.
    """
    # Column by column: what nobody has is said once, and most columns are of one type.
    marked, given = [], []
    for column in zip(*rows, strict=True):
        empty = column.count(None) == len(column)
        marked.append("NULL" if empty else "?")
        if not empty:
            given.append(quick(column))
    group = f"({', '.join(marked)})"
    values = tuple(chain.from_iterable(zip(*given, strict=True)))
    groups = ", ".join([group] * len(rows))
    connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES {groups}", values)  # noqa: S608 - own names


def quick(values: Iterable[object]) -> tuple[object, ...]:
    """The same values for a statement that has hundreds.

    For each `bytes` the driver asks at length how to adapt it, which costs more than storing it; a bytearray it takes
    as it is.
    """
    return tuple(bytearray(each) if type(each) is bytes else each for each in values)


def held_of(connection: Connection, row: Row, kind: RecordKind | None = None) -> Held[Any]:
    """A row as a frozen value with its basis and, where there are any, the values in conflict."""
    kind = kind or kind_named(row.kind)
    if kind is None:
        raise LookupError(f"this version does not know the kind {row.kind}")
    body: dict[str, Json] = json.loads(row.body)
    unknown = {name: body[name] for name in body.keys() - kind.fields.keys()}
    return Held(
        id=UUID(bytes=row.id),
        value=value_of(kind, body),
        heads=split_ids(row.heads),
        conflicts=MappingProxyType(
            {name: held_values(connection, name, heads) for name, heads in row.conflict_heads().items()}
        )
        if row.conflicts
        else _NOTHING,
        unknown=MappingProxyType(unknown) if unknown else _NOTHING,
        changed_at=time_of(row.changed_at),
        changed_by=UUID(bytes=row.changed_by) if row.changed_by else None,
        entered_in_error=bool(row.removed),
        not_held=frozenset(json.loads(row.not_held)) if row.not_held else _NONE,
    )


def held_values(connection: Connection, name: str, heads: tuple[ChangeId, ...]) -> tuple[HeldValue, ...]:
    """The conflicting values of a field with their authors, the one that stands first."""
    values = []
    for head in heads:
        content, device = content_of(connection, head)
        values.append(
            HeldValue(
                change=head,
                # A change that does not speak of removal keeps the record.
                value=content.set.get(name, False) if name == ENTERED_IN_ERROR else content.set[name],
                at=time_of(content.at),
                staff=content.staff,
                centre=content.centre,
                device=device,
                before=_before(connection, content, name),
            )
        )
    return tuple(values)


def content_of(connection: Connection, change: ChangeId) -> tuple[Content, UUID]:
    """A stored change's content and the device that made it. Raises LookupError when its content is not here."""
    row = connection.exec_driver_sql("SELECT content, device FROM change WHERE id = ?", (change,)).one_or_none()
    if row is None:
        raise LookupError("the content of the change is not held here")
    return read_content(row[0]), UUID(bytes=row[1])


def parents_of(connection: Connection, change: ChangeId) -> tuple[ChangeId, ...]:
    """What a change was based on, whether its content is here or not."""
    void = connection.exec_driver_sql("SELECT parents FROM void WHERE id = ?", (change,)).scalar()
    return split_ids(void) if void is not None else content_of(connection, change)[0].parents


def is_void(connection: Connection, change: ChangeId) -> bool:
    """Whether only a change's place in the graph is known here."""
    return connection.exec_driver_sql("SELECT 1 FROM void WHERE id = ?", (change,)).first() is not None


def is_here(connection: Connection, change: ChangeId, record: UUID) -> bool:
    """Whether a change of that record is in its graph here, with its content or as a void."""
    found = connection.exec_driver_sql(
        "SELECT 1 FROM change WHERE id = ? AND record = ? UNION ALL SELECT 1 FROM void WHERE id = ? AND record = ?",
        (change, record.bytes, change, record.bytes),
    )
    return found.first() is not None


def _before(connection: Connection, content: Content, name: str) -> Json:
    """What the field held before that write: the nearest ancestor that wrote it."""
    waiting, seen = list(content.parents), set(content.parents)
    while waiting:
        change = waiting.pop(0)
        if is_void(connection, change):
            return None  # what stood there is not held here
        above, _ = content_of(connection, change)
        if name in above.set and name != ENTERED_IN_ERROR:
            return above.set[name]
        for parent in above.parents:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return None
