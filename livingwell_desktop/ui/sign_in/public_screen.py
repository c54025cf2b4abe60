"""The keeper's part of the waiting room's screen: a process of its own, which gets the desk's lines and nothing else.

The keeper passes the newest line on as it is. A lock ends the desk; the screen stays, and so does what it shows.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, QTimer

LONGEST_LINE = 4096
"""As in `domain/public_board.py`, of which the keeper knows nothing."""
_AGAIN_MILLISECONDS = 5_000
_PERSON_CLOSED_IT = 0


class PublicScreen(QObject):
    """One process for the screen, started anew when it crashes and not when somebody closed it."""

    def __init__(self, make: Callable[[], QProcess], command: list[str], again: int = _AGAIN_MILLISECONDS) -> None:
        super().__init__()
        self._make, self._command, self._again = make, command, again
        self._process: QProcess | None = None
        self._rest = self._line = b""
        self._wanted = False

    def want(self, wanted: bool) -> None:
        """Have a screen or none. Asked at each start of sign-in, so that a changed setting counts from then on."""
        self._wanted = wanted
        if wanted and self._process is None:
            self._start()
        elif not wanted:
            self.close()

    def follow(self, desk: QProcess) -> None:
        """Pass on what that desk prints: lines of tickets."""
        self._rest = b""
        desk.readyReadStandardOutput.connect(lambda: self._heard(bytes(desk.readAllStandardOutput().data())))

    def close(self) -> None:
        """End the screen."""
        self._wanted = False
        process, self._process = self._process, None
        if process is None:
            return
        process.finished.disconnect()
        process.closeWriteChannel()
        if not process.waitForFinished(2000):
            process.kill()
            process.waitForFinished(1000)
        process.deleteLater()

    def process_id(self) -> int:
        """The screen's process; 0 when there is none."""
        return int(self._process.processId()) if self._process else 0

    def _start(self) -> None:
        if not self._wanted or self._process is not None:
            return
        process = self._process = self._make()
        process.finished.connect(self._ended)
        process.start(self._command[0], self._command[1:])
        if self._line:
            process.write(self._line)

    def _heard(self, said: bytes) -> None:
        *lines, self._rest = (self._rest + said).split(b"\n")
        self._rest = self._rest[: LONGEST_LINE + 1]
        whole = [line for line in lines if len(line) < LONGEST_LINE]
        if whole:
            self._line = whole[-1] + b"\n"
            if self._process is not None:
                self._process.write(self._line)

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._process is not None:
            self._process.deleteLater()
        self._process = None
        if status is QProcess.ExitStatus.CrashExit or code != _PERSON_CLOSED_IT:
            QTimer.singleShot(self._again, self, self._start)
