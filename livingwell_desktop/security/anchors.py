"""The anchor: how far a desk's chains had come, kept outside its records, so that an old file put back is noticed.

It lies in the keyring of the operating system, beside the device secret; where policy allows a key file instead, in a
0600 file beside that one, and then a whole folder put back takes it along: that is part of what "degraded" means.

An anchor never stops anybody. One that is missing, unreadable or contradicted is said, and the desk goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from livingwell_desktop.domain.changes import ChainHead, ChainHeads
from livingwell_desktop.domain.changes.heads import LINK_BYTES
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import DeviceSecretStore

NOTE = "anchor"
_FIRST_FORM, _FORM = "1", "2"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Both heads at one moment, and the epoch of the database key: records of an older epoch are an old file."""

    heads: ChainHeads
    epoch: int
    at: int = 0
    """When it was kept, by the desk's clock: milliseconds; 0 when that is not known."""
    audit_root: bytes = b""
    """The hash of the audit's first link; empty when there is none, or it was not kept."""


class Anchors:
    """Reads and writes a desk's anchor. Asks the system's keyring: not on the thread that paints.

    `secrets` finds the store anew each time, for a keyring may come and go. Nothing here raises Problem.
    """

    def __init__(self, secrets: Callable[[], DeviceSecretStore]) -> None:
        self._secrets = secrets

    def load(self) -> Anchor | None:
        """The anchor; None when there is none, or none that can be read."""
        try:
            text = self._secrets().note(NOTE)
        except Problem:
            return None
        return None if text is None else read_anchor(text)

    def save(self, anchor: Anchor) -> bool:
        """Keep the anchor. False when it could not be kept: the one before stands, which still notices older files."""
        try:
            self._secrets().keep_note(NOTE, write_anchor(anchor))
        except Problem:
            return False
        return True


def write_anchor(anchor: Anchor) -> str:
    """An anchor in one line: form, epoch, number and hash of the outbox and of the audit, when, the audit's root."""
    outbox, audit = anchor.heads.outbox, anchor.heads.audit
    heads = f"{outbox.n} {outbox.hash.hex()} {audit.n} {audit.hash.hex()}"
    return f"{_FORM} {anchor.epoch} {heads} {anchor.at} {anchor.audit_root.hex() or '-'}"


def read_anchor(text: str) -> Anchor | None:
    """The anchor of such a line, or one of the first form, without time and root; None for anything else."""
    try:
        form, epoch, outbox_n, outbox_hash, audit_n, audit_hash, *rest = text.split()
        heads = ChainHeads(_head(outbox_n, outbox_hash), _head(audit_n, audit_hash))
        if (form, len(rest)) == (_FIRST_FORM, 0):
            return Anchor(heads, int(epoch))
        if (form, len(rest)) != (_FORM, 2):
            return None
        root = b"" if rest[1] == "-" else _head("1", rest[1]).hash
        return Anchor(heads, int(epoch), int(rest[0]), root)
    except ValueError:
        return None


def _head(n: str, link: str) -> ChainHead:
    head = ChainHead(int(n), bytes.fromhex(link))
    if head.n < 0 or len(head.hash) != LINK_BYTES:
        raise ValueError("not the head of a chain")
    return head
