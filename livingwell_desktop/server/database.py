"""Connections to PostgreSQL: a small pool, each in the role that can neither change nor delete what was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

Connection = psycopg.Connection[tuple[Any, ...]]

_ROLE = "livingwell_server"
_CONNECTIONS = 8
_SECONDS_FOR_A_STATEMENT = 30
_SECONDS_FOR_A_CONNECTION = 10


class DatabaseAwayError(Exception):
    """The database does not answer, or all connections are busy. Trying again later is right."""


def connect(database_url: str, *, autocommit: bool = False) -> Connection:
    """A connection of its own. Raises psycopg.OperationalError."""
    return psycopg.connect(database_url, autocommit=autocommit, connect_timeout=_SECONDS_FOR_A_CONNECTION)


class Database:
    """A pool of connections; threads may share it."""

    def __init__(self, database_url: str) -> None:
        self.url = database_url
        self._pool = QueuePool(self._connect, pool_size=_CONNECTIONS, max_overflow=0, timeout=_SECONDS_FOR_A_CONNECTION)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back by any error. Raises DatabaseAwayError."""
        try:
            pooled = self._pool.connect()
        except (psycopg.OperationalError, PoolTimeoutError) as error:
            raise DatabaseAwayError from error
        connection = cast("Connection", pooled.driver_connection)
        try:
            yield connection
            connection.commit()
        except psycopg.OperationalError as error:
            pooled.invalidate()
            raise DatabaseAwayError from error
        except BaseException:
            connection.rollback()
            raise
        finally:
            pooled.close()

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._pool.dispose()

    def _connect(self) -> Any:
        connection = connect(self.url)
        connection.execute(f"SET ROLE {_ROLE}")
        connection.execute(f"SET statement_timeout = '{_SECONDS_FOR_A_STATEMENT}s'")
        connection.commit()
        return connection
