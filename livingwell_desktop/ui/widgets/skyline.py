"""The picture beside the sign-in: a street of houses in the morning. Decoration only; it says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme

_WIDTH, _HEIGHT = 520.0, 866.0
"""The drawing's own grid; it is scaled to the width it gets and stands on the ground."""


@dataclass(frozen=True, slots=True)
class _Colours:
    sky: str
    hill: str
    sun: str
    walls: tuple[str, str, str, str]
    dark_door: str
    light_door: str
    pane: str
    lit: str
    trunk: str
    leaves: str


_DAY = _Colours(
    "#e0f1f1", "#bee0e0", "#fdd986", ("#00646b", "#2c7e84", "#0b5359", "#429094"),
    "#02383c", "#fce8b4", "#d8eeee", "#fde6ad", "#5d4420", "#6f9a3c",
)  # fmt: skip
_NIGHT = _Colours(
    "#17343a", "#1d4149", "#e0c98a", ("#0f5258", "#1d6469", "#0a4247", "#2a7478"),
    "#06282b", "#f3d996", "#2b5a60", "#f3d996", "#3f3119", "#4d6f2c",
)  # fmt: skip

# left, width, top of the wall, top of the roof, wall colour, chimney at the right of the house
_HOUSES = (
    (-20, 94, 712, 678, 0),
    (74, 84, 690, 652, 1),
    (158, 100, 724, 690, 2),
    (258, 88, 692, 660, 3),
    (346, 94, 712, 677, 0),
    (440, 92, 680, 646, 1),
)
_TREES = ((46, 802, 24), (262, 784, 24), (470, 796, 24))


class SkylineArt(QWidget):
    """Paints sky, hill, sun, houses and trees over its whole size. Put words on it with a layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        theme.follow(self.update)

    def sizeHint(self) -> QSize:
        return QSize(520, 640)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        tint = _NIGHT if theme.is_dark() else _DAY
        painter = painting.begin(self)
        painter.fillRect(self.rect(), QColor(tint.sky))
        painter.setPen(Qt.PenStyle.NoPen)
        factor = self.width() / _WIDTH
        painter.translate(0, self.height())
        painter.scale(factor, factor)
        painter.translate(0, -_HEIGHT)
        _paint_sky(painter, tint)
        for number, house in enumerate(_HOUSES):
            _paint_house(painter, tint, house, number)
        for x, y, size in _TREES:
            painter.setBrush(QColor(tint.trunk))
            painter.drawRect(QRectF(x - 2.5, y, 5, _HEIGHT - y))
            painter.setBrush(QColor(tint.leaves))
            painter.drawEllipse(QPointF(x, y), size, size * 1.18)
        painter.end()


def _paint_sky(painter: QPainter, tint: _Colours) -> None:
    painter.setBrush(QColor(tint.sun))
    painter.drawEllipse(QPointF(380, 433), 74, 74)
    hill = QPainterPath(QPointF(0, 571))
    hill.cubicTo(QPointF(90, 525), QPointF(150, 530), QPointF(280, 532))
    hill.cubicTo(QPointF(380, 533), QPointF(440, 523), QPointF(520, 502))
    hill.lineTo(520, _HEIGHT)
    hill.lineTo(0, _HEIGHT)
    hill.closeSubpath()
    painter.fillPath(hill, QColor(tint.hill))


def _paint_house(painter: QPainter, tint: _Colours, house: tuple[int, int, int, int, int], number: int) -> None:
    left, width, wall, roof, colour = house
    painter.setBrush(QColor(tint.walls[colour]))
    painter.drawRect(QRectF(left + width - 26, roof - 8, 12, wall - roof + 8))
    gable = [(left, wall), (left + width / 2, roof), (left + width, wall), (left + width, _HEIGHT), (left, _HEIGHT)]
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in gable]))
    for row in range(2):
        for column in range(2):
            lit = (number * 3 + row * 2 + column) % 5 == 3
            painter.setBrush(QColor(tint.lit if lit else tint.pane))
            x = left + width * (0.17 if column == 0 else 0.6)
            painter.drawRoundedRect(QRectF(x, wall + 14 + row * 46, 20, 28), 3, 3)
    painter.setBrush(QColor(tint.light_door if number == 2 else tint.dark_door))
    painter.drawRoundedRect(QRectF(left + width / 2 - 10, _HEIGHT - 38, 20, 44), 3, 3)
