"""One of the values two people wrote for the same thing, as a radio card with everything one needs to judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import key_width, paint_key
from livingwell_desktop.ui.widgets.marks import Mark, paint_mark


@dataclass(frozen=True, slots=True)
class ConflictOption:
    """A value as it is shown, and who wrote it, where, when and how they know."""

    value: object
    shown: str
    author: str
    mark: Mark
    organisation: str
    desk: str
    when: str
    how: str = ""


def differing(text: str, others: Sequence[str]) -> tuple[int, int]:
    """(start, end) of what is not common to all: between the shared beginning and the shared end."""
    start = 0
    while start < len(text) and all(other[start : start + 1] == text[start] for other in others):
        start += 1
    end = 0
    longest = min([len(text), *(len(other) for other in others)]) - start
    while end < longest and all(other[len(other) - 1 - end] == text[len(text) - 1 - end] for other in others):
        end += 1
    return start, len(text) - end


class ConflictCard(QRadioButton):
    """A radio button that fills its card; the differing characters are tinted and underlined."""

    def __init__(self, option: ConflictOption, others: Sequence[str], key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.option, self._key = option, key
        self._differs = differing(option.shown, others) if others else (0, 0)
        self.ring_radius = 10
        self.setText(option.shown.replace("&", "&&"))
        self.setAccessibleName(f"{option.shown}, written by {option.author}, {option.organisation}")
        self.setAccessibleDescription(", ".join(part for part in (option.desk, option.when, option.how) if part))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.follow(self.updateGeometry)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        below = theme.line_height("strong") + theme.line_height("conversation") + theme.line_height("body")
        below += theme.line_height("conversation") if self._how_apart(width - 2 * theme.px(18)) else 0
        return round(self._layout(width).boundingRect().height()) + below + theme.px(64)

    def _how_apart(self, room: float) -> bool:
        """Whether when and how they know need a line each; neither may be cut, people decide by them."""
        option = self.option
        both = theme.width("conversation", option.when) + theme.width("conversation", option.how) + theme.px(14)
        return bool(option.how) and both > room

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), self.heightForWidth(theme.px(420)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), self.heightForWidth(max(self.width(), theme.px(240))))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def _layout(self, width: float) -> QTextLayout:
        layout = QTextLayout(self.option.shown, theme.font("value"))
        mark = QTextCharFormat()
        mark.setBackground(theme.colour("warning_tint"))
        piece = QTextLayout.FormatRange()
        start, end = self._differs
        # The stubs of PySide6 show the three fields as read-only class variables of other types.
        piece.start, piece.length, piece.format = start, max(0, end - start), mark
        layout.setFormats([piece] if end > start else [])
        space = width - theme.px(54) - theme.px(24) - key_width(self._key)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(60.0, space))
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape, on = QRectF(self.rect()), self.isChecked()
        line = theme.colour("action" if on else "outline")
        painting.rounded(painter, shape, theme.px(10), theme.colour("surface"), line, 2 if on else 1)
        side, size = float(theme.px(18)), theme.px(22)
        layout = self._layout(shape.width())
        value_height = layout.boundingRect().height()
        top = float(theme.px(16))
        dot = QRectF(side, top + (theme.line_height("value") - size) / 2, size, size)
        painting.rounded(painter, dot, size / 2, theme.colour("surface"), line, 2 if on else 1.5)
        if on:
            painting.rounded(painter, dot.adjusted(5, 5, -5, -5), size, theme.colour("action"))
        corner = QPointF(theme.px(54), top)
        painter.setPen(theme.colour("text"))
        layout.draw(painter, corner)
        self._underline(painter, layout, corner)
        chip = QRectF(
            shape.right() - side - key_width(self._key), top, key_width(self._key), theme.line_height("value")
        )
        paint_key(painter, chip, self._key, theme.colour("secondary"), theme.colour("border"))
        top += value_height + theme.px(12)
        painting.rule(painter, side, shape.right() - side, top, theme.colour("border"))
        self._paint_author(painter, QRectF(side, top + theme.px(10), shape.width() - 2 * side, shape.bottom() - top))
        painter.end()

    def _underline(self, painter: QPainter, layout: QTextLayout, corner: QPointF) -> None:
        start, end = self._differs
        painter.setPen(QPen(theme.colour("warning_line"), 2))
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first = max(start, line.textStart())
            last = min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = (cast(tuple[float, int], line.cursorToX(at))[0] for at in (first, last))
                y = corner.y() + line.y() + line.height() - 1
                painter.drawLine(QPointF(corner.x() + left, y), QPointF(corner.x() + right, y))

    def _paint_author(self, painter: QPainter, rect: QRectF) -> None:
        option, size = self.option, theme.px(28)
        high, low = theme.line_height("strong"), theme.line_height("conversation")
        mark = QRectF(rect.left(), rect.top() + (high + low - size) / 2, size, size)
        paint_mark(painter, mark, option.mark)
        left = size + theme.px(10)
        name = QRectF(rect.left() + left, rect.top(), rect.width() - left, high)
        painting.words(painter, name, option.author, "strong", theme.colour("text"))
        where = ", ".join(part for part in (option.organisation, option.desk) if part)
        painting.words(painter, name.translated(0, high), where, "conversation", theme.colour("secondary"))
        last = QRectF(rect.left(), rect.top() + high + low + theme.px(12), rect.width(), theme.line_height("body"))
        used = painting.words(painter, last, option.when, "conversation", theme.colour("text"))
        apart = self._how_apart(rect.width())
        rest = last.translated(0, theme.line_height("conversation")) if apart else last.adjusted(used, 0, 0, 0)
        align = painting.LEFT if apart else painting.RIGHT
        painting.words(painter, rest, option.how, "conversation", theme.colour("secondary"), align)
