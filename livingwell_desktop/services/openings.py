"""What was looked at since the page in front was opened: each thing is written down once, however often it is read.

A page reads the same records again at every change and every minute. The audit wants to know that somebody opened
them, not how often the screen was drawn.
"""

import threading
from collections.abc import Iterable
from uuid import UUID

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.storage import Event

Look = tuple[UUID, Act, UUID | None]
"""Who, under which permission, whose record (None: no one person's)."""


class Openings:
    """The register behind `Practice.opening` and `Practice.viewed`. Threads may share it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._place: tuple[str, UUID | None] = ("", None)
        self._seen: set[Look] = set()
        self._gathered: list[Event] | None = None

    def begin(self, place: str, person: UUID | None) -> None:
        """A place is opened. Another part of the same place (a tab) is no new opening."""
        with self._guard:
            if (place, person) != self._place:
                self._place = (place, person)
                self._seen.clear()
            self._gathered = []

    def end(self) -> list[Event]:
        """The place stands: what it looked at, to be written down in one transaction."""
        with self._guard:
            gathered, self._gathered = self._gathered or [], None
            return gathered

    def looked(self, staff: UUID, act: Act, subjects: Iterable[UUID | None]) -> list[Event]:
        """The events to write down now: none for what was seen before, or while a place is being opened."""
        with self._guard:
            fresh = [each for each in dict.fromkeys(subjects) if (staff, act, each) not in self._seen]
            self._seen.update((staff, act, each) for each in fresh)
            detail = {"place": self._place[0]} if self._place[0] else {}
            events = [Event(f"view: {act.value}", each, None, detail) for each in fresh]
            if self._gathered is None:
                return events
            self._gathered += events
            return []
