"""One focus ring for the whole program.

The ring is a see-through widget laid over the window (or over the page inside a scroll area) around whatever has the
focus. So no control has to leave room for it inside its own size, nothing clips it, and every control lines up by its
visible edge. A control may set `ring_radius` (logical pixels), and a part of a composed control may name the whole
with `ring_target`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

RING = 6
"""Free pixels the ring needs around a control (3 yellow, 1.5 dark, a little air)."""

Inks = Callable[[], tuple[QColor, QColor]]
"""Gives the yellow and the dark colour of the theme in use."""

_FOLLOWED = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.DynamicPropertyChange,
}


_MOVED = "ringMoved"


def ring_moved(widget: QWidget) -> None:
    """Tell the ring that the part of `widget` it goes around (`ring_rect`) is another one now."""
    widget.setProperty(_MOVED, not widget.property(_MOVED))


def paint_ring(painter: QPainter, shape: QRectF, radius: float, inks: tuple[QColor, QColor]) -> None:
    """The focus ring outside `shape`: 3 px yellow, then a 1.5 px dark line."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(inks[0], 3))
    painter.drawRoundedRect(shape.adjusted(-1.5, -1.5, 1.5, 1.5), radius + 1.5, radius + 1.5)
    painter.setPen(QPen(inks[1], 1.5))
    painter.drawRoundedRect(shape.adjusted(-3.75, -3.75, 3.75, 3.75), radius + 3.75, radius + 3.75)


class _Ring(QWidget):
    def __init__(self, parent: QWidget, radius: float, inks: Inks) -> None:
        super().__init__(parent)
        self._radius, self._inks = radius, inks
        self.setObjectName("focus ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ring(painter, QRectF(self.rect()).adjusted(RING, RING, -RING, -RING), self._radius, self._inks())
        painter.end()


class FocusRing(QObject):
    """Keeps the ring around the control that has the focus. Made once, by `theme.prepare`."""

    def __init__(self, application: QApplication, inks: Inks, scale: Callable[[], float]) -> None:
        """`scale` is the person's text size (1.0 at 100 %), by which round corners grow."""
        super().__init__(application)
        self._inks, self._scale = inks, scale
        self._target: QWidget | None = None
        self._ring: _Ring | None = None
        self._watched: list[QWidget] = []
        application.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._let_go()
        if new is None or not _wants_ring(new):
            return
        target = getattr(new, "ring_target", None) or new
        if not isinstance(target, QWidget) or target.isWindow():
            return
        self._hold(target)

    def _hold(self, target: QWidget) -> None:
        host: QWidget | None = target.parentWidget()
        watched = [target]
        while host is not None and not host.isWindow():
            above = host.parentWidget()
            if isinstance(above, QAbstractScrollArea):
                break
            watched.append(host)
            # Inside a scroll area the ring lies on the page that scrolls, so it moves with it.
            if above is not None and isinstance(above.parentWidget(), QAbstractScrollArea):
                break
            host = above
        if host is None:
            return
        self._target = target
        self._watched = watched
        for widget in watched:
            widget.installEventFilter(self)
        self._ring = _Ring(host, float(getattr(target, "ring_radius", 7)) * self._scale(), self._inks)
        self._place()

    def _let_go(self) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._target, self._ring, self._watched = None, None, []

    def _place(self) -> None:
        ring, target = self._ring, self._target
        if ring is None or target is None or not isValid(ring) or not isValid(target):
            return
        host = ring.parentWidget()
        if host is None:
            return
        shape = target.rect()
        inset = getattr(target, "ring_rect", None)
        if callable(inset):
            shape = QRect(inset())
        corner = target.mapTo(host, QPoint(shape.left(), shape.top()))
        room = RING
        ring.setGeometry(corner.x() - room, corner.y() - room, shape.width() + 2 * room, shape.height() + 2 * room)
        ring.setVisible(target.isVisibleTo(host))
        ring.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        if event.type() in _FOLLOWED:
            self._place()
        return False


def _wants_ring(widget: QWidget) -> bool:
    """Always for typing; for the rest only when the keyboard or the program moved the focus, not a mouse press."""
    if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
        # A page that holds the keyboard because nothing on it can: a ring around all of it says nothing.
        return False
    if isinstance(widget, QAbstractItemView):
        return bool(getattr(widget, "ring_on_list", False))
    if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QPlainTextEdit):
        return False
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        # A field that is the whole of its panel, like the palette's, needs no ring: the cursor is enough.
        return not getattr(widget, "bare", False)
    return QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
