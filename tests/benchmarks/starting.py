"""Starting: whole processes from their first instruction until their window is drawn."""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from livingwell_desktop.security.handover import frame
from livingwell_desktop.settings import DeskFolder
from tests.benchmarks.bench_desk import handover
from tests.benchmarks.big_store import BigStore
from tests.benchmarks.measuring import median_of_rounds, median_ratio

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60
BARE_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
window = QWidget()
window.resize(1440, 900)
window.show()
window.repaint()
"""
DESK_UNTIL_TODAY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from livingwell_desktop.app.desk import open_desk
from livingwell_desktop.app.process import application
from livingwell_desktop.security.handover import receive, standard_input
from livingwell_desktop.settings import DeskFolder
running = application()
keys = receive(standard_input())
now = datetime.fromisoformat(sys.argv[2])
desk = open_desk(keys, DeskFolder(Path(sys.argv[1])), lambda: now, lambda: None)
desk.window.show()
running.sendPostedEvents()
desk.window.repaint()
print("drawn", flush=True)
desk.close()
"""


def sign_in_command(folder: DeskFolder) -> list[str]:
    """The sign-in process of a desk."""
    return [sys.executable, "-m", "livingwell_desktop", "sign-in", "--folder", str(folder.path)]


def start_ratio(command: list[str]) -> float:
    """A process that shows the sign-in window and ends, against one that shows a bare window and ends."""
    return median_ratio(lambda: _whole_process(command), lambda: _whole_process([sys.executable, "-c", BARE_WINDOW]))


def today_s(big: BigStore, folder: DeskFolder) -> float:
    """From starting the desk process with the keys at hand until Today is drawn, in seconds; nothing was waiting."""
    from tests.benchmarks.big_records import NOW

    command = [sys.executable, "-c", DESK_UNTIL_TODAY, str(folder.path), NOW.isoformat()]
    keys = frame(handover(big, big.alliance.receptionist))

    def one_round() -> list[float]:
        started = perf_counter()
        with subprocess.Popen(
            command, cwd=ROOT, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(keys)
            process.stdin.close()
            said = process.stdout.readline()
            passed = perf_counter() - started
            process.wait(PATIENCE_SECONDS)
        if said.strip() != b"drawn":
            raise RuntimeError("the desk process did not draw Today")
        return [passed]

    return median_of_rounds(one_round, 50)


def _whole_process(command: list[str]) -> float:
    """Milliseconds until the process has ended. Raises CalledProcessError when it fails."""
    started = perf_counter()
    subprocess.run(
        command, cwd=ROOT, env=_environment(), check=True, timeout=PATIENCE_SECONDS, stdout=subprocess.DEVNULL
    )
    return (perf_counter() - started) * 1000


def _environment() -> dict[str, str]:
    return os.environ | {"QT_QPA_PLATFORM": "offscreen", "LIVINGWELL_SHOWN_THEN_EXIT": "1"}
