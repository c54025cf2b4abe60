"""The keeper process: no keys, no records. Standard library, Qt and this PC's settings only: it starts at once."""

import sys
from pathlib import Path

from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QApplication

from livingwell_desktop.app.asked_to_end import AskedToEnd
from livingwell_desktop.settings import DeskFolder, load_settings
from livingwell_desktop.ui.sign_in.keeper import CANNOT_GO_ON, Keeper, tray
from livingwell_desktop.ui.widgets.lasting_constants import keep_constants

LOCK = "keeper.lock"


def run_keeper(folder: Path) -> int:
    """The keeper process: no keys, no records."""
    lock = only_keeper(folder)
    if lock is None:
        return _say_that_one_runs()
    keep_constants()
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    settings = DeskFolder(folder).settings
    keeper = Keeper(folder, public_screen=lambda: bool(load_settings(settings).waiting_room))
    keeper.ended.connect(application.quit)
    shown = tray(application, keeper, application.windowIcon())
    asked = AskedToEnd(keeper.close)
    keeper.start()
    code = application.exec()
    asked.close()
    if shown is not None:
        shown.hide()
    lock.unlock()
    return code


def only_keeper(folder: Path) -> QLockFile | None:
    """The lock that lets one program at a time work in a desk's folder; None while another has it.

    Two desks on one folder would write over each other's second file. A keeper that was killed holds nobody up, and
    neither does a disk on which no lock can be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # only a process that is gone makes it stale, however long it ran
    if lock.tryLock(0) or lock.error() is not QLockFile.LockError.LockFailedError:
        return lock
    return None


def _say_that_one_runs() -> int:
    """This keeper starts nothing, so it may know the words of a problem."""
    from livingwell_desktop.app.process import application, show_problem
    from livingwell_desktop.domain.errors import Problem

    running = application()
    show_problem(
        running,
        Problem(
            "Living Well Desktop is open already",
            "It runs on this computer, perhaps behind another window.",
            "Look for it at the foot of the screen or in the tray. If it is not there, restart the computer.",
        ),
    )
    return CANNOT_GO_ON
