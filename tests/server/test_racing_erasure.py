"""Erasures and withdrawals against pushes: what comes in that very moment is erased, or leaves, too."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import psycopg

from livingwell_desktop.server import purging, pushing, withdrawing
from livingwell_desktop.server.commands import erase, take_away
from tests.central import CENTRE
from tests.conftest import StillClock
from tests.server.exchange import CENTRE_STREAM, content
from tests.server.test_racing import NewDesk, http, new_desk, somebody, together

__all__ = ["http", "new_desk"]


def contact(person: str, name: str = "Chidi") -> dict[str, Any]:
    return content(
        kind="contact",
        record=str(uuid4()),
        subject=person,
        set={"person": person, "name": name},
        act=uuid4().hex,
    )


def with_words(database_url: str, person: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM change WHERE subject = %s AND content <> ''", (person,)
        ).fetchone()
    assert row is not None
    return int(row[0])


def after(module: Any, name: str, then: Callable[[], object]) -> Any:
    """Once that step is done, and before the next, something else happens."""
    real = getattr(module, name)

    def step(*given: Any) -> Any:
        found = real(*given)
        then()
        return found

    return mock.patch.object(module, name, step)


def before_the_locks(module: Any, then: Callable[[], object]) -> Any:
    """Just before an operator's command waits for its turn, something else happens."""
    real = module.lock_all_subjects

    def lock(*given: Any) -> None:
        then()
        real(*given)

    return mock.patch.object(module, "lock_all_subjects", lock)


def record_of(change: Mapping[str, Any]) -> str:
    return str(json.loads(change["content"])["record"])


@contextmanager
def a_push_that_knows_of_no_erasure_meets_one_under_way() -> Iterator[None]:
    """They meet once the push knows who was erased, and the erasure which records there are; unless one has to wait."""
    barrier = threading.Barrier(2)

    def meet() -> None:
        try:
            barrier.wait(0.25)
        except threading.BrokenBarrierError:
            barrier.reset()

    with after(pushing, "_without_erased", meet), after(purging, "known_at", meet):
        yield


def test_a_push_that_races_an_erasure_leaves_no_words(
    new_desk: NewDesk, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    desk = new_desk()
    for _ in range(8):
        person = str(uuid4())
        desk.push(desk.change(somebody(person)))
        written = desk.change(contact(person))
        erasing = partial(erase, database_url, tmp_path, UUID(person), clock(), lambda _words: None)
        with a_push_that_knows_of_no_erasure_meets_one_under_way():
            together(partial(desk.push, written), erasing)
        assert with_words(database_url, person) == 0


def test_what_comes_before_an_erasure_has_its_turn_is_erased(
    new_desk: NewDesk, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    """The push was first at the locks: the erasure looks which records there are when it has them itself."""
    desk, person = new_desk(), str(uuid4())
    desk.push(desk.change(somebody(person)))
    written = desk.change(contact(person))
    with before_the_locks(purging, partial(desk.push, written)):
        erase(database_url, tmp_path, UUID(person), clock(), print)
    assert with_words(database_url, person) == 0
    assert f"{record_of(written)} " in (tmp_path / "purged").read_text(encoding="ascii")


def test_what_comes_before_a_withdrawal_has_its_turn_leaves_too(
    new_desk: NewDesk, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    desk, person = new_desk(), str(uuid4())
    desk.push(desk.change(somebody(person)))
    written = desk.change(contact(person))
    with before_the_locks(withdrawing, partial(desk.push, written)):
        take_away(database_url, tmp_path, UUID(person), CENTRE, clock(), print)
    leaving = [each["parts"] for each in desk.push(cursors={CENTRE_STREAM: 0})["changes"] if each["kind"] == "leaves"]
    assert sorted(leaving) == sorted([[person], [record_of(written)]])
