"""Private files: whole or not at all, and for their owner only."""

import os
import stat
from pathlib import Path

import pytest

from livingwell_desktop.security.durable_files import read_private, remove, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_0600_in_a_0700_folder_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "keys" / "one"
        write_private(path, b"first")
        write_private(path, b"second")
    finally:
        os.umask(before)
    assert read_private(path, 100) == b"second"
    assert [one.name for one in path.parent.iterdir()] == ["one"]
    if os.name == "posix":
        assert (mode(path), mode(path.parent)) == (0o600, 0o700)
        path.chmod(0o644)
        read_private(path, 100)
        assert mode(path) == 0o600


def test_the_mode_of_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    write_private(tmp_path / "one", b"first")
    remove(tmp_path / "one")
    assert mode(tmp_path) == 0o755 or os.name != "posix"


def test_a_failed_write_keeps_the_old_file_and_leaves_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one"
    write_private(path, b"first")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_is_none_and_removing_it_is_nothing(tmp_path: Path) -> None:
    assert read_private(tmp_path / "none", 100) is None
    remove(tmp_path / "none")
    remove(tmp_path / "nowhere" / "none")


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    write_private(tmp_path / "long", b"x" * 1000)
    assert read_private(tmp_path / "long", 10) == b"x" * 11
