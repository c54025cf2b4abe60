#!/usr/bin/env python3
"""Runs Living Well Desktop from a bare checkout: needs Python 3.11 or later with pip and venv, and nothing else.

    python3 installer/dev.py demo [--desks N] [--tour DIR]   a central server, a made-up alliance, and the window
    python3 installer/dev.py test [--fast] [ARGUMENTS…]      the tests; --fast is the part that takes under a minute
    python3 installer/dev.py bench [NAME]                    the measurements
    python3 installer/dev.py faults [--schedules N] [--from NUMBER] [--seeded]
                                                             schedules of faults against the promises of the sync
    python3 installer/dev.py lint                            style, formatting, types, import contracts
    python3 installer/dev.py lock [--upgrade]                write installer/locked/ again from pyproject.toml
    python3 installer/dev.py sbom [--offline]                what it is made of (CycloneDX), and known faults of that

Standard library only, because it runs before anything is installed.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:
    sys.exit(f"Living Well Desktop needs Python 3.11 or later; this is {sys.version.split()[0]}.")

ROOT = Path(__file__).resolve().parent.parent
# Run as a script, Python looks for modules in installer/; the project's import root is the checkout.
sys.path[0] = str(ROOT)

from installer.progress import stop  # noqa: E402 - only importable after the line above
from installer.setup_environment import set_up  # noqa: E402 - the same

# Whole journeys and measurements: what `--fast` leaves out besides the tests marked slow.
SLOW_ROOMS = ("tests/journeys", "tests/benchmarks")
MOST_AT_ONCE = 4
"""Each has a database server and windows of its own."""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    options, further = _parser().parse_known_args(arguments)
    if further and options.command == "lint":
        _parser().error(f"lint takes no arguments: {' '.join(further)}")
    if options.command == "demo" and options.tour is None and not _has_display():
        stop("There is no display here to open a window on.\n`dev.py demo --tour DIR` runs the demo without one.")
    if options.command == "demo" and options.tour is not None:
        further = ["--tour", str(Path(options.tour).resolve()), *further]
    python = set_up()
    environment = os.environ.copy()
    if options.command in ("test", "bench") or (options.command == "demo" and options.tour is not None):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return _run([str(python), *_command(options, further)], environment)


def _command(options: argparse.Namespace, further: list[str]) -> list[str]:
    """What the environment's Python is to run."""
    if options.command == "demo":
        return ["-m", "installer.demo", "--desks", str(options.desks), *further]
    if options.command == "test":
        fast = ["-m", "not slow", *(f"--ignore={room}" for room in SLOW_ROOMS)] if options.fast else []
        # All of them, a file at a time on each core; who names some wants to see them one after the other.
        beside = [] if further else ["-n", str(min(MOST_AT_ONCE, os.cpu_count() or 1)), "--dist", "loadfile"]
        return ["-m", "pytest", *fast, *beside, *further]
    if options.command == "bench":
        return ["-m", "tests.benchmarks", *([options.name] if options.name else []), *further]
    if options.command == "faults":
        return ["-m", "tests.faults", *further]
    return ["-m", f"installer.{options.command}", *further]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py", description="Set up Living Well Desktop from a bare checkout, and run it.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", allow_abbrev=False, help="a central server, a made-up alliance, and the window")
    demo.add_argument("--desks", type=int, choices=(1, 2), default=1, help="how many desks to open (1)")
    demo.add_argument("--tour", metavar="DIR", help="drive the windows without a display; leave pictures in DIR")
    test = commands.add_parser(
        "test", allow_abbrev=False, help="the tests; other arguments go to pytest", add_help=False
    )
    test.add_argument("--fast", action="store_true", help="only what takes under a minute")
    bench = commands.add_parser("bench", allow_abbrev=False, help="the measurements")
    bench.add_argument("name", nargs="?", help="desk, security or sync; then figures or parts of it")
    commands.add_parser(
        "faults", allow_abbrev=False, add_help=False, help="schedules of faults against the promises of the sync"
    )
    commands.add_parser("lint", allow_abbrev=False, help="style, formatting, types, import contracts")
    commands.add_parser("lock", allow_abbrev=False, help="write installer/locked/ again; --upgrade for newer versions")
    commands.add_parser(
        "sbom", allow_abbrev=False, add_help=False, help="what it is made of (CycloneDX); are faults of that known?"
    )
    return parser


def _has_display() -> bool:
    """Whether a window can be shown: Windows and macOS always can, elsewhere it takes X11 or Wayland."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run the command in the checkout and give back its exit code (128 + the signal when a signal ended it)."""
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                # The terminal sent the same signal to the command: let it end in its own way.
                continue
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        # While setting up: the stamp is written last, so the next run takes up where this one was stopped.
        raise SystemExit(130) from None
