"""Around the writing of a plan: needs it can start from, typing kept until it is saved, and whose value stands."""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Contact
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plan_comparison import PlanDifference, plan_differences
from livingwell_desktop.domain.plans import Action, Goal, OwnerKind
from livingwell_desktop.domain.records import ChangeId, Held, HeldValue, kind_of
from livingwell_desktop.services.plans import PlanOnScreen, content_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft, Write, settle

OWNER_FIELDS = ("owner_kind", "owner_staff", "owner_organisation", "owner_name")
"""An action's owner is one answer in four fields: they are settled together."""


def needs_to_plan(practice: Practice, person: UUID) -> tuple[Held[Need], ...]:
    """Needs that no goal of the plan is about, those chosen in the newest assessment first."""
    practice.require(Act.SEE_CLINICAL, person)
    store = practice.store
    planned = {held.value.need for held in store.find(Goal, person=person) if not held.value.stopped}
    found = [
        held
        for held in store.find(Need, person=person)
        if held.id not in planned and held.value.state is not NeedState.NO_LONGER
    ]
    newest = store.find(QuestionnaireResponse, person=person)
    latest = max(newest, key=lambda held: (held.value.authored_at or held.changed_at, held.id), default=None)
    chosen = latest.value.chosen if latest else ()
    return tuple(
        sorted(
            found,
            key=lambda held: (
                chosen.index(held.value.area) if held.value.area in chosen else len(chosen),
                held.value.position,
                held.id,
            ),
        )
    )


def carers(practice: Practice, person: UUID) -> tuple[str, ...]:
    """Names of the people in the person's life, for an action that one of them does."""
    practice.require(Act.SEE_DETAILS, person)
    found = sorted(practice.store.find(Contact, person=person), key=lambda held: (held.value.position, held.id))
    return tuple(held.value.name for held in found if held.value.name)


def compare_with_last(plan: PlanOnScreen) -> tuple[PlanDifference, ...]:
    """What differs between the version agreed last and the plan as it is now. Empty without an earlier version."""
    if plan.last_version is None:
        return ()
    names = {str(held.id): held.value.name for held in plan.alliance.staff.values()}
    return plan_differences(plan.last_version.value.content, content_of(plan.plan, plan.goals), names)


def settle_owner(practice: Practice, held: Held[Action], change: ChangeId) -> None:
    """Decide who does an action, after every answer was shown: the owner that `change` wrote, with the organisation.

    Raises Problem when that answer is no longer among those in question.
    """
    practice.require(Act.SETTLE, held.value.person)
    lead = next((name for name in ("owner_staff", "owner_kind", "owner_name") if name in held.conflicts), "")
    if not any(each.change == change for each in held.conflicts.get(lead, ())):
        raise Problem("This was settled already", "Somebody decided it on another desk.", "Look at the action again.")
    fields, settles = dict[str, object](), dict[str, frozenset[ChangeId]]()
    for name in OWNER_FIELDS:
        if name in held.conflicts:
            fields[name] = _value_of(held.conflicts[name], change)
            settles[name] = settle(held, name, None).settles[name]
    practice.write(Act.SETTLE, [Write(held.id, kind_of(Action).name, fields, held.heads, settles)])


def _value_of(values: tuple[HeldValue, ...], change: ChangeId) -> object:
    """What that change wrote; a change that left the field alone had what stood before."""
    found = next((each for each in values if each.change == change), None)
    return found.value if found else values[0].before


def owner_in_conflict(held: Held[Action]) -> str:
    """The field that leads a question about the owner, or nothing."""
    return next((name for name in OWNER_FIELDS if name in held.conflicts), "")


def owner_answer(held: Held[Action], change: ChangeId) -> Action:
    """The action as that change would have its owner, for showing."""
    fields = {name: getattr(held.value, name) for name in kind_of(Action).fields}
    for name in OWNER_FIELDS:
        if name in held.conflicts:
            value = _value_of(held.conflicts[name], change)
            if name in ("owner_staff", "owner_organisation"):
                value = UUID(str(value)) if value else None
            if name == "owner_kind":
                value = OwnerKind(str(value)) if value in tuple(OwnerKind) else OwnerKind.PERSON
            fields[name] = value or ("" if name == "owner_name" else None)
    return Action(**fields)


# Typing that is not saved yet


def keep_typing(
    practice: Practice, person: UUID, kind: str, typed: Mapping[str, str], basis: Held[object] | None
) -> None:
    """Keep what is typed in a form of the plan: on this desk's disk, encrypted, when this returns."""
    practice.require(Act.PLAN, person)
    there = typing(practice, person)
    draft = Draft(
        there.id if there else practice.new_id(),
        practice.staff.id,
        _DRAFT,
        person,
        {"form": kind, "typed": dict(typed), "record": str(basis.id) if basis else ""},
        basis.heads if basis else (),
        practice.now(),
    )
    practice.store.save_draft(draft)


def typing(practice: Practice, person: UUID) -> Draft | None:
    """This member of staff's unfinished form of the person's plan."""
    practice.require(Act.SEE_CLINICAL, person)
    found = practice.store.drafts_about(person, _DRAFT)
    return next((each for each in found if each.staff == practice.staff.id), None)


def forget_typing(practice: Practice, person: UUID) -> None:
    """The form was saved, or left on purpose."""
    practice.require(Act.PLAN, person)
    there = typing(practice, person)
    if there:
        practice.store.drop_draft(there.id)


_DRAFT = "plan_form"
