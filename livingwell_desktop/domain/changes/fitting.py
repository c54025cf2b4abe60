"""Whether the values that a change writes are such as its kind's fields can hold.

A change that passed would be read by every page; one value of the wrong shape would stop them all. So it is refused
alone, at the server and again at the desk. What this version does not know, it cannot judge: unknown kinds and
fields fit.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from livingwell_desktop.domain.changes.content import Content, ContentError
from livingwell_desktop.domain.identifiers import is_usual_uuid
from livingwell_desktop.domain.records import Json, RecordKind, kind_named

_PLAIN: tuple[type, ...] = (str, bool, int)
_fitting_of_kinds: dict[str, tuple[RecordKind, Mapping[str, Callable[[Json], bool]]]] = {}


def check_fitting(content: Content) -> None:
    """Raises ContentError when the kind is known and a value cannot be a value of its field."""
    kind = kind_named(content.kind)
    if kind is None:
        return
    fitting = _fitting(kind)
    for name, value in content.set.items():
        if name in fitting and not fitting[name](value):
            raise ContentError(f"the value of {kind.name}.{name} is not of its type")


def _fitting(kind: RecordKind) -> Mapping[str, Callable[[Json], bool]]:
    """What asks a value of each field, worked out once for a kind."""
    known = _fitting_of_kinds.get(kind.name)
    if known is None or known[0] is not kind:
        known = _fitting_of_kinds[kind.name] = kind, {name: _fit(each.type) for name, each in kind.fields.items()}
    return known[1]


def fits(wanted: Any, value: Json) -> bool:
    """Whether JSON can be read as that type. A code that an enumeration does not know yet still fits."""
    return _fit(wanted)(value)


# A page has thousands of values of a few dozen types: what a type asks for is worked out once.
@cache
def _fit(wanted: Any) -> Callable[[Json], bool]:  # noqa: PLR0911 - one line a type
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return _one_of(*map(_fit, arguments))
    if wanted is type(None):
        return lambda value: value is None
    if wanted in _PLAIN:
        return lambda value: type(value) is wanted
    if wanted is float:
        return lambda value: type(value) in (int, float)
    if origin is tuple:
        each = _fit(arguments[0])
        return lambda value: isinstance(value, list) and all(map(each, value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        each = _fit(arguments[1])
        return lambda value: isinstance(value, dict) and all(map(each, value.values()))
    return _fit_of_class(wanted)


def _fit_of_class(wanted: Any) -> Callable[[Json], bool]:
    if wanted is UUID:
        return lambda value: isinstance(value, str) and is_usual_uuid(value)
    if wanted in (date, datetime, time):
        return lambda value: isinstance(value, str) and _reads(wanted, value)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return lambda value: isinstance(value, str)
    if is_dataclass(wanted):
        fields = {name: _fit(hint) for name, hint in get_type_hints(wanted).items()}
        return lambda value: (
            isinstance(value, dict) and all(fields[key](each) for key, each in value.items() if key in fields)
        )
    return lambda _value: True


def _one_of(*fitting: Callable[[Json], bool]) -> Callable[[Json], bool]:
    if len(fitting) == 2:
        one, other = fitting
        return lambda value: one(value) or other(value)
    return lambda value: any(each(value) for each in fitting)


def _reads(wanted: Any, text: str) -> bool:
    try:
        read = wanted.fromisoformat(text)
        if wanted is datetime:
            read.astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True
