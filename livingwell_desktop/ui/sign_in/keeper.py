"""The keeper: it starts sign-in and the desk, joins the output of the one to the input of the other, and starts again.

It has no keys and no records. The pipe between the two is the operating system's; nothing in it passes through here.
What the desk prints are tickets for the waiting room, where there is a screen for them.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QProcess, QProcessEnvironment, QTimer, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from livingwell_desktop.ui.sign_in.public_screen import PublicScreen

QUIT = 0
"""Sign-in was closed by the person: the program ends."""
CANNOT_GO_ON = 1
"""The person has read why the program cannot go on, and closed it."""
SIGNED_IN = 10
"""Sign-in handed over the keys."""
ENROLLED = 11
"""This PC has become a desk: sign-in is started anew."""
KEEPER_PROCESS = "LIVINGWELL_KEEPER"
"""The environment variable that tells sign-in and desk which process they must not outlive."""
QUICK_SECONDS = 5.0
MOST_QUICK_DEATHS = 3
PAUSE_MILLISECONDS = 5_000


class Keeper(QObject):
    """Owns the session on this PC: one sign-in and one waiting desk at a time."""

    ended = Signal()

    def __init__(
        self, folder: Path, program: list[str] | None = None, public_screen: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__()
        self._folder = folder
        self._program = program or command()
        self._public_screen = public_screen
        self._public = PublicScreen(lambda: self._process("waiting-room"), self._command_for("waiting-room"))
        self._sign_in: QProcess | None = None
        self._desk: QProcess | None = None
        self._closing = False
        self._sign_in_over = False
        self._started = QElapsedTimer()
        self._quick_deaths = 0

    def start(self) -> None:
        """Start a waiting desk and the sign-in that will hand it the keys."""
        self._started.start()
        self._sign_in_over = False
        self._desk = self._process("desk")
        self._sign_in = self._process("sign-in")
        self._sign_in.setStandardOutputProcess(self._desk)
        self._sign_in.finished.connect(self._sign_in_ended)
        self._desk.finished.connect(self._desk_ended)
        self._public.follow(self._desk)
        for process, name in ((self._desk, "desk"), (self._sign_in, "sign-in")):
            program, *arguments = self._command_for(name)
            process.start(program, arguments)
        self._public.want(self._public_screen())

    def close(self) -> None:
        """End everything: the person leaves the program."""
        self._closing = True
        self._public.close()
        for process in (self._sign_in, self._desk):
            if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
                process.terminate()
                if not process.waitForFinished(3000):
                    process.kill()
                    process.waitForFinished(1000)
        self.ended.emit()

    def processes(self) -> tuple[int, int]:
        """The process ids of sign-in and desk, 0 for one that does not run."""
        sign_in, desk = self._sign_in, self._desk
        return int(sign_in.processId()) if sign_in else 0, int(desk.processId()) if desk else 0

    def public_process(self) -> int:
        """The process id of the waiting room's screen, 0 when there is none."""
        return self._public.process_id()

    def _command_for(self, name: str) -> list[str]:
        return [*self._program, name, "--folder", str(self._folder)]

    def _process(self, name: str) -> QProcess:
        process = QProcess(self)
        process.setObjectName(name)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert(KEEPER_PROCESS, str(os.getpid()))
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.readyReadStandardError.connect(lambda: sys.stderr.write(_text(process)))
        return process

    def _sign_in_ended(self, code: int) -> None:
        self._sign_in_over = True
        if self._closing:
            return
        if code == SIGNED_IN:
            self._quick_deaths = 0
        elif code in (QUIT, CANNOT_GO_ON):
            self.close()
        else:
            self._restart()

    def _desk_ended(self, code: int) -> None:
        """Locked, handed over, crashed: whatever it was, the next thing is sign-in."""
        if code == 0 and not self._sign_in_over:
            return  # nobody signed in: sign-in is ending just now, and how it ends decides
        if not self._closing:
            self._restart()

    def _restart(self) -> None:
        quick = self._started.elapsed() < QUICK_SECONDS * 1000
        self._quick_deaths = self._quick_deaths + 1 if quick else 0
        if self._quick_deaths < MOST_QUICK_DEATHS:
            self._again()
        else:
            # They die as soon as they start: trying at once for ever would only make the PC slow.
            QTimer.singleShot(PAUSE_MILLISECONDS, self._again)

    def _again(self) -> None:
        if self._closing:
            return
        for process in (self._sign_in, self._desk):
            if process is not None:
                process.finished.disconnect()
                if process.state() is not QProcess.ProcessState.NotRunning:
                    process.kill()
                    process.waitForFinished(1000)
                process.deleteLater()
        self.start()


def command() -> list[str]:
    """How to start this program again: itself when frozen, else the interpreter with the package."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "livingwell_desktop"]


def tray(application: QApplication, keeper: Keeper, icon: QIcon) -> QSystemTrayIcon | None:
    """Say that the program lives in the tray, where there is one."""
    if not QSystemTrayIcon.isSystemTrayAvailable():
        return None
    shown = QSystemTrayIcon(icon, application)
    shown.setToolTip("Living Well Desktop")
    menu = QMenu()
    leave = QAction("Close Living Well Desktop", menu)
    leave.triggered.connect(keeper.close)
    menu.addAction(leave)
    shown.setContextMenu(menu)
    shown.show()
    return shown


def _text(process: QProcess) -> str:
    return bytes(process.readAllStandardError().data()).decode("utf-8", "replace")
