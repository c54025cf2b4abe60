"""The picture alone on the screen, as the person is looking: no rail, no banner, no other names."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.ui.assessment.change import ChangeFacts, ChangeView
from livingwell_desktop.ui.widgets.layout import Column


class FullScreenChange(QWidget):
    """`closed` when it goes back (Esc or F11), `go_on` when the talk begins; `chosen` carries the areas."""

    closed = Signal()
    chosen = Signal(object)
    go_on = Signal()

    def __init__(self, facts: ChangeFacts, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("change full screen")
        self.setWindowTitle(facts.title)
        self.setAutoFillBackground(True)
        self.view = ChangeView(full_screen=True)
        self.view.chosen.connect(self.chosen)
        self.view.go_back.connect(self.closed)
        self.view.go_on.connect(self.go_on)
        Column(self, spacing=0).add(self.view)
        self.view.show_facts(facts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.go_on.emit()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.closed.emit()
        else:
            super().keyPressEvent(event)
