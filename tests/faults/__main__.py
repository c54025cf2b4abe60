"""The schedules of faults as a command: `installer/dev.py faults [--schedules N] [--from NUMBER] [--go-on] [--seeded]`.

    --schedules N    that many (5,000), in parts of at most 100
    --from NUMBER    those that follow from this number; without it from one that is chosen anew each time. Each part
                     says what repeats it
    --go-on          past a part in which a statement was broken, without shortening its schedule (minutes each); all
                     such parts are listed at the end
    --seeded         instead: each fault of the kept list is sown, and must be caught

The last line says what ran and what was found. The exit code is 0 when all statements held, or all faults were caught.
"""

import argparse
import logging
import secrets
import sys
import tempfile
import time
import traceback
from pathlib import Path

import livingwell_desktop.domain.catalogue  # noqa: F401 - declares every kind
from tests.faults.machine import STEPS
from tests.faults.running import own_ground, run_schedules
from tests.faults.seeded import FAULTS, WITHIN, caught

NOTHING = "no statement was broken"
PART = 100
"""So many schedules follow from one number: a failure can be looked at again in two minutes."""


def main(arguments: list[str]) -> int:
    """Run, and say what was found."""
    parser = argparse.ArgumentParser(prog="dev.py faults", allow_abbrev=False)
    parser.add_argument("--schedules", type=int, default=5000)
    parser.add_argument("--from", type=int, dest="beginning", default=secrets.randbelow(10**9))
    parser.add_argument("--go-on", action="store_true")
    parser.add_argument("--seeded", action="store_true")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # a schedule kills the server on purpose, again and again
    with tempfile.TemporaryDirectory(prefix="livingwell-faults-") as folder:
        if options.seeded:
            return _seeded(Path(folder))
        return _schedules(Path(folder), options.schedules, options.beginning, go_on=options.go_on)


def _schedules(folder: Path, number: int, beginning: int, *, go_on: bool) -> int:
    begun, broken = time.monotonic(), dict[int, str]()
    with own_ground(folder / "postgres") as ground:
        for start in range(0, number, PART):
            size, part = min(PART, number - start), beginning + start // PART
            try:
                run_schedules(ground, size, beginning=part, shorten=not go_on)
            except Exception as error:  # noqa: BLE001 - this command is there to say what went wrong
                traceback.print_exc()
                broken[part] = " ".join(f"{type(error).__name__}: {error}".split())
                _say(f"again: python3 installer/dev.py faults --schedules {size} --from {part}")
                if not go_on:
                    break
            else:
                _say(f"{start + size} held; the last {size}: --schedules {size} --from {part}")
        seconds = time.monotonic() - begun
        for part, how in broken.items():
            _say(f"broken by --from {part}: {how}")
        found = f"parts broken: {len(broken)}, first {min(broken)}: {broken[min(broken)]}" if broken else NOTHING
        _say(
            f"{ground.schedules} schedules of {STEPS} steps in {seconds:.0f} s, {ground.killed} desks and"
            f" {ground.counter.killed} servers killed: {found}"
        )
    return 1 if broken else 0


def _seeded(folder: Path) -> int:
    missed = 0
    with own_ground(folder / "postgres") as ground:
        for fault in FAULTS:
            how = caught(ground, fault)
            missed += how is None
            words = f"NOT CAUGHT in {WITHIN}" if how is None else f"after {how.schedules} schedules: {how.how}"
            _say(f"{fault.name:30} {words}")
    _say(f"{len(FAULTS) - missed} of {len(FAULTS)} seeded faults were caught within {WITHIN} schedules")
    return 1 if missed else 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
