"""Keeping the record row true to its changes: the fast path for an edit of what is shown, the whole fold otherwise."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, Change, Content, Node, fold, read_content
from livingwell_desktop.domain.records import Json, kind_named
from livingwell_desktop.storage.rows import Row
from livingwell_desktop.storage.search import index_person


@dataclass(frozen=True, slots=True)
class Shown:
    """What the record row will say."""

    body: Mapping[str, Json]
    heads: bytes
    conflicts: str | None
    removed: bool
    at: int
    by: UUID | None


def put_change(connection: Connection, change: Change, content: Content, row: Row | None) -> None:
    """Add a change whose parents are here, and bring its record's row up to date."""
    connection.exec_driver_sql(
        "INSERT INTO change (id, record, content, salt, content_hash, device, signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            change.id,
            content.record.bytes,
            change.content,
            change.salt,
            change.content_hash,
            change.device.bytes,
            change.signature,
        ),
    )
    shown = _fast(change, content, row) or _folded(connection, content)
    _put_row(connection, content, shown, row)


def _fast(change: Change, content: Content, row: Row | None) -> Shown | None:
    """The new row when the edit is based on exactly what is shown and no field is in conflict; else None."""
    if ENTERED_IN_ERROR in content.set:
        return None
    if row is None:
        if content.parents:
            return None
        return Shown(content.set, change.id, None, False, content.at, content.staff)
    if row.conflicts is not None or row.removed or b"".join(sorted(content.parents)) != row.heads:
        return None
    if content.at <= row.changed_at:
        # Every author writes a later time than its parents'; for one that did not, only the fold is the same anywhere.
        return None
    return Shown(json.loads(row.body) | dict(content.set), change.id, None, False, content.at, content.staff)


def _folded(connection: Connection, content: Content) -> Shown:
    kind = kind_named(content.kind)
    rule = {name: f.conflict for name, f in kind.fields.items()} if kind else {}
    folded = fold(_nodes(connection, content.record), rule)
    conflicts = {name: b"".join(heads).hex() for name, heads in folded.conflicts.items()}
    newest = next(node for node in _nodes(connection, content.record) if node.id == folded.newest)
    return Shown(
        folded.body,
        b"".join(folded.heads),
        json.dumps(conflicts, sort_keys=True) if conflicts else None,
        folded.entered_in_error,
        newest.at,
        newest.staff,
    )


def _nodes(connection: Connection, record: UUID) -> list[Node]:
    nodes = []
    for change_id, raw, device in connection.exec_driver_sql(
        "SELECT id, content, device FROM change WHERE record = ?", (record.bytes,)
    ):
        each = read_content(raw)
        nodes.append(Node(change_id, each.parents, each.set, each.at, each.staff, each.centre, UUID(bytes=device)))
    return nodes


def _put_row(connection: Connection, content: Content, shown: Shown, row: Row | None) -> None:
    kind = kind_named(content.kind)
    subject = kind.subject_of(content.record, shown.body) if kind else content.subject
    body = json.dumps(dict(shown.body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    by = shown.by.bytes if shown.by else None
    if row is None:
        number = connection.exec_driver_sql(
            "INSERT INTO record"
            " (id, kind, subject, sensitivity, body, heads, conflicts, removed, changed_at, changed_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                content.record.bytes,
                content.kind,
                subject.bytes,
                content.sensitivity,
                body,
                shown.heads,
                shown.conflicts,
                shown.removed,
                shown.at,
                by,
            ),
        ).lastrowid
        before = None
    else:
        connection.exec_driver_sql(
            "UPDATE record SET subject = ?, body = ?, heads = ?, conflicts = ?, removed = ?,"
            " changed_at = ?, changed_by = ? WHERE number = ?",
            (subject.bytes, body, shown.heads, shown.conflicts, shown.removed, shown.at, by, row.number),
        )
        number, before = row.number, None if row.removed else json.loads(row.body)
    if content.kind == "person":
        index_person(connection, number, before, None if shown.removed else shown.body)
