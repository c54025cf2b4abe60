"""What the three processes share: the clock, the place for bugs, the dressed application, the desk's folder."""

import gc
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import DeviceSecretStore, find_store
from livingwell_desktop.security.server_way import key_file_allowed
from livingwell_desktop.settings import DeskFolder, Settings
from livingwell_desktop.ui.sign_in.keeper import CANNOT_GO_ON, KEEPER_PROCESS
from livingwell_desktop.ui.sign_in.problem import ProblemWindow
from livingwell_desktop.ui.widgets import theme

KEEPER_SEEN_EVERY = 1000
"""Milliseconds."""
_TURN_SECONDS = 0.0005


def system_clock() -> datetime:
    """The one place where the program asks what time it is."""
    return datetime.now(UTC)


def secrets_of(folder: DeskFolder, settings: Settings, device_id: str) -> DeviceSecretStore:
    """Where this desk's secret lies: a keyring from the allow-list, or a key file where the policy allows it.

    The policy as it was sealed comes first; until the secret has opened the rest, it is only what the file says.
    """
    sealed = key_file_allowed(folder.server_way)
    allowed = settings.key_file_allowed if sealed is None else sealed
    return find_store(device_id, folder.key_file, key_file_allowed=allowed)


def default_folder() -> DeskFolder:
    """This PC's desk folder."""
    import platformdirs

    return DeskFolder(Path(platformdirs.user_data_dir("livingwell-desktop", "livingwell")))


def take_short_turns() -> None:
    """Let Python's lock change hands often: the sync threads compute beside the window's, and neither may wait long."""
    sys.setswitchinterval(_TURN_SECONDS)


def settle() -> None:
    """Once the window stands: what is in memory now stays until the desk locks.

    Python then looks for garbage only among what comes later. Going through everything takes a tenth of a second, in
    which no thread runs, and it would happen again and again while much arrives.
    """
    gc.freeze()


def application() -> QApplication:
    """The application of a process with windows, with the one place for bugs in force."""
    take_short_turns()
    sys.excepthook = report_bug
    threading.excepthook = lambda given: report_bug(
        given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback
    )
    made = QApplication(sys.argv[:1])
    made.setApplicationName("Living Well Desktop")
    theme.prepare(made)
    return made


def end_with_keeper(end: Callable[[], None]) -> QTimer:
    """Call `end` when the keeper that started this process is gone, however it went: no window outlives its keeper.

    On Windows a process cannot see this by its parent's number; there a keeper that is killed leaves its windows open.
    """
    keeper, timer = int(os.environ.get(KEEPER_PROCESS, os.getppid())), QTimer()

    def look() -> None:
        if sys.platform != "win32" and os.getppid() != keeper:
            timer.stop()
            end()

    timer.timeout.connect(look)
    timer.start(KEEPER_SEEN_EVERY)
    return timer


def report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The one place for bugs: where it happened, never what the values were."""
    where = []
    while trace is not None:
        frame = trace.tb_frame
        where.append(f"{Path(frame.f_code.co_filename).name}:{trace.tb_lineno} {frame.f_code.co_name}")
        trace = trace.tb_next
    words = f"{error.title}. {error.what_happened}" if isinstance(error, Problem) else kind.__name__
    sys.stderr.write(f"Living Well Desktop: {words}\n  " + "\n  ".join(where) + "\n")


def not_enrolled() -> Problem:
    """This PC has no key, or its records do not know it."""
    return Problem(
        "This PC is not a desk yet",
        "It has no key, or its records do not know it.",
        "Ring IT support and ask them to enrol this PC. If you want to look around, use the demo.",
    )


def show_problem(running: QApplication, problem: Problem) -> int:
    """Show why the program cannot go on, until the person closes it; the exit code of a process that could not."""
    window = ProblemWindow(problem)
    window.show()
    running.exec()
    return CANNOT_GO_ON
