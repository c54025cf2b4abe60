"""Who vouches for a chain besides itself: the anchor in this PC's keyring, and the server's signed checkpoints.

A chain alone cannot tell that its end is missing or that all of it was written again. A witness outside can.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

CHECKPOINT = "checkpoint"
"""The event with which a desk writes down that it was given a checkpoint: one that is dropped later is missed."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The chain's head as this PC's keyring remembers it, with its first link."""

    device: UUID
    n: int
    hash: bytes
    root: bytes
    """The hash of link 1; empty when it was not kept."""
    at: int
    """When it was kept, by the desk's clock: milliseconds; 0 when that is not known."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The server's signed word on the head that it had seen."""

    device: UUID
    n: int
    hash: bytes
    time: int
    """By the server's clock: milliseconds."""
    server_key: bytes
    """32 bytes, Ed25519."""
    certificate: bytes
    """The alliance's signature over the server's key, 64 bytes."""
    signature: bytes
    kept_at: int = 0
    """When the desk kept it, by its own clock; 0 on the wire."""


def checkpoint_message(device: UUID, n: int, head: bytes, time: int) -> bytes:
    """What the server's key signs: words that keep it apart from all else, device, n, hash, time."""
    return b"livingwell checkpoint 1\x00" + device.bytes + n.to_bytes(8, "big") + head + time.to_bytes(8, "big")


def server_key_message(server_key: bytes) -> bytes:
    """What the alliance's key signs to make a key one of its servers'."""
    return b"livingwell server 1\x00" + server_key


def checkpoint_event(checkpoint: Checkpoint) -> MappingProxyType[str, Any]:
    """The detail of the event that says that it was kept: enough to know it again."""
    return MappingProxyType({"n": checkpoint.n, "signature": checkpoint.signature.hex()})
