"""A change that has just been stored, with what decides where it goes."""

from typing import NamedTuple
from uuid import UUID


class Taken(NamedTuple):
    """A change that has just been stored, with what decides where it goes."""

    change: bytes
    record: UUID
    kind: str
    subject: UUID
    sensitivity: int
    act: str
    size: int
    sound: bool = True
    """False for one that was refused: the others get a void."""
    fields: frozenset[str] = frozenset()
