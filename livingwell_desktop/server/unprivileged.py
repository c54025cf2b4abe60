"""Who runs the database when root starts it, and where that user may work. No folder that was there is widened."""

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from livingwell_desktop.domain.errors import Problem

# PostgreSQL refuses to run as root and needs a user with a name. An administrator may make the first one.
_ACCOUNTS = ("livingwell", "nobody")
SYSTEM_FOLDER = "livingwell-desktop"
_SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - only used after its owner and mode are checked


@dataclass(frozen=True, slots=True)
class Account:
    """An ordinary user of this computer, by number."""

    uid: int
    gid: int


def account_for(cluster: Path) -> Account | None:
    """The user to run a cluster as: its owner, or an unprivileged one; None when we are not root and run it ourselves.

    Raises Problem when root starts it and this computer has no such user.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    if cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Problem(
        "The database cannot start",
        "It may not run as root, and this computer has no user called livingwell or nobody.",
        "Make a user called livingwell, or start the program as an ordinary user.",
    )


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of a file or folder that we have just made."""
    if sys.platform != "win32" and account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may pass through every folder down to this one, and read what is there if it is not one."""
    real = path.resolve()
    wanted = stat.S_IXOTH if real.is_dir() else stat.S_IROTH | stat.S_IXOTH
    return _allowed(real, account, wanted) and all(_allowed(folder, account, stat.S_IXOTH) for folder in real.parents)


def readable(folder: Path, account: Account) -> bool:
    """Whether the account may list a folder as well as reach it."""
    return reachable(folder, account) and _allowed(folder.resolve(), account, stat.S_IROTH | stat.S_IXOTH)


def system_folder(account: Account) -> Path:
    """A folder of ours in a place of the system that the account can enter; only root can write there.

    Raises Problem when there is no such place.
    """
    for place in _SYSTEM_FOLDERS:
        if not place.is_dir() or not reachable(place, account):
            continue
        ours = place.resolve() / SYSTEM_FOLDER
        try:
            ours.mkdir(mode=0o700)
            # New, empty and ours: others may pass through it, but not look around.
            ours.chmod(0o711)
        except FileExistsError:
            pass
        found = ours.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022 and reachable(ours, account):
            return ours
    raise Problem(
        "The database cannot start",
        "Started by root, it runs as an ordinary user, and there is no system folder that user can enter.",
        "Start the program as an ordinary user.",
    )


def _allowed(path: Path, account: Account, wanted_of_others: int) -> bool:
    """Whether the mode gives the account the wanted rights, written as they are for others."""
    found = path.stat()
    if found.st_uid == account.uid:
        shift = 6
    elif found.st_gid == account.gid:
        shift = 3
    else:
        shift = 0
    return found.st_mode & (wanted_of_others << shift) == wanted_of_others << shift
