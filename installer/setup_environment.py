"""Makes a bare checkout runnable: a virtual environment of its own with the locked dependencies. Standard library only.

What was installed is remembered in a stamp inside the environment, so that the next run starts at once.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from installer import system_libraries
from installer.progress import Steps, stop

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCKED = ROOT / "installer" / "locked" / "development.txt"
STAMP = ENVIRONMENT / "livingwell-installed.json"


def environment_python() -> Path:
    """Where the interpreter of the project's own environment is, whether or not it has been made yet."""
    if sys.platform == "win32":
        return ENVIRONMENT / "Scripts" / "python.exe"
    return ENVIRONMENT / "bin" / "python"


def set_up() -> Path:
    """Make the environment ready and return its interpreter; takes milliseconds when nothing has changed.

    Raises SystemExit with a message for the person when it cannot be made.
    """
    python = environment_python()
    wanted = _fingerprint()
    if python.is_file() and _installed() == wanted:
        return python
    print(f"Setting up in {ENVIRONMENT} (once; a later run skips this)", flush=True)
    steps = Steps(4)
    absent = _system_libraries(steps)
    _virtual_environment(steps)
    _dependencies(steps, python)
    _try_qt(steps, python, absent)
    STAMP.write_text(json.dumps({"locked": wanted}) + "\n", encoding="utf-8")
    return python


def _fingerprint() -> str:
    return hashlib.sha256(LOCKED.read_bytes()).hexdigest()


def _installed() -> str | None:
    """The fingerprint of what was installed last, or None when that did not come to its end."""
    try:
        return str(json.loads(STAMP.read_text(encoding="utf-8"))["locked"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _system_libraries(steps: Steps) -> list[str]:
    """Get the libraries Qt needs where we may. Returns the packages that are still missing."""
    steps.begin("Looking for the system libraries Qt needs")
    packages = system_libraries.missing_packages()
    if not packages:
        steps.done("all there")
        return []
    if sys.platform != "win32" and os.geteuid() == 0:
        steps.note(f"installing with apt-get: {' '.join(packages)}")
        problem = system_libraries.install(packages)
        if not problem:
            steps.done("installed")
            return []
        steps.note("apt-get could not install them: " + problem.strip().splitlines()[-1])
        print(flush=True)
    steps.done(f"{len(packages)} missing")
    print(f"    An administrator can add them with:\n    {system_libraries.install_command(packages)}", flush=True)
    return packages


def _virtual_environment(steps: Steps) -> None:
    steps.begin("Making the virtual environment")
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stop(
            f"This Python {version} cannot make virtual environments: its venv part is not installed.\n"
            f"On Debian and Ubuntu an administrator can add it with:\n    sudo apt-get install python{version}-venv"
        )
    if _usable(environment_python()):
        steps.done("kept the one that is there")
        return
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    venv.EnvBuilder(with_pip=True, symlinks=os.name == "posix").create(ENVIRONMENT)
    steps.done()


def _usable(python: Path) -> bool:
    """Whether an earlier environment still runs and has pip: its Python may have been upgraded, or it was half made."""
    if not python.is_file():
        return False
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _dependencies(steps: Steps, python: Path) -> None:
    """Install exactly the locked files: pip checks each against its hash, and nothing is built from source."""
    total = LOCKED.read_text(encoding="utf-8").count("==")
    steps.begin(f"Fetching and installing about {total} locked packages (350 MB the first time)")
    STAMP.unlink(missing_ok=True)
    command = [str(python), "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-input", "--disable-pip-version-check", "--progress-bar", "off", "-r", str(LOCKED)]
    said: list[str] = []
    found = 0
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                found += 1
                if found % 15 == 0:
                    steps.note(f"{found} of {total} found")
            elif line.startswith("Installing collected"):
                steps.note("all found, installing")
    if pip.returncode != 0:
        stop(
            "".join(said[-30:])
            + "\nThe dependencies could not be installed. Is there a connection to the package index?"
        )
    steps.done()


def _try_qt(steps: Steps, python: Path, absent: list[str]) -> None:
    """Stop when Qt cannot be loaded, whatever the list of packages says: only the real import counts."""
    steps.begin("Trying Qt")
    run = subprocess.run(
        [python, "-c", "import PySide6.QtWidgets, PySide6.QtPdf, PySide6.QtSvg, PySide6.QtPrintSupport"],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        advice = "A system library that Qt needs is missing."
        if absent:
            advice += f" An administrator can add them with:\n    {system_libraries.install_command(absent)}"
        stop(run.stderr.strip() + "\n\n" + advice)
    steps.done("it loads")
