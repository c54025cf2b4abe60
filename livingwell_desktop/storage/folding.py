"""Keeping the record row true to its changes: the fast path for an edit of what is shown, the whole fold otherwise."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

import orjson
from sqlalchemy import Connection

from livingwell_desktop.domain.changes import (
    ENTERED_IN_ERROR,
    Change,
    Content,
    Node,
    Standing,
    Void,
    fold,
    node_of,
    read_content,
)
from livingwell_desktop.domain.records import ChangeId, Json, kind_named
from livingwell_desktop.storage.rows import Row, insert_rows, quick, row_of, split_ids
from livingwell_desktop.storage.search import Words, index_new_people, index_person, search_columns

_NOTHING: Mapping[str, Json] = MappingProxyType({})
_BODY = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the record row will say."""

    body: Mapping[str, Json]
    heads: bytes
    conflicts: str | None
    not_held: str | None
    removed: bool
    at: int
    by: UUID | None


def put_change(connection: Connection, change: Change, content: Content, row: Row | None) -> None:
    """Add a change whose parents are here, and bring its record's row up to date."""
    insert_change(connection, change, content)
    shown = shown_at_once(change, content, row)
    if shown is None or (row is None and _has_voids(connection, content.record)):
        refold(connection, content.record, content)
    else:
        _put_row(connection, content, shown, row)


def _has_voids(connection: Connection, record: UUID) -> bool:
    found = connection.exec_driver_sql("SELECT 1 FROM void WHERE record = ? LIMIT 1", (record.bytes,))
    return found.first() is not None


def insert_change(connection: Connection, change: Change, content: Content) -> None:
    """Add a change, leaving its record's row for `refold`."""
    insert_changes(connection, [(change, content)])


def insert_changes(connection: Connection, changes: Sequence[tuple[Change, Content]]) -> None:
    """Add changes in that order, leaving their records' rows to the caller."""
    insert_rows(
        connection,
        "change",
        "id, record, content, salt, content_hash, device, signature",
        [
            (
                change.id,
                content.record.bytes,
                change.content,
                change.salt,
                change.content_hash,
                change.device.bytes,
                change.signature,
            )
            for change, content in changes
        ],
    )


def put_void(connection: Connection, void: Void) -> None:
    """Add a void, or write it over what was known of it; `refold` follows."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO void (id, record, parents, fields, content_hash, standing) VALUES (?, ?, ?, ?, ?, ?)",
        (
            void.id,
            void.record.bytes,
            b"".join(sorted(void.parents)),
            json.dumps(sorted(void.fields)),
            void.content_hash,
            int(void.standing),
        ),
    )


def voids_of(connection: Connection, ids: Iterable[ChangeId]) -> dict[ChangeId, Void]:
    """The voids among those changes."""
    found = {}
    for change in ids:
        for row in connection.exec_driver_sql(f"SELECT {_VOID} FROM void WHERE id = ?", (change,)):  # noqa: S608 - own names
            found[change] = _void(tuple(row))
    return found


def voids_about(connection: Connection, record: bytes) -> list[Void]:
    """The voids of a record."""
    found = connection.exec_driver_sql(f"SELECT {_VOID} FROM void WHERE record = ?", (record,))  # noqa: S608 - own names
    return [_void(tuple(row)) for row in found]


def refold(connection: Connection, record: UUID, content: Content | None = None) -> bool:
    """Fold all that is known of a record and write its row; a record of nothing but voids has none.

    `content` is one of its changes, where the caller has it at hand. Says whether there is a row.
    """
    nodes, first = _nodes(connection, record)
    content = content or first
    row = row_of(connection, record.bytes)
    if content is None:
        if row is not None:
            _drop_row(connection, row)
        return False
    kind = kind_named(content.kind)
    rule = {name: f.conflict for name, f in kind.fields.items()} if kind else {}
    folded = fold(nodes, rule)
    conflicts = {name: b"".join(heads).hex() for name, heads in folded.conflicts.items()}
    if folded.removal_in_question:
        conflicts[ENTERED_IN_ERROR] = b"".join(folded.removal_in_question).hex()
    newest = next(node for node in nodes if node.id == folded.newest)
    shown = Shown(
        folded.body,
        b"".join(folded.heads),
        json.dumps(conflicts, sort_keys=True) if conflicts else None,
        json.dumps(sorted(folded.not_held)) if folded.not_held else None,
        folded.entered_in_error,
        newest.at,
        newest.staff,
    )
    _put_row(connection, content, shown, row)
    return True


def forget_record(connection: Connection, record: UUID) -> None:
    """Delete a record's row and what finds it; its changes are the caller's."""
    row = row_of(connection, record.bytes)
    if row is not None:
        _drop_row(connection, row)


def shown_at_once(change: Change, content: Content, row: Row | None) -> Shown | None:
    """The new row when the edit is based on exactly what is shown and no field is in question; else None."""
    if ENTERED_IN_ERROR in content.set:
        return None
    if row is None:
        if content.parents:
            return None
        return Shown(content.set, change.id, None, None, False, content.at, content.staff)
    in_question = row.conflicts is not None or row.not_held is not None or row.removed
    if in_question or b"".join(sorted(content.parents)) != row.heads or content.at <= row.changed_at:
        # As to the time: every author writes a later one than its parents'; for one that did not, only the fold is the
        # same anywhere.
        return None
    return Shown(json.loads(row.body) | dict(content.set), change.id, None, None, False, content.at, content.staff)


_VOID = "id, record, parents, fields, content_hash, standing"


def _void(row: tuple[bytes, bytes, bytes, str, bytes, int]) -> Void:
    identifier, record, parents, fields, hashed, standing = row
    return Void(
        identifier, UUID(bytes=record), split_ids(parents), frozenset(json.loads(fields)), hashed, Standing(standing)
    )


def _nodes(connection: Connection, record: UUID) -> tuple[list[Node], Content | None]:
    """The record's graph, and the content of the change that came first."""
    nodes, first = [], None
    for change_id, raw, device in connection.exec_driver_sql(
        "SELECT id, content, device FROM change WHERE record = ? ORDER BY number", (record.bytes,)
    ):
        each = read_content(raw)
        first = first or each
        nodes.append(Node(change_id, each.parents, each.set, each.at, each.staff, each.centre, UUID(bytes=device)))
    found = connection.exec_driver_sql(f"SELECT {_VOID} FROM void WHERE record = ?", (record.bytes,))  # noqa: S608 - own names
    nodes.extend(node_of(_void(tuple(row))) for row in found)
    # A parent that is another record's change is no part of this graph; nothing is known of what it wrote here.
    nodes.extend(
        Node(missing, (), _NOTHING, 0, standing=Standing.NOT_HELD)
        for missing in {parent for node in nodes for parent in node.parents} - {node.id for node in nodes}
    )
    return nodes, first


@dataclass(frozen=True, slots=True)
class NewRow:
    """What a record is to say from now on, ready for the tables, and the row it has now."""

    record: bytes
    kind: str
    columns: tuple[object, ...]
    found_by: Words | None
    before: Row | None


def new_row(content: Content, shown: Shown, before: Row | None) -> NewRow:
    """Ready, and nothing written yet.

    Raises ValueError, TypeError, KeyError or AttributeError for values of the wrong shape.
    """
    kind = kind_named(content.kind)
    subject = kind.subject_of(content.record, shown.body, content.subject) if kind else content.subject
    columns = (
        subject.bytes,
        content.sensitivity,
        _body_text(dict(shown.body)),
        shown.heads,
        shown.conflicts,
        shown.not_held,
        int(shown.removed),
        shown.at,
        shown.by.bytes if shown.by else None,
    )
    found_by = search_columns(shown.body) if content.kind == "person" and not shown.removed else None
    return NewRow(content.record.bytes, content.kind, columns, found_by, before)


def _body_text(body: dict[str, Json]) -> str:
    """What a record says, as its row keeps it: keys in one order, so that equal bodies are equal texts."""
    try:
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # half a character, or a number of more than 64 bits
        return _BODY.encode(body)


def _put_row(connection: Connection, content: Content, shown: Shown, row: Row | None) -> None:
    put_rows(connection, [new_row(content, shown, row)])


def put_rows(connection: Connection, rows: Sequence[NewRow]) -> None:
    """Write the rows of records, each record once, and what people are found by."""
    new = [each for each in rows if each.before is None]
    changed = [(each, each.before) for each in rows if each.before is not None]
    if new:
        insert_rows(
            connection,
            "record",
            "subject, sensitivity, body, heads, conflicts, not_held, removed, changed_at, changed_by, id, kind",
            [(*each.columns, each.record, each.kind) for each in new],
        )
        index_new_people(connection, [(each.record, each.found_by) for each in new if each.found_by is not None])
    if changed:
        connection.exec_driver_sql(
            "UPDATE record SET subject = ?, sensitivity = max(sensitivity, ?), body = ?, heads = ?, conflicts = ?,"
            " not_held = ?, removed = ?, changed_at = ?, changed_by = ? WHERE number = ?",
            [quick((*each.columns, before.number)) for each, before in changed],
        )
        for each, before in changed:
            index_person(connection, before.number, _found_by(before), each.found_by)


def _found_by(row: Row) -> Words | None:
    return search_columns(json.loads(row.body)) if row.kind == "person" and not row.removed else None


def _drop_row(connection: Connection, row: Row) -> None:
    index_person(connection, row.number, _found_by(row), None)
    connection.exec_driver_sql("DELETE FROM record WHERE number = ?", (row.number,))
