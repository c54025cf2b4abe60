"""Whether somebody is at the desk: the time of the last key or movement, in the window and in every sheet over it."""

from datetime import timedelta

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid

from livingwell_desktop.domain.dates import Clock


class Presence(QObject):
    """Watches the window that has the focus, a sheet's too: a filter on the whole program would see every event."""

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._last = clock()
        self._watched: list[QWindow] = []
        self._ended = False
        QGuiApplication.instance().focusWindowChanged.connect(self._watch)  # type: ignore[union-attr]  # there is one

    def idle(self) -> timedelta:
        """How long nobody has touched anything."""
        return self._clock() - self._last

    def seen(self) -> None:
        """Somebody is there."""
        self._last = self._clock()

    def end(self) -> None:
        """Watch no more."""
        self._ended = True
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or movement says that somebody is there."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress):
            self.seen()
        return super().eventFilter(watched, event)

    def _watch(self, window: QWindow | None) -> None:
        if not self._ended and window is not None and window not in self._watched:
            window.installEventFilter(self)
            self._watched = [each for each in self._watched if isValid(each)] + [window]
