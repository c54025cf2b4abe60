"""What was looked at since the page in front was opened: each thing is written down once, however often it is read.

A page reads the same records again at every change and every minute. The audit wants to know that somebody opened
them, not how often the screen was drawn.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.storage import Event

Look = tuple[UUID, Act, UUID | None]
"""Who, under which permission, whose record (None: no one person's)."""


class Openings:
    """The register behind `Practice.opening` and `Practice.viewed`. Threads may share it.

    What a place looks at while it is opened goes to the disk beside the reading: the disk takes longer than the audit
    may add to a view, and a page takes longer than the disk. `end` waits for it, so that nothing is shown before.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._place: tuple[str, UUID | None] = ("", None)
        self._seen: set[Look] = set()
        self._record: Callable[[Sequence[Event]], None] | None = None
        self._gathered: list[Event] = []
        self._recording: list[Future[None]] = []
        self._beside = ThreadPoolExecutor(1, "audit")

    def begin(self, place: str, person: UUID | None, record: Callable[[Sequence[Event]], None]) -> None:
        """A place is opened; `record` writes down what it looks at. Another part of it (a tab) is no new opening."""
        with self._guard:
            if (place, person) != self._place:
                self._place = (place, person)
                self._seen.clear()
            self._record = record

    def end(self) -> None:
        """The place stands: wait until what it looked at is on the disk. Raises Problem when it could not be kept."""
        with self._guard:
            recording, self._recording, self._record = self._recording, [], None
        for each in recording:
            each.result()

    def looked(self, staff: UUID, act: Act, subjects: Iterable[UUID | None]) -> list[Event]:
        """The events to write down now: none for what was seen before, or while a place is being opened."""
        with self._guard:
            fresh = [each for each in dict.fromkeys(subjects) if (staff, act, each) not in self._seen]
            self._seen.update((staff, act, each) for each in fresh)
            detail = {"place": self._place[0]} if self._place[0] else {}
            events = [Event(f"view: {act.value}", each, None, detail) for each in fresh]
            if self._record is None:
                return events
            if events and not self._gathered:
                self._recording.append(self._beside.submit(self._write_down, self._record))
            self._gathered += events
            return []

    def _write_down(self, record: Callable[[Sequence[Event]], None]) -> None:
        """Everything gathered until now, in one transaction: while that waits for the disk, the next ones gather."""
        with self._guard:
            gathered, self._gathered = self._gathered, []
        record(gathered)
