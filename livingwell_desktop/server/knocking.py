"""How often somebody may knock at the requests that are open to everybody.

Counted in the database, so that several server processes count together, by the address the request came from: a
reverse proxy must be on the same computer, or be named to uvicorn (`FORWARDED_ALLOW_IPS`), to be looked behind.
"""

import ipaddress
from datetime import datetime
from enum import StrEnum

from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Database

_MINUTE = 60


class Door(StrEnum):
    """A request that anybody may make."""

    ENROL = "enrol"
    CHALLENGE = "challenge"
    SESSION = "session"
    RETURN = "return"


MOST_IN_A_MINUTE = {Door.ENROL: 300, Door.CHALLENGE: 1200, Door.SESSION: 1200, Door.RETURN: 600}
"""From one address. A whole centre may share one, and after an outage all its desks come at once, twice each."""


class TooOftenError(Exception):
    """Somebody knocks too often. `seconds` says when it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Doors:
    """Counts who knocks where; threads may share it."""

    def __init__(self, database: Database, alliance: AllianceKey, clock: Clock) -> None:
        self._database, self._alliance, self._clock = database, alliance, clock
        # Whom this process has turned away in a minute: a flood does not reach the database again and again.
        self._turned_away: frozenset[tuple[Door, bytes, int]] = frozenset()

    def knock(self, door: Door, address: str) -> None:
        """Count one request. Raises TooOftenError when it is one too many, and DatabaseAwayError."""
        now = self._clock()
        who, minute = self._alliance.mark(b"address\x00" + _neighbourhood(address)), _minute(now)
        key = (door, who, minute)
        if key in self._turned_away or not self._counted(*key):
            self._turned_away = frozenset({key, *(each for each in self._turned_away if each[2] == minute)})
            raise TooOftenError(_MINUTE - int(now.timestamp()) % _MINUTE)

    def _counted(self, door: Door, who: bytes, minute: int) -> bool:
        with self._database.transaction() as connection:
            connection.execute("SET LOCAL synchronous_commit = off")
            row = connection.execute(
                "INSERT INTO knock (door, who, minute, times) VALUES (%s, %s, %s, 1)"
                " ON CONFLICT (door, who, minute) DO UPDATE SET times = knock.times + 1 WHERE knock.times < %s"
                " RETURNING times",
                (door, who, minute, MOST_IN_A_MINUTE[door]),
            ).fetchone()
            if row == (1,):
                # Somebody new: the moment to forget. Rows that another process is at are left to it.
                connection.execute(
                    "DELETE FROM knock WHERE (door, who, minute) IN"
                    " (SELECT door, who, minute FROM knock WHERE minute < %s FOR UPDATE SKIP LOCKED)",
                    (minute - 1,),
                )
        return row is not None


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // _MINUTE


def _neighbourhood(address: str) -> bytes:
    """What one customer of a network has: an IPv4 address, or the 64 bits that lead to a home or an office."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address.encode("utf-8", "replace")
    if isinstance(found, ipaddress.IPv6Address):
        return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:8]
    return found.packed
