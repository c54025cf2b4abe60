"""The public screen: whose turn it is and where to go, large enough to be read from the other end of the room.

Everything is painted in shares of the window's height, whatever the staff's text size is. The newest call stands out by
its place, its size, a frame and the word "Now", not by its colour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import Clock, clock_time, local
from livingwell_desktop.domain.public_board import PublicBoard, PublicCall
from livingwell_desktop.ui.widgets import icons, painting, theme

STALE_AFTER = timedelta(seconds=90)
"""Three times as long as a desk with somebody at it ever says nothing."""
_LOOK_MILLISECONDS = 1_000
_BOLD, _SEMIBOLD, _NORMAL = QFont.Weight.Bold, QFont.Weight.DemiBold, QFont.Weight.Normal
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class WaitingRoomWindow(QWidget):
    """Shows the last board it was given. Esc and F11 do nothing: nobody in the room has a keyboard."""

    def __init__(self, centre: str, clock: Clock) -> None:
        super().__init__()
        self._centre, self._clock = centre, clock
        self._board = PublicBoard()
        self._heard: datetime | None = None
        self.setObjectName("waiting room")
        self.setWindowTitle("Living Well Desktop")
        self.resize(1280, 720)
        self.setMinimumSize(640, 360)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_MILLISECONDS)
        self._said: object = None
        self.look()

    def show_board(self, board: PublicBoard) -> None:
        """Show that from now on."""
        self._board, self._heard = board, self._clock()
        self.look()

    def look(self) -> None:
        """Paint again if anything has changed, the time included."""
        said = (self._board, self._time(), self.stale_words())
        if said != self._said:
            self._said = said
            self.setAccessibleName(self.words())
            self.update()

    def stale_words(self) -> str:
        """What the screen says when it has not heard from the desk for a while; empty when it has."""
        if self._heard is None:
            return "Please wait. Staff will call you."
        if timedelta() <= self._clock() - self._heard < STALE_AFTER:
            return ""
        return f"Not up to date since {clock_time(local(self._heard).time())}. Staff will call you."

    def words(self) -> str:
        """Everything that stands on the screen."""
        newest, *before = self._board.calls or (None,)
        lines = ["Now", newest.ticket, newest.sentence] if newest else ["Nobody is called yet."]
        lines += [f"{each.ticket} {_place(each)}" for each in before if each]
        lines += ["Waiting", *self._waiting()]
        return "\n".join([self._centre, self._time(), *lines, self.stale_words()])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("page"))
        wide, high = float(self.width()), float(self.height())
        edge, unit = wide * 0.025, high / 100
        foot = 11 * unit
        aside = min(wide * 0.30, 46 * unit)
        body = QRectF(edge, 9 * unit, wide - 3 * edge - aside, high - 9 * unit - foot - edge / 2)
        self._paint_head(painter, QRectF(edge, 0, wide - 2 * edge, 9 * unit), unit)
        before = self._board.calls[1:]
        share = 0.64 if before else 1.0
        self._paint_newest(painter, QRectF(body.left(), body.top(), body.width(), body.height() * share), unit)
        if before:
            top = body.top() + body.height() * share + 2 * unit
            self._paint_before(painter, QRectF(body.left(), top, body.width(), body.bottom() - top), unit)
        right = QRectF(body.right() + edge, body.top(), aside, body.height())
        self._paint_waiting(painter, right, unit)
        self._paint_foot(painter, QRectF(0, high - foot, wide, foot), edge, unit)
        painter.end()

    def _paint_head(self, painter: QPainter, rect: QRectF, unit: float) -> None:
        _words(painter, rect, self._centre, 4.2 * unit, _BOLD, theme.colour("text"))
        _words(painter, rect, self._time(), 4.2 * unit, _SEMIBOLD, theme.colour("text"), painting.RIGHT)

    def _paint_newest(self, painter: QPainter, rect: QRectF, unit: float) -> None:
        painting.rounded(painter, rect, 2 * unit, theme.colour("surface"), theme.colour("text"), 0.7 * unit)
        inside = rect.adjusted(4 * unit, 2.5 * unit, -4 * unit, -2.5 * unit)
        if not self._board.calls:
            _words(painter, inside, "Nobody is called yet.", 7 * unit, _SEMIBOLD, theme.colour("secondary"))
            return
        newest, height = self._board.calls[0], inside.height()
        now = QRectF(inside.left(), inside.top(), inside.width(), height * 0.16)
        size = now.height() * 0.8
        icons.paint(painter, "bell", QRectF(now.left(), now.top(), size, now.height()), theme.colour("text"))
        _words(painter, now.adjusted(size * 1.3, 0, 0, 0), "Now", size * 0.85, _BOLD, theme.colour("text"))
        ticket = QRectF(inside.left(), now.bottom(), inside.width(), height * 0.52)
        _words(painter, ticket, newest.ticket, ticket.height() * 0.95, _BOLD, theme.colour("text"))
        where = QRectF(inside.left(), ticket.bottom(), inside.width(), inside.bottom() - ticket.bottom())
        _words(painter, where, newest.sentence, min(where.height() * 0.5, 9 * unit), _BOLD, theme.colour("text"))

    def _paint_before(self, painter: QPainter, rect: QRectF, unit: float) -> None:
        painting.rounded(painter, rect, 2 * unit, theme.colour("surface"), theme.colour("border"), 0.2 * unit)
        before = self._board.calls[1:]
        line = (rect.height() - 2 * unit) / max(3, len(before))
        for place, each in enumerate(before):
            here = QRectF(rect.left() + 4 * unit, rect.top() + unit + place * line, rect.width() - 8 * unit, line)
            size = min(line * 0.62, 5.6 * unit)
            wide = size * 4.2
            _words(painter, here, each.ticket, size, _BOLD, theme.colour("text"))
            _words(painter, here.adjusted(wide, 0, 0, 0), _place(each), size, _NORMAL, theme.colour("text"))

    def _paint_waiting(self, painter: QPainter, rect: QRectF, unit: float) -> None:
        painting.rounded(painter, rect, 2 * unit, theme.colour("surface"), theme.colour("border"), 0.2 * unit)
        inside = rect.adjusted(3 * unit, 2 * unit, -3 * unit, -2 * unit)
        head = QRectF(inside.left(), inside.top(), inside.width(), 8 * unit)
        _words(painter, head, "Waiting", 4.6 * unit, _BOLD, theme.colour("text"))
        lines, columns = self._waiting(), 2
        rows = max(6, -(-len(lines) // columns))
        line = (inside.bottom() - head.bottom()) / rows
        for place, words in enumerate(lines):
            column, row = divmod(place, rows)
            wide = inside.width() / columns
            here = QRectF(inside.left() + column * wide, head.bottom() + row * line, wide, line)
            _words(painter, here, words, min(line * 0.6, 5 * unit), _SEMIBOLD, theme.colour("text"))

    def _paint_foot(self, painter: QPainter, rect: QRectF, edge: float, unit: float) -> None:
        stale = self.stale_words()
        if not stale:
            words = "Your number is on your ticket. Please ask at the desk if you need help."
            _words(painter, rect.adjusted(edge, 0, -edge, 0), words, 3.6 * unit, _NORMAL, theme.colour("text"))
            return
        painter.fillRect(rect, theme.colour("warning_tint"))
        painter.setPen(QPen(theme.colour("warning_line"), 0.4 * unit))
        painter.drawLine(rect.topLeft(), rect.topRight())
        size = 5 * unit
        icons.paint(painter, "clock", QRectF(edge, rect.top(), size, rect.height()), theme.colour("warning"))
        here = rect.adjusted(edge + 1.5 * size, 0, -edge, 0)
        _words(painter, here, stale, 4.4 * unit, _BOLD, theme.colour("warning"))

    def _waiting(self) -> tuple[str, ...]:
        lines = self._board.waiting or ("Nobody",)
        return (*lines, f"and {self._board.more} more") if self._board.more else lines

    def _time(self) -> str:
        return clock_time(local(self._clock()).time())


def _place(call: PublicCall) -> str:
    return call.where or "The desk"


def _words(
    painter: QPainter,
    rect: QRectF,
    words: str,
    pixels: float,
    weight: QFont.Weight,
    colour: QColor,
    align: Qt.AlignmentFlag = _LEFT,
) -> None:
    """One line of text, made smaller until it fits: nothing on this screen is cut off."""
    font = QFont(theme.font("body"))
    font.setWeight(weight)
    font.setPixelSize(max(8, round(pixels)))
    needed = QFontMetricsF(font).horizontalAdvance(words)
    if needed > rect.width() > 0:
        font.setPixelSize(max(8, int(font.pixelSize() * rect.width() / needed)))
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, words)
