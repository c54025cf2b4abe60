"""The waiting room's process: it reads lines of tickets from its standard input and shows them. It has nothing else."""

import os
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from livingwell_desktop.app.process import application, end_with_keeper, system_clock
from livingwell_desktop.domain.public_board import LONGEST_LINE, read_board
from livingwell_desktop.domain.strict_json import StrictJsonError
from livingwell_desktop.security.handover import standard_input
from livingwell_desktop.settings import DeskFolder, load_card, load_settings
from livingwell_desktop.ui.waiting_room import WaitingRoomWindow
from livingwell_desktop.ui.widgets import theme


class Lines(QObject):
    """Reads on a thread of its own, as no system can wait for a pipe and for a window in the same way."""

    heard = Signal(bytes)
    ended = Signal()

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        threading.Thread(target=self._read, name="tickets", daemon=True).start()

    def _read(self) -> None:
        rest = b""
        while part := os.read(self._descriptor, LONGEST_LINE):
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                self.heard.emit(line)
            rest = rest[: LONGEST_LINE + 1]
        self.ended.emit()


def show_lines(lines: Lines, window: WaitingRoomWindow, end: Callable[[], object]) -> None:
    """Show each line that is a board; anything else is not shown, and what stood there before stays."""

    def show(line: bytes) -> None:
        try:
            window.show_board(read_board(line))
        except StrictJsonError:
            return

    lines.heard.connect(show)
    lines.ended.connect(end)


def run_waiting_room(folder: DeskFolder) -> int:
    """The waiting room's process."""
    given = standard_input()
    running = application()
    settings, card = load_settings(folder.settings), load_card(folder.card)
    theme.set_dark(settings.dark)
    window = WaitingRoomWindow(card.centre if card else "", system_clock)
    screen = chosen_screen(settings.waiting_room)
    if screen is None:
        window.show()
    else:
        window.setGeometry(screen.geometry())
        window.setCursor(Qt.CursorShape.BlankCursor)
        window.showFullScreen()
    lines = Lines(given)
    show_lines(lines, window, running.quit)
    watch = end_with_keeper(running.quit)
    code = running.exec()
    watch.stop()
    return code


def chosen_screen(chosen: str) -> QScreen | None:
    """The screen that the setting names by its number, from 1; None for a window, and for a screen that is not there.

    The first screen is the one that staff sign in at: it is never covered.
    """
    screens = QGuiApplication.screens()
    number = int(chosen) if chosen.isdecimal() else 0
    return screens[number - 1] if 2 <= number <= len(screens) else None
