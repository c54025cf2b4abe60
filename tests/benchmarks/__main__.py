"""`python -m tests.benchmarks [NAME]`: the measurements. Without a name, all of them."""

import importlib
import sys

NAMES = ("desk", "security", "sync")


def main(arguments: list[str]) -> int:
    """Run one measurement, or all, and return 0 when every must was met."""
    if arguments and arguments[0] not in NAMES:
        sys.stderr.write(f"There is no measurement called {arguments[0]}. There are: {', '.join(NAMES)}.\n")
        return 2
    chosen = (arguments[0],) if arguments else NAMES
    return max([importlib.import_module(f"tests.benchmarks.{name}").main(arguments[1:]) for name in chosen])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
