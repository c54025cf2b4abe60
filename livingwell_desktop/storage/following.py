"""What this desk follows and how far: cursors of streams, a first download under way, the server's generation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Download:
    """A first download of a stream: where it goes on, and from which number the stream goes on after it."""

    stream: str
    place: str = ""
    cursor: int = 0
    done: int = 0
    total: int = 0

    def begun(self, cursor: int, total: int) -> "Download":
        """With what the first page said."""
        return replace(self, cursor=cursor, total=total)

    def further(self, place: str, entries: int) -> "Download":
        """After one more page; without a place it is complete."""
        return replace(self, place=place, done=self.done + entries)


def cursors(connection: Connection) -> dict[str, int]:
    """How far each stream is taken in. One whose first download is not complete is not among them."""
    return dict(connection.exec_driver_sql("SELECT name, number FROM stream ORDER BY name").all())


def download_of(connection: Connection, stream: str) -> Download:
    """The download of a stream, as far as it has come."""
    row = connection.exec_driver_sql(
        "SELECT stream, place, cursor, done, total FROM download WHERE stream = ?", (stream,)
    ).one_or_none()
    return Download(stream) if row is None else Download(*row)


def note_download(connection: Connection, download: Download) -> None:
    """Note how far a download has come. When it is complete the stream is followed from where it was at the start."""
    if download.place:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO download (stream, place, cursor, done, total) VALUES (?, ?, ?, ?, ?)",
            (download.stream, download.place, download.cursor, download.done, download.total),
        )
        return
    connection.exec_driver_sql("DELETE FROM download WHERE stream = ?", (download.stream,))
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO stream (name, number) VALUES (?, ?)", (download.stream, download.cursor)
    )


def remembered(connection: Connection, name: str) -> str:
    """One of the few single facts that are kept by name; empty when it is not there."""
    value = connection.exec_driver_sql("SELECT value FROM meta WHERE name = ?", (name,)).scalar()
    return "" if value is None else str(value)


def remember(connection: Connection, name: str, value: str) -> None:
    """Keep a single fact."""
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


def set_follows(connection: Connection, streams: Sequence[str], generation: str) -> None:
    """Keep which streams the server says are this desk's, and its generation."""
    remember(connection, "follows", json.dumps(list(streams)))
    remember(connection, "generation", generation)
    remember(connection, "generation_number", generation.partition(".")[0] or "0")


def parked_since(connection: Connection, before: int, now: int) -> tuple[UUID, ...]:
    """Records of which a change has waited for its parent since before that time, the longest wait first.

    Or since a time that is still to come: the clock was put back, and nobody knows how long it has waited.
    """
    rows = connection.exec_driver_sql(
        "SELECT record FROM parked WHERE parked_at <= ? OR parked_at > ? GROUP BY record"
        " ORDER BY min(parked_at), record",
        (before, now),
    )
    return tuple(UUID(bytes=row[0]) for row in rows)
