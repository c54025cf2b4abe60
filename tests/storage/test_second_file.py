"""The second file by itself: what is appended is read back, and whatever is changed in it shows."""

import os
import stat
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from livingwell_desktop.domain.changes import ChainHead, ChainHeads, Change, Envelope
from livingwell_desktop.storage.second_file import SecondFile
from livingwell_desktop.storage.second_frames import FramePart, KnownHeads, SavedAct, SavedChange, SeenEvents
from tests.conftest import DESK, KEY
from tests.storage.damage import flipped


def act(n: int, words: str = "Sentinelword", changes: int = 1) -> SavedAct:
    made = tuple(
        SavedChange(
            Change(
                os.urandom(16), words.encode(), os.urandom(16), os.urandom(32), DESK, b"s" * 64
            ),
            Envelope(DESK, n + each, os.urandom(32), os.urandom(32)),
            f"act {n}",
            1_700_000_000_000 + n,
        )
        for each in range(changes)
    )  # fmt: skip
    return SavedAct(made, UUID(int=n) if n % 2 else None)


HEADS = KnownHeads(ChainHeads(ChainHead(3, b"o" * 32), ChainHead(5, b"a" * 32)))


def written(path: Path, *parts: FramePart) -> SecondFile:
    file = SecondFile(path, KEY)
    file.replace(parts[:1])
    for part in parts[1:]:
        file.append(part)
    file.close()
    return file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db-second"


def test_what_was_written_and_appended_is_read_back(path: Path) -> None:
    parts = (HEADS, act(4), act(5, "x" * 100_000, changes=3), SeenEvents(7, DESK, b"[]"), SeenEvents(8, None, b"[]"))
    written(path, *parts)
    found = SecondFile(path, KEY).read()
    assert found.parts == parts
    assert found.whole


def test_it_says_nothing_without_the_key_and_two_files_are_never_alike(path: Path, tmp_path: Path) -> None:
    parts = (HEADS, act(4))
    written(path, *parts)
    written(tmp_path / "other", *parts)
    assert b"entinel" not in path.read_bytes()
    first, second = path.read_bytes(), (tmp_path / "other").read_bytes()
    assert first[8:] != second[8:]
    assert not any(first[at : at + 16] in second for at in range(8, len(first) - 16))
    assert SecondFile(path, bytes(32)).read().parts == ()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_frame_that_was_being_written_is_torn_and_nothing_before_it_is_lost(path: Path) -> None:
    parts = (HEADS, act(4), act(5))
    written(path, *parts[:2])
    whole = len(path.read_bytes())
    written(path, *parts)
    content = path.read_bytes()
    for cut in range(whole, len(content)):
        path.write_bytes(content[:cut])
        file = SecondFile(path, KEY)
        found = file.read()
        assert (found.parts, found.whole) == (parts[:2], True), cut
        file.append(parts[2])
        file.close()
        assert SecondFile(path, KEY).read().parts == parts
    path.write_bytes(content[: whole + 9] + bytes(5000))
    assert SecondFile(path, KEY).read().parts == parts[:2], "a file system may fill a torn end with zeros"


def test_a_flipped_bit_never_passes_and_harms_one_frame_at_most_where_its_length_is_whole(path: Path) -> None:
    chance = Random(20261123)
    parts = (HEADS, *(act(n) for n in range(4, 24)))
    written(path, *parts)
    content = path.read_bytes()
    kept_most = 0
    for _ in range(300):
        path.write_bytes(flipped(content, chance))
        found = SecondFile(path, KEY).read()
        assert set(found.parts) < set(parts), "nothing that was not written is ever read"
        kept_most += len(found.parts) == len(parts) - 1
    assert kept_most > 250


def test_frames_that_are_swapped_taken_out_or_brought_in_show(path: Path) -> None:
    parts = (HEADS, act(4), act(5), act(6))
    written(path, *parts)
    content = path.read_bytes()
    header, frames, at = content[:24], list[bytes](), 24
    while at < len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], "big")
        frames.append(content[at:end])
        at = end
    for order in ([0, 2, 1, 3], [0, 2, 3], [1, 2, 3], [0, 1, 1, 2, 3]):
        path.write_bytes(header + b"".join(frames[each] for each in order))
        assert not SecondFile(path, KEY).read().whole, order


def test_taking_back_leaves_what_was_there_before(path: Path) -> None:
    file = SecondFile(path, KEY)
    file.replace((HEADS, act(4)))
    before, mark = path.read_bytes(), file.mark()
    file.append(act(5))
    file.append(HEADS)
    file.retract(mark)
    assert path.read_bytes() == before
    file.append(act(6))
    file.close()
    assert len(SecondFile(path, KEY).read().parts) == 3


@pytest.mark.parametrize("content", [b"", b"LWSECND1", b"LWSECND1" + bytes(16), b"SQLite format 3\x00" + bytes(90)])
def test_a_file_of_nothing_or_of_something_else_is_damaged(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    found = SecondFile(path, KEY).read()
    assert (found.parts, found.whole, found.missing) == ((), False, False)


def test_no_file_is_missing(path: Path) -> None:
    assert SecondFile(path, KEY).read().missing
