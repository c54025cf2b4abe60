"""Judging what a desk offers: every check that needs no database, so that no transaction is held meanwhile."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

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
from livingwell_desktop.server.signatures import Signed, which_hold
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
    acts = Counter(each.act for each in offered if isinstance(each, Offered))
    holds = which_hold([_signed(device, each) for each in offered])
    return [_judge(device, each, acts, signed=signed) for each, signed in zip(offered, holds, strict=True)]


def _signed(device: KnownDevice, offered: Offered | Unreadable) -> Signed | None:
    """What is to be proved; None for what will be refused for another reason."""
    if isinstance(offered, Unreadable) or offered.change.device not in device.keys:
        return None
    change = offered.change
    return Signed(device.keys[change.device], signed_bytes(change.id, change.content_hash), change.signature)


def _judge(device: KnownDevice, offered: Offered | Unreadable, acts: Counter[str], *, signed: bool) -> Judged:
    if isinstance(offered, Unreadable):
        return Judged(offered, None, offered.reason, linked=False)
    change, link = offered.change, offered.envelope
    if link.device != device.id or change.device not in device.keys:
        return Judged(offered, None, "the change is another desk's", linked=False)
    if envelope(device.id, link.n, link.prev, change.id, change.content_hash) != link:
        return Judged(offered, None, "the link of the chain does not match", linked=False)
    try:
        content = read_content(change.content)
    except ContentError as error:
        return Judged(offered, None, str(error))
    try:
        # What is refused from here on has its place in its record's graph, for everybody as for its author.
        if content_hash(change.salt, change.content) != change.content_hash:
            raise ContentError("the content does not match its hash")
        if not signed:
            raise ContentError("the signature is not this desk's")
        check_fitting(content)
        if content.act != offered.act:
            raise ContentError("the act is not the one that the content names")
        if acts[offered.act] > MAX_CHANGES_IN_AN_ACT:
            raise ContentError(f"an act has at most {MAX_CHANGES_IN_AN_ACT} changes")
    except ContentError as error:
        return Judged(offered, content, str(error))
    return Judged(offered, content)
