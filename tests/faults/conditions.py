"""What a schedule runs under: decided chance, small pages, and what happens beside the desks."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest import mock
from uuid import UUID

from livingwell_desktop.sync import exchanging
from livingwell_desktop.sync.ahead import Ahead
from livingwell_desktop.sync.sending import next_load
from tests.faults.ground import Ground
from tests.faults.model import Model


class Chance:
    """The random bytes of one schedule, so that it can be run again; the next name may be decided."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.next_name: bytes | None = None

    def __call__(self, size: int) -> bytes:
        if size == 16 and self.next_name is not None:
            name, self.next_name = self.next_name, None
            return name
        return self._random.randbytes(size)


@contextmanager
def small_pages() -> Iterator[None]:
    """So small that a schedule has many pages and batches."""
    with ExitStack() as stack:
        small_load = partial(next_load, most=3)
        for name, value in (("_PULL_ENTRIES", 3), ("_BATCH", 2), ("next_load", small_load), ("Ahead", AtOnce)):
            stack.enter_context(mock.patch.object(exchanging, name, value))
        yield


class AtOnce(Ahead[Any]):
    """What is under way beside is done before the rest goes on, so that a schedule is the same each time."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__(call)
        self._thread.join()


def withdraw(ground: Ground, model: Model, person: UUID, centre: UUID) -> None:
    """A centre is to know a person no longer: each of their records leaves its streams."""
    with ground.owner() as connection:
        found = connection.execute("SELECT id FROM record WHERE subject = %s", (person,)).fetchall()
    if ground.withdraw(person, centre):
        model.left |= {(centre, row[0]) for row in found}


@contextmanager
def unchecked_writes() -> Iterator[None]:
    """A program of another version, whose own checks are others."""
    from livingwell_desktop.storage import writing

    def no_check(*_: Any) -> None:
        return None

    with mock.patch.object(writing, "check_fitting", no_check), mock.patch.object(writing, "_check", no_check):
        yield
