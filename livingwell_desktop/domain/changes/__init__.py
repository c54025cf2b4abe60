"""Changes: the bytes of an edit, and what a record's edits say together."""

from livingwell_desktop.domain.changes.content import (
    ENTERED_IN_ERROR,
    Change,
    Content,
    ContentError,
    Envelope,
    content_hash,
    envelope,
    read_content,
    signed_bytes,
    strict_json,
    time_of,
    write_content,
)
from livingwell_desktop.domain.changes.fitting import check_fitting
from livingwell_desktop.domain.changes.heads import ChainHead, ChainHeads, Standing, standing
from livingwell_desktop.domain.changes.merge import Folded, Node, canonical, fold

__all__ = [
    "ENTERED_IN_ERROR",
    "ChainHead",
    "ChainHeads",
    "Change",
    "Content",
    "ContentError",
    "Envelope",
    "Folded",
    "Node",
    "Standing",
    "canonical",
    "check_fitting",
    "content_hash",
    "envelope",
    "fold",
    "read_content",
    "signed_bytes",
    "standing",
    "strict_json",
    "time_of",
    "write_content",
]
