"""A fresh PC that joins, as a process of its own, so that it can be killed in the middle of its first download.

    python -m tests.faults.joiner FOLDER SERVER CODE

It says how far the download is after each page, and `joined` at its end.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from livingwell_desktop.app.enrolling import Enrolling
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.settings import DeskFolder

NOW = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


def main() -> None:
    folder, server, code = sys.argv[1:]
    Enrolling(DeskFolder(Path(folder)), lambda: NOW, FLOOR).join(server, code, "Room 2 desk", _say)
    _say("joined")


def _say(words: str) -> None:
    if words:
        os.write(1, f"{words}\n".encode())


if __name__ == "__main__":
    main()
