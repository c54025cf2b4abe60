"""The fold: what a record says, from the set of its changes alone.

No clock, no store, no network, so that order, duplication and route cannot change the outcome. It lives in `domain`
because storage folds on every save and the server folds too (docs/decisions/0002).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from livingwell_desktop.domain.changes.content import ENTERED_IN_ERROR
from livingwell_desktop.domain.records import ChangeId, ConflictRule, Json


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


@dataclass(frozen=True, slots=True)
class Folded:
    """What a record's changes say together."""

    body: Mapping[str, Json]
    heads: tuple[ChangeId, ...]
    """The changes nobody built upon: what the next edit is based on. In order of id."""
    conflicts: Mapping[str, tuple[ChangeId, ...]]
    """Fields that several heads give different values, with those heads; the one that stands is first."""
    entered_in_error: bool
    newest: ChangeId


def canonical(value: Json) -> bytes:
    """Equal values have equal bytes: what decides whether two heads differ."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def fold(nodes: Iterable[Node], rule: Mapping[str, ConflictRule] = MappingProxyType({})) -> Folded:
    """Fold a record's applied changes. Every parent of every node must be among them.

    Raises KeyError when a parent is missing: such a change is parked, not folded.
    """
    graph = {node.id: node for node in nodes}
    ancestors = _ancestors(graph)
    writers: dict[str, list[ChangeId]] = {}
    for node in graph.values():
        for name in node.set:
            writers.setdefault(name, []).append(node.id)
    body: dict[str, Json] = {}
    conflicts: dict[str, tuple[ChangeId, ...]] = {}
    for name, writing in writers.items():
        heads = field_heads(writing, ancestors)
        ordered = sorted(heads, key=lambda each: (graph[each].at, each), reverse=True)
        body[name] = graph[ordered[0]].set[name]
        differs = len({canonical(graph[head].set[name]) for head in heads}) > 1
        if differs and rule.get(name, ConflictRule.ASK) is ConflictRule.ASK:
            conflicts[name] = tuple(ordered)
    return Folded(
        body=MappingProxyType({name: value for name, value in body.items() if name != ENTERED_IN_ERROR}),
        heads=_record_heads(graph),
        conflicts=MappingProxyType(conflicts),
        entered_in_error=_removed(graph, writers.get(ENTERED_IN_ERROR, []), ancestors),
        newest=max(graph, key=lambda each: (graph[each].at, each)),
    )


def field_heads(
    writing: list[ChangeId], ancestors: Mapping[ChangeId, frozenset[ChangeId] | set[ChangeId]]
) -> list[ChangeId]:
    """The writes to a field that are no ancestor of another write to it."""
    if len(writing) == 1:
        return writing
    return [one for one in writing if not any(one in ancestors[other] for other in writing if other != one)]


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
    if len(heads) != 1 or graph[heads[0]].set[ENTERED_IN_ERROR] is not True:
        return False
    others = set(graph) - {heads[0]}
    return others <= ancestors[heads[0]]
