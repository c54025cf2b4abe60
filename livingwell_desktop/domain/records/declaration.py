"""How a record kind is declared: once, in one frozen dataclass, from which everything else follows.

    @record("note", label="Note", plural="Notes", subject=("person",), sensitivity=Sensitivity.CLINICAL)
    class Note:
        person: UUID | None = field("Person", default=None, index=True)
        words: str = field("What was said", default="", source="PRSB PCSP v2.0, professional summary")

Storage makes the indexes, history names the changes, sync routes by sensitivity, forms and tables take their labels,
and the contract tests walk `kinds()`; none of them is told about a new kind in any other way.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar, dataclass_transform, get_type_hints
from uuid import UUID

Json = Any
"""What JSON can hold: None, bool, int, float, str, list and dict of these."""

ALLIANCE = UUID("5f0c0de0-0000-7000-8000-000000000001")
"""The subject of what belongs to the whole alliance: organisations, centres, staff, rights."""

_PER_PERSON = UUID("b1c5a7de-31f0-5e9a-9b9e-6d2f6a0f9c11")


class ConflictRule(StrEnum):
    """What happens when two desks wrote different values to one field without knowing of each other."""

    ASK = "ask"
    """Both values are kept and shown until a person settles it. Everything clinical is this."""
    LATEST = "latest"
    """The newest stands. Only for what nobody would mind: a sort position, a cached name."""


class Sensitivity(IntEnum):
    """Who may hold it: each level contains the ones before it (`desk` ⊂ `clinical` ⊂ `restricted`)."""

    DESK = 0
    CLINICAL = 1
    RESTRICTED = 2


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """All that is known of one field: what people call it, how it is found, how two edits of it meet."""

    name: str
    type: Any
    label: str
    default: Any
    indexed: bool = False
    conflict: ConflictRule = ConflictRule.ASK
    source: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A declared kind of record. `name` never changes on disk or on the wire."""

    name: str
    type: type[Any]
    label: str
    plural: str
    subject: tuple[str, ...]
    sensitivity: Sensitivity
    signed: bool
    """Signed things are never edited: they are amended or superseded by a new record that names the old one."""
    one_per_person: bool
    source: str
    fields: Mapping[str, FieldDeclaration]
    card: tuple[str, ...] = ()
    """Fields that every desk of the alliance may know, of whoever is not protected: enough to tell two people apart."""
    as_sensitive_as: str = ""
    """A field that names another kind: a record is at least as sensitive as that kind. One not known is clinical."""
    free: str = ""
    """What a field's name may begin with beside the declared ones; two desks meet in such a field as in any other."""

    def field_named(self, name: str) -> FieldDeclaration | None:
        """The declaration of a field, a free one too; None for one that this version does not know."""
        if name in self.fields or not (self.free and name.startswith(self.free)):
            return self.fields.get(name)
        words = name.rpartition(".")[2].replace("_", " ")
        return FieldDeclaration(name, Any, words[:1].upper() + words[1:], None)

    def sensitivity_of(self, body: Mapping[str, Json]) -> Sensitivity:
        """How sensitive a record with those fields is, whoever it is about."""
        if not self.as_sensitive_as:
            return self.sensitivity
        other = kind_named(str(body.get(self.as_sensitive_as, "")))
        return max(self.sensitivity, other.sensitivity if other else Sensitivity.CLINICAL)

    def sensitivity_of_value(self, value: Any) -> Sensitivity:
        """How sensitive a record of that value is, whoever it is about."""
        named = self.as_sensitive_as
        return self.sensitivity_of({named: getattr(value, named)} if named else {})

    def subject_of(self, record_id: UUID, body: Mapping[str, Json], otherwise: UUID = ALLIANCE) -> UUID:
        """Whom or what the record is about: the first of the declared fields that has a value.

        `"self"` is the record itself (a person, a centre). Without any value it is about what it was about before
        (`otherwise`): the change that said so may have been refused, and the rest must not go to everybody.
        """
        for name in self.subject:
            if name == "self":
                return record_id
            if body.get(name):
                return _named_again(body[name])
        return otherwise

    def id_for(self, person: UUID) -> UUID:
        """The id of a one-per-person record, the same on every desk, so that two offline creations meet."""
        if not self.one_per_person:
            raise ValueError(f"{self.name} is not one per person")
        return UUID(bytes=_name_based(_PER_PERSON.bytes + person.bytes + self.name.encode()), version=5)


# A page of a stream names the same people again and again.
@lru_cache(maxsize=4096)
def _named_again(text: str) -> UUID:
    return UUID(text)


def _name_based(text: bytes) -> bytes:
    import hashlib

    return hashlib.sha1(text, usedforsecurity=False).digest()[:16]


_kinds: dict[str, RecordKind] = {}
_kind_of: dict[type[Any], RecordKind] = {}

T = TypeVar("T")


def field(
    label: str,
    *,
    default: Any,
    index: bool = False,
    conflict: ConflictRule = ConflictRule.ASK,
    source: str = "",
    hint: str = "",
) -> Any:
    """Declare a field. `default` is what a field that was never written reads as; `index` makes it findable."""
    meta = {"label": label, "index": index, "conflict": conflict, "source": source, "hint": hint}
    if callable(default):
        return dataclasses.field(default_factory=default, metadata=meta)
    return dataclasses.field(default=default, metadata=meta)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(
    name: str,
    *,
    label: str,
    plural: str,
    subject: tuple[str, ...],
    sensitivity: Sensitivity = Sensitivity.DESK,
    signed: bool = False,
    one_per_person: bool = False,
    card: tuple[str, ...] = (),
    as_sensitive_as: str = "",
    free: str = "",
    source: str = "",
) -> Callable[[type[T]], type[T]]:
    """Declare a record kind: the decorated class becomes a frozen dataclass, registered under `name` for ever."""

    def declare(plain: type[T]) -> type[T]:
        frozen: type[T] = dataclass(frozen=True, slots=True, kw_only=True)(plain)
        if name in _kinds:
            raise ValueError(f"the kind {name} is declared twice")
        hints = get_type_hints(frozen)
        fields = {
            f.name: FieldDeclaration(
                name=f.name,
                type=hints[f.name],
                label=f.metadata["label"],
                default=f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default,
                indexed=f.metadata["index"],
                conflict=f.metadata["conflict"],
                source=f.metadata["source"],
                hint=f.metadata["hint"],
            )
            for f in dataclasses.fields(frozen)  # type: ignore[arg-type]  # mypy cannot see the dataclass made above
        }
        kind = RecordKind(
            name,
            frozen,
            label,
            plural,
            subject,
            sensitivity,
            signed,
            one_per_person,
            source,
            MappingProxyType(fields),
            card,
            as_sensitive_as,
            free,
        )
        if not {*card, *([as_sensitive_as] if as_sensitive_as else [])} <= set(fields):
            raise ValueError(f"{name} has no such field for its card or its sensitivity")
        _kinds[name] = _kind_of[frozen] = kind
        return frozen

    return declare


def kinds() -> tuple[RecordKind, ...]:
    """Every declared kind, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))


def kind_named(name: str) -> RecordKind | None:
    """The kind of that name, or None for one that this version does not know."""
    return _kinds.get(name)


def kind_of(record_type: type[Any]) -> RecordKind:
    """The declaration behind a record class."""
    return _kind_of[record_type]
