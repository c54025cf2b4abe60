"""Arrow keys that choose in a list while the focus stays in the box above it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.ui.widgets.tables import RowList

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class ArrowsChoose(QObject):
    """Lets a box's arrow keys move through a list. Made once, it belongs to the list."""

    def __init__(self, box: QWidget, rows: RowList) -> None:
        super().__init__(rows)
        self._rows = rows
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        """Arrows are for the list; every other key is for the box."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                self._rows.step(step)
                return True
        return False
