"""The state of records, as a desk that never saw them needs it: the whole graph, with the content of what is shown."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.changes import Change, Node, Standing, Void, fold, read_content, shown_by
from livingwell_desktop.domain.records import Json, kind_named
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.streams import Entry, Stream

_KEYS = {"id": "bytea", "record": "uuid"}
"""The columns by which changes are looked up, with their types."""

CHANGE = "id, content, salt, content_hash, device, signature"


@dataclass(frozen=True, slots=True)
class Stored:
    """A change as the server keeps it, whatever its standing."""

    change: Change
    record: UUID
    parents: tuple[bytes, ...]
    fields: frozenset[str]
    standing: Standing
    sensitivity: int
    hidden: bool = False
    """Whether the database kept the words from the desk that this transaction serves."""

    def as_void(self, standing: Standing | None = None) -> Void:
        """Its place in the graph alone."""
        return Void(
            self.change.id,
            self.record,
            self.parents,
            self.fields,
            self.change.content_hash,
            self.standing if standing is None else standing,
        )

    def seen_at(self, sensitivity: int) -> Change | Void:
        """What a desk of that sensitivity gets of it."""
        if self.standing is not Standing.CONTENT:
            return self.as_void()
        return self.change if self.sensitivity <= sensitivity and not self.hidden else self.as_void(Standing.NOT_HELD)


def stored(connection: Connection, where: str, ids: Sequence[object]) -> list[Stored]:
    """The changes whose `where` (a column of ours) is one of those, in the order of their names.

    Each is looked up by itself. Asked for as a set, PostgreSQL without statistics (a server that was just filled) would
    rather go through all changes and work out for every record there is whether this desk sees it.
    """
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            f"SELECT {CHANGE}, record, parents, fields, standing, sensitivity"  # noqa: S608 - our own names
            f" FROM unnest(%b::{_KEYS[where]}[]) AS wanted (key)"
            f" CROSS JOIN LATERAL (SELECT * FROM change_seen WHERE {where} = wanted.key OFFSET 0) AS seen ORDER BY id",
            (list(dict.fromkeys(ids)),),
        )
        return [
            Stored(
                Change(row[0], row[1] or b"", row[2] or b"", row[3], row[4] or UUID(int=0), row[5] or b""),
                row[6],
                tuple(row[7]),
                frozenset(row[8]),
                Standing(row[9]),
                row[10],
                hidden=row[1] is None,
            )
            for row in cursor
        ]


def states(connection: Connection, records: Sequence[UUID], sensitivity: int) -> dict[UUID, tuple[Change | Void, ...]]:
    """Each record's graph, as a desk of that sensitivity may hold it; in the order of the graph."""
    graphs: dict[UUID, list[Stored]] = {}
    for each in stored(connection, "record", records):
        graphs.setdefault(each.record, []).append(each)
    return {record: _state(graph, sensitivity) for record, graph in graphs.items()}


def _state(graph: Sequence[Stored], sensitivity: int) -> tuple[Change | Void, ...]:
    if len(graph) == 1:
        # Most records of a first download: one change, which is what is shown.
        return (graph[0].seen_at(sensitivity),)
    shown = shown_by(_node(each) for each in graph)
    return tuple(
        each.seen_at(sensitivity)
        if each.change.id in shown or each.standing is not Standing.CONTENT
        else each.as_void(Standing.NOT_HELD)
        for each in graph
    )


def _node(each: Stored) -> Node:
    if each.standing is Standing.CONTENT:
        # Only the names are needed to find heads; the values stay where they are.
        return Node(each.change.id, each.parents, dict.fromkeys(each.fields), 0)
    return Node(each.change.id, each.parents, {}, 0, standing=each.standing, fields=each.fields)


NO_CARD = "null"
"""As JSON, the card of somebody who is not protected and has none: no name has come, or they were a mistake."""


def cards(connection: Connection, records: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Json]]:
    """What the alliance may know of each of those records, where its kind declares such fields."""
    graphs: dict[UUID, list[Stored]] = {}
    for each in stored(connection, "record", list(records)):
        graphs.setdefault(each.record, []).append(each)
    found: dict[UUID, Mapping[str, Json]] = {}
    for record, graph in graphs.items():
        body = _card(graph)
        if body is not None:
            found[record] = body
    return found


def stored_nodes(connection: Connection, records: Sequence[UUID]) -> dict[UUID, list[Node]]:
    """The graphs of those records with their values, to be folded; nothing for a record that is not here."""
    graphs: dict[UUID, list[Node]] = {}
    for each in stored(connection, "record", records) if records else ():
        graphs.setdefault(each.record, []).append(_valued(each))
    return graphs


def _valued(each: Stored) -> Node:
    if each.standing is not Standing.CONTENT:
        return _node(each)
    content = read_content(each.change.content)
    return Node(each.change.id, content.parents, content.set, content.at, content.staff, device=each.change.device)


def _card(graph: Sequence[Stored]) -> Mapping[str, Json] | None:
    nodes = [_valued(each) for each in graph]
    with_words = next((each for each in graph if each.standing is Standing.CONTENT), None)
    kind = None if with_words is None else kind_named(read_content(with_words.change.content).kind)
    if kind is None or not kind.card:
        return None
    folded = fold(nodes)
    if folded.entered_in_error:
        return None
    return {name: folded.body[name] for name in kind.card if folded.body.get(name)}


def card_text(body: Mapping[str, Json]) -> str:
    """A card as it is kept: equal cards have equal texts."""
    return json.dumps(dict(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def states_for(
    connection: Connection, subject: UUID, streams: Sequence[Stream], without: Iterable[UUID] = ()
) -> list[Entry]:
    """Lines that bring everything about a subject into those streams."""
    if not streams:
        return []
    left_out = list(without)
    rows = connection.execute(
        "SELECT r.id, r.sensitivity, r.withdrawn_from FROM record r WHERE r.subject = %s AND EXISTS"
        " (SELECT FROM change c WHERE c.record = r.id AND NOT c.record = ANY(%s)) ORDER BY r.id",
        (subject, left_out),
    ).fetchall()
    return [
        Entry(stream.name, "s", None, record, "", 0)
        for stream in streams
        for record, sensitivity, away in rows
        if sensitivity <= stream.sensitivity and stream.centre not in away
    ]
