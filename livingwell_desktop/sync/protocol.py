"""What a desk and the server say to each other: frozen values, and their JSON (`docs/sync-protocol.md`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from livingwell_desktop.domain.changes import Change, Envelope
from livingwell_desktop.domain.records import Json
from livingwell_desktop.sync.entries import (
    LARGEST,
    Delivered,
    device_text,
    read_change,
    read_entry,
    write_change,
    write_entry,
)
from livingwell_desktop.sync.joining import Certificate, read_certificate, write_certificate
from livingwell_desktop.sync.quick_json import write_json_quickly
from livingwell_desktop.sync.strict import (
    Binaries,
    Fields,
    ProtocolError,
    binary,
    dump,
    identifier,
    parse,
    short_text,
    whole_number,
)

PROTOCOL = 1
STREAM = "alliance"
"""The stream that every desk follows: reference data, staff, rights, and a card of each person."""

MAX_REQUEST_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 20_000_000
MAX_CHANGES = 1000
MAX_PAGE_BYTES = 4_000_000
"""Content in one page of an answer; one act that is larger still comes whole."""

NO_CHAIN = (0, bytes(32))
"""The head of a chain that has not begun."""


class Offered(NamedTuple):
    """One of the desk's own changes on its way to the server, with its place in the desk's chain."""

    change: Change
    envelope: Envelope
    act: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A change in a request that has a name and is otherwise malformed: it alone is refused."""

    change: bytes
    reason: str


class Received(NamedTuple):
    """The server's word that it holds a change: its id and its content hash."""

    change: bytes
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """The server's word that it does not take a change, and why. The words stay on the desk."""

    change: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """Push and pull in one idempotent request."""

    program: str
    cursors: Mapping[str, int]
    """How far the desk has taken in each stream that it follows."""
    changes: tuple[Offered | Unreadable, ...] = ()
    limit: int = 500
    generation: str = ""
    """The newest restore of the server that the desk knows of; empty for a desk that never asked."""
    head: tuple[int, bytes] = NO_CHAIN
    """The newest link of the desk's own chain, sent or not."""
    devices: int | None = None
    """The number of the newest certificate that the desk has; None when it does not ask."""
    protocol: int = PROTOCOL


@dataclass(frozen=True, slots=True)
class StreamPage:
    """The next entries of a stream, where the page ends, and whether there is more."""

    entries: tuple[Delivered, ...]
    reached: int
    more: bool


@dataclass(frozen=True, slots=True)
class ExchangeAnswer:
    """What became of each change pushed, then the next page of each stream."""

    receipts: tuple[Received, ...]
    refused: tuple[Refused, ...]
    streams: Mapping[str, StreamPage]
    """A page for each stream that was asked for and has news."""
    follows: tuple[str, ...]
    """Every stream that this desk is enrolled for. One without a cursor is downloaded first."""
    server_time: datetime
    generation: str = ""
    devices: tuple[tuple[int, Certificate], ...] = ()
    """What the alliance certified since the number that was asked from; more may follow with the next answer."""
    protocol: int = PROTOCOL

    @property
    def more(self) -> bool:
        """Whether to come back at once."""
        return any(page.more for page in self.streams.values())


# Exchange, asked

_OF_A_LINK = Binaries(prev=32, chain=32)
_ASKED_OF_DEVICES = frozenset({"devices"})
_REQUEST = frozenset({"protocol", "program", "generation", "head", "cursors", "changes", "limit"})


def write_request(request: ExchangeRequest) -> bytes:
    """The request as JSON. Raises TypeError for a change that is not readable: a desk sends none."""
    return begin_request(request.changes) + end_request(request)


def begin_request(changes: Sequence[Offered | Unreadable]) -> bytes:
    """A request up to its changes: what takes the time, and does not depend on what the server said before."""
    return b'{"changes":' + write_json_quickly([_write_offered(each) for each in changes]) + b","


def end_request(request: ExchangeRequest) -> bytes:
    """The rest of a request, behind its changes."""
    number, link = request.head
    written = dump(
        {
            "protocol": request.protocol,
            "program": request.program,
            "generation": request.generation,
            "head": [number, link.hex()],
            "cursors": dict(request.cursors),
            "limit": request.limit,
            **({} if request.devices is None else {"devices": request.devices}),
        }
    )
    return written[1:]


def read_request(body: bytes) -> ExchangeRequest:
    """Raises ProtocolError; a single malformed change that has an id becomes `Unreadable`."""
    fields = Fields(parse(body), _REQUEST, _ASKED_OF_DEVICES)
    head = fields.items("head", 2)
    if len(head) != 2:
        raise ProtocolError("head is a number and a link")
    return ExchangeRequest(
        protocol=fields.integer("protocol", 0, 1 << 30),
        program=fields.text("program", 50),
        generation=fields.text("generation", 32),
        head=(whole_number(head[0], 0, LARGEST, "head"), binary(head[1], 32, "head")),
        cursors=MappingProxyType(fields.numbers("cursors", 1000)),
        changes=tuple(_offered(item) for item in fields.items("changes", MAX_CHANGES)),
        limit=fields.integer("limit", 0, MAX_CHANGES),
        devices=fields.integer("devices", 0, LARGEST) if fields.has("devices") else None,
    )


def _write_offered(offered: Offered | Unreadable) -> Json:
    if isinstance(offered, Unreadable):
        raise TypeError("a desk sends no unreadable change")
    link = offered.envelope
    prev, chain, device = link.prev.hex(), link.hash.hex(), device_text(link.device)
    return [*write_change(offered.change), offered.act, link.n, prev, chain, device]


def _offered(item: Json) -> Offered | Unreadable:
    if not isinstance(item, list) or not item:
        raise ProtocolError("a change is a list")
    try:
        if len(item) != 11:
            raise ProtocolError("a change that is offered has eleven parts")
        act, n, prev, link, device = item[6:]
        prev, link = _OF_A_LINK.read(prev, link)
        envelope = Envelope(identifier(device, "device"), whole_number(n, 1, LARGEST, "n"), prev, link)
        return Offered(read_change(item[:6]), envelope, short_text(act, 200, "act"))
    except ProtocolError as error:
        # Without a name nothing can be said of it, and the whole request is refused.
        return Unreadable(binary(item[0], 16, "id"), str(error))


# Exchange, answered

_OF_A_RECEIPT = Binaries(id=16, hash=32)
_ANSWER = frozenset({"protocol", "generation", "receipts", "refused", "streams", "follows", "server_time"})
_PAGE = frozenset({"entries", "reached", "more"})


def write_answer(answer: ExchangeAnswer) -> bytes:
    """The answer as JSON."""
    return dump(
        {
            "protocol": answer.protocol,
            "generation": answer.generation,
            "receipts": [[each.change.hex(), each.content_hash.hex()] for each in answer.receipts],
            "refused": [[each.change.hex(), each.reason] for each in answer.refused],
            "streams": {name: write_page(page) for name, page in answer.streams.items()},
            "follows": list(answer.follows),
            "server_time": time_text(answer.server_time),
            **(
                {"devices": [[number, write_certificate(each)] for number, each in answer.devices]}
                if answer.devices
                else {}
            ),
        }
    )


def read_answer(body: bytes) -> ExchangeAnswer:
    """Raises ProtocolError; a single malformed entry that has a number comes with its `problem`."""
    fields = Fields(parse(body), _ANSWER, _ASKED_OF_DEVICES)
    return ExchangeAnswer(
        protocol=fields.integer("protocol", 0, 1 << 30),
        generation=fields.text("generation", 32),
        receipts=read_receipts(fields.items("receipts", MAX_CHANGES)),
        refused=tuple(_refused(item) for item in fields.items("refused", MAX_CHANGES)),
        streams=MappingProxyType({name: read_page(page) for name, page in fields.named("streams", 1000).items()}),
        follows=tuple(short_text(each, 200, "stream") for each in fields.items("follows", 1000)),
        server_time=read_time(fields.text("server_time", 40)),
        devices=tuple(_device(item) for item in fields.items("devices", 10_000)) if fields.has("devices") else (),
    )


def _device(item: Json) -> tuple[int, Certificate]:
    number, certificate = _pair(item)
    return whole_number(number, 0, LARGEST, "number"), read_certificate(certificate)


def write_page(page: StreamPage) -> Json:
    """A page of a stream as JSON."""
    return {"entries": [write_entry(each) for each in page.entries], "reached": page.reached, "more": page.more}


def read_page(value: Json) -> StreamPage:
    """Raises ProtocolError."""
    fields = Fields(value, _PAGE)
    entries = tuple(read_entry(item) for item in fields.items("entries", 100_000))
    return StreamPage(entries, fields.integer("reached", 0, LARGEST), fields.flag("more"))


def read_receipts(items: list[Json]) -> tuple[Received, ...]:
    """Raises ProtocolError."""
    return tuple(Received(*_OF_A_RECEIPT.read(*_pair(each))) for each in items)


def _refused(item: Json) -> Refused:
    change, reason = _pair(item)
    return Refused(binary(change, 16, "id"), short_text(reason, 200, "reason"))


def _pair(item: Json) -> tuple[Json, Json]:
    if not isinstance(item, list) or len(item) != 2:
        raise ProtocolError("a pair was expected")
    return item[0], item[1]


def time_text(at: datetime) -> str:
    """An instant as the protocol writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_time(text: str) -> datetime:
    """Raises ProtocolError."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ProtocolError("the time is not a time") from error
