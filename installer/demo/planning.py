"""Putting a joint care plan together: goals, actions, answers and the version, with the wording people agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from installer.demo.making import Making
from installer.demo.staff import Workplace
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.plan_rules import plan_fingerprint
from livingwell_desktop.domain.plans import (
    Action,
    ActionState,
    AgreementAnswer,
    Goal,
    OwnerKind,
    Plan,
    PlanAgreement,
    PlanVersion,
)
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.plans import GoalOnPlan, content_of

T = TypeVar("T")

Answer = tuple[str, AgreementAnswer, str, str]
"""Who answers (a name of the staff; empty for the person), what, how, and the reason in their words."""


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action before it has an id. `owner` is a name of the staff, empty for the person, or "carer: Name"."""

    what: str
    owner: str
    due: date
    state: ActionState = ActionState.NOT_STARTED


@dataclass(frozen=True, slots=True)
class PlannedGoal:
    """A goal before it has an id."""

    words: str
    about: str
    group: str
    matters: int
    how_sure: int
    actions: tuple[PlannedAction, ...]
    need: UUID | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreeing to the plan: when, who said what, and whether it became a version."""

    at: datetime
    answers: tuple[Answer, ...]
    becomes_version: int = 0
    """Its number; 0 when the wording is still a draft."""


def add_plan(
    making: Making,
    work: Workplace,
    person: UUID,
    worker: UUID,
    centre: UUID,
    in_own_words: str,
    review_on: date,
    goals: Sequence[PlannedGoal],
    agreed: Agreed,
    earlier: Sequence[datetime] = (),
) -> UUID:
    """Add a plan as it stands now; `earlier` are the days of versions before it, of its first goal only."""
    at = agreed.at - timedelta(minutes=30)
    plan = Plan(person=person, in_own_words=in_own_words, review_on=review_on, reviewer=worker)
    record = making.add(plan, at, worker, centre)
    held = _held(making, record, plan)
    shown = tuple(
        _add_goal(making, work, person, worker, centre, record, goal, place, at) for place, goal in enumerate(goals, 1)
    )
    replaces = None
    for number, moment in enumerate(earlier, 1):
        replaces = _add_version(making, held, shown[:1], number, moment, worker, centre, replaces)
    mark = plan_fingerprint(content_of(held, shown))
    for staff_name, answer, how, reason in agreed.answers:
        staff = work.staff[staff_name] if staff_name else None
        given = PlanAgreement(
            person=person,
            plan=record,
            organisation=work.organisation_of[staff] if staff else None,
            staff=staff,
            answer=answer,
            answered_at=agreed.at,
            how=how,
            reason=reason,
            fingerprint=mark,
            recorded_by=worker,
        )
        making.add(given, agreed.at, worker, centre)
    if agreed.becomes_version:
        _add_version(making, held, shown, agreed.becomes_version, agreed.at, worker, centre, replaces)
    return record


def _add_goal(
    making: Making,
    work: Workplace,
    person: UUID,
    worker: UUID,
    centre: UUID,
    plan: UUID,
    planned: PlannedGoal,
    place: int,
    at: datetime,
) -> GoalOnPlan:
    goal = Goal(
        person=person,
        plan=plan,
        need=planned.need,
        words=planned.words,
        about=planned.about,
        group=planned.group,
        matters=planned.matters,
        how_sure=planned.how_sure,
        position=place * 10,
    )
    record = making.add(goal, at, worker, centre)
    actions = []
    for position, each in enumerate(planned.actions, 1):
        action = _action(work, person, plan, record, each, position * 10)
        actions.append(_held(making, making.add(action, at, worker, centre), action))
    return GoalOnPlan(_held(making, record, goal), tuple(actions))


def _action(work: Workplace, person: UUID, plan: UUID, goal: UUID, each: PlannedAction, position: int) -> Action:
    is_carer = each.owner.startswith("carer: ")
    staff = work.staff[each.owner] if each.owner and not is_carer else None
    by_hand = OwnerKind.CARER if is_carer else OwnerKind.PERSON
    return Action(
        person=person,
        plan=plan,
        goal=goal,
        what=each.what,
        owner_kind=OwnerKind.WORKER if staff else by_hand,
        owner_staff=staff,
        owner_organisation=work.organisation_of[staff] if staff else None,
        owner_name=each.owner.removeprefix("carer: ") if is_carer else "",
        due=each.due,
        state=each.state,
        position=position,
    )


def _add_version(
    making: Making,
    plan: Held[Plan],
    goals: tuple[GoalOnPlan, ...],
    number: int,
    at: datetime,
    worker: UUID,
    centre: UUID,
    replaces: UUID | None,
) -> UUID:
    content = content_of(plan, goals)
    version = PlanVersion(
        person=plan.value.person,
        plan=plan.id,
        number=number,
        agreed_on=local_day(at),
        fingerprint=plan_fingerprint(content),
        content=content,
        replaces=replaces,
    )
    return making.add(version, at, worker, centre)


def _held(making: Making, record: UUID, value: T) -> Held[T]:
    return Held(record, value, (), {}, {}, making.now, None)
