"""Keeper, sign-in and desk as the real processes they are, without a screen: the keys' pipe, ending, being killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.app.process import secrets_of
from livingwell_desktop.domain.people import Person
from livingwell_desktop.security.handover import Handover, frame
from livingwell_desktop.security.sign_in import sign_in
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.tries import Tries
from livingwell_desktop.settings import DeskFolder, load_card, load_settings
from livingwell_desktop.storage import Signer, Store
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
posix = os.name == "posix"


def keys_of(day: Day, folder: DeskFolder, name: str) -> Handover:
    """What sign-in hands over for a member of staff."""
    card = load_card(folder.card)
    assert card is not None
    slots = (each for each in SlotFolder(folder.slots).entries() if isinstance(each, Slot))
    slot = next(each for each in slots if each.grant.name == name)
    unlocked = sign_in(
        SlotFolder(folder.slots),
        Tries(folder.slots, day.clock),
        secrets_of(folder, load_settings(folder.settings), card.device_id),
        member_id=slot.member.member_id,
        device_id=card.device_id,
        passphrase=demo_passphrase(),
        now=day.clock(),
    )
    return Handover(card.device_id, unlocked)


@contextmanager
def running(*arguments: str, stdin: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """One of the program's processes; killed with everything it started if the test leaves it running."""
    command = [sys.executable, "-m", "livingwell_desktop", *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=stdin)
    try:
        yield process
    finally:
        for each in children(process.pid):
            each.kill()
        process.kill()
        process.wait(20)


def children(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def has_open(pid: int, file: Path) -> bool:
    return any(Path(each.path) == file for each in psutil.Process(pid).open_files())


@pytest.fixture
def folder(day: Day) -> DeskFolder:
    return day.desk(NAMES[0]).folder


def test_the_desk_opens_the_records_with_the_keys_from_its_pipe_and_ends_when_asked(
    day: Day, folder: DeskFolder
) -> None:
    handover = keys_of(day, folder, "Rosa Mensah")
    with running("desk", "--folder", str(folder.path), stdin=subprocess.PIPE) as desk:
        assert desk.stdin is not None
        assert not has_open(desk.pid, folder.records)
        desk.stdin.write(frame(handover))
        desk.stdin.close()
        until(lambda: has_open(desk.pid, folder.records), "the desk opens its records")
        desk.terminate()
        code = desk.wait(20)
    # Asked to end it locks, which is its usual way out; on Windows it is ended from outside.
    assert code in (20, 1, -signal.SIGTERM)
    check(folder, handover, day)


def test_a_desk_that_is_killed_leaves_records_that_open(day: Day, folder: DeskFolder) -> None:
    handover = keys_of(day, folder, "Rosa Mensah")
    with running("desk", "--folder", str(folder.path), stdin=subprocess.PIPE) as desk:
        assert desk.stdin is not None
        desk.stdin.write(frame(handover))
        desk.stdin.close()
        until(lambda: has_open(desk.pid, folder.records), "the desk opens its records")
        desk.kill()
        desk.wait(20)
    check(folder, handover, day)


def check(folder: DeskFolder, handover: Handover, day: Day) -> None:
    signer = Signer(UUID(handover.device_id), lambda _content: b"")
    store = Store.open(folder.records, handover.unlocked.database_key.key, signer, day.clock)
    try:
        assert store.count(Person) >= 500
        with store._reading() as connection:
            assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
    finally:
        store.close()


def test_a_desk_to_which_nobody_signs_in_just_ends(folder: DeskFolder) -> None:
    with running("desk", "--folder", str(folder.path), stdin=subprocess.PIPE) as desk:
        assert desk.stdin is not None
        desk.stdin.close()
        assert desk.wait(20) == 0


@pytest.mark.parametrize("how", ["asked", "killed"])
def test_no_window_outlives_its_keeper(folder: DeskFolder, how: str) -> None:
    with running("keeper", "--folder", str(folder.path)) as keeper:
        until(lambda: len(children(keeper.pid)) == 2, "sign-in and desk are started")
        started = children(keeper.pid)
        # Begun, which is not ready: a keeper that goes while they start must not leave them either.
        until(lambda: all(each.memory_info().rss > 40_000_000 for each in started), "both have begun")
        if how == "asked":
            keeper.terminate()
        else:
            keeper.kill()
        keeper.wait(20)
        if how == "asked" or posix:
            gone, alive = psutil.wait_procs(started, timeout=10)
            assert not alive
            assert len(gone) == 2
