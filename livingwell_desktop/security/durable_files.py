"""Small private files that are there whole or not at all: keys, slots, wrong tries."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

_PRIVATE = 0o600
_TEMPORARY = ".new"


def private_folder(folder: Path) -> None:
    """Makes the folder, for its owner only (0700). A folder that is there stays as it is: it may be somebody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Writes the file (0600) by a temporary one, fsync, rename, and fsync of the folder. Raises OSError.

    After a power cut the file is the old one or the new one, never half of one.
    """
    private_folder(path.parent)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}{_TEMPORARY}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(temporary, flags, _PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def read_private(path: Path, at_most: int) -> bytes | None:
    """The file's bytes, one more than `at_most` at the most; None when there is no such file. Raises OSError.

    A file that others may read is made private again.
    """
    try:
        with path.open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                path.chmod(_PRIVATE)
            return file.read(at_most + 1)
    except FileNotFoundError:
        return None


def remove(path: Path) -> None:
    """Removes the file for good, if it is there. Raises OSError."""
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot fsync a folder; NTFS journals the rename
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
