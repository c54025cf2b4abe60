"""Opening the forms of a plan over its page, saving them, and keeping what is typed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import moment
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.plan_rules import usual_review
from livingwell_desktop.domain.plans import Action, AgreementAnswer, Goal, Plan
from livingwell_desktop.domain.records import AnyHeld, Held
from livingwell_desktop.services import plan_writing, plans
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.plans import PartyOnPlan, PlanOnScreen
from livingwell_desktop.storage import Draft, FieldInConflictError
from livingwell_desktop.ui.care_plan.answer_form import AnswerForm
from livingwell_desktop.ui.care_plan.forms import ActionForm, GoalForm, PlanForm, WholePlanForm, Worker
from livingwell_desktop.ui.care_plan.words import Whose, about_need, organisation_name
from livingwell_desktop.ui.keeping import Keeping
from livingwell_desktop.ui.pages import Desk
from livingwell_desktop.ui.widgets import ask

_DECIDE_FIRST = Problem(
    "There is a problem",
    "Two desks wrote this differently while you typed.",
    "Cancel and decide which is right. What you typed is kept.",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the sheets are about."""

    person: UUID
    whose: Whose
    plan: PlanOnScreen | None


class PlanSheets(QObject):
    """The sheets of a plan page. One is open at a time; a change that arrives is said in it, never put into it."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        self.form: PlanForm | None = None
        self._person: UUID | None = None
        self._keeping = Keeping(self, self._save_draft, desk.say)

    def add_action(self, subject: Subject, goal: Held[Goal], kept: Draft | None = None) -> None:
        """What will happen next for a goal."""
        form = ActionForm(None, subject.whose, self._workers(), self._carers(subject), goal.id)

        def save(fields: dict[str, Any]) -> None:
            plans.add_action(self._desk.practice, goal, Action(**fields), forget=self._draft(subject))

        self._open("Add an action", form, "Add the action", subject, save, kept)

    def change_action(self, subject: Subject, action: Held[Action], goal: UUID, kept: Draft | None = None) -> None:
        """Another word, owner or date."""
        form = ActionForm(action, subject.whose, self._workers(action.value.owner_staff), self._carers(subject), goal)

        def save(fields: dict[str, Any]) -> None:
            plans.change_action(self._desk.practice, action, forget=self._draft(subject), **fields)

        self._open("Change the action", form, "Save the action", subject, save, kept)

    def add_goal(self, subject: Subject, need: UUID | None = None, kept: Draft | None = None) -> None:
        """A goal from a need, in the person's words. The first one starts the plan."""
        practice = self._desk.practice
        needs = {held.id: held for held in plan_writing.needs_to_plan(practice, subject.person)}
        rows = [
            (str(held.id), about_need(held.value.group, held.value.title, held.value.detail), "")
            for held in needs.values()
        ]
        form = GoalForm(None, subject.whose, rows)
        if need is not None:
            form.set_typing({"need": str(need)})

        def save(fields: dict[str, Any]) -> None:
            plan: Held[Plan] | None = subject.plan.plan if subject.plan else None
            if plan is None:
                plans.start(practice, subject.person, review_on=usual_review(practice.today()))
                plan = plans.plan_record(practice, subject.person)
            chosen = needs.get(form.need_id() or subject.person)
            if chosen and not fields["about"]:
                value = chosen.value
                fields["about"] = about_need(value.group, value.title, value.detail)
            if plan is not None:
                plans.add_goal(practice, plan, need=chosen, forget=self._draft(subject), **fields)

        self._open("Add a goal", form, "Add the goal", subject, save, kept)

    def change_goal(self, subject: Subject, goal: Held[Goal], kept: Draft | None = None) -> None:
        """The goal's words and how much it matters."""
        form = GoalForm(goal, subject.whose, ())

        def save(fields: dict[str, Any]) -> None:
            plans.change_goal(self._desk.practice, goal, forget=self._draft(subject), **fields)

        self._open("Change the goal", form, "Save the goal", subject, save, kept)

    def change_plan(self, subject: Subject, kept: Draft | None = None) -> None:
        """The person's words about the whole plan, the next review and who asks for it."""
        if subject.plan is None:
            return
        plan = subject.plan.plan
        usual = usual_review(self._desk.practice.today())
        form = WholePlanForm(plan, subject.whose, self._workers(plan.value.reviewer), usual)

        def save(fields: dict[str, Any]) -> None:
            plans.change_plan(self._desk.practice, plan, forget=self._draft(subject), **fields)

        self._open("The plan and its review", form, "Save", subject, save, kept)

    def record_answer(self, subject: Subject, party: PartyOnPlan, kept: Draft | None = None) -> None:
        """What somebody says to the plan as it is worded on screen now."""
        shown = subject.plan
        if shown is None:
            return
        workers = [each for each in self._workers(party.staff) if each.organisation == party.organisation]
        form = AnswerForm(party.organisation is None, workers, party.staff, party.key)
        staff = shown.alliance.staff_name(party.staff) if party.staff else "this organisation"
        name = subject.whose.called if party.organisation is None else staff

        def save(fields: dict[str, Any]) -> None:
            plans.record_answer(
                self._desk.practice,
                shown,
                party,
                AgreementAnswer(fields["answer"]),
                how=fields["how"],
                reason=fields["reason"],
                staff=fields["staff"],
                forget=self._draft(subject),
            )

        self._open(f"What does {name} say?", form, "Record the answer", subject, save, kept)

    def resume(self, subject: Subject, draft: Draft) -> None:
        """Open the form that was being typed, with what was typed; nothing opens when its record is gone."""
        draft = plan_writing.go_on(self._desk.practice, draft)
        # What is empty does not travel, so a draft that came from another desk may lack it.
        typed, kind, plan = dict(draft.body.get("typed", {})), draft.body["form"], subject.plan
        record = UUID(draft.body["record"]) if draft.body.get("record") else None
        if kind == "plan":
            if plan is not None:
                then = replace(plan, plan=_as_it_was(plan.plan, draft))
                self.change_plan(replace(subject, plan=then), draft)
        elif kind == "goal" and record is None:
            self.add_goal(subject, None, draft)
        for party in plan.parties if plan else ():
            if kind == "answer" and party.key == typed.get("party"):
                self.record_answer(subject, party, draft)
        for each in plan.goals if plan else ():
            if kind == "goal" and each.goal.id == record:
                self.change_goal(subject, _as_it_was(each.goal, draft), draft)
            if kind == "action" and record is None and str(each.goal.id) == typed.get("goal"):
                self.add_action(subject, each.goal, draft)
            for action in each.actions:
                if kind == "action" and action.id == record:
                    self.change_action(subject, _as_it_was(action, draft), each.goal.id, draft)

    def see(self, plan: PlanOnScreen | None) -> None:
        """The page read the plan again: if the open form's record changed elsewhere, say so in the form."""
        basis = self.form.basis if self.form else None
        if self.form is None or basis is None or plan is None:
            return
        now = next((held for held in _records(plan) if held.id == basis.id), None)
        if now is not None and now.heads != basis.heads and now.changed_by != self._desk.practice.staff.id:
            author = plan.alliance.staff_name(now.changed_by)
            when = moment(now.changed_at, self._desk.practice.today())
            self.form.say_news(f"{author} changed this {when}. What you type stays. If it differs, both are shown.")

    def keep(self) -> None:
        """Keep what is typed, now."""
        self._keeping.unsaved = True
        self._keeping.keep()

    def leave(self) -> None:
        """The desk is being locked or the place left."""
        self._keeping.keep()

    def _save_draft(self) -> None:
        form, person = self.form, self._person
        if form is not None and person is not None:
            plan_writing.keep_typing(self._desk.practice, person, form.kind, form.typing(), form.basis, form.shown)

    def _draft(self, subject: Subject) -> UUID | None:
        """The draft of the open form, which goes when the form is written."""
        return plan_writing.kept_form(self._desk.practice, subject.person)

    def _forget(self, subject: Subject) -> None:
        try:
            plan_writing.forget_typing(self._desk.practice, subject.person)
        except Problem as problem:
            self._desk.say("error", problem.words)

    def _open(
        self,
        title: str,
        form: PlanForm,
        yes: str,
        subject: Subject,
        save: Callable[[dict[str, Any]], None],
        kept: Draft | None,
    ) -> None:
        form.shown = form.typing()
        if kept is not None:
            form.put_back(kept.body.get("typed", {}), kept.body.get("shown", {}))
        self.form, self._person = form, subject.person
        form.typed.connect(self._keeping.typed)
        if kept is not None:
            self.see(plans.plan_of(self._desk.practice, subject.person))
        undecided: list[bool] = []

        def done(wanted: bool) -> bool:
            if wanted:
                try:
                    save(form.fields(self._desk.practice.today()))
                except FieldInConflictError:
                    undecided.append(True)
                    self.keep()
                    form.show_problem(_DECIDE_FIRST)
                    return False
                except Problem as problem:
                    form.show_problem(problem)
                    return False
            self.form = None
            self._keeping.forget()
            if wanted or not undecided:
                self._forget(subject)
            return True

        ask.sheet(self._page, title, form, yes, done)

    def _workers(self, also: UUID | None = None) -> list[Worker]:
        """Everybody who works in the alliance now, by name; `also` is kept though they left."""
        everybody = alliance(self._desk.practice)
        found = [
            _worker(everybody, held.id) for held in everybody.staff.values() if held.value.active or held.id == also
        ]
        return sorted(found, key=lambda each: each.words.casefold())

    def _carers(self, subject: Subject) -> tuple[str, ...]:
        return plan_writing.carers(self._desk.practice, subject.person)


def _worker(everybody: Alliance, staff: UUID) -> Worker:
    value = everybody.staff[staff].value
    organisation = everybody.organisation_of(staff)
    words = ", ".join(part for part in (value.name, organisation_name(organisation), value.job_title) if part)
    return Worker(staff, organisation.id if organisation else None, words)


def _records(plan: PlanOnScreen) -> list[AnyHeld]:
    records: list[AnyHeld] = [plan.plan]
    for each in plan.goals:
        records += [each.goal, *each.actions]
    return records


def _as_it_was(held: Held[Any], draft: Draft) -> Held[Any]:
    """The record, with what the typing was based on: what came in between is kept beside it, not written over."""
    return replace(held, heads=draft.based_on or held.heads)
