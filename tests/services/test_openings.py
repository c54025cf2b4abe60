"""What was looked at is written down once in an opening, and again when the disk would not take it."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services.openings import Openings
from livingwell_desktop.storage import Event

ROSA, NGOZI = UUID(int=1), UUID(int=2)


class Disk:
    """Takes events, unless it is full."""

    def __init__(self) -> None:
        self.full = False
        self.taken: list[str] = []

    def record(self, events: Sequence[Event]) -> None:
        if self.full:
            raise Problem("This PC’s disk is full", "Nothing was saved.", "Free some space.")
        self.taken += [each.name for each in events]


def look(openings: Openings, disk: Disk, *, place: bool) -> None:
    if not place:
        openings.looked(ROSA, Act.SEE_DETAILS, [NGOZI], disk.record)
        return
    openings.begin("PersonPlace", NGOZI)
    openings.looked(ROSA, Act.SEE_DETAILS, [NGOZI], disk.record)
    openings.looked(ROSA, Act.SEE_DETAILS, [NGOZI], disk.record)
    openings.end()


@pytest.mark.parametrize("place", [True, False], ids=["a place", "a verb by itself"])
def test_looking_again_is_written_down_only_when_the_disk_refused_it(place: bool) -> None:
    openings, disk = Openings(), Disk()
    disk.full = True
    with pytest.raises(Problem, match="full"):
        look(openings, disk, place=place)
    disk.full = False
    look(openings, disk, place=place)
    assert disk.taken == [f"view: {Act.SEE_DETAILS.value}"]
    look(openings, disk, place=place)
    assert len(disk.taken) == 1
