"""Records: how they are declared, written as JSON, and held."""

from livingwell_desktop.domain.records.codec import body_of, to_json, value_of
from livingwell_desktop.domain.records.declaration import (
    ALLIANCE,
    ConflictRule,
    FieldDeclaration,
    Json,
    RecordKind,
    Sensitivity,
    field,
    kind_named,
    kind_of,
    kinds,
    record,
)
from livingwell_desktop.domain.records.held import AnyHeld, ChangeId, Held, HeldValue

__all__ = [
    "ALLIANCE",
    "AnyHeld",
    "ChangeId",
    "ConflictRule",
    "FieldDeclaration",
    "Held",
    "HeldValue",
    "Json",
    "RecordKind",
    "Sensitivity",
    "body_of",
    "field",
    "kind_named",
    "kind_of",
    "kinds",
    "record",
    "to_json",
    "value_of",
]
