"""Today's sessions in a row of cards, in as many rows as the width and the text size ask for."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.capacity import CapacityCard

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
        self._named: list[tuple[str, str]] = []
        theme.follow(self._arrange)

    def show_sessions(self, sessions: list[Shown]) -> None:
        """Show these sessions; cards are kept while their names stay the same."""
        named = [(title, when) for title, when, _counts in sessions]
        if named != self._named:
            for card in self.cards:
                self._grid.removeWidget(card)
                card.hide()
                card.deleteLater()
            self.cards = [CapacityCard(title, when) for title, when in named]
            self._named = named
            self._arrange()
        for card, (title, _when, counts) in zip(self.cards, sessions, strict=True):
            card.setObjectName(title)
            card.set_counts(*counts)
        self.setVisible(bool(sessions))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer beside each other in a narrow window."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._grid.setSpacing(theme.px(12))
        across = max(1, min(4, self.width() // max(1, theme.px(LEAST_WIDTH)), len(self.cards)))
        for number in range(self._grid.columnCount()):
            self._grid.setColumnStretch(number, 1 if number < across else 0)
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // across, number % across)
