"""The command line: `livingwell-desktop` starts the keeper; the keeper starts `sign-in` and `desk`."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one of the three processes and return its exit code."""
    parser = argparse.ArgumentParser(prog="livingwell-desktop")
    parser.add_argument("process", nargs="?", choices=("keeper", "sign-in", "desk"), default="keeper")
    parser.add_argument("--folder", type=Path, help="the desk's folder, when it is not this user's own")
    given = parser.parse_args(arguments)
    from livingwell_desktop import app
    from livingwell_desktop.domain.errors import Problem
    from livingwell_desktop.settings import DeskFolder

    folder = DeskFolder(given.folder) if given.folder else app.default_folder()
    run = {"keeper": app.run_keeper, "sign-in": app.run_sign_in, "desk": app.run_desk}[given.process]
    try:
        return run(folder)
    except Problem as problem:
        sys.stderr.write(f"{problem.title}. {problem.what_happened} {problem.what_to_do}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
