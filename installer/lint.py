"""The checks that read the code without running it: style, formatting, types, and who may import whom."""

import subprocess
import sys
from pathlib import Path

from installer.progress import Steps

ROOT = Path(__file__).resolve().parent.parent
CHECKS: dict[str, tuple[str, ...]] = {
    "Style (ruff check)": ("-m", "ruff", "check", "."),
    "Formatting (ruff format)": ("-m", "ruff", "format", "--check", "."),
    "Types (mypy --strict)": ("-m", "mypy"),
    # import-linter has no `-m` entry; this is what its own script runs.
    "Import contracts (lint-imports)": (
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])",
    ),
}


def main() -> int:
    """Run every check, show what failed, and return 1 if any did."""
    steps = Steps(len(CHECKS))
    failed = False
    for name, arguments in CHECKS.items():
        steps.begin(name)
        run = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        steps.done("good" if run.returncode == 0 else "FAILED")
        if run.returncode != 0:
            failed = True
            print(run.stdout, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
