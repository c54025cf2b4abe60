"""Answers worked out from records, kept until a record of the kinds they came from changes."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")

MOST_KEPT = 5_000
"""Answers kept at once; more than these are all worked out again. One is about a hundred bytes."""


class Remembered:
    """Threads may share it: an answer worked out while a record changed is worked out again, never kept."""

    def __init__(self) -> None:
        self._changes = 0
        self._changed: dict[str, int] = {}
        self._kept: dict[Hashable, tuple[int, tuple[int, ...], Any]] = {}

    def forget(self, kinds: frozenset[str]) -> None:
        """Records of those kinds changed."""
        for kind in kinds:
            self._changed[kind] = self._changed.get(kind, 0) + 1
        self._changes += 1

    def get(self, key: Hashable, kinds: tuple[str, ...], make: Callable[[], T]) -> T:
        """The answer of that name, made from records of those kinds."""
        changes, kept = self._changes, self._kept.get(key)
        if kept is not None and kept[0] == changes:
            return cast("T", kept[2])
        now = tuple(self._changed.get(kind, 0) for kind in kinds)
        made = cast("T", kept[2]) if kept is not None and kept[1] == now else make()
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = (changes, now, made)
        return made
