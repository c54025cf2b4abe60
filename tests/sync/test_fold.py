"""The fold is a function of the set of changes: neither order nor duplication can change what a record says."""

import itertools
import json
from collections.abc import Callable, Sequence
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, Change, Node, content_hash, fold
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Store, prepare

FIELDS = ("given_name", "phone", "email")


@st.composite
def histories(draw: st.DrawFn) -> Sequence[Node]:
    """A record's changes, parents first: each based on any of those before it, with times and ids that often meet."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 9))):
        chosen = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        parents = [nodes[place] for place in sorted(chosen)]
        written = draw(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["a", "b", "c"]), min_size=1))
        if parents and draw(st.integers(0, 9)) == 0:
            written = {ENTERED_IN_ERROR: draw(st.booleans())}
        at = max((parent.at for parent in parents), default=0) + draw(st.integers(1, 3))
        name = bytes([draw(st.integers(0, 255))]) * 15 + bytes([number])
        nodes.append(Node(name, tuple(sorted(parent.id for parent in parents)), written, at))
    return nodes


@given(histories(), st.integers())
def test_order_and_duplication_change_nothing(history: Sequence[Node], seed: int) -> None:
    shuffled = [*history, *history]
    Random(seed).shuffle(shuffled)
    assert fold(shuffled) == fold(history)


@given(histories())
def test_every_value_that_no_other_write_has_replaced_is_the_value_or_in_conflict(history: Sequence[Node]) -> None:
    folded = fold(history)
    ancestors: dict[bytes, set[bytes]] = {}
    for node in history:
        ancestors[node.id] = set(node.parents).union(*(ancestors[parent] for parent in node.parents))
    for name in FIELDS:
        writers = [node for node in history if name in node.set]
        heads = [one for one in writers if not any(one.id in ancestors[other.id] for other in writers)]
        values = {head.set[name] for head in heads}
        if len(values) > 1:
            assert set(folded.conflicts[name]) == {head.id for head in heads}
        else:
            assert name not in folded.conflicts
            assert {folded.body[name]} == values if values else name not in folded.body


def change_of(node: Node, record: UUID) -> Change:
    """The node as the bytes its author would have made, for a record of its own."""
    said = {
        "record": str(record),
        "kind": "person",
        "subject": str(record),
        "sensitivity": 0,
        "parents": [own_name(parent, record).hex() for parent in node.parents],
        "set": dict(node.set),
        "act": node.id.hex(),
        "at": node.at,
        "staff": None,
        "centre": None,
        "program": "0.1.0",
        "judged_at": [0, 0],
    }
    raw = json.dumps(said).encode()
    return Change(own_name(node.id, record), raw, bytes(16), content_hash(bytes(16), raw), UUID(int=1), bytes(64))


def own_name(name: bytes, record: UUID) -> bytes:
    """The same order of names in every record, and none used twice."""
    return name[:1] + record.bytes[2:] + name[-1:]


def shown(store: Store, record: UUID) -> object:
    held = store.get(Person, record)
    if held is None:
        return None
    conflicts = {name: [each.change for each in values] for name, values in held.conflicts.items()}
    return held.value, held.heads, conflicts, held.changed_at


def test_desks_show_the_same_whatever_came_first_came_twice_or_was_parked(new_store: Callable[..., Store]) -> None:
    in_order, out_of_order = new_store("in order"), new_store("out of order")
    records = (UUID(int=number) for number in itertools.count(1))

    @settings(max_examples=60, deadline=None)
    @given(histories(), st.integers(), st.integers(1, 9))
    def check(history: Sequence[Node], seed: int, batch: int) -> None:
        record = next(records)
        changes = [change_of(node, record) for node in history]
        shuffled = [*changes, *changes]
        Random(seed).shuffle(shuffled)
        in_order.receive([prepare(1, each) for each in changes], "alliance")
        for at in range(0, len(shuffled), batch):
            out_of_order.receive([prepare(1, each) for each in shuffled[at : at + batch]], "alliance")
        assert shown(out_of_order, record) == shown(in_order, record)

    check()
