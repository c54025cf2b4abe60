"""The desk's part of the waiting room's screen: a line of tickets to the keeper after each change, and now and then."""

import contextlib
import os

from PySide6.QtCore import QObject, QTimer

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Room
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.public_board import write_board
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.waiting_room import public_board
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.shell.gathering import Gathering

EVERY_MILLISECONDS = 30_000
"""The screen says that it is not up to date when it has heard nothing for three times that long."""
_KINDS = frozenset(kind_of(each).name for each in (Visit, Room, Protection))


class ShowingTickets(QObject):
    """Writes to `descriptor` as long as somebody is signed in."""

    def __init__(self, practice: Practice, descriptor: int) -> None:
        super().__init__()
        self._practice, self._descriptor = practice, descriptor
        with contextlib.suppress(OSError, AttributeError):
            # A keeper that hangs must not hold the desk up: what it does not take now it gets the next time.
            os.set_blocking(descriptor, False)
        self._stop = practice.whole.listen(Gathering(self._heard, self).heard.emit)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.show)
        self._timer.start(EVERY_MILLISECONDS)
        self.show()

    def show(self) -> None:
        """Say who was called and who waits."""
        with contextlib.suppress(OSError, Problem):
            os.write(self._descriptor, write_board(public_board(self._practice)))

    def close(self) -> None:
        """Say nothing more. What was said stands on the screen."""
        self._stop()
        self._timer.stop()

    def _heard(self, changes: Changes) -> None:
        if changes.kinds & _KINDS or changes.left:
            self.show()
