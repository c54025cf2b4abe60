"""The command line: `livingwell-desktop` starts the keeper; the keeper starts `sign-in`, `desk` and `waiting-room`."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one of the processes and return its exit code."""
    parser = argparse.ArgumentParser(prog="livingwell-desktop")
    parser.add_argument("process", nargs="?", choices=("keeper", "sign-in", "desk", "waiting-room"), default="keeper")
    parser.add_argument("--folder", type=Path, help="the desk's folder, when it is not this user's own")
    given = parser.parse_args(arguments)
    # Each process imports only what is its own: sign-in must be there at once, and the keeper knows no records.
    from livingwell_desktop.app.no_dumps import no_core_dumps

    no_core_dumps()
    from livingwell_desktop.app.process import default_folder
    from livingwell_desktop.domain.errors import Problem
    from livingwell_desktop.settings import DeskFolder

    folder = DeskFolder(given.folder) if given.folder else default_folder()
    try:
        if given.process == "keeper":
            from livingwell_desktop.app.keeping import run_keeper

            return run_keeper(folder.path)
        if given.process == "sign-in":
            from livingwell_desktop.app.signing_in import run_sign_in

            return run_sign_in(folder)
        if given.process == "waiting-room":
            from livingwell_desktop.app.waiting_room import run_waiting_room

            return run_waiting_room(folder)
        from livingwell_desktop.app.desk import run_desk

        return run_desk(folder)
    except Problem as problem:
        sys.stderr.write(f"{problem.words}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
