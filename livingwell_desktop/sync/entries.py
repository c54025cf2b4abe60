"""What stands in a stream, on its way to a desk: changes, voids, whole states, cards, and word that a record leaves.

Each entry is a short list, its kind first: hundreds come in one answer, and a list of lists is read much faster than
objects, and packs smaller.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from livingwell_desktop.domain.changes import Change, Standing, Void
from livingwell_desktop.domain.records import ChangeId, Json
from livingwell_desktop.sync.strict import Binaries, ProtocolError, binary, dump, identifier, whole_number

LARGEST = (1 << 62) - 1
device_text = lru_cache(maxsize=256)(str)
"""A desk's name as text: the same few stand under thousands of changes."""
_OF_A_CHANGE = Binaries(id=16, salt=16, hash=32, signature=64)


@dataclass(frozen=True, slots=True)
class Delivered:
    """One entry of a stream. `nodes` is one change or void, or with `whole` all of a record's graph."""

    number: int
    nodes: tuple[Change | Void, ...] = ()
    whole: bool = False
    leaves: UUID | None = None
    """The record that the desk is to hold no longer."""
    card: tuple[UUID, Mapping[str, Json] | None] | None = None
    """A person, and what the whole alliance may know of them; None when that is withdrawn."""
    problem: str = ""
    """What is wrong with an entry that cannot be read."""


def write_entry(entry: Delivered) -> Json:
    """An entry as JSON."""
    if entry.whole:
        return ["state", entry.number, [_node(each) for each in entry.nodes]]
    if entry.leaves is not None:
        return ["leaves", entry.number, str(entry.leaves)]
    if entry.card is not None:
        person, body = entry.card
        return ["card", entry.number, str(person), None if body is None else dict(body)]
    kind, *rest = _node(entry.nodes[0])
    return [kind, entry.number, *rest]


def read_entry(item: Json) -> Delivered:
    """Raises ProtocolError when not even its number can be read; otherwise a malformed one comes with its `problem`."""
    if not isinstance(item, list) or len(item) < 3:
        raise ProtocolError("an entry is a list")
    number = whole_number(item[1], 0, LARGEST, "number")
    try:
        return _entry(number, item)
    except ProtocolError as error:
        return Delivered(number, (_as_it_came(item),), problem=str(error))


def _entry(number: int, item: list[Json]) -> Delivered:
    match item:
        case ["change", _, *rest]:
            return Delivered(number, (read_change(rest),))
        case ["void", _, *rest]:
            return Delivered(number, (read_void(rest),))
        case ["state", _, [*nodes]]:
            return Delivered(number, tuple(_read_node(each) for each in nodes), whole=True)
        case ["leaves", _, record]:
            return Delivered(number, leaves=identifier(record, "record"))
        case ["card", _, person, None]:
            return Delivered(number, card=(identifier(person, "person"), None))
        case ["card", _, person, dict() as body]:
            return Delivered(number, card=(identifier(person, "person"), MappingProxyType(body)))
    raise ProtocolError("an entry is of no known form")


def write_change(change: Change) -> list[Json]:
    """A change as a list: id, content, salt, content hash, signature, the author's device."""
    return [
        change.id.hex(),
        change.content.decode("utf-8"),
        change.salt.hex(),
        change.content_hash.hex(),
        change.signature.hex(),
        device_text(change.device),
    ]


def read_change(item: list[Json]) -> Change:
    """Raises ProtocolError."""
    if len(item) != 6:
        raise ProtocolError("a change has six parts")
    change_id, content, salt, hashed, signature, device = item
    if not isinstance(content, str):
        raise ProtocolError("content is not a text")
    try:
        raw = content.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ProtocolError("the content holds half a character") from error
    change_id, salt, hashed, signature = _OF_A_CHANGE.read(change_id, salt, hashed, signature)
    return Change(change_id, raw, salt, hashed, identifier(device, "device"), signature)


def write_void(void: Void) -> list[Json]:
    """A void as a list: id, record, parents in one, fields, content hash or nothing, standing."""
    return [
        void.id.hex(),
        str(void.record),
        b"".join(sorted(void.parents)).hex(),
        sorted(void.fields),
        void.content_hash.hex(),
        int(void.standing),
    ]


def read_void(item: list[Json]) -> Void:
    """Raises ProtocolError."""
    if len(item) != 6:
        raise ProtocolError("a void has six parts")
    change_id, record, parents, fields, hashed, standing = item
    if not isinstance(fields, list) or not all(isinstance(each, str) and len(each) <= 200 for each in fields):
        raise ProtocolError("fields are not a list of names")
    if standing not in (Standing.NOT_HELD, Standing.REFUSED, Standing.PURGED) or isinstance(standing, bool):
        raise ProtocolError("a void has no such standing")
    return Void(
        id=binary(change_id, 16, "id"),
        record=identifier(record, "record"),
        parents=_ids(parents),
        fields=frozenset(fields),
        content_hash=b"" if hashed == "" else binary(hashed, 32, "hash"),
        standing=Standing(standing),
    )


def _ids(joined: Json) -> tuple[ChangeId, ...]:
    if not isinstance(joined, str) or len(joined) % 32:
        raise ProtocolError("parents are not change ids")
    return tuple(binary(joined[at : at + 32], 16, "parent") for at in range(0, len(joined), 32))


def _node(node: Change | Void) -> list[Json]:
    return ["change", *write_change(node)] if isinstance(node, Change) else ["void", *write_void(node)]


def _read_node(item: Json) -> Change | Void:
    match item:
        case ["change", *rest]:
            return read_change(rest)
        case ["void", *rest]:
            return read_void(rest)
    raise ProtocolError("a state is made of changes and voids")


def _as_it_came(item: list[Json]) -> Change:
    """An entry that cannot be read, wrapped so that it can be kept: its words are never dropped."""
    try:
        raw = dump(item)
    except (UnicodeEncodeError, ValueError):
        raw = repr([type(each).__name__ for each in item]).encode("ascii", "backslashreplace")
    hashed = hashlib.sha256(raw).digest()
    try:
        change_id = binary(item[2], 16, "id")
    except ProtocolError:
        change_id = hashed[:16]
    return Change(change_id, raw, b"", hashed, UUID(int=0), b"")
