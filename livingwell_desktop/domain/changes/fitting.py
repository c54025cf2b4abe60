"""Whether the values that a change writes are such as its kind's fields can hold.

A change that passed would be read by every page; one value of the wrong shape would stop them all. So it is refused
alone, at the server and again at the desk. What this version does not know, it cannot judge: unknown kinds and
fields fit.
"""

import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from livingwell_desktop.domain.changes.content import Content, ContentError
from livingwell_desktop.domain.records import Json, kind_named

_PLAIN: tuple[type, ...] = (str, bool, int)


def check_fitting(content: Content) -> None:
    """Raises ContentError when the kind is known and a value cannot be a value of its field."""
    kind = kind_named(content.kind)
    if kind is None:
        return
    for name, value in content.set.items():
        declared = kind.fields.get(name)
        if declared is not None and not fits(declared.type, value):
            raise ContentError(f"the value of {kind.name}.{name} is not of its type")


def fits(wanted: Any, value: Json) -> bool:  # noqa: PLR0911 - one line a type
    """Whether JSON can be read as that type. A code that an enumeration does not know yet still fits."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return any(fits(each, value) for each in arguments)
    if wanted is type(None):
        return value is None
    if wanted in _PLAIN:
        return type(value) is wanted
    if wanted is float:
        return type(value) in (int, float)
    if origin is tuple:
        return isinstance(value, list) and all(fits(arguments[0], each) for each in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, dict) and all(fits(arguments[1], each) for each in value.values())
    if wanted in (UUID, date, datetime, time):
        return isinstance(value, str) and _reads(wanted, value)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return isinstance(value, str)
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return isinstance(value, dict) and all(fits(hints[key], each) for key, each in value.items() if key in hints)
    return True


def _reads(wanted: Any, text: str) -> bool:
    try:
        if wanted is UUID:
            return str(UUID(text)) == text
        read = wanted.fromisoformat(text)
        if wanted is datetime:
            read.astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True
