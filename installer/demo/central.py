"""The demo's central server: real PostgreSQL, real HTTP on loopback."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.server.folders import make_alliance_key, read_alliance_key
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.server.login import make_login
from livingwell_desktop.server.schema import migrate
from livingwell_desktop.server.serving import RunningServer

Clock = Callable[[], datetime]


@dataclass
class Central:
    """A running central server, which can be stopped and started again on the same port."""

    postgres: EmbeddedPostgres
    database_url: str
    alliance: AllianceKey
    server: RunningServer
    clock: Clock

    def one_time_code(self) -> str:
        """A code with which one desk may join."""
        database = Database(self.database_url)
        try:
            with database.transaction() as connection:
                return make_code(connection, self.clock())
        finally:
            database.close()

    def counts(self) -> dict[str, int]:
        """How many records of each kind the server has changes of."""
        database = Database(self.database_url)
        try:
            with database.transaction() as connection:
                rows = connection.execute("SELECT kind, count(*) FROM record GROUP BY kind").fetchall()
        finally:
            database.close()
        return {str(kind): int(number) for kind, number in rows}

    def reached(self) -> int:
        """How far the alliance's stream goes on the server. An edit moves no count of records, but it moves this."""
        database = Database(self.database_url)
        try:
            with database.transaction() as connection:
                row = connection.execute("SELECT number FROM stream WHERE name = 'alliance'").fetchone()
        finally:
            database.close()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Stop the server, then its database."""
        self.server.stop()
        self.postgres.stop()


def start_central(folder: Path, clock: Clock, *, fsync: bool = True, port: int = 0) -> Central:
    """Start the central server in `folder`, setting it up the first time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_file = folder / "alliance.key"
    alliance = read_alliance_key(folder) if key_file.exists() else make_alliance_key(folder)[0]
    postgres = EmbeddedPostgres(folder / "postgres", fsync=fsync)
    url = postgres.start()
    try:
        migrate(url)
        server = RunningServer(make_login(url), alliance, clock, port, folder)
        server.start()
    except BaseException:
        postgres.stop()
        raise
    return Central(postgres, url, alliance, server, clock)
