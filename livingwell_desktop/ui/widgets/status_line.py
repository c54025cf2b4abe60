"""The line at the foot of the window: is this desk connected, does anything wait, which desk is it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Row
from livingwell_desktop.ui.widgets.words import IconMark, Words

Connection = Literal["connected", "no_connection", "again", "not_said"]
"""`not_said`: a line that knows nothing of the connection, as before somebody has signed in."""


class StatusLine(QWidget):
    """`line.show_state("no_connection", "No connection since 9:12am · 14 changes wait on this desk",
    "You can keep working. Nothing is lost.", link="What waits")`. Amber without a connection, never red.
    """

    followed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: Connection = "connected"
        row = Row(self, spacing=10, margins=(18, 0, 18, 0))
        self._icon = IconMark("cloud-check", "success", 18)
        self._strong = Words("", "conversation_strong")
        self._more = Words("", "conversation")
        self.link = Button("", "quiet", size="small")
        self.link.clicked.connect(self.followed)
        self._right = Words("", "conversation", "secondary")
        self._right.hide()
        row.add(self._icon, self._strong, self._more, self.link)
        row.push()
        row.add(self._right)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._measure()
        theme.follow(self._measure)
        self.show_state("connected", "")

    def show_state(self, state: Connection, words: str, more: str = "", link: str = "") -> None:
        """Show the connection in words; `link` offers one place to look further."""
        self._state = state
        cut = state == "no_connection"
        unsaid = state == "not_said"
        self._icon.set_icon(
            "wifi-off" if cut else "info" if unsaid else "cloud-check",
            "warning" if cut else "secondary" if unsaid else "success",
        )
        self._strong.set_colour("warning" if cut else "secondary" if unsaid else "text")
        self._strong.set_role("conversation" if unsaid else "conversation_strong")
        self._strong.setText(words)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.link.set_text(link)
        self.link.setVisible(bool(link))
        self.setAccessibleName(f"{words}. {more}" if more else words)
        self._make_room()
        self.update()

    def set_right(self, words: str) -> None:
        """Facts at the right: "3 desks on · Reception desk 1"."""
        self._right.setText(words)
        self._right.setVisible(bool(words))
        self._make_room()

    def state(self) -> Connection:
        return self._state

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(
            QRectF(self.rect()), theme.colour("warning_tint" if self._state == "no_connection" else "page")
        )
        painting.rule(painter, 0, self.width(), 0, theme.colour("border"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """In a narrow window the second sentence gives way first, then the facts at the right."""
        shown = [words for words in (self._strong, self._more, self._right) if words.text()]
        needed = sum(words.sizeHint().width() + theme.gap(10) for words in shown) + theme.gap(36) + theme.px(18)
        if self.link.words():
            needed += self.link.sizeHint().width() + theme.gap(10)
        self._more.setVisible(bool(self._more.text()) and needed <= self.width())
        if not self._more.isVisibleTo(self) and self._more.text():
            needed -= self._more.sizeHint().width()
        self._right.setVisible(bool(self._right.text()) and needed <= self.width())

    def _measure(self) -> None:
        self.setFixedHeight(max(34, theme.line_height("conversation") + theme.gap(16)))
