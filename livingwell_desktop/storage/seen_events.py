"""Who looked at what while a desk could only be read: kept beside the store, and in the audit as soon as it is written.

The file has the form of a second file, under the same key, and one frame for each time that something was shown.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.storage.audit import add_events
from livingwell_desktop.storage.database import disk_problem
from livingwell_desktop.storage.following import remember, remembered
from livingwell_desktop.storage.saved_twice import NO_HEADS
from livingwell_desktop.storage.second_file import SecondFile
from livingwell_desktop.storage.second_frames import FramePart, KnownHeads, SeenEvents
from livingwell_desktop.storage.values import Event

_TAKEN_IN = "seen events taken in"


def seen_path(store: Path) -> Path:
    """Where the file lies. It stays there when Rescue moves damaged records aside: the fresh copy takes it in."""
    return store.with_name(f"{store.name}-seen")


class SeenFile:
    """The file, open to be appended to. One thread at a time."""

    def __init__(self, store: Path, key: bytes) -> None:
        self._file = SecondFile(seen_path(store), key)

    def keep(self, at: int, staff: UUID | None, events: Sequence[Event]) -> None:
        """On the disk when this returns. Raises Problem: then nothing may be shown either."""
        said = [
            {
                "name": event.name,
                "subject": event.subject.hex if event.subject else None,
                "record": event.record.hex if event.record else None,
                "detail": dict(event.detail),
            }
            for event in events
        ]
        try:
            self._begin()
            self._file.append(SeenEvents(at, staff, json.dumps(said, ensure_ascii=False).encode("utf-8")))
            self._file.sync()
        except OSError as error:
            raise disk_problem(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _begin(self) -> None:
        if self._file.is_open:
            return
        found = self._file.read()
        if not found.whole:
            parts: list[FramePart] = [KnownHeads(NO_HEADS), *found.parts]
            self._file.replace(parts)


def take_in_seen(
    store: Path, key: bytes, writing: Callable[[], AbstractContextManager[Connection]], device: UUID
) -> None:
    """Put what the file says into the audit, once, and take the file away. Raises Problem on a full disk."""
    path = seen_path(store)
    if not path.exists():
        return
    file = SecondFile(path, key)
    parts = [part for part in file.look().parts if isinstance(part, SeenEvents)]
    with writing() as connection:
        # Killed between here and the end, the next opening knows that this very file is in.
        if remembered(connection, _TAKEN_IN) != file.mark_of_file:
            for part in parts:
                add_events(connection, device, part.at, part.staff, _events(part))
            remember(connection, _TAKEN_IN, file.mark_of_file)
    path.unlink(missing_ok=True)


def _events(part: SeenEvents) -> tuple[Event, ...]:
    return tuple(
        Event(
            said["name"],
            UUID(hex=said["subject"]) if said["subject"] else None,
            UUID(hex=said["record"]) if said["record"] else None,
            said["detail"],
        )
        for said in json.loads(part.events)
    )
