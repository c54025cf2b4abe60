"""The questions at the left of an assessment: each with last time's answer and today's, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from livingwell_desktop.domain.questionnaire import Answers, Progress
from livingwell_desktop.ui.assessment.steps import Step, shown
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.capacity import ProgressBlocks
from livingwell_desktop.ui.widgets.layout import Column, clear
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.words import Words

WIDTH, SLIM_WIDTH = 310, 244
_LONGEST_HEADING = 32
"""Letters. A longer group is a sentence, which stands above the question itself."""


class ItemButton(QPushButton):
    """One question of the list: its name, last time's answer, today's answer in a box."""

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self.setObjectName(f"question {step.item.link_id}")
        self._last, self._now = "", ""
        self.slim = False
        self.ring_radius = 8
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setText(step.name.replace("&", "&&"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.follow(self.updateGeometry)

    def show_answer(self, last: str, now: str, current: bool) -> None:
        """Today's answer and last time's, and whether this question is open."""
        self._last, self._now = last, now
        self.setChecked(current)
        # One tab stop for the whole list, as in every list.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)
        said = [self.step.name, f"answered {now}" if now else "not answered", f"last time {last}" if last else ""]
        self.setAccessibleName(", ".join(part for part in said if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), max(theme.px(40), theme.line_height("body") + theme.px(16)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape, on = QRectF(self.rect()), self.isChecked()
        if on:
            painting.rounded(painter, shape, theme.px(8), theme.colour("selected"))
            bar = QRectF(0, shape.height() * 0.22, 3.5, shape.height() * 0.56)
            painting.rounded(painter, bar, 1.5, theme.colour("action"))
        elif self.underMouse():
            painting.rounded(painter, shape, theme.px(8), theme.colour("sunken"))
        size = max(theme.px(26), theme.line_height("strong") + theme.px(4))
        wide = max(size, theme.width("conversation_strong", self._now) + theme.px(12))
        box = QRectF(shape.right() - theme.px(12) - wide, shape.center().y() - size / 2, wide, size)
        fill = theme.colour("action") if on and self._now else theme.colour("chip" if self._now else "surface")
        line = None if self._now else theme.colour("border")
        painting.rounded(painter, box, theme.px(7), fill, line, 1.5)
        ink = theme.colour("on_action" if on else "text")
        painting.words(painter, box, self._now, "conversation_strong", ink, painting.CENTRE)
        left, role = theme.px(14), theme.font("strong" if on else "body")
        name_width = QFontMetricsF(role).horizontalAdvance(self.step.name)
        last = f"last {self._last}" if self._last else ""
        # In a slim list the names come first; last time's answer stands beside the question as well.
        if self.slim or left + name_width + theme.px(18) + theme.width("conversation", last) > box.left():
            last = ""
        room = theme.width("conversation", last) + 2 if last else 0.0
        space = QRectF(box.left() - theme.px(12) - room, 0, room, shape.height())
        painting.words(painter, space, last, "conversation", theme.colour("secondary"), painting.RIGHT)
        name = QRectF(left, 0, space.left() - left - theme.px(6), shape.height())
        ink = theme.colour("text" if on or self._now else "secondary")
        painting.words(painter, name, self.step.name, "strong" if on else "body", ink)
        painter.end()


class ItemList(QWidget):
    """`chosen` carries the linkId of a question that was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = Column(self, spacing=0)
        self._scroll = ScrollBody(spacing=8, margins=(24, 18, 14, 18))
        outer.add(self._scroll, stretch=1)
        self.title = Words("", "card")
        self.progress_words = Words("", "conversation", "secondary")
        self.progress_words.setObjectName("progress")
        self.blocks = ProgressBlocks(show_words=False)
        self._rows = Column(spacing=2)
        head = Column(spacing=4)
        head.add(self.title, self.progress_words)
        self._scroll.body.add(head, self.blocks)
        self._scroll.body.gap(6)
        self._scroll.body.add(self._rows)
        self._shown: tuple[str, ...] = ()
        self._slim = False
        self.buttons: dict[str, ItemButton] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.follow(self._measure)
        self._measure()

    def show_steps(
        self, title: str, steps: Sequence[Step], progress: Progress, answers: Answers, last: Answers, current: str
    ) -> None:
        """Show where one is. The buttons are made again only when other questions are asked than before."""
        self.title.setText(title)
        self.progress_words.setText(progress.words)
        self.blocks.set_progress(progress.answered, progress.out_of, progress.words)
        names = tuple(step.item.link_id for step in steps)
        if names != self._shown:
            self._make(steps)
            self._shown = names
        for step in steps:
            name = step.item.link_id
            button = self.buttons[name]
            button.show_answer(shown(last.get(name)), shown(answers.get(name)), current == name)
            if current == name:
                self._scroll.show_whole(button)

    def _make(self, steps: Sequence[Step]) -> None:
        clear(self._rows)
        self.buttons, group = {}, None
        for step in steps:
            if step.group != group and 0 < len(step.group) <= _LONGEST_HEADING:
                heading = Words(step.group, "detail_strong", "secondary")
                if group is not None:
                    self._rows.gap(10)
                self._rows.add(heading)
                self._rows.gap(2)
            group = step.group
            button = ItemButton(step)
            button.slim = self._slim
            button.clicked.connect(lambda _on=False, name=step.item.link_id: self.chosen.emit(name))
            self.buttons[step.item.link_id] = button
            self._rows.add(button)

    def set_slim(self, slim: bool) -> None:
        """Take less of a narrow window."""
        if slim != self._slim:
            self._slim = slim
            self._measure()

    def _measure(self) -> None:
        self.setFixedWidth(theme.px(SLIM_WIDTH if self._slim else WIDTH))
        for button in self.buttons.values():
            button.slim = self._slim
