"""What an old file holds: at least two records of every kind that the program declares, made from the declarations."""

import types
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from livingwell_desktop.domain.catalogue import kinds
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import RecordKind

FIRST = 0x0195C100_0000_7000_8000 << 48


def made(number: int) -> UUID:
    """The id of the record of that number."""
    return UUID(int=FIRST + number)


def records() -> Iterator[tuple[UUID, Any]]:
    """Every kind, twice: every field filled in, and only what must be. Ids count on and never change."""
    number = 0
    for kind in sorted(kinds(), key=lambda each: each.name):
        for full in (True, False):
            number += 1
            yield made(number), _record(kind, number, full=full)


def _record(kind: RecordKind, number: int, *, full: bool) -> Any:
    hints = get_type_hints(kind.type)
    named = set(kind.subject) - {"self"}
    wanted = set(kind.fields) if full else named & set(kind.fields)
    values = {name: _value(hints[name], name, number) for name in wanted}
    if kind.type is Person:
        values |= {"given_name": "Ngozi" if full else "", "family_name": "Okafor" if full else "Wójcik"}
    return kind.type(**values)


def _value(hint: Any, name: str, number: int) -> Any:
    """Something of that type that is not its default."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _value(next(each for each in get_args(hint) if each is not type(None)), name, number)
    if origin is tuple:
        return (_value(get_args(hint)[0], name, number),)
    if origin is not None and issubclass(origin, Mapping):
        return {"mental_health": 4}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)[-1]
    plain = {
        str: f"{name.replace('_', ' ')} {number}, “ŵ” and 👋",
        bool: True,
        int: number,
        float: number / 2,
        UUID: made(number),
        date: date(1986, 3, 14),
        time: time(17, 30),
        datetime: datetime(2026, 11, 23, 10, 43, tzinfo=UTC),
    }
    return plain[hint]
