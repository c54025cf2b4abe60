"""What the keyring's anchor says of the records that were just opened."""

from livingwell_desktop.domain.changes import ChainStanding
from livingwell_desktop.security.anchors import Anchor, Anchors
from livingwell_desktop.storage import Store


def stands_to_anchor(store: Store, anchors: Anchors, epoch: int) -> tuple[ChainStanding, ChainStanding]:
    """How the desk’s two chains, outbox and audit, stand to the anchor; without one there is nothing to say."""
    anchor = anchors.load()
    if anchor is None:
        return ChainStanding.HOLDS, ChainStanding.HOLDS
    if anchor.epoch > epoch:
        # Opened with a key that was changed since: an old file with its old slot.
        return ChainStanding.BEHIND, ChainStanding.BEHIND
    return store.soundness.stands_to(anchor.heads)


def anchor_anew(store: Store, anchors: Anchors, epoch: int) -> None:
    """Anchor a store that took the place of a damaged one: its audit begins with what is known to be lost."""
    made = store.audit.anchor()
    if made is not None:
        anchors.save(Anchor(store.soundness.heads(), epoch, made.at, made.root))
