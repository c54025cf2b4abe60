"""People search: an FTS5 table of folded names, dates of birth and digits, kept with every write of a person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Connection

from livingwell_desktop.domain.contact_details import parse_phone, searchable_digits
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.names import fold, search_words
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held, Json, kind_of
from livingwell_desktop.domain.searching import Query, Reading, Term, TermKind, local_number_key
from livingwell_desktop.storage.rows import COLUMNS, Row, held_of

NAME_FIELDS = ("given_name", "family_name", "preferred_name", "other_names")
Words = tuple[str, str, str, str]
"""What a person can be found by, as tokens of the four columns: name, date of birth, phone, numbers."""
MOST_WEIGHED = 200
"""How many matches are read to find the best. More than these means that the typing says too little yet."""
MOST_COUNTED = 1_000
"""How far matches are counted. More than these is "over 1,000"."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best matches and how many there are in all, counted up to just over `MOST_COUNTED`."""

    people: tuple[Held[Person], ...]
    total: int


def index_person(connection: Connection, number: int, before: Words | None, after: Words | None) -> None:
    """Bring the search row of a person up to date; None when they are not to be found."""
    if before == after:
        return
    if before is not None:
        connection.exec_driver_sql("DELETE FROM person_search WHERE rowid = ?", (number,))
    if after is not None:
        connection.exec_driver_sql(
            "INSERT INTO person_search (rowid, name, born, phone, number) VALUES (?, ?, ?, ?, ?)", (number, *after)
        )


def index_new_people(connection: Connection, people: Sequence[tuple[bytes, Words]]) -> None:
    """Add the search rows of people whose records have just been added."""
    if people:
        connection.exec_driver_sql(
            "INSERT INTO person_search (rowid, name, born, phone, number)"
            " SELECT number, ?, ?, ?, ? FROM record WHERE id = ?",
            [(*words, record) for record, words in people],
        )


def search_columns(body: Mapping[str, Json]) -> Words:
    """What a person can be found by."""
    names = [word for f in NAME_FIELDS for word in search_words(str(body.get(f) or ""))]
    born = date.fromisoformat(body["born"]) if body.get("born") else None
    birth = [f"d{born.day}", f"m{born.month}", f"y{born.year}"] if born else []
    digits = _phone_digits(str(body.get("phone") or ""))
    phone = [f"p{digits}", f"r{digits[::-1]}"] if digits else []
    number = [f"n{body['nhs_number']}"] if body.get("nhs_number") else []
    if body.get("local_number"):
        number.append(f"l{local_number_key(str(body['local_number']))}")
    return " ".join(names), " ".join(birth), " ".join(phone), " ".join(number)


def _phone_digits(typed: str) -> str:
    if not typed:
        return ""
    try:
        return searchable_digits(parse_phone(typed))
    except Problem:
        return "".join(sign for sign in typed if sign.isdigit())


def search_people(connection: Connection, query: Query, limit: int, without: Sequence[bytes] = ()) -> Found:
    """People for whom all terms of any one reading hold, those with whole words matched first.

    Those in `without` are neither shown nor counted.
    """
    expression = match_expression(query)
    if not expression:
        return Found((), 0)
    hidden = _numbers(connection, without)
    but = f" AND rowid NOT IN ({', '.join(map(str, hidden))})" if hidden else ""
    matching = f"SELECT rowid FROM person_search WHERE person_search MATCH ?{but} LIMIT ?"  # noqa: S608 - numbers only
    counted = f"SELECT count(*) FROM ({matching})"  # noqa: S608 - own names
    total = int(connection.exec_driver_sql(counted, (expression, MOST_COUNTED + 1)).scalar() or 0)
    columns = ", ".join(f"record.{name}" for name in COLUMNS.split(", "))
    sql = (
        f"SELECT {columns} FROM person_search JOIN record ON record.number = person_search.rowid"  # noqa: S608 - own names
        f" WHERE person_search MATCH ?{but.replace('rowid', 'person_search.rowid')} LIMIT ?"
    )
    rows = [Row(*row) for row in connection.exec_driver_sql(sql, (expression, max(limit, MOST_WEIGHED))).all()]
    prefixes = query.name_prefixes
    best = sorted(rows, key=lambda row: _rank(prefixes, json.loads(row.body)))[:limit]
    kind = kind_of(Person)
    return Found(tuple(cast("Held[Person]", held_of(connection, row, kind)) for row in best), total)


def match_expression(query: Query) -> str:
    """The full-text question for any one reading of what was typed; empty when nothing can be asked."""
    return " OR ".join(f"({each})" for each in map(_expression, query.readings) if each)


def _numbers(connection: Connection, people: Sequence[bytes]) -> list[int]:
    """The row numbers of those people."""
    sql = "SELECT number FROM record WHERE id = ?"
    found = (connection.exec_driver_sql(sql, (each,)).scalar() for each in people)
    return [int(number) for number in found if number is not None]


def _rank(prefixes: tuple[str, ...], body: Mapping[str, Json]) -> tuple[int, str, str, str]:
    """Whole words first, then by name. Over the JSON, as most rows are weighed only to be left out."""
    given, family = str(body.get("given_name") or ""), str(body.get("family_name") or "")
    whole = fold(f"{given} {family}").split()
    hits = sum(prefix in whole for prefix in prefixes)
    return (-hits, family.casefold(), given.casefold(), str(body.get("born")))


def _expression(reading: Reading) -> str:
    return " AND ".join(part for part in map(_term, reading) if part)


def _term(term: Term) -> str:
    value = "".join(sign for sign in term.value if sign.isalnum() or sign == " ")
    if term.kind is TermKind.BORN and term.born is not None:
        parts = (("d", term.born.day), ("m", term.born.month), ("y", term.born.year))
        return " AND ".join(f'born : "{letter}{part}"' for letter, part in parts if part is not None)
    if not value:
        return ""
    if term.kind is TermKind.NAME:
        return f'name : "{value}" *'
    phone = f'(phone : "p{value}" * OR phone : "r{value[::-1]}" *)'
    local = f'number : "l{value}" *'
    if term.kind is TermKind.PHONE:
        return phone
    if term.kind is TermKind.LOCAL_NUMBER:
        return local
    return f'({phone} OR {local} OR number : "n{value}" *)'
