"""A column of values for PostgreSQL as one parameter: an array in its binary form, written in one go.

psycopg asks of every single value what it is and how to write it; for the rows of a push that took longer than all
else that storing them takes in Python. Here the caller says the type, and the statement says it again: `%b::uuid[]`.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_BYTEA, _INT8, _TEXT, _UUID = 17, 20, 25, 2950
"""PostgreSQL's own numbers of these types, the same in every version."""
_NULL = b"\xff\xff\xff\xff"
_EIGHT_BYTES = struct.Struct("!q").pack


class Column(bytes):
    """An array as PostgreSQL reads it."""

    __slots__ = ()


def bytes_column(values: Iterable[bytes | None]) -> Column:
    """For `bytea[]`; None is NULL."""
    return _column(_BYTEA, list(values))


def uuid_column(values: Iterable[UUID | None]) -> Column:
    """For `uuid[]`; None is NULL."""
    return _column(_UUID, [None if each is None else each.int.to_bytes(16, "big") for each in values])


def text_column(values: Iterable[str]) -> Column:
    """For `text[]`."""
    return _column(_TEXT, list(map(str.encode, values)))


def number_column(values: Iterable[int]) -> Column:
    """For `bigint[]`."""
    return _column(_INT8, list(map(_EIGHT_BYTES, values)))


def _column(element: int, values: Sequence[bytes | None]) -> Column:
    """Dimensions, whether a value is NULL, type, length, first index; then each value behind its size."""
    if not values:
        return Column(struct.pack("!iiI", 0, 0, element))
    has_null = None in values
    head = struct.pack("!iiIii", 1, has_null, element, len(values), 1)
    if not has_null and len(sizes := set(map(len, present := cast("Sequence[bytes]", values)))) == 1:
        size = sizes.pop().to_bytes(4, "big")
        return Column(head + size + size.join(present))
    parts = [head]
    for each in values:
        parts += (_NULL,) if each is None else (len(each).to_bytes(4, "big"), each)
    return Column(b"".join(parts))


class _ColumnDumper(Dumper):
    """Which array it is, is said by the statement."""

    format = Format.BINARY

    def dump(self, obj: Column) -> Buffer:
        return obj


psycopg.adapters.register_dumper(Column, _ColumnDumper)
