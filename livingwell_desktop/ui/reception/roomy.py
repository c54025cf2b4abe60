"""A part of a page that takes the room there is, and scrolls only when its content needs more."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from livingwell_desktop.ui.widgets import theme


class Roomy(QScrollArea):
    """Lay the content out in `.content`. Lists in it stretch; large text in a small window scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.content = QWidget()
        self.setWidget(self.content)
        self.content.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        """Small, so that it never makes the window grow."""
        return QSize(theme.px(120), theme.px(80))
