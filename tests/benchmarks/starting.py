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
# The window is on the screen after its first paint; the timer lets that paint come to its end.
UNTIL_PAINTED = """
from PySide6.QtCore import QEvent, QObject, QTimer
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, running.quit)
        return False
def show_until_painted(window):
    painted = Painted()
    window.installEventFilter(painted)
    window.show()
    running.exec()
    window.removeEventFilter(painted)
    print("drawn", flush=True)
"""
BARE_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
running = QApplication(sys.argv)
window = QWidget()
window.resize(1440, 900)
show_until_painted(window)
"""
SIGN_IN_UNTIL_DRAWN = """
import sys
from pathlib import Path
from livingwell_desktop.app.process import application, system_clock
from livingwell_desktop.app.signing_in import sign_in_window
from livingwell_desktop.settings import DeskFolder, load_card, load_settings
folder = DeskFolder(Path(sys.argv[1]))
running = application()
window, tasks = sign_in_window(folder, load_card(folder.card), load_settings(folder.settings), system_clock)
show_until_painted(window)
tasks.close()
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
show_until_painted(desk.window)
desk.close()
"""


def start_ratio(folder: DeskFolder) -> float:
    """From starting a process until sign-in is drawn and takes keys, against a bare window of the same size."""
    sign_in, bare = _python(SIGN_IN_UNTIL_DRAWN, str(folder.path)), _python(BARE_WINDOW)
    return median_ratio(lambda: _until_drawn(sign_in), lambda: _until_drawn(bare))


def today_s(big: BigStore, folder: DeskFolder) -> float:
    """From starting the desk process with the keys at hand until Today is drawn, in seconds; nothing was waiting."""
    from tests.benchmarks.big_records import NOW

    command = _python(DESK_UNTIL_TODAY, str(folder.path), NOW.isoformat())
    keys = frame(handover(big, big.alliance.receptionist))
    return median_of_rounds(lambda: [_until_drawn(command, keys)], 50)


def _python(program: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", UNTIL_PAINTED + program, *arguments]


def _until_drawn(command: list[str], typed: bytes = b"") -> float:
    """Seconds until the process says that its window is drawn. Raises RuntimeError when it does not."""
    environment, started = os.environ | {"QT_QPA_PLATFORM": "offscreen"}, perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(typed)
        process.stdin.close()
        said = process.stdout.readline()
        passed = perf_counter() - started
        if said.strip() != b"drawn":
            problem = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"the process did not draw its window:\n{problem}")
        process.wait(PATIENCE_SECONDS)
    return passed
