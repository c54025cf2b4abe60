"""What was added, removed and changed between two wordings of a plan, in sentences. Pure: content in, differences out.

A wording is what a plan version keeps: the plan's own fields, and goals with their actions in reading order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from livingwell_desktop.domain.dates import long_date
from livingwell_desktop.domain.wording import counted, sentence_case

ALIKE = 0.5
"""Two actions of a goal are the same one, worded anew, when at least this share of their words is common."""


class PlanChange(StrEnum):
    """What became of a part of a plan, in the word that is shown."""

    ADDED = "Added"
    REMOVED = "Removed"
    CHANGED = "Changed"


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """One difference: what became of it, which part of the plan, and the sentence."""

    change: PlanChange
    about: str
    """The goal's words in quotes, or "The plan"."""
    words: str


Names = Mapping[str, str]
"""Names of staff and organisations by their identity as text."""

THE_PLAN = "The plan"
_PLAN_FIELDS = {"in_own_words": "In the person’s words", "review_on": "Next review", "reviewer": "Who asks"}
_GOAL_FIELDS = {"words": "Goal", "about": "About", "matters": "Matters", "how_sure": "How sure"}


def plan_differences(before: Mapping[str, Any], now: Mapping[str, Any], names: Names) -> tuple[PlanDifference, ...]:
    """Everything that differs, the plan itself first, then goal by goal as they stand now, removed goals last."""
    found = _field_changes(THE_PLAN, _PLAN_FIELDS, before, now, names)
    earlier, later = _goals(before), _goals(now)
    pairs = _paired_goals(earlier, later)
    for place, goal in enumerate(later):
        old = pairs.get(place)
        if old is None:
            count = len(_actions(goal))
            words = f"A new goal with {counted(count, 'action', 'actions')}." if count else "A new goal."
            found.append(PlanDifference(PlanChange.ADDED, _quoted(goal), words))
            continue
        found += _field_changes(_quoted(goal), _GOAL_FIELDS, earlier[old], goal, names)
        found += _action_changes(_quoted(goal), _actions(earlier[old]), _actions(goal), names)
    kept = set(pairs.values())
    found += [
        PlanDifference(PlanChange.REMOVED, _quoted(goal), "No longer a goal.")
        for place, goal in enumerate(earlier)
        if place not in kept
    ]
    return tuple(found)


def action_words(action: Mapping[str, Any], names: Names) -> str:
    """ "Go with Ngozi to the law centre. Jo Castell, by 27 November 2026." """
    tail = ", ".join(part for part in (_owner(action, names), _by(action)) if part)
    return f"{str(action.get('what', '')).rstrip('.')}. {sentence_case(tail)}."


def _goals(content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return tuple(content.get("goals", ()))


def _actions(goal: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return tuple(goal.get("actions", ()))


def _quoted(goal: Mapping[str, Any]) -> str:
    return f"“{str(goal.get('words', '')).strip('“”')}”"


def _paired_goals(earlier: Sequence[Mapping[str, Any]], later: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """For each goal of now its place before: by identity, else by the same words."""
    pairs: dict[int, int] = {}
    for field in ("id", "words"):
        for place, goal in enumerate(later):
            if place in pairs or not goal.get(field):
                continue
            taken = set(pairs.values())
            same = [at for at, old in enumerate(earlier) if at not in taken and old.get(field) == goal.get(field)]
            if same:
                pairs[place] = same[0]
    return pairs


def _field_changes(
    about: str, fields: Mapping[str, str], before: Mapping[str, Any], now: Mapping[str, Any], names: Names
) -> list[PlanDifference]:
    return [
        PlanDifference(
            PlanChange.CHANGED,
            about,
            f"{label}: {_shown(before.get(name), names)} is now {_shown(now.get(name), names)}.",
        )
        for name, label in fields.items()
        if (before.get(name) or None) != (now.get(name) or None)
    ]


def _shown(value: Any, names: Names) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(value, str):
        if value in names:
            return names[value]
        day = _day(value)
        return long_date(day) if day else f"“{value.strip('“”')}”"
    return str(value)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _action_changes(
    about: str, before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], names: Names
) -> list[PlanDifference]:
    """Actions carry no identity in a wording: equal words are the same action, then words that are mostly alike."""
    pairs: dict[int, int] = {}
    for least in (1.0, ALIKE):
        for place, action in enumerate(now):
            if place in pairs:
                continue
            taken = set(pairs.values())
            like = [(_alike(old, action), -at) for at, old in enumerate(before) if at not in taken]
            best = max(like, default=(0.0, 0))
            if best[0] >= least:
                pairs[place] = -best[1]
    found = []
    for place, action in enumerate(now):
        old = pairs.get(place)
        if old is None:
            found.append(PlanDifference(PlanChange.ADDED, about, action_words(action, names)))
        elif words := _worded_anew(before[old], action, names):
            found.append(PlanDifference(PlanChange.CHANGED, about, words))
    kept = set(pairs.values())
    found += [
        PlanDifference(PlanChange.REMOVED, about, action_words(action, names))
        for place, action in enumerate(before)
        if place not in kept
    ]
    return found


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    first = set(str(one.get("what", "")).casefold().split())
    second = set(str(other.get("what", "")).casefold().split())
    return len(first & second) / len(first | second) if first or second else 1.0


def _worded_anew(before: Mapping[str, Any], now: Mapping[str, Any], names: Names) -> str:
    """What of an action changed: "Ask the landlord: by 25 November 2026 is now by 2 December 2026." """
    parts = []
    if before.get("what") != now.get("what"):
        parts.append(f"“{before.get('what', '')}” is now “{now.get('what', '')}”")
    if (old := _owner(before, names)) != (new := _owner(now, names)):
        parts.append(f"{old} is now {new}")
    if (old := _by(before)) != (new := _by(now)):
        parts.append(f"{old or 'no date'} is now {new or 'no date'}")
    if not parts:
        return ""
    what = "" if before.get("what") != now.get("what") else f"{str(now.get('what', '')).rstrip('.')}: "
    return f"{what}{'; '.join(parts)}."


def _owner(action: Mapping[str, Any], names: Names) -> str:
    kind = action.get("owner_kind", "person")
    if kind == "person":
        return "the person"
    if kind == "worker":
        return names.get(str(action.get("owner_staff", "")), "somebody at another centre")
    return str(action.get("owner_name", "")) or "a carer"


def _by(action: Mapping[str, Any]) -> str:
    day = _day(action.get("due"))
    return f"by {long_date(day)}" if day else ""
