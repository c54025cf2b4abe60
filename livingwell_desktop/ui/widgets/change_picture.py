"""What changed since last time: one line an area, old as a ring, new filled with its number, an arrow and a word.

Chosen over a radar: one scale, labels beside the data, reads in grey, no area that lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.badge import BadgeText, badge_width, paint_badge
from livingwell_desktop.ui.widgets.choices import TickBox
from livingwell_desktop.ui.widgets.colours import ColourName


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One area: last answer and today's (None = not answered). A new `group` draws a line above itself."""

    key: str
    label: str
    old: int | None
    new: int | None
    more_help: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of the scale and what they mean."""

    low: int = 1
    high: int = 7
    low_words: str = "Dissatisfied"
    high_words: str = "Satisfied"


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the columns stand, in logical pixels."""

    label: float
    left: float
    right: float
    change: float
    tick: float
    head: float
    row: float
    narrow: bool = False


MORE_HELP = BadgeText("More help", "action")


def change_words(line: ChangeLine) -> tuple[str, str, ColourName]:
    """(icon, words, colour) of a change: ("arrow-up", "Up 1", "success"), ("", "Same", "secondary")."""
    if line.new is None:
        return "", "Not answered", "secondary"
    if line.old is None:
        return "", "First time", "secondary"
    step = line.new - line.old
    if step > 0:
        return "arrow-up", f"Up {step}", "success"
    if step < 0:
        return "arrow-down", f"Down {-step}", "warning"
    return "", "Same", "secondary"


def spoken(line: ChangeLine) -> str:
    """The line in words: "Accommodation: 2, was 3, down 1, more help"."""
    now = "not answered" if line.new is None else str(line.new)
    before = "" if line.old is None else f", was {line.old}"
    change = change_words(line)[1].lower()
    return f"{line.label}: {now}{before}, {change}{', more help' if line.more_help else ''}"


def places(rect: QRectF, lines: Sequence[ChangeLine], scale: Scale, ticks: bool) -> _Places:
    """Columns for a picture in `rect`: labels, the scale in the middle, the change in words, the tick."""
    label = max((theme.width("strong", line.label) for line in lines), default=0) + theme.px(12)
    head = theme.line_height("detail") + theme.px(12)
    low = theme.width("detail", scale.low_words) + theme.px(26)
    high = theme.width("detail", scale.high_words) + theme.px(26)
    change = theme.px(22) + max((theme.width("strong", change_words(line)[1]) for line in lines), default=0) + 8
    narrow = rect.width() < label + low + high + change + theme.px(7 * 44 + 150)
    if narrow:
        low = high = theme.px(20)
        head *= 2
    elif any(line.more_help for line in lines):
        change = max(change, theme.px(96) + badge_width(MORE_HELP) + theme.px(12))
    tick = theme.width("detail_strong", "Work on this") + theme.px(16) if ticks else 0
    tick = theme.px(40) if ticks and narrow else tick
    left = rect.left() + max(label, min(rect.width() * 0.2, label + low)) + theme.px(12)
    if narrow:
        left = rect.left() + label + theme.px(18)
    end = rect.right() - tick - change - theme.px(10)
    right = max(left + theme.px(80), end - high - theme.px(18))
    breaks = sum(1 for one, two in pairwise(lines) if one.group != two.group)
    spare = (rect.height() - head - breaks * theme.px(12)) / max(1, len(lines))
    row = max(theme.px(34), theme.line_height("body") + theme.px(10), spare)
    return _Places(
        label, left, right, right + high + theme.px(18), rect.right() - tick, head, min(row, theme.px(46)), narrow
    )


def row_top(lines: Sequence[ChangeLine], number: int, at: _Places) -> float:
    """Top of a line below the head, with the gap a new group takes."""
    breaks = sum(1 for index in range(1, number + 1) if lines[index].group != lines[index - 1].group)
    return at.head + number * at.row + breaks * theme.px(12)


def paint_changes(
    painter: QPainter,
    rect: QRectF,
    lines: Sequence[ChangeLine],
    scale: Scale,
    chosen: Sequence[str] = (),
    ticks: bool = True,
) -> None:
    """Draw the whole picture into `rect`, without the tick boxes (those are real controls)."""
    at = places(rect, lines, scale, ticks)
    _paint_head(painter, rect, scale, at, ticks)
    for number, line in enumerate(lines):
        top = rect.top() + row_top(lines, number, at)
        if number and line.group != lines[number - 1].group:
            painting.rule(painter, rect.left(), rect.right(), top - theme.px(6), theme.colour("border"))
        _paint_line(painter, QRectF(rect.left(), top, rect.width(), at.row), line, scale, at, line.key in chosen)


def _x(value: int, scale: Scale, at: _Places) -> float:
    return at.left + (at.right - at.left) * (value - scale.low) / max(1, scale.high - scale.low)


def _paint_head(painter: QPainter, rect: QRectF, scale: Scale, at: _Places, ticks: bool) -> None:
    ink = theme.colour("secondary")
    if at.narrow:
        half = at.head / 2
        above = QRectF(at.left - theme.px(8), rect.top(), at.right - at.left + theme.px(60), half)
        painting.words(painter, above, f"{scale.low} {scale.low_words}, {scale.high} {scale.high_words}", "detail", ink)
        rect = rect.adjusted(0, half, 0, 0)
    height = (at.head / 2 if at.narrow else at.head) - theme.px(6)
    for value in range(scale.low, scale.high + 1):
        spot = QRectF(_x(value, scale, at) - 20, rect.top(), 40, height)
        painting.words(painter, spot, str(value), "detail", ink, painting.CENTRE)
    if not at.narrow:
        _paint_ends(painter, rect, scale, at, height)
    change = QRectF(at.change, rect.top(), at.tick - at.change, height)
    painting.words(painter, change, "Change", "detail_strong", ink)
    if ticks and not at.narrow:
        tick = QRectF(at.tick, rect.top(), rect.right() - at.tick, height)
        painting.words(painter, tick, "Work on this", "detail_strong", ink, painting.CENTRE)


def _paint_ends(painter: QPainter, rect: QRectF, scale: Scale, at: _Places, height: float) -> None:
    ink = theme.colour("secondary")
    low = theme.width("detail", scale.low_words)
    low_left = at.left - low - theme.px(24)
    if low_left >= rect.left():
        painting.words(painter, QRectF(low_left, rect.top(), low + 2, height), scale.low_words, "detail", ink)
    words = QRectF(at.right + theme.px(22), rect.top(), at.change - at.right, height)
    painting.words(painter, words, scale.high_words, "detail", ink)


def _paint_line(painter: QPainter, rect: QRectF, line: ChangeLine, scale: Scale, at: _Places, chosen: bool) -> None:
    middle = rect.center().y()
    label = QRectF(rect.left(), rect.top(), at.left - rect.left() - theme.px(10), rect.height())
    if at.narrow and line.more_help:
        half = label.height() / 2
        below = QRectF(label.left(), label.top() + half, label.width(), half)
        painting.words(painter, below, MORE_HELP.text, "detail_strong", theme.colour("action"))
        label.setHeight(half)
    painting.words(painter, label, line.label, "strong" if chosen else "body", theme.colour("text"))
    painter.setPen(QPen(theme.colour("border"), 1.5))
    painter.drawLine(round(at.left), round(middle), round(at.right), round(middle))
    for value in range(scale.low, scale.high + 1):
        dot = theme.px(5)
        x = _x(value, scale, at)
        painting.rounded(painter, QRectF(x - dot / 2, middle - dot / 2, dot, dot), dot / 2, theme.colour("border"))
    icon, words, colour = change_words(line)
    if line.old is not None and line.new is not None and line.old != line.new:
        pen = QPen(theme.colour(colour), theme.px(5))
        painter.setPen(pen)
        painter.drawLine(round(_x(line.old, scale, at)), round(middle), round(_x(line.new, scale, at)), round(middle))
    if line.old is not None and line.old != line.new:
        _paint_ring(painter, _x(line.old, scale, at), middle)
    if line.new is not None:
        paint_disc(painter, _x(line.new, scale, at), middle, line.new, colour)
    size = theme.px(17)
    if icon:
        icons.paint(
            painter, icon, QRectF(at.change - theme.px(3), rect.top(), size, rect.height()), theme.colour(colour)
        )
    change = QRectF(at.change + theme.px(20), rect.top(), at.tick - at.change - theme.px(20), rect.height())
    painting.words(painter, change, words, "strong" if icon else "body", theme.colour(colour))
    if line.more_help and not at.narrow:
        paint_badge(painter, QRectF(at.change + theme.px(96), rect.top(), 400, rect.height()), MORE_HELP)


def _paint_ring(painter: QPainter, x: float, y: float) -> None:
    size = theme.px(16)
    ring = QRectF(x - size / 2, y - size / 2, size, size)
    painting.rounded(painter, ring, size / 2, theme.colour("surface"), theme.colour("secondary"), 2)


def paint_disc(painter: QPainter, x: float, y: float, number: int, colour: ColourName) -> None:
    """Today's answer: a filled disc with its number."""
    size = theme.px(24)
    disc = QRectF(x - size / 2, y - size / 2, size, size)
    painting.rounded(painter, disc, size / 2, theme.colour(colour))
    painting.words(painter, disc, str(number), "conversation_strong", theme.colour("on_action"), painting.CENTRE)


class ChangePicture(QWidget):
    """The picture with a real tick box a line: `ChangePicture(lines)`; `chosen_changed` carries the keys chosen."""

    chosen_changed = Signal(object)

    def __init__(
        self,
        lines: Sequence[ChangeLine] = (),
        scale: Scale | None = None,
        *,
        chosen: Sequence[str] = (),
        most: int = 3,
        ticks: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._scale = scale or Scale()
        self._most, self._ticks = most, ticks
        self._lines: tuple[ChangeLine, ...] = ()
        self.boxes: list[TickBox] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_lines(lines)
        self.set_chosen(chosen)
        theme.follow(self._restyle)

    def set_lines(self, lines: Sequence[ChangeLine]) -> None:
        """Show these areas in order."""
        kept = self.chosen()
        for box in self.boxes:
            box.hide()
            box.deleteLater()
        self._lines, self.boxes = tuple(lines), []
        for line in self._lines if self._ticks else ():
            box = TickBox(f"Work on this: {line.label}", bare=True, parent=self)
            box.toggled.connect(self._toggled)
            box.show()
            self.boxes.append(box)
        self.setAccessibleName("What has changed. " + ". ".join(spoken(line) for line in self._lines))
        self.set_chosen(kept)
        self._place()
        self.updateGeometry()
        self.update()

    def chosen(self) -> tuple[str, ...]:
        """Keys of the areas to work on."""
        return tuple(line.key for line, box in zip(self._lines, self.boxes, strict=False) if box.isChecked())

    def set_chosen(self, keys: Sequence[str]) -> None:
        for line, box in zip(self._lines, self.boxes, strict=False):
            blocked = box.blockSignals(True)
            box.setChecked(line.key in keys)
            box.blockSignals(blocked)
        self._limit()

    def sizeHint(self) -> QSize:
        count = len(self._lines)
        breaks = sum(1 for one, two in pairwise(self._lines) if one.group != two.group)
        row = max(theme.px(43), theme.line_height("body") + theme.px(10))
        return QSize(theme.px(900), theme.line_height("detail") + theme.px(16) + row * count + theme.px(12) * breaks)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        spare = (theme.px(43) - max(theme.px(34), theme.line_height("body") + theme.px(10))) * len(self._lines)
        return QSize(theme.px(420), hint.height() - max(0, spare))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        rect = QRectF(self.rect())
        paint_changes(painter, rect, self._lines, self._scale, self.chosen(), self._ticks)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        rect = QRectF(self.rect())
        at = places(rect, self._lines, self._scale, self._ticks)
        for number, box in enumerate(self.boxes):
            size = box.sizeHint()
            middle = row_top(self._lines, number, at) + at.row / 2
            left = at.tick + (rect.right() - at.tick) / 2 - size.width() / 2
            box.setGeometry(round(left), round(middle - size.height() / 2), size.width(), size.height())

    def _toggled(self) -> None:
        self._limit()
        self.update()
        self.chosen_changed.emit(self.chosen())

    def _limit(self) -> None:
        full = len(self.chosen()) >= self._most
        for box in self.boxes:
            box.setEnabled(box.isChecked() or not full)
            reason = f"You can choose up to {self._most}. Clear one first." if full and not box.isChecked() else ""
            box.setAccessibleDescription(reason)
            box.setToolTip(theme.plain_tip(reason))
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self._place()
        self.update()


class ChangeLegend(QWidget):
    """What the ring and the disc mean: "○ 12 August 2026   ④ Today"."""

    def __init__(
        self, old_words: str, new_words: str = "Today", number: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._number = (old_words, new_words), number
        self.setAccessibleName(f"Ring: {old_words}. Filled: {new_words}.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        width = sum(theme.width("conversation", words) for words in self._words) + theme.px(84)
        return QSize(round(width), max(theme.px(26), theme.line_height("conversation")))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        middle, left = self.height() / 2, float(theme.px(10))
        ink = theme.colour("secondary")
        _paint_ring(painter, left, middle)
        left += theme.px(14)
        used = painting.words(painter, QRectF(left, 0, 600, self.height()), self._words[0], "conversation", ink)
        left += used + theme.px(26)
        paint_disc(painter, left, middle, self._number, "secondary")
        left += theme.px(20)
        painting.words(painter, QRectF(left, 0, 600, self.height()), self._words[1], "conversation", ink)
        painter.end()
