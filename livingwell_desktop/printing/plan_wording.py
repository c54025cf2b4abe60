"""What exactly is agreed: the words of a plan, without how its actions stand today.

`plan_fingerprint(plan_wording(…))` is what an agreement and a version name. An action that becomes done does not make
the plan wait for agreement again; another word, owner, date, goal or review does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from livingwell_desktop.domain.plans import Action, ActionState, Goal, Plan
from livingwell_desktop.domain.records import Held, Json, body_of, kind_of, value_of

_NOT_WORDING = ("person", "plan", "state", "stopped", "need")


def _body(value: Plan | Goal | Action) -> dict[str, Json]:
    body = body_of(kind_of(type(value)), value)
    return {name: part for name, part in body.items() if name not in _NOT_WORDING}


def in_order(held: Sequence[Held[Goal]]) -> list[Held[Goal]]:
    """The goals of the plan as they are read: by position, then by identity, without stopped ones."""
    live = [one for one in held if not one.entered_in_error and not one.value.stopped]
    return sorted(live, key=lambda one: (one.value.position, one.id))


def actions_in_order(held: Sequence[Held[Action]]) -> list[Held[Action]]:
    """The actions as they are read, without stopped ones."""
    live = [one for one in held if not one.entered_in_error and one.value.state != ActionState.STOPPED]
    return sorted(live, key=lambda one: (one.value.position, one.id))


def plan_wording(plan: Plan, goals: Sequence[Held[Goal]], actions: Sequence[Held[Action]]) -> dict[str, Json]:
    """The content of a version: JSON, in reading order. Positions are left out, as the order says it."""
    rows = []
    for goal in in_order(goals):
        own = [_body(replace(one.value, position=0, goal=None)) for one in _of_goal(actions, goal.id)]
        rows.append({**_body(replace(goal.value, position=0)), "id": str(goal.id), "actions": own})
    return {**_body(plan), "goals": rows}


def _of_goal(actions: Sequence[Held[Action]], goal: UUID) -> list[Held[Action]]:
    return [one for one in actions_in_order(actions) if one.value.goal == goal]


def plan_of_wording(content: Mapping[str, Json]) -> tuple[Plan, list[tuple[Goal, list[Action]]]]:
    """The records of a version again, as they were worded then. Actions have no state of their own."""
    goals = [
        (
            value_of(kind_of(Goal), row),
            [value_of(kind_of(Action), action) for action in row.get("actions", ())],
        )
        for row in content.get("goals", ())
    ]
    return value_of(kind_of(Plan), content), goals


def goals_with_actions(goals: Sequence[Held[Goal]], actions: Sequence[Held[Action]]) -> list[tuple[Goal, list[Action]]]:
    """The plan of today in the same shape."""
    return [(goal.value, [one.value for one in _of_goal(actions, goal.id)]) for goal in in_order(goals)]
