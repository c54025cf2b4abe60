"""When the engine's threads wake, and how long they pause after a failure."""

import random
import threading
import time
from dataclasses import dataclass

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_LONGEST_ASKED_FOR = 600.0


@dataclass(frozen=True, slots=True)
class Woken:
    """Why a wait ended."""

    saved: bool
    urgent: bool

    @property
    def by_save_only(self) -> bool:
        """Somebody saved something; nobody asked for an exchange and no time was over."""
        return self.saved and not self.urgent


class Wakes:
    """Reasons to wake, gathered while the thread is at work."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._saved = self._urgent = False

    def wake(self, *, urgent: bool) -> None:
        """Wake the thread. A save is not urgent: during an outage it does not shorten the pause."""
        with self._condition:
            if urgent:
                self._urgent = True
            else:
                self._saved = True
            self._condition.notify()

    def clear(self) -> None:
        """Forget reasons that are no longer any."""
        with self._condition:
            self._saved = self._urgent = False

    def wait(self, seconds: float | None) -> Woken:
        """Wait for a reason, or so many seconds (None: for ever)."""
        with self._condition:
            self._condition.wait_for(lambda: self._saved or self._urgent, seconds)
            woken = Woken(self._saved, self._urgent)
            self._saved = self._urgent = False
            return woken


class Backoff:
    """Pauses after failures: longer each time, and spread, so that desks do not come back all at once."""

    def __init__(self, spread: random.Random) -> None:
        self._spread = spread
        self._failures = 0
        self._until = 0.0

    @property
    def pausing(self) -> bool:
        """Whether a pause after a failure is not over yet."""
        return self.remaining() > 0

    def remaining(self) -> float:
        """Seconds that are left of the pause."""
        return max(0.0, self._until - time.monotonic()) if self._failures else 0.0

    def failed(self, asked_for: float = 0.0) -> float:
        """The seconds to pause now: no less than the server asked for, unless that is longer than it can mean."""
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**self._failures) * self._spread.uniform(0.5, 1.0)
        if asked_for:
            # Spread, too: all desks of a centre were sent away at once.
            pause = max(pause, min(asked_for, _LONGEST_ASKED_FOR) * self._spread.uniform(1.0, 1.5))
        self._failures = min(self._failures + 1, 10)
        self._until = time.monotonic() + pause
        return pause

    def succeeded(self) -> None:
        """The next pause is a short one again."""
        self._failures = 0
