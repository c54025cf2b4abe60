"""Taking a record, or everything about a person, away from one centre by hand: its desks are told that it leaves.

Only the operator's command does it, in the database role that also erases. A person who is taken away is not known
there any more; what a desk of that centre still sends about them, before it has heard, does not change that. A single
record stays away although its person is known there.

Desks that bring things back to a server that was restored or lost make nobody known where they were taken away: what
they bring says who was there once, not who comes there now.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.records import ALLIANCE, Sensitivity
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.streams import Entry, enter, lock_all_subjects, read_streams, stream_name

_WITHDRAWN_FILE = "withdrawn"


def withdraw(connection: Connection, keys: Path, about: UUID, centre: UUID, now: datetime) -> int:
    """Take a record or a person away from a centre; in an open transaction. Says how many records leave.

    Raises Problem when that centre has nothing of it, and for what belongs to the whole alliance or to the centre.
    """
    count = _withdraw(connection, about, centre)
    # Outside the database too: a backup from before would bring it back.
    with (keys / _WITHDRAWN_FILE).open("a", encoding="ascii") as file:
        file.write(f"{about} {centre} {now.isoformat()}\n")
    return count


def withdraw_again(connection: Connection, keys: Path) -> int:
    """After a restore or a loss: take away what had been taken away. Says how many records it was.

    What this server does not have, a desk may still bring back: it is remembered as taken away, too.
    """
    try:
        lines = (keys / _WITHDRAWN_FILE).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return 0
    count = 0
    for about, centre in sorted({(UUID(line.split()[0]), UUID(line.split()[1])) for line in lines if line}):
        try:
            count += _withdraw(connection, about, centre)
        except Problem:
            _keep_away(connection, about, centre, [(stream_name(centre, level), 0) for level in Sensitivity])
    return count


def _withdraw(connection: Connection, about: UUID, centre: UUID) -> int:
    connection.execute("SET LOCAL ROLE livingwell_purge")
    lock_all_subjects(connection)
    rows = connection.execute(
        "SELECT id, subject FROM record WHERE (id = %(about)s OR subject = %(about)s) AND subject <> ALL"
        "(%(never)s) AND %(centre)s <> ALL(withdrawn_from) ORDER BY id",
        {"about": about, "never": [ALLIANCE, centre], "centre": centre},
    ).fetchall()
    subjects = {subject for _, subject in rows}
    whole = about in subjects
    known = connection.execute(
        "SELECT 1 FROM known WHERE subject = ANY(%s) AND centre = %s", (sorted(subjects), centre)
    ).fetchone()
    streams = read_streams(connection).of_centre(centre)
    if known is None or not streams:
        raise Problem(
            "That centre does not have it",
            f"The centre {centre} knows no record or person {about}.",
            "“holders” says who has it. Check both ids.",
        )
    # A desk that may see nothing of a record holds what it wrote about it itself.
    leaving = [Entry(stream.name, "x", None, record, "", 0) for stream in streams for record, _ in rows]
    if whole:
        connection.execute("DELETE FROM known WHERE subject = %s AND centre = %s", (about, centre))
    else:
        connection.execute(
            "UPDATE record SET withdrawn_from = withdrawn_from || %s::uuid WHERE id = %s", (centre, about)
        )
    reached = enter(connection, leaving)
    if whole:
        _keep_away(connection, about, centre, [(name, number) for name, number in reached.items()])
    return len(rows)


def _keep_away(connection: Connection, person: UUID, centre: UUID, reached: Sequence[tuple[str, int]]) -> None:
    for stream, number in reached:
        connection.execute(
            "INSERT INTO withdrawn (subject, centre, stream, number) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (subject, stream) DO UPDATE SET number = greatest(withdrawn.number, excluded.number)",
            (person, centre, stream, number),
        )


def kept_away(connection: Connection, subjects: Sequence[UUID], device: UUID) -> set[tuple[UUID, UUID]]:
    """(subject, centre) that a desk may not make known again: it has not heard yet that they were taken away."""
    if not subjects:
        return set()
    rows = connection.execute(
        "SELECT w.subject, w.centre FROM withdrawn w WHERE w.subject = ANY(%s) AND NOT EXISTS (SELECT FROM followed f"
        " WHERE f.device = %s AND f.stream = w.stream AND f.number >= w.number)"
        " AND EXISTS (SELECT FROM followed f WHERE f.device = %s AND f.stream = w.stream)",
        (list(subjects), device, device),
    )
    return {(subject, centre) for subject, centre in rows}


def taken_away(connection: Connection, subjects: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """(subject, centre) that were taken away at any time."""
    rows = connection.execute("SELECT subject, centre FROM withdrawn WHERE subject = ANY(%s)", (list(subjects),))
    return set(rows.fetchall())


def keep_records_away(connection: Connection, records: Iterable[UUID]) -> dict[UUID, Sequence[UUID]]:
    """Of records that have come back, those that were taken away by themselves: from which centres."""
    rows = connection.execute(
        "UPDATE record SET withdrawn_from = away.centres FROM (SELECT subject, array_agg(DISTINCT centre) AS centres"
        " FROM withdrawn WHERE subject = ANY(%s) GROUP BY subject) AS away"
        # A person's own record has the person's name: it comes again when they do.
        " WHERE record.id = away.subject AND record.subject <> record.id RETURNING record.id, withdrawn_from",
        (sorted(records),),
    )
    return dict(rows.fetchall())


def to_be_heard(connection: Connection, leaving: Sequence[Entry], numbers: Mapping[str, int]) -> None:
    """Word that records leave was given once more: who has not come so far makes their people not known again."""
    for stream in sorted({line.stream for line in leaving}):
        connection.execute(
            "UPDATE withdrawn SET number = %s FROM record WHERE withdrawn.stream = %s"
            " AND withdrawn.subject = record.subject AND record.id = ANY(%s)",
            (numbers[stream], stream, [line.record for line in leaving if line.stream == stream]),
        )
