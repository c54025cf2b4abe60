"""A process that the system asks to end ends in good order: windows covered, typing saved, no child left behind."""

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier


class AskedToEnd:
    """Calls `end` once, in Qt's loop, when SIGTERM, SIGINT or SIGHUP comes, until `close`."""

    def __init__(self, end: Callable[[], None]) -> None:
        # Qt's loop does not return to Python by itself; the signal's byte on a socket makes it.
        self._near, self._far = socket.socketpair()
        for each in (self._near, self._far):
            each.setblocking(False)
        self._before = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda _number, _frame: None)
        self._end = end
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._asked)

    def close(self) -> None:
        """Stop watching."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._near.close()
        self._far.close()

    def _asked(self) -> None:
        self._notifier.setEnabled(False)
        self._end()
