"""Small painters shared by the painted controls and the list delegates. All lengths are logical pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.focus_ring import paint_ring
from livingwell_desktop.ui.widgets.theme import Role

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


def begin(widget: QWidget) -> QPainter:
    """A smooth painter on `widget`; the caller ends it."""
    painter = QPainter(widget)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    return painter


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    line: QColor | None = None,
    thickness: float = 1,
    dashed: bool = False,
) -> None:
    """A rounded shape whose line lies inside `rect`, on half pixels, so that it is sharp."""
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
        shape = rect
    else:
        pen = QPen(line, thickness)
        if dashed:
            pen.setDashPattern([2.6, 2.0])
        painter.setPen(pen)
        inset = thickness / 2
        shape = rect.adjusted(inset, inset, -inset, -inset)
        radius = max(0.0, radius - inset)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(shape, radius, radius)


def words(
    painter: QPainter,
    rect: QRectF,
    text: str,
    role: Role,
    colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> float:
    """One line of text in `rect`, elided if it must be. Gives the width used."""
    shown = theme.elided(role, text, rect.width())
    painter.setFont(theme.font(role))
    painter.setPen(colour)
    painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, shown)
    return min(theme.width(role, shown), rect.width())


def ring(painter: QPainter, shape: QRectF, radius: float) -> None:
    """The focus ring outside `shape`, in the theme in use."""
    paint_ring(painter, shape, radius, theme.ring_inks())


def rule(painter: QPainter, left: float, right: float, y: float, colour: QColor) -> None:
    """A hairline at the pixel row `y`."""
    painter.setPen(QPen(colour, 1))
    painter.drawLine(round(left), round(y), round(right), round(y))
