"""The fold: what a record says, from the set of its changes alone.

No clock, no store, no network, so that order, duplication and route cannot change the outcome. It lives in `domain`
because storage folds on every save and the server folds too (docs/decisions/0002).
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from uuid import UUID

from livingwell_desktop.domain.changes.content import ENTERED_IN_ERROR
from livingwell_desktop.domain.records import ChangeId, ConflictRule, Json

_NOTHING: Mapping[str, Json] = MappingProxyType({})


class Standing(IntEnum):
    """What is known of a change. It only rises. One without content is a void: it stays in its record's graph."""

    NOT_HELD = 0
    """Its words are elsewhere: out of this desk's scope, or history that nobody fetched."""
    CONTENT = 1
    REFUSED = 2
    """It counts as having written nothing. Its words are with its author, and in quarantine."""
    PURGED = 3
    """It counts as having written nothing. Its words are nowhere."""


@dataclass(frozen=True, slots=True)
class Void:
    """A change whose content is not here: its place in the graph and the names of the fields it wrote."""

    id: ChangeId
    record: UUID
    parents: tuple[ChangeId, ...]
    fields: frozenset[str]
    content_hash: bytes
    standing: Standing


@dataclass(frozen=True, slots=True)
class Node:
    """A change in a record's graph: what it was based on and what it wrote."""

    id: ChangeId
    parents: tuple[ChangeId, ...]
    set: Mapping[str, Json]
    at: int
    staff: UUID | None = None
    centre: UUID | None = None
    device: UUID | None = None
    standing: Standing = Standing.CONTENT
    fields: frozenset[str] = frozenset()
    """The names it wrote, for a change whose values are not here."""

    @property
    def writes(self) -> Collection[str]:
        """The names of the fields it wrote. One that was refused or purged wrote nothing."""
        if self.standing is Standing.CONTENT:
            return self.set
        return self.fields if self.standing is Standing.NOT_HELD else ()


def node_of(void: Void) -> Node:
    """A void in the graph of its record."""
    return Node(void.id, void.parents, _NOTHING, 0, standing=void.standing, fields=void.fields)


@dataclass(frozen=True, slots=True)
class Folded:
    """What a record's changes say together."""

    body: Mapping[str, Json]
    heads: tuple[ChangeId, ...]
    """The changes nobody built upon: what the next edit is based on. In order of id."""
    conflicts: Mapping[str, tuple[ChangeId, ...]]
    """Fields that several heads give different values, with those heads; the one that stands is first."""
    entered_in_error: bool
    newest: ChangeId | None
    """The change that was written last; None when there are only voids."""
    not_held: frozenset[str] = frozenset()
    """Fields of which a head is not held here: no older value stands in for it."""
    removal_in_question: tuple[ChangeId, ...] = ()
    """Somebody removed the record and somebody who did not know of it wrote to it: the newest writes that keep it, then
    those that remove it. A person decides."""


def canonical(value: Json) -> bytes:
    """Equal values have equal bytes: what decides whether two heads differ."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def fold(nodes: Iterable[Node], rule: Mapping[str, ConflictRule] = MappingProxyType({})) -> Folded:
    """Fold a record's applied changes. Every parent of every node must be among them.

    Raises KeyError when a parent is missing: such a change is parked, not folded.
    """
    graph = {node.id: node for node in nodes}
    ancestors = _ancestors(graph)
    writers = _writers(graph.values())
    body: dict[str, Json] = {}
    conflicts: dict[str, tuple[ChangeId, ...]] = {}
    not_held = set()
    for name, writing in writers.items():
        heads = field_heads(writing, ancestors)
        if any(graph[head].standing is Standing.NOT_HELD for head in heads):
            not_held.add(name)
            continue
        ordered = sorted(heads, key=lambda each: (graph[each].at, each), reverse=True)
        body[name] = graph[ordered[0]].set[name]
        differs = len({canonical(graph[head].set[name]) for head in heads}) > 1
        if differs and rule.get(name, ConflictRule.ASK) is ConflictRule.ASK:
            conflicts[name] = tuple(ordered)
    held = [each.id for each in graph.values() if each.standing is Standing.CONTENT]
    removing = writers.get(ENTERED_IN_ERROR, [])
    removed = _removed(graph, removing, ancestors)
    return Folded(
        body=MappingProxyType({name: value for name, value in body.items() if name != ENTERED_IN_ERROR}),
        heads=_record_heads(graph),
        conflicts=MappingProxyType(conflicts),
        entered_in_error=removed,
        newest=max(held, key=lambda each: (graph[each].at, each), default=None),
        not_held=frozenset(not_held - {ENTERED_IN_ERROR}),
        removal_in_question=() if removed or not removing else _removal_in_question(graph, removing, ancestors),
    )


def shown_by(nodes: Iterable[Node]) -> frozenset[ChangeId]:
    """The changes that are a head of some field: whose content a record's state needs. The others may be voids."""
    graph = {node.id: node for node in nodes}
    if len(graph) == 1:
        return frozenset(graph)
    ancestors = _ancestors(graph)
    heads = {head for writing in _writers(graph.values()).values() for head in field_heads(writing, ancestors)}
    return frozenset(heads)


def field_heads(
    writing: list[ChangeId], ancestors: Mapping[ChangeId, frozenset[ChangeId] | set[ChangeId]]
) -> list[ChangeId]:
    """The writes to a field that are no ancestor of another write to it."""
    if len(writing) == 1:
        return writing
    return [one for one in writing if not any(one in ancestors[other] for other in writing if other != one)]


def _writers(nodes: Iterable[Node]) -> dict[str, list[ChangeId]]:
    writers: dict[str, list[ChangeId]] = {}
    for node in nodes:
        for name in node.writes:
            writers.setdefault(name, []).append(node.id)
    return writers


def _record_heads(graph: Mapping[ChangeId, Node]) -> tuple[ChangeId, ...]:
    built_upon = {parent for node in graph.values() for parent in node.parents}
    return tuple(sorted(each for each in graph if each not in built_upon))


def _ancestors(graph: Mapping[ChangeId, Node]) -> dict[ChangeId, set[ChangeId]]:
    found: dict[ChangeId, set[ChangeId]] = {}
    for start in graph:
        stack = [start]
        while stack:
            node = graph[stack[-1]]
            missing = [parent for parent in node.parents if parent not in found]
            if node.id in found:
                stack.pop()
            elif missing:
                stack.extend(missing)
            else:
                above: set[ChangeId] = set(node.parents)
                for parent in node.parents:
                    above |= found[parent]
                found[node.id] = above
                stack.pop()
    return found


def _removed(
    graph: Mapping[ChangeId, Node], writing: list[ChangeId], ancestors: Mapping[ChangeId, set[ChangeId]]
) -> bool:
    """Removal counts only if true, alone in its field, and every other write to the record is its ancestor."""
    if not writing:
        return False
    heads = field_heads(writing, ancestors)
    if len(heads) != 1 or graph[heads[0]].set.get(ENTERED_IN_ERROR) is not True:
        return False
    others = {each.id for each in graph.values() if each.writes} - {heads[0]}
    return others <= ancestors[heads[0]]


def _removal_in_question(
    graph: Mapping[ChangeId, Node], writing: list[ChangeId], ancestors: Mapping[ChangeId, set[ChangeId]]
) -> tuple[ChangeId, ...]:
    """The removals that do not count, behind the newest writes that one of them did not know of."""

    def newest_first(changes: Iterable[ChangeId]) -> list[ChangeId]:
        held = [each for each in changes if graph[each].standing is Standing.CONTENT]
        return sorted(held, key=lambda each: (graph[each].at, each), reverse=True)

    heads = field_heads(writing, ancestors)
    removals = [each for each in heads if graph[each].set.get(ENTERED_IN_ERROR) is True]
    writes = {each.id for each in graph.values() if each.writes} - set(removals)
    apart = [
        each
        for each in writes
        if any(each not in ancestors[removal] and removal not in ancestors[each] for removal in removals)
    ]
    if not apart and len(removals) < 2:
        return ()  # nobody removed it, or whoever wrote after it knew of that
    return (*newest_first(field_heads(apart, ancestors)), *newest_first(removals))
