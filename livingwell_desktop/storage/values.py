"""What goes in through the store's one door and what comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.records import ChangeId, Held, HeldValue, Json, body_of, kind_of, to_json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Write:
    """One edit: the fields it writes, and what it was based on.

    `based_on` is what `Held.heads` was when the values in front of the person were last shown; the store never fills
    it in.
    `settles` names, for each field in conflict that this edit decides, the heads whose values were shown.
    """

    record: UUID
    kind: str
    set: Mapping[str, Json]
    based_on: tuple[ChangeId, ...] = ()
    settles: Mapping[str, frozenset[ChangeId]] = field(default_factory=lambda: MappingProxyType({}))


def create(record_id: UUID, value: Any) -> Write:
    """Write a new record: the fields that were filled in."""
    kind = kind_of(type(value))
    return Write(record_id, kind.name, body_of(kind, value))


def edit(held: Held[Any], **fields: Any) -> Write:
    """Write those fields of a held record that really differ from what was shown."""
    kind = kind_of(type(held.value))
    unknown = set(fields) - set(kind.fields)
    if unknown:
        raise TypeError(f"{kind.name} has no field {', '.join(sorted(unknown))}")
    changed = {name: to_json(value) for name, value in fields.items() if value != getattr(held.value, name)}
    return Write(held.id, kind.name, changed, held.heads)


def settle(held: Held[Any], name: str, value: Any) -> Write:
    """Decide a field in conflict, naming every head whose value was shown."""
    shown = frozenset(each.change for each in held.conflicts[name])
    kind = kind_of(type(held.value))
    return Write(held.id, kind.name, {name: to_json(value)}, held.heads, MappingProxyType({name: shown}))


def enter_in_error(held: Held[Any]) -> Write:
    """Say that a record should never have been: it is shown no more, and stays in the history.

    It counts as long as nobody wrote to the record without knowing of it; then the record is shown with a question.
    """
    return Write(held.id, kind_of(type(held.value)).name, {ENTERED_IN_ERROR: True}, held.heads)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done, for the audit: a view, a print, a refusal. Changes make their own events."""

    name: str
    subject: UUID | None = None
    record: UUID | None = None
    detail: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, where, with which verb. `batch` joins the acts of bulk work."""

    staff: UUID | None
    centre: UUID | None
    verb: str
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write or an arrival changed, so that every open page can decide whether to look again."""

    kinds: frozenset[str]
    subjects: frozenset[UUID]
    records: frozenset[UUID]
    arrived: bool = False
    """True when it came from another desk."""
    left: frozenset[UUID] = frozenset()
    """Records that this desk holds no longer."""

    def with_more(self, other: "Changes") -> "Changes":
        """Both together; as having arrived when either did."""
        return Changes(
            self.kinds | other.kinds,
            self.subjects | other.subjects,
            self.records | other.records,
            self.arrived or other.arrived,
            self.left | other.left,
        )


NOTHING_CHANGED = Changes(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Signer:
    """This desk: its id and the function that signs with its key."""

    device: UUID
    sign: Callable[[bytes], bytes]


class FieldInConflictError(Problem):
    """A write touched a field that has several values, without saying which it settles. Show them all and ask."""

    def __init__(self, record: UUID, name: str, values: tuple[HeldValue, ...]) -> None:
        super().__init__(
            "Two desks wrote different things here",
            "Nobody has decided yet which is right, so nothing was changed.",
            "Decide it first: open Attention, or the record.",
        )
        self.record, self.name, self.values = record, name, values


@dataclass(frozen=True, slots=True)
class Waiting:
    """What this desk has not yet a receipt for."""

    count: int
    oldest_saved_at: int | None
    last_receipt: int | None
    """When the last receipt came, milliseconds; None when there never was one."""
    refused: int = 0
    """Changes of this desk that the server would not take. Their words are kept here."""
