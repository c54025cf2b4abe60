"""Turns to write: first come, first served. SQLite polls instead of queueing, and a busy thread starves the others."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is fair: whoever asked first goes first, so that a save waits for one small batch at most."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for the turn: whoever holds it for much work gives it up soon."""
        return bool(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, hold it, pass it on."""
        with self._guard:
            mine = None
            if self._taken:
                mine = threading.Event()
                self._waiting.append(mine)
            self._taken = True
        if mine is not None:
            mine.wait()
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._taken = False
