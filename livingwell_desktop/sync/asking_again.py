"""Which records to ask the server for when changes wait for their parents: each now and then, those never asked first.

Some cannot be helped: their parent is lost, or not this desk's to hold. They must not be in the way of the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

MOST_AT_ONCE = 100
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    at: datetime
    times: int

    def is_due(self, now: datetime) -> bool:
        pause = min(_FIRST_PAUSE * (1 << min(self.times - 1, 20)), _LONGEST_PAUSE)
        return abs(now - self.at) >= pause  # a clock that was put back must not stop it


class AskedFor:
    """What was asked for since the desk was opened, and did not help. Each time the pause is twice as long."""

    def __init__(self) -> None:
        self._asked: dict[UUID, _Asked] = {}

    def due(self, waiting: Iterable[UUID], now: datetime) -> tuple[UUID, ...]:
        """Those to ask for now, of all that wait. Notes that they were; what waits no longer is forgotten."""
        known = {each: self._asked.get(each) for each in waiting}
        due = [each for each, asked in known.items() if asked is None or asked.is_due(now)]
        due.sort(key=lambda each: asked.at.timestamp() if (asked := known[each]) else 0.0)
        chosen = tuple(due[:MOST_AT_ONCE])
        self._asked = {each: asked for each, asked in known.items() if asked}
        for each in chosen:
            before = known[each]
            self._asked[each] = _Asked(now, (before.times if before else 0) + 1)
        return chosen
