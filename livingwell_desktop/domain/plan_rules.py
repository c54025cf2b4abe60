"""Rules of the joint care plan over plain values: how actions stand, what exactly was agreed, and who still agrees."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from livingwell_desktop.domain.dates import days_late, in_days, long_date, short_date


class ActionStanding(StrEnum):
    """How an action stands today, in the word that is shown beside its shape. LATE is worked out, never stored."""

    NOT_STARTED = "Not started"
    DOING = "Doing"
    DONE = "Done"
    STOPPED = "Stopped"
    LATE = "Late"


_STANDINGS = {
    "not_started": ActionStanding.NOT_STARTED,
    "doing": ActionStanding.DOING,
    "done": ActionStanding.DONE,
    "stopped": ActionStanding.STOPPED,
}
_FINISHED = {ActionStanding.DONE, ActionStanding.STOPPED}


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """What the rules need of an action: what, whose (a short name), by when, stored state, place in the goal."""

    what: str
    owner: str
    due: date | None
    state: str
    position: int = 0


def action_standing(state: str, due: date | None, today: date) -> ActionStanding:
    """How an action stands: late from the day after its date until it is done or stopped.

    A state this version does not know is shown as not started, so that nobody takes it for done.
    """
    standing = _STANDINGS.get(state, ActionStanding.NOT_STARTED)
    return ActionStanding.LATE if due is not None and due < today and standing not in _FINISHED else standing


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """How many actions of a goal are done. Stopped actions are not counted at all."""

    done: int
    out_of: int

    @property
    def words(self) -> str:
        """ "2 of 3 done", or "no actions yet"."""
        return f"{self.done} of {self.out_of} done" if self.out_of else "no actions yet"


def goal_progress(states: Iterable[str]) -> GoalProgress:
    """How far a goal is, from the stored states of its actions."""
    counted = [state for state in states if state != "stopped"]
    return GoalProgress(counted.count("done"), len(counted))


def next_action(actions: Iterable[PlannedAction]) -> PlannedAction | None:
    """The action to do next: the earliest date first, those without a date last, then by position; None if all is done.

    A late action is still next.
    """
    waiting = (action for action in actions if _STANDINGS.get(action.state) not in _FINISHED)
    return min(waiting, key=lambda action: (action.due is None, action.due or date.min, action.position), default=None)


def next_action_words(actions: Iterable[PlannedAction]) -> str:
    """ "Next: blackout curtain, Ngozi, by 30 Nov", or "Next: nothing planned"."""
    action = next_action(actions)
    if action is None:
        return "Next: nothing planned"
    by = f"by {short_date(action.due)}" if action.due else ""
    return f"Next: {', '.join(part for part in (action.what, action.owner, by) if part)}"


def plan_fingerprint(content: Mapping[str, object]) -> str:
    """The SHA-256 of a plan's content as 64 hex digits: equal exactly when the content is equal.

    The content is written as canonical JSON (sorted keys, no spaces, UTF-8). Dates are written as ISO 8601.
    Raises TypeError for anything that is not JSON or a date, ValueError for a number that is not one.
    """
    text = json.dumps(_canonical(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the names in a plan's content must be text")
        return {key: _canonical(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    raise TypeError(f"a plan's content cannot hold {type(value).__name__}")


def check_code(fingerprint: str) -> str:
    """The first eight digits of a fingerprint for people to compare on screen and paper: "7F3A 91C2".

    Raises ValueError for anything that is not a fingerprint.
    """
    if len(fingerprint) != 64 or set(fingerprint) - set("0123456789abcdef"):
        raise ValueError("a fingerprint is 64 hex digits")
    return f"{fingerprint[:4]} {fingerprint[4:8]}".upper()


class Standing(StrEnum):
    """Whether somebody agrees to the plan as it is now, in the word that is shown."""

    AGREED = "Agreed"
    WAITING = "Waiting"
    DECLINED = "Declined"


@dataclass(frozen=True, slots=True)
class AgreementGiven:
    """One answer: who (the person, or an organisation, by the caller's own key), what they said, to which wording."""

    party: str
    answer: str
    fingerprint: str


def standings(parties: Sequence[str], given: Iterable[AgreementGiven], fingerprint: str) -> dict[str, Standing]:
    """How each party stands, in the order of `parties`. `given` comes oldest first; the last answer of a party counts.

    An answer to another wording than the plan's present `fingerprint` waits again, and so does "asked".
    """
    last = {answer.party: answer for answer in given}
    return {party: _standing(last.get(party), fingerprint) for party in parties}


def _standing(answer: AgreementGiven | None, fingerprint: str) -> Standing:
    if answer is None or answer.fingerprint != fingerprint:
        return Standing.WAITING
    return {"agreed": Standing.AGREED, "declined": Standing.DECLINED}.get(answer.answer, Standing.WAITING)


def is_agreed(person: Standing, key_worker_organisation: Standing) -> bool:
    """Whether the plan counts as agreed: the person and the key worker's organisation both agree to it as it is now.

    Until then each printed page says "draft, not agreed".
    """
    return person is Standing.AGREED and key_worker_organisation is Standing.AGREED


def agreement_words(found: Mapping[str, Standing]) -> str:
    """ "3 of 5 agree"."""
    agree = sum(standing is Standing.AGREED for standing in found.values())
    return f"{agree} of {len(found)} {'agrees' if agree == 1 else 'agree'}"


def version_words(number: int, agreed_on: date | None) -> str:
    """ "Version 3, agreed 12 August 2026", or "Version 4, draft" while it is not agreed."""
    return f"Version {number}, agreed {long_date(agreed_on)}" if agreed_on else f"Version {number}, draft"


def review_words(review_on: date | None, today: date) -> str:
    """ "Review 11 days late", "Review today", "Review in 9 days", "No review date yet"."""
    if review_on is None:
        return "No review date yet"
    late = days_late(review_on, today)
    return f"Review {late or in_days(review_on, today).lower()}"


def is_review_late(review_on: date | None, today: date) -> bool:
    """Whether the review should have been by now."""
    return review_on is not None and review_on < today


MONTHS_TO_REVIEW = 3


def usual_review(day: date) -> date:
    """The day of the next review unless another is chosen: three months on, or the last day of a shorter month."""
    month = day.month + MONTHS_TO_REVIEW
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
