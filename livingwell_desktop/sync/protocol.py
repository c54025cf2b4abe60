"""What a desk and the server say to each other: frozen values, and their JSON (`docs/sync-protocol.md`)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

from livingwell_desktop.domain.changes import Change, ContentError, Envelope
from livingwell_desktop.domain.records import Json
from livingwell_desktop.sync.strict import Fields, ProtocolError, binary, dump, parse

PROTOCOL = 1
STREAM = "alliance"
"""The one stream there is so far."""

MAX_REQUEST_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 20_000_000
MAX_CHANGES = 1000
MAX_PAGE_BYTES = 4_000_000
"""Content in one page of an answer; one act that is larger still comes whole."""

_LARGEST = (1 << 62) - 1


@dataclass(frozen=True, slots=True)
class Offered:
    """One of the desk's own changes on its way to the server, with its place in the desk's chain."""

    change: Change
    envelope: Envelope
    act: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A change in a request that has a name and is otherwise malformed: it alone is refused."""

    change: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    """The server's word that it holds a change: its id and its content hash."""

    change: bytes
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """The server's word that it does not take a change, and why. The words stay on the desk."""

    change: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A change of a stream on its way to a desk. `problem` says what is wrong with one that cannot be read."""

    stream: str
    number: int
    change: Change
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """Push and pull in one idempotent request."""

    program: str
    cursors: Mapping[str, int]
    changes: tuple[Offered | Unreadable, ...] = ()
    limit: int = 500
    protocol: int = PROTOCOL


@dataclass(frozen=True, slots=True)
class ExchangeAnswer:
    """What became of each change pushed, then the next page of each stream. `more` asks to come back at once."""

    receipts: tuple[Received, ...]
    refused: tuple[Refused, ...]
    changes: tuple[Delivered, ...]
    cursors: Mapping[str, int]
    more: bool
    server_time: datetime
    protocol: int = PROTOCOL


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """A new desk shows its one-time code and its public key."""

    code: str = field(repr=False)
    name: str
    public_key: bytes
    centre: UUID | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the alliance gave a desk: its id, the letter of its tickets, and the certificate for both."""

    device: UUID
    letter: str
    certificate: bytes
    alliance_key: bytes
    centre: UUID | None


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A desk proves its key by signing the server's nonce."""

    device: UUID
    nonce: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """An opaque token, bound to the desk, and how many seconds it lasts."""

    token: str = field(repr=False)
    seconds: int


NONCE_BYTES = 48
"""16 random bytes, then the server's own mark over them and the time."""


def session_message(device: UUID, nonce: bytes) -> bytes:
    """What a desk signs to be let in. The first words keep it apart from everything else the key signs."""
    return b"livingwell session 1\x00" + device.bytes + nonce


def certificate_message(device: UUID, public_key: bytes, letter: str, centre: UUID | None) -> bytes:
    """What the alliance's key signs for a desk."""
    home = centre.bytes if centre else bytes(16)
    return b"livingwell device 1\x00" + device.bytes + public_key + home + letter.encode("ascii")


# Exchange, asked

_REQUEST = frozenset({"protocol", "program", "cursors", "changes", "limit"})
_OFFERED = frozenset({"id", "content", "salt", "hash", "signature", "device", "act", "n", "prev", "chain"})


def write_request(request: ExchangeRequest) -> bytes:
    """The request as JSON. Raises TypeError for a change that is not readable: a desk sends none."""
    return dump(
        {
            "protocol": request.protocol,
            "program": request.program,
            "cursors": dict(request.cursors),
            "changes": [_offered_json(each) for each in request.changes],
            "limit": request.limit,
        }
    )


def read_request(body: bytes) -> ExchangeRequest:
    """Raises ProtocolError; a single malformed change that has an id becomes `Unreadable`."""
    fields = Fields(parse(body), _REQUEST)
    return ExchangeRequest(
        protocol=fields.integer("protocol", 0, 1 << 30),
        program=fields.text("program", 50),
        cursors=MappingProxyType(fields.numbers("cursors", 100)),
        changes=tuple(_offered(item) for item in fields.items("changes", MAX_CHANGES)),
        limit=fields.integer("limit", 0, MAX_CHANGES),
    )


def _offered_json(offered: Offered | Unreadable) -> Json:
    if isinstance(offered, Unreadable):
        raise TypeError("a desk sends no unreadable change")
    change, envelope = offered.change, offered.envelope
    return {
        **_change_json(change),
        "act": offered.act,
        "n": envelope.n,
        "prev": envelope.prev.hex(),
        "chain": envelope.hash.hex(),
    }


def _offered(item: Json) -> Offered | Unreadable:
    if not isinstance(item, dict):
        raise ProtocolError("a change is an object")
    change_id = binary(item.get("id"), 16, "id")
    try:
        fields = Fields(item, _OFFERED)
        change = _change(fields, change_id)
        link = Envelope(
            change.device, fields.integer("n", 1, _LARGEST), fields.binary("prev", 32), fields.binary("chain", 32)
        )
        return Offered(change, link, fields.text("act"))
    except (ProtocolError, ContentError) as error:
        return Unreadable(change_id, str(error))


def _change_json(change: Change) -> dict[str, Json]:
    return {
        "id": change.id.hex(),
        "content": change.content.decode("utf-8"),
        "salt": change.salt.hex(),
        "hash": change.content_hash.hex(),
        "signature": change.signature.hex(),
        "device": str(change.device),
    }


def _change(fields: Fields, change_id: bytes) -> Change:
    try:
        content = fields.any_text("content").encode("utf-8")
    except UnicodeEncodeError as error:
        raise ProtocolError("the content holds half a character") from error
    return Change(
        id=change_id,
        content=content,
        salt=fields.binary("salt", 16),
        content_hash=fields.binary("hash", 32),
        device=fields.identifier("device"),
        signature=fields.binary("signature", 64),
    )


# Exchange, answered

_ANSWER = frozenset({"protocol", "receipts", "refused", "changes", "cursors", "more", "server_time"})
_RECEIPT = frozenset({"id", "hash"})
_REFUSED = frozenset({"id", "reason"})
_DELIVERED = frozenset({"stream", "number", "id", "content", "salt", "hash", "signature", "device"})


def write_answer(answer: ExchangeAnswer) -> bytes:
    """The answer as JSON."""
    return dump(
        {
            "protocol": answer.protocol,
            "receipts": [{"id": each.change.hex(), "hash": each.content_hash.hex()} for each in answer.receipts],
            "refused": [{"id": each.change.hex(), "reason": each.reason} for each in answer.refused],
            "changes": [
                {"stream": each.stream, "number": each.number, **_change_json(each.change)} for each in answer.changes
            ],
            "cursors": dict(answer.cursors),
            "more": answer.more,
            "server_time": _time_text(answer.server_time),
        }
    )


def read_answer(body: bytes) -> ExchangeAnswer:
    """Raises ProtocolError; a single malformed change that has a number comes with its `problem`."""
    fields = Fields(parse(body), _ANSWER)
    return ExchangeAnswer(
        protocol=fields.integer("protocol", 0, 1 << 30),
        receipts=tuple(_receipt(item) for item in fields.items("receipts", MAX_CHANGES)),
        refused=tuple(_refused(item) for item in fields.items("refused", MAX_CHANGES)),
        changes=tuple(_delivered(item) for item in fields.items("changes", 100_000)),
        cursors=MappingProxyType(fields.numbers("cursors", 1000)),
        more=fields.flag("more"),
        server_time=_time(fields.text("server_time", 40)),
    )


def _receipt(item: Json) -> Received:
    fields = Fields(item, _RECEIPT)
    return Received(fields.binary("id", 16), fields.binary("hash", 32))


def _refused(item: Json) -> Refused:
    fields = Fields(item, _REFUSED)
    return Refused(fields.binary("id", 16), fields.text("reason"))


def _delivered(item: Json) -> Delivered:
    if not isinstance(item, dict):
        raise ProtocolError("a change is an object")
    place = Fields({name: item.get(name) for name in ("stream", "number")}, frozenset({"stream", "number"}))
    stream, number = place.text("stream"), place.integer("number", 1, _LARGEST)
    try:
        fields = Fields(item, _DELIVERED)
        return Delivered(stream, number, _change(fields, fields.binary("id", 16)))
    except ProtocolError as error:
        return Delivered(stream, number, _as_it_came(item), str(error))


def _as_it_came(item: dict[str, Json]) -> Change:
    """A change that cannot be read, wrapped so that it can be kept: its words are never dropped."""
    try:
        raw = dump(item)
    except (UnicodeEncodeError, ValueError):
        raw = repr(sorted(item)).encode("ascii", "backslashreplace")
    hashed = hashlib.sha256(raw).digest()
    try:
        change_id = binary(item.get("id"), 16, "id")
    except ProtocolError:
        change_id = hashed[:16]
    return Change(change_id, raw, b"", hashed, UUID(int=0), b"")


def _time_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ProtocolError("the time is not a time") from error
