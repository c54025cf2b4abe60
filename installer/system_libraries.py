"""The shared libraries of the operating system that Qt's wheels expect, and how Debian and Ubuntu call them.

Found by running `ldd` over the installed wheels in a bare Debian 12; Windows and macOS bring all of theirs. The other
wheels (SQLCipher, psycopg, PostgreSQL, cryptography) need only the C library and zlib. Standard library only.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Library file → Debian package. Ubuntu 24.04 renamed some (libglib2.0-0t64); apt finds those by the old name too.
NEEDED = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libcups.so.2": "libcups2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing_packages() -> list[str]:
    """The Debian packages whose libraries the loader cannot find; empty where apt-get is not the way to get them."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return []
    known = _loadable()
    return sorted({package for library, package in NEEDED.items() if library not in known})


def install_command(packages: list[str]) -> str:
    """The one line an administrator runs to get the packages."""
    return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def install(packages: list[str]) -> str:
    """Install the packages with apt-get, as root. Returns apt's output when that fails, else an empty text."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install_line = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    for command in (["apt-get", "update"], install_line):
        run = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        # A failed update may only mean one unreachable source: what counts is whether the packages can be had.
        if run.returncode != 0 and command is install_line:
            return run.stdout + run.stderr
    return ""


def _loadable() -> set[str]:
    """The file names of the libraries in the loader's cache."""
    # An ordinary user's PATH often lacks the folders where ldconfig lives.
    ldconfig = next((path for path in ("/sbin/ldconfig", "/usr/sbin/ldconfig") if Path(path).exists()), "ldconfig")
    listed = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    return {line.split()[0] for line in listed.splitlines() if "=>" in line}
