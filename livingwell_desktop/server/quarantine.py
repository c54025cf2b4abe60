"""Words that were not taken, kept for those who oversee the centre of the desk that they came from."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.changes import Change, ContentError, read_content
from livingwell_desktop.server.database import Connection

NOT_TAKEN_SINCE = (
    "NOT EXISTS (SELECT FROM change c WHERE c.id = q.change AND c.content_hash = q.content_hash AND c.standing = 1)"
)
"""Of rows of `quarantine q`: what was taken in later, when its author was known, is no question any more."""


def keep_in_quarantine(
    connection: Connection, device: UUID, change: Change, reason: str, now: datetime, *, unproved: bool = False
) -> None:
    """Keep what that desk sent, and why it was not taken. What is kept already stays as it is.

    What is `unproved` waits for its author's certificate.
    """
    connection.execute(
        "INSERT INTO quarantine (change, content_hash, content, salt, signature, device, reason, refused_at, waits_for)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            change.id,
            change.content_hash,
            change.content,
            change.salt,
            change.signature,
            device,
            reason,
            now,
            change.device if unproved else None,
        ),
    )


def waiting_for(connection: Connection, authors: Collection[UUID]) -> list[tuple[UUID, Change]]:
    """What waits for the certificates of those desks: who gave it back, and the change."""
    rows = connection.execute(
        "SELECT device, change, content, salt, content_hash, waits_for, signature FROM quarantine"
        " WHERE waits_for = ANY(%s) ORDER BY device, change",
        (list(authors),),
    )
    return [(row[0], Change(*row[1:])) for row in rows]


def wait_no_longer(connection: Connection, authors: Collection[UUID], refused: Mapping[bytes, str]) -> None:
    """Those desks are known now: nothing is tried a second time. What was `refused` says why, by its name."""
    for change, reason in sorted(refused.items()):
        connection.execute(
            "UPDATE quarantine SET reason = %s WHERE change = %s AND waits_for = ANY(%s)",
            (reason, change, list(authors)),
        )
    connection.execute("UPDATE quarantine SET waits_for = NULL WHERE waits_for = ANY(%s)", (list(authors),))


def subjects_of(content: bytes) -> set[UUID]:
    """The record and whom it is about; nothing for what cannot be read."""
    try:
        said = read_content(content)
    except ContentError:
        return set()
    return {said.record, said.subject}
