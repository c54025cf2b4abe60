"""What a desk asks for those who look after desks: a code for a new one, shutting a lost one out, what it held."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from livingwell_desktop.domain.records import Json
from livingwell_desktop.sync.strict import Fields, ProtocolError, dump, identifier, parse, short_text, whole_number

MOST_PEOPLE = 50_000
"""People that an answer names; beyond it they are counted with those who are not named."""
MOST_WORDS = 500
_MOST_STREAMS = 1_000
_MOST = 1 << 53


@dataclass(frozen=True, slots=True)
class DeskCodeAsked:
    """Who asks, and what the new desk may hold."""

    staff: UUID
    centre: UUID
    sensitivity: int


@dataclass(frozen=True, slots=True)
class DeskCode:
    """A one-time code for one desk, and until when it is good, milliseconds."""

    code: str = field(repr=False)
    until: int


@dataclass(frozen=True, slots=True)
class ShutOutAsked:
    """Who asks; which desk, and why."""

    staff: UUID
    device: UUID
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class HeldAsked:
    """Who asks, and about which desk."""

    staff: UUID
    device: UUID


@dataclass(frozen=True, slots=True)
class SentStream:
    """That pages of a stream were sent to a desk: the first time and the last, milliseconds."""

    stream: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class HeldThere:
    """What a desk may hold at most. Times are milliseconds; None where there is none."""

    shut_out: int | None
    heard: int | None
    """When it last said how far it had followed its streams."""
    sent: tuple[SentStream, ...]
    people: tuple[UUID, ...]
    """Those about whom it may hold records, and about whom the asking desk may, too."""
    others: int
    """How many more: of other centres, above the asking desk's sensitivity, withdrawn or erased since."""
    cards: int
    cards_withdrawn: int
    """Cards that nobody else has any more: of people who were protected or erased since."""
    unsure: bool
    """The server was restored and has not heard from it since: what was sent after the backup is not known."""


class DeskKeepingLine(Protocol):
    """The way to the server, as far as desks are looked after. Each raises SyncError."""

    def desk_code(self, asked: DeskCodeAsked) -> DeskCode:
        """A one-time code for a new desk."""
        ...

    def shut_out(self, asked: ShutOutAsked) -> int:
        """Shut a desk out; since when it is, milliseconds."""
        ...

    def held_there(self, asked: HeldAsked) -> HeldThere:
        """What a desk held at most."""
        ...


def write_desk_code_asked(asked: DeskCodeAsked) -> bytes:
    """A code for a new desk?"""
    return dump({"staff": str(asked.staff), "centre": str(asked.centre), "sensitivity": asked.sensitivity})


def read_desk_code_asked(body: bytes) -> DeskCodeAsked:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"staff", "centre", "sensitivity"}))
    return DeskCodeAsked(fields.identifier("staff"), fields.identifier("centre"), fields.integer("sensitivity", 0, 9))


def write_desk_code(code: DeskCode) -> bytes:
    """The code."""
    return dump({"code": code.code, "until": code.until})


def read_desk_code(body: bytes) -> DeskCode:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"code", "until"}))
    return DeskCode(fields.text("code", 100), fields.integer("until", 0, _MOST))


def write_shut_out_asked(asked: ShutOutAsked) -> bytes:
    """Shut that desk out."""
    return dump({"staff": str(asked.staff), "device": str(asked.device), "reason": asked.reason, "words": asked.words})


def read_shut_out_asked(body: bytes) -> ShutOutAsked:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"staff", "device", "reason", "words"}))
    return ShutOutAsked(
        fields.identifier("staff"),
        fields.identifier("device"),
        fields.text("reason", 50),
        fields.text("words", MOST_WORDS),
    )


def write_shut_out_since(at: int) -> bytes:
    """It is shut out, since then."""
    return dump({"shut_out": at})


def read_shut_out_since(body: bytes) -> int:
    """Raises ProtocolError."""
    return Fields(parse(body), frozenset({"shut_out"})).integer("shut_out", 0, _MOST)


def write_held_asked(asked: HeldAsked) -> bytes:
    """What did that desk hold?"""
    return dump({"staff": str(asked.staff), "device": str(asked.device)})


def read_held_asked(body: bytes) -> HeldAsked:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"staff", "device"}))
    return HeldAsked(fields.identifier("staff"), fields.identifier("device"))


def write_held_there(held: HeldThere) -> bytes:
    """What it held at most."""
    sent: list[Json] = [[each.stream, each.first, each.last] for each in held.sent]
    return dump(
        {
            "shut_out": held.shut_out,
            "heard": held.heard,
            "sent": sent,
            "people": [str(each) for each in held.people],
            "others": held.others,
            "cards": held.cards,
            "cards_withdrawn": held.cards_withdrawn,
            "unsure": held.unsure,
        }
    )


def read_held_there(body: bytes) -> HeldThere:
    """Raises ProtocolError."""
    names = ("shut_out", "heard", "sent", "people", "others", "cards", "cards_withdrawn", "unsure")
    fields = Fields(parse(body), frozenset(names))
    return HeldThere(
        _time(fields.any("shut_out")),
        _time(fields.any("heard")),
        tuple(_sent(each) for each in fields.items("sent", _MOST_STREAMS)),
        tuple(identifier(each, "person") for each in fields.items("people", MOST_PEOPLE)),
        fields.integer("others", 0, _MOST),
        fields.integer("cards", 0, _MOST),
        fields.integer("cards_withdrawn", 0, _MOST),
        fields.flag("unsure"),
    )


def _sent(value: Json) -> SentStream:
    parts: Sequence[Json] = value if isinstance(value, list) else ()
    if len(parts) != 3:
        raise ProtocolError("a stream that was sent has three parts")
    stream, first, last = parts
    return SentStream(
        short_text(stream, 200, "stream"), whole_number(first, 0, _MOST, "first"), whole_number(last, 0, _MOST, "last")
    )


def _time(value: Json) -> int | None:
    return None if value is None else whole_number(value, 0, _MOST, "time")
