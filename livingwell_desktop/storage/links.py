"""New links of this desk's chain for what waits: after a restore of the server, or under a new name."""

from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import envelope

FIRST_LINK = bytes(32)
_NO_WORD_NEEDED = 0
"""The receipt of a link that only keeps its place in the chain."""


def renew_links(connection: Connection, device: UUID) -> int:
    """New envelopes for all that waits, at the end of the chain: ids, content and signatures stay. Says how many.

    The old links keep their places, so that no number is ever used twice.
    """
    rows = connection.exec_driver_sql(
        "SELECT o.n, o.hash, o.change, o.act, o.saved_at, c.content_hash FROM outbox o"
        " JOIN change c ON c.id = o.change WHERE o.receipt IS NULL ORDER BY o.n"
    ).all()
    last = connection.exec_driver_sql("SELECT n, hash FROM outbox ORDER BY n DESC LIMIT 1").one_or_none()
    n, prev = (last[0], last[1]) if last else (0, FIRST_LINK)
    for old, link, *_ in rows:
        connection.exec_driver_sql(
            "UPDATE outbox SET change = ?, act = '', prev = ?, saved_at = 0, receipt = ? WHERE n = ?",
            (link, bytes(32), _NO_WORD_NEEDED, old),
        )
    for _old, _link, change, act, saved_at, hashed in rows:
        new = envelope(device, n + 1, prev, change, hashed)
        connection.exec_driver_sql(
            "INSERT INTO outbox (n, change, act, prev, hash, saved_at) VALUES (?, ?, ?, ?, ?, ?)",
            (new.n, change, act, new.prev, new.hash, saved_at),
        )
        n, prev = new.n, new.hash
    return len(rows)
