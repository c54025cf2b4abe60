"""One focus ring for the whole program.

The ring is a see-through widget laid over the window (or over the page inside a scroll area) around whatever has the
focus. So no control has to leave room for it inside its own size, nothing clips it, and every control lines up by its
visible edge. A control may set `ring_radius` (logical pixels), and a part of a composed control may name the whole
with `ring_target`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from livingwell_desktop.ui.widgets import painting, theme

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


class _Ring(QWidget):
    def __init__(self, parent: QWidget, radius: float) -> None:
        super().__init__(parent)
        self._radius = radius
        self.setObjectName("focus ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        room = theme.RING
        painting.ring(painter, QRectF(self.rect()).adjusted(room, room, -room, -room), self._radius)
        painter.end()


class FocusRing(QObject):
    """Keeps the ring around the control that has the focus. Made once, by `theme.prepare`."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
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
        self._ring = _Ring(host, float(getattr(target, "ring_radius", 7)) * theme.scale_percent() / 100)
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
        room = theme.RING
        ring.setGeometry(corner.x() - room, corner.y() - room, shape.width() + 2 * room, shape.height() + 2 * room)
        ring.setVisible(target.isVisibleTo(host))
        ring.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        if event.type() in _FOLLOWED:
            self._place()
        return False


def _wants_ring(widget: QWidget) -> bool:
    """Always for typing; for the rest only when the keyboard or the program moved the focus, not a mouse press."""
    if isinstance(widget, QAbstractItemView):
        return bool(getattr(widget, "ring_on_list", False))
    if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QPlainTextEdit):
        return False
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        return True
    return QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
