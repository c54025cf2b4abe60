"""How made-up records come to be: a source of chance that is the same every time, a calendar, and a growing list."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from installer.demo.numbers import new_id
from livingwell_desktop.domain.dates import instant, local
from livingwell_desktop.domain.records import kind_of

SEED = 20261123
PICTURE_DAY = date(2026, 11, 23)
PICTURE_MOMENT = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)
"""The moment the pictures of the design show. Every date and time of the demo is told as it was then, and moved."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be written: by whom, where, and when it is said to have happened."""

    id: UUID
    value: Any
    at: datetime
    staff: UUID | None
    centre: UUID | None


@dataclass(slots=True)
class Making:
    """What the parts of the demo share while they add records."""

    today: date
    now: datetime
    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - made-up records, not a secret
    entries: list[Entry] = field(default_factory=list)

    def add(self, value: Any, at: datetime, staff: UUID | None = None, centre: UUID | None = None) -> UUID:
        """Add a record and return its id."""
        kind = kind_of(type(value))
        record = kind.id_for(value.person) if kind.one_per_person else new_id(self.chance, at)
        self.entries.append(Entry(record, value, at, staff, centre))
        return record

    def day(self, day: int, month: int, year: int = 2026) -> date:
        """The day that is as far from today as that day is from the day of the pictures."""
        return self.today + (date(year, month, day) - PICTURE_DAY)

    def at(self, day: int, month: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
        """That time of that day, both as the pictures tell it."""
        return instant(self.day(day, month, year), time(hour, minute))

    def this_morning(self, hour: int, minute: int) -> datetime:
        """An instant as long before or after now as that time is before or after 10:43am."""
        shown = PICTURE_MOMENT.replace(hour=hour, minute=minute)
        return self.now.replace(second=0, microsecond=0) + (shown - PICTURE_MOMENT)

    def booked_time(self, hour: int, minute: int) -> time:
        """The time of a booking this morning, on the clocks of London, in steps of five minutes."""
        then = local(self.this_morning(hour, minute)).time()
        return time(then.hour, then.minute - then.minute % 5)

    def weeks_ago(self, weeks: float) -> date:
        """A day that many weeks before today."""
        return self.today - timedelta(days=round(weeks * 7))
