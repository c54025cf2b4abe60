"""Words that were not taken, kept for those who oversee the centre of the desk that they came from."""

from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.changes import Change, ContentError, read_content
from livingwell_desktop.server.database import Connection


def keep_in_quarantine(connection: Connection, device: UUID, change: Change, reason: str, now: datetime) -> None:
    """Keep what that desk sent, and why it was not taken. What is kept already stays as it is."""
    connection.execute(
        "INSERT INTO quarantine (change, content_hash, content, salt, signature, device, reason, refused_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (change.id, change.content_hash, change.content, change.salt, change.signature, device, reason, now),
    )


def subjects_of(content: bytes) -> set[UUID]:
    """The record and whom it is about; nothing for what cannot be read."""
    try:
        said = read_content(content)
    except ContentError:
        return set()
    return {said.record, said.subject}
