"""Judging what a desk offers: every check that needs no database, so that no transaction is held meanwhile."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from livingwell_desktop.domain.changes import (
    Change,
    Content,
    ContentError,
    check_fitting,
    content_hash,
    link_hash,
    read_content,
    signed_bytes,
)
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.signatures import Checking, Signed
from livingwell_desktop.sync.protocol import Offered, Unreadable
from livingwell_desktop.sync.quick_json import read_json_quickly

MAX_CHANGES_IN_AN_ACT = 200
OTHER_RECORD = "it is based on a change of another record"
"""Why a change is refused that has no place in any graph."""


class Judged(NamedTuple):
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


class Proving:
    """The signature of each change whose author this desk may speak for: it begins to be checked when this is made."""

    def __init__(self, device: KnownDevice, offered: Sequence[Offered | Unreadable]) -> None:
        keys = device.keys
        self._changes = [each.change for each in offered if isinstance(each, Offered) and each.change.device in keys]
        self._checking = Checking(
            [
                Signed(keys[change.device], signed_bytes(change.id, change.content_hash), change.signature)
                for change in self._changes
            ]
        )

    def forged(self) -> frozenset[Change]:
        """The changes whose signature does not hold. Waits until all are checked."""
        return frozenset(
            change for change, held in zip(self._changes, self._checking.which_hold(), strict=True) if not held
        )


def judge(
    device: KnownDevice, offered: Sequence[Offered | Unreadable], forged: Collection[Change] = ()
) -> list[Judged]:
    """Judge each change alone: one that is poisoned harms only itself. `forged` are those that are not proved."""
    acts = Counter(each.act for each in offered if isinstance(each, Offered))
    return [_judge(device, each, acts, forged) for each in offered]


def _judge(
    device: KnownDevice, offered: Offered | Unreadable, acts: Counter[str], forged: Collection[Change]
) -> Judged:
    if isinstance(offered, Unreadable):
        return Judged(offered, None, offered.reason, linked=False)
    change, link = offered.change, offered.envelope
    if link.device != device.id or change.device not in device.keys:
        return Judged(offered, None, "the change is another desk's", linked=False)
    if link_hash(device.id, link.n, link.prev, change.id, change.content_hash) != link.hash:
        return Judged(offered, None, "the link of the chain does not match", linked=False)
    try:
        content = read_content(change.content, read_json_quickly)
    except ContentError as error:
        return Judged(offered, None, str(error))
    try:
        # What is refused from here on has its place in its record's graph, for everybody as for its author.
        if content_hash(change.salt, change.content) != change.content_hash:
            raise ContentError("the content does not match its hash")
        if change in forged:
            raise ContentError("the signature is not this desk's")
        check_fitting(content)
        if content.act != offered.act:
            raise ContentError("the act is not the one that the content names")
        if acts[offered.act] > MAX_CHANGES_IN_AN_ACT:
            raise ContentError(f"an act has at most {MAX_CHANGES_IN_AN_ACT} changes")
    except ContentError as error:
        return Judged(offered, content, str(error))
    return Judged(offered, content)
