"""One program at a time works in a desk's folder."""

import os
import subprocess
import sys
from pathlib import Path

from livingwell_desktop.app.keeping import only_keeper

HOLDER = """
import sys
from pathlib import Path
from livingwell_desktop.app.keeping import only_keeper
lock = only_keeper(Path(sys.argv[1]))
print("has it" if lock else "has it not", flush=True)
sys.stdin.read()
"""


def test_a_second_program_on_the_same_folder_starts_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    first = only_keeper(folder)
    assert first is not None
    assert only_keeper(folder) is None
    assert only_keeper(tmp_path / "another desk") is not None
    first.unlock()
    again = only_keeper(folder)
    assert again is not None
    again.unlock()


def test_a_program_that_was_killed_holds_nobody_up(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "has it\n"
        assert only_keeper(tmp_path) is None
        holder.kill()
        holder.wait(20)
    lock = only_keeper(tmp_path)
    assert lock is not None
    lock.unlock()
