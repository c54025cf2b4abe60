"""What `docs/sync-protocol.md` says about records, for the stranger: the graph, the fold, and entries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.old.protocol_1.stranger_bytes import RefusedError, content_hash, read_content

NOT_HELD, HELD, REFUSED, PURGED = range(4)
REMOVED = "entered_in_error"


@dataclass(frozen=True)
class Node:
    """A change or a void in its record's graph. Of a void only the names of its fields are known."""

    id: bytes
    parents: tuple[bytes, ...]
    standing: int
    fields: frozenset[str]
    values: Mapping[str, Any] = field(default_factory=dict)
    at: int = 0

    @property
    def writes(self) -> frozenset[str]:
        return self.fields if self.standing in (NOT_HELD, HELD) else frozenset()


@dataclass(frozen=True)
class Folded:
    body: Mapping[str, Any]
    heads: list[str]
    conflicts: Mapping[str, list[str]]
    not_held: list[str]
    removed: bool


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fold(nodes: Iterable[Node], latest: frozenset[str] = frozenset()) -> Folded:
    """What the changes of one record say together. Every parent is among them."""
    graph = {each.id: each for each in nodes}
    above: dict[bytes, frozenset[bytes]] = {}

    def ancestors(one: bytes) -> frozenset[bytes]:
        if one not in above:
            parents = graph[one].parents
            above[one] = frozenset(parents).union(*(ancestors(each) for each in parents))
        return above[one]

    def heads_of(writing: Sequence[bytes]) -> list[bytes]:
        return [one for one in writing if not any(one in ancestors(other) for other in writing)]

    body: dict[str, Any] = {}
    conflicts: dict[str, list[str]] = {}
    not_held, removed = [], False
    for name in sorted({name for each in graph.values() for name in each.writes}):
        heads = heads_of([each.id for each in graph.values() if name in each.writes])
        if name == REMOVED:
            others = {each.id for each in graph.values() if each.writes} - set(heads)
            alone = len(heads) == 1 and graph[heads[0]].values.get(REMOVED) is True
            removed = alone and others <= ancestors(heads[0])
        if any(graph[each].standing == NOT_HELD for each in heads):
            not_held.append(name)
            continue
        heads.sort(key=lambda each: (graph[each].at, each), reverse=True)
        body[name] = graph[heads[0]].values[name]
        if name not in latest and len({canonical(graph[each].values[name]) for each in heads}) > 1:
            conflicts[name] = [each.hex() for each in heads]
    body.pop(REMOVED, None)
    built_upon = {parent for each in graph.values() for parent in each.parents}
    return Folded(
        body,
        sorted(each.hex() for each in graph if each not in built_upon),
        conflicts,
        [name for name in not_held if name != REMOVED],
        removed,
    )


# Entries


def read_change(parts: Sequence[Any]) -> tuple[UUID, Node]:
    """The record of a change and its place there, from its six parts. Raises RefusedError."""
    change, text, salt, hashed, _signature, _device = parts
    raw = text.encode("utf-8")
    if content_hash(bytes.fromhex(salt), raw).hex() != hashed:
        raise RefusedError("the content does not match its hash")
    said = read_content(raw)
    parents = tuple(bytes.fromhex(each) for each in said["parents"])
    node = Node(bytes.fromhex(change), parents, HELD, frozenset(said["set"]), said["set"], said["at"])
    return UUID(said["record"]), node


def read_void(parts: Sequence[Any]) -> tuple[UUID, Node]:
    """The same from the six parts of a void."""
    change, record, parents, fields, _hashed, standing = parts
    ids = tuple(bytes.fromhex(parents[at : at + 32]) for at in range(0, len(parents), 32))
    return UUID(record), Node(bytes.fromhex(change), ids, standing, frozenset(fields))


def read_node(item: Sequence[Any]) -> tuple[UUID, Node]:
    """From a change or a void with its kind before it."""
    return read_change(item[1:]) if item[0] == "change" else read_void(item[1:])
