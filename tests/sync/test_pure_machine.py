"""The pure machine: the fold and the protocol's pure decisions, without a store, a clock or a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livingwell_desktop.domain.changes import (
    ENTERED_IN_ERROR,
    ChainHead,
    ChainStanding,
    Change,
    Content,
    Envelope,
    Node,
    Standing,
    chain_standing,
    fold,
    shown_by,
)
from livingwell_desktop.server.pulling import page_length
from livingwell_desktop.storage import Arrival, Checked, Unsent
from livingwell_desktop.sync.packing import batches, first_load

FIELDS = ("given_name", "phone", "email")
DESK = UUID(int=1)

pure = settings(
    max_examples=2500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
"""Eight properties of 2,500 examples each."""


def graph_of(choices: bytes) -> Sequence[Node]:
    """A record's graph, parents first, in every standing; times and values that often meet. A few bytes decide all."""
    rest = iter(choices)

    def draw(most: int) -> int:
        return next(rest, 0) % (most + 1)

    nodes: list[Node] = []
    for number in range(1 + draw(6)):
        mask = draw((1 << number) - 1)
        parents = [nodes[place] for place in range(number) if mask >> place & 1]
        kind, fields = draw(15), 1 + draw(6)
        written: dict[str, object] = {FIELDS[place]: "abc"[kind % 3] for place in range(3) if fields >> place & 1}
        if parents and kind == 15:
            written = {ENTERED_IN_ERROR: True}
        at = max((parent.at for parent in parents), default=0) + 1 + kind % 2
        name = bytes([kind]) * 15 + bytes([number])
        standing = Standing((1, 1, 1, 1, 1, 0, 2, 3)[draw(7)])
        nodes.append(node(name, tuple(sorted(parent.id for parent in parents)), written, at, standing))
    return nodes


graphs = st.binary(max_size=29).map(graph_of)


def node(name: bytes, parents: tuple[bytes, ...], written: Mapping[str, object], at: int, standing: Standing) -> Node:
    """A change as it is known in that standing."""
    held = standing is Standing.CONTENT
    return Node(name, parents, written if held else {}, at if held else 0, standing=standing, fields=frozenset(written))


def ancestors(graph: Sequence[Node]) -> dict[bytes, set[bytes]]:
    found: dict[bytes, set[bytes]] = {}
    for each in graph:
        found[each.id] = set(each.parents).union(*(found[parent] for parent in each.parents))
    return found


def heads_of(graph: Sequence[Node], name: str) -> list[Node]:
    above = ancestors(graph)
    writing = [each for each in graph if name in each.writes]
    return [one for one in writing if not any(one.id in above[other.id] for other in writing)]


@pure
@given(graphs, st.integers(0, 1 << 30))
def test_neither_order_nor_duplication_changes_what_a_record_says(graph: Sequence[Node], seed: int) -> None:
    shuffled = [*graph, *graph]
    Random(seed).shuffle(shuffled)
    assert fold(shuffled) == fold(graph)


@pure
@given(graphs)
def test_each_field_is_its_heads_and_nothing_else(graph: Sequence[Node]) -> None:
    folded = fold(graph)
    for name in FIELDS:
        heads = heads_of(graph, name)
        if any(each.standing is Standing.NOT_HELD for each in heads):
            assert name in folded.not_held
            assert name not in folded.body
            assert name not in folded.conflicts
            continue
        values = {each.set[name] for each in heads}
        assert set(folded.conflicts.get(name, ())) == ({each.id for each in heads} if len(values) > 1 else set())
        if heads:
            assert folded.body[name] == max(heads, key=lambda each: (each.at, each.id)).set[name]
        else:
            assert name not in folded.body


@pure
@given(graphs, st.integers(0, 6))
def test_an_edit_never_hides_a_value_that_was_not_below_it(graph: Sequence[Node], place: int) -> None:
    """Settling, or any later write, replaces what it was based on and never a third."""
    based_on = graph[place % len(graph)]
    below = ancestors(graph)[based_on.id] | {based_on.id}
    edit = node(b"\xff" * 16, (based_on.id,), {"phone": "settled"}, 99, Standing.CONTENT)
    before = {each.id for each in heads_of(graph, "phone")}
    after = {each.id for each in heads_of([*graph, edit], "phone")}
    assert after == (before - below) | {edit.id}
    folded = fold([*graph, edit])
    if "phone" not in folded.not_held and len(after) > 1:
        assert set(folded.conflicts["phone"]) == after


@pure
@given(graphs)
def test_a_removal_counts_only_when_nothing_was_written_beside_it(graph: Sequence[Node]) -> None:
    removing = heads_of(graph, ENTERED_IN_ERROR)
    above = ancestors(graph)
    alone = (
        len(removing) == 1
        and removing[0].standing is Standing.CONTENT
        and all(each.id in above[removing[0].id] for each in graph if each.writes and each is not removing[0])
    )
    assert fold(graph).entered_in_error == alone


@pure
@given(graphs, st.integers(0, 6))
def test_a_change_that_became_a_void_goes_on_carrying_what_was_built_upon_it(graph: Sequence[Node], place: int) -> None:
    """Refused or purged it has written nothing; not held, its fields are never filled with an older value."""
    index = place % len(graph)
    one = graph[index]
    for standing in (Standing.REFUSED, Standing.PURGED, Standing.NOT_HELD):
        void = replace(one, set={}, at=0, standing=standing, fields=frozenset(one.writes))
        folded = fold([*graph[:index], void, *graph[index + 1 :]])
        assert folded.heads == fold(graph).heads
        if standing is Standing.NOT_HELD and one.standing is Standing.CONTENT:
            for name in FIELDS:
                if one.id in {each.id for each in heads_of(graph, name)}:
                    assert name in folded.not_held
        if standing is not Standing.NOT_HELD:
            assert all(one.id not in heads for heads in folded.conflicts.values())


@pure
@given(graphs)
def test_a_state_with_voids_for_what_is_not_shown_says_the_same(graph: Sequence[Node]) -> None:
    """What a first download brings: content where it is a head, the place in the graph elsewhere."""
    shown = shown_by(graph)
    state = [
        each
        if each.id in shown or each.standing is not Standing.CONTENT
        else replace(each, set={}, at=0, standing=Standing.NOT_HELD, fields=frozenset(each.set))
        for each in graph
    ]
    whole, brought = fold(graph), fold(state)
    assert (brought.body, brought.heads, brought.conflicts, brought.not_held, brought.entered_in_error) == (
        whole.body,
        whole.heads,
        whole.conflicts,
        whole.not_held,
        whole.entered_in_error,
    )


@dataclass
class Line:
    """An entry of a stream, as far as cutting pages is concerned."""

    act: str
    size: int


@pure
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(1, 9), st.integers(1, 40))
def test_no_packing_splits_an_act_or_leaves_anything_out(acts: list[int], most: int, size: int) -> None:
    names = [f"act {number}" for number, length in enumerate(acts) for _ in range(length)]
    ends = {place for place in range(1, len(names) + 1) if place == len(names) or names[place] != names[place - 1]}
    lines = [Line(name, 7) for name in names]
    assert page_length(lines, most, size) in ends  # type: ignore[arg-type]  # a line has what a page asks for
    arrivals = [Arrival(number, (checked(name),)) for number, name in enumerate(names, start=1)]
    cut = list(batches(arrivals, most))
    assert [each.number for batch in cut for each in batch] == [each.number for each in arrivals]
    assert {batch[-1].number for batch in cut} <= ends
    unsent = [Unsent(change(), Envelope(DESK, number, b"", b""), name) for number, name in enumerate(names, start=1)]
    assert len(first_load(unsent, most, 10**9)) in ends
    assert len(first_load(unsent, 10**9, size)) in ends


def change() -> Change:
    return Change(bytes(16), b"{}", bytes(16), bytes(32), DESK, bytes(64))


def checked(act: str) -> Checked:
    content = Content(DESK, "person", DESK, 0, (), {}, act, 0, None, None, "", (0, 0))
    return Checked(change(), content)


@pure
@given(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4), st.booleans())
def test_a_chain_that_lost_or_forked_is_told_from_one_that_holds(own: int, known: int, oldest: int, same: bool) -> None:
    def link(n: int) -> bytes:
        return bytes([n]) * 32

    found = link(known) if oldest <= known <= own else None
    head = ChainHead(known, link(known) if same else b"x" * 32)
    stands = chain_standing(head, ChainHead(own, link(own)), found, oldest)
    if known == 0:
        assert stands is ChainStanding.HOLDS
    elif own < known:
        assert stands is ChainStanding.BEHIND
    elif found is None:
        assert stands is ChainStanding.HOLDS  # let go on purpose, below the oldest
    else:
        assert (stands is ChainStanding.HOLDS) == same


def test_a_removal_is_in_question_only_with_a_write_that_did_not_know_of_it() -> None:
    def node(name: bytes, *parents: bytes, at: int, **written: object) -> Node:
        return Node(name, tuple(sorted(parents)), written, at)

    first, removal = node(b"a", at=1, phone="1"), node(b"b", b"a", at=2, entered_in_error=True)
    beside, knowing = node(b"c", b"a", at=3, phone="2"), node(b"d", b"b", at=4, phone="3")
    assert fold([first, removal]).entered_in_error
    assert fold([first, removal]).removal_in_question == ()
    assert fold([first, removal, beside]).removal_in_question == (b"c", b"b")
    undone = fold([first, removal, knowing])
    assert (undone.entered_in_error, undone.removal_in_question) == (False, ())
    kept = node(b"e", b"b", b"c", at=5, entered_in_error=False)
    assert fold([first, removal, beside, kept]).removal_in_question == ()
    out = node(b"f", b"b", b"c", at=5, entered_in_error=True)
    assert fold([first, removal, beside, out]).entered_in_error
    both = fold([first, removal, node(b"g", b"a", at=6, entered_in_error=True)])
    assert (both.entered_in_error, both.removal_in_question) == (False, (b"g", b"b"))
