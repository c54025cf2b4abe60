"""The anchor outside the records: kept, given back, and never a reason to stop."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.changes import ChainHead, ChainHeads, ChainStanding, chain_standing
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.anchors import Anchor, Anchors, read_anchor, write_anchor
from livingwell_desktop.security.keyrings import KeyFileStore

HEADS = st.builds(ChainHead, st.integers(0, 2**53), st.binary(min_size=32, max_size=32))
ANCHORS = st.builds(
    Anchor, st.builds(ChainHeads, HEADS, HEADS), st.integers(1, 10_000), st.integers(0, 2**53),
    st.one_of(st.just(b""), st.binary(min_size=32, max_size=32)),
)  # fmt: skip
ANCHOR = Anchor(ChainHeads(ChainHead(7, b"o" * 32), ChainHead(9, b"a" * 32)), 2)


@given(ANCHORS)
def test_an_anchor_is_read_as_it_was_written(anchor: Anchor) -> None:
    assert read_anchor(write_anchor(anchor)) == anchor


@given(st.text())
def test_what_is_no_anchor_is_none(text: str) -> None:
    assert read_anchor(text) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        "1 2 7 00 9 00",
        "2 1 0 {h} 0 {h}",
        "2 1 0 {h} 0 {h} x -",
        "3 1 0 {h} 0 {h} 0 -",
        "2 1 0 {h} 0 {h} 0 00",
        "1 1 -1 {h} 0 {h}",
        "1 1 x {h} 0 {h}",
        "",
    ],
)
def test_an_anchor_with_a_wrong_part_is_none(spoilt: str) -> None:
    assert read_anchor(spoilt.format(h="00" * 32)) is None


def test_an_anchor_of_the_first_form_is_read() -> None:
    assert read_anchor(f"1 2 7 {'6f' * 32} 9 {'61' * 32}") == ANCHOR


def test_a_key_file_has_its_anchor_beside_it_for_this_user_only(tmp_path: Path) -> None:
    anchors = Anchors(lambda: KeyFileStore(tmp_path / "device-secret"))
    assert anchors.load() is None
    assert anchors.save(ANCHOR)
    assert anchors.load() == ANCHOR
    assert stat.S_IMODE((tmp_path / "device-secret.anchor").stat().st_mode) == 0o600
    assert not (tmp_path / "device-secret").exists()


def test_a_keyring_that_is_gone_stops_nobody() -> None:
    def gone() -> KeyFileStore:
        raise Problem("This computer has no safe place for its key", "", "")

    assert Anchors(gone).load() is None
    assert not Anchors(gone).save(ANCHOR)


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "a file").write_bytes(b"")
    anchors = Anchors(lambda: KeyFileStore(tmp_path / "a file" / "device-secret"))
    assert not anchors.save(ANCHOR)
    assert anchors.load() is None


@pytest.mark.parametrize(
    ("head", "found", "oldest", "expected"),
    [
        (7, b"o" * 32, 1, ChainStanding.HOLDS),
        (9, b"o" * 32, 1, ChainStanding.HOLDS),
        (6, None, 1, ChainStanding.BEHIND),
        (0, None, 1, ChainStanding.BEHIND),
        (7, b"x" * 32, 1, ChainStanding.FORKED),
        (9, b"x" * 32, 1, ChainStanding.FORKED),
        (9, None, 8, ChainStanding.HOLDS),
        (9, None, 1, ChainStanding.BEHIND),
    ],
)
def test_a_chain_stands_to_a_known_head(head: int, found: bytes | None, oldest: int, expected: ChainStanding) -> None:
    assert chain_standing(ANCHOR.heads.outbox, ChainHead(head, b"h" * 32), found, oldest) is expected


def test_a_chain_without_a_known_head_holds() -> None:
    assert chain_standing(ChainHead(), ChainHead(), None, 1) is ChainStanding.HOLDS
