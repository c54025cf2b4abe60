"""The keeper joins sign-in's output to the desk's input, and starts sign-in again whenever a desk ends."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from livingwell_desktop.ui.sign_in.keeper import CANNOT_GO_ON, QUIT, SIGNED_IN, Keeper
from livingwell_desktop.ui.sign_in.public_screen import PublicScreen

STAND_IN = Path(__file__).parent / "stand_in.py"


@pytest.fixture
def run(tmp_path: Path, qtbot: QtBot):  # noqa: ANN201 - a function
    def keep(*turns: tuple[str, int], screen: bool = False) -> list[str]:
        """Let sign-in be started with these outcomes, then closed; what the desks read, in order."""
        script = tmp_path / "script.json"
        script.write_text(json.dumps([*turns, ["", QUIT]]), encoding="utf-8")
        keeper = Keeper(tmp_path, [sys.executable, str(STAND_IN), str(script)], lambda: screen)
        with qtbot.waitSignal(keeper.ended, timeout=30_000):
            keeper.start()
        read = tmp_path / "read-by-desk"
        return [line for line in read.read_text(encoding="ascii").splitlines() if line] if read.exists() else []

    return keep


def test_the_key_goes_from_sign_in_to_the_desk(run) -> None:  # noqa: ANN001 - the fixture above
    assert run(("the key", SIGNED_IN)) == ["the key"]


def test_after_a_lock_somebody_else_can_sign_in(run) -> None:  # noqa: ANN001 - the fixture above
    assert run(("rosa's key", SIGNED_IN), ("maya's key", SIGNED_IN)) == ["rosa's key", "maya's key"]


def test_a_sign_in_that_crashes_is_started_again(run) -> None:  # noqa: ANN001 - the fixture above
    assert run(("", 3), ("", 3), ("the key", SIGNED_IN)) == ["the key"]


def test_a_pc_that_is_no_desk_is_told_once_and_the_program_ends(run) -> None:  # noqa: ANN001 - the fixture above
    assert run(("", CANNOT_GO_ON), ("never", SIGNED_IN)) == []


def test_closing_sign_in_ends_the_program_and_the_waiting_desk(run) -> None:  # noqa: ANN001 - the fixture above
    assert run() == []


def test_the_waiting_rooms_screen_lives_through_locks_and_gets_the_desks_lines(run, tmp_path: Path) -> None:  # noqa: ANN001 - the fixture above
    run(("rosa", SIGNED_IN), ("maya", SIGNED_IN), screen=True)
    read = (tmp_path / "read-by-screen").read_text(encoding="ascii").splitlines()
    assert read == ["started", "tickets of rosa", "tickets of maya", "ended"]


def test_without_the_setting_there_is_no_screen(run, tmp_path: Path) -> None:  # noqa: ANN001 - the fixture above
    run(("rosa", SIGNED_IN))
    assert not (tmp_path / "read-by-screen").exists()


def test_a_screen_that_crashes_is_started_again_with_what_it_showed(tmp_path: Path, qtbot: QtBot) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps([["rosa", SIGNED_IN], ["", QUIT]]), encoding="utf-8")
    stand_in = [sys.executable, str(STAND_IN), str(script)]

    def made() -> QProcess:
        return QProcess()

    screen, desk = PublicScreen(made, [*stand_in, "waiting-room", "--folder", str(tmp_path)], 10), QProcess()
    desk.start(sys.executable, ["-c", "import sys; sys.stdout.write('A12\\n'); sys.stdout.flush(); sys.stdin.read()"])
    screen.want(True)
    screen.follow(desk)
    read = tmp_path / "read-by-screen"
    try:
        qtbot.waitUntil(lambda: read.exists() and "A12" in read.read_text("ascii"), timeout=20_000)
        first = screen.process_id()
        os.kill(first, signal.SIGTERM)
        qtbot.waitUntil(lambda: read.read_text("ascii").count("A12") == 2, timeout=20_000)
        assert screen.process_id() not in (0, first)
    finally:
        screen.close()
        desk.kill()
        desk.waitForFinished(5000)
    assert read.read_text("ascii").endswith("ended\n")


def test_the_keeper_imports_neither_records_nor_keys() -> None:
    """It could not leak what it never had."""
    import subprocess

    script = (
        "import sys; from livingwell_desktop.app import keeping;"
        "print([n for n in sys.modules if n.startswith('livingwell_desktop.') and n.split('.')[1] in"
        " ('storage', 'security', 'services', 'sync', 'domain')])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
