"""A real central server on a real PostgreSQL, for tests and the tour: one cluster, a fresh database for each test."""

import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import conninfo, sql

from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.server.login import make_login
from livingwell_desktop.server.schema import migrate
from livingwell_desktop.storage import Signer, Store
from livingwell_desktop.sync.client import ServerClient, enrol
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.joining import Enrolled, EnrolRequest

ALLIANCE = AllianceKey(bytes(range(32)))
CENTRE = UUID("0195c000-0000-7000-8000-0000000000c1")
STAFF = UUID("0195c000-0000-7000-8000-0000000000f1")


OWN_CLUSTER = "LIVINGWELL_TEST_DATABASE"
"""The variable with the URL of a PostgreSQL for the server's tests, as one of its superusers, instead of our own."""


@contextmanager
def cluster(folder: Path) -> Iterator["Databases"]:
    """Databases on the embedded PostgreSQL, or on the one that the variable names; all are dropped at the end."""
    given = os.environ.get(OWN_CLUSTER)
    if given:
        databases = Databases(given, f"livingwell_test_{secrets.token_hex(4)}")
        try:
            yield databases
        finally:
            databases.drop()
        return
    postgres = EmbeddedPostgres(folder, fsync=False)
    url = postgres.start()
    try:
        yield Databases(url)
    finally:
        postgres.remove()


class Databases:
    """Fresh databases copied from one that was migrated once."""

    def __init__(self, cluster_url: str, prefix: str = "test") -> None:
        self._cluster_url = cluster_url
        self._names = (f"{prefix}_{number}" for number in itertools.count())
        self._made: list[str] = []
        template = self.empty()
        migrate(template)
        self._template = conninfo.conninfo_to_dict(template)["dbname"]
        self._login = conninfo.conninfo_to_dict(make_login(template, f"{prefix}_login"))

    def fresh(self) -> str:
        """The URL of a new, migrated, empty database."""
        return self._create(str(self._template).encode())

    def empty(self) -> str:
        """The URL of a new database without a schema."""
        return self._create(b"")

    def served(self, database_url: str) -> str:
        """The URL of the same database by the login of a running server."""
        return conninfo.make_conninfo(database_url, user=self._login["user"], password=self._login["password"])

    def copy_of(self, database_url: str) -> str:
        """A backup of a database that nobody uses at the moment, restored into a new one."""
        return self._create(str(conninfo.conninfo_to_dict(database_url)["dbname"]).encode())

    def drop(self) -> None:
        """Drop every database that was made here, and the login."""
        with psycopg.connect(self._cluster_url, autocommit=True) as connection:
            for name in self._made:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(str(self._login["user"]))))

    def _create(self, template: bytes) -> str:
        name = next(self._names)
        with psycopg.connect(self._cluster_url, autocommit=True) as connection:
            copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template.decode())) if template else sql.SQL("")
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)
        self._made.append(name)
        return conninfo.make_conninfo(self._cluster_url, dbname=name)


def code_for(database_url: str, clock: Clock) -> str:
    """A one-time code, as the operator's command prints it."""
    database = Database(database_url)
    try:
        with database.transaction() as connection:
            return make_code(connection, clock())
    finally:
        database.close()


def code_for_now(database_url: str) -> str:
    """A one-time code for a server that runs by the real clock."""
    return code_for(database_url, lambda: datetime.now(UTC))


class JoinedDesk:
    """A desk that the alliance enrolled: its keys, its store, and an engine that is started only when asked to."""

    def __init__(self, url: str, code: str, name: str, file: Path, clock: Clock, centre: UUID = CENTRE) -> None:
        self.key = Ed25519PrivateKey.generate()
        request = EnrolRequest(code, name, self.key.public_key().public_bytes_raw(), centre)
        self.enrolled: Enrolled = enrol(url, request)
        self._open(url, file, clock)
        self.store.audit.trust_alliance(self.enrolled.alliance_key)

    def _open(self, url: str, file: Path, clock: Clock) -> None:
        self.url, self.file, self.clock = url, file, clock
        signer = Signer(self.enrolled.device, self.key.sign)
        self.store = Store.open(file, bytes(range(32)), signer, clock)
        self.client = ServerClient(url, self.store.signer.device, self.store.signer.sign)
        self.engine = SyncEngine(self.store, self.client, clock)

    def reopen(self, url: str = "") -> None:
        """Close the store and open it again, as after a lock; at another address of the server when one is given."""
        self.close()
        self._open(url or self.url, self.file, self.clock)

    def copied(self, file: Path) -> "JoinedDesk":
        """A desk that was made by copying this one's disk."""
        self.store.back_up(file)
        copy = object.__new__(JoinedDesk)
        copy.key, copy.enrolled = self.key, self.enrolled
        copy._open(self.url, file, self.clock)
        return copy

    @property
    def device(self) -> UUID:
        return self.store.signer.device

    def exchange(self) -> None:
        """Send and fetch everything, now, in the test's own thread."""
        self.engine.exchange_all()

    def close(self) -> None:
        self.engine.stop()
        self.store.close()


@contextmanager
def joined_desks(server_url: str, database_url: str, folder: Path, clock: Clock) -> Iterator[Callable[..., JoinedDesk]]:
    """Make desks of that server; all are closed at the end."""
    made: list[JoinedDesk] = []

    def join(name: str = "", url: str = "", centre: UUID = CENTRE) -> JoinedDesk:
        name = name or f"Desk {len(made) + 1}"
        desk = JoinedDesk(url or server_url, code_for(database_url, clock), name, folder / f"{name}.db", clock, centre)
        made.append(desk)
        return desk

    try:
        yield join
    finally:
        for desk in made:
            desk.close()
