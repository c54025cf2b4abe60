"""The screen in the waiting room: what it says, that nothing is cut off, and when it says that it is old."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from livingwell_desktop.app.waiting_room import chosen_screen, show_lines
from livingwell_desktop.domain.public_board import PublicBoard, PublicCall, write_board
from livingwell_desktop.ui.waiting_room import WaitingRoomWindow
from livingwell_desktop.ui.widgets import theme
from tests.conftest import StillClock

BOARD = PublicBoard((PublicCall("A12", "Room 2"), PublicCall("B03", "")), ("A13", "A14"), 3)


class SaidLines(QObject):
    """Lines that come when a test says so."""

    heard = Signal(bytes)
    ended = Signal()


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.prepare(qapp)
    yield
    theme.set_dark(False)


@pytest.fixture
def window(qtbot: QtBot, clock: StillClock) -> WaitingRoomWindow:
    made = WaitingRoomWindow("Centre A", clock)
    qtbot.addWidget(made)
    made.show()
    return made


def test_before_the_first_desk_is_open_it_asks_to_wait(window: WaitingRoomWindow) -> None:
    assert "Nobody is called yet." in window.words()
    assert "Please wait. Staff will call you." in window.words()


def test_it_says_whose_turn_it_is_where_to_go_and_who_waits(window: WaitingRoomWindow) -> None:
    window.show_board(BOARD)
    said = window.words().split("\n")
    assert said == [
        *("Centre A", "10:43am", "Now", "A12", "Please go to Room 2", "B03 The desk"),
        *("Waiting", "A13", "A14", "and 3 more", ""),
    ]
    assert window.accessibleName() == window.words()


def test_after_a_lock_it_keeps_what_it_shows_and_says_that_it_is_old(
    window: WaitingRoomWindow, clock: StillClock
) -> None:
    window.show_board(BOARD)
    clock.pass_(seconds=89)
    assert window.stale_words() == ""
    clock.pass_(minutes=10)
    window.look()
    assert "A12" in window.words()
    assert window.stale_words() == "Not up to date since 10:43am. Staff will call you."
    window.show_board(BOARD)
    assert window.stale_words() == ""


def test_a_clock_that_is_set_back_does_not_make_it_new(window: WaitingRoomWindow, clock: StillClock) -> None:
    window.show_board(BOARD)
    clock.pass_(minutes=-30)
    assert window.stale_words()


def test_what_is_no_board_is_not_shown(window: WaitingRoomWindow) -> None:
    lines, over = SaidLines(), list[bool]()
    show_lines(lines, window, lambda: over.append(True))  # type: ignore[arg-type]  # as lines do
    lines.heard.emit(write_board(BOARD))
    lines.heard.emit(b"Ngozi Okafor has a problem")
    lines.heard.emit(b'{"calls":[["Ngozi","Room 2"]],"waiting":[],"more":0}')
    assert "A12" in window.words()
    assert "Ngozi" not in window.words()
    assert not over
    lines.ended.emit()
    assert over


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_cut_off(
    window: WaitingRoomWindow, size: tuple[int, int], dark: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.set_dark(dark)
    window.resize(*size)
    calls = tuple(PublicCall("ABCD12345", "The large room on the second floor behind the lift") for _ in range(5))
    window.show_board(PublicBoard(calls, ("ABCD12345",) * 15, 120))
    cut = list[str]()
    draw = QPainter.drawText

    def drawn(painter: QPainter, rect: object, flags: object, words: str) -> None:
        needed = QFontMetricsF(painter.font()).boundingRect(words)
        if needed.width() > rect.width() + 2 or QFontMetricsF(painter.font()).height() > rect.height() * 1.35:  # type: ignore[attr-defined]  # a rectangle
            cut.append(words)
        draw(painter, rect, flags, words)  # type: ignore[call-overload]  # as it came

    monkeypatch.setattr(QPainter, "drawText", drawn)
    assert not window.grab().isNull()
    assert not cut


def test_only_a_screen_that_is_not_the_staffs_is_covered(qapp: QApplication) -> None:
    assert qapp.screens()
    for chosen in ("", "window", "1", "0", "99", "two"):
        assert chosen_screen(chosen) is None
