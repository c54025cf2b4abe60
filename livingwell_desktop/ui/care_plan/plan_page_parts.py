"""The frame of the plan page: its head, and two columns that stand below one another when it is narrow."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.badge import Badge, BadgeText
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.flow import Flow, Sides
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.words import IconMark, Words

SIDE_WIDTH = 344
STACKED_BELOW = 920


class PlanHead(QWidget):
    """ "Joint care plan", its version, what it replaces, and the page's buttons."""

    compare_asked = Signal()
    print_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.title = Words("Joint care plan", "title")
        self.version = Badge("")
        self.note = Words("", "conversation", "secondary")
        self.review = Words("", "conversation", "secondary")
        notes = Flow(spacing=6)
        notes.add(self.note, self.review)
        first = Flow(spacing=12)
        first.add(self.title, self.version)
        words = Column(spacing=2)
        words.add(first, notes)
        self.saved_mark = IconMark("check", "success", 18)
        self.saved = Words("", "conversation", "secondary")
        saved = Row(spacing=8)
        saved.add(self.saved_mark, self.saved)
        self.compare = Button("Compare with the last version", key="C")
        self.compare.setObjectName("compare")
        self.compare.clicked.connect(self.compare_asked)
        self.print = Button("Print", "primary", icon="print", shortcut="Ctrl+P")
        self.print.setObjectName("print")
        self.print.clicked.connect(self.print_asked)
        buttons = Flow(spacing=10, right=True)
        buttons.add(saved, self.compare, self.print)
        column = Column(self, spacing=0, margins=(24, 14, 24, 10))
        column.add(Sides(words, buttons))

    def show_plan(self, version: BadgeText, note: str, review: str, late: bool, saved: str, last: int | None) -> None:
        """What the plan is called now; `last` is the number of the version to compare with."""
        self.version.set_badge(version)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.review.setText(review)
        self.review.set_colour("warning" if late else "secondary")
        self.review.show()
        self.saved.setText(f"Saved {saved}")
        self.saved.show()
        self.saved_mark.show()
        self.version.show()
        self.compare.setVisible(last is not None)
        self.compare.set_text(f"Compare with version {last}")
        self.print.show()

    def show_none(self, note: str) -> None:
        """There is no plan yet."""
        self.note.setText(note)
        self.note.show()
        for each in (self.version, self.review, self.saved, self.saved_mark, self.compare, self.print):
            each.hide()


class TwoColumns(QWidget):
    """`left` takes what `right` leaves; below one another when it is narrow or the text is large."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.left, self.right = Column(spacing=12), Column(spacing=12)
        self._side = QWidget()
        side = Column(self._side, spacing=0)
        side.add(self.right)
        side.push()
        left = Column(spacing=0)
        left.add(self.left)
        left.push()
        self._box.addLayout(left, 1)
        self._box.addWidget(self._side)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        theme.follow(self._arrange)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        stacked = self.width() < theme.px(STACKED_BELOW)
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.TopToBottom if stacked else ways.LeftToRight)
        self._box.setSpacing(theme.px(12 if stacked else 14))
        self._side.setMinimumWidth(0 if stacked else theme.px(SIDE_WIDTH))
        self._side.setMaximumWidth(16_777_215 if stacked else theme.px(SIDE_WIDTH))
