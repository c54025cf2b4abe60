"""This desk's unsent changes. "Sent" means the server's receipt for that change by id and content hash."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import Change, Envelope, Standing, Void, read_content
from livingwell_desktop.storage.folding import put_void, refold
from livingwell_desktop.storage.values import Changes, Waiting

MAX_CHANGES_IN_AN_ACT = 200


class Unsent(NamedTuple):
    """A change with its place in this desk's chain."""

    change: Change
    envelope: Envelope
    act: str


class Receipt(NamedTuple):
    """The server's word that it holds a change: its id, its content hash, and when."""

    change: bytes
    content_hash: bytes


def unsent(connection: Connection, limit: int, device: UUID, after: int = 0) -> tuple[Unsent, ...]:
    """The oldest changes without a receipt, after that number of the chain.

    An act is never split: the last one may go over the limit. `device` sends them; it need not be the desk that wrote
    them, which may have been found to be copied.
    """
    rows = _waiting_rows(connection, after, limit + 1)
    if len(rows) > limit and rows[-1].act == rows[-2].act:
        rest = _waiting_rows(connection, rows[-1].n, MAX_CHANGES_IN_AN_ACT)
        rows += takewhile(lambda row: row.act == rows[-1].act, rest)
    else:
        rows = rows[:limit]
    authors = {each: UUID(bytes=each) for each in {row.device for row in rows}}
    return tuple(
        Unsent(Change(change, content, salt, hashed, authors[author], signature), Envelope(device, n, prev, link), act)
        for n, prev, link, act, change, content, salt, hashed, author, signature in rows
    )


def _waiting_rows(connection: Connection, after: int, limit: int) -> list[Any]:
    found = connection.exec_driver_sql(
        "SELECT o.n, o.prev, o.hash, o.act, c.id, c.content, c.salt, c.content_hash, c.device, c.signature"
        " FROM outbox o JOIN change c ON c.id = o.change WHERE o.receipt IS NULL AND o.n > ? ORDER BY o.n LIMIT ?",
        (after, limit),
    )
    return list(found.all())


def acknowledge(connection: Connection, receipts: Sequence[Receipt], now: int) -> None:
    """Mark changes as sent. A receipt for other content than ours marks nothing."""
    if receipts:
        connection.exec_driver_sql(
            "UPDATE outbox SET receipt = ? WHERE change = ? AND receipt IS NULL"
            " AND EXISTS (SELECT 1 FROM change c WHERE c.id = outbox.change AND c.content_hash = ?)",
            [(now, receipt.change, receipt.content_hash) for receipt in receipts],
        )


def keep_refused(connection: Connection, change: bytes, reason: str, now: int) -> None:
    """Keep the words of a change of this desk that the server would not take, with the reason. It waits no longer."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO refused (id, content, content_hash, device, reason, refused_at)"
        " SELECT c.id, c.content, c.content_hash, c.device, ?, ? FROM change c"
        " JOIN outbox o ON o.change = c.id WHERE c.id = ?",
        (reason, now, change),
    )
    connection.exec_driver_sql("UPDATE outbox SET receipt = -1 WHERE change = ? AND receipt IS NULL", (change,))


def mark_refused(connection: Connection, refusals: Sequence[tuple[bytes, str]], now: int) -> Changes:
    """Keep the server's reasons, and the words: the change itself counts as having written nothing, here as elsewhere.

    It is not offered again.
    """
    concerned = []
    for change, reason in refusals:
        keep_refused(connection, change, reason, now)
        raw = connection.exec_driver_sql("SELECT content, content_hash FROM change WHERE id = ?", (change,)).first()
        if raw is None:
            continue
        content = read_content(raw[0])
        connection.exec_driver_sql("DELETE FROM change WHERE id = ?", (change,))
        fields = frozenset(content.set)
        put_void(connection, Void(change, content.record, content.parents, fields, raw[1], Standing.REFUSED))
        refold(connection, content.record)
        concerned.append(content)
    return Changes(
        frozenset(each.kind for each in concerned),
        frozenset(each.subject for each in concerned),
        frozenset(each.record for each in concerned),
    )


def head(connection: Connection) -> tuple[int, bytes]:
    """The newest link of this desk's chain, sent or not."""
    row = connection.exec_driver_sql("SELECT n, hash FROM outbox ORDER BY n DESC LIMIT 1").one_or_none()
    return (0, bytes(32)) if row is None else (row[0], row[1])


def has_unsent_about(connection: Connection, record: UUID) -> bool:
    """Whether a change of that record has no receipt yet."""
    found = connection.exec_driver_sql(
        "SELECT 1 FROM outbox o JOIN change c ON c.id = o.change WHERE o.receipt IS NULL AND c.record = ?",
        (record.bytes,),
    )
    return found.first() is not None


def waiting(connection: Connection) -> Waiting:
    """How many wait, since when, and when the last receipt came."""
    count, oldest = connection.exec_driver_sql("SELECT count(*), min(saved_at) FROM outbox WHERE receipt IS NULL").one()
    last = connection.exec_driver_sql("SELECT receipt FROM outbox WHERE receipt > 0 ORDER BY n DESC LIMIT 1").scalar()
    refused = connection.exec_driver_sql(
        "SELECT count(DISTINCT r.id) FROM refused r JOIN outbox o ON o.change = r.id WHERE o.receipt = -1"
    ).scalar()
    return Waiting(count, oldest, last, int(refused or 0))
