"""The row of answers to a question: a large number over its words, as real buttons, with last time as a pointer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence, QPaintEvent, QPolygonF, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.layout import Column


class AnswerButton(QPushButton):
    """One answer. Upright (number over words) or, when the page is narrow, lying (number beside words)."""

    def __init__(self, value: int, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value, self._answer = value, words
        self._lying, self._lines = False, 2
        self.ring_radius = 11
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setText(f"{value} {words}".replace("&", "&&"))
        self.setAccessibleName(f"{value}, {words}")
        if 0 <= value <= 9:
            QShortcut(QKeySequence(str(value)), self).activated.connect(self.click)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def lines_in(self, width: float) -> int:
        """How many lines the words take in a button of this width, 1 to 3."""
        space = QRectF(0, 0, width - theme.px(12), 10_000)
        metrics = QFontMetricsF(theme.font("conversation_strong"))
        taken = metrics.boundingRect(space, Qt.TextFlag.TextWordWrap, self._answer).height()
        return max(1, min(3, round(taken / metrics.lineSpacing())))

    def set_shape(self, lying: bool, lines: int) -> None:
        """Lying or upright, with room for so many lines of words."""
        self._lying, self._lines = lying, lines
        self.updateGeometry()
        self.update()

    def narrowest(self) -> float:
        """The width the longest word needs."""
        longest = max((theme.width("conversation_strong", word) for word in self._answer.split()), default=0)
        return longest + theme.px(14)

    def sizeHint(self) -> QSize:
        number, line = theme.line_height("question"), theme.line_height("conversation")
        if self._lying:
            return QSize(theme.px(240), max(theme.gap(48), number + theme.gap(8)))
        return QSize(round(max(theme.px(112), self.narrowest())), number + self._lines * line + theme.px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(44), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.focusPreviousChild()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape, on = QRectF(self.rect()), self.isChecked()
        hot = self.underMouse() or self.isDown()
        if on:
            painting.rounded(painter, shape, theme.px(11), theme.colour("action"))
        else:
            fill = theme.colour("action_tint" if hot else "surface")
            painting.rounded(painter, shape, theme.px(11), fill, theme.colour("outline"))
        ink = theme.colour("on_action" if on else "text")
        number = theme.line_height("question")
        painter.setPen(ink)
        if self._lying:
            left = QRectF(theme.px(14), 0, theme.px(40), shape.height())
            painting.words(painter, left, str(self.value), "question", ink, painting.CENTRE)
            painter.setFont(theme.font("strong" if on else "body"))
            painter.drawText(shape.adjusted(theme.px(66), 0, -theme.px(12), 0), painting.LEFT, self._answer)
        else:
            top = theme.px(12)
            painting.words(
                painter, QRectF(0, top, shape.width(), number), str(self.value), "question", ink, painting.CENTRE
            )
            painter.setFont(theme.font("conversation_strong" if on else "conversation"))
            below = QRectF(theme.px(5), top + number + theme.px(4), shape.width() - theme.px(10), shape.height())
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(below, flags, self._answer)
        painter.end()


class _Pointer(QWidget):
    """Last time's answer: a small triangle below it, and when that was. A pointer, so that it steers little."""

    def __init__(self, scale: AnswerScale) -> None:
        super().__init__(scale)
        self._scale = scale
        self.value: int | None = None
        self.words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, theme.line_height("conversation_strong") + theme.px(18) if self.value is not None else 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        button = self._scale.button(self.value)
        if button is None:
            return
        painter = painting.begin(self)
        width = theme.width("conversation_strong", self.words) + 2
        if self._scale.lying():
            space = QRectF(0, 0, self.width(), self.height())
            painting.words(painter, space, f"{self.words}: {self.value}", "conversation_strong", theme.colour("text"))
        else:
            middle = button.geometry().center().x() + 0.5
            tip, size = float(theme.px(3)), float(theme.px(6))
            triangle = QPolygonF(
                [QPointF(middle, tip), QPointF(middle + size, tip + size + 1), QPointF(middle - size, tip + size + 1)]
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("secondary"))
            painter.drawPolygon(triangle)
            left = max(0.0, min(middle - width / 2, self.width() - width))
            space = QRectF(left, theme.px(14), width, theme.line_height("conversation_strong"))
            painting.words(painter, space, self.words, "conversation_strong", theme.colour("text"))
        painter.end()


class AnswerScale(QWidget):
    """`AnswerScale([(1, "Totally dissatisfied"), …, (7, "Totally satisfied")])`.

    The number keys answer anywhere in the window except while a person types; 0 clears, unless 0 is an answer
    (then Delete does). `answered` carries the number or None for not answered.
    """

    answered = Signal(object)

    def __init__(self, options: Sequence[tuple[int, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = Column(self, spacing=2)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        self.buttons = [AnswerButton(value, words, self) for value, words in options]
        for button in self.buttons:
            button.clicked.connect(self._clicked)
        self._pointer = _Pointer(self)
        column.add(self._pointer)
        self._shape: tuple[bool, int] | None = None
        clear_key = "Delete" if any(value == 0 for value, _words in options) else "0"
        self._clear = QShortcut(QKeySequence(clear_key), self)
        self._clear.activated.connect(self._cleared)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if self.buttons:
            self.setFocusProxy(self.buttons[0])
        self._arrange()
        theme.follow(self._restyle)

    def value(self) -> int | None:
        return next((button.value for button in self.buttons if button.isChecked()), None)

    def set_value(self, value: int | None) -> None:
        """Show an answer without saying `answered`."""
        for button in self.buttons:
            button.setChecked(button.value == value)

    def set_last(self, value: int | None, words: str = "") -> None:
        """Point at last time's answer; None shows nothing."""
        self._pointer.value, self._pointer.words = value, words
        self._pointer.setAccessibleName(f"{words}: {value}" if value is not None else "")
        self._pointer.updateGeometry()
        self._pointer.update()

    def set_spoken(self, name: str, description: str = "") -> None:
        """The question, so that each answer is read with it."""
        self.setAccessibleName(name)
        for button in self.buttons:
            button.setAccessibleDescription(f"{name} {description}".strip())

    def button(self, value: int | None) -> AnswerButton | None:
        return next((button for button in self.buttons if button.value == value), None)

    def lying(self) -> bool:
        return self._shape is not None and self._shape[0]

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Side by side while the longest word fits in each; otherwise above one another."""
        gap = theme.px(9)
        widest = max((button.narrowest() for button in self.buttons), default=0)
        lying = widest * len(self.buttons) + gap * (len(self.buttons) - 1) > self.width() > 0
        self._grid.setSpacing(gap)
        each = (self.width() - gap * (len(self.buttons) - 1)) / max(1, len(self.buttons))
        lines = max((button.lines_in(each) for button in self.buttons), default=1)
        if (lying, lines) == self._shape:
            return
        self._shape = (lying, lines)
        for number, button in enumerate(self.buttons):
            button.set_shape(lying, lines)
            self._grid.removeWidget(button)
            self._grid.addWidget(button, number if lying else 0, 0 if lying else number)
        for number in range(len(self.buttons)):
            self._grid.setColumnStretch(number, 0 if lying and number else 1)
        self._pointer.update()
        self.updateGeometry()

    def _clicked(self) -> None:
        pressed = self.sender()
        if not isinstance(pressed, AnswerButton):
            return
        self.set_value(pressed.value)
        self.answered.emit(pressed.value)

    def _cleared(self) -> None:
        self.set_value(None)
        self.answered.emit(None)

    def _restyle(self) -> None:
        self._shape = None
        for button in self.buttons:
            button.updateGeometry()
        self._pointer.updateGeometry()
        self._arrange()
        self.update()
