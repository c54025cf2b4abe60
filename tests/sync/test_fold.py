"""The fold is a function of the set of changes: neither order nor duplication can change what a record says."""

from dataclasses import dataclass
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, Change, Node, fold, write_content
from livingwell_desktop.domain.changes.content import Content, content_hash
from livingwell_desktop.storage import Arrival, Store
from livingwell_desktop.storage.receiving import prepare
from tests.conftest import unsigned

RECORD = UUID("0195c000-0000-7000-8000-000000000001")
FIELDS = ("given_name", "phone", "email")


@dataclass(frozen=True)
class History:
    """A record's changes, in an order in which every parent comes first."""

    nodes: tuple[Node, ...]


@st.composite
def histories(draw: st.DrawFn) -> History:
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 9))):
        parents = draw(st.sets(st.sampled_from(nodes), max_size=3)) if nodes else set()
        written = draw(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["a", "b", "c"]), min_size=1))
        if number and draw(st.integers(0, 9)) == 0:
            written = {ENTERED_IN_ERROR: draw(st.booleans())}
        newest = max((parent.at for parent in parents), default=0)
        at = newest + draw(st.integers(1, 3))
        name = draw(st.integers(0, 255)).to_bytes(1, "big") * 15 + number.to_bytes(1, "big")
        nodes.append(Node(name, tuple(sorted(parent.id for parent in parents)), written, at))
    return History(tuple(nodes))


# Node holds a mapping and cannot be hashed by its values: sets of nodes go by identity of their ids.
Node.__hash__ = lambda self: hash(self.id)  # type: ignore[method-assign]


@given(histories(), st.randoms(use_true_random=False))
def test_order_and_duplication_change_nothing(history: History, random: object) -> None:
    shuffled = list(history.nodes) * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(history.nodes)
