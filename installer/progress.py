"""Plain numbered lines that say what is being done and how long it took. Standard library only."""

import sys
import time


class Steps:
    """A numbered run of steps, shown as `2/4 Making the virtual environment ... 3.1 s`."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._number = 0
        self._started = 0.0

    def begin(self, what: str) -> None:
        """Say that the next step begins. The line stays open until `done` or `note`."""
        self._number += 1
        self._started = time.monotonic()
        print(f"{self._number}/{self._total} {what} ...", end="", flush=True)

    def note(self, detail: str) -> None:
        """Say on a line of its own how far the present step has come."""
        print(f"\n    {detail}", end="", flush=True)

    def done(self, outcome: str = "") -> None:
        """Close the step with its seconds and, if there is more to say, how it came out."""
        seconds = time.monotonic() - self._started
        print(f" {outcome + ', ' if outcome else ''}{seconds:.1f} s", flush=True)


def stop(message: str) -> None:
    """Print a message for the person and end the run.

    Raises SystemExit with code 1, always.
    """
    print(f"\n\n{message}", file=sys.stderr, flush=True)
    raise SystemExit(1)
