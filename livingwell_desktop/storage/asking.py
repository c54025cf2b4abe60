"""Questions to the store: records by id, by indexed fields, by whom they are about."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.records import Held, Json, RecordKind, kind_of, to_json
from livingwell_desktop.storage.migrate import extract
from livingwell_desktop.storage.rows import COLUMNS, Row, held_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Between:
    """A range of an indexed field, both ends included; None is open."""

    first: Any = None
    last: Any = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several values of an indexed field."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """WHERE clause with its parameters. The kind is a literal, or the partial indexes would not be used."""

    where: str
    parameters: tuple[Any, ...]


def find(
    connection: Connection,
    record_type: type[T],
    criteria: dict[str, Any],
    order: str = "",
    newest_first: bool = False,
    limit: int | None = None,
) -> Iterator[Held[T]]:
    """Records of a kind whose indexed fields match. Raises ValueError for a field without an index."""
    kind = kind_of(record_type)
    question = _question(kind, criteria)
    # Without an order asked for, records come as they were made: row numbers grow.
    by = f"{extract(order)} {'DESC' if newest_first else 'ASC'}, number" if order else "number"
    if newest_first:
        by += " DESC"
    most = f" LIMIT {int(limit)}" if limit is not None else ""
    sql = f"SELECT {COLUMNS} FROM record WHERE {question.where} ORDER BY {by}{most}"  # noqa: S608 - names are checked
    for row in connection.exec_driver_sql(sql, question.parameters).all():
        yield cast("Held[T]", held_of(connection, Row(*row), kind))


def values(
    connection: Connection, record_type: type[Any], fields: tuple[str, ...], criteria: dict[str, Any]
) -> list[tuple[Json, ...]]:
    """Only those fields of the records that match, as JSON; a field never written has its default's."""
    kind = kind_of(record_type)
    question = _question(kind, criteria)
    columns = ", ".join(extract(name) for name in fields)
    defaults = tuple(to_json(kind.fields[name].default) for name in fields)
    sql = f"SELECT {columns} FROM record WHERE {question.where}"  # noqa: S608 - names are checked
    return [
        tuple(default if value is None else value for value, default in zip(row, defaults, strict=True))
        for row in connection.exec_driver_sql(sql, question.parameters).all()
    ]


def count(connection: Connection, record_type: type[Any], criteria: dict[str, Any]) -> int:
    """How many records of a kind match."""
    question = _question(kind_of(record_type), criteria)
    sql = f"SELECT count(*) FROM record WHERE {question.where}"  # noqa: S608 - names are checked
    return int(connection.exec_driver_sql(sql, question.parameters).scalar() or 0)


def _question(kind: RecordKind, criteria: dict[str, Any]) -> _Question:
    parts, parameters = [f"kind = '{kind.name}'", "removed = 0"], list[Any]()
    for name, wanted in criteria.items():
        if name not in kind.fields or not (kind.fields[name].indexed or name == kind.subject[0]):
            raise ValueError(f"{kind.name} cannot be found by {name}: declare an index for it")
        if name == kind.subject[0] and isinstance(wanted, UUID):
            parts.append("subject = ?")
            parameters.append(wanted.bytes)
            continue
        column = extract(name)
        match wanted:
            case Between(first, last):
                if first is not None:
                    parts.append(f"{column} >= ?")
                    parameters.append(to_json(first))
                if last is not None:
                    parts.append(f"{column} <= ?")
                    parameters.append(to_json(last))
            case AnyOf(values):
                parts.append(f"{column} IN ({', '.join('?' * len(values))})")
                parameters.extend(to_json(value) for value in values)
            case _ if _is_default(kind, name, wanted):
                # A field that was never written reads as its default and stands nowhere in the body.
                parts.append(f"({column} = ? OR {column} IS NULL)")
                parameters.append(_stored(wanted))
            case _:
                parts.append(f"{column} = ?")
                parameters.append(_stored(wanted))
    return _Question(" AND ".join(parts), tuple(parameters))


def _is_default(kind: RecordKind, name: str, wanted: Any) -> bool:
    return bool(wanted == kind.fields[name].default)


def _stored(value: Any) -> Any:
    plain = to_json(value)
    return int(plain) if isinstance(plain, bool) else plain
