"""`doctor` says what is wrong with a server, and what to do, before it matters."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server import commands
from livingwell_desktop.server.doctor import examine
from livingwell_desktop.server.folders import make_alliance_key, read_alliance_key
from livingwell_desktop.server.schema import migrate
from tests.central import Databases, JoinedDesk
from tests.sync.test_two_desks import register


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    make_alliance_key(folder)
    return folder


def now() -> datetime:
    return datetime.now(UTC)


def bad(url: str, keys: Path, at: datetime | None = None) -> list[str]:
    """What is bad, but for what every test's database lacks: that nothing is lost when the power goes."""
    lines = [str(each) for each in examine(url, keys, at or now()) if each.mend]
    return [each for each in lines if "fsync" not in each]


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]  # written in this file


def backed_up(url: str, keys: Path, folder: Path, at: datetime) -> None:
    alliance, file = read_alliance_key(keys), folder / "night.backup"
    commands.backup(url, alliance, file, at, lambda _words: None)
    commands.drill(url, alliance, file, at, lambda _words: None)


def test_a_server_that_is_well_says_so(
    join: Callable[..., JoinedDesk], database_url: str, keys: Path, tmp_path: Path
) -> None:
    desk = join()
    register(desk)
    desk.exchange()
    assert bad(database_url, keys) == ["bad   There is no backup. Run “backup FILE”, then “drill FILE”; every night."]
    backed_up(database_url, keys, tmp_path, now())
    assert bad(database_url, keys) == []
    good = [str(each) for each in examine(database_url, keys, now()) if not each.mend]
    assert all(each.startswith("good  ") for each in good)
    assert len(good) >= 10


MEDDLING = {
    "row-level security": ("ALTER TABLE change NO FORCE ROW LEVEL SECURITY", "Row-level security is off for change."),
    "a right": ("GRANT UPDATE ON audit_event TO livingwell_server", "livingwell_server may UPDATE audit_event"),
    "a line": ("DELETE FROM entry WHERE number = 1 AND stream <> 'alliance'", "Lines are missing in the streams"),
    "a counter": ("UPDATE stream SET number = number + 1 WHERE name = 'alliance'", "in the streams alliance"),
    "the schema": ("GRANT CREATE ON SCHEMA public TO livingwell_desk", "livingwell_desk may change the schema"),
    "a clock set back": ("UPDATE change SET received_at = now() + interval '1 day'", "The clock was set back"),
    "an older migration": ("UPDATE alembic_version SET version_num = '0005'", "is at migration 0005"),
    "no migration": ("DROP TABLE alembic_version", "is at migration none"),
    "a name used twice": (
        "INSERT INTO alarm SELECT id, content_hash, content, salt, device, signature, now() FROM change LIMIT 1",
        "1 names used twice",
    ),
    "an old backup": ("UPDATE backup SET made_at = made_at - interval '3 days'", "The newest backup is of"),
    "a backup never tried": ("UPDATE backup SET verified_at = NULL", "No backup was ever tried."),
}


@pytest.mark.parametrize("name", MEDDLING)
def test_what_is_wrong_is_said_with_what_to_do(
    join: Callable[..., JoinedDesk], database_url: str, keys: Path, tmp_path: Path, name: str
) -> None:
    desk = join()
    register(desk)
    desk.exchange()
    backed_up(database_url, keys, tmp_path, now())
    statement, words = MEDDLING[name]
    run(database_url, statement)
    lines = bad(database_url, keys)
    assert any(words in line for line in lines), lines
    with pytest.raises(Problem) as problem:
        commands.doctor(database_url, keys, now(), lambda _words: None)
    assert problem.value.title == "The server needs somebody"


def test_roles_are_looked_at(databases: Databases, keys: Path) -> None:
    url = databases.fresh()
    run(url, "ALTER ROLE livingwell_desk BYPASSRLS")
    try:
        assert any("livingwell_desk may do anything" in line for line in bad(url, keys))
    finally:
        run(url, "ALTER ROLE livingwell_desk NOBYPASSRLS")
    assert not any("livingwell_desk" in line for line in bad(url, keys))


def test_a_key_that_others_can_read_and_a_clock_that_is_wrong(databases: Databases, keys: Path) -> None:
    url = databases.fresh()
    (keys / "alliance.key").chmod(0o644)
    keys.chmod(0o755)
    lines = bad(url, keys, now() + timedelta(minutes=2))
    # Windows has no modes.
    has_modes = os.name != "nt"
    assert any("alliance.key can be read by others (mode 0644)" in line for line in lines) is has_modes
    assert any("keys can be read by others (mode 0755)" in line for line in lines) is has_modes
    assert any("120 seconds apart" in line for line in lines)
    (keys / "alliance.key").unlink()
    assert any("There is no alliance key." in line for line in bad(url, keys))


def test_a_database_that_is_away(keys: Path) -> None:
    lines = bad("postgresql://nobody@127.0.0.1:1/none", keys)
    assert lines == ["bad   The database does not answer. Start it, or mend the address of --database."]


def test_a_migrated_database_is_at_the_newest(databases: Databases, keys: Path) -> None:
    url = databases.fresh()
    migrate(url)
    assert not any("migration" in line for line in bad(url, keys))
