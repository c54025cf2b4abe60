"""Things to tick and to choose: tick boxes, radio cards, yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row

_TICK = 24


class TickBox(QCheckBox):
    """`TickBox("Show the passphrase")`. With `bare`, only the box is drawn and the words are its accessible name."""

    def __init__(
        self, text: str, ticked: bool = False, *, bare: bool = False, note: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._bare, self._note = text, bare, note
        self.ring_radius = 6
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setAccessibleDescription(note)
        self.setChecked(ticked)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed if bare else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def ring_rect(self) -> QRect:
        size = theme.px(_TICK)
        left = (self.width() - size) // 2 if self._bare else 0
        return QRect(left, self._box_top(), size, size)

    def sizeHint(self) -> QSize:
        side = max(28, theme.px(28))
        if self._bare:
            return QSize(side, side)
        width = max(theme.width("body", self._words), theme.width("detail", self._note))
        return QSize(round(theme.px(_TICK + 10) + width + 2), max(side, self._line() + self._note_line()))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme.px(96)), self.sizeHint().height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        box = QRectF(self.ring_rect())
        if self.isChecked():
            fill = theme.colour("action") if self.isEnabled() else theme.colour("secondary")
            painting.rounded(painter, box, theme.px(6), fill)
            inner = box.width() * 0.7
            tick = QRectF(box.center().x() - inner / 2, box.center().y() - inner / 2, inner, inner)
            icons.paint(painter, "check", tick, theme.colour("on_action"))
        else:
            fill = theme.colour("surface") if self.isEnabled() else theme.colour("chip")
            painting.rounded(painter, box, theme.px(6), fill, theme.colour("outline"), 1.5)
        if not self._bare:
            left = theme.px(_TICK + 10)
            ink = theme.colour("text" if self.isEnabled() else "secondary")
            top = (self.height() - self._line() - self._note_line()) / 2
            space = QRectF(left, top, self.width() - left, self._line())
            painting.words(painter, space, self._words, "body", ink)
            if self._note:
                below = QRectF(left, space.bottom(), space.width(), self._note_line())
                painting.words(painter, below, self._note, "detail", theme.colour("secondary"))
        painter.end()

    def _line(self) -> int:
        return max(theme.px(_TICK), theme.line_height("body"))

    def _note_line(self) -> int:
        return theme.line_height("detail") + theme.px(2) if self._note else 0

    def _box_top(self) -> int:
        if self._bare:
            return (self.height() - theme.px(_TICK)) // 2
        return round((self.height() - self._line() - self._note_line()) / 2 + (self._line() - theme.px(_TICK)) / 2)


@dataclass(frozen=True, slots=True)
class CardOption:
    """One radio card: the code it stands for, its words, and a second line."""

    code: str
    label: str
    note: str = ""
    icon: str = ""


class RadioCard(QRadioButton):
    """One card of `RadioCards`; a real radio button that fills its card."""

    def __init__(self, option: CardOption, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.option = option
        self._key = key
        self.ring_radius = 10
        self.setText(option.label.replace("&", "&&"))
        self.setAccessibleName(option.label)
        self.setAccessibleDescription(option.note)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        width = max(theme.width("strong", self.option.label), theme.width("detail", self.option.note))
        height = theme.line_height("strong") + (theme.line_height("detail") + theme.px(2) if self.option.note else 0)
        icon = theme.px(30) if self.option.icon else 0
        return QSize(round(width) + icon + theme.px(70), max(theme.px(48), height + theme.px(22)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), self.sizeHint().height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape = QRectF(self.rect())
        on = self.isChecked()
        line = theme.colour("action" if on else "outline")
        painting.rounded(
            painter, shape, theme.px(10), theme.colour("action_tint" if on else "surface"), line, 2 if on else 1
        )
        size = theme.px(22)
        dot = QRectF(theme.px(14), (shape.height() - size) / 2, size, size)
        painting.rounded(painter, dot, size / 2, theme.colour("surface"), line, 2 if on else 1.5)
        if on:
            painting.rounded(painter, dot.adjusted(5, 5, -5, -5), size, theme.colour("action"))
        left = dot.right() + theme.px(12)
        if self.option.icon:
            icons.paint(painter, self.option.icon, QRectF(left, 0, theme.px(20), shape.height()), theme.colour("text"))
            left += theme.px(30)
        high, low = theme.line_height("strong"), theme.line_height("detail") if self.option.note else 0
        top = (shape.height() - high - low) / 2
        room = shape.width() - left - theme.px(12)
        ink = theme.colour("action" if on else "text")
        painting.words(painter, QRectF(left, top, room, high), self.option.label, "strong", ink)
        if self.option.note:
            second = QRectF(left, top + high, room, low)
            painting.words(painter, second, self.option.note, "detail", theme.colour("secondary"))
        painter.end()


class RadioCards(QWidget):
    """One of a few, as cards side by side or above one another. Nothing is chosen unless `code` says so."""

    changed = Signal(object)

    def __init__(
        self,
        options: Sequence[CardOption],
        code: str | None = None,
        *,
        across: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        box: Row | Column = Row(self, spacing=12) if across else Column(self, spacing=8)
        self._group = QButtonGroup(self)
        self.cards = [RadioCard(option) for option in options]
        for card in self.cards:
            self._group.addButton(card)
            card.installEventFilter(self)
            box.add(card)
        self._group.buttonToggled.connect(self._toggled)
        if self.cards:
            self.setFocusProxy(self.cards[0])
        self.set_code(code)

    def code(self) -> str | None:
        return next((card.option.code for card in self.cards if card.isChecked()), None)

    def set_code(self, code: str | None) -> None:
        self._group.setExclusive(False)
        for card in self.cards:
            card.setChecked(card.option.code == code)
        self._group.setExclusive(True)

    def set_spoken(self, name: str, description: str = "") -> None:
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)

    def set_wrong(self, wrong: bool) -> None:
        self.setProperty("wrong", wrong)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys choose the next card, also when none is chosen yet."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, RadioCard):
            by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
                Qt.Key(event.key()), 0
            )
            if by:
                card = self.cards[(self.cards.index(watched) + by) % len(self.cards)]
                card.setFocus(Qt.FocusReason.TabFocusReason)
                card.setChecked(True)
                return True
        return super().eventFilter(watched, event)

    def _toggled(self, _card: object, on: bool) -> None:
        if on:
            self.changed.emit(self.code())


class YesNo(QWidget):
    """Yes, No or not answered. The keys work anywhere in the window, except while a person types."""

    answered = Signal(object)

    def __init__(
        self,
        yes: str = "Yes",
        no: str = "No",
        *,
        keys: tuple[str, str] = ("Y", "N"),
        value: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = Row(self, spacing=10)
        self.yes = Button(yes, shortcut=keys[0], size="conversation")
        self.no = Button(no, shortcut=keys[1], size="conversation")
        for button in (self.yes, self.no):
            button.setCheckable(True)
            button.clicked.connect(self._clicked)
            row.add(button)
        row.push()
        self.setFocusProxy(self.yes)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_value(value)

    def value(self) -> bool | None:
        """True, False, or None for not answered."""
        if self.yes.isChecked():
            return True
        return False if self.no.isChecked() else None

    def set_value(self, value: bool | None) -> None:
        self.yes.setChecked(value is True)
        self.no.setChecked(value is False)
        for button in (self.yes, self.no):
            button.updateGeometry()

    def set_spoken(self, name: str, description: str = "") -> None:
        for button in (self.yes, self.no):
            button.setAccessibleName(f"{name} {button.words()}")
            button.setAccessibleDescription(description)

    def set_wrong(self, wrong: bool) -> None:
        self.setProperty("wrong", wrong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            (self.yes if event.key() == Qt.Key.Key_Left else self.no).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def _clicked(self) -> None:
        pressed = self.sender()
        value: bool | None = None
        if pressed is self.yes and self.yes.isChecked():
            value = True
        elif pressed is self.no and self.no.isChecked():
            value = False
        self.set_value(value)
        self.answered.emit(value)
