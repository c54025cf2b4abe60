"""How full a session is, and how much of a goal is done: one block a piece, and always in words too."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.flow import Flow, Sides
from livingwell_desktop.ui.widgets.layout import Row
from livingwell_desktop.ui.widgets.surfaces import Card
from livingwell_desktop.ui.widgets.words import Words


def capacity_words(places: int, here: int, booked: int, waiting: int = 0) -> tuple[str, str]:
    """(the answer, the rest): ("9 places free", "11 here, 4 booked") or ("Full", "2 people on the waiting list")."""
    free = places - here - booked
    people = "1 person" if waiting == 1 else f"{waiting} people"
    if free <= 0:
        return "Full", f"{people} on the waiting list" if waiting else f"{here} here, {booked} booked"
    rest = ", ".join(part for part in (f"{here} here" if here else "", f"{booked} booked" if booked else "") if part)
    return ("1 place free" if free == 1 else f"{free} places free"), rest


class CapacityBar(QWidget):
    """One block a place: filled = here, outlined = booked, grey = free. Its accessible name says the same in words."""

    def __init__(self, places: int = 0, here: int = 0, booked: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._counts = (0, 0, 0)
        self.set_counts(places, here, booked)
        theme.follow(self.updateGeometry)

    def set_counts(self, places: int, here: int, booked: int) -> None:
        self._counts = (places, here, booked)
        answer, rest = capacity_words(places, here, booked)
        self.setAccessibleName(f"{answer}, {rest}" if rest else answer)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        places, here, booked = self._counts
        blocks = max(places, here + booked)
        if not blocks:
            return
        painter = painting.begin(self)
        gap = theme.px(3) if blocks <= 40 else 1
        width = (self.width() - gap * (blocks - 1)) / blocks
        for number in range(blocks):
            left = round(number * (width + gap))
            right = round(number * (width + gap) + width)
            block = QRectF(left, 0, max(2, right - left), self.height())
            if number < here:
                painting.rounded(painter, block, 2.5, theme.colour("calm"))
            elif number < here + booked:
                painting.rounded(painter, block, 2.5, theme.colour("surface"), theme.colour("calm"), 1.3)
            else:
                painting.rounded(painter, block, 2.5, theme.colour("track"))
        painter.end()


class CapacityCard(Card):
    """A session on the board: name, when, blocks, words."""

    def __init__(self, title: str, when: str, parent: QWidget | None = None) -> None:
        super().__init__("", margins=(14, 10, 14, 8), spacing=6, parent=parent)
        self.name = Words(title, "strong")
        self.when = Words(when, "conversation", "secondary")
        name, time = Row(), Row()
        name.add(self.name)
        time.add(self.when)
        first = Sides(name, time, spacing=8)
        self.bar = CapacityBar()
        last = Flow(spacing=8)
        self.answer = Words("", "conversation_strong")
        self.rest = Words("", "conversation", "secondary")
        last.add(self.answer, self.rest)
        self.body.add(first, self.bar, last)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_counts(self, places: int, here: int, booked: int, waiting: int = 0) -> None:
        """Show how many places there are, and how many people are here, booked and on the waiting list."""
        self.bar.set_counts(places, here, booked)
        answer, rest = capacity_words(places, here, booked, waiting)
        self.answer.setText(answer)
        self.answer.set_colour("warning" if answer == "Full" else "text")
        self.rest.setText(rest)
        self.rest.setVisible(bool(rest))
        self.setAccessibleName(f"{self.name.text()}, {self.when.text()}, {answer}, {rest}")


class ProgressBlocks(QWidget):
    """`ProgressBlocks(2, 3)` draws three blocks, two filled, and says "2 of 3 done"."""

    def __init__(
        self, done: int = 0, total: int = 0, words: str = "", *, show_words: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._done, self._total, self._show = done, total, show_words
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_progress(done, total, words)
        theme.follow(self.updateGeometry)

    def set_progress(self, done: int, total: int, words: str = "") -> None:
        self._done, self._total = done, total
        self._words = words or f"{done} of {total} done"
        self.setAccessibleName(self._words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.line_height("conversation") if self._show else theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        space = 0.0
        if self._show:
            space = max(theme.width("conversation", self._words) + theme.px(14), theme.px(90))
            painting.words(
                painter,
                QRectF(self.width() - space, 0, space, self.height()),
                self._words,
                "conversation",
                theme.colour("secondary"),
                painting.RIGHT,
            )
        gap = theme.px(3)
        width = (self.width() - space - gap * (self._total - 1)) / max(1, self._total)
        height = theme.px(7)
        for number in range(self._total):
            block = QRectF(number * (width + gap), (self.height() - height) / 2, width, height)
            painting.rounded(painter, block, 2.5, theme.colour("calm" if number < self._done else "track"))
        painter.end()
