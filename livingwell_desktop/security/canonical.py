"""One way to write a value as JSON bytes, so that what is signed, sealed or compared is the same on every computer."""

import base64
import binascii
import json
from collections.abc import Mapping


class NotCanonicalError(ValueError):
    """The bytes are not what `canonical` writes, or a value in them is not of the expected kind."""


def canonical(value: Mapping[str, object]) -> bytes:
    """Sorted keys, no spaces, UTF-8, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def read_canonical(data: bytes) -> dict[str, object]:
    """The object in the bytes. Raises NotCanonicalError unless `canonical` would write the very same bytes.

    So there is one spelling only: no doubled keys, no other order, no changed white space goes unnoticed.
    """
    value = _read(data)
    if value is None:
        raise NotCanonicalError("not written by this program")
    return value


def _read(data: bytes) -> dict[str, object] | None:
    # The parser's own errors carry the whole text, which may hold keys: none of them gets out of here.
    try:
        value = json.loads(data.decode("utf-8"))
        return value if isinstance(value, dict) and canonical(value) == data else None
    except (ValueError, RecursionError):
        return None


def text_of(data: bytes) -> str:
    """Bytes as text in JSON (base64)."""
    return base64.b64encode(data).decode("ascii")


class Fields:
    """Reads the fields of a JSON object by kind; whatever is missing, extra or of another kind is refused."""

    def __init__(self, value: object, names: frozenset[str]) -> None:
        if not isinstance(value, dict) or value.keys() != names:
            raise NotCanonicalError("other fields than expected")
        self._value: dict[str, object] = value

    def text(self, name: str) -> str:
        """A string."""
        value = self._value[name]
        if not isinstance(value, str):
            raise NotCanonicalError(f"{name} is not text")
        return value

    def number(self, name: str) -> int:
        """A whole number, not below 0."""
        value = self._value[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise NotCanonicalError(f"{name} is not a whole number")
        return value

    def binary(self, name: str, length: int | None = None) -> bytes:
        """Bytes, of just this length when one is given."""
        try:
            data = base64.b64decode(self.text(name), validate=True)
        except (binascii.Error, ValueError) as error:
            raise NotCanonicalError(f"{name} is not base64") from error
        if text_of(data) != self._value[name] or (length is not None and len(data) != length):
            raise NotCanonicalError(f"{name} is not as long as it should be")
        return data

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self._value[name]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise NotCanonicalError(f"{name} is not a list of texts")
        return tuple(value)

    def part(self, name: str) -> object:
        """A value to be read by somebody else."""
        return self._value[name]
