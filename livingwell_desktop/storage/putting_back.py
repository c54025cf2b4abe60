"""Putting back: what the second file holds and the store lacks is taken in again, under the same ids.

What had a receipt is not in the second file any more; it comes back from the server, for an older store has an older
cursor. Its place in this desk's chain is kept by a link without a change, so that no number is used twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ChainHead, ChainStanding, Change, chain_standing, envelope, read_content
from livingwell_desktop.storage.arrivals import Arrival, Checked
from livingwell_desktop.storage.audit import add_events, add_gap
from livingwell_desktop.storage.checking import damage_of
from livingwell_desktop.storage.database import DamagedStore
from livingwell_desktop.storage.drafts import drop_draft
from livingwell_desktop.storage.identity import origin_of
from livingwell_desktop.storage.receiving import placeholders, receive
from livingwell_desktop.storage.rescue import KEPT_TABLES, kept_values
from livingwell_desktop.storage.saved_twice import Found, heads_of
from livingwell_desktop.storage.second_frames import KeptRow, SavedAct, SavedChange
from livingwell_desktop.storage.values import Event

NO_RECEIPT_TIME = 0
"""The receipt of a link whose change is at the server: it waits for nothing, and nobody knows when it was given."""


@dataclass(frozen=True, slots=True)
class OpeningReport:
    """What was noticed and mended when the store was opened, for the person who opens it."""

    put_back: int = 0
    """Changes that the store lacked and the second file had."""
    sent_lost: int = 0
    """Changes that the store lacked and that the server has: they come back with the next exchange."""
    audit_lost: int = 0
    """Events of the audit that are gone from this desk."""
    forked: bool = False
    """The store has another history than the second file: somebody wrote in a copy of it."""
    second_file_remade: bool = False
    """The second file was missing or damaged and was made anew."""
    taken_in: int = 0
    """Changes that the store lacked and a file with what was not sent had."""
    other_disk_failed: bool = False
    """The folder on another disk cannot be written: saves are in two files here, and in none there."""

    @property
    def anything(self) -> bool:
        """Whether there is something to say."""
        return self != OpeningReport()


def put_back(connection: Connection, found: Found, device: UUID, now: int) -> OpeningReport:
    """Compare an open store with what its second file held, and take in what it lacks, in the open transaction.

    Raises DamagedStore when the store is damaged beyond a lost end: it needs Rescue, and nothing may be written in it.
    """
    head = heads_of(connection)
    missing = _missing(connection, found.acts)
    lost = _lost(connection, found)
    if lost is not ChainStanding.HOLDS or len(missing) > 1:
        # One act is what a power cut leaves. Anything else may be a page that is not from today: look before writing.
        _look_through(connection, device)
    changes = [change for act in missing for change in act.changes]
    for change in changes:
        _take_in(connection, change, device, now)
    for act in missing:
        if act.forget is not None:
            drop_draft(connection, act.forget)
    if found.heads.outbox.n > heads_of(connection).outbox.n:
        keep_place(connection, found.heads.outbox)
    audit_lost = _mark_lost_events(connection, found.heads.audit, now)
    events = [
        Event("put back after damage", each.subject, each.record, {"saved_at": change.saved_at})
        for change in changes
        for each in (read_content(change.change.content),)
    ]
    add_events(connection, origin_of(connection, device), now, None, tuple(events))
    known = found.heads.outbox.n
    return OpeningReport(
        put_back=len(changes),
        sent_lost=max(0, known - head.outbox.n - sum(change.envelope.n <= known for change in changes)),
        audit_lost=audit_lost,
        forked=lost is ChainStanding.FORKED,
    )


def put_back_rows(connection: Connection, rows: Sequence[KeptRow]) -> None:
    """Drafts and refused words, where they are not here."""
    for row in rows:
        if row.table not in KEPT_TABLES:
            continue
        values = kept_values(row)
        marks = ", ".join("?" * len(values))
        sql = f"INSERT OR IGNORE INTO {row.table} VALUES ({marks})"  # noqa: S608 - one of two names of our own
        connection.exec_driver_sql(sql, tuple(values))


def link_at(connection: Connection, chain: str, n: int) -> tuple[bytes | None, int]:
    """The hash of a chain's link of that number, None when it is not here, and the oldest number that is."""
    sql = f"SELECT hash FROM {chain} WHERE n = ?"  # noqa: S608 - one of two names of our own
    found = connection.exec_driver_sql(sql, (n,)).scalar()
    oldest = connection.exec_driver_sql(f"SELECT min(n) FROM {chain}").scalar()  # noqa: S608 - as above
    return (None if found is None else bytes(found)), int(oldest or 1)


def chain_standing_in(connection: Connection, chain: str, known: ChainHead) -> ChainStanding:
    """How one of the store's chains, "outbox" or "audit", stands to a head that is known from elsewhere."""
    heads = heads_of(connection)
    return chain_standing(
        known, heads.outbox if chain == "outbox" else heads.audit, *link_at(connection, chain, known.n)
    )


def _lost(connection: Connection, found: Found) -> ChainStanding:
    both = [
        chain_standing_in(connection, "outbox", found.heads.outbox),
        chain_standing_in(connection, "audit", found.heads.audit),
    ]
    return next((each for each in (ChainStanding.FORKED, ChainStanding.BEHIND) if each in both), ChainStanding.HOLDS)


def _missing(connection: Connection, acts: Sequence[SavedAct]) -> list[SavedAct]:
    """The acts of which the store does not hold every change, each with only the changes that it lacks."""
    if not acts:
        return []
    first = min(act.changes[0].envelope.n for act in acts)
    rows = connection.exec_driver_sql("SELECT change FROM outbox WHERE n >= ?", (first,))
    here = {bytes(row[0]) for row in rows}
    lacking = []
    for act in acts:
        changes = tuple(
            each for each in act.changes if each.change.id not in here and not _known(connection, each.change.id)
        )
        if changes:
            lacking.append(SavedAct(changes, act.forget))
    return lacking


def _known(connection: Connection, change: bytes) -> bool:
    return (
        connection.exec_driver_sql("SELECT 1 FROM change WHERE id = ?", (change,)).one_or_none() is not None
        or connection.exec_driver_sql("SELECT 1 FROM outbox WHERE change = ?", (change,)).first() is not None
        or connection.exec_driver_sql("SELECT 1 FROM refused WHERE id = ?", (change,)).first() is not None
        or connection.exec_driver_sql("SELECT 1 FROM void WHERE id = ? AND standing > 0", (change,)).first() is not None
    )


def _holds(connection: Connection, change: Change) -> bool:
    sql = "SELECT content_hash FROM change WHERE id = ? UNION ALL SELECT content_hash FROM parked WHERE id = ?"
    rows = connection.exec_driver_sql(sql, (change.id, change.id))
    return change.content_hash in [bytes(row[0]) for row in rows]


def _take_in(connection: Connection, saved: SavedChange, device: UUID, now: int) -> None:
    """One change into its record and into this desk's chain: in its old place where that is free, else at the end.

    It is as this desk's program saved it; whether it fits is the server's to say.
    """
    content = read_content(saved.change.content)
    # It need not wait for what it was based on: that may never come, where the record was withdrawn meanwhile.
    placeholders(connection, content.record, content.parents)
    receive(connection, [Arrival(0, (Checked(saved.change, content),))], "", now)
    if not _holds(connection, saved.change):
        return  # its name stands for something else here: its words are kept as refused
    link = saved.envelope
    taken = connection.exec_driver_sql("SELECT change, hash FROM outbox WHERE n = ?", (link.n,)).one_or_none()
    before = bytes(32) if link.n == 1 else link_at(connection, "outbox", link.n - 1)[0]
    is_ours = _is_by(device, saved)
    if is_ours and taken is not None and taken[0] == taken[1] == link.hash:
        connection.exec_driver_sql("DELETE FROM outbox WHERE n = ?", (link.n,))  # the place was kept for this one
    elif taken is not None or before not in (None, link.prev) or not is_ours:
        head = heads_of(connection).outbox
        link = envelope(device, head.n + 1, head.hash, saved.change.id, saved.change.content_hash)
    elif before is None:
        keep_place(connection, ChainHead(link.n - 1, link.prev))
    connection.exec_driver_sql(
        "INSERT INTO outbox (n, change, act, prev, hash, saved_at) VALUES (?, ?, ?, ?, ?, ?)",
        (link.n, saved.change.id, saved.act, link.prev, link.hash, saved.saved_at),
    )


def _is_by(device: UUID, saved: SavedChange) -> bool:
    """Whether the link is of that name. One of a name that this desk had before would be refused."""
    link = saved.envelope
    return envelope(device, link.n, link.prev, saved.change.id, saved.change.content_hash).hash == link.hash


def keep_place(connection: Connection, head: ChainHead) -> None:
    """A link of this desk's chain without its change: its number is taken, its hash is known."""
    connection.exec_driver_sql(
        "INSERT INTO outbox (n, change, act, prev, hash, saved_at, receipt) VALUES (?, ?, '', ?, ?, 0, ?)",
        (head.n, head.hash, bytes(32), head.hash, NO_RECEIPT_TIME),
    )


def join_chain(connection: Connection, device: UUID, sent: ChainHead) -> None:
    """Make the unsent links follow each other again where changes between them are lost for good.

    The server takes a chain without holes only, and has seen none of these. `sent` is the last it is known to have.
    """
    rows = connection.exec_driver_sql(
        "SELECT o.n, o.change, o.prev, o.hash, c.content_hash FROM outbox o LEFT JOIN change c ON c.id = o.change"
        " WHERE o.n > ? ORDER BY o.n",
        (sent.n,),
    ).all()
    last = sent
    for n, change, prev, present, hashed in rows:
        if hashed is None:
            # A kept place whose change is lost, or a change that was built upon a lost one and stays parked here.
            connection.exec_driver_sql("DELETE FROM outbox WHERE n = ?", (n,))
            continue
        if (n, prev) != (last.n + 1, last.hash):
            new = envelope(device, last.n + 1, last.hash, change, hashed)
            connection.exec_driver_sql(
                "UPDATE outbox SET n = ?, prev = ?, hash = ? WHERE n = ?", (new.n, new.prev, new.hash, n)
            )
            last = ChainHead(new.n, new.hash)
        else:
            last = ChainHead(n, bytes(present))


def _mark_lost_events(connection: Connection, known: ChainHead, now: int) -> int:
    """Go on after the last event that is known to have been, with one that says how many are gone. Returns that."""
    own = heads_of(connection).audit
    if own.n >= known.n:
        return 0
    add_gap(connection, now, own.n + 1, known)
    return known.n - own.n


def _look_through(connection: Connection, device: UUID) -> None:
    """Everything that holds without its newest part. Raises DamagedStore for a store that needs Rescue."""
    if damage_of(connection, device):
        raise DamagedStore
