"""One goal of the plan: what it is about, the person's words, and its actions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.plans import GoalOnPlan
from livingwell_desktop.ui.care_plan.action_list import ActionList, action_shown
from livingwell_desktop.ui.care_plan.words import GROUP_ICONS, Whose, about_words, goal_place, quoted
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.badge import Badge, BadgeText
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.flow import Sides
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.tables import EDGE
from livingwell_desktop.ui.widgets.words import Words


class GoalCard(QWidget):
    """`card.show_goal(goal, 1, 3, alliance, person, today)`; the signals carry the goal's id."""

    add_asked = Signal(object)
    change_asked = Signal(object)
    stop_asked = Signal(object)

    def __init__(self, goal: UUID, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.goal = goal
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = Column(self, spacing=6, margins=(6, 14, 6, 8))
        head = Column(spacing=6, margins=(12, 0, 12, 0))
        self.about = Badge("")
        self.place = Words("", "conversation", "secondary")
        about, place = Row(), Row()
        about.add(self.about)
        about.push()
        place.add(self.place)
        self.words = Words("", "card", wrap=True)
        head.add(Sides(about, place), self.words)
        self.conflict = Column(spacing=8, margins=(6, 4, 6, 4))
        self.list = ActionList("Actions")
        self.list.setObjectName("actions")
        self.none_yet = Words(
            "No action yet. What is the first small step, and who does it?", "body", "secondary", wrap=True
        )
        foot = Row(spacing=18, margins=(12, 2, 12, 2))
        self.add_button = Button("Add an action", "quiet", icon="plus", size="small")
        self.change_button = Button("Change goal", "quiet", size="small")
        self.stop_button = Button("Stop goal", "quiet", size="small")
        for button, name, signal in (
            (self.add_button, "add an action", self.add_asked),
            (self.change_button, "change goal", self.change_asked),
            (self.stop_button, "stop goal", self.stop_asked),
        ):
            button.setObjectName(name)
            button.clicked.connect(lambda _on=False, signal=signal: signal.emit(self.goal))
        foot.add(self.add_button)
        foot.push()
        foot.add(self.change_button, self.stop_button)
        column.add(head, self.conflict, self.none_yet, self.list, foot)
        self._sides = (head, foot)
        theme.follow(self._measure)
        self._measure()

    def show_goal(
        self, shown: GoalOnPlan, number: int, count: int, alliance: Alliance, person: Whose, today: date
    ) -> None:
        """Show the goal as it is now; the chosen action stays chosen."""
        goal = shown.goal.value
        self.about.set_badge(BadgeText(about_words(goal), "calm", GROUP_ICONS.get(goal.group, "star")))
        self.place.setText(goal_place(number, count, goal))
        self.words.setText(quoted(goal.words))
        self.setAccessibleName(f"Goal {number}: {goal.words}")
        self.list.view.setAccessibleName(f"Actions of goal {number}: {goal.words}")
        self.list.show_actions([action_shown(held, alliance, person, today) for held in shown.actions])
        self.none_yet.setVisible(not shown.actions)
        self.list.setVisible(bool(shown.actions))

    def _measure(self) -> None:
        """The words stand above the first column of the list."""
        edge = theme.px(EDGE)
        for layout in self._sides:
            margins = layout.contentsMargins()
            layout.setContentsMargins(edge, margins.top(), edge, margins.bottom())
        self.none_yet.setContentsMargins(edge, theme.px(6), edge, theme.px(4))
        self.update()

    def allow(self, allowed: bool, reason: str) -> None:
        """Whether this role may change the plan."""
        for button in (self.add_button, self.change_button, self.stop_button):
            button.set_allowed(allowed, reason)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        shape = QRectF(self.rect())
        painting.rounded(painter, shape, theme.px(10), theme.colour("surface"), theme.colour("border"))
        painter.end()
