"""Record values to JSON and back. What this version does not know is the store's to keep, not ours to lose."""

import dataclasses
import types
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from livingwell_desktop.domain.records.declaration import Json, RecordKind


def to_json(value: Any) -> Json:  # noqa: PLR0911 - one line a type
    """Any value a record field may hold, as JSON. Text is normalised to NFC; instants are UTC with milliseconds."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case UUID() | date() if not isinstance(value, datetime):
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case time():
            return value.isoformat(timespec="minutes")
        case Mapping():
            return {str(key): to_json(item) for key, item in value.items()}
        case tuple() | list() | frozenset():
            return [to_json(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"a record field cannot hold {type(value).__name__}")


@cache
def reader(wanted: Any) -> Callable[[Json], Any]:  # noqa: PLR0911 - one line a type
    """The function that turns JSON into a value of that type. An unknown enum code is kept as the plain text it is."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        inner = reader(next(a for a in arguments if a is not type(None)))
        return lambda json: None if json is None else inner(json)
    if origin is tuple:
        item = reader(arguments[0])
        return lambda json: tuple(item(each) for each in json)
    if origin is not None and issubclass(origin, Mapping):
        item = reader(arguments[1])
        return lambda json: types.MappingProxyType({key: item(each) for key, each in json.items()})
    if wanted is UUID:
        return UUID
    if wanted is datetime:
        return lambda json: datetime.fromisoformat(json).astimezone(UTC)
    if wanted in (date, time):
        return wanted.fromisoformat  # type: ignore[no-any-return]  # both classes have it, Any hides it
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        codes = {each.value: each for each in wanted}
        return lambda json: codes.get(json, json)
    if dataclasses.is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return lambda json: wanted(**{k: reader(hints[k])(v) for k, v in json.items() if k in hints})  # type: ignore[operator]  # a class
    return lambda json: json


def value_of(kind: RecordKind, body: Mapping[str, Json]) -> Any:
    """The record as a frozen value. A field never written has its declared default; unknown fields stay in the body."""
    read = _readers(cast("Hashable", kind.type))
    return kind.type(**{name: read[name](value) for name, value in body.items() if name in read})


@cache
def _readers(record_type: Hashable) -> Mapping[str, Callable[[Json], Any]]:
    return {each: reader(hint) for each, hint in get_type_hints(record_type).items()}


def body_of(kind: RecordKind, value: Any) -> dict[str, Json]:
    """The fields of a value that differ from their declared defaults: what creating it writes."""
    return {name: to_json(getattr(value, name)) for name, f in kind.fields.items() if getattr(value, name) != f.default}
