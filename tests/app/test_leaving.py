"""Locking ends the desk's process at once, sends what it can in that moment, and counts what still waits."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import pytest

from livingwell_desktop.app.leaving import leave
from livingwell_desktop.app.vouching import DeskVouching, Vouching
from livingwell_desktop.domain.people import Person
from livingwell_desktop.security.anchors import Anchors
from livingwell_desktop.security.keyrings import KeyFileStore
from livingwell_desktop.settings import DeskFolder, WaitingNote, load_waiting
from livingwell_desktop.storage import Author, create
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.engine import SyncEngine
from tests.central import JoinedDesk
from tests.faults.writer import DESK, opened

ME = Author(None, None, "test")
PATIENCE = 20.0
NOTHING_TO_ANCHOR = Vouching(lambda: None, lambda: None)


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
        leave(desk.engine, desk.store, NOTHING_TO_ANCHOR, folder, 20, end)
    note = load_waiting(folder.waiting)
    assert note.count == 2
    assert note.oldest == desk.store.waiting().oldest_saved_at


def test_what_waits_is_sent_in_the_last_moment(join: Callable[..., JoinedDesk], tmp_path: Path) -> None:
    desk, folder = join(), DeskFolder(tmp_path)
    connected = threading.Event()
    desk.engine.listen(lambda state: connected.set() if state.connected else None)
    desk.engine.start()
    assert connected.wait(PATIENCE)
    register(desk, 1)
    with pytest.raises(EndedError):
        leave(desk.engine, desk.store, NOTHING_TO_ANCHOR, folder, 20, end, PATIENCE)
    assert desk.store.waiting().count == 0
    assert load_waiting(folder.waiting) == WaitingNote()


def test_the_keyring_knows_the_heads_of_a_desk_that_was_open_for_a_minute(
    join: Callable[..., JoinedDesk], tmp_path: Path
) -> None:
    desk, anchored = join(), threading.Event()
    anchors = Anchors(lambda: KeyFileStore(tmp_path / "device.key"))
    watch = DeskVouching(desk.store, anchors, 1, UUID(int=1), desk.store.clock)

    def each_time() -> None:
        watch.anchor()
        anchored.set()

    vouching = Vouching(each_time, watch.anchor)
    vouching.start()
    assert anchored.wait(PATIENCE)
    register(desk, 1)
    with pytest.raises(EndedError):
        leave(desk.engine, desk.store, vouching, DeskFolder(tmp_path), 20, end, PATIENCE)
    known = anchors.load()
    assert known is not None
    assert known.heads == desk.store.soundness.heads()
    assert known.heads.outbox.n == 1


def test_a_note_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    assert load_waiting(tmp_path / "none.json") == WaitingNote()
    (tmp_path / "odd.json").write_text('{"count": "many"}')
    assert load_waiting(tmp_path / "odd.json") == WaitingNote()


def leave_at_once(folder: DeskFolder) -> NoReturn:
    """The end of a desk process, in a process of its own."""
    store = opened(folder.records)
    client = ServerClient("http://127.0.0.1:9", DESK, lambda _content: b"s" * 64)
    leave(SyncEngine(store, client, store.clock), store, NOTHING_TO_ANCHOR, folder, 20)


def test_a_disk_that_does_not_answer_keeps_no_records_in_memory(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    # Whoever opens this to write waits until somebody reads.
    os.mkfifo(folder.waiting.with_name(f"{folder.waiting.name}.unfinished"))
    desk = multiprocessing.get_context("spawn").Process(target=leave_at_once, args=(folder,))
    desk.start()
    desk.join(PATIENCE)
    code = desk.exitcode
    desk.kill()
    assert code == 20
