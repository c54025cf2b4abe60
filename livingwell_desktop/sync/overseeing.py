"""What a desk asks for those who oversee: who has opened a record at any desk, and what the server found, as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from livingwell_desktop.domain.records import Json
from livingwell_desktop.sync.strict import (
    Fields,
    ProtocolError,
    binary,
    dump,
    identifier,
    parse,
    short_text,
    whole_number,
)

MOST_DAYS = 2_000
"""Lines of a list of openings; what is older is not sent."""
MOST_FOUND = 500
"""Refused changes, notices and desks of one answer: the newest, as many as that."""
_MOST_DESKS = 10_000
_MOST_MILLISECONDS = 1 << 53


class Notice(StrEnum):
    """What the server tells those who oversee a centre. Its value is in the database, on the wire and on the page."""

    COPY = "copy"
    CAME_BACK = "came back"
    LETTER_TWICE = "letter twice"
    LATE = "written before the desk could know"
    CLOCK_WRONG = "clock wrong"
    NOT_TAKEN_BACK = "not taken back"
    ONE_NAME_TWICE = "one name for two changes"
    SHUT_OUT = "shut out"
    CODE_MADE = "code made"


@dataclass(frozen=True, slots=True)
class OpenedAsked:
    """Who asks, and about whom."""

    staff: UUID
    person: UUID


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """What one member of staff (None: the program itself) did with a record on one day, and at which desks.

    `first` and `last` are milliseconds; `uses` are codes of `domain/audit/uses.py`.
    """

    staff: UUID | None
    day: date
    first: int
    last: int
    uses: tuple[str, ...]
    desks: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """When a desk last sent what was done at it, milliseconds; None for one that never did."""

    desk: UUID
    at: int | None


@dataclass(frozen=True, slots=True)
class OpenedEverywhere:
    """Who has opened a record, the newest day first, and how far each desk of the centre was heard."""

    days: tuple[OpenedDay, ...]
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class RefusedThere:
    """A change that was refused, at whichever desk of the centre. `content` is empty where this desk may not read."""

    change: bytes
    desk: UUID
    at: int
    reason: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that somebody should look at. `about` and `author` are of the change, where there is one."""

    at: int
    what: str
    desk: UUID | None
    kind: str = ""
    record: UUID | None = None
    author: UUID | None = None


@dataclass(frozen=True, slots=True)
class Owing:
    """A desk that still holds records about somebody that were to leave it. `subject` is None if it may not be said."""

    desk: UUID
    subject: UUID | None
    records: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the server found about a desk's centres."""

    refused: tuple[RefusedThere, ...]
    notices: tuple[Noticed, ...]
    owing: tuple[Owing, ...]


class OversightLine(Protocol):
    """The way to the server, as far as overseeing needs it. Both raise SyncError."""

    def opened(self, asked: OpenedAsked) -> OpenedEverywhere:
        """Who has opened a record at any desk."""
        ...

    def found(self, staff: UUID) -> Found:
        """What the server found about this desk's centres."""
        ...


def write_opened_asked(asked: OpenedAsked) -> bytes:
    """Who has opened that person's record?"""
    return dump({"staff": str(asked.staff), "person": str(asked.person)})


def read_opened_asked(body: bytes) -> OpenedAsked:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"staff", "person"}))
    return OpenedAsked(fields.identifier("staff"), fields.identifier("person"))


def write_found_asked(staff: UUID) -> bytes:
    """What did the server find?"""
    return dump({"staff": str(staff)})


def read_found_asked(body: bytes) -> UUID:
    """Who asks. Raises ProtocolError."""
    return Fields(parse(body), frozenset({"staff"})).identifier("staff")


def write_opened(answer: OpenedEverywhere) -> bytes:
    """The list."""
    days: list[Json] = [
        [_name(day.staff), day.day.isoformat(), day.first, day.last, list(day.uses), [str(desk) for desk in day.desks]]
        for day in answer.days
    ]
    return dump({"days": days, "heard": [[str(each.desk), each.at] for each in answer.heard]})


def read_opened(body: bytes) -> OpenedEverywhere:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"days", "heard"}))
    days = tuple(_day(_parts(each, 6)) for each in fields.items("days", MOST_DAYS))
    heard = (_parts(each, 2) for each in fields.items("heard", _MOST_DESKS))
    return OpenedEverywhere(
        days, tuple(Heard(identifier(desk, "desk"), None if at is None else _time(at)) for desk, at in heard)
    )


def write_found(found: Found) -> bytes:
    """What was found."""
    refused: list[Json] = [
        [each.change.hex(), str(each.desk), each.at, each.reason, each.content.decode("utf-8")]
        for each in found.refused
    ]
    notices: list[Json] = [
        [each.at, each.what, _name(each.desk), each.kind, _name(each.record), _name(each.author)]
        for each in found.notices
    ]
    owing: list[Json] = [[str(each.desk), _name(each.subject), each.records] for each in found.owing]
    return dump({"refused": refused, "notices": notices, "owing": owing})


def read_found(body: bytes) -> Found:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"refused", "notices", "owing"}))
    return Found(
        tuple(_refused(_parts(each, 5)) for each in fields.items("refused", MOST_FOUND)),
        tuple(_noticed(_parts(each, 6)) for each in fields.items("notices", MOST_FOUND)),
        tuple(
            Owing(identifier(desk, "desk"), _optional(subject), whole_number(count, 0, _MOST_MILLISECONDS, "records"))
            for desk, subject, count in (_parts(each, 3) for each in fields.items("owing", MOST_FOUND))
        ),
    )


def _day(parts: Sequence[Json]) -> OpenedDay:
    staff, day, first, last, uses, desks = parts
    if not isinstance(uses, list) or not isinstance(desks, list):
        raise ProtocolError("uses and desks are lists")
    try:
        on = date.fromisoformat(short_text(day, 10, "day"))
    except ValueError as error:
        raise ProtocolError("this is no day") from error
    return OpenedDay(
        _optional(staff),
        on,
        _time(first),
        _time(last),
        tuple(short_text(each, 50, "use") for each in uses),
        tuple(identifier(each, "desk") for each in desks),
    )


def _refused(parts: Sequence[Json]) -> RefusedThere:
    change, desk, at, reason, content = parts
    if not isinstance(content, str):
        raise ProtocolError("content is not a text")
    return RefusedThere(
        binary(change, 16, "change"),
        identifier(desk, "desk"),
        _time(at),
        short_text(reason, 500, "reason"),
        content.encode("utf-8", "surrogatepass"),
    )


def _noticed(parts: Sequence[Json]) -> Noticed:
    at, what, desk, kind, record, author = parts
    return Noticed(
        _time(at),
        short_text(what, 200, "what"),
        _optional(desk),
        short_text(kind, 200, "kind"),
        _optional(record),
        _optional(author),
    )


def _parts(value: Json, number: int) -> Sequence[Json]:
    if not isinstance(value, list) or len(value) != number:
        raise ProtocolError(f"a line has {number} parts")
    return value


def _name(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _optional(value: Json) -> UUID | None:
    return None if value is None else identifier(value, "id")


def _time(value: Json) -> int:
    return whole_number(value, 0, _MOST_MILLISECONDS, "time")
