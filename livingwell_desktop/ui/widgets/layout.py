"""Rows and columns whose gaps and margins grow with the person's text size. Lengths are given at 100 %."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QSizePolicy, QSpacerItem, QWidget

from livingwell_desktop.ui.widgets import theme

Margins = int | tuple[int, int, int, int]


class _Box(QBoxLayout):
    def __init__(self, direction: QBoxLayout.Direction, parent: QWidget | None, spacing: int, margins: Margins) -> None:
        if parent is None:
            super().__init__(direction)
        else:
            super().__init__(direction, parent)
        self._gap = spacing
        self._sides = (margins,) * 4 if isinstance(margins, int) else margins
        self._spacers: list[tuple[QSpacerItem, int]] = []
        self._measure()
        theme.follow(self._measure)

    def add(self, *items: QWidget | QLayout, stretch: int = 0, align: Qt.AlignmentFlag | None = None) -> None:
        """Add widgets or layouts in order."""
        for item in items:
            if isinstance(item, QLayout):
                self.addLayout(item, stretch)
            elif align is None:
                self.addWidget(item, stretch)
            else:
                self.addWidget(item, stretch, align)

    def gap(self, length: int) -> None:
        """A fixed gap beside the usual spacing."""
        spacer = QSpacerItem(0, 0)
        self._spacers.append((spacer, length))
        self._size(spacer, length)
        self.addItem(spacer)

    def push(self) -> None:
        """Take up what is left over, so that the rest keeps its size."""
        self.addStretch(1)

    def _size(self, spacer: QSpacerItem, length: int) -> None:
        across = self.direction() == QBoxLayout.Direction.LeftToRight
        fixed, loose = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum
        pixels = theme.gap(length)
        if across:
            spacer.changeSize(pixels, 0, fixed, loose)
        else:
            spacer.changeSize(0, pixels, loose, fixed)

    def _measure(self) -> None:
        self.setSpacing(theme.gap(self._gap))
        left, top, right, bottom = (theme.gap(side) for side in self._sides)
        self.setContentsMargins(QMargins(left, top, right, bottom))
        for spacer, length in self._spacers:
            self._size(spacer, length)
        self.invalidate()


class Column(_Box):
    """Things above one another: `Column(widget, spacing=12, margins=(18, 14, 18, 14))`."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 12, margins: Margins = 0) -> None:
        super().__init__(QBoxLayout.Direction.TopToBottom, parent, spacing, margins)


class Row(_Box):
    """Things side by side, for example buttons."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 10, margins: Margins = 0) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight, parent, spacing, margins)


def clear(layout: QLayout) -> None:
    """Take everything out of `layout` and end the widgets that were in it."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            clear(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
