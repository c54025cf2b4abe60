"""A record as this desk holds it: the value, and what an edit of it must name as its basis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from livingwell_desktop.domain.records.declaration import Json

T = TypeVar("T")

ChangeId = bytes
"""Random 128 bits: a change's name and its idempotency key."""


@dataclass(frozen=True, slots=True)
class HeldValue:
    """One of several values that a field in conflict has: who wrote it, where and when."""

    change: ChangeId
    value: Json
    at: datetime
    staff: UUID | None
    centre: UUID | None
    device: UUID | None
    before: Json = None
    """What the field held before any of the conflicting writes."""


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """A record with its identity. `heads` is what an edit that starts from this value is based on."""

    id: UUID
    value: T
    heads: tuple[ChangeId, ...]
    conflicts: Mapping[str, tuple[HeldValue, ...]]
    unknown: Mapping[str, Json]
    """Fields that this version does not know, kept and written back."""
    changed_at: datetime
    changed_by: UUID | None
    entered_in_error: bool = False
    not_held: frozenset[str] = frozenset()
    """Fields whose newest value this desk does not hold: nothing older stands in for it."""


AnyHeld = Held[Any]
