"""The story: what happened, newest first, with whose organisation it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.domain.dates import clock_time, day_and_month, local
from livingwell_desktop.domain.organisations import Organisation
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.story import Happening, Story
from livingwell_desktop.ui.people.words import Mask, mark_of
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, clear
from livingwell_desktop.ui.widgets.marks import Mark, paint_mark
from livingwell_desktop.ui.widgets.surfaces import Card
from livingwell_desktop.ui.widgets.words import Words

FIRST, MORE = 4, 20


class StoryEntry(QWidget):
    """One thing that happened: when and where, the organisation's mark on the line, what, and a line of words."""

    def __init__(self, when: tuple[str, str], mark: Mark, title: str, words: str, last: bool) -> None:
        super().__init__()
        self._when, self._mark, self._title, self._words, self._last = when, mark, title, words, last
        said = (f"{when[0]} {when[1]}", mark.name, title, words)
        self.setAccessibleName(". ".join(part.strip(". ") for part in said if part))
        self.setToolTip(theme.plain_tip(f"{title}\n{words}"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        gap = 0 if self._last else theme.px(20)
        return QSize(theme.px(400), theme.line_height("strong") + theme.line_height("conversation") + theme.px(3) + gap)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        high, low, size = theme.line_height("strong"), theme.line_height("conversation"), theme.px(24)
        line = theme.px(128)
        first, second = QRectF(0, 0, line - theme.px(8), high), QRectF(0, high, line - theme.px(4), low)
        painting.words(painter, first, self._when[0], "conversation_strong", theme.colour("text"))
        painting.words(painter, second, self._when[1], "detail", theme.colour("secondary"))
        mark = QRectF(line, 0, size, size)
        if not self._last:
            painter.setPen(QPen(theme.colour("border"), 2))
            middle = round(mark.center().x())
            painter.drawLine(middle, round(mark.bottom()) + theme.px(4), middle, self.height() - theme.px(4))
        paint_mark(painter, mark, self._mark)
        left = mark.right() + theme.px(16)
        space = QRectF(left, 0, self.width() - left, high)
        painting.words(painter, space, self._title, "strong", theme.colour("text"))
        below = QRectF(left, high + theme.px(2), space.width(), low)
        painting.words(painter, below, self._words, "conversation", theme.colour("secondary"))
        painter.end()


class StoryCard(Card):
    """`more` asks for longer stories: it carries how many entries are wanted."""

    more = Signal(int)

    def __init__(self) -> None:
        self.more_button = Button("Show all", "quiet", size="small")
        self.more_button.setObjectName("show all")
        super().__init__("Story", action=self.more_button, spacing=8)
        self.setObjectName("story")
        self._shown = FIRST
        self._total = 0
        self.more_button.clicked.connect(self._ask_for_more)
        self._entries = Column(spacing=0)
        self.body.add(self._entries)

    def show_story(
        self, story: Story, organisations: Mapping[UUID, Held[Organisation]], today: date, mask: Mask
    ) -> None:
        """Show the newest entries, and offer the rest."""
        clear(self._entries)
        self._shown, self._total = len(story.newest), story.total
        entries: Sequence[Happening] = story.newest
        for number, each in enumerate(entries):
            organisation = organisations.get(each.organisation) if each.organisation else None
            here = local(each.at)
            day = "Today" if here.date() == today else day_and_month(here.date(), today)
            at = ", ".join(part for part in (clock_time(here.time()), each.where) if part)
            self._entries.add(
                StoryEntry(
                    (day, at), mark_of(organisation), mask.text(each.title), mask.text(each.words),
                    number == len(entries) - 1,
                )
            )  # fmt: skip
        if not entries:
            self._entries.add(Words("Nothing has happened yet.", "body", "secondary"))
        left = self._total - self._shown
        self.more_button.setVisible(left > 0)
        words = f"Show all {self._total:,}" if left <= MORE else f"Show {MORE} more of {self._total:,}"
        self.more_button.set_text(words)

    def _ask_for_more(self) -> None:
        self.more.emit(min(self._shown + MORE, self._total) if self._total > FIRST + MORE else self._total)
