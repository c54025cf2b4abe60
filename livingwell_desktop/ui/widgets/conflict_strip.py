"""Two people changed the same thing: which is right? Stands in the field's own place. Nothing is chosen beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import Button, KeyHint
from livingwell_desktop.ui.widgets.conflict_card import ConflictCard, ConflictOption
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.flow import Flow, Sides
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.words import IconMark, Words

_SHORT = 28
"""Letters of a value the button still repeats; a longer value is named by its author."""


class ConflictStrip(QWidget):
    """`ConflictStrip("Two people changed Ngozi's phone number", "It was 07700 900 118. …", [option, option])`.

    `chosen` carries the option's value, or the text typed as a third value; `later` means decide later.
    Keys 1, 2 (and the next number for the third value) choose, Enter uses the choice.
    """

    chosen = Signal(object)
    later = Signal()

    def __init__(
        self,
        title: str,
        sentence: str,
        options: Sequence[ConflictOption],
        *,
        another_label: str = "Or write another",
        kept: str = "The other stays in the history.",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.options = tuple(options)
        column = Column(self, spacing=12, margins=(24, 14, 24, 14))
        column.add(self._made_head(title, sentence))
        self._grid = QGridLayout()
        self._group = QButtonGroup(self)
        self.cards: list[ConflictCard] = []
        for number, option in enumerate(self.options):
            others = [other.shown for other in self.options if other is not option]
            card = ConflictCard(option, others, str(number + 1))
            self._group.addButton(card, number)
            self.cards.append(card)
            self._bind(str(number + 1), number)
        column.addLayout(self._grid)
        self._stacked: bool | None = None
        column.add(self._made_foot(another_label, kept))
        self._group.buttonToggled.connect(self._changed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{title}. {sentence}")
        if self.cards:
            self.setFocusProxy(self.cards[0])
        self._arrange()
        self._changed()
        theme.follow(self._restyle)

    def _made_head(self, title: str, sentence: str) -> Row:
        head = Row(spacing=14)
        head.add(IconMark("two-people", "warning", 24))
        words = Column(spacing=2)
        words.add(Words(title, "card", wrap=True), Words(sentence, "body", wrap=True))
        self.later_button = Button("Decide later", "quiet")
        self.later_button.clicked.connect(self.later)
        head.add(words, stretch=1)
        head.add(self.later_button)
        return head

    def _made_foot(self, another_label: str, kept: str) -> Sides:
        write, use = Flow(spacing=12), Flow(spacing=12, right=True)
        self.another = TextField(characters=22)
        self.another.set_spoken(another_label or "Another value")
        self.another.changed.connect(self._typed)
        self.another.submitted.connect(self._use)
        if another_label:
            key = str(len(self.options) + 1)
            write.add(Words(another_label, "strong"), self.another, KeyHint(key))
            self._bind(key, len(self.options))
        else:
            self.another.hide()
        use.add(Words(kept, "conversation", "secondary"))
        self.use_button = Button("Use", "primary", key="Enter", size="conversation")
        self.use_button.clicked.connect(self._use)
        use.add(self.use_button)
        return Sides(write, use)

    def choice(self) -> object | None:
        """The value chosen now (an option's, or the text typed), or None."""
        for card in self.cards:
            if card.isChecked():
                return card.option.value
        return self.another.text().strip() or None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape, radius = QRectF(self.rect()), theme.px(10)
        fill, line = theme.colour("warning_soft"), theme.colour("warning_line")
        painting.rounded(painter, shape, radius, fill, line)
        painter.setClipRect(QRectF(0, 0, 4, shape.height()))
        painting.rounded(painter, shape, radius, line)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _bind(self, key: str, number: int) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.activated.connect(lambda: self._choose(number))

    def _choose(self, number: int) -> None:
        if number < len(self.cards):
            self.cards[number].setChecked(True)
            self.cards[number].setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.another.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _typed(self, text: str) -> None:
        if text.strip():
            self._group.setExclusive(False)
            for card in self.cards:
                card.setChecked(False)
            self._group.setExclusive(True)
        self._changed()

    def _changed(self) -> None:
        card = next((card for card in self.cards if card.isChecked()), None)
        if card is not None:
            shown = card.option.shown
            short = shown if len(shown) <= _SHORT else f"what {card.option.author} wrote"
            if self.another.text():
                blocked = self.another.blockSignals(True)
                self.another.set_text("")
                self.another.blockSignals(blocked)
        else:
            typed = self.another.text().strip()
            short = typed if len(typed) <= _SHORT else "what you wrote"
        self.use_button.set_text(f"Use {short}" if short else "Use this")
        self.use_button.set_allowed(bool(short), "Choose one first.")

    def _use(self) -> None:
        value = self.choice()
        if value is not None:
            self.chosen.emit(value)

    def _arrange(self) -> None:
        self._grid.setSpacing(theme.px(14))
        stacked = len(self.cards) > 2 or 0 < self.width() < theme.px(720)
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for number, card in enumerate(self.cards):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, number if stacked else 0, 0 if stacked else number)
            self._grid.setColumnStretch(number, 0 if stacked and number else 1)

    def _restyle(self) -> None:
        self._stacked = None
        self._arrange()
        self.update()
