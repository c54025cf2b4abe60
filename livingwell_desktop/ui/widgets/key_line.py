"""The line under a list: the chosen row, and what each key does with it. It replaces buttons in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import key_width, paint_key
from livingwell_desktop.ui.widgets.flow import Flow
from livingwell_desktop.ui.widgets.layout import Row, clear
from livingwell_desktop.ui.widgets.words import Words


@dataclass(frozen=True, slots=True)
class KeyAction:
    """One key and what it does: `KeyAction("call", "Enter", "Call")`. `reason` says why it cannot be used now."""

    action: str
    key: str
    label: str
    reason: str = ""


class KeyButton(QPushButton):
    """A key chip with its words; a press does what the key does."""

    def __init__(self, action: KeyAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.action = action
        self.ring_radius = 6
        self.setAutoDefault(False)
        self.setText(action.label.replace("&", "&&"))
        self.setAccessibleName(f"{action.label}, key {action.key}")
        self.setAccessibleDescription(action.reason)
        self.setToolTip(theme.plain_tip(action.reason))
        self.setEnabled(not action.reason)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        words = theme.width("conversation", self.action.label)
        return QSize(
            round(key_width(self.action.key) + theme.px(8 + 8) + words + 2), max(32, theme.line_height("body") + 10)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(round(key_width(self.action.key)) + theme.px(24), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape = QRectF(self.rect())
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painting.rounded(painter, shape, theme.px(6), theme.colour("chip"))
        left = theme.px(4)
        ink = theme.colour("text" if self.isEnabled() else "secondary")
        chip = QRectF(left, 0, key_width(self.action.key), shape.height())
        paint_key(painter, chip, self.action.key, theme.colour("secondary"), theme.colour("border"))
        start = chip.right() + theme.px(8)
        painting.words(
            painter, QRectF(start, 0, shape.width() - start, shape.height()), self.action.label, "conversation", ink
        )
        painter.end()


LOW_WINDOW = 480
"""Logical pixels of height at 100 % below which the keys take one row only."""


class KeyLine(QWidget):
    """In a low window, or with large text, the keys that do not fit in one row are left to `?` and Ctrl K.

    `line.show_keys("A11 Ngozi Okafor", [KeyAction("call", "Enter", "Call")])`; `used` carries the action."""

    used = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = Row(self, spacing=10, margins=(12, 6, 12, 6))
        self._flow = Flow(spacing=8)
        self.buttons: list[KeyButton] = []
        self._shown: object = None
        self._subject: Words | None = None
        self._trailing: KeyButton | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("Keys for the chosen row")

    def show_keys(self, subject: str, actions: Sequence[KeyAction], trailing: KeyAction | None = None) -> None:
        """Show who is chosen and the keys; without a subject, only the trailing key."""
        shown = (subject, tuple(actions), trailing)
        if shown == self._shown:
            # The same keys stay the same buttons: one of them may have the focus.
            return
        self._shown = shown
        clear(self._row)
        self.buttons = []
        self._flow = Flow(spacing=8)
        self._row.add(self._flow, stretch=1)
        self._subject = Words(subject, "strong") if subject else None
        if self._subject is not None:
            self._flow.add(self._subject)
        for action in actions:
            self._flow.add(self._made(action))
        self._trailing = self._made(trailing) if trailing is not None else None
        if self._trailing is not None:
            self._row.add(self._trailing, align=Qt.AlignmentFlag.AlignTop)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        low, gap = self.window().height() < theme.px(LOW_WINDOW), theme.gap(8)
        room = self.width() - theme.gap(24)
        if self._trailing is not None:
            room -= self._trailing.sizeHint().width() + theme.gap(10)
        used = self._subject.sizeHint().width() + gap if self._subject is not None else 0
        for button in self.buttons:
            if button is not self._trailing:
                used += button.sizeHint().width() + gap
                button.setVisible(not low or used - gap <= room)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painting.rule(painter, 0, self.width(), 0, theme.colour("border"))
        painter.end()

    def _made(self, action: KeyAction) -> KeyButton:
        button = KeyButton(action)
        button.clicked.connect(lambda _on=False, name=action.action: self.used.emit(name))
        self.buttons.append(button)
        return button
