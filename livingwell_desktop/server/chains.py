"""A desk's chain as the server knows it: what comes must continue it, or repeat what came before.

A refused change still is a link: the desk goes on after it, and nothing behind it waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.judging import Judged
from livingwell_desktop.sync.protocol import Offered, Unreadable

UNKNOWN = b""
"""The head's hash after a link that could not be read."""


class ForkedError(Exception):
    """The desk's chain is not the one the server knows: a copy of the desk, or an older state of it, is writing.

    Nothing of the request is taken and nothing is refused: the words wait on the desk until somebody has looked.
    """


@dataclass(frozen=True, slots=True)
class Head:
    """The last link the server knows of a desk."""

    n: int
    hash: bytes


def lock_head(connection: Connection, device: KnownDevice) -> Head:
    """The head of a desk's chain; the desk's other pushes wait until this transaction ends."""
    row = connection.execute(
        "SELECT chain_n, chain_hash FROM device WHERE id = %s FOR NO KEY UPDATE", (device.id,)
    ).fetchone()
    if row is None:
        raise LookupError("the desk has no row")
    return Head(row[0], row[1])


def check_head(connection: Connection, device: KnownDevice, said: tuple[int, bytes]) -> None:
    """Raises ForkedError when the desk has forgotten links that the server knows: it was put back, or copied.

    A desk that has lost nothing is never behind: its newest link, sent or not, is at least what it has sent.
    """
    row = connection.execute("SELECT chain_n, chain_hash FROM device WHERE id = %s", (device.id,)).fetchone()
    if row is not None and (row[0] > said[0] or (row[0] == said[0] and row[1] not in (said[1], UNKNOWN))):
        raise ForkedError


def follow(connection: Connection, device: KnownDevice, head: Head, judged: Sequence[Judged]) -> Head:
    """The new head when the offered links continue the chain or repeat it. Raises ForkedError.

    A link that is broken in itself says nothing about the chain: it is refused alone, and the next
    one anchors it again.
    """
    known = _known(connection, device, head, judged)
    broken = False
    for each in judged:
        if isinstance(each.offered, Unreadable) or not each.linked:
            broken = True
            continue
        link = each.offered.envelope
        if link.n <= head.n:
            if known.get(link.n, link.hash) != link.hash:
                raise ForkedError
        elif (link.n == head.n + 1 and link.prev == head.hash) or broken or head.hash == UNKNOWN:
            head = Head(link.n, link.hash)
            known[link.n] = link.hash
        else:
            raise ForkedError
        broken = False
    return Head(head.n, UNKNOWN) if broken else head


def move_head(connection: Connection, device: KnownDevice, head: Head) -> None:
    """Write the new head down."""
    connection.execute("UPDATE device SET chain_n = %s, chain_hash = %s WHERE id = %s", (head.n, head.hash, device.id))


def _known(connection: Connection, device: KnownDevice, head: Head, judged: Sequence[Judged]) -> dict[int, bytes]:
    numbers = [
        each.offered.envelope.n
        for each in judged
        if isinstance(each.offered, Offered) and each.offered.envelope.n <= head.n
    ]
    if not numbers:
        return {}
    rows = connection.execute(
        "SELECT n, chain FROM refused WHERE device = %(device)s AND n = ANY(%(numbers)s::bigint[])"
        " UNION ALL SELECT n, chain FROM change WHERE sender = %(device)s AND n = ANY(%(numbers)s::bigint[])",
        {"device": device.id, "numbers": numbers},
    )
    return dict(rows.fetchall())
