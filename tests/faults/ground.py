"""The ground that schedules of faults run on: a real server without sockets, and its PostgreSQL emptied between them.

Nothing here stands in for code of ours: the server's application answers the real client's requests, in this process,
over a wire that can lose, cut, delay and repeat them, and on connections that can be closed at any statement.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Self
from unittest import mock
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx2
import psycopg
from psycopg import sql
from starlette.types import Message

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server import application, database
from livingwell_desktop.server.backing_up import back_up, load
from livingwell_desktop.server.generations import begin
from livingwell_desktop.server.purging import purge, purge_again
from livingwell_desktop.server.restoring import begin_again
from livingwell_desktop.server.schema import rebuilding
from livingwell_desktop.server.withdrawing import withdraw, withdraw_again
from livingwell_desktop.storage import Store
from tests.central import ALLIANCE
from tests.conftest import KEY, unsigned

URL = "http://127.0.0.1:1"
"""Where nobody listens: every request goes over a `Wire`."""

_BACKUP = "last night's backup"

BEGINNING = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


class Trouble(Enum):
    """What becomes of one request."""

    NONE = "arrives, and its answer too"
    LOST = "never arrives"
    ANSWER_LOST = "arrives, and its answer does not"
    TWICE = "arrives twice"
    LATE = "arrives when the desk has long given up"
    SIGN_IN_PAGE = "is answered by the network's sign-in page"
    KILLED = "finds a server that is killed at one of its statements"


@dataclass
class Said:
    """A request as it was made, to be repeated."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Counter:
    """Statements of the server, and the one at which its connection is closed."""

    statements: int = 0
    kill_at: int | None = None
    killed: int = 0

    def kill_now(self) -> bool:
        self.statements += 1
        if self.kill_at is None or self.statements < self.kill_at:
            return False
        self.kill_at = None
        self.killed += 1
        return True


class Ground:
    """A server and its database, made once; each schedule begins with both empty."""

    def __init__(self, database_url: str) -> None:
        self.now = BEGINNING
        self.counter = Counter()
        self.schedules = 0
        """How many have begun on this ground."""
        self.killed = 0
        """How many desks were killed and started again."""
        self.before_commit: Callable[[], None] | None = None
        """What happens, once, before the next commit of a push."""
        self.database_url = database_url
        shm = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="livingwell-faults-", dir=shm if shm.is_dir() else None))
        self._template = self._make_template()
        self._loop = asyncio.new_event_loop()
        counter, ground = self.counter, self

        class Cursor(psycopg.Cursor[Any]):
            def execute(self, *arguments: Any, **named: Any) -> Any:
                if counter.kill_now():
                    self.connection.close()
                return super().execute(*arguments, **named)

        class Connection(psycopg.Connection[Any]):
            def commit(self) -> None:
                ground._wait_before_commit(self)
                if counter.kill_now():
                    self.close()
                super().commit()
                if counter.kill_now():
                    self.close()
                    raise psycopg.OperationalError("killed after the commit")

        def connect(url: str, *, autocommit: bool = False) -> Any:
            return Connection.connect(url, autocommit=autocommit, cursor_factory=Cursor)

        class Killable(database.Database):
            def _connect(self) -> Any:
                with mock.patch.object(database, "connect", connect):
                    return super()._connect()

        with mock.patch.object(application, "Database", Killable):
            self.app = application.create_app(database_url, ALLIANCE, lambda: self.now)
        self.central: application.Central = self.app.state.central
        self._owner = psycopg.connect(database_url, autocommit=True)
        self._tables = [
            row[0]
            for row in self._owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            if row[0] != "alembic_version"
        ]
        self._first = {
            name: self._owner.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
            for name in self._tables
        }
        self._cleared = 0
        self._unwritten_since = 0

    def close(self) -> None:
        self.central.database.close()
        self._owner.close()
        self._loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def clear(self) -> None:
        """As it was after the migrations."""
        self.now = BEGINNING
        self.counter.kill_at, self.counter.statements, self.before_commit = None, 0, None
        self._empty()
        self._cleared += 1
        if self._cleared % 50 == 0:
            self._owner.execute("VACUUM ANALYZE")

    def _empty(self) -> None:
        with self._owner.transaction():
            self._owner.execute("SET LOCAL session_replication_role = replica")
            for name in self._tables:
                self._owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            for name, rows in self._first.items():
                for row in rows:
                    marks = sql.SQL(", ").join([sql.Placeholder()] * len(row))
                    values = [psycopg.types.json.Jsonb(each) if isinstance(each, dict) else each for each in row]
                    self._owner.execute(
                        sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(name), marks), values
                    )

    # What the operator does, with the pieces that the commands are made of: a new schema each time would take seconds.

    def back_up(self) -> None:
        """Last night's backup, in the place of the one before. When nothing was written since, that one is as good."""
        if not self.has_backup or self._next_transaction() != self._unwritten_since:
            back_up(self.database_url, ALLIANCE.backup_key, self.folder / _BACKUP, self.now)
            self._unwritten_since = self._next_transaction()

    def _next_transaction(self) -> int:
        """The number that the next transaction that writes will have."""
        row = self._owner.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        return int(row[0]) if row else 0

    @property
    def has_backup(self) -> bool:
        return (self.folder / _BACKUP).exists()

    def restore(self) -> None:
        """The server is put back to its backup."""
        self._empty()
        with rebuilding(self.database_url) as made:
            load(self.folder / _BACKUP, ALLIANCE.backup_key, made)
        with self.owner() as connection:
            begin(connection, uuid4(), self.now)
            purge_again(connection, self.folder, self.now)
            withdraw_again(connection, self.folder)

    def lose(self) -> None:
        """The server has lost everything, and an empty one takes its place (`init --recover`)."""
        self._empty()
        with self.owner() as connection:
            begin_again(connection, self.folder, self.now)

    def erase(self, about: UUID) -> int:
        """Erase a record, or everything about a person. Says how many records it was."""
        with self.owner() as connection:
            return purge(connection, self.folder, about, self.now)

    def withdraw(self, person: UUID, centre: UUID) -> bool:
        """Take everything about a person away from a centre. Says whether it had anything."""
        try:
            with self.owner() as connection:
                withdraw(connection, self.folder, person, centre, self.now)
        except Problem:
            return False
        return True

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection[Any]]:
        """The database with every right: for looking, and for what the operator does."""
        with self._owner.transaction():
            yield self._owner

    def fresh_store_file(self, name: str) -> Path:
        """A migrated, empty store in memory."""
        file = self.folder / f"{name}.db"
        shutil.copyfile(self._template, file)
        return file

    def empty_folder(self) -> None:
        """Forget every store."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path != self._template:
                path.unlink()

    def _wait_before_commit(self, connection: psycopg.Connection[Any]) -> None:
        """Only a transaction that gave numbers is worth waiting for."""
        if self.before_commit is None or connection.closed:
            return
        held = connection.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'entry'::regclass"
            " AND mode = 'RowExclusiveLock')"
        ).fetchone()
        if held == (True,):
            call, self.before_commit = self.before_commit, None
            call()

    def ask(self, said: Said, *, cut: bool = False) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """The server's answer. When the connection is `cut` there, the rest of the body never comes."""
        if self._loop.is_running():  # another request waits for its commit
            return asyncio.run(self._ask(said, cut))
        return self._loop.run_until_complete(self._ask(said, cut))

    async def _ask(self, said: Said, cut: bool) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        given, got = False, list[Message]()

        async def receive() -> Message:
            nonlocal given
            if given:
                return {"type": "http.disconnect"}
            given = True
            return {"type": "http.request", "body": said.body, "more_body": cut}

        async def send(message: Message) -> None:
            got.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": said.method,
            "scheme": "http",
            "path": said.path,
            "raw_path": said.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in said.headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 1),
        }
        await self.app(scope, receive, send)
        body = b"".join(each.get("body", b"") for each in got[1:])
        return int(got[0]["status"]), list(got[0]["headers"]), body

    def _make_template(self) -> Path:
        file = self.folder / "template.db"
        Store.open(file, KEY, unsigned(), lambda: BEGINNING).close()
        for path in self.folder.glob("template.db-*"):
            path.unlink()
        return file


class _BrokenOff(httpx2.SyncByteStream):
    """The beginning of an answer, and then nothing more."""

    def __init__(self, beginning: bytes) -> None:
        self._beginning = beginning

    def __iter__(self) -> Iterator[bytes]:
        yield self._beginning
        raise httpx2.RemoteProtocolError("the peer closed the connection without sending the whole body")


@dataclass
class Wire(httpx2.BaseTransport):
    """One desk's wire to the server."""

    ground: Ground
    up: bool = True
    coming: list[Trouble] = field(default_factory=list)
    """What becomes of the next requests."""
    late: list[Said] = field(default_factory=list)
    ends_at: int | None = None
    """The connection breaks after so many bytes of the next answer."""
    requests: int = 0
    passed: int = 0
    """Bytes of bodies, both ways."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        said = Said(request.method, urlsplit(str(request.url)).path, dict(request.headers), request.read())
        trouble = self.coming.pop(0) if self.coming else Trouble.NONE
        if not self.up or trouble is Trouble.LOST:
            raise httpx2.ConnectError("the wire is cut")
        self.requests += 1
        self.passed += len(said.body)
        if trouble is Trouble.SIGN_IN_PAGE:
            return httpx2.Response(200, headers={"content-type": "text/html"}, content=b"<html>", request=request)
        if trouble is Trouble.LATE:
            self.late.append(said)
            raise httpx2.ReadTimeout("nobody answers")
        if trouble is Trouble.TWICE:
            self.ground.ask(said)
        status, headers, body = self.ground.ask(said)
        self.passed += len(body)
        if trouble is Trouble.ANSWER_LOST:
            raise httpx2.ReadError("the answer is lost")
        end, self.ends_at = self.ends_at, None
        if end is not None and end < len(body):
            return httpx2.Response(status, headers=headers, stream=_BrokenOff(body[:end]), request=request)
        return httpx2.Response(status, headers=headers, content=body, request=request)

    def deliver_late(self) -> None:
        """What was slow on its way arrives now; nobody waits for the answer."""
        late, self.late = self.late, []
        for said in reversed(late):
            self.ground.ask(said)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
