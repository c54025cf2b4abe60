"""A restore that is broken off, wherever that is, was never begun; and none happens under a running server."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server import backing_up, commands, restoring
from livingwell_desktop.server.backing_up import fingerprints
from livingwell_desktop.server.database import connect
from livingwell_desktop.server.poking import SERVING
from livingwell_desktop.server.schema import Rebuilding, migrate
from tests.central import ALLIANCE
from tests.sync.test_restored_server import PEOPLE, Alliance, alliance, meet
from tests.sync.test_two_desks import NGOZI, register

__all__ = ["alliance"]

STEPS = (
    (Rebuilding, "migrate"),
    (backing_up, "_copy_in"),
    (backing_up, "_go_on_counting"),
    (restoring, "load"),
    (restoring, "begin"),
    (restoring, "shut_out_again"),
    (restoring, "purge_again"),
    (restoring, "withdraw_again"),
)


class PowerCutError(Exception):
    """What a test cuts."""


def cut_after(where: Any, name: str) -> Any:
    """That step is done, and nothing after it."""
    real: Callable[..., Any] = getattr(where, name)

    def step(*given: Any) -> Any:
        real(*given)
        raise PowerCutError

    return mock.patch.object(where, name, step)


def everything(url: str) -> dict[str, tuple[int, str]]:
    with connect(url) as connection:
        return fingerprints(connection)


def stop(alliance: Alliance) -> None:
    assert alliance.server is not None
    alliance.server.stop()
    alliance.server = None


@pytest.fixture
def since_the_backup(alliance: Alliance, tmp_path: Path) -> Path:
    """A backup; what it does not know: another person, a desk that was shut out, somebody erased. And no server."""
    one, lost = alliance.join(), alliance.join()
    register(one)
    alliance.exchange()
    file = tmp_path / "backup"
    commands.backup(alliance.url, ALLIANCE, file, alliance.clock(), print)
    meet(one, PEOPLE[0], "Since the backup")
    one.exchange()
    commands.revoke(alliance.url, tmp_path, lost.device, alliance.clock(), print)
    commands.erase(alliance.url, tmp_path, NGOZI, alliance.clock(), print)
    stop(alliance)
    return file


def test_a_restore_that_is_broken_off_after_any_step_was_never_begun(
    alliance: Alliance, since_the_backup: Path, tmp_path: Path
) -> None:
    before = everything(alliance.url)
    for where, name in STEPS:
        with cut_after(where, name), pytest.raises(PowerCutError):
            commands.restore(alliance.url, tmp_path, ALLIANCE, since_the_backup, alliance.clock(), print)
        assert everything(alliance.url) == before, name
    commands.restore(alliance.url, tmp_path, ALLIANCE, since_the_backup, alliance.clock(), print)
    with psycopg.connect(alliance.url) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM generation), (SELECT count(*) FROM device WHERE revoked_at IS NOT NULL),"
            " (SELECT count(*) FROM change WHERE content <> '')"
        ).fetchone()
    assert found == (2, 1, 0)


def test_nothing_is_restored_under_a_running_server(alliance: Alliance, since_the_backup: Path, tmp_path: Path) -> None:
    before = everything(alliance.url)
    with psycopg.connect(alliance.url) as serving:
        serving.execute("SELECT pg_advisory_lock_shared(%s)", (SERVING,))
        with pytest.raises(Problem, match="The server is running"):
            commands.restore(alliance.url, tmp_path, ALLIANCE, since_the_backup, alliance.clock(), print)
    assert everything(alliance.url) == before


def test_a_running_server_holds_the_lock_that_a_restore_needs(alliance: Alliance) -> None:
    def shared() -> int:
        with psycopg.connect(alliance.url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                " WHERE datname = current_database() AND locktype = 'advisory' AND objid = %s AND mode = 'ShareLock'",
                (SERVING,),
            ).fetchone()
        assert row is not None
        return int(row[0])

    deadline = time.monotonic() + 20
    while shared() == 0:
        assert time.monotonic() < deadline
    stop(alliance)
    assert shared() == 0


def test_a_backup_of_an_older_version_is_restored_in_one_go_too(alliance: Alliance, tmp_path: Path) -> None:
    """Its schema is made as it was, its rows are copied in, and the migrations since follow, all in one transaction."""
    older = alliance.databases.empty()
    migrate(older, "0012")
    with psycopg.connect(older) as connection:
        connection.execute("INSERT INTO tombstone (record, purged_at) VALUES (%s, now())", (UUID(int=1),))
    file = tmp_path / "backup"
    commands.backup(older, ALLIANCE, file, alliance.clock(), print)
    stop(alliance)
    commands.restore(alliance.url, tmp_path, ALLIANCE, file, alliance.clock(), print)
    with psycopg.connect(alliance.url) as connection:
        assert connection.execute("SELECT record FROM tombstone").fetchall() == [(UUID(int=1),)]
