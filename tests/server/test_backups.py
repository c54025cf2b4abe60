"""Backups: made, tried, put back; damaged ones are noticed before anything is touched; shut-out desks stay out."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server import commands
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.backing_up import fingerprints
from livingwell_desktop.server.database import connect
from livingwell_desktop.server.doctor import examine
from livingwell_desktop.sync.troubles import ShutOutError
from tests.central import ALLIANCE
from tests.sync.test_restored_server import PEOPLE, Alliance, alliance, meet, shown, stored
from tests.sync.test_two_desks import NGOZI, change, register

__all__ = ["alliance"]


def silent(_words: str) -> None:
    return None


def test_a_backup_is_tried_put_back_and_filled_again_by_the_desks(alliance: Alliance, tmp_path: Path) -> None:
    one, other = alliance.join(), alliance.join()
    register(one)
    change(one, phone="07700 900 001\t\\ ’ \x0b")
    alliance.exchange()
    file = tmp_path / "monday.backup"
    commands.backup(alliance.url, ALLIANCE, file, alliance.clock(), silent)
    said: list[str] = []
    commands.drill(alliance.url, ALLIANCE, file, alliance.clock(), said.append)
    assert said[-1] == "The backup is verified."
    assert "change: 2 rows, equal" in said
    with psycopg.connect(alliance.url) as connection:
        verified = connection.execute("SELECT file, verified_at FROM backup").fetchone()
        assert verified == ("monday.backup", alliance.clock())
        left = connection.execute("SELECT 1 FROM pg_database WHERE datname LIKE 'livingwell_drill%'").fetchall()
        assert left == []
    assert b"Ngozi" not in file.read_bytes()
    meet(one, PEOPLE[0], "Since the backup")
    alliance.exchange(2)
    before = stored(alliance.url)
    assert alliance.server is not None
    alliance.server.stop()
    alliance.server = None
    commands.restore(alliance.url, tmp_path, ALLIANCE, file, alliance.clock(), silent)
    assert len(stored(alliance.url)) < len(before)
    alliance.serve(alliance.url)
    alliance.exchange(2)
    assert stored(alliance.url) == before
    assert shown(one) == shown(other)


def test_a_drill_after_a_restore_is_noted_though_the_server_does_not_know_the_backup(
    alliance: Alliance, tmp_path: Path
) -> None:
    register(alliance.join())
    file = tmp_path / "monday.backup"
    made = alliance.clock()
    commands.backup(alliance.url, ALLIANCE, file, made, silent)
    assert alliance.server is not None
    alliance.server.stop()
    alliance.server = None
    commands.restore(alliance.url, tmp_path, ALLIANCE, file, alliance.clock(), silent)
    with connect(alliance.url) as connection:
        assert connection.execute("SELECT 1 FROM backup").fetchall() == []
    later = made + timedelta(hours=1)
    commands.drill(alliance.url, ALLIANCE, file, later, silent)
    with connect(alliance.url) as connection:
        noted = connection.execute("SELECT file, made_at, verified_at FROM backup").fetchall()
    assert noted == [("monday.backup", made, later)]
    lines = [str(line) for line in examine(alliance.url, tmp_path, later)]
    assert any(line.startswith("good  The newest backup that was tried") for line in lines)


def test_a_damaged_short_or_foreign_backup_touches_nothing(alliance: Alliance, tmp_path: Path) -> None:
    one = alliance.join()
    register(one)
    one.exchange()
    file = tmp_path / "backup"
    commands.backup(alliance.url, ALLIANCE, file, alliance.clock(), silent)
    with connect(alliance.url) as connection:
        before = fingerprints(connection)
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for damaged in (whole[:-1], whole[: len(whole) // 2], bytes(flipped), b"something else", b""):
        file.write_bytes(damaged)
        with pytest.raises(Problem, match="cannot be used"):
            commands.restore(alliance.url, tmp_path, ALLIANCE, file, alliance.clock(), silent)
    file.write_bytes(whole)
    with pytest.raises(Problem, match="cannot be used"):
        commands.restore(alliance.url, tmp_path, AllianceKey(bytes(32)), file, alliance.clock(), silent)
    with connect(alliance.url) as connection:
        assert fingerprints(connection) == before


def test_a_drill_notices_one_row_that_differs(
    alliance: Alliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = alliance.join()
    register(one)
    one.exchange()
    file = tmp_path / "backup"
    real = fingerprints

    def wrong(connection: object) -> object:
        found = dict(real(connection))
        return found | {"change": (found["change"][0], "1.1")}

    monkeypatch.setattr("livingwell_desktop.server.backing_up.fingerprints", wrong)
    commands.backup(alliance.url, ALLIANCE, file, alliance.clock(), silent)
    with pytest.raises(Problem, match="does not hold"):
        commands.drill(alliance.url, ALLIANCE, file, alliance.clock(), silent)
    with psycopg.connect(alliance.url) as connection:
        assert connection.execute("SELECT verified_at FROM backup").fetchall() == [(None,)]


@pytest.mark.parametrize("stream", ["alliance", "a stream that there is not"])
def test_a_drill_notices_a_line_about_what_is_not_there(alliance: Alliance, tmp_path: Path, stream: str) -> None:
    one = alliance.join()
    register(one)
    one.exchange()
    with psycopg.connect(alliance.url) as connection:
        known = connection.execute("SELECT id FROM change").fetchone()
        assert known is not None
        change_ = known[0] if stream != "alliance" else bytes(16)
        connection.execute(
            "INSERT INTO entry (stream, number, change, act, size) VALUES (%s, 900, %s, '', 0)", (stream, change_)
        )
    file = tmp_path / "backup"
    commands.backup(alliance.url, ALLIANCE, file, alliance.clock(), silent)
    with pytest.raises(Problem, match="streams do not fit"):
        commands.drill(alliance.url, ALLIANCE, file, alliance.clock(), silent)


def test_a_desk_that_was_shut_out_stays_out_after_a_restore(alliance: Alliance, tmp_path: Path) -> None:
    one, lost = alliance.join(), alliance.join()
    register(one)
    alliance.exchange()
    file = tmp_path / "backup"
    commands.backup(alliance.url, ALLIANCE, file, alliance.clock(), silent)
    said: list[str] = []
    commands.revoke(alliance.url, tmp_path, lost.device, alliance.clock(), said.append)
    commands.manifest(alliance.url, lost.device, said.append)
    assert f"  {NGOZI}" in said
    assert alliance.server is not None
    alliance.server.stop()
    alliance.server = None
    commands.restore(alliance.url, tmp_path, ALLIANCE, file, alliance.clock(), silent)
    alliance.serve(alliance.url)
    with pytest.raises(ShutOutError):
        lost.exchange()
    one.exchange()
    said.clear()
    commands.devices(alliance.url, said.append)
    assert [("shut out" in line, "not heard" in line) for line in said] == [(False, False), (True, False)]
