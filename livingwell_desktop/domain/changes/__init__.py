"""Changes: the bytes of an edit, and what a record's edits say together."""

from livingwell_desktop.domain.changes.content import (
    ENTERED_IN_ERROR,
    Change,
    Content,
    ContentError,
    Envelope,
    content_hash,
    envelope,
    link_hash,
    milliseconds_of,
    read_content,
    signed_bytes,
    strict_json,
    time_of,
    write_content,
)
from livingwell_desktop.domain.changes.fitting import check_fitting
from livingwell_desktop.domain.changes.heads import ChainHead, ChainHeads, ChainStanding, chain_standing
from livingwell_desktop.domain.changes.merge import Folded, Node, Standing, Void, canonical, fold, node_of, shown_by

__all__ = [
    "ENTERED_IN_ERROR",
    "ChainHead",
    "ChainHeads",
    "ChainStanding",
    "Change",
    "Content",
    "ContentError",
    "Envelope",
    "Folded",
    "Node",
    "Standing",
    "Void",
    "canonical",
    "chain_standing",
    "check_fitting",
    "content_hash",
    "envelope",
    "fold",
    "link_hash",
    "milliseconds_of",
    "node_of",
    "read_content",
    "shown_by",
    "signed_bytes",
    "strict_json",
    "time_of",
    "write_content",
]
