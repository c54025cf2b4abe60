"""What bound somebody to a person when they looked, by the histories of the records that bind.

A tie that whoever looks has made alone does not count: a visit written down to have a reason for looking is none. Once
a colleague has written on the same visit or booking, it was a real one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from livingwell_desktop.domain.changes import Content, milliseconds_of
from livingwell_desktop.domain.permissions import Bonds
from livingwell_desktop.domain.records import Json

LOOKED_UP_FIRST = timedelta(hours=1)
"""Whoever walks in is looked up before they are checked in: a tie counts for so long before it was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is shown now, and what of its history is here."""

    body: Mapping[str, Json]
    written: Sequence[Content]


@dataclass(frozen=True, slots=True)
class Binding:
    """Everything about a person that may bind somebody: their own record, their visits and bookings, their actions."""

    person: Kept | None
    came: Sequence[Kept]
    actions: Sequence[Kept]


def bonds_then(binding: Binding, looker: UUID, at: datetime) -> Bonds:
    """The bonds as they stood when somebody looked, without those that they made alone.

    The key worker's centre is not among them: it is the caller's to look up.
    """
    until = milliseconds_of(at + LOOKED_UP_FIRST)
    came = [each for each in binding.came if _began(each) <= until and _is_confirmed(each, looker)]
    worker = None if binding.person is None else _id(_value_then(binding.person, "key_worker", looker, until))
    return Bonds(
        worker,
        None,
        _ids(each.body.get("centre") for each in came),
        _ids(_value_then(each, "sees", looker, until) for each in came),
        _ids(_value_then(each, "owner_staff", looker, until) for each in binding.actions),
    )


def made_themselves_key_worker(binding: Binding, looker: UUID) -> bool:
    """Whether somebody is the key worker by their own word, of a person whom somebody else registered."""
    person = binding.person
    if person is None or person.body.get("key_worker") != str(looker):
        return False
    chose = [each for each in person.written if each.set.get("key_worker") == str(looker)]
    registered = any(not each.parents and each.staff == looker for each in person.written)
    return bool(chose) and all(each.staff == looker for each in chose) and not registered


def _began(kept: Kept) -> int:
    """When the record was first written; 0 where its beginning is not here: it came whole, from another time."""
    first = next((each for each in kept.written if not each.parents), None)
    return first.at if first is not None else 0


def _is_confirmed(kept: Kept, looker: UUID) -> bool:
    return not kept.written or any(each.staff != looker for each in kept.written)


def _value_then(kept: Kept, name: str, looker: UUID, until: int) -> Json:
    """What a field said, the looker's own words left out. Where no write of it is here, what it says now."""
    writes = [each for each in kept.written if name in each.set]
    if not writes:
        return kept.body.get(name)
    before = [each for each in writes if each.at <= until and each.staff != looker]
    return max(before, key=lambda each: each.at).set[name] if before else None


def _ids(found: Iterable[Json]) -> frozenset[UUID]:
    return frozenset(each for value in found if (each := _id(value)) is not None)


def _id(value: Json) -> UUID | None:
    return UUID(value) if isinstance(value, str) and value else None
