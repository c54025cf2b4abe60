"""Word of what arrives, gathered while much comes: after an outage hundreds of batches follow each other, and a page
that looked again for each of them would do nothing else.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from livingwell_desktop.storage import Changes

GATHER_MILLISECONDS = 250


class Gathering(QObject):
    """Passes the first word on at once, and what arrives within the next quarter of a second together."""

    heard = Signal(object)
    """Word of changes, from whatever thread made them."""

    def __init__(self, deliver: Callable[[Changes], None], parent: QObject) -> None:
        super().__init__(parent)
        self._deliver = deliver
        self.heard.connect(self.take, Qt.ConnectionType.QueuedConnection)
        self._gathered: Changes | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER_MILLISECONDS)
        self._timer.timeout.connect(self._over)

    @Slot(object)
    def take(self, changes: Changes) -> None:
        """What somebody does at this desk is never kept waiting."""
        if not changes.arrived:
            self._deliver(changes)
        elif self._timer.isActive():
            self._gathered = changes if self._gathered is None else self._gathered.with_more(changes)
        else:
            self._timer.start()
            self._deliver(changes)

    @Slot()
    def _over(self) -> None:
        gathered, self._gathered = self._gathered, None
        if gathered is not None:
            self._timer.start()
            self._deliver(gathered)
