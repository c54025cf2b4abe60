"""The sealed settings that say where records go: whatever is done to the file is noticed, and told apart."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from livingwell_desktop.security.keyrings import KeyFileStore
from livingwell_desktop.security.server_way import ServerWay, WayChanged, WayFile, key_file_allowed

SECRET, OTHER_SECRET = bytes(range(32)), bytes(range(1, 33))
WAY = ServerWay("https://server.example", "http://proxy.example:3128", key_file_allowed=True)


@pytest.fixture
def file(tmp_path: Path) -> WayFile:
    made = at(tmp_path)
    made.seal(WAY)
    return made


def at(folder: Path, device: str = "desk-1", secret: bytes = SECRET) -> WayFile:
    return WayFile(folder / "settings.box", device, secret, lambda: KeyFileStore(folder / "secret"))


def test_what_was_sealed_comes_back_and_nothing_of_it_can_be_read_but_the_policy(file: WayFile, tmp_path: Path) -> None:
    assert file.load() == WAY
    assert b"example" not in (tmp_path / "settings.box").read_bytes()
    assert key_file_allowed(tmp_path / "settings.box") is True
    file.seal(replace(WAY, key_file_allowed=False))
    assert key_file_allowed(tmp_path / "settings.box") is False
    assert key_file_allowed(tmp_path / "nothing") is None


def test_where_nothing_was_ever_sealed_there_is_nothing(tmp_path: Path) -> None:
    assert at(tmp_path).load() is None


def edited(path: Path) -> None:
    said = json.loads(path.read_bytes())
    box = said["box"]
    said["box"] = box[:40] + ("A" if box[40] != "A" else "B") + box[41:]
    path.write_text(json.dumps(said, sort_keys=True, separators=(",", ":")))


def with_another_policy(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"key_file_allowed":1', b'"key_file_allowed":0'))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def put_back(path: Path) -> None:
    before = path.read_bytes()
    at(path.parent).seal(replace(WAY, url="https://newer.example"))
    path.write_bytes(before)


def from_another_desk(path: Path) -> None:
    WayFile(path, "desk-2", SECRET, lambda: KeyFileStore(path.parent / "another")).seal(WAY)


def under_another_secret(path: Path) -> None:
    WayFile(path, "desk-1", OTHER_SECRET, lambda: KeyFileStore(path.parent / "another")).seal(WAY)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (edited, "was edited, or is another desk’s"),
        (with_another_policy, "was edited, or is another desk’s"),
        (cut_short, "was edited, or is another desk’s"),
        (from_another_desk, "was edited, or is another desk’s"),
        (under_another_secret, "was edited, or is another desk’s"),
        (Path.unlink, "was deleted"),
        (put_back, "was put back from before"),
    ],
)
def test_each_harm_is_noticed_and_mended_by_sealing_anew(
    file: WayFile, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    harm(tmp_path / "settings.box")
    with pytest.raises(WayChanged) as changed:
        file.load()
    assert said in changed.value.what_happened
    assert "Everything saved is kept" in changed.value.what_happened
    assert "connection settings" in changed.value.what_to_do
    file.change(ServerWay("https://right.example"))
    assert file.load() == ServerWay("https://right.example", key_file_allowed=True), "the key lies in a file here"


def test_a_file_of_certificates_is_sealed_with_what_stands_in_it(tmp_path: Path) -> None:
    authorities, file = tmp_path / "authority.pem", at(tmp_path)
    authorities.write_bytes(b"the site's own")
    way = replace(WAY, authorities=str(authorities))
    file.seal(way)
    assert file.load() == way
    authorities.write_bytes(b"somebody else's")
    with pytest.raises(WayChanged) as changed:
        file.load()
    assert "the certificates that it trusts is another one" in changed.value.what_happened
    authorities.unlink()
    assert file.load() == way, "a file that is gone trusts nobody, and stops nobody"


def test_that_the_server_has_proved_itself_is_kept_through_every_change(file: WayFile) -> None:
    file.has_proved_itself()
    assert file.load() == replace(WAY, proven=True)
    file.change(ServerWay("https://moved.example"))
    assert file.load() == ServerWay("https://moved.example", key_file_allowed=True, proven=True)
