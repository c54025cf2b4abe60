"""Shutting a lost desk out: by the operator's command, or by an administrator at another desk of its centre."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.restoring import SHUT_OUT_FILE, shut_out_before
from livingwell_desktop.sync.overseeing import Notice


@dataclass(frozen=True, slots=True)
class AskedBy:
    """Who asked for it at which desk, and why."""

    staff: UUID
    device: UUID
    reason: str
    words: str


def shut_out(
    connection: Connection, keys: Path, device: UUID, now: datetime, by: AskedBy | None = None
) -> tuple[str, datetime] | None:
    """Shut a desk out, also from a server that is restored later: its name and since when; None for a stranger.

    Once more is the same again. Without `by` it is the operator's doing.
    """
    row = connection.execute("SELECT name, revoked_at FROM device WHERE id = %s", (device,)).fetchone()
    if row is None:
        return None
    name, since = row
    if since is None:
        connection.execute("UPDATE device SET revoked_at = %s WHERE id = %s", (now, device))
        connection.execute("INSERT INTO notice (kind, device, at) VALUES (%s, %s, %s)", (Notice.SHUT_OUT, device, now))
    connection.execute("DELETE FROM session WHERE device = %s", (device,))
    who = (by.staff, by.device, by.reason, by.words) if by else (None, None, None, None)
    connection.execute(
        "INSERT INTO shut_out (device, at, staff, asked_at, reason, words) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (device, now, *who),
    )
    # Outside the database too: a backup from before would let the desk in again.
    if device not in shut_out_before(keys):
        with (keys / SHUT_OUT_FILE).open("a", encoding="ascii") as file:
            file.write(f"{device} {now.isoformat()}\n")
    return name, since or now
