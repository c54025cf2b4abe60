"""Today's sessions in a row of cards, in as many rows as the width and the text size ask for."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.capacity import CapacityCard, capacity_words
from livingwell_desktop.ui.widgets.words import Words

Shown = tuple[str, str, tuple[int, int, int, int]]
"""Title, when, and (places, here, booked, waiting list)."""

LEAST_WIDTH = 300
"""Logical pixels a card needs for a name and a time beside each other."""


class SessionCards(QWidget):
    """`cards.show_sessions([("Open drop-in", "10am to 1pm", (24, 11, 4, 0))])`. No sessions: no room taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Today’s sessions")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.cards: list[CapacityCard] = []
        self.lines: list[Words] = []
        self._named: list[tuple[str, str]] = []
        theme.follow(self._arrange)

    def show_sessions(self, sessions: list[Shown]) -> None:
        """Show these sessions; cards are kept while their names stay the same."""
        named = [(title, when) for title, when, _counts in sessions]
        if named != self._named:
            for old in (*self.cards, *self.lines):
                self._grid.removeWidget(old)
                old.hide()
                old.deleteLater()
            self.cards = [CapacityCard(title, when) for title, when in named]
            self.lines = [Words("", "conversation") for _each in named]
            self._named = named
            self._arrange()
        for card, (title, _when, counts) in zip(self.cards, sessions, strict=True):
            card.setObjectName(title)
            card.set_counts(*counts)
        for line, (title, when, counts) in zip(self.lines, sessions, strict=True):
            answer, rest = capacity_words(*counts)
            line.setText(", ".join(part for part in (f"{title} {when}".strip(), answer.lower(), rest) if part))
        self.setVisible(bool(sessions))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer beside each other in a narrow window."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Cards in one row; where they do not fit beside each other, one line of words for each session."""
        room = max(1, self.width() // max(1, theme.px(LEAST_WIDTH)))
        as_cards = len(self.cards) <= room
        self._grid.setSpacing(theme.px(12 if as_cards else 2))
        for number in range(max(self._grid.columnCount(), len(self.cards))):
            self._grid.setColumnStretch(number, 1 if number < (len(self.cards) if as_cards else 1) else 0)
        for number, (card, line) in enumerate(zip(self.cards, self.lines, strict=True)):
            shown, hidden = (card, line) if as_cards else (line, card)
            self._grid.removeWidget(hidden)
            hidden.hide()
            self._grid.addWidget(shown, *((0, number) if as_cards else (number, 0)))
            shown.show()
