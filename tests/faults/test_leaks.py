"""The leak run: sentinels in every field of a person's records, every page looked at, and after the lock nothing left.

Looked through are the memory of every process that goes on (keeper, sign-in, waiting desk, the waiting room's screen),
every file that the processes could have written (desk's folder, home, temporary folder), what they printed, and their
windows' titles. The search itself is proven on the live desk and on a planted file.
"""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.app.process import system_clock
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import kinds
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.slots import regrant
from livingwell_desktop.settings import DeskFolder, load_settings, save_settings
from livingwell_desktop.storage import Author, Signer, Store, create
from tests.faults.test_real_processes import ROOT, has_open, keys_of
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow

MEMORY_CAN_BE_READ = sys.platform == "linux" and os.geteuid() == 0
"""Elsewhere only files, titles and what was printed are looked through."""
SENTINEL = "Zqsentinel"
TYPED = f"{SENTINEL}typed"
PATIENCE = 120.0
KEEPER = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from livingwell_desktop.ui.sign_in.keeper import Keeper
running = QApplication(sys.argv[:1])
running.setQuitOnLastWindowClosed(False)
keeper = Keeper(Path(sys.argv[1]), [sys.executable, sys.argv[2]], public_screen=lambda: True)
keeper.ended.connect(running.quit)
keeper.start()
running.exec()
"""


def spellings(words: str) -> list[bytes]:
    """Words as Python, Qt and the search index may have them."""
    return [each.encode(code) for each in {words, words.casefold()} for code in ("utf-8", "utf-16-le", "utf-32-le")]


LOOKED_FOR = spellings(SENTINEL)


def in_memory(pid: int, looked_for: list[bytes]) -> set[bytes]:
    """Which of those stand anywhere in the memory of a process."""
    found = set[bytes]()
    regions = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for region in regions:
            place, rights, *_ = region.split()
            if not rights.startswith("r") or "[v" in region:
                continue
            start, end = (int(each, 16) for each in place.split("-"))
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue  # a region that no program can read either
            found |= {each for each in looked_for if each in content}
    return found


def in_files(folder: Path, looked_for: list[bytes]) -> list[Path]:
    """Which files under a folder hold one of those, or are named after it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        path for path in files
        if SENTINEL.casefold() in path.name.casefold() or any(each in path.read_bytes() for each in looked_for)
    ]  # fmt: skip


def plant(folder: DeskFolder, keys: Handover, day: Day) -> UUID:
    """A person who comes today, with words of their own in every field of every kind of record about them."""
    signer = Signer(UUID(keys.device_id), lambda _content: b"s" * 64)
    store = Store.open(folder.records, keys.unlocked.database_key.key, signer, system_clock)
    person, centre = uuid4(), day.alliance.centres["Centre A"]
    writes = [create(person, filled(Person))]
    for kind in kinds():
        names = {each.name for each in dataclasses.fields(kind.type)}
        if "person" in names:
            given: dict[str, Any] = {"person": person} | ({"centre": centre} if "centre" in names else {})
            if kind.type is Visit:
                given["on"] = system_clock().date()
            writes.append(create(uuid4(), filled(kind.type, **given)))
    store.write(writes, [], Author(UUID(keys.staff_id), centre, "test"))
    store.close()
    return person


def filled(record_type: type[Any], **given: Any) -> Any:
    """A record with the sentinel in every field of text."""
    names = [each.name for each in dataclasses.fields(record_type) if type(each.default) is str]
    return record_type(**{name: f"{SENTINEL} {name}" for name in names} | given)


def longer_lease(folder: DeskFolder, keys: Handover, secret: bytes) -> None:
    """Signing in goes by the machine's own clock here, whatever day it is."""
    slots = SlotFolder(folder.slots)
    slot = slots.read(keys.staff_id)
    assert isinstance(slot, Slot)
    slots.write(regrant(slot, replace(slot.grant, lease_until=system_clock() + timedelta(days=30)), secret))


@dataclasses.dataclass
class Pc:
    """A PC with the program on it: keeper and its children, and somebody at the keyboard."""

    folder: DeskFolder
    home: Path
    keeper: "subprocess.Popen[bytes]"

    @property
    def keyboard(self) -> Path:
        return self.home.parent / "keyboard"

    def processes(self, name: str) -> list[int]:
        """The keeper's children of that name."""
        children = psutil.Process(self.keeper.pid).children()
        return [each.pid for each in children if name in each.cmdline()]

    def do(self, step: str, typed: str = "") -> None:
        """Have somebody do something."""
        unfinished = self.keyboard / f"{step}-asked"
        unfinished.write_text(typed, encoding="utf-8")
        unfinished.rename(self.keyboard / step)

    def answer(self, step: str) -> str:
        """What came of it."""
        path = self.keyboard / f"{step}-done"
        until(path.exists, step, PATIENCE)
        said = path.read_text(encoding="utf-8")
        path.unlink()
        return said


@contextmanager
def switched_on(folder: DeskFolder, home: Path) -> Iterator[Pc]:
    """The program as a person starts it, with a home and a temporary folder of its own."""
    for each in (home, home / "tmp", home.parent / "keyboard"):
        each.mkdir()
    environment = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "TMPDIR": str(home / "tmp"),
        "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"), "LIVINGWELL_KEYBOARD": str(home.parent / "keyboard"),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    driven = str(Path(__file__).with_name("at_the_keyboard.py"))
    with (home / "printed").open("wb") as printed:
        command = [sys.executable, "-c", KEEPER, str(folder.path), driven]
        keeper = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=printed, stderr=printed)
        try:
            yield Pc(folder, home, keeper)
        finally:
            for each in psutil.Process(keeper.pid).children(recursive=True):
                each.kill()
            keeper.kill()
            keeper.wait(20)


def test_nothing_of_anybodys_record_is_left_after_the_lock(day: Day, tmp_path: Path) -> None:
    folder = day.desk(NAMES[1]).folder
    keys, secret = keys_of(day, folder, "Maya Lindqvist"), bytes.fromhex(folder.key_file.read_text("ascii").strip())
    longer_lease(folder, keys, secret)
    save_settings(folder.settings, replace(load_settings(folder.settings), waiting_room="window"))
    person = plant(folder, keys, day)
    key = keys.unlocked.database_key.key
    secrets = [key, key.hex().encode(), keys.unlocked.member_keys.agreement, keys.unlocked.member_keys.signing]
    with day.outage(), switched_on(folder, tmp_path / "home") as pc:
        until(lambda: pc.processes("sign-in"), "the sign-in window", PATIENCE)
        pc.do("sign-in", f"Maya Lindqvist\n{demo_passphrase()}")
        until(lambda: any(has_open(each, folder.records) for each in pc.processes("desk")), "the desk", PATIENCE)
        (desk,), (screen,) = pc.processes("desk"), pc.processes("waiting-room")
        pc.do("tour", f"{person}\n{TYPED}")
        titles = pc.answer("tour")
        # The search finds what there is to find.
        if MEMORY_CAN_BE_READ:
            assert in_memory(desk, LOOKED_FOR), "records are in the memory of a desk that is open"
            assert in_memory(desk, secrets), "and so is the key"
        planted = pc.home / "tmp" / "planted"
        planted.write_text(f"… {SENTINEL} …", encoding="utf-16-le")
        assert in_files(pc.home, LOOKED_FOR) == [planted]
        planted.unlink()
        pc.do("lock")
        until(lambda: not psutil.pid_exists(desk), "the desk process is gone", PATIENCE)
        until(lambda: pc.processes("sign-in") and pc.processes("desk"), "the next sign-in", PATIENCE)
        assert pc.processes("waiting-room") == [screen], "what hangs in the waiting room stays through a lock"
        goes_on = [pc.keeper.pid, screen, *pc.processes("sign-in"), *pc.processes("desk")]
        until(lambda: all(psutil.Process(each).memory_info().rss > 50_000_000 for each in goes_on[1:]), "they are up")
        if MEMORY_CAN_BE_READ:
            assert {pid: in_memory(pid, LOOKED_FOR + secrets) for pid in goes_on} == {pid: set() for pid in goes_on}
        assert in_files(pc.home, LOOKED_FOR) == []
        assert in_files(folder.path, LOOKED_FOR + secrets) == []
    assert SENTINEL not in titles
    assert set(filter(None, titles.split("\n"))) == {"Living Well Desktop"}
    assert b"Traceback" not in (tmp_path / "home" / "printed").read_bytes()
