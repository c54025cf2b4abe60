"""A row that breaks into further rows when the window is narrow or the text is large, so that nothing is cut off."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem

from livingwell_desktop.ui.widgets import theme


class Flow(QLayout):
    """`Flow(spacing=10, right=True)`: `.add(widget, …)` as in `Row`; the rows end at the right when `right`.

    `between` is the gap between rows when it is not the same as between things.
    """

    def __init__(
        self, parent: QWidget | None = None, spacing: int = 10, *, right: bool = False, between: int = -1
    ) -> None:
        if parent is None:
            super().__init__()
        else:
            super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap, self._right = spacing, right
        self._between = spacing if between < 0 else between
        self.setContentsMargins(0, 0, 0, 0)
        theme.follow(self.invalidate)

    def add(self, *items: QWidget | QLayout, stretch: int = 0, align: Qt.AlignmentFlag | None = None) -> None:  # noqa: ARG002 - as in Row
        """Add widgets or layouts in order."""
        for item in items:
            if isinstance(item, QLayout):
                self.addChildLayout(item)
                self.addItem(item)
            else:
                self.addChildWidget(item)
                self.addItem(QWidgetItem(item))

    def set_right(self, right: bool) -> None:
        self._right = right
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return _taken(self._items, index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = self._rows(width)
        return sum(height for _items, height in rows) + theme.gap(self._between) * max(0, len(rows) - 1)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        gaps = theme.gap(self._gap) * max(0, len(shown) - 1)
        return QSize(sum(each.width for each in shown) + gaps, _highest(shown))

    def minimumSize(self) -> QSize:
        shown = self._shown()
        return QSize(max((each.item.minimumSize().width() for each in shown), default=0), _highest(shown))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        gap, top = theme.gap(self._gap), rect.top()
        for items, height in self._rows(rect.width()):
            widths = [min(each.width, rect.width()) for each in items]
            spare = rect.width() - sum(widths) - gap * (len(items) - 1)
            left = rect.left() + (max(0, spare) if self._right else 0)
            for each, width in zip(items, widths, strict=True):
                own = min(each.height, height)
                each.item.setGeometry(QRect(left, top + (height - own) // 2, width, own))
                left += width + gap
            top += height + theme.gap(self._between)

    def _shown(self) -> list[_Measured]:
        """What is shown, each measured once: Qt asks a flow dozens of times for one laying-out."""
        return [_Measured.of(item) for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[tuple[list[_Measured], int]]:
        rows: list[tuple[list[_Measured], int]] = []
        current: list[_Measured] = []
        used = 0
        for each in self._shown():
            if current and used + theme.gap(self._gap) + each.width > width:
                rows.append((current, _highest(current)))
                current, used = [], 0
            used += each.width + (theme.gap(self._gap) if current else 0)
            current.append(each)
        if current:
            rows.append((current, _highest(current)))
        return rows


@dataclass(frozen=True, slots=True)
class _Measured:
    """A thing in a flow, and the room it asks for."""

    item: QLayoutItem
    width: int
    height: int

    @classmethod
    def of(cls, item: QLayoutItem) -> _Measured:
        hint = item.sizeHint()
        return cls(item, hint.width(), hint.height())


def _highest(measured: list[_Measured]) -> int:
    return max((each.height for each in measured), default=0)


def _taken(items: list[QLayoutItem], index: int) -> QLayoutItem | None:
    """Take an item out. A layout that stayed a child would look for itself in its parent when it ends, and its parent,
    written in Python, may have ended before it."""
    if not 0 <= index < len(items):
        return None
    item = items.pop(index)
    inner = item.layout()
    if inner is not None:
        inner.setParent(None)
    return item


class Sides(QLayout):
    """Two layouts side by side (the first takes what is left), or one above the other when both do not fit."""

    def __init__(self, first: QLayout, second: QLayout, spacing: int = 12) -> None:
        super().__init__()
        self._gap = spacing
        self._parts: list[QLayoutItem] = []
        self._down: bool | None = None
        self.setContentsMargins(0, 0, 0, 0)
        for part in (first, second):
            self.addChildLayout(part)
            self.addItem(part)
        theme.follow(self.invalidate)

    def addItem(self, item: QLayoutItem) -> None:
        self._parts.append(item)

    def count(self) -> int:
        return len(self._parts)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._parts[index] if 0 <= index < len(self._parts) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return _taken(self._parts, index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def stacked(self, width: int) -> bool:
        """Whether the parts stand above one another at this width."""
        shown = self._shown()
        return sum(part.sizeHint().width() for part in shown) + self._between() > width

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        shown = self._shown()
        if self.stacked(width):
            return sum(_height(part, width) for part in shown) + self._between()
        if len(shown) < 2:
            return max((_height(part, width) for part in shown), default=0)
        second = shown[1].sizeHint().width()
        return max(_height(shown[0], width - second - self._between()), _height(shown[1], second))

    def sizeHint(self) -> QSize:
        hints = [part.sizeHint() for part in self._shown()]
        width = sum(hint.width() for hint in hints) + self._between()
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        shown = self._shown()
        width = max((part.minimumSize().width() for part in shown), default=0)
        return QSize(width, max((part.minimumSize().height() for part in shown), default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        shown = self._shown()
        down = self.stacked(rect.width())
        if down != self._down:
            self._down = down
            _turn(self._parts[-1], not down)
        if down or len(shown) < 2:
            top = rect.top()
            for part in shown:
                height = rect.height() if len(shown) < 2 else _height(part, rect.width())
                part.setGeometry(QRect(rect.left(), top, rect.width(), height))
                top += height + theme.gap(self._gap)
            return
        width = shown[1].sizeHint().width()
        shown[0].setGeometry(QRect(rect.left(), rect.top(), rect.width() - width - self._between(), rect.height()))
        shown[1].setGeometry(QRect(rect.left() + rect.width() - width, rect.top(), width, rect.height()))

    def _shown(self) -> list[QLayoutItem]:
        return [part for part in self._parts if not part.isEmpty()]

    def _between(self) -> int:
        return theme.gap(self._gap) if len(self._shown()) > 1 else 0


def _height(part: QLayoutItem, width: int) -> int:
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()


def _turn(part: QLayoutItem, right: bool) -> None:
    """Every flow inside `part` ends at the right, or begins at the left."""
    if isinstance(part, Flow):
        part.set_right(right)
    layout = part.layout()
    if layout is not None and not isinstance(layout, Flow):
        for number in range(layout.count()):
            inner = layout.itemAt(number)
            if inner is not None:
                _turn(inner, right)
