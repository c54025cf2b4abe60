"""Columns of values as PostgreSQL reads them; and a line for a stream that there is not."""

from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.server.columns import Column, bytes_column, number_column, text_column, uuid_column
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.streams import Entry, enter

ONE, OTHER = UUID("0195c000-0000-7000-8000-000000000001"), UUID(int=(1 << 128) - 1)


@pytest.mark.parametrize(
    ("type_name", "column", "values"),
    [
        ("bytea", bytes_column([b"", b"\x00\xff", bytes(70_000), None]), [b"", b"\x00\xff", bytes(70_000), None]),
        ("bytea", bytes_column([b"one"]), [b"one"]),
        ("uuid", uuid_column([ONE, None, OTHER]), [ONE, None, OTHER]),
        ("text", text_column(["", "Ọkáfor 😀", "NULL", '{"a",\\}']), ["", "Ọkáfor 😀", "NULL", '{"a",\\}']),
        ("bigint", number_column([0, -1, (1 << 62) - 1, -(1 << 63)]), [0, -1, (1 << 62) - 1, -(1 << 63)]),
        ("uuid", uuid_column([]), []),
        ("text", text_column(iter(())), []),
    ],
)
@pytest.mark.parametrize("marker", ["%s", "%b"])
def test_a_column_is_read_as_the_values_it_was_made_of(
    database_url: str, type_name: str, column: Column, values: list[object], marker: str
) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(f"SELECT {marker}::{type_name}[]", (column,)).fetchone()
    assert row == (values,)


def test_a_line_for_a_stream_that_there_is_not_is_never_lost_in_silence(database_url: str) -> None:
    database = Database(database_url)
    try:
        with pytest.raises(LookupError), database.transaction() as connection:
            enter(
                connection,
                [Entry(name, "k", None, ONE, "", 0) for name in ("alliance", "a stream that there is not")],
            )
        with database.transaction() as connection:
            assert connection.execute("SELECT count(*) FROM entry").fetchone() == (0,)
    finally:
        database.close()
