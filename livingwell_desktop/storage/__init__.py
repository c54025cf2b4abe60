"""The encrypted store of one desk."""

from livingwell_desktop.storage.arrivals import Arrival, Card, Checked, check, prepare
from livingwell_desktop.storage.asking import AnyOf, Between
from livingwell_desktop.storage.cards import KnownElsewhere
from livingwell_desktop.storage.drafts import Draft
from livingwell_desktop.storage.following import Download
from livingwell_desktop.storage.outbox import Receipt, Unsent
from livingwell_desktop.storage.reconciling import ChangeLine, Marks, RecordLine
from livingwell_desktop.storage.store import Store
from livingwell_desktop.storage.values import (
    Author,
    Changes,
    Event,
    FieldInConflictError,
    Signer,
    Waiting,
    Write,
    create,
    edit,
    enter_in_error,
    settle,
)

__all__ = [
    "AnyOf",
    "Arrival",
    "Author",
    "Between",
    "Card",
    "ChangeLine",
    "Changes",
    "Checked",
    "Download",
    "Draft",
    "Event",
    "FieldInConflictError",
    "KnownElsewhere",
    "Marks",
    "Receipt",
    "RecordLine",
    "Signer",
    "Store",
    "Unsent",
    "Waiting",
    "Write",
    "check",
    "create",
    "edit",
    "enter_in_error",
    "prepare",
    "settle",
]
