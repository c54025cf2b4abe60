"""The audit: what was done on a desk, chained so that nobody can change it unseen, and what may be read from it."""

from livingwell_desktop.domain.audit.chain import (
    AuditRow,
    Entry,
    empty_head,
    entry_of,
    follows,
    gap,
    gap_of,
    is_sound,
    link,
    print_of,
)
from livingwell_desktop.domain.audit.verification import Finding, Tampering, Verdict, verify
from livingwell_desktop.domain.audit.witnesses import (
    CHECKPOINT,
    Anchor,
    Checkpoint,
    checkpoint_event,
    checkpoint_message,
    server_key_message,
)

__all__ = [
    "CHECKPOINT",
    "Anchor",
    "AuditRow",
    "Checkpoint",
    "Entry",
    "Finding",
    "Tampering",
    "Verdict",
    "checkpoint_event",
    "checkpoint_message",
    "empty_head",
    "entry_of",
    "follows",
    "gap",
    "gap_of",
    "is_sound",
    "link",
    "print_of",
    "server_key_message",
    "verify",
]
