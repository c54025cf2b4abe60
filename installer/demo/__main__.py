"""The demo: a central server on loopback, a made-up alliance, and the real windows.

python -m installer.demo [--desks N] [--tour DIR]
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import platformdirs

from installer.demo.accounts import demo_passphrase
from installer.demo.alliance import LISTED_FIRST, build
from installer.demo.central import start_central
from installer.demo.desks import DESKS, make_desks
from livingwell_desktop import VERSION
from livingwell_desktop.app.network import set_up_way
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.settings import DeskFolder


def main() -> int:
    """Run the demo or its tour."""
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--desks", type=int, default=1)
    parser.add_argument("--tour", type=Path)
    given = parser.parse_args()
    if given.tour:
        from installer.demo.tour import run_tour

        with tempfile.TemporaryDirectory(prefix="livingwell-tour-") as folder:
            return run_tour(Path(folder), given.tour, _say)
    try:
        return run_demo(given.desks)
    except Problem as problem:
        _say(problem.words)
        return 1


def run_demo(desks: int) -> int:
    """Set up once a day, then open the windows. Everything lies in this user's data folder and can be deleted."""
    root = Path(platformdirs.user_data_dir("livingwell-desktop-demo", "livingwell"))
    stamp, wanted = root / "made-on", f"{VERSION} {_today()}"
    fresh = not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted
    if fresh and root.exists():
        _say("The demo is of another day: it is made anew, with today’s board.")
        shutil.rmtree(root)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    _say("Starting the central server (real PostgreSQL, on this PC only)")
    central = start_central(root / "server", _now)
    try:
        folders = [DeskFolder(root / name.lower().replace(" ", "-")) for name in DESKS]
        if fresh:
            _say("Making the alliance: three centres, four organisations, 40 staff, 500 people")
            make_desks(root, central, build(_today(), _now()), DESKS[:2], _now, _say)
            stamp.write_text(wanted, encoding="utf-8")
        for folder in folders[:2]:
            # The server takes a free port each time; a real desk has a fixed address.
            set_up_way(folder, server_url=central.server.url)
        _say("Sign in as any of these; the passphrase of all is: " + demo_passphrase())
        for name in LISTED_FIRST:
            _say(f"    {name}")
        return _open_windows(folders[: max(1, min(desks, 2))])
    finally:
        central.close()


def _open_windows(folders: list[DeskFolder]) -> int:
    keepers = [
        subprocess.Popen([sys.executable, "-m", "livingwell_desktop", "keeper", "--folder", str(folder.path)])
        for folder in folders
    ]
    try:
        codes = [keeper.wait() for keeper in keepers]
    except KeyboardInterrupt:
        for keeper in keepers:
            keeper.terminate()
        codes = [keeper.wait() for keeper in keepers]
    return max(codes)


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return local_day(_now())


_begun = monotonic()


def _say(words: str) -> None:
    print(f"{monotonic() - _begun:6.1f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
