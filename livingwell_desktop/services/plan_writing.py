"""Around the writing of a plan: needs it can start from, typing kept until it is saved, and whose value stands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Contact
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plan_comparison import PlanDifference, plan_differences
from livingwell_desktop.domain.plans import Action, Goal, OwnerKind
from livingwell_desktop.domain.records import ChangeId, Held, HeldValue, Json, kind_of, to_json
from livingwell_desktop.services.drafts import Drafts
from livingwell_desktop.services.plans import OWNER_FIELDS, PlanOnScreen, content_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.value_words import typed_value
from livingwell_desktop.storage import Draft, Write


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
    if not any(each.change == change for name in OWNER_FIELDS for each in held.conflicts.get(name, ())):
        raise Problem("This was settled already", "Somebody decided it on another desk.", "Look at the action again.")
    chosen = owner_answer(held, change)
    fields: dict[str, Json] = {name: to_json(getattr(chosen, name)) for name in OWNER_FIELDS}
    settles = {
        name: frozenset(each.change for each in held.conflicts[name]) for name in OWNER_FIELDS if name in held.conflicts
    }
    practice.write(Act.SETTLE, [Write(held.id, kind_of(Action).name, fields, held.heads, settles)])


def settle_owner_by(practice: Practice, held: Held[Action], name: str, value: Json) -> None:
    """Decide who does an action by the value that one answer gave one of its four fields.

    Raises Problem when no answer gave it: a new owner is written in the plan, where all of it is asked.
    """
    practice.require(Act.SETTLE, held.value.person)
    found = next((each.change for each in held.conflicts.get(name, ()) if each.value == to_json(value)), None)
    if found is None:
        raise Problem("There is a problem", "That is none of the owners shown.", "Choose one, or open the plan.")
    settle_owner(practice, held, found)


def _value_of(values: tuple[HeldValue, ...], change: ChangeId) -> Json:
    """What that change wrote; a change that left the field alone had what stood before."""
    found = next((each for each in values if each.change == change), None)
    return found.value if found else values[0].before


_LEADS = ("owner_staff", "owner_name", "owner_kind", "owner_organisation")
"""Which field of an owner two answers most surely differ in, the surest first."""


def owner_in_conflict(held: Held[Action]) -> str:
    """The field that leads a question about the owner, or nothing."""
    return next((name for name in _LEADS if name in held.conflicts), "")


def owner_answer(held: Held[Action], change: ChangeId) -> Action:
    """The action with the whole owner as of that change: what is shown for it, and written when it is chosen.

    A worker has an organisation and no other name, somebody else a name and no organisation, the person neither,
    whatever another desk wrote beside it.
    """
    declared, found = kind_of(Action).fields, dict[str, Any]()
    for field in OWNER_FIELDS:
        found[field] = getattr(held.value, field)
        if field in held.conflicts:
            found[field] = typed_value(declared[field], _value_of(held.conflicts[field], change))
    staff, name = found["owner_staff"], found["owner_name"] or ""
    kind = found["owner_kind"] or OwnerKind.PERSON
    if "owner_kind" not in held.conflicts:
        # Another desk may have written the kind alone: who is named says more surely what they are.
        kind = OwnerKind.WORKER if staff else OwnerKind.CARER if name else OwnerKind.PERSON
    return replace(
        held.value,
        owner_kind=kind,
        owner_staff=staff if kind == OwnerKind.WORKER else None,
        owner_organisation=found["owner_organisation"] if kind == OwnerKind.WORKER else None,
        owner_name=name if kind == OwnerKind.CARER else "",
    )


# Typing that is not saved yet


def keep_typing(
    practice: Practice,
    person: UUID,
    kind: str,
    typed: Mapping[str, str],
    basis: Held[object] | None,
    shown: Mapping[str, str] | None = None,
) -> None:
    """Keep what is typed in a form of the plan: on this desk's disk, encrypted, when this returns.

    `shown` is what stood in the form when it was opened: it tells what was touched.
    """
    practice.require(Act.PLAN, person)
    there = Drafts(practice).kept_here(person, _DRAFT)
    draft = Draft(
        there.id if there else practice.new_id(),
        practice.staff.id,
        _DRAFT,
        person,
        {
            "form": kind,
            "typed": dict(typed),
            "record": str(basis.id) if basis else "",
            "shown": dict(shown or {}),
        },
        basis.heads if basis else (),
        practice.now(),
    )
    practice.store.save_draft(draft)


def typing(practice: Practice, person: UUID) -> Draft | None:
    """This member of staff's unfinished form of the person's plan, also one that was begun at another desk."""
    practice.require(Act.SEE_CLINICAL, person)
    return Drafts(practice).mine(person, _DRAFT)


def go_on(practice: Practice, draft: Draft) -> Draft:
    """Take up an unfinished form at this desk, with all that is known of it by now."""
    practice.require(Act.PLAN, draft.subject)
    return Drafts(practice).take_up(draft).draft


def kept_form(practice: Practice, person: UUID) -> UUID | None:
    """The draft of the form that is open at this desk, which goes when the form is written."""
    practice.require(Act.PLAN, person)
    kept = Drafts(practice).kept_here(person, _DRAFT)
    return kept.id if kept else None


def forget_typing(practice: Practice, person: UUID) -> None:
    """The form was saved, or left on purpose."""
    practice.require(Act.PLAN, person)
    there = Drafts(practice).kept_here(person, _DRAFT)
    if there:
        Drafts(practice).drop(Act.PLAN, there.id)


_DRAFT = "plan_form"
