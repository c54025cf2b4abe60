"""Rescue: what can still be read of a damaged desk, saved, and a fresh copy put in its place.

Nothing here writes into the damaged files, and nothing is ever deleted: they are moved aside. The fresh copy is made
beside them and takes their place when it is whole; a power cut leaves the one or the other.
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlcipher3 import dbapi2

from livingwell_desktop.domain.changes import ChainHead, ChainHeads, Change, Envelope, content_hash
from livingwell_desktop.storage.database import DAMAGE_MARK, as_read_only, disk_problem
from livingwell_desktop.storage.identity import IDENTITY, certificate_row, names_in
from livingwell_desktop.storage.saved_twice import NO_HEADS, Found, acts_of, other_path, second_path
from livingwell_desktop.storage.second_file import SecondFile
from livingwell_desktop.storage.second_frames import FramePart, KeptRow, KnownHeads, SavedAct, SavedChange

ENDINGS = ("", "-wal", "-shm", "-second", "-journal", DAMAGE_MARK)
NO_LINK = ChainHead()
KEPT_TABLES = ("draft", "refused")
"""What only this desk has besides its changes: typing that is not one yet, and words the server would not take."""

_SAVED = (
    "SELECT c.id, c.content, c.salt, c.content_hash, c.device, c.signature, o.n, o.prev, o.hash, o.act, o.saved_at"
    " FROM outbox o JOIN change c ON c.id = o.change WHERE o.receipt IS NULL AND o.n = ?"
)


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was saved from a damaged desk."""

    acts: tuple[SavedAct, ...] = ()
    heads: ChainHeads = NO_HEADS
    kept: tuple[KeptRow, ...] = ()
    alliance_key: bytes = b""
    own: tuple[KeptRow, ...] = ()
    """Who the desk is, and its certificates."""
    generation: str = ""
    """The server's, as the damaged store last heard it."""
    sent: ChainHead = NO_LINK
    """The last link that is known to have a receipt."""
    lost_links: frozenset[int] = frozenset()
    """Numbers of changes that this desk made, that no receipt is known of, and that no file gives back."""

    @property
    def lost(self) -> int:
        """How many changes could not be saved."""
        return len(self.lost_links)

    @property
    def changes(self) -> int:
        """How many changes were saved."""
        return sum(len(act.changes) for act in self.acts)

    @property
    def drafts(self) -> int:
        """How many drafts were saved."""
        return sum(row.table == "draft" for row in self.kept)

    def knowing(self, anchored: ChainHeads) -> "Rescued":
        """With heads that are known from outside, where they are further than those that could be read."""
        return replace(self, heads=_further(self.heads, anchored))

    @property
    def found(self) -> Found:
        """As a second file would have held it."""
        return Found(self.acts, self.heads)


def collect(path: Path, key: bytes, device: UUID, other_disk: Path | None = None) -> Rescued:
    """Everything of a desk that the server does not have, from the store and its second files, as far as they are read.

    Nothing is written. What one file does not give another may; each change counts once, by its id.
    """
    seconds = [SecondFile(second_path(path), key)]
    if other_disk is not None:
        seconds.append(SecondFile(other_path(other_disk, device), key))
    contents = []
    for file in seconds:
        with contextlib.suppress(OSError):
            contents.append(file.look())
    in_files = Found.of(*contents)
    whole = any(each.whole for each in contents)  # then it holds every change that waits
    store = _read_store(path, key, device, in_files.heads.outbox.n)
    changes = {each.change.id: each for act in (*in_files.acts, *store.acts) for each in act.changes}
    changes = {name: each for name, each in changes.items() if name not in store.receipts and _is_whole(each)}
    numbers = {each.envelope.n for each in changes.values()}
    ordered = sorted(changes.values(), key=lambda each: each.envelope.n)
    return Rescued(
        acts=tuple(acts_of(ordered)),
        heads=_further(in_files.heads, store.heads),
        kept=store.kept,
        alliance_key=store.alliance_key,
        generation=store.generation,
        own=tuple({row.values: row for row in (*in_files.own, *store.own)}.values()),
        sent=store.sent,
        lost_links=frozenset() if whole else store.waiting - numbers,
    )


def _further(one: ChainHeads, other: ChainHeads) -> ChainHeads:
    return ChainHeads(
        max(one.outbox, other.outbox, key=lambda head: head.n), max(one.audit, other.audit, key=lambda head: head.n)
    )


def write_rescue_file(path: Path, key: bytes, rescued: Rescued) -> None:
    """Save it in one encrypted file, in the form of a second file. Raises Problem when the disk does not take it."""
    file = SecondFile(path, key)
    parts: list[FramePart] = [KnownHeads(rescued.heads), *rescued.kept, *rescued.acts]
    try:
        file.replace(parts)
    except OSError as error:
        raise disk_problem(error) from error
    finally:
        file.close()


def read_rescue_file(path: Path, key: bytes) -> Rescued:
    """What such a file holds. Nothing, for a file of another desk or key. Raises Problem when it cannot be read."""
    try:
        contents = SecondFile(path, key).look()
    except OSError as error:
        raise disk_problem(error) from error
    found = Found.of(contents)
    return Rescued(found.acts, found.heads, tuple(part for part in contents.parts if isinstance(part, KeptRow)))


def fresh_path(path: Path) -> Path:
    """Where the fresh copy is made. It is not whole before it has its other name."""
    return path.with_name(f"fresh-{path.name}")


def _whole_path(path: Path) -> Path:
    return path.with_name(f"whole-{path.name}")


def put_in_place(path: Path, at: datetime) -> Path | None:
    """Move the damaged files into a folder named after the moment, and the fresh copy into their place.

    The fresh store must be closed. Returns the folder. Raises OSError; `finish` then brings it to its end.
    """
    fresh, whole = fresh_path(path), _whole_path(path)
    if second_path(fresh).exists():
        second_path(fresh).replace(second_path(whole))
    fresh.replace(whole)  # from here on the fresh copy is whole, and `finish` knows
    return finish(path, at)


def finish(path: Path, at: datetime) -> Path | None:
    """Bring a Rescue that a power cut stopped to its end, before the records are opened. Raises OSError.

    When there is a whole fresh copy, what lies in its place is moved aside, into the folder that is returned. A copy
    that was never whole is taken away: it holds nothing that is not elsewhere.
    """
    whole, aside = _whole_path(path), None
    if whole.exists():
        aside = _move_aside(path, at)
        if second_path(whole).exists():
            second_path(whole).replace(second_path(path))
        whole.replace(path)
    for ending in ENDINGS:
        for left in (whole, fresh_path(path)):
            left.with_name(left.name + ending).unlink(missing_ok=True)
    return aside


def _move_aside(path: Path, at: datetime) -> Path | None:
    there = [file for file in (path.with_name(path.name + ending) for ending in ENDINGS) if file.exists()]
    if not there:
        return None
    aside = path.parent / f"damaged records {at:%Y-%m-%d %H.%M.%S}"
    aside.mkdir(mode=0o700, exist_ok=True)
    for file in there:
        file.replace(aside / file.name)
    return aside


@dataclass(frozen=True, slots=True)
class _Read:
    """What the damaged store itself gave."""

    acts: tuple[SavedAct, ...] = ()
    heads: ChainHeads = NO_HEADS
    sent: ChainHead = NO_LINK
    receipts: frozenset[bytes] = frozenset()
    waiting: frozenset[int] = frozenset()
    """Numbers of changes that may have no receipt, whether anything of them could be read or not."""
    kept: tuple[KeptRow, ...] = ()
    alliance_key: bytes = b""
    own: tuple[KeptRow, ...] = ()
    generation: str = ""


def _read_store(path: Path, key: bytes, device: UUID, known: int) -> _Read:
    with opened_as_far_as_it_goes(path, key) as connection:
        return _Read() if connection is None else _read_connection(connection, device, known)


@contextlib.contextmanager
def opened_as_far_as_it_goes(path: Path, key: bytes) -> Iterator[Any]:
    """A connection to a damaged store that writes nothing; None when not even its beginning can be read."""
    connection = _opened(path, key, "") or _opened(path, key, "&immutable=1")  # the second leaves out the log
    try:
        yield connection
    finally:
        if connection is not None:
            connection.close()


def _opened(path: Path, key: bytes, how: str) -> Any:
    try:
        connection = dbapi2.connect(as_read_only(path) + how, uri=True, isolation_level=None)
    except dbapi2.Error:
        return None
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.Error:
        connection.close()
        return None
    return connection


def _read_connection(connection: Any, device: UUID, known: int) -> _Read:
    heads = ChainHeads(_head(connection, "outbox"), _head(connection, "audit"))
    receipts, sent, changes = set[bytes](), ChainHead(), list[SavedChange]()
    # Row by row, by its number: a page that cannot be read costs the rows that lie on it, and no others.
    for n in range(1, max(heads.outbox.n, known) + 1):
        for change, receipt, link in rows_read(
            connection, "SELECT change, receipt, hash FROM outbox WHERE n = ?", (n,)
        ):
            if receipt is not None:
                receipts.add(bytes(change))
                sent = ChainHead(n, bytes(link))
                continue
            changes += [_saved(row, device) for row in rows_read(connection, _SAVED, (n,))]
    kept = [
        KeptRow(table, json.dumps([_plain(value) for value in row]).encode("utf-8"))
        for table in KEPT_TABLES
        for row in rows_read(connection, f"SELECT * FROM {table}")  # noqa: S608 - own names
    ]
    facts = {
        name: str(row[0])
        for name in ("alliance_key", "generation")
        for row in rows_read(connection, "SELECT value FROM meta WHERE name = ?", (name,))
    }
    return _Read(
        tuple(acts_of(changes)),
        heads,
        sent,
        frozenset(receipts),
        frozenset(range(sent.n + 1, max(heads.outbox.n, known) + 1)),
        tuple(kept),
        bytes.fromhex(facts.get("alliance_key", "")),
        _own_rows(connection, device),
        facts.get("generation", ""),
    )


def _own_rows(connection: Any, device: UUID) -> tuple[KeptRow, ...]:
    own = [
        KeptRow(IDENTITY, str(row[0]).encode("utf-8"))
        for row in rows_read(connection, "SELECT value FROM meta WHERE name = ? AND value <> ''", (IDENTITY,))
    ]
    names = [device, *(name for row in own for name in names_in(row))]
    certificates = [
        certificate_row(name, str(row[0]))
        for name in names
        for row in rows_read(connection, "SELECT body FROM certificate WHERE device = ?", (name.bytes,))
    ]
    return (*own, *certificates)


def rows_read(connection: Any, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows, as long as the file gives them."""
    with contextlib.suppress(dbapi2.Error):
        yield from connection.execute(sql, values)


def _head(connection: Any, chain: str) -> ChainHead:
    for n, link in rows_read(connection, f"SELECT n, hash FROM {chain} ORDER BY n DESC LIMIT 1"):  # noqa: S608 - own names
        return ChainHead(n, link)
    return ChainHead()


def _saved(row: Sequence[Any], device: UUID) -> SavedChange:
    change = Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5])
    return SavedChange(change, Envelope(device, row[6], row[7], row[8]), row[9], row[10])


def _is_whole(saved: SavedChange) -> bool:
    return content_hash(saved.change.salt, saved.change.content) == saved.change.content_hash


def _plain(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def kept_values(row: KeptRow) -> list[Any]:
    """The columns of a kept row, as the table has them."""
    return [bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for value in json.loads(row.values)]
