"""Erasure: the words of a record, or of everything about a person, are gone; its changes stay as voids.

Only the operator's command does it, in a database role that the running server does not have. The names of what was
erased are kept beside the alliance's key as well: a backup from before is erased again when it is restored.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from livingwell_desktop.domain.changes import Standing
from livingwell_desktop.domain.records import ALLIANCE
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.streams import Entry, enter, known_at, lock_subjects, read_streams
from livingwell_desktop.sync.protocol import STREAM

_PURGED_FILE = "purged"


def purge(connection: Connection, keys: Path, about: UUID, now: datetime) -> int:
    """Erase a record, or every record about a person, and tell each desk. Says how many records it was.

    In an open transaction. What concerns the whole alliance is never erased.
    """
    rows = connection.execute(
        "SELECT id FROM record WHERE (id = %(about)s OR subject = %(about)s) AND subject <> %(alliance)s ORDER BY id",
        {"about": about, "alliance": ALLIANCE},
    ).fetchall()
    records = [row[0] for row in rows]
    # Outside the database first: if the power goes now, the next restore still knows.
    with (keys / _PURGED_FILE).open("a", encoding="ascii") as file:
        file.writelines(f"{record} {now.isoformat()}\n" for record in records)
    return _erase(connection, records, now)


def purge_again(connection: Connection, keys: Path, now: datetime) -> int:
    """After a restore: erase what had been erased. Says how many records it was."""
    try:
        lines = (keys / _PURGED_FILE).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return 0
    return _erase(connection, sorted({UUID(line.split()[0]) for line in lines if line}), now)


def _erase(connection: Connection, records: Sequence[UUID], now: datetime) -> int:
    connection.execute("SET LOCAL ROLE livingwell_purge")
    rows = connection.execute(
        "SELECT id, subject, sensitivity FROM record WHERE id = ANY(%s) ORDER BY id", (list(records),)
    ).fetchall()
    lock_subjects(connection, {subject for _, subject, _ in rows})
    streams, known = read_streams(connection), known_at(connection, {subject for _, subject, _ in rows})
    entries: list[Entry] = []
    for record, subject, sensitivity in rows:
        changes = _void(connection, record)
        for stream in streams.reached_by(subject, known.get(subject, ())):
            if sensitivity <= stream.sensitivity:
                entries.extend(Entry(stream.name, "c", change, None, "", 0) for change in changes)
        entries.extend(_without_card(connection, record))
        connection.execute(
            "INSERT INTO tombstone (record, purged_at) VALUES (%s, %s) ON CONFLICT DO NOTHING", (record, now)
        )
    enter(connection, entries)
    return len(rows)


def _void(connection: Connection, record: UUID) -> list[bytes]:
    found = connection.execute(
        "UPDATE change SET content = '', salt = '', standing = %s WHERE record = %s AND standing <> %s RETURNING id",
        (int(Standing.PURGED), record, int(Standing.PURGED)),
    ).fetchall()
    changes = [row[0] for row in found]
    connection.execute("DELETE FROM quarantine WHERE change = ANY(%s)", (changes,))
    connection.execute("DELETE FROM alarm WHERE change = ANY(%s)", (changes,))
    return sorted(changes)


def _without_card(connection: Connection, record: UUID) -> list[Entry]:
    gone = connection.execute(
        "UPDATE card SET body = NULL WHERE person = %s AND body IS NOT NULL RETURNING person", (record,)
    ).fetchone()
    return [Entry(STREAM, "k", None, record, "", 0)] if gone else []
