"""When looks at records are unusual: the same person again and again, or many people, with nothing that binds them.

A curious colleague looks up a neighbour; somebody reads through a list of people they have nothing to do with. Neither
is proof of anything: the privacy officer is told, and asks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from livingwell_desktop.domain.audit.chain import AuditRow
from livingwell_desktop.domain.changes import time_of

WITHIN = timedelta(days=7)
SAME_PERSON = 3
"""Openings of one person's record within that time, by somebody whom nothing binds to them."""
MANY_PEOPLE = 10
"""People whose records somebody opened within that time, whom nothing binds to them."""
ONE_OPENING = timedelta(minutes=10)
"""Looks that follow each other so closely are one opening."""


@dataclass(frozen=True, slots=True)
class UnusualLooks:
    """What stood out: one person (`person`) opened again and again, or many people once each (`person` is None)."""

    staff: UUID
    person: UUID | None
    people: int
    openings: int
    first: datetime
    last: datetime


def is_look(row: AuditRow) -> bool:
    """Whether an event is somebody looking at one person's record, or trying to."""
    about_somebody = row.staff is not None and row.subject is not None
    return about_somebody and (row.event.startswith("view: ") or row.event == "refused")


def unusual_looks(
    rows: Iterable[AuditRow], bound: Callable[[UUID, UUID, datetime], bool], now: datetime
) -> tuple[UnusualLooks, ...]:
    """What stands out in a desk's audit. `bound` says whether anything bound a member of staff to a person then."""
    openings = _openings(rows, now)
    judged = {key: [at for at in times if not bound(*key, at)] for key, times in openings.items()}
    loose = {key: times for key, times in judged.items() if times}
    found = [
        UnusualLooks(staff, person, 1, len(times), times[0], times[-1])
        for (staff, person), times in loose.items()
        if len(times) >= SAME_PERSON
    ]
    for staff in dict.fromkeys(staff for staff, _ in loose):
        theirs = [times for (each, _), times in loose.items() if each == staff]
        if len(theirs) >= MANY_PEOPLE:
            every = sorted(time for times in theirs for time in times)
            found.append(UnusualLooks(staff, None, len(theirs), len(every), every[0], every[-1]))
    return tuple(sorted(found, key=lambda each: each.last))


def _openings(rows: Iterable[AuditRow], now: datetime) -> dict[tuple[UUID, UUID], list[datetime]]:
    """When each member of staff opened each person's record, within the time that is watched."""
    found: dict[tuple[UUID, UUID], list[datetime]] = {}
    newest: dict[tuple[UUID, UUID], datetime] = {}
    for row in sorted((row for row in rows if is_look(row)), key=lambda row: row.at):
        at = time_of(row.at)
        if row.staff is None or row.subject is None or not now - WITHIN <= at <= now:
            continue
        key = (row.staff, row.subject)
        if key not in newest or at - newest[key] > ONE_OPENING:
            found.setdefault(key, []).append(at)
        newest[key] = at
    return found
