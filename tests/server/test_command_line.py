"""The operator's commands, as processes: set up, run, let a desk join, stop."""

import io
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.server import __main__ as server_main
from livingwell_desktop.server.__main__ import main
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.server.folders import read_alliance_key
from livingwell_desktop.sync.client import enrol
from livingwell_desktop.sync.codes import fits
from livingwell_desktop.sync.joining import EnrolRequest
from tests.central import Databases


def test_set_up_run_join_and_stop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "server"
    embedded = ["--embedded", str(folder)]
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    try:
        assert main(["init", *embedded]) == 0
        said = capsys.readouterr().out.splitlines()
        assert "".join(said[1].split()) == (folder / "alliance.key").read_text().strip()
        assert main(["init", *embedded]) == 1
        assert "has been set up already" in capsys.readouterr().out
        command = [sys.executable, "-m", "livingwell_desktop.server", "serve", *embedded, "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
            assert serving.stdout is not None
            url = serving.stdout.readline().split()[-1]
            joined = enrol(url, EnrolRequest(said[-1].strip(), "Desk 1", public))
            assert joined.alliance_key == read_alliance_key(folder).public
            centre = "0195c000-0000-7000-8000-0000000000c2"
            assert main(["enrol", *embedded, "--centre", centre, "--sensitivity", "desk"]) == 0
            code = capsys.readouterr().out.strip()
            second = enrol(url, EnrolRequest(code, "Desk 2", public))
            assert [fits(code, each) for each in (joined.alliance_key, public)] == [True, False]
            assert (second.letter, second.certificate.sensitivity) == ("B", 0)
            assert [str(each) for each in second.certificate.centres] == [centre]
            # Windows ends a process at once; everywhere else it is asked to end, and does so in order.
            serving.terminate()
            serving.wait(20)
        assert not (folder / "database.url").exists()
    finally:
        EmbeddedPostgres(folder).remove()


def test_a_lost_server_begins_again_with_the_key_from_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, private = tmp_path / "server", bytes(range(32)).hex()
    paper = " ".join(private[at : at + 8] for at in range(0, 64, 8)).upper()
    try:
        monkeypatch.setattr("sys.stdin", io.StringIO("not a key\n"))
        assert main(["init", "--recover", "--embedded", str(folder)]) == 1
        assert "This is not the alliance’s key" in capsys.readouterr().out
        monkeypatch.setattr("sys.stdin", io.StringIO(paper + "\n"))
        assert main(["init", "--recover", "--embedded", str(folder)]) == 0
        assert "brings back what it holds" in capsys.readouterr().out
        assert read_alliance_key(folder).public == AllianceKey(bytes(range(32))).public
    finally:
        EmbeddedPostgres(folder).remove()


class PowerCutError(Exception):
    """What a test cuts."""


def cut(*_: object) -> None:
    raise PowerCutError


@pytest.mark.parametrize("step", ["migrate", "begin_again", "keep_alliance_key"])
def test_a_recovery_that_was_cut_short_is_no_server_and_is_begun_again(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A server without its generation would not ask its desks, and would not know whom the last one had erased."""
    url = databases.empty()
    where = ["--database", url, "--keys", str(tmp_path)]

    def recover() -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(bytes(range(32)).hex() + "\n"))
        return main(["init", "--recover", *where])

    (tmp_path / "purged").write_text(f"{UUID(int=7)} 2026-11-23\n", encoding="ascii")
    with monkeypatch.context() as patch, pytest.raises(PowerCutError):
        patch.setattr(server_main, step, cut)
        recover()
    assert main(["devices", *where]) == 1, "without the key it is no server"
    assert recover() == 0
    assert recover() == 1
    with psycopg.connect(url) as connection:
        generations = connection.execute("SELECT number > 0 FROM generation ORDER BY number").fetchall()
        assert generations == [(False,), (True,)]
        assert connection.execute("SELECT record FROM tombstone").fetchall() == [(UUID(int=7),)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alliance.key", "purged"]


def test_without_a_folder_or_a_database_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve"]) == 2
    assert "--embedded FOLDER" in capsys.readouterr().out
