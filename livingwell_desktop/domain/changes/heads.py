"""The heads of a desk's two chains, and what it means when a store no longer holds one that is known elsewhere.

SQLCipher's own check does not notice an *old* page or file put back, and a flipped bit in the write-ahead log reads as
a log that ends there. A head that is known outside the file notices both.
"""

from dataclasses import dataclass
from enum import Enum

LINK_BYTES = 32


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest link of a chain: its number, from 1, and its hash. Number 0 is a chain without links."""

    n: int = 0
    hash: bytes = bytes(LINK_BYTES)


@dataclass(frozen=True, slots=True)
class ChainHeads:
    """The heads of a desk's changes on their way to the server (the outbox) and of its audit."""

    outbox: ChainHead = ChainHead()
    audit: ChainHead = ChainHead()


class ChainStanding(Enum):
    """How a chain stands to a head that is known from elsewhere."""

    HOLDS = "holds"
    """The chain holds that link, and perhaps goes on after it."""
    BEHIND = "behind"
    """The chain ends before that link: what came after was lost, or an old file was put back."""
    FORKED = "forked"
    """The chain has another link in its place: two histories were written from one file."""


def chain_standing(known: ChainHead, head: ChainHead, found: bytes | None, oldest: int) -> ChainStanding:
    """How a chain stands to a known head.

    `head` is the chain's own newest link, `found` the hash it holds at the known number, None when there is no such
    link, `oldest` the first number it still holds: links before that were let go on purpose.
    """
    if known.n == 0 or found == known.hash:
        return ChainStanding.HOLDS
    if head.n < known.n:
        return ChainStanding.BEHIND
    if found is None:
        return ChainStanding.HOLDS if known.n < oldest else ChainStanding.BEHIND
    return ChainStanding.FORKED
