"""A change: one edit of one record, as the byte string its author made.

The bytes are stored, relayed and hashed as they are and never serialised again (`docs/sync-protocol.md`).
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.identifiers import usual_uuid
from livingwell_desktop.domain.records import ChangeId, Json
from livingwell_desktop.domain.strict_json import JsonReader, StrictJsonError, read_json

ENTERED_IN_ERROR = "entered_in_error"
"""The reserved field that removes a record."""

MAX_CONTENT = 1024 * 1024
MAX_STRING = 64 * 1024
MAX_NESTING = 32
MAX_WORD = 200
"""Characters in the name of a kind, an act or a version."""

_LATEST = 1 << 52
"""The highest `at`, milliseconds: what follows it still fits in a JSON number."""


class ContentError(ValueError):
    """Bytes that are not the content of a change. It says which rule they break, never what they hold."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a change says, read from its bytes. `set` holds the fields it writes."""

    record: UUID
    kind: str
    subject: UUID
    sensitivity: int
    parents: tuple[ChangeId, ...]
    set: Mapping[str, Json]
    act: str
    at: int
    """Milliseconds since 1970, UTC. For showing, and for which of two shown values stands."""
    staff: UUID | None
    centre: UUID | None
    program: str
    judged_at: tuple[int, int]
    """Generation and number of the alliance stream that the desk had applied."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change on its way: its name, its bytes, and what proves them."""

    id: ChangeId
    content: bytes
    salt: bytes
    content_hash: bytes
    device: UUID
    signature: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A desk's own chain on the way to the server. `hash` covers the one before, so that nothing can be left out."""

    device: UUID
    n: int
    prev: bytes
    hash: bytes


def content_hash(salt: bytes, content: bytes) -> bytes:
    """SHA-256(salt ‖ content). The salt goes with the content and is erased with it."""
    return hashlib.sha256(salt + content).digest()


def signed_bytes(change_id: ChangeId, hash_of_content: bytes) -> bytes:
    """What the author's device signs."""
    return change_id + hash_of_content


def envelope(device: UUID, n: int, prev: bytes, change_id: ChangeId, hash_of_content: bytes) -> Envelope:
    """The next link of a desk's chain."""
    return Envelope(device, n, prev, link_hash(device, n, prev, change_id, hash_of_content))


def link_hash(device: UUID, n: int, prev: bytes, change_id: ChangeId, hash_of_content: bytes) -> bytes:
    """SHA-256(prev ‖ device ‖ n ‖ id ‖ content hash), n as 8 bytes big-endian."""
    return hashlib.sha256(prev + device.bytes + n.to_bytes(8, "big") + change_id + hash_of_content).digest()


def write_content(content: Content) -> bytes:
    """The bytes of a change: UTF-8 JSON in NFC, no NaN, keys in a fixed order, made once by the author."""
    body = {
        "record": str(content.record),
        "kind": content.kind,
        "subject": str(content.subject),
        "sensitivity": int(content.sensitivity),
        "parents": [parent.hex() for parent in content.parents],
        "set": content.set if isinstance(content.set, dict) else dict(content.set),
        "act": content.act,
        "at": content.at,
        "staff": str(content.staff) if content.staff else None,
        "centre": str(content.centre) if content.centre else None,
        "program": content.program,
        "judged_at": list(content.judged_at),
    }
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode("utf-8")


def read_content(content: bytes, read: JsonReader = read_json) -> Content:
    """Read a change's bytes. Raises ContentError for anything that is not exactly the form of `write_content`."""
    body = strict_json(content, read)
    if not isinstance(body, dict):
        raise ContentError("a change is an object")
    try:
        fields, parents = body["set"], body["parents"]
        if not isinstance(fields, dict) or not isinstance(parents, list):
            raise ContentError("a part of the change has the wrong type")
        if len(fields) <= _USUAL_NAMES:
            _usual_names(tuple(fields))
        else:
            _names(fields)
        generation, number = body["judged_at"]
        staff, centre = body["staff"], body["centre"]
        # In the order of its fields: by name it would take a third longer.
        return Content(
            usual_uuid(body["record"]),
            _word(body["kind"]),
            usual_uuid(body["subject"]),
            _number(body["sensitivity"], 0, 9),
            tuple([_change_id(parent) for parent in parents]),
            MappingProxyType(fields),
            _word(body["act"]),
            _number(body["at"], -_LATEST, _LATEST),
            None if staff is None else usual_uuid(staff),
            None if centre is None else usual_uuid(centre),
            _word(body["program"]),
            (_number(generation, 0, _LATEST), _number(number, 0, _LATEST)),
        )
    except ContentError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContentError("a part of the change is missing or malformed") from error


def strict_json(content: bytes, read: JsonReader = read_json) -> Any:
    """JSON without duplicate keys, NaN, lone surrogates, deep nesting or over-long strings; NFC only."""
    if len(content) > MAX_CONTENT:
        raise ContentError("the content is longer than 1 MB")
    if not content.isascii() and not unicodedata.is_normalized("NFC", _text(content)):
        raise ContentError("the content is not in NFC")
    try:
        value = read(content)
    except StrictJsonError as error:
        raise ContentError(f"the content cannot be read: {error}") from error
    if not _surely_within_limits(content):
        _within_limits(value, 0)
    return value


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError("the content is not UTF-8") from error


def time_of(milliseconds: int) -> datetime:
    """The instant of a change's `at`, held to the years a clock can show."""
    bounded = min(max(milliseconds, 0), 253_402_300_799_000)
    return datetime.fromtimestamp(bounded / 1000, UTC)


def milliseconds_of(at: datetime) -> int:
    """An instant as a change's `at` says it."""
    return int(at.timestamp() * 1000)


def _change_id(text: Any) -> ChangeId:
    identifier = bytes.fromhex(text)
    if len(identifier) != 16 or identifier.hex() != text:
        raise ContentError("a change id is 16 bytes in lower-case hexadecimal")
    return identifier


def _names(names: Iterable[str]) -> None:
    for name in names:
        _word(name)


# Edits of one kind write the same few fields again and again.
_usual_names = lru_cache(maxsize=1024)(_names)
_USUAL_NAMES = 40
"""Not more are remembered: nobody shall fill the memory with names."""


def _word(text: Any) -> str:
    if not isinstance(text, str) or len(text) > MAX_WORD or not text.isprintable():
        raise ContentError("a name is not a short printable text")
    return text


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ContentError("a number is not whole or out of range")
    return value


def _surely_within_limits(content: bytes) -> bool:
    """Too short for a long text, too few brackets for deep nesting, and no escape that could be half a character."""
    brackets = content.count(b"{") + content.count(b"[")
    # To look for one byte is much quicker than to look for two.
    escapes = b"\\" in content and b"\\u" in content
    return len(content) <= MAX_STRING and brackets <= MAX_NESTING and not escapes


def _within_limits(value: Json, depth: int) -> None:
    if depth > MAX_NESTING:
        raise ContentError("the content is nested too deeply")
    if isinstance(value, str):
        _text_within_limits(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _text_within_limits(key)
            _within_limits(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _within_limits(item, depth + 1)


def _text_within_limits(text: str) -> None:
    if len(text) > MAX_STRING and len(text.encode("utf-8", "surrogatepass")) > MAX_STRING:
        raise ContentError("a text is longer than 64 KB")
    if not text.isascii() and any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ContentError("a text holds half a character")
