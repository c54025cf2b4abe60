"""Locking ends the desk's process at once, sends what it can in that moment, and counts what still waits."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import pytest

from livingwell_desktop.app.leaving import leave
from livingwell_desktop.domain.people import Person
from livingwell_desktop.settings import DeskFolder, WaitingNote, load_waiting
from livingwell_desktop.storage import Author, create
from tests.central import JoinedDesk

ME = Author(None, None, "test")


class EndedError(Exception):
    """The process would have ended here, with this code."""


def end(code: int) -> NoReturn:
    raise EndedError(code)


def register(desk: JoinedDesk, number: int) -> None:
    desk.store.write([create(UUID(int=number), Person(given_name="Ngozi"))], [], ME)


def test_what_still_waits_is_counted_for_the_sign_in_window(join: Callable[..., JoinedDesk], tmp_path: Path) -> None:
    desk, folder = join(), DeskFolder(tmp_path)
    register(desk, 1)
    register(desk, 2)
    with pytest.raises(EndedError, match="20"):
        leave(desk.engine, desk.store, folder, 20, end)
    note = load_waiting(folder.waiting)
    assert note.count == 2
    assert note.oldest == desk.store.waiting().oldest_saved_at


def test_what_waits_is_sent_in_the_last_moment(join: Callable[..., JoinedDesk], tmp_path: Path) -> None:
    desk, folder = join(), DeskFolder(tmp_path)
    connected = threading.Event()
    desk.engine.listen(lambda state: connected.set() if state.connected else None)
    desk.engine.start()
    assert connected.wait(20)
    register(desk, 1)
    with pytest.raises(EndedError):
        leave(desk.engine, desk.store, folder, 20, end)
    assert desk.store.waiting().count == 0
    assert load_waiting(folder.waiting) == WaitingNote()


def test_a_note_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    assert load_waiting(tmp_path / "none.json") == WaitingNote()
    (tmp_path / "odd.json").write_text('{"count": "many"}')
    assert load_waiting(tmp_path / "odd.json") == WaitingNote()
