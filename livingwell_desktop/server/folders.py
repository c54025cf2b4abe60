"""A server's own folder: the alliance's key, and the embedded database when there is one."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import connect

_KEY_FILE = "alliance.key"
_URL_FILE = "database.url"
_PRIVATE = 0o600


def make_alliance_key(folder: Path, paper: str = "") -> tuple[AllianceKey, str]:
    """Make the alliance's key pair and keep it in a file of ours alone; also the words for the paper copies.

    With the words of a paper copy it is that key. Raises Problem when there is one already, for a second one would
    make strangers of all desks, and when the words are no key.
    """
    alliance, private = _of_paper(paper) if paper else AllianceKey.generate()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(folder / _KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    except FileExistsError as error:
        raise Problem(
            "This server has been set up already",
            f"There is an alliance key in {folder}.",
            "Use “serve”. To begin a new alliance, choose another folder.",
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(private.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return alliance, " ".join(private.hex()[at : at + 8] for at in range(0, 64, 8))


def _of_paper(paper: str) -> tuple[AllianceKey, bytes]:
    try:
        private = bytes.fromhex("".join(paper.split()))
        return AllianceKey(private), private
    except ValueError as error:
        raise Problem(
            "This is not the alliance’s key",
            "The key has 64 letters and digits, in eight groups of eight.",
            "Type it again from the paper copy.",
        ) from error


def read_alliance_key(folder: Path) -> AllianceKey:
    """The alliance's key. Raises Problem when there is none, or not one."""
    try:
        private = bytes.fromhex((folder / _KEY_FILE).read_text(encoding="ascii"))
        return AllianceKey(private)
    except FileNotFoundError as error:
        raise Problem(
            "This server has not been set up", f"There is no alliance key in {folder}.", "Run “init” first."
        ) from error
    except ValueError as error:
        raise Problem(
            "The alliance key is damaged",
            f"The file {_KEY_FILE} in {folder} does not hold a key.",
            "Write the key from one of the two paper copies into it, without spaces.",
        ) from error


@contextmanager
def database_announced(folder: Path, url: str) -> Iterator[None]:
    """While the embedded database runs, other commands of this user find it by a file of ours alone."""
    path = folder / _URL_FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w", encoding="utf-8") as file:
        file.write(url)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def running_database(folder: Path) -> str | None:
    """The URL of the embedded database that another command of ours runs; None when none answers."""
    with contextlib.suppress(FileNotFoundError, psycopg.OperationalError):
        url = (folder / _URL_FILE).read_text(encoding="utf-8")
        connect(url).close()
        return url
    return None
