"""Putting the database back to a backup, or beginning with an empty one.

In one transaction, so that there is the server before or the server after.

A server that was put back and is not known to be, or lets in whom it had shut out, must not exist for a moment: desks
would take their receipts for good, and go on from lines that are gone.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.backing_up import check_backup, load
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.generations import begin, begin_anew
from livingwell_desktop.server.poking import SERVING
from livingwell_desktop.server.purging import purge_again
from livingwell_desktop.server.schema import rebuilding
from livingwell_desktop.server.withdrawing import withdraw_again

SHUT_OUT_FILE = "shut-out"
"""Which desks were shut out, beside the alliance's key."""


def put_back(url: str, keys: Path, alliance: AllianceKey, file: Path, now: datetime) -> int:
    """Make the database what the backup says, and begin a generation. Says how many records were erased again.

    Raises Problem, when nothing is changed: for a file that is not whole, and while a server runs.
    """
    check_backup(file, alliance.backup_key)
    with rebuilding(url) as made:
        connection = made.connection
        _alone(connection)
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        load(file, alliance.backup_key, made)
        made.migrate()
        begin(connection, uuid4(), now)
        return _still_to_hold(connection, keys, now)


def begin_again(connection: Connection, keys: Path, now: datetime) -> None:
    """A new, empty server of an alliance whose server is lost: what must stay out and away, it knows from the files."""
    begin_anew(connection, uuid4(), now)
    _still_to_hold(connection, keys, now)


def _still_to_hold(connection: Connection, keys: Path, now: datetime) -> int:
    shut_out_again(connection, keys, now)
    # Last: they go on in the role that erases, which may do nothing else.
    again = purge_again(connection, keys, now)
    withdraw_again(connection, keys)
    return again


def shut_out_again(connection: Connection, keys: Path, now: datetime) -> None:
    """A server that was restored or begins anew knows from the file beside its key whom the one before had shut out."""
    for device in shut_out_before(keys):
        connection.execute("UPDATE device SET revoked_at = coalesce(revoked_at, %s) WHERE id = %s", (now, device))
        connection.execute("INSERT INTO shut_out (device, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", (device, now))


def _alone(connection: Connection) -> None:
    """A request that began before a restore must not go on after it."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (SERVING,)).fetchone()
    if row != (True,):
        raise Problem(
            "The server is running",
            "A “serve” uses this database. Nothing was changed.",
            "Stop every “serve”, and try again. If none runs, its connection was not given up: restart PostgreSQL.",
        )


def shut_out_before(keys: Path) -> list[UUID]:
    """The desks that the file beside the key names."""
    try:
        text = (keys / SHUT_OUT_FILE).read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [UUID(line.split()[0]) for line in text.splitlines() if line]
