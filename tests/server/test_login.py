"""The running server's login: whoever breaks out of its role is nobody, and one that may do more is not used."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo, sql

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.__main__ import main
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.login import check_login, make_login
from livingwell_desktop.server.serving import RunningServer
from tests.central import Databases, JoinedDesk
from tests.sync.test_two_desks import register

BROKEN_OUT = ("RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT")
HARM = (
    "DELETE FROM change",
    "UPDATE change SET content = ''",
    "SELECT * FROM change",
    "SELECT * FROM session",
    "INSERT INTO device (id, name, letter, public_key, certificate, enrolled_at, chain_hash)"
    " VALUES (gen_random_uuid(), '', 'X', '', '', now(), '')",
    "ALTER TABLE change DISABLE ROW LEVEL SECURITY",
    "DROP TRIGGER change_only_rises ON change",
    "DROP TABLE change",
    "CREATE TABLE own (id int)",
    "SET ROLE livingwell_purge",
    "CREATE ROLE another SUPERUSER",
    "GRANT livingwell_purge TO livingwell_server",
    "COPY change TO PROGRAM 'cat'",
)


@pytest.fixture
def served(databases: Databases, database_url: str) -> Iterator[Database]:
    """The pool of a running server, whose connections are in its role."""
    database = Database(databases.served(database_url), connections=1)
    yield database
    database.close()


def test_who_breaks_out_of_the_role_can_do_nothing(served: Database, join: Callable[..., JoinedDesk]) -> None:
    desk = join()
    register(desk)
    desk.exchange()
    with served.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM change").fetchone() != (0,), "in its role it reads them"
    for out, harm in itertools.product(BROKEN_OUT, HARM):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), served.transaction() as connection:
            connection.execute(out)
            connection.execute(harm)


def test_a_server_is_let_in_by_the_login(
    server: RunningServer, join: Callable[..., JoinedDesk], database_url: str
) -> None:
    join().exchange()
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        ).fetchall()
    assert found == [("test_login",)]


def test_a_new_password_each_time(database_url: str) -> None:
    first, second = (make_login(database_url, "made_twice") for _ in range(2))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first)
    check_login(database_url, second)


SPOILT = {
    "a member of another role": ("GRANT livingwell_purge TO {}", "livingwell_purge"),
    "one that makes roles": ("ALTER ROLE {} CREATEROLE", "make roles"),
    "one that looks past row-level security": ("ALTER ROLE {} BYPASSRLS", "row-level security"),
    "a superuser": ("ALTER ROLE {} SUPERUSER", "can take on the role"),
    "one that inherits": ("GRANT livingwell_server TO {} WITH INHERIT TRUE", "NOINHERIT"),
    "one with a right of its own": ("GRANT DELETE ON change TO {}", "rights on change"),
    "one that changes the schema": ("GRANT CREATE ON SCHEMA public TO {}", "change the schema"),
    "no member": ("REVOKE livingwell_desk FROM {}", "no member of livingwell_desk"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_login_that_may_do_more_or_less_is_not_used(databases: Databases, database_url: str, how: str) -> None:
    statement, said = SPOILT[how]
    name = f"spoilt_{list(SPOILT).index(how)}"
    url = make_login(database_url, name)
    check_login(database_url, url)
    with psycopg.connect(database_url) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))  # type: ignore[arg-type]  # written here
    with pytest.raises(Problem) as refused:
        check_login(database_url, url)
    assert said in refused.value.words


def test_a_login_of_another_database_or_with_another_password_is_not_used(
    databases: Databases, database_url: str
) -> None:
    good = databases.served(database_url)
    check_login(database_url, good)
    with pytest.raises(Problem, match="cannot use this login"):
        check_login(database_url, conninfo.make_conninfo(good, password="another"))
    other = databases.fresh()
    with psycopg.connect(other) as connection:
        connection.execute("UPDATE generation SET id = gen_random_uuid()")
    with pytest.raises(Problem, match="cannot use this login"):
        check_login(database_url, databases.served(other))


def test_serve_says_why_it_does_not_start_with_the_owner(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "alliance.key").write_text(bytes(range(32)).hex(), encoding="ascii")
    command = ["serve", "--database", database_url, "--keys", str(tmp_path), "--port", "0"]
    assert main([*command, "--serve-as", database_url]) == 1
    assert "It may do more than serve" in capsys.readouterr().out
