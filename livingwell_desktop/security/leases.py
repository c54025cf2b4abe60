"""How long a member of staff may sign in on a desk without the desk having met the server.

The lease is part of the slot's header, so nobody can lengthen it by editing a file. It ends signing in and nothing
else: what was saved stays, encrypted, and is sent when somebody may sign in again.
"""

from datetime import datetime, timedelta
from pathlib import Path

from livingwell_desktop.domain.dates import clock_time, local, long_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.durable_files import read_private, remove, write_private
from livingwell_desktop.security.sealing import key_for

STAFF_LEASE = timedelta(days=35)
PARTNER_LEASE = timedelta(days=7)
CLOCKS_MAY_DIFFER = timedelta(minutes=10)
_LARGEST_FILE = 1024
_NAMES = frozenset({"at", "mark"})


class LeaseExpired(Problem):
    """The lease ended. A colleague with a lease, the server or the recovery code renews it."""

    def __init__(self, ended: datetime) -> None:
        super().__init__(
            "Your sign-in on this computer has run out",
            f"It was good until {_moment(ended)}, because this computer has not met the server since. "
            "Your passphrase is right. Nothing was deleted: what was saved here is kept and will be sent.",
            "Ask a manager who can sign in here to give you more days (Staff and desks). They need no connection. "
            "If nobody can sign in, use the centre’s recovery code.",
        )
        self.ended = ended


class ClockSetBack(Problem):
    """The computer's clock shows a time before one at which somebody already signed in here."""

    def __init__(self, shows: datetime, used: datetime) -> None:
        super().__init__(
            "This computer’s clock is wrong",
            f"It shows {_moment(shows)}, but somebody signed in here on {_moment(used)}. "
            "By that time your sign-in has run out. Nothing was deleted.",
            "Set the computer’s date and time right. Then ask a manager who can sign in here to give you more days.",
        )


def lease_length(*, partner: bool) -> timedelta:
    """35 days for staff; 7 for those of a partner organisation."""
    return PARTNER_LEASE if partner else STAFF_LEASE


def check_lease(lease_until: datetime, now: datetime, seen: datetime | None) -> None:
    """Raises LeaseExpired, or ClockSetBack when only a clock that was set back makes the lease look good.

    `seen` is the latest time at which anybody signed in on this desk: time does not go back behind it.
    """
    if now >= lease_until:
        raise LeaseExpired(lease_until)
    if seen is not None and seen >= lease_until:
        raise ClockSetBack(now, seen)


def latest(now: datetime, seen: datetime | None) -> datetime:
    """The time to count a new lease from: a clock that was set back gives nobody a shorter one."""
    return now if seen is None else max(now, seen)


class SeenTimes:
    """The latest time that is known to have been, marked under the device secret so that it cannot be edited."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "seen.json"

    def read(self, device_secret: bytes) -> datetime | None:
        """The latest time; None when there is none, or when somebody spoilt it (it then starts anew)."""
        try:
            data = read_private(self._path, _LARGEST_FILE)
            if data is None:
                return None
            fields = Fields(read_canonical(data), _NAMES)
            at = datetime.fromisoformat(fields.text("at"))
        except (OSError, NotCanonicalError, ValueError):
            return None
        right = at.tzinfo is not None and fields.binary("mark") == _mark(device_secret, fields.text("at"))
        return at if right else None

    def note(self, now: datetime, device_secret: bytes) -> None:
        """Somebody signed in now. The time only moves on."""
        before = self.read(device_secret)
        if before is None or now > before:
            self.put(now, device_secret)

    def put(self, at: datetime, device_secret: bytes) -> None:
        """The server says what time it is: this mends a clock that once was far ahead. A full disk changes nothing."""
        text = at.isoformat()
        try:
            write_private(self._path, canonical({"at": text, "mark": text_of(_mark(device_secret, text))}))
        except OSError:
            return

    def forget(self) -> None:
        """There is a new device secret: the mark of the old one says nothing."""
        remove(self._path)


def _mark(device_secret: bytes, text: str) -> bytes:
    return key_for("seen time 1", device_secret, text.encode())[:16]


def _moment(at: datetime) -> str:
    there = local(at)
    return f"{long_date(there.date())} at {clock_time(there.time())}"
