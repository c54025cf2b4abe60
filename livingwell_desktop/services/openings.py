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
Record = Callable[[Sequence[Event]], None]
"""Writes events to the audit, on the disk when it returns."""


class Openings:
    """The register behind `Practice.opening` and `Practice.viewed`. Threads may share it.

    What a place looks at while it is opened goes to the disk beside the reading: the disk takes longer than the audit
    may add to a view, and a page takes longer than the disk. `end` waits for it, so that nothing is shown before.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._place: tuple[str, UUID | None] = ("", None)
        self._seen: set[Look] = set()
        self._opening = False
        self._gathered: list[Event] = []
        self._recording: list[Future[None]] = []
        self._beside = ThreadPoolExecutor(1, "audit")

    def begin(self, place: str, person: UUID | None) -> None:
        """A place is opened. Another part of the same place (a tab) is no new opening."""
        with self._guard:
            if (place, person) != self._place:
                self._place = (place, person)
                self._seen.clear()
            self._opening = True

    def end(self) -> None:
        """The place stands: wait until what it looked at is on the disk. Raises Problem when it could not be kept."""
        with self._guard:
            recording, self._recording, self._opening = self._recording, [], False
        for each in recording:
            self._kept(each.result)

    def looked(self, staff: UUID, act: Act, subjects: Iterable[UUID | None], record: Record) -> None:
        """Write down with `record` what was not seen before: now, or beside the reading of a place that is opened.

        Raises Problem when it could not be kept; then it counts as not seen.
        """
        with self._guard:
            fresh = [each for each in dict.fromkeys(subjects) if (staff, act, each) not in self._seen]
            self._seen.update((staff, act, each) for each in fresh)
            detail = {"place": self._place[0]} if self._place[0] else {}
            events = [Event(f"view: {act.value}", each, None, detail) for each in fresh]
            if self._opening:
                if events and not self._gathered:
                    self._recording.append(self._beside.submit(self._write_down, record))
                self._gathered += events
                return
        if events:
            self._kept(lambda: record(events))

    def _write_down(self, record: Record) -> None:
        """Everything gathered until now, in one transaction: while that waits for the disk, the next ones gather."""
        with self._guard:
            gathered, self._gathered = self._gathered, []
        record(gathered)

    def _kept(self, writing: Callable[[], None]) -> None:
        try:
            writing()
        except BaseException:
            # Whoever looks again, once there is room on the disk, is written down then.
            with self._guard:
                self._seen.clear()
            raise
