"""Connections to PostgreSQL: a small pool, each in the role that can neither change nor delete what was written.

What serves one desk runs in a role that sees that desk's rows only, for that transaction only (`Sees`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

Connection = psycopg.Connection[tuple[Any, ...]]

SERVER_ROLE = "livingwell_server"
DESK_ROLE = "livingwell_desk"
_CONNECTIONS = 8
_SECONDS_FOR_A_STATEMENT = 30
_SECONDS_FOR_A_CONNECTION = 10


class DatabaseAwayError(Exception):
    """The database does not answer, or all connections are busy. Trying again later is right."""


def connect(database_url: str, *, autocommit: bool = False) -> Connection:
    """A connection of its own. Raises psycopg.OperationalError."""
    return psycopg.connect(database_url, autocommit=autocommit, connect_timeout=_SECONDS_FOR_A_CONNECTION)


@dataclass(frozen=True, slots=True)
class Sees:
    """For whom a transaction is: row-level security shows it what this desk may hold, and nothing else."""

    device: UUID
    centres: Sequence[UUID]
    streams: Sequence[str]
    level: int


class Database:
    """A pool of connections; threads may share it."""

    def __init__(self, database_url: str, connections: int = _CONNECTIONS) -> None:
        self.url = database_url
        self._pool = QueuePool(self._connect, pool_size=connections, max_overflow=0, timeout=_SECONDS_FOR_A_CONNECTION)

    @contextmanager
    def transaction(self, sees: Sees | None = None) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back by any error. Raises DatabaseAwayError."""
        with self._one() as connection:
            try:
                if sees is not None:
                    _narrow(connection, sees)
                yield connection
                connection.commit()
            except psycopg.OperationalError:
                raise
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """To read something: each statement by itself, without the two more that begin and end a transaction.

        Raises DatabaseAwayError.
        """
        with self._one() as connection:
            connection.autocommit = True
            try:
                yield connection
            finally:
                if not connection.closed:
                    connection.autocommit = False

    @contextmanager
    def _one(self) -> Iterator[Connection]:
        try:
            pooled = self._pool.connect()
        except (psycopg.OperationalError, PoolTimeoutError) as error:
            raise DatabaseAwayError from error
        try:
            yield cast("Connection", pooled.driver_connection)
        except psycopg.OperationalError as error:
            pooled.invalidate()
            raise DatabaseAwayError from error
        finally:
            pooled.close()

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._pool.dispose()

    def _connect(self) -> Any:
        connection = connect(self.url)
        connection.execute(f"SET ROLE {SERVER_ROLE}")
        connection.execute(f"SET statement_timeout = '{_SECONDS_FOR_A_STATEMENT}s'")
        connection.commit()
        return connection


def _narrow(connection: Connection, sees: Sees) -> None:
    """Until this transaction ends: `true` makes it local, so that the next user of the connection has none of it."""
    connection.execute(
        "SELECT set_config('livingwell.device', %s, true), set_config('livingwell.centres', %s::uuid[]::text, true),"
        " set_config('livingwell.streams', %s::text[]::text, true), set_config('livingwell.level', %s, true)",
        (str(sees.device), list(sees.centres), list(sees.streams), str(sees.level)),
    )
    connection.execute(f"SET LOCAL ROLE {DESK_ROLE}")
