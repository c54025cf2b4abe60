"""Answers worked out from records, kept until a record of the kinds they came from changes."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from uuid import UUID

T = TypeVar("T")

MOST_KEPT = 5_000
"""Answers kept at once; more than these are all worked out again. One is about a hundred bytes."""


class Remembered:
    """Threads may share it: an answer worked out while a record changed is worked out again, never kept."""

    def __init__(self) -> None:
        self._changes = 0
        self._changed: dict[str | UUID, int] = {}
        self._kept: dict[Hashable, tuple[int, tuple[int, ...], Any]] = {}

    def forget(self, kinds: frozenset[str], subjects: frozenset[UUID] = frozenset()) -> None:
        """Records of those kinds changed, about those people and centres."""
        changed: tuple[str | UUID, ...] = (*kinds, *subjects)
        for each in changed:
            self._changed[each] = self._changed.get(each, 0) + 1
        self._changes += 1

    def get(self, key: Hashable, made_from: tuple[str | UUID, ...], make: Callable[[], T]) -> T:
        """The answer of that name, made from records of those kinds, and from any record about those people."""
        changes, kept = self._changes, self._kept.get(key)
        if kept is not None and kept[0] == changes:
            return cast("T", kept[2])
        now = tuple(self._changed.get(each, 0) for each in made_from)
        made = cast("T", kept[2]) if kept is not None and kept[1] == now else make()
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = (changes, now, made)
        return made
