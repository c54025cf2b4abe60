"""A desk's first download of a stream, as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.sync.entries import LARGEST, Delivered, read_entry, write_entry
from livingwell_desktop.sync.strict import Fields, dump, identifier, parse

MAX_RECORDS = 1000


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """The next page of a stream's records. `place` is what the page before gave; empty to begin."""

    stream: str
    place: str
    limit: int


@dataclass(frozen=True, slots=True)
class DownloadPage:
    """Records as they are now. With the last page `place` is empty."""

    entries: tuple[Delivered, ...]
    place: str
    cursor: int
    """Where the stream was. The first page's counts: from there the stream goes on."""
    total: int
    """About how many there are; said with the first page only."""


def write_download_request(request: DownloadRequest) -> bytes:
    """What a desk asks."""
    return dump({"stream": request.stream, "place": request.place, "limit": request.limit})


def read_download_request(body: bytes) -> DownloadRequest:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"stream", "place", "limit"}))
    return DownloadRequest(fields.text("stream"), fields.text("place", 100), fields.integer("limit", 1, MAX_RECORDS))


def write_download_page(page: DownloadPage) -> bytes:
    """What the server answers."""
    entries = [write_entry(each) for each in page.entries]
    return dump({"entries": entries, "place": page.place, "cursor": page.cursor, "total": page.total})


def read_download_page(body: bytes) -> DownloadPage:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"entries", "place", "cursor", "total"}))
    return DownloadPage(
        entries=tuple(read_entry(item) for item in fields.items("entries", 100_000)),
        place=fields.text("place", 100),
        cursor=fields.integer("cursor", 0, LARGEST),
        total=fields.integer("total", 0, LARGEST),
    )


def write_records_request(records: Sequence[UUID]) -> bytes:
    """Ask for records by name."""
    return dump({"records": [str(each) for each in records]})


def read_records_request(body: bytes) -> tuple[UUID, ...]:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"records"}))
    return tuple(identifier(each, "record") for each in fields.items("records", 100))


def write_records(entries: Sequence[Delivered]) -> bytes:
    """Records as they are now. One that the desk may not hold is simply not among them."""
    return dump({"entries": [write_entry(each) for each in entries]})


def read_records(body: bytes) -> tuple[Delivered, ...]:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"entries"}))
    return tuple(read_entry(item) for item in fields.items("entries", 100))
