"""The made-up alliance, the same every time for a given day: build it in memory, then fill a store with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from installer.demo.board import add_board
from installer.demo.care import add_care
from installer.demo.making import Entry, Making
from installer.demo.ngozi import add_ngozi
from installer.demo.outage import add_outage
from installer.demo.people import add_people
from installer.demo.protected import add_protected
from installer.demo.staff import add_workplace
from installer.demo.weeks import add_weeks
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Staff
from livingwell_desktop.storage import Author, Store, create

VERB = "fill with made-up records"
BATCH = "demo"
LARGEST_ACT = 200
LISTED_FIRST = ("Rosa Mensah", "Maya Lindqvist", "Tunde Bakare", "Jo Castell", "Priya Nair", "Dr Leo Hartmann")
"""The members of staff whom the sign-in page shows first."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Alliance:
    """Every record of the demo, oldest first, and ids by the names people use."""

    today: date
    now: datetime
    entries: tuple[Entry, ...]
    organisations: dict[str, UUID]
    """By short name."""
    centres: dict[str, UUID]
    staff: dict[str, UUID]
    people: dict[str, UUID]
    """Those of the pictures. Of the two Amara Okekes: "Amara Okeke 1" (12 June) and "Amara Okeke 2" (21 June)."""
    devices: dict[tuple[str, str], UUID]
    """By the name of the centre and of the desk."""

    def of(self, record_type: type[T]) -> tuple[tuple[UUID, T], ...]:
        """Every record of a kind with its id, oldest first."""
        return tuple((entry.id, entry.value) for entry in self.entries if isinstance(entry.value, record_type))

    def value(self, record: UUID) -> Any:
        """The record of that id. Raises KeyError when there is none."""
        return next(entry.value for entry in self.entries if entry.id == record)


def build(today: date, now: datetime) -> Alliance:
    """Make the demo for a day and an instant on it (UTC). The same day and instant give the same records and ids."""
    making = Making(today, now)
    work = add_workplace(making)
    folk = add_people(making, work)
    timetable = add_weeks(making, work, folk)
    add_board(making, work, folk, timetable)
    add_care(making, work, folk)
    add_ngozi(making, work, folk)
    add_protected(making, work, folk)
    add_outage(making, work)
    centre_names = {entry.id: entry.value.name for entry in making.entries if isinstance(entry.value, Centre)}
    return Alliance(
        today=today,
        now=now,
        entries=tuple(sorted(making.entries, key=_order)),
        organisations=work.organisations,
        centres={name: centre for centre, name in centre_names.items()},
        staff=work.staff,
        people=folk.pictured,
        devices={(centre_names[centre], name): device for (centre, name), device in work.devices.items()},
    )


def fill(store: Store, alliance: Alliance, progress: Callable[[int, int], object]) -> None:
    """Write every record through the store's one door, in acts of at most 200 records of one author.

    `progress` is told after each act how many records of how many are written.
    """
    done, total = 0, len(alliance.entries)
    for (staff, centre), group in groupby(alliance.entries, key=lambda entry: (entry.staff, entry.centre)):
        entries = tuple(group)
        for start in range(0, len(entries), LARGEST_ACT):
            act = entries[start : start + LARGEST_ACT]
            store.write([create(each.id, each.value) for each in act], [], Author(staff, centre, VERB, BATCH))
            done += len(act)
            progress(done, total)


def _order(entry: Entry) -> tuple[Any, ...]:
    """By day, then by author, then by time: each record after what happened before it, and few authors a day."""
    is_alliance = isinstance(entry.value, Organisation | Centre | Device | Staff)
    return (not is_alliance, local_day(entry.at), str(entry.centre), str(entry.staff), entry.at)
