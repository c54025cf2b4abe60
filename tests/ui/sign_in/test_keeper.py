"""The keeper joins sign-in's output to the desk's input, and starts sign-in again whenever a desk ends."""

import json
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from livingwell_desktop.ui.sign_in.keeper import CANNOT_GO_ON, QUIT, SIGNED_IN, Keeper

STAND_IN = Path(__file__).parent / "stand_in.py"


@pytest.fixture
def run(tmp_path: Path, qtbot: QtBot):  # noqa: ANN201 - a function
    def keep(*turns: tuple[str, int]) -> list[str]:
        """Let sign-in be started with these outcomes, then closed; what the desks read, in order."""
        script = tmp_path / "script.json"
        script.write_text(json.dumps([*turns, ["", QUIT]]), encoding="utf-8")
        keeper = Keeper(tmp_path, [sys.executable, str(STAND_IN), str(script)])
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
