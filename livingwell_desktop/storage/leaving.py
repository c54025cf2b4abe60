"""A record leaves this desk: withdrawn from its streams. Its words go, its place in the graph stays."""

from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ContentError, Standing, Void, read_content
from livingwell_desktop.storage.folding import forget_record, put_void


def forget(connection: Connection, record: UUID) -> bool:
    """Delete a record, its changes, its search row and the drafts about it; keep voids. Says whether it was here."""
    rows = connection.exec_driver_sql(
        "SELECT id, content, content_hash FROM change WHERE record = ?", (record.bytes,)
    ).all()
    ids = {bytes(row[0]) for row in rows}
    for change, raw, hashed in rows:
        content = read_content(raw)
        put_void(connection, Void(change, record, content.parents, frozenset(content.set), hashed, Standing.NOT_HELD))
    forget_record(connection, record)
    connection.exec_driver_sql("DELETE FROM change WHERE record = ?", (record.bytes,))
    connection.exec_driver_sql("DELETE FROM parked WHERE record = ?", (record.bytes,))
    _forget_drafts(connection, record, ids)
    _forget_refused(connection, record)
    return bool(rows)


def _forget_drafts(connection: Connection, record: UUID, changes: set[bytes]) -> None:
    connection.exec_driver_sql("DELETE FROM draft WHERE subject = ?", (record.bytes,))
    for draft, based_on in connection.exec_driver_sql("SELECT id, based_on FROM draft").all():
        if any(based_on[at : at + 16] in changes for at in range(0, len(based_on), 16)):
            connection.exec_driver_sql("DELETE FROM draft WHERE id = ?", (draft,))


def _forget_refused(connection: Connection, record: UUID) -> None:
    """Words that were refused are at the server by now, for the privacy officer."""
    for change, raw, hashed in connection.exec_driver_sql("SELECT id, content, content_hash FROM refused").all():
        try:
            about = read_content(raw).record
        except ContentError:
            continue
        if about == record:
            # By content, too: other words may have been refused under the same name.
            connection.exec_driver_sql("DELETE FROM refused WHERE id = ? AND content_hash = ?", (change, hashed))
