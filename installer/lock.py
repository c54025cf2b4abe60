"""Writes the locked dependencies: exact versions with the hashes of every platform's files, for Python 3.11 and later.

The files name no index and no path: pip takes them from whatever index this computer is set up for, and refuses a
file whose hash is another one.
"""

import os
import subprocess
import sys
from pathlib import Path

from installer.progress import Steps

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {"runtime": ("server",), "development": ("server", "test", "lint")}


def main() -> int:
    """Write both files again from pyproject.toml. `--upgrade` takes newer versions; else what is locked stays."""
    steps = Steps(len(EXTRAS))
    for name, extras in EXTRAS.items():
        steps.begin(f"Locking {name}")
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes"]
        command += ["--python-version", "3.11", "--no-emit-index-url", "--no-emit-find-links", "--no-header"]
        command += ["--no-annotate", "--quiet", "--output-file", f"installer/locked/{name}.txt"]
        command += [argument for extra in extras for argument in ("--extra", extra)]
        if name != "runtime":
            command += ["--constraint", "installer/locked/runtime.txt"]
        run = subprocess.run(
            [*command, *sys.argv[1:]],
            cwd=ROOT,
            env=os.environ | _index_of_pip(),
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if run.returncode != 0:
            return run.returncode
        steps.done()
    return 0


def _index_of_pip() -> dict[str, str]:
    """The package index pip is set up for, in the words uv understands, for this run only."""
    if "UV_DEFAULT_INDEX" in os.environ:
        return {}
    for key in ("global.index-url", "install.index-url"):
        asked = subprocess.run(
            [sys.executable, "-m", "pip", "config", "get", key], capture_output=True, text=True, check=False
        )
        if asked.returncode == 0 and asked.stdout.strip():
            return {"UV_DEFAULT_INDEX": asked.stdout.strip()}
    index = os.environ.get("PIP_INDEX_URL")
    return {"UV_DEFAULT_INDEX": index} if index else {}


if __name__ == "__main__":
    raise SystemExit(main())
