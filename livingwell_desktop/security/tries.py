"""Wrong tries make a person wait; they never delete anything.

Five are free, then 30 seconds, 1, 2, 5 and 15 minutes. What counts as waiting is time since the computer started, a
clock nobody can set: of two readings, the later one shows at least the time between them if it is the higher, and at
least its own value if the computer was restarted between. So neither a restart nor a changed date shortens a wait.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical
from livingwell_desktop.security.durable_files import read_private, remove, write_private

FREE = 5
WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
)

_SUFFIX = ".tries.json"
_LARGEST_FILE = 1024
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Tried:
    """Wrong tries in a row. `boot_milliseconds` was the age of the running system at the last; `at` is for showing."""

    wrong: int
    boot_milliseconds: int
    at: str


class MustWait(Problem):
    """Too many wrong tries; `remaining` says for how long."""

    def __init__(self, remaining: timedelta) -> None:
        super().__init__(
            f"Wait {in_words(remaining)}",
            "There were too many wrong passphrases in a row. Nothing was deleted.",
            f"Try again in {in_words(remaining)}. If you forgot your passphrase, ask your manager.",
        )
        self.remaining = remaining


def wait_after(wrong: int) -> timedelta:
    """How long to wait before the next try after so many wrong ones in a row."""
    if wrong < FREE:
        return timedelta(0)
    return WAITS[min(wrong - FREE, len(WAITS) - 1)]


def remaining_wait(tried: Tried | None, boot_milliseconds: int) -> timedelta:
    """How much of the wait is left, given the age of the running system now."""
    if tried is None:
        return timedelta(0)
    restarted = boot_milliseconds < tried.boot_milliseconds
    waited = boot_milliseconds if restarted else boot_milliseconds - tried.boot_milliseconds
    return max(timedelta(0), wait_after(tried.wrong) - timedelta(milliseconds=waited))


def in_words(wait: timedelta) -> str:
    """A wait in whole seconds below a minute, else in whole minutes, rounded up."""
    seconds = -(-wait // timedelta(seconds=1))
    number, unit = (seconds, "second") if seconds < 60 else (-(-seconds // 60), "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def system_age_milliseconds() -> int:
    """Milliseconds since the computer started, sleep included where the system can tell."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    if sys.platform == "darwin":
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1_000_000
    return time.monotonic_ns() // 1_000_000


class Tries:
    """Counts each member's wrong tries in a small file beside the slots.

    A try is counted before the passphrase is looked at, so that ending the program in the middle gains nothing. On a
    full disk the count is kept in memory: a disk must not keep a centre out.
    """

    def __init__(
        self, folder: Path, clock: Callable[[], datetime], system_age: Callable[[], int] = system_age_milliseconds
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._system_age = system_age
        self._unwritten: dict[str, Tried] = {}

    def waiting(self, member_id: str) -> timedelta:
        """How long the member must still wait; zero when a try is allowed."""
        return remaining_wait(self._tried(member_id), self._system_age())

    def begin(self, member_id: str) -> Tried | None:
        """Counts a try as wrong until `succeeded` or `put_back` says otherwise; returns the count before.

        Raises MustWait, without counting, when it is too early.
        """
        before = self._tried(member_id)
        left = remaining_wait(before, self._system_age())
        if left:
            raise MustWait(left)
        wrong = min((before.wrong if before else 0) + 1, _MOST)
        self._keep(member_id, Tried(wrong, self._system_age(), self._clock().isoformat()))
        return before

    def succeeded(self, member_id: str) -> None:
        """The passphrase was right: the next wrong try is the first again."""
        self.put_back(member_id, None)

    def put_back(self, member_id: str, before: Tried | None) -> None:
        """The try did not tell anything about the passphrase (a damaged slot, no memory): it is not counted."""
        if before is not None:
            self._keep(member_id, before)
            return
        self._unwritten.pop(member_id, None)
        try:
            remove(self._path(member_id))
        except OSError:
            self._unwritten[member_id] = Tried(0, 0, "")

    def _keep(self, member_id: str, tried: Tried) -> None:
        try:
            write_private(self._path(member_id), canonical(_as_json(tried)))
        except OSError:
            self._unwritten[member_id] = tried
        else:
            self._unwritten.pop(member_id, None)

    def _tried(self, member_id: str) -> Tried | None:
        if member_id in self._unwritten:
            return self._unwritten[member_id]
        try:
            data = read_private(self._path(member_id), _LARGEST_FILE)
            return None if data is None else _from_json(data)
        except (OSError, NotCanonicalError):
            # Someone or something spoilt the count: the longest wait, once, and the count starts there.
            spoilt = Tried(FREE + len(WAITS) - 1, self._system_age(), self._clock().isoformat())
            self._keep(member_id, spoilt)
            return spoilt

    def _path(self, member_id: str) -> Path:
        return self._folder / f"{member_id}{_SUFFIX}"


def _as_json(tried: Tried) -> dict[str, object]:
    return {"wrong": tried.wrong, "boot_milliseconds": tried.boot_milliseconds, "at": tried.at}


def _from_json(data: bytes) -> Tried:
    fields = Fields(read_canonical(data), frozenset({"wrong", "boot_milliseconds", "at"}))
    return Tried(min(fields.number("wrong"), _MOST), fields.number("boot_milliseconds"), fields.text("at"))
