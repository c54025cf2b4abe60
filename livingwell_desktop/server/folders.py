"""A server's own folder: the alliance's key, and the embedded database when there is one."""

import contextlib
import os
import secrets
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
    """Make the alliance's key pair and keep it; also the words for the paper copies. Raises as the two parts of it."""
    alliance, private = new_alliance_key(folder, paper)
    keep_alliance_key(folder, private)
    return alliance, words_of_key(private)


def new_alliance_key(folder: Path, paper: str = "") -> tuple[AllianceKey, bytes]:
    """The alliance's key pair, not kept yet, with its private bytes. With the words of a paper copy it is that key.

    Raises Problem when there is one already, for a second one would make strangers of all desks, and when the words are
    no key.
    """
    if (folder / _KEY_FILE).exists():
        raise _set_up_already(folder)
    return _of_paper(paper) if paper else AllianceKey.generate()


def keep_alliance_key(folder: Path, private: bytes) -> None:
    """Keep it in a file of ours alone, which is there whole or not at all. Raises Problem when there is one already.

    Without it there is no server: it is written when everything else is ready.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f"{_KEY_FILE}.{secrets.token_hex(4)}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(private.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link and no renaming: that would take the place of a key that another command made meanwhile.
        os.link(unfinished, folder / _KEY_FILE)
    except FileExistsError as error:
        raise _set_up_already(folder) from error
    finally:
        unfinished.unlink()


def words_of_key(private: bytes) -> str:
    """The words for the paper copies."""
    return " ".join(private.hex()[at : at + 8] for at in range(0, 64, 8))


def _set_up_already(folder: Path) -> Problem:
    return Problem(
        "This server has been set up already",
        f"There is an alliance key in {folder}.",
        "Use “serve”. To begin a new alliance, choose another folder.",
    )


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
