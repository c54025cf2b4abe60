"""The computer's own session: its lock and its sleep lock the desk too, so that no record lies in a sleeping memory.

Linux says both on D-Bus (login1, and the screen savers of GNOME and KDE), Windows by messages to the window. macOS says
neither to a program like this one; there, and wherever nobody spoke, the wall clock that ran on while the computer's
own did not tells on waking that it slept.
"""

import ctypes
import sys
import time
from collections.abc import Callable
from ctypes import wintypes
from datetime import datetime, timedelta

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import Clock

_LOOK_EVERY_MS = 1000
_ASLEEP = timedelta(seconds=15)
"""By so much the wall clock may be put right without anybody having slept."""

_LOGIN, _LOGIN_PATH, _MANAGER = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
_SYSTEM_SIGNALS = ((_MANAGER, "PrepareForSleep"), ("org.freedesktop.login1.Session", "Lock"))
_SESSION_SIGNALS = (("org.freedesktop.ScreenSaver", "ActiveChanged"), ("org.gnome.ScreenSaver", "ActiveChanged"))

_POWER_MESSAGE, _SUSPENDING = 0x0218, 4
_SESSION_MESSAGE, _SESSION_LOCKED = 0x02B1, 7


class SessionWatch(QObject):
    """Calls `lock` once, in Qt's loop, when the computer's session is locked or about to sleep, until `close`."""

    def __init__(self, window: QWidget, lock: Callable[[], None], clock: Clock) -> None:
        super().__init__(window)  # which keeps it: it lets go of the computer's sleep when the process ends
        self._lock, self._clock = lock, clock
        self._over = False
        self._asking: QDBusPendingCallWatcher | None = None
        self._messages: _WindowsMessages | None = None
        if sys.platform == "win32":
            self._messages = _WindowsMessages(self.heard)
            self._messages.begin(window)
        else:
            self.listen_on(QDBusConnection.systemBus(), QDBusConnection.sessionBus())
        self._last = self._clocks()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_EVERY_MS)

    def close(self) -> None:
        """Stop watching, and let the computer sleep when it likes."""
        self._over = True
        self._timer.stop()
        if self._asking is not None:
            self._asking.deleteLater()
            self._asking = None
        if self._messages is not None:
            self._messages.end()

    def heard(self) -> None:
        """The session is locked or goes to sleep."""
        if not self._over:
            self._over = True
            self._lock()

    # D-Bus

    def listen_on(self, system: QDBusConnection, session: QDBusConnection) -> None:
        """Listen to whoever speaks of sleep and locks on these buses; one that is not there says nothing."""
        for bus, signals in ((system, _SYSTEM_SIGNALS), (session, _SESSION_SIGNALS)):
            if bus.isConnected():
                for interface, name in signals:
                    # The stubs ask for bytes, which PySide itself refuses.
                    bus.connect("", "", interface, name, self, SLOT("_said(QDBusMessage)"))  # type: ignore[call-overload]
        if system.isConnected():
            self._ask_for_a_moment(system)

    def _ask_for_a_moment(self, system: QDBusConnection) -> None:
        """Have sleep wait until this process has gone: what is handed out lies in the answer, and ends with it."""
        asked = QDBusMessage.createMethodCall(_LOGIN, _LOGIN_PATH, _MANAGER, "Inhibit")
        asked.setArguments(["sleep", "Living Well Desktop", "Records leave memory first", "delay"])
        self._asking = QDBusPendingCallWatcher(system.asyncCall(asked), self)

    @Slot(QDBusMessage)
    def _said(self, message: QDBusMessage) -> None:
        """`Lock` says nothing more; the others say whether it begins or ends."""
        if all(message.arguments()):
            self.heard()

    # The clocks

    def _clocks(self) -> tuple[datetime, float]:
        return self._clock(), time.monotonic()

    def _look(self) -> None:
        before, self._last = self._last, self._clocks()
        passed = timedelta(seconds=self._last[1] - before[1])
        if self._last[0] - before[0] - passed > _ASLEEP:
            self.heard()


def says_leaving(message: int, word: int) -> bool:
    """Whether a message of Windows says that the session is locked or the computer goes to sleep."""
    return (message, word) in ((_POWER_MESSAGE, _SUSPENDING), (_SESSION_MESSAGE, _SESSION_LOCKED))


class _WindowsMessages(QAbstractNativeEventFilter):
    """Reads the window's messages on Windows. Written to the interface's description, not run there yet."""

    def __init__(self, heard: Callable[[], None]) -> None:
        super().__init__()
        self._heard = heard

    def begin(self, window: QWidget) -> None:
        """Ask to be told of the session's lock; of sleep every window is told."""
        application = QCoreApplication.instance()
        if sys.platform == "win32" and application is not None:
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(wintypes.HWND(int(window.winId())), 0)
            application.installNativeEventFilter(self)

    def end(self) -> None:
        """Read no more."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        """Never takes a message away: Qt and the window get each of them."""
        if bytes(kind) == b"windows_generic_MSG":  # type: ignore[arg-type]  # every one of the four makes bytes
            found = wintypes.MSG.from_address(int(message))
            if says_leaving(found.message, found.wParam):
                self._heard()
        return False, 0
