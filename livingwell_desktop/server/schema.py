"""The database's schema: Alembic migrations from the first day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.pool import NullPool

from livingwell_desktop.server.database import Connection, connect

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database_url: str, revision: str = "head") -> None:
    """Bring the database up to this version, or to an earlier one; each migration is committed by itself.

    Needs a role that may change the schema.
    """
    with _opened(database_url) as opened:
        _upgrade(opened, revision)
        opened.commit()


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """One transaction that makes schema and rows anew: `connection` and the migrations are both in it."""

    connection: Connection
    _opened: sqlalchemy.Connection

    def migrate(self, revision: str = "head") -> None:
        """Bring the database up to this version, or to an earlier one for a backup made then."""
        _upgrade(self._opened, revision)


@contextmanager
def rebuilding(database_url: str) -> Iterator[Rebuilding]:
    """Whatever happens inside: the database is as it was until the end is reached, and then it is as it was left.

    Needs a role that may change the schema.
    """
    with _opened(database_url) as opened, opened.begin():
        yield Rebuilding(cast("Connection", opened.connection.driver_connection), opened)


def newest_revision() -> str:
    """The name of the newest migration, which this version of the program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


@contextmanager
def _opened(database_url: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connect(database_url), poolclass=NullPool, hide_parameters=True
    )
    try:
        with engine.connect() as opened:
            yield opened
    finally:
        engine.dispose()


def _upgrade(opened: sqlalchemy.Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = opened
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
