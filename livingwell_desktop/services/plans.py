"""The joint care plan: goals and actions, who agrees, versions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, NeedState
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plan_rules import AgreementGiven, Standing, is_agreed, plan_fingerprint, standings
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
from livingwell_desktop.domain.records import Held, kind_of, to_json
from livingwell_desktop.printing.plan_wording import plan_wording
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Between, Write, create, edit

THE_PERSON = "person"
OWNER_FIELDS = ("owner_kind", "owner_staff", "owner_organisation", "owner_name")
"""An action's owner is one answer in four fields: they are written, shown and settled together."""


@dataclass(frozen=True, slots=True)
class GoalOnPlan:
    """A goal with its actions in order."""

    goal: Held[Goal]
    actions: tuple[Held[Action], ...]


@dataclass(frozen=True, slots=True)
class PartyOnPlan:
    """Somebody who is asked to agree: the person (no organisation), or an organisation through a member of staff."""

    key: str
    organisation: UUID | None
    staff: UUID | None
    standing: Standing
    answer: Held[PlanAgreement] | None
    """The last answer, also when it was to an earlier wording."""


@dataclass(frozen=True, slots=True)
class PlanOnScreen:
    """A plan with everything the page and the paper show."""

    person: Held[Person]
    plan: Held[Plan]
    goals: tuple[GoalOnPlan, ...]
    parties: tuple[PartyOnPlan, ...]
    number: int
    """The version on screen: the one agreed last while its wording stands, else the next."""
    agreed_on: date | None
    last_version: Held[PlanVersion] | None
    fingerprint: str
    alliance: Alliance

    @property
    def is_draft(self) -> bool:
        """Whether this wording waits for the person or the key worker's organisation."""
        return self.agreed_on is None


def plan_of(practice: Practice, person: UUID) -> PlanOnScreen | None:
    """The person's plan, or None when there is none yet."""
    practice.require(Act.SEE_CLINICAL, person)
    plan = practice.store.get(Plan, kind_of(Plan).id_for(person))
    held = practice.store.get(Person, person)
    if plan is None or held is None:
        return None
    goals = _goals(practice, plan)
    mark = plan_fingerprint(content_of(plan, goals))
    versions = sorted(practice.store.find(PlanVersion, person=person), key=lambda each: each.value.number)
    last = versions[-1] if versions else None
    everybody = alliance(practice)
    parties = _parties(practice, held, plan, goals, mark, everybody)
    own = everybody.organisation_of(held.value.key_worker)
    found = {each.key: each.standing for each in parties}
    agreed = is_agreed(found[THE_PERSON], found.get(str(own.id) if own else "", Standing.WAITING))
    stands = last is not None and last.value.fingerprint == mark and agreed
    return PlanOnScreen(
        person=held,
        plan=plan,
        goals=goals,
        parties=parties,
        number=(last.value.number if stands else last.value.number + 1) if last else 1,
        agreed_on=last.value.agreed_on if last and stands else None,
        last_version=last,
        fingerprint=mark,
        alliance=everybody,
    )


def plan_record(practice: Practice, person: UUID) -> Held[Plan] | None:
    """The person's plan alone, without its goals; None when there is none yet."""
    practice.require(Act.SEE_CLINICAL, person)
    return practice.store.get(Plan, kind_of(Plan).id_for(person))


def replaced_by(practice: Practice, version: Held[PlanVersion]) -> Held[PlanVersion] | None:
    """The version that this one took the place of."""
    practice.require(Act.SEE_CLINICAL, version.value.person)
    return practice.store.get(PlanVersion, version.value.replaces)


def content_of(plan: Held[Plan], goals: tuple[GoalOnPlan, ...]) -> Mapping[str, Any]:
    """What people agree to: the same wording that the paper prints and names by its check code."""
    return plan_wording(plan.value, [each.goal for each in goals], [one for each in goals for one in each.actions])


def start(practice: Practice, person: UUID, in_own_words: str = "", review_on: date | None = None) -> UUID:
    """Start the person's plan, or do nothing when there is one."""
    practice.require(Act.PLAN, person)
    plan = kind_of(Plan).id_for(person)
    if practice.store.get(Plan, plan) is None:
        value = Plan(person=person, in_own_words=in_own_words, review_on=review_on, reviewer=practice.staff.id)
        practice.write(Act.PLAN, [create(plan, value)])
    return plan


def change_plan(practice: Practice, plan: Held[Plan], *, forget: UUID | None = None, **fields: Any) -> None:
    """Change the plan's own words, its review date or who asks for the review. `forget` is the draft it was."""
    practice.require(Act.PLAN, plan.value.person)
    practice.write(Act.PLAN, [edit(plan, **fields)], forget=forget)


def add_goal(
    practice: Practice,
    plan: Held[Plan],
    words: str,
    *,
    need: Held[Need] | None = None,
    about: str = "",
    matters: int | None = None,
    how_sure: int | None = None,
    forget: UUID | None = None,
) -> UUID:
    """Add a goal in the person's words; the need it comes from is in the plan from now on.

    `forget` is the draft it was. Raises Problem when there are no words.
    """
    practice.require(Act.PLAN, plan.value.person)
    if not words.strip():
        _mend("words", "Write the goal in the person’s words.")
    goal, others = practice.new_id(), practice.store.find(Goal, plan=plan.id)
    writes: list[Write] = [
        create(
            goal,
            Goal(
                person=plan.value.person,
                plan=plan.id,
                need=need.id if need else None,
                words=words.strip(),
                about=about or (need.value.title if need else ""),
                group=str(to_json(need.value.group)) if need else "",
                matters=matters,
                how_sure=how_sure,
                position=max((each.value.position for each in others), default=0) + 10,
            ),
        )
    ]
    if need and need.value.state is NeedState.NOT_MET:
        writes.append(edit(need, state=NeedState.IN_PLAN))
    practice.write(Act.PLAN, writes, forget=forget)
    return goal


def change_goal(practice: Practice, goal: Held[Goal], *, forget: UUID | None = None, **fields: Any) -> None:
    """Change a goal. `forget` is the draft it was."""
    practice.require(Act.PLAN, goal.value.person)
    if "words" in fields and not fields["words"].strip():
        _mend("words", "Write the goal in the person’s words.")
    practice.write(Act.PLAN, [edit(goal, **fields)], forget=forget)


def add_action(practice: Practice, goal: Held[Goal], action: Action, *, forget: UUID | None = None) -> UUID:
    """Add an action with its one owner. `forget` is the draft it was.

    Raises Problem when what, who or when needs mending.
    """
    practice.require(Act.PLAN, goal.value.person)
    _check_action(action)
    record, others = practice.new_id(), practice.store.find(Action, goal=goal.id)
    placed = {
        "person": goal.value.person,
        "plan": goal.value.plan,
        "goal": goal.id,
        "position": max((each.value.position for each in others), default=0) + 10,
    }
    fields = {name: getattr(action, name) for name in kind_of(Action).fields} | placed
    practice.write(Act.PLAN, [_with_whole_owner(create(record, Action(**fields)), action)], forget=forget)
    return record


def change_action(practice: Practice, held: Held[Action], *, forget: UUID | None = None, **fields: Any) -> None:
    """Change an action: what, who, when, or how far it is. `forget` is the draft it was."""
    practice.require(Act.PLAN, held.value.person)
    wanted = Action(**({name: getattr(held.value, name) for name in kind_of(Action).fields} | fields))
    _check_action(wanted)
    made = edit(held, **fields)
    practice.write(
        Act.PLAN, [_with_whole_owner(made, wanted) if made.set.keys() & OWNER_FIELDS else made], forget=forget
    )


def _with_whole_owner(made: Write, owner: Action) -> Write:
    """The edit with all four fields of the owner, so that no other desk's half is ever joined to it."""
    return replace(made, set={**made.set, **{name: to_json(getattr(owner, name)) for name in OWNER_FIELDS}})


def stop_action(practice: Practice, held: Held[Action]) -> None:
    """Take an action out of the plan. It stays in the history as stopped."""
    practice.require(Act.PLAN, held.value.person)
    practice.write(Act.PLAN, [edit(held, state=ActionState.STOPPED)])


def set_state(practice: Practice, held: Held[Action], state: ActionState) -> None:
    """Say how far an action is. That is not part of what people agree to, so no agreement waits again."""
    practice.require(Act.PLAN, held.value.person)
    practice.write(Act.PLAN, [edit(held, state=state)])


def stop_goal(practice: Practice, held: Held[Goal]) -> None:
    """Take a goal out of the plan; the need it came from is not met again unless another goal is about it."""
    practice.require(Act.PLAN, held.value.person)
    writes: list[Write] = [edit(held, stopped=True)]
    need = practice.store.get(Need, held.value.need)
    others = [each for each in practice.store.find(Goal, plan=held.value.plan) if each.id != held.id]
    if need and not any(each.value.need == need.id and not each.value.stopped for each in others):
        writes.append(edit(need, state=NeedState.NOT_MET))
    practice.write(Act.PLAN, writes)


def record_answer(
    practice: Practice,
    plan: PlanOnScreen,
    party: PartyOnPlan,
    answer: AgreementAnswer,
    *,
    how: str,
    reason: str = "",
    staff: UUID | None = None,
    forget: UUID | None = None,
) -> None:
    """Record what somebody says to the plan as it is on screen. `forget` is the draft of the answer.

    When the person and the key worker's organisation have both agreed, the wording becomes a version in the same act.
    Raises Problem when somebody declines without a reason in their words.
    """
    practice.require(Act.AGREE, plan.person.id)
    if answer is AgreementAnswer.DECLINED and not reason.strip():
        _mend("reason", "Write why, in their words. “Did not want to say” is fine.")
    given = PlanAgreement(
        person=plan.person.id,
        plan=plan.plan.id,
        organisation=party.organisation,
        staff=staff or party.staff,
        answer=answer,
        answered_at=practice.now(),
        how=how,
        reason=reason.strip(),
        fingerprint=plan.fingerprint,
        recorded_by=practice.staff.id,
    )
    writes = [create(practice.new_id(), given)]
    after = {each.key: each.standing for each in plan.parties} | {party.key: _standing_of(answer)}
    if plan.is_draft and is_agreed(after[THE_PERSON], after.get(_key_organisation(plan), Standing.WAITING)):
        version = PlanVersion(
            person=plan.person.id,
            plan=plan.plan.id,
            number=plan.number,
            agreed_on=practice.today(),
            fingerprint=plan.fingerprint,
            content=content_of(plan.plan, plan.goals),
            replaces=plan.last_version.id if plan.last_version else None,
        )
        writes.append(create(practice.new_id(), version))
    practice.write(Act.AGREE, writes, forget=forget)


def plans_due(practice: Practice, until: date) -> tuple[tuple[Held[Plan], Held[Person] | None], ...]:
    """Plans whose review is due by a day, the oldest first."""
    practice.require(Act.SEE_CLINICAL)
    found = practice.store.find(Plan, review_on=Between(None, until), order="review_on")
    people = practice.store.get_many(Person, (held.value.person for held in found))
    practice.viewed(Act.SEE_CLINICAL, *people)
    return tuple((held, people.get(held.value.person) if held.value.person else None) for held in found)


def _goals(practice: Practice, plan: Held[Plan]) -> tuple[GoalOnPlan, ...]:
    actions: dict[UUID | None, list[Held[Action]]] = {}
    for action in practice.store.find(Action, plan=plan.id):
        if action.value.state is not ActionState.STOPPED:
            actions.setdefault(action.value.goal, []).append(action)
    goals = sorted(practice.store.find(Goal, plan=plan.id), key=lambda held: (held.value.position, held.id))
    return tuple(
        GoalOnPlan(goal, tuple(sorted(actions.get(goal.id, []), key=lambda held: (held.value.position, held.id))))
        for goal in goals
        if not goal.value.stopped
    )


def _parties(
    practice: Practice,
    person: Held[Person],
    plan: Held[Plan],
    goals: tuple[GoalOnPlan, ...],
    mark: str,
    everybody: Alliance,
) -> tuple[PartyOnPlan, ...]:
    """The person, the key worker's organisation, and every organisation that owns an action."""
    workers: dict[UUID, UUID | None] = {}
    key_organisation = everybody.organisation_of(person.value.key_worker)
    if key_organisation:
        workers[key_organisation.id] = person.value.key_worker
    for each in goals:
        for action in each.actions:
            organisation = action.value.owner_organisation
            if action.value.owner_kind is OwnerKind.WORKER and organisation:
                workers.setdefault(organisation, action.value.owner_staff)
    given = sorted(
        practice.store.find(PlanAgreement, plan=plan.id),
        key=lambda held: (held.value.answered_at or held.changed_at, held.id),
    )
    for held in given:
        if held.value.organisation:
            workers.setdefault(held.value.organisation, held.value.staff)
    keys = [THE_PERSON, *(str(organisation) for organisation in workers)]
    found = standings(
        keys,
        [
            AgreementGiven(_party_key(held.value), str(to_json(held.value.answer)), held.value.fingerprint)
            for held in given
        ],
        mark,
    )
    last = {_party_key(held.value): held for held in given}
    parties = [PartyOnPlan(THE_PERSON, None, None, found[THE_PERSON], last.get(THE_PERSON))]
    for organisation, staff in workers.items():
        key = str(organisation)
        parties.append(PartyOnPlan(key, organisation, staff, found[key], last.get(key)))
    return tuple(parties)


def _party_key(agreement: PlanAgreement) -> str:
    return str(agreement.organisation) if agreement.organisation else THE_PERSON


def _key_organisation(plan: PlanOnScreen) -> str:
    organisation = plan.alliance.organisation_of(plan.person.value.key_worker)
    return str(organisation.id) if organisation else ""


def _standing_of(answer: AgreementAnswer) -> Standing:
    return {AgreementAnswer.AGREED: Standing.AGREED, AgreementAnswer.DECLINED: Standing.DECLINED}.get(
        answer, Standing.WAITING
    )


def _check_action(action: Action) -> None:
    problems = []
    if not action.what.strip():
        problems.append(FieldProblem("what", "Write what will happen."))
    if action.owner_kind is OwnerKind.WORKER and action.owner_staff is None:
        problems.append(FieldProblem("owner", "Choose who does it. Every action has one owner."))
    if action.owner_kind is OwnerKind.CARER and not action.owner_name.strip():
        problems.append(FieldProblem("owner", "Write the name of who does it."))
    if action.due is None:
        problems.append(FieldProblem("due", "Enter a date, like 27 11 2026."))
    if problems:
        raise Problem("There is a problem", "The action needs mending.", "Mend it and save again.", tuple(problems))


def _mend(field: str, sentence: str) -> None:
    raise Problem("There is a problem", sentence, "Mend it and save again.", (FieldProblem(field, sentence),))
