"""The joint care plan: goals in the person's words, actions that each have one owner, and who agrees."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut

from livingwell_desktop.domain.dates import long_date, moment
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act, Ruling
from livingwell_desktop.domain.plan_rules import is_review_late, review_words, version_words
from livingwell_desktop.domain.plans import Action, ActionState
from livingwell_desktop.domain.records import AnyHeld, Held
from livingwell_desktop.services import documents, people, plan_writing, plans
from livingwell_desktop.services.plans import GoalOnPlan, PlanOnScreen
from livingwell_desktop.storage import Changes, FieldInConflictError
from livingwell_desktop.ui.care_plan.comparison import comparison_sheet
from livingwell_desktop.ui.care_plan.plan_body import PlanBody
from livingwell_desktop.ui.care_plan.plan_page_parts import PlanHead
from livingwell_desktop.ui.care_plan.plan_sheets import PlanSheets, Subject
from livingwell_desktop.ui.care_plan.words import facts, in_reading_order, sharing_line, whose
from livingwell_desktop.ui.pages import Desk, Page, PageAction, PersonPlace, Place, PlanPlace, PreviewPlace
from livingwell_desktop.ui.widgets import ask, theme
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.banner import PersonBanner
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column

_NEXT = {ActionState.NOT_STARTED: ActionState.DOING, ActionState.DOING: ActionState.DONE}
HEAD_SCROLLS_BELOW = 560
"""Logical pixels of height at 100 %."""
_CONCERNED = frozenset({"organisation", "staff"})


class PlanPage(Page):
    """One person's plan. Everything is done by keys: see `_bind`."""

    shows = PlanPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._person: UUID | None = None
        self._subject: Subject | None = None
        self.plan: PlanOnScreen | None = None
        self.sheets = PlanSheets(desk, self)
        self.banner = PersonBanner(slim=True)
        self.head = PlanHead()
        self.body = PlanBody(desk)
        self.keys = KeyLine()
        self._column = Column(self, spacing=0)
        self._column.add(self.banner, self.head)
        self._column.add(self.body, stretch=1)
        foot = Column(spacing=0, margins=(24, 0, 24, 0))
        foot.add(self.keys)
        self._column.add(foot)
        self._runs: dict[str, Callable[[], None]] = {
            "edit": self.change_action,
            "status": self.next_state,
            "add": self.add_action,
            "goal": self.add_goal,
            "plan": self.change_plan,
            "stop": self.stop_action,
            "answer": self.first_answer,
        }
        self._connect()
        self._bind()
        desk.masking.changed.connect(self._mask)

    def _connect(self) -> None:
        self.head.print_asked.connect(self.print_plan)
        self.head.compare_asked.connect(self.compare)
        self.keys.used.connect(lambda name: self._runs[name]())
        body = self.body
        body.action_chosen.connect(self._show_keys)
        body.action_opened.connect(self.change_action)
        body.add_action_asked.connect(lambda goal: self._with_goal(goal, self.sheets.add_action))
        body.change_goal_asked.connect(lambda goal: self._with_goal(goal, self.sheets.change_goal))
        body.stop_goal_asked.connect(self.stop_goal)
        body.add_goal_asked.connect(self.add_goal)
        body.need_chosen.connect(self.add_goal)
        body.change_plan_asked.connect(self.change_plan)
        body.draft_resumed.connect(self.resume)
        body.agrees.asked.connect(self.answer)
        body.shares.change_asked.connect(self._change_sharing)

    def _bind(self) -> None:
        """Letters work anywhere on the page except while something is typed."""
        self._shortcuts = []
        for key, run in (
            ("E", self.change_action),
            ("S", self.next_state),
            ("N", lambda: self.set_state(ActionState.NOT_STARTED)),
            ("D", lambda: self.set_state(ActionState.DOING)),
            ("F", lambda: self.set_state(ActionState.DONE)),
            ("A", self.add_action),
            ("G", self.add_goal),
            ("P", self.change_plan),
            ("R", self.first_answer),
            ("C", self.compare),
            ("Del", self.stop_action),
            ("Shift+E", self.change_goal),
            ("Shift+Del", lambda: self.stop_goal(self.body.chosen_goal())),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)
            self._shortcuts.append(shortcut)

    # What the shell asks

    def show_place(self, place: Place) -> None:
        assert isinstance(place, PlanPlace)
        self.desk.practice.require(Act.SEE_CLINICAL, place.person)
        fresh = place.person != self._person
        self._person = place.person
        if fresh:
            self.body.forget()
        self._read()
        self.body.show_draft(plan_writing.typing(self.desk.practice, place.person), self.desk.practice.today())
        self.body.take_focus()
        self._show_keys()

    def concerned(self, changes: Changes) -> bool:
        return self._person in changes.subjects or bool(changes.kinds & _CONCERNED)

    def refresh(self) -> None:
        if self._person is not None:
            self._read()
            self.sheets.see(self.plan)
            if self.sheets.form is None:
                self.body.show_draft(plan_writing.typing(self.desk.practice, self._person), self.desk.practice.today())

    def leave(self) -> None:
        self.sheets.leave()

    def take_focus(self) -> None:
        """The list of actions, where the letters work."""
        self.body.take_focus()

    def tick(self) -> None:
        """Past midnight, what was due yesterday is late."""
        self.refresh()

    def actions_here(self) -> tuple[PageAction, ...]:
        writes, prints = (
            self.desk.practice.may(Act.PLAN, self._person),
            self.desk.practice.may(Act.PRINT_PLAN, self._person),
        )
        agrees = self.desk.practice.may(Act.AGREE, self._person)
        no_plan = "" if self.plan else "There is no plan yet."
        return (
            PageAction("Add an action", "A", self.add_action, writes.reason or no_plan),
            PageAction("Add a goal", "G", self.add_goal, writes.reason),
            PageAction("The plan and its review", "P", self.change_plan, writes.reason or no_plan),
            PageAction("Record who agrees", "R", self.first_answer, agrees.reason or no_plan),
            PageAction("Compare with the last version", "C", self.compare, no_plan),
            PageAction("Print the plan", "Ctrl P", self.print_plan, prints.reason or no_plan),
        )

    # Reading

    def _read(self) -> None:
        practice, person = self.desk.practice, self._person
        if person is None:
            return
        banner = people.banner(practice, person)
        self.plan = plan = plans.plan_of(practice, person)
        named = whose(banner.person.value, self.desk.masking.on)
        self._subject = Subject(person, named, plan)
        order = in_reading_order(banner)
        self.banner.show_person(facts(banner.person.value, practice.today()), self.desk.masking.on)
        self.banner.set_line(sharing_line(banner, order))
        self._show_head(plan)
        self.body.show_sharing(order, banner.alliance, named)
        left_out = documents.left_out(practice, banner.person)
        if plan is None or not plan.goals:
            self.body.show_none(plan_writing.needs_to_plan(practice, person), named, plan)
        else:
            self.body.show_plan(plan, named, left_out)
        writes, agrees, prints = self._rulings()
        self.body.allow(writes, agrees)
        self.head.print.set_allowed(prints.allowed, prints.reason)
        self._show_keys()

    def _show_head(self, plan: PlanOnScreen | None) -> None:
        if plan is None:
            self.head.show_none("There is no plan yet.")
            return
        today, last = self.desk.practice.today(), plan.last_version
        before = last
        if last and not plan.is_draft:
            before = plans.replaced_by(self.desk.practice, last)
        note = ""
        if before and before.value.agreed_on:
            note = f"Replaces version {before.value.number} of {long_date(before.value.agreed_on)}."
        review_on = plan.plan.value.review_on
        late = is_review_late(review_on, today)
        review = f"{review_words(review_on, today)}."
        if review_on is not None and not late:
            review = f"Next review {long_date(review_on)}."
        version = BadgeText(version_words(plan.number, plan.agreed_on), "warning" if plan.is_draft else "success")
        newest = max([plan.plan.changed_at, *(held.changed_at for held in self._records(plan))])
        saved = moment(newest, today).removeprefix("today ")
        compared = last if plan.is_draft else None
        last_number = compared.value.number if compared else None
        self.head.show_plan(version, note, review, late, saved, last_number)

    def _records(self, plan: PlanOnScreen) -> list[AnyHeld]:
        found: list[AnyHeld] = [party.answer for party in plan.parties if party.answer]
        for each in plan.goals:
            found += [each.goal, *each.actions]
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window, or with large text, the head scrolls with the plan, so that there is room for the plan."""
        super().resizeEvent(event)
        scrolls = event.size().height() < theme.px(HEAD_SCROLLS_BELOW)
        if scrolls != self.body.holds(self.head):
            (self.body.hold if scrolls else self._hold)(self.head)

    def _hold(self, head: PlanHead) -> None:
        self._column.insertWidget(1, head)

    def _mask(self, _on: bool) -> None:
        if self.isVisible():
            self.refresh()

    # Doing

    def chosen(self) -> tuple[GoalOnPlan, Held[Action]] | None:
        """The chosen action with its goal."""
        action = self.body.chosen_action()
        for goal in self.plan.goals if self.plan else ():
            for held in goal.actions:
                if held.id == action:
                    return goal, held
        return None

    def change_action(self) -> None:
        """Open the chosen action."""
        found = self.chosen()
        if found and self._subject and self._may(Act.PLAN):
            self.sheets.change_action(self._subject, found[1], found[0].goal.id)

    def next_state(self) -> None:
        """Not started, doing, done, and round again."""
        found = self.chosen()
        if found:
            self.set_state(_NEXT.get(found[1].value.state, ActionState.NOT_STARTED))

    def set_state(self, state: ActionState) -> None:
        """Say how far the chosen action is."""
        found = self.chosen()
        if found and found[1].value.state is not state and self._may(Act.PLAN):
            self._try(lambda: plans.set_state(self.desk.practice, found[1], state))

    def add_action(self) -> None:
        """A next step for the chosen goal."""
        self._with_goal(self.body.chosen_goal(), self.sheets.add_action)

    def change_goal(self) -> None:
        """Open the chosen goal."""
        self._with_goal(self.body.chosen_goal(), self.sheets.change_goal)

    def add_goal(self, need: UUID | None = None) -> None:
        """A goal, from a need when one was chosen. The first starts the plan."""
        if self._subject and self._may(Act.PLAN):
            self.sheets.add_goal(self._subject, need)

    def change_plan(self) -> None:
        """The words about the whole plan and its review."""
        if self._subject and self.plan and self._may(Act.PLAN):
            self.sheets.change_plan(self._subject)

    def stop_action(self) -> None:
        """Take the chosen action out of the plan, after asking."""
        found = self.chosen()
        if found is None or not self._may(Act.PLAN):
            return
        action = found[1]
        text = (
            f"“{action.value.what}” leaves the plan. It stays in the history. Everybody is asked again if they agree."
        )

        def answered(yes: bool) -> None:
            if yes:
                self._try(lambda: plans.stop_action(self.desk.practice, action))

        ask.confirm(self, ask.Question("Stop this action?", text, "Stop the action", "Keep it"), answered)

    def stop_goal(self, goal: UUID | None) -> None:
        """Take a goal with its actions out of the plan, after asking."""
        found = self._goal(goal)
        if found is None or not self._may(Act.PLAN):
            return
        text = f"“{found.goal.value.words}” and its actions leave the plan. They stay in the history."

        def answered(yes: bool) -> None:
            if yes:
                self._try(lambda: plans.stop_goal(self.desk.practice, found.goal))

        ask.confirm(self, ask.Question("Stop this goal?", text, "Stop the goal", "Keep it"), answered)

    def first_answer(self) -> None:
        """To the first who waits, or the first of all."""
        if self._may(Act.AGREE):
            self.body.agrees.take_focus()

    def answer(self, key: str) -> None:
        """Record what that party says."""
        party = next((each for each in self.plan.parties if each.key == key), None) if self.plan else None
        if party and self._subject and self.plan and self._may(Act.AGREE):
            self.sheets.record_answer(self._subject, party)

    def compare(self) -> None:
        """What differs from the version agreed last."""
        if self.plan and self.plan.last_version and self.plan.is_draft:
            comparison_sheet(self, self.plan)

    def print_plan(self) -> None:
        """The preview, from where it is printed."""
        if self._person and self.plan and self._may(Act.PRINT_PLAN):
            self.desk.go(PreviewPlace("plan", self._person))

    def resume(self) -> None:
        """Go on with the form that was being typed."""
        if self._person and self._subject:
            draft = plan_writing.typing(self.desk.practice, self._person)
            if draft:
                self.sheets.resume(self._subject, draft)

    def _change_sharing(self) -> None:
        if self._person:
            self.desk.go(PersonPlace(self._person, "sharing"))

    def _goal(self, goal: UUID | None) -> GoalOnPlan | None:
        return next((each for each in self.plan.goals if each.goal.id == goal), None) if self.plan else None

    def _with_goal(self, goal: UUID | None, run: Callable[..., None]) -> None:
        found = self._goal(goal)
        if found and self._subject and self._may(Act.PLAN):
            run(self._subject, found.goal)

    def _rulings(self) -> tuple[Ruling, Ruling, Ruling]:
        """Whether this person's plan may be written, agreed and printed here."""
        practice, person = self.desk.practice, self._person
        return practice.may(Act.PLAN, person), practice.may(Act.AGREE, person), practice.may(Act.PRINT_PLAN, person)

    def _may(self, act: Act) -> bool:
        ruling = self.desk.practice.may(act, self._person)
        if not ruling.allowed:
            self.desk.say("info", ruling.reason)
        return ruling.allowed

    def _try(self, run: Callable[[], object]) -> None:
        try:
            run()
        except FieldInConflictError:
            self.desk.say("warning", "Two desks wrote this differently. Decide which is right first.")
        except Problem as problem:
            self.desk.say("error", problem.words)

    def _show_keys(self) -> None:
        writes, agrees = (
            self.desk.practice.may(Act.PLAN, self._person).reason,
            self.desk.practice.may(Act.AGREE, self._person).reason,
        )
        found = self.chosen()
        general = [KeyAction("goal", "G", "Add a goal", writes)]
        if self.plan:
            general += [
                KeyAction("plan", "P", "Plan and review", writes),
                KeyAction("answer", "R", "Who agrees", agrees),
            ]
        if found is None:
            adds = [KeyAction("add", "A", "Add an action", writes)] if self.plan and self.plan.goals else []
            self.keys.show_keys("", [*adds, *general])
            return
        own = [
            KeyAction("edit", "Enter", "Change", writes),
            KeyAction("status", "S", "Next status", writes),
            KeyAction("stop", "Del", "Stop", writes),
            KeyAction("add", "A", "Add an action", writes),
        ]
        self.keys.show_keys("", [*own, *general])
        self.body.show_chosen()
