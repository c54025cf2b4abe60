"""What a connection is after it was asked something without a transaction."""

import psycopg
import pytest

from livingwell_desktop.server.database import Database


def test_what_is_asked_by_itself_leaves_the_connection_as_it_was(database_url: str) -> None:
    database = Database(database_url, connections=1)
    try:
        with database.asking() as connection:
            assert connection.execute("SELECT number FROM stream").fetchall() == [(0,)]
        with pytest.raises(psycopg.errors.UndefinedTable), database.asking() as connection:
            connection.execute("SELECT 1 FROM what_is_not_there")
        with pytest.raises(InterruptedError), database.transaction() as connection:
            connection.execute("INSERT INTO stream (name, number, centre, sensitivity) VALUES ('one', 0, NULL, 0)")
            raise InterruptedError
        with database.transaction() as connection:
            assert connection.execute("SELECT name FROM stream").fetchall() == [("alliance",)]
    finally:
        database.close()
