"""Rows of the record table, and records as pages hold them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, Content, read_content, time_of
from livingwell_desktop.domain.records import ChangeId, Held, HeldValue, Json, RecordKind, kind_named, value_of

_NOTHING: Mapping[str, Any] = MappingProxyType({})
COLUMNS = "id, kind, body, heads, conflicts, removed, changed_at, changed_by, number, subject"


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
    )


def held_values(connection: Connection, name: str, heads: tuple[ChangeId, ...]) -> tuple[HeldValue, ...]:
    """The conflicting values of a field with their authors, the one that stands first."""
    values = []
    for head in heads:
        content, device = content_of(connection, head)
        values.append(
            HeldValue(
                change=head,
                value=content.set[name],
                at=time_of(content.at),
                staff=content.staff,
                centre=content.centre,
                device=device,
                before=_before(connection, content, name),
            )
        )
    return tuple(values)


def content_of(connection: Connection, change: ChangeId) -> tuple[Content, UUID]:
    """A stored change's content and the device that made it."""
    content, device = connection.exec_driver_sql("SELECT content, device FROM change WHERE id = ?", (change,)).one()
    return read_content(content), UUID(bytes=device)


def _before(connection: Connection, content: Content, name: str) -> Json:
    """What the field held before that write: the nearest ancestor that wrote it."""
    waiting, seen = list(content.parents), set(content.parents)
    while waiting:
        above, _ = content_of(connection, waiting.pop(0))
        if name in above.set and name != ENTERED_IN_ERROR:
            return above.set[name]
        for parent in above.parents:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return None
