"""The chain of a desk's audit: each row holds the hash of the one before, so that no row stands alone.

    said = SHA-256(JSON [n, staff, event, subject, record, detail])
    hash = SHA-256(prev ‖ said ‖ at as 8 bytes)

`said` is kept beside the hash: it tells an edited row from one whose time was changed, and a row that was moved still
says where it stood. The first version of the program kept no `said`; its rows have one hash over everything.
"""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

FIRST_GENESIS = bytes(32)
"""What the first row of a chain of the first version follows."""

LOST = "events lost"
"""The event with which a desk goes on after links that a damaged disk took."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done: by whom, to whose record. `detail` is compact JSON, `at` milliseconds since 1970, UTC."""

    at: int
    staff: UUID | None
    event: str
    subject: UUID | None
    record: UUID | None
    detail: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry in its place. `said` is empty in a row of the first version."""

    n: int
    at: int
    staff: UUID | None
    event: str
    subject: UUID | None
    record: UUID | None
    detail: str
    prev: bytes
    hash: bytes
    said: bytes = b""


def empty_head(device: UUID) -> bytes:
    """What the first row of a desk's chain follows: its genesis. No two desks share it."""
    return hashlib.sha256(b"livingwell audit 1\x00" + device.bytes).digest()


def link(n: int, prev: bytes, entry: Entry) -> AuditRow:
    """The row that follows `prev` in that place."""
    said = _said(n, entry)
    return AuditRow(
        n,
        entry.at,
        entry.staff,
        entry.event,
        entry.subject,
        entry.record,
        entry.detail,
        prev,
        _hash(prev, said, entry.at),
        said,
    )


def follows(device: UUID, n: int, head: bytes, row: AuditRow) -> bool:
    """Whether the row is the next one of a desk's chain whose last link is `n` (0: none yet) with the hash `head`.

    A row that tells of lost links follows them too.
    """
    lost = gap_of(row)
    if lost and lost[0] <= n + 1 < row.n:
        return True
    if n == 0:
        head = empty_head(device) if row.said else FIRST_GENESIS
    return row.n == n + 1 and row.prev == head


def gap(at: int, first: int, last: int, prev: bytes) -> AuditRow:
    """The row after links that a desk lost with its disk: it says which, so that nobody takes it for tampering.

    `prev` is the hash of the last of them, known from elsewhere.
    """
    return link(last + 1, prev, Entry(at, None, LOST, None, None, f'{{"first":{first},"last":{last}}}'))


def gap_of(row: AuditRow) -> tuple[int, int] | None:
    """The first and last link that the row says are lost just before it; None for any other row."""
    if row.event != LOST:
        return None
    try:
        said = json.loads(row.detail)
    except ValueError:
        return None
    if not isinstance(said, dict) or said.get("last") != row.n - 1 or type(said.get("first")) is not int:
        return None
    return said["first"], row.n - 1


def entry_of(row: AuditRow) -> Entry:
    """What a row says, without its place."""
    return Entry(row.at, row.staff, row.event, row.subject, row.record, row.detail)


def print_of(row: AuditRow, n: int) -> bytes:
    """What `stored_print` would be if the row had been written in place `n`."""
    entry = entry_of(row)
    return _said(n, entry) if row.said else _first_version_hash(row.prev, n, entry)


def stored_print(row: AuditRow) -> bytes:
    """What was written down of the row's words and place when it was made."""
    return row.said or row.hash


def is_sound(row: AuditRow) -> bool:
    """Whether the row says what it said when it was made, whatever it follows."""
    if not row.said:
        return print_of(row, row.n) == row.hash
    return print_of(row, row.n) == row.said and _hash(row.prev, row.said, row.at) == row.hash


def _said(n: int, entry: Entry) -> bytes:
    said = [n, _hex(entry.staff), entry.event, _hex(entry.subject), _hex(entry.record), entry.detail]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")).digest()


def _hash(prev: bytes, said: bytes, at: int) -> bytes:
    return hashlib.sha256(prev + said + at.to_bytes(8, "big", signed=True)).digest()


def _first_version_hash(prev: bytes, n: int, entry: Entry) -> bytes:
    said = [n, entry.at, _hex(entry.staff), entry.event, _hex(entry.subject), _hex(entry.record), entry.detail]
    return hashlib.sha256(prev + json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")).digest()


def _hex(value: UUID | None) -> str | None:
    return value.hex if value else None
