"""Start-up gates: what must be true of the program's own parts before it opens anybody's records.

Storage supplies the values; here is only the decision. Stock `sqlite3` accepts `PRAGMA key` and writes plain text
without a word, so an empty cipher version refuses. A gate on a version can be wrong one day, so it opens read-only.
"""

import re
from dataclasses import dataclass
from enum import Enum

from livingwell_desktop.domain.errors import Problem

OLDEST_SQLCIPHER3 = (0, 6, 4)
OLDEST_SQLITE = (3, 51, 3)
"""Older versions have a race that damages the write-ahead log."""


class Consequence(Enum):
    """What a failed gate leaves: nothing, or reading and exporting what was not sent."""

    REFUSE = "refuse"
    READ_ONLY = "read-only, with export of what was not sent"


@dataclass(frozen=True, slots=True)
class FailedGate:
    """A gate that did not open, for the person, and what follows from it."""

    problem: Problem
    consequence: Consequence


def check_database_library(
    sqlcipher3_version: str | None, sqlite_version: str, cipher_version: str | None
) -> tuple[FailedGate, ...]:
    """The gates that fail; none when the database library is as it must be.

    `sqlcipher3_version` is of the installed package, `sqlite_version` what `sqlite_version()` says, `cipher_version`
    what `PRAGMA cipher_version` says. A version that cannot be read fails its gate.
    """
    failed: list[FailedGate] = []
    if not (cipher_version or "").strip():
        failed.append(FailedGate(_not_encrypting(), Consequence.REFUSE))
    if not _at_least(sqlcipher3_version or "", OLDEST_SQLCIPHER3):
        failed.append(_too_old("sqlcipher3", sqlcipher3_version or "unknown", OLDEST_SQLCIPHER3))
    if not _at_least(sqlite_version, OLDEST_SQLITE):
        failed.append(_too_old("SQLite", sqlite_version, OLDEST_SQLITE))
    return tuple(failed)


def _at_least(version: str, oldest: tuple[int, int, int]) -> bool:
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    return found is not None and tuple(int(part or 0) for part in found.groups()) >= oldest


def _not_encrypting() -> Problem:
    return Problem(
        "Living Well Desktop is not installed correctly",
        "The part that encrypts the records is missing, so the program stopped before opening them.",
        "Call the IT help desk and ask them to install Living Well Desktop again.",
    )


def _too_old(part: str, version: str, oldest: tuple[int, int, int]) -> FailedGate:
    needed = ".".join(str(number) for number in oldest)
    problem = Problem(
        "Living Well Desktop needs an update on this PC",
        f"A part of the program is too old to write safely ({part} {version}, at least {needed} is needed).",
        "Call the IT help desk and ask for an update. Nothing on this PC was changed, and nothing is lost.",
    )
    return FailedGate(problem, Consequence.READ_ONLY)
