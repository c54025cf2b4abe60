"""The computer's own lock and sleep lock the desk: said on a real D-Bus, by Windows' messages, or by the clocks.

The real bus is there wherever `dbus-daemon` is installed (Debian and Ubuntu: `dbus`).
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from ctypes import addressof, wintypes
from datetime import timedelta

import pytest
from PySide6.QtCore import ClassInfo, QByteArray, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from livingwell_desktop.app.session_watch import SessionWatch, _WindowsMessages, says_leaving
from tests.conftest import StillClock

Said = tuple[str, str, str, tuple[object, ...]]


class Watched:
    """A window under watch, and how often it was locked."""

    def __init__(self, window: QWidget) -> None:
        self.locked = 0
        self.clock = StillClock()
        self.watch = SessionWatch(window, self._lock, self.clock)

    def _lock(self) -> None:
        self.locked += 1


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    window = QWidget()
    qtbot.addWidget(window)
    found = Watched(window)
    yield found
    found.watch.close()


@ClassInfo({"D-Bus Interface": "org.freedesktop.login1.Manager"})
class LoginManager(QObject):
    """What of the computer's login manager is asked for: sleep waits for as long as the file is open."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = -1

    @Slot(str, str, str, str, result=QDBusUnixFileDescriptor)
    def Inhibit(self, _what: str, _who: str, _why: str, _mode: str) -> QDBusUnixFileDescriptor:
        self.reader, writer = os.pipe()
        os.set_blocking(self.reader, False)
        given = QDBusUnixFileDescriptor(writer)
        os.close(writer)
        return given

    def waits(self) -> bool:
        try:
            return os.read(self.reader, 1) != b""
        except BlockingIOError:
            return True


class Bus:
    """A real bus of its own, with the two ends of a conversation."""

    def __init__(self, address: str) -> None:
        self.here = QDBusConnection.connectToBus(address, "here")
        self.there = QDBusConnection.connectToBus(address, "there")
        self.manager = LoginManager()
        self.there.registerService("org.freedesktop.login1")
        everything = QDBusConnection.RegisterOption.ExportAllSlots
        self.there.registerObject("/org/freedesktop/login1", self.manager, everything)

    def say(self, path: str, interface: str, name: str, *values: object) -> None:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(values))
        assert self.there.send(message)

    def until_heard(self, qtbot: QtBot, watched: "Watched", said: Said) -> None:
        """Say it until it is heard: the bus may hear of the listener later than of the signal."""

        def heard() -> bool:
            self.say(*said[:3], *said[3])
            return watched.locked > 0

        qtbot.waitUntil(heard)

    def end(self) -> None:
        for name in ("here", "there"):
            QDBusConnection.disconnectFromBus(name)


@pytest.fixture
def buses(qapp: object) -> Iterator[list[Bus]]:
    """One real bus, where this computer has the program for it."""
    if shutil.which("dbus-daemon") is None:
        yield []
        return
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as daemon:
        assert daemon.stdout is not None
        found = Bus(daemon.stdout.readline().decode().strip())
        yield [found]
        found.end()
        daemon.terminate()


SAID: list[Said] = [
    ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", (True,)),
    ("/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", "Lock", ()),
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", (True,)),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", (True,)),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: f"{said[1]}.{said[2]}")
def test_the_desk_locks_when_the_session_does(watched: Watched, buses: list[Bus], qtbot: QtBot, said: Said) -> None:
    for bus in buses:
        watched.watch.listen_on(bus.here, bus.here)
        bus.until_heard(qtbot, watched, said)


def test_a_bus_that_is_not_there_says_nothing(watched: Watched) -> None:
    nobody = QDBusConnection("nobody")
    watched.watch.listen_on(nobody, nobody)
    assert watched.locked == 0


def test_waking_and_unlocking_lock_nothing(watched: Watched) -> None:
    for path, interface, name, values in SAID:
        if values:
            message = QDBusMessage.createSignal(path, interface, name)
            message.setArguments([False])
            watched.watch._said(message)
    assert watched.locked == 0


def test_sleep_waits_for_the_desk_to_be_gone(watched: Watched, buses: list[Bus], qtbot: QtBot) -> None:
    for bus in buses:
        watched.watch.listen_on(bus.here, bus.here)
        qtbot.waitUntil(lambda bus=bus: bus.manager.reader >= 0)
        assert bus.manager.waits()
        watched.watch.close()
        qtbot.waitUntil(lambda bus=bus: not bus.manager.waits())
        os.close(bus.manager.reader)


def test_a_computer_that_slept_unnoticed_locks_on_waking(watched: Watched) -> None:
    watched.clock.at += timedelta(seconds=5)  # the clock is put right
    watched.watch._look()
    assert watched.locked == 0
    watched.clock.at += timedelta(hours=1)
    watched.watch._look()
    assert watched.locked == 1
    watched.clock.at += timedelta(hours=1)
    watched.watch._look()
    assert watched.locked == 1


@pytest.mark.parametrize(
    ("message", "word", "locks"), [(0x218, 4, True), (0x2B1, 7, True), (0x218, 7, False), (0x2B1, 8, False)]
)
def test_windows_says_it_by_messages_to_the_window(message: int, word: int, locks: bool) -> None:
    heard: list[bool] = []
    given = wintypes.MSG(message=message, wParam=word)
    reader = _WindowsMessages(lambda: heard.append(True))
    assert reader.nativeEventFilter(QByteArray(b"windows_generic_MSG"), addressof(given)) == (False, 0)
    assert reader.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), addressof(given)) == (False, 0)
    assert bool(heard) == locks == says_leaving(message, word)
