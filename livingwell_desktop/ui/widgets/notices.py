"""What a page says of itself: nothing here yet, and strips that tell what happened."""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.colours import ColourName, Tone
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.surfaces import Panel
from livingwell_desktop.ui.widgets.words import IconMark, Words

_ICONS: dict[Tone, str] = {
    "success": "check",
    "warning": "warning-triangle",
    "error": "warning-triangle",
    "action": "info",
    "calm": "info",
    "neutral": "info",
}
_INK: dict[Tone, ColourName] = {
    "success": "success",
    "warning": "warning",
    "error": "error",
    "action": "action",
    "calm": "calm",
    "neutral": "secondary",
}


LEFT_TO_RIGHT_MARK = "\u200e"


class EmptyState(Panel):
    """Nothing here: one line of fact, one line of next step, one button.

    With an icon it stands in the middle (an empty board); without, at the left (an empty part of a page).
    """

    def __init__(
        self, fact: str, next_step: str = "", button: Button | None = None, *, icon: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__("sunken", parent=parent)
        middle = Qt.AlignmentFlag.AlignHCenter if icon else Qt.AlignmentFlag.AlignLeft
        column = Column(self, spacing=8, margins=(32, 32, 32, 32) if icon else (24, 18, 24, 18))
        if icon:
            column.push()
            column.add(IconMark(icon, "calm", 40), align=middle)
        self.fact = Words(fact, "card", wrap=True)
        self.next_step = Words(next_step, "body", "secondary", wrap=True)
        for words in (self.fact, self.next_step):
            words.setAlignment(middle | Qt.AlignmentFlag.AlignVCenter)
            column.add(words)
        self.next_step.setVisible(bool(next_step))
        self.button = button
        if button is not None:
            column.gap(2)
            column.add(button, align=middle)
        column.push()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{fact}. {next_step}")


class Notice(QWidget):
    """A strip that says what happened: `Notice("success", "Two other changes joined by themselves.", link="See them")`.

    `followed` is the link, `dismissed` the cross (shown when `closable`).
    """

    followed = Signal()
    dismissed = Signal()

    def __init__(
        self,
        tone: Tone,
        text: str,
        *,
        strong: str = "",
        link: str = "",
        icon: str = "",
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone: Tone = tone
        self._plain_icon = icon
        row = Row(self, spacing=12, margins=(18, 6, 12, 6))
        self._icon = IconMark(icon or _ICONS[tone], _INK[tone], 20)
        column = Column(spacing=0)
        self._strong = Words(strong, "strong", _INK[tone] if tone in ("warning", "error") else "text", wrap=True)
        self._text = Words(text, "body", wrap=True)
        column.push()
        column.add(self._strong, self._text)
        column.push()
        self.link = Button(link, "quiet", size="small")
        self.link.clicked.connect(self.followed)
        self.close_button = Button("Close this message", "quiet", icon="cross", icon_only=True, size="small")
        self.close_button.clicked.connect(self.dismissed)
        self.close_button.setVisible(closable)
        row.add(self._icon)
        row.add(column, stretch=1)
        row.add(self.link, self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._measure()
        theme.follow(self._measure)
        self.set_words(text, strong=strong, link=link)

    def set_words(self, text: str, *, strong: str = "", link: str = "") -> None:
        self._text.setText(in_english_order(text))
        self._text.setVisible(bool(text))
        self._strong.setText(in_english_order(strong))
        self._strong.setVisible(bool(strong))
        self.link.set_text(link)
        self.link.setVisible(bool(link))
        self.setAccessibleName(f"{strong} {text}".strip())

    def set_tone(self, tone: Tone) -> None:
        self._tone = tone
        self._icon.set_icon(self._plain_icon or _ICONS[tone], _INK[tone])
        self._strong.set_colour(_INK[tone] if tone in ("warning", "error") else "text")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        fill, _words = theme.tone_colours(self._tone)
        painting.rounded(painter, QRectF(self.rect()), theme.px(10), fill)
        if self._tone in ("warning", "error"):
            bar = QRectF(0, theme.px(10), theme.px(4), self.height() - 2 * theme.px(10))
            painter.fillRect(bar, theme.colour("warning_line" if self._tone == "warning" else "error_line"))
        painter.end()

    def _measure(self) -> None:
        self.setMinimumHeight(theme.px(44))


def in_english_order(sentence: str) -> str:
    """A sentence that begins with a Hebrew or Arabic name is still an English one and reads from the left."""
    directions = (bidirectional(sign) for sign in sentence)
    begins = next((each for each in directions if each in ("L", "R", "AL")), "L")
    return sentence if begins == "L" or "L" not in directions else f"{LEFT_TO_RIGHT_MARK}{sentence}"
