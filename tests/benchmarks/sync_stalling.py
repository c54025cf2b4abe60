"""Whether the window holds still while 20,000 changes arrive: a real window on a real desk, its real engine.

`python -m tests.benchmarks.sync_stalling URL CODE FOLDER` is the desk: for each line that it reads, `watch` or `save`,
it fetches what waits at the server, and says as JSON how long its window's thread was blocked, or how long saves took.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

from livingwell_desktop.domain.organisations import Centre, Device, Role, Staff
from livingwell_desktop.security.device import create_device_keys, new_device_id, save_device_keys
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.member_keys import create_member_keys
from livingwell_desktop.security.slots import DatabaseKey, Unlocked
from livingwell_desktop.settings import DeskCard, DeskFolder, Settings, save_card, save_settings
from livingwell_desktop.storage import Changes, Signer, Store, create
from livingwell_desktop.sync.client import enrol
from livingwell_desktop.sync.joining import EnrolRequest
from tests.benchmarks.measuring import percentile
from tests.benchmarks.sync_world import AUTHOR, WORKER, Central, Cluster, Filler, clock, record_number, value
from tests.central import CENTRE, STAFF, code_for
from tests.sync.link import Link

if TYPE_CHECKING:
    from livingwell_desktop.app.desk import OpenDesk

CHANGES = 20_000
_KEY = bytes(range(32))
_LOOK_EVERY_MS = 2
_SAVE_EVERY_MS = 50


def stall(cluster: Cluster, rounds: int) -> dict[str, float]:
    """The longest block of the window's thread while 20,000 changes arrive; and a save while as many arrive again."""
    blocked, saved = [], []
    with cluster.central() as central, Link(central.port) as link, _desk(central, link) as ask:
        filler = Filler(central)
        for number in range(2 * rounds):
            link.cut()
            filler.fill(range(number * CHANGES, (number + 1) * CHANGES))
            link.restore()
            if number % 2 == 0:
                blocked.append(max(ask("watch")))
            else:
                saved.append(percentile(ask("save"), 99))
    return {"stall_max_ms": statistics.median(blocked), "save_busy_p99_ms": statistics.median(saved)}


@contextmanager
def _desk(central: Central, link: Link) -> Iterator["_Ask"]:
    command = [sys.executable, "-m", "tests.benchmarks.sync_stalling", link.url]
    with subprocess.Popen(
        [*command, code_for(central.database_url, clock), str(central.folder / "window")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    ) as process:
        ask = _Ask(process)
        ask.hear()
        yield ask
        assert process.stdin is not None
        process.stdin.close()


class _Ask:
    """The desk's process, spoken to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, what: str) -> list[float]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self.hear()

    def hear(self) -> list[float]:
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError("the desk ended")
        found: list[float] = json.loads(said)
        return found


# The desk


def _joined(url: str, code: str, folder: DeskFolder) -> Handover:
    """A desk with its centre and one member of staff, who is signed in."""
    folder.prepare()
    save_settings(folder.settings, Settings(server_url=url, key_file_allowed=True))
    secret = create_device_secret()
    KeyFileStore(folder.key_file).save(secret)
    keys = create_device_keys(new_device_id())
    enrolled = enrol(url, EnrolRequest(code, "Window", keys.public, CENTRE))
    keys = replace(keys, device_id=str(enrolled.device))
    save_device_keys(folder.device_keys, keys, secret)
    save_card(folder.card, DeskCard(keys.device_id, "Window", "Centre A"))
    store = Store.open(folder.records, _KEY, Signer(enrolled.device, keys.signer()), clock)
    staff = Staff(given_name="Rosa", family_name="Lind", role=Role.RECEPTION, centre=CENTRE, user_name="rosa")
    writes = [
        create(CENTRE, Centre(name="Centre A")),
        create(STAFF, staff),
        create(WORKER, Staff(given_name="Key", family_name="Worker", role=Role.KEY_WORKER, centre=CENTRE)),
        create(enrolled.device, Device(name="Window", centre=CENTRE, letter="A")),
    ]
    store.write(writes, [], AUTHOR)
    store.close()
    return Handover(keys.device_id, Unlocked(DatabaseKey(_KEY, 1), create_member_keys(str(STAFF))))


class _Arrivals:
    """Counts what comes from the server and says when it is all there."""

    def __init__(self, desk: "OpenDesk") -> None:
        self.all = threading.Event()
        self._left = CHANGES
        self._stop = desk.store.listen(self._changed)

    def _changed(self, changes: Changes) -> None:
        if changes.arrived:
            self._left -= len(changes.records)
            if self._left <= 0:
                self.all.set()

    def end(self) -> None:
        self._stop()


def _watched(desk: "OpenDesk", *, saving: bool) -> list[float]:
    """Milliseconds that the window's thread was blocked, or that saves took, until everything has come."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    arrivals, running, taken = _Arrivals(desk), QEventLoop(), list[float]()
    last, saved = perf_counter(), 0

    def look() -> None:
        nonlocal last
        now = perf_counter()
        if not saving:
            taken.append(max(0.0, (now - last) * 1000 - _LOOK_EVERY_MS))
        last = now
        if arrivals.all.is_set():
            running.quit()

    def save() -> None:
        nonlocal saved
        saved += 1
        began = perf_counter()
        desk.store.write([create(_own(saved), value(0))], [], AUTHOR)
        taken.append((perf_counter() - began) * 1000)

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(look)
    timer.start(_LOOK_EVERY_MS)
    saves = QTimer()
    saves.timeout.connect(save)
    if saving:
        saves.start(_SAVE_EVERY_MS)
    desk.engine.sync_now()
    last = perf_counter()
    running.exec()
    timer.stop()
    saves.stop()
    arrivals.end()
    return taken


def _own(number: int) -> UUID:
    return record_number(int(clock().timestamp() * 1000) * 1000 + number)


def desk(url: str, code: str, folder: Path) -> None:
    """Open the window; then measure for every line that comes."""
    from PySide6.QtTest import QTest

    from livingwell_desktop.app.desk import open_desk
    from livingwell_desktop.app.process import application, settle
    from livingwell_desktop.sync.state import SyncState

    running = application()
    handover = _joined(url, code, DeskFolder(folder))
    opened = open_desk(handover, DeskFolder(folder), clock, lambda: None)
    opened.window.show()
    settle()  # as the desk's process does
    if not QTest.qWaitForWindowExposed(opened.window):
        raise RuntimeError("the window was never exposed, so nothing would be drawn")
    in_step = threading.Event()

    def spoke(state: SyncState) -> None:
        if state.connected and not state.waiting and not state.to_download:
            in_step.set()

    opened.engine.listen(spoke)
    opened.engine.sync_now()
    in_step.wait(30)
    sys.stdout.write("[]\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_watched(opened, saving=line.strip() == "save")) + "\n")
        sys.stdout.flush()
    opened.close()
    running.quit()


if __name__ == "__main__":
    desk(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
