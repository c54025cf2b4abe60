"""Judging what a desk offers: every check that needs no database, so that no transaction is held meanwhile."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from livingwell_desktop.domain.changes import (
    Content,
    ContentError,
    check_fitting,
    content_hash,
    envelope,
    read_content,
    signed_bytes,
)
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.sync.protocol import Offered, Unreadable

MAX_CHANGES_IN_AN_ACT = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """An offered change, and either what it says or why it is not taken."""

    offered: Offered | Unreadable
    content: Content | None
    reason: str = ""
    linked: bool = True
    """False when its link of the desk's chain is broken in itself."""

    @property
    def sound(self) -> bool:
        """Whether it is taken. One that is not may still have content, and a place in its record's graph."""
        return self.content is not None and not self.reason


def judge(device: KnownDevice, offered: Sequence[Offered | Unreadable]) -> list[Judged]:
    """Judge each change alone: one that is poisoned harms only itself."""
    keys = {author: Ed25519PublicKey.from_public_bytes(key) for author, key in device.keys.items()}
    acts = Counter(each.act for each in offered if isinstance(each, Offered))
    return [_judge(device, keys, each, acts) for each in offered]


def _judge(
    device: KnownDevice,
    keys: Mapping[UUID, Ed25519PublicKey],
    offered: Offered | Unreadable,
    acts: Counter[str],
) -> Judged:
    if isinstance(offered, Unreadable):
        return Judged(offered, None, offered.reason, linked=False)
    change, link = offered.change, offered.envelope
    if link.device != device.id or change.device not in keys:
        return Judged(offered, None, "the change is another desk's", linked=False)
    if envelope(device.id, link.n, link.prev, change.id, change.content_hash) != link:
        return Judged(offered, None, "the link of the chain does not match", linked=False)
    try:
        _check_proofs(keys[change.device], offered)
        content = read_content(change.content)
    except ContentError as error:
        return Judged(offered, None, str(error))
    try:
        check_fitting(content)
        if content.act != offered.act:
            raise ContentError("the act is not the one that the content names")
        if acts[offered.act] > MAX_CHANGES_IN_AN_ACT:
            raise ContentError(f"an act has at most {MAX_CHANGES_IN_AN_ACT} changes")
    except ContentError as error:
        return Judged(offered, content, str(error))
    return Judged(offered, content)


def _check_proofs(key: Ed25519PublicKey, offered: Offered) -> None:
    change = offered.change
    if content_hash(change.salt, change.content) != change.content_hash:
        raise ContentError("the content does not match its hash")
    try:
        key.verify(change.signature, signed_bytes(change.id, change.content_hash))
    except InvalidSignature as error:
        raise ContentError("the signature is not this desk's") from error
