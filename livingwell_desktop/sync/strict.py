"""JSON that came over a wire: read strictly, and never repeated in an error."""

import json
from struct import Struct
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.identifiers import usual_uuid
from livingwell_desktop.domain.records import Json
from livingwell_desktop.domain.strict_json import StrictJsonError
from livingwell_desktop.sync.quick_json import read_json_quickly


class ProtocolError(ValueError):
    """What came is not in the form of the protocol. It says which rule was broken, never what was sent."""


def parse(body: bytes) -> Json:
    """JSON without duplicate keys or NaN. Raises ProtocolError for anything else, however deep or odd."""
    try:
        return read_json_quickly(body)
    except StrictJsonError as error:
        raise ProtocolError(f"the body cannot be read: {error}") from error


def dump(value: Json) -> bytes:
    """Compact JSON as UTF-8. Raises UnicodeEncodeError for half a character, which no author's bytes can hold."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


class Fields:
    """An object whose fields are exactly those named. Each is read once, with its type."""

    def __init__(self, value: Json, names: frozenset[str], optional: frozenset[str] = frozenset()) -> None:
        if not isinstance(value, dict):
            raise ProtocolError("an object was expected")
        if not names <= value.keys() or not value.keys() <= names | optional:
            raise ProtocolError("a field is missing or not known")
        self._value: dict[str, Any] = value

    def text(self, name: str, most: int = 200) -> str:
        """Printable text of at most so many characters."""
        return short_text(self._value.get(name), most, name)

    def has(self, name: str) -> bool:
        """Whether a field that may be missing is there."""
        return name in self._value

    def any(self, name: str) -> Json:
        """Whatever it is; somebody else reads it."""
        return self._value.get(name)

    def any_text(self, name: str) -> str:
        """Any text at all."""
        value = self._value.get(name)
        if not isinstance(value, str):
            raise ProtocolError(f"{name} is not a text")
        return value

    def integer(self, name: str, least: int, most: int) -> int:
        """A whole number in that range; true is not one."""
        return whole_number(self._value.get(name), least, most, name)

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._value.get(name)
        if not isinstance(value, bool):
            raise ProtocolError(f"{name} is not true or false")
        return value

    def binary(self, name: str, size: int) -> bytes:
        """Exactly so many bytes, written in lower-case hexadecimal."""
        return binary(self._value.get(name), size, name)

    def identifier(self, name: str) -> UUID:
        """A UUID in its usual form."""
        return identifier(self._value.get(name), name)

    def optional_identifier(self, name: str) -> UUID | None:
        """A UUID in its usual form, or nothing."""
        value = self._value.get(name)
        return None if value is None else identifier(value, name)

    def items(self, name: str, most: int) -> list[Json]:
        """A list of at most so many."""
        value = self._value.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise ProtocolError(f"{name} is not such a list")
        return value

    def named(self, name: str, most: int) -> dict[str, Json]:
        """An object of at most so many values, whatever they are."""
        value = self._value.get(name)
        if not isinstance(value, dict) or len(value) > most:
            raise ProtocolError(f"{name} is not such an object")
        return value

    def numbers(self, name: str, most: int) -> dict[str, int]:
        """An object of at most so many whole numbers from 0."""
        value = self._value.get(name)
        if not isinstance(value, dict) or len(value) > most:
            raise ProtocolError(f"{name} is not such an object")
        for key, number in value.items():
            if not key.isprintable() or len(key) > 200 or type(number) is not int or not 0 <= number < 1 << 62:
                raise ProtocolError(f"{name} holds something else than numbers")
        return value


def short_text(value: Json, most: int, name: str) -> str:
    """Printable text of at most so many characters. Raises ProtocolError."""
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise ProtocolError(f"{name} is not such a text")
    return value


def whole_number(value: Json, least: int, most: int, name: str) -> int:
    """A whole number in that range; true is not one. Raises ProtocolError."""
    if type(value) is not int or not least <= value <= most:
        raise ProtocolError(f"{name} is not such a number")
    return value


def binary(value: Json, size: int, name: str) -> bytes:
    """Exactly so many bytes from lower-case hexadecimal. Raises ProtocolError."""
    if isinstance(value, str) and len(value) == 2 * size and value.isascii():
        try:
            read = bytes.fromhex(value)
        except ValueError:
            read = b""
        if read.hex() == value:
            return read
    raise ProtocolError(f"{name} is not {size} bytes in hexadecimal")


class Binaries:
    """Several binary values that stand in one list: read at once, which takes a fifth of reading each alone."""

    def __init__(self, **sizes: int) -> None:
        self._sizes = sizes
        self._lengths = [2 * size for size in sizes.values()]
        self._cut = Struct("".join(f"{size}s" for size in sizes.values())).unpack

    def read(self, *values: Json) -> tuple[bytes, ...]:
        """Each exactly so many bytes, from lower-case hexadecimal. Raises ProtocolError about the first that is not."""
        try:
            joined = "".join(values)
            read = bytes.fromhex(joined)
        except (TypeError, ValueError):
            joined, read = "not hexadecimal", b""
        if read.hex() == joined and [len(each) for each in values] == self._lengths:
            return self._cut(read)
        return tuple(binary(each, size, name) for each, (name, size) in zip(values, self._sizes.items(), strict=True))


def identifier(value: Json, name: str) -> UUID:
    """A UUID in its usual form. Raises ProtocolError."""
    if isinstance(value, str):
        try:
            return usual_uuid(value)
        except ValueError:
            pass
    raise ProtocolError(f"{name} is not an id")
