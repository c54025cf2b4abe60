"""Erasure: the words of a record, or of everything about a person, are gone; its changes stay as voids.

Only the operator's command does it, in a database role that the running server does not have. The names of what was
erased are kept beside the alliance's key as well: a backup from before is erased again when it is restored.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from livingwell_desktop.domain.changes import ContentError, Standing, read_content
from livingwell_desktop.domain.records import ALLIANCE
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.quarantine import subjects_of
from livingwell_desktop.server.streams import Entry, enter, followed_by, known_at, lock_all_subjects, read_streams
from livingwell_desktop.sync.protocol import STREAM

ERASED = "it was erased"
"""Why a change is refused that comes after its record or its person was erased."""

_PURGED_FILE = "purged"


def purge(connection: Connection, keys: Path, about: UUID, now: datetime) -> int:
    """Erase a record, or every record about a person, and tell each desk. Says how many records it was.

    In an open transaction. What concerns the whole alliance is never erased.
    """
    lock_all_subjects(connection)
    rows = connection.execute(
        "SELECT id FROM record WHERE (id = %(about)s OR subject = %(about)s) AND subject <> %(alliance)s ORDER BY id",
        {"about": about, "alliance": ALLIANCE},
    ).fetchall()
    # The person, too, of whom no record of their own may be here: what comes about them later is refused.
    unplaced = [subjects_of(content) for _, _, content, _, _ in _unplaced(connection)]
    here = bool(rows) or any(about in each and ALLIANCE not in each for each in unplaced)
    records = [*(row[0] for row in rows), *([about] if here and all(row[0] != about for row in rows) else [])]
    # Outside the database first: if the power goes now, the next restore still knows.
    with (keys / _PURGED_FILE).open("a", encoding="ascii") as file:
        file.writelines(f"{record} {now.isoformat()}\n" for record in records)
    return _erase(connection, records, now)


def purge_again(connection: Connection, keys: Path, now: datetime) -> int:
    """After a restore or a loss: erase what had been erased. Says how many records it was.

    What this server has not heard of yet, a desk may still bring back: it is remembered as erased, too.
    """
    try:
        lines = (keys / _PURGED_FILE).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return 0
    records = sorted({UUID(line.split()[0]) for line in lines if line})
    lock_all_subjects(connection)
    return _erase(connection, records, now)


def _erase(connection: Connection, records: Sequence[UUID], now: datetime) -> int:
    connection.execute("SET LOCAL ROLE livingwell_purge")
    rows = connection.execute(
        "SELECT id, subject, sensitivity FROM record WHERE id = ANY(%s) ORDER BY id", (list(records),)
    ).fetchall()
    streams, known = read_streams(connection), known_at(connection, {subject for _, subject, _ in rows})
    entries: list[Entry] = []
    for record, subject, sensitivity in rows:
        changes = _void(connection, record)
        for stream in streams.reached_by(subject, known.get(subject, ())):
            if sensitivity <= stream.sensitivity:
                entries.extend(Entry(stream.name, "c", change, None, "", 0) for change in changes)
            else:
                # A desk that may see nothing of it holds what it wrote about it itself.
                entries.append(Entry(stream.name, "x", None, record, "", 0))
        entries.extend(_without_card(connection, record))
    connection.execute(
        "INSERT INTO tombstone (record, purged_at) SELECT record, %s FROM unnest(%s::uuid[]) AS record"
        " ON CONFLICT DO NOTHING",
        (now, list(records)),
    )
    entries.extend(_forget_unplaced(connection, set(records)))
    enter(connection, entries)
    return len(rows)


def _forget_unplaced(connection: Connection, about: set[UUID]) -> list[Entry]:
    """Words in quarantine that have no place in any graph: nobody could vouch for them when they were given back.

    The lines say to the desks that gave them back, which hold them still, that their records leave.
    """
    lines = set[Entry]()
    for change, hashed, content, centres, sensitivity in _unplaced(connection):
        if not about.isdisjoint(subjects_of(content)):
            connection.execute("DELETE FROM quarantine WHERE change = %s AND content_hash = %s", (change, hashed))
            lines.update(
                Entry(stream, "x", None, read_content(content).record, "", 0)
                for stream in followed_by(centres, sensitivity)
                if stream != STREAM
            )
    return sorted(lines)


def _unplaced(connection: Connection) -> list[tuple[bytes, bytes, bytes, list[UUID], int]]:
    return connection.execute(
        "SELECT q.change, q.content_hash, q.content, d.centres, d.sensitivity FROM quarantine q JOIN device d"
        " ON d.id = q.device WHERE NOT EXISTS (SELECT FROM change WHERE change.id = q.change)"
    ).fetchall()


def _void(connection: Connection, record: UUID) -> list[bytes]:
    found = connection.execute(
        "UPDATE change SET content = '', salt = '', standing = %s WHERE record = %s AND standing <> %s RETURNING id",
        (int(Standing.PURGED), record, int(Standing.PURGED)),
    ).fetchall()
    changes = [row[0] for row in found]
    # By content, too: other words may have been refused under the same name.
    connection.execute(
        "DELETE FROM quarantine USING change WHERE quarantine.change = change.id"
        " AND quarantine.content_hash = change.content_hash AND change.id = ANY(%s)",
        (changes,),
    )
    for change, hashed, content in connection.execute("SELECT change, content_hash, content FROM alarm").fetchall():
        if _is_about(content, record):
            connection.execute("DELETE FROM alarm WHERE change = %s AND content_hash = %s", (change, hashed))
    return sorted(changes)


def _is_about(content: bytes, record: UUID) -> bool:
    try:
        return read_content(content).record == record
    except ContentError:
        return False


def _without_card(connection: Connection, record: UUID) -> list[Entry]:
    gone = connection.execute(
        "UPDATE card SET body = NULL WHERE person = %s AND body IS NOT NULL RETURNING person", (record,)
    ).fetchone()
    return [Entry(STREAM, "k", None, record, "", 0)] if gone else []
