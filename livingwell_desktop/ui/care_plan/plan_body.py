"""The scrolling part of the plan page: goal cards at the left, answers and sharing at the right, questions in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.assessments import Need
from livingwell_desktop.domain.dates import moment
from livingwell_desktop.domain.permissions import Ruling
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.plans import PlanOnScreen
from livingwell_desktop.services.sharing import Sharing
from livingwell_desktop.storage import Draft
from livingwell_desktop.ui.care_plan.conflicts import PlanQuestion, conflict_strip, plan_questions, title_of
from livingwell_desktop.ui.care_plan.goal_card import GoalCard
from livingwell_desktop.ui.care_plan.plan_page_parts import TwoColumns
from livingwell_desktop.ui.care_plan.plan_side import LeftOutCard, SharesCard, WhoAgrees
from livingwell_desktop.ui.care_plan.words import GROUP_ICONS, Whose, about_need, quoted
from livingwell_desktop.ui.pages import Desk
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, clear
from livingwell_desktop.ui.widgets.notices import EmptyState, Notice
from livingwell_desktop.ui.widgets.surfaces import Card, ScrollBody
from livingwell_desktop.ui.widgets.words import Words

_FORM_WORDS = {
    "action": "an action",
    "goal": "a goal",
    "plan": "words about the plan",
    "answer": "an answer to the plan",
}


class PlanBody(ScrollBody):
    """Shows a plan and says what is asked of it; the page does it."""

    action_chosen = Signal()
    action_opened = Signal()
    add_action_asked = Signal(object)
    change_goal_asked = Signal(object)
    stop_goal_asked = Signal(object)
    add_goal_asked = Signal()
    need_chosen = Signal(object)
    change_plan_asked = Signal()
    draft_resumed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(spacing=12, margins=(0, 4, 0, 24))
        self._desk = desk
        self.cards: dict[UUID, GoalCard] = {}
        self._later: set[tuple[UUID, str]] = set()
        self._asked: tuple[PlanQuestion, ...] | None = None
        self._ruling = Ruling(True)
        self.draft = Notice("action", "", link="Go on writing", icon="pencil")
        self.draft.setObjectName("unfinished")
        self.draft.followed.connect(self.draft_resumed)
        self.draft.hide()
        self.in_own_words = Words("", "lead", wrap=True)
        self.in_own_words.setObjectName("in own words")
        self.questions = Column(spacing=8)
        self.columns = TwoColumns()
        self.goals = Column(spacing=12)
        self.empty = QWidget()
        self._empty = Column(self.empty, spacing=12)
        self.add_goal = Button("Add a goal", "secondary", icon="plus", key="G")
        self.add_goal.setObjectName("add a goal")
        self.add_goal.clicked.connect(self.add_goal_asked)
        self.agrees, self.shares, self.left_out = WhoAgrees(), SharesCard(), LeftOutCard()
        self.columns.left.add(self.goals, self.empty, self.add_goal)
        self.columns.right.add(self.agrees, self.shares, self.left_out)
        inside = Column(spacing=12, margins=(24, 0, 24, 0))
        inside.add(self.draft, self.in_own_words, self.questions, self.columns)
        self.body.add(inside)

    def forget(self) -> None:
        """Another person is shown: nothing of the one before stays."""
        for card in self.cards.values():
            card.hide()
            card.deleteLater()
        self.cards.clear()
        self._later.clear()
        self._asked = None
        self.verticalScrollBar().setValue(0)

    def hold(self, head: QWidget) -> None:
        """Take the page's head into what scrolls."""
        self.body.insertWidget(0, head)

    def holds(self, head: QWidget) -> bool:
        """Whether the head scrolls with the plan."""
        return self.body.indexOf(head) >= 0

    # Showing

    def show_plan(self, plan: PlanOnScreen, person: Whose, left_out: str) -> None:
        """The plan as it is now. The chosen action stays chosen; the focus stays where it is."""
        today = self._desk.practice.today()
        said = plan.plan.value.in_own_words
        self.in_own_words.setText(quoted(said))
        self.in_own_words.setVisible(bool(said))
        self.empty.hide()
        self.add_goal.show()
        self.agrees.show()
        self.left_out.show()
        before = self._place_of_chosen()
        self._arrange_cards([each.goal.id for each in plan.goals])
        for number, each in enumerate(plan.goals, 1):
            card = self.cards[each.goal.id]
            card.show_goal(each, number, len(plan.goals), plan.alliance, person, today)
            card.allow(self._ruling.allowed, self._ruling.reason)
        self._keep_place(before)
        self.agrees.show_parties(plan, person, today)
        self.left_out.show_left_out(left_out)
        self._show_questions(plan, person)

    def show_none(self, needs: Sequence[Held[Need]], person: Whose, plan: PlanOnScreen | None) -> None:
        """No goal yet: where a plan starts from."""
        self.forget()
        clear(self.questions)
        self.in_own_words.setText(quoted(plan.plan.value.in_own_words) if plan else "")
        self.in_own_words.setVisible(bool(plan and plan.plan.value.in_own_words))
        for each in (self.add_goal, self.agrees, self.left_out):
            each.hide()
        clear(self._empty)
        first = Button("Add the first goal", "primary", icon="plus", key="G")
        first.setObjectName("add the first goal")
        first.clicked.connect(self.add_goal_asked)
        first.set_allowed(self._ruling.allowed, self._ruling.reason)
        name = person.called or "the person"
        self._empty.add(
            EmptyState(
                f"A plan starts from what {name} wants", f"Choose a need and write the goal in {name}’s words.",
                first, icon="heart",
            )
        )  # fmt: skip
        if needs:
            card = Card("Needs to start from", trailing=f"{len(needs)}")
            for held in needs:
                words = about_need(held.value.group, held.value.title, held.value.detail)
                button = Button(words, "secondary", icon=GROUP_ICONS.get(str(held.value.group), "star"), wide=True)
                button.setObjectName(f"need {held.value.title}")
                button.clicked.connect(lambda _on=False, need=held.id: self.need_chosen.emit(need))
                button.set_allowed(self._ruling.allowed, self._ruling.reason)
                card.body.add(button)
            self._empty.add(card)
        self.first_goal = first
        self.empty.show()

    def show_sharing(self, order: Sequence[Sharing], alliance: Alliance, person: Whose) -> None:
        """The sharing card."""
        self.shares.show_sharing(order, alliance, person)

    def show_draft(self, draft: Draft | None, today: date) -> None:
        """An unfinished form waits."""
        self.draft.setVisible(draft is not None)
        if draft is not None:
            what = _FORM_WORDS.get(draft.body["form"], "something")
            self.draft.set_words(
                f"You were writing {what}. It is kept from {moment(draft.saved_at, today)}.", link="Go on writing"
            )

    def allow(self, writes: Ruling, agrees: Ruling) -> None:
        """What this role may do here."""
        self._ruling = writes
        for card in self.cards.values():
            card.allow(writes.allowed, writes.reason)
        self.add_goal.set_allowed(writes.allowed, writes.reason)
        self.agrees.allow(agrees.allowed, agrees.reason)

    def take_focus(self) -> None:
        """To the chosen action, or to the first one."""
        cards = list(self.cards.values())
        chosen = next((card for card in cards if card.list.chosen_id()), None)
        with_actions = next((card for card in cards if card.list.model.keys()), None)
        if chosen or with_actions:
            rows = (chosen or with_actions or cards[0]).list
            if rows.chosen_id() is None:
                rows.choose_first()
            rows.setFocus(Qt.FocusReason.OtherFocusReason)
        elif cards:
            cards[0].add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.empty.isVisibleTo(self):
            self.first_goal.setFocus(Qt.FocusReason.OtherFocusReason)

    # The chosen action

    def chosen_action(self) -> UUID | None:
        """Its id, or None."""
        return next((chosen for card in self.cards.values() if (chosen := card.list.chosen_id())), None)

    def chosen_goal(self) -> UUID | None:
        """The goal of the chosen action, or of the card with the focus, or the first."""
        for goal, card in self.cards.items():
            if card.list.chosen_id() or card.isAncestorOf(card.window().focusWidget() or card):
                return goal
        return next(iter(self.cards), None)

    def show_chosen(self) -> None:
        """Scroll so that the chosen action can be seen."""
        content = self.widget()
        for number, card in enumerate(self.cards.values()):
            if card.list.chosen_id() and content is not None:
                view = card.list.view
                if number == 0 and view.currentIndex().row() == 0:
                    # The first action is shown with its goal, as when the plan is opened.
                    self.verticalScrollBar().setValue(0)
                    return
                rect: QRect = view.visualRect(view.currentIndex())
                at = view.viewport().mapTo(content, rect.center())
                self.ensureVisible(at.x(), at.y(), 0, theme.px(70))

    def _arrange_cards(self, wanted: list[UUID]) -> None:
        for gone in [goal for goal in self.cards if goal not in wanted]:
            card = self.cards.pop(gone)
            self.goals.removeWidget(card)
            card.hide()
            card.deleteLater()
        for goal in wanted:
            if goal not in self.cards:
                self.cards[goal] = self._made(goal)
        if list(self.cards) != wanted or self.goals.count() != len(wanted):
            self.cards = {goal: self.cards[goal] for goal in wanted}
            for card in self.cards.values():
                self.goals.removeWidget(card)
                self.goals.add(card)
                # A card in a layout is shown by a posted event, which is too late for the focus.
                card.show()

    def _made(self, goal: UUID) -> GoalCard:
        card = GoalCard(goal)
        card.add_asked.connect(self.add_action_asked)
        card.change_asked.connect(self.change_goal_asked)
        card.stop_asked.connect(self.stop_goal_asked)
        card.list.entered.connect(lambda: self._entered(goal))
        card.list.chosen.connect(lambda _key: self.action_chosen.emit())
        card.list.opened.connect(lambda _key: self.action_opened.emit())
        card.list.left_downwards.connect(lambda: self._step(goal, 1))
        card.list.left_upwards.connect(lambda: self._step(goal, -1))
        return card

    def _entered(self, goal: UUID) -> None:
        for other, card in self.cards.items():
            if other != goal:
                card.list.choose_none()
        self.action_chosen.emit()

    def _step(self, goal: UUID, by: int) -> None:
        """The arrows go on into the next goal that has actions."""
        order = list(self.cards)
        place = order.index(goal) + by
        while 0 <= place < len(order):
            rows = self.cards[order[place]].list
            if rows.model.keys():
                rows.choose(rows.model.keys()[0 if by > 0 else -1])
                rows.setFocus(Qt.FocusReason.TabFocusReason)
                return
            place += by

    def _place_of_chosen(self) -> tuple[UUID, int] | None:
        for goal, card in self.cards.items():
            chosen = card.list.chosen_id()
            if chosen:
                return goal, card.list.model.keys().index(chosen)
        return None

    def _keep_place(self, before: tuple[UUID, int] | None) -> None:
        """When the chosen action has gone, choose the one that took its place."""
        if before is None or self.chosen_action() is not None or before[0] not in self.cards:
            return
        rows = self.cards[before[0]].list
        keys = rows.model.keys()
        if keys:
            rows.choose(keys[min(before[1], len(keys) - 1)], scroll=False)

    # Questions between desks

    def _show_questions(self, plan: PlanOnScreen, person: Whose) -> None:
        """One strip at a time, in the place of what it is about; the others wait their turn in a line of words."""
        found = plan_questions(self._desk.practice, plan)
        if found == self._asked:
            return
        self._asked = found
        self._later &= {each.key for each in found}
        for place in (self.questions, *(card.conflict for card in self.cards.values())):
            clear(place)
        open_ones = [each for each in found if each.key not in self._later]
        for each in open_ones[:1]:
            strip = conflict_strip(self._desk.practice, each, plan, person, self._desk.say)
            strip.later.connect(lambda key=each.key: self._decide_later(key, plan, person))
            self._place_of(each).addWidget(strip)
            strip.show()
        for each in found:
            if each.key in self._later:
                notice = Notice("warning", title_of(each), link="Decide")
                notice.followed.connect(lambda key=each.key: self._decide_now(key, plan, person))
                self._place_of(each).addWidget(notice)
                notice.show()

    def _place_of(self, asked: PlanQuestion) -> Column:
        card = self.cards.get(asked.goal) if asked.goal else None
        return card.conflict if card else self.questions

    def _decide_later(self, key: tuple[UUID, str], plan: PlanOnScreen, person: Whose) -> None:
        self._later.add(key)
        self._asked = None
        self._show_questions(plan, person)

    def _decide_now(self, key: tuple[UUID, str], plan: PlanOnScreen, person: Whose) -> None:
        self._later.discard(key)
        self._asked = None
        self._show_questions(plan, person)
