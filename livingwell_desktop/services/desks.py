"""The alliance's desks, as a manager sees them."""

from dataclasses import dataclass

from livingwell_desktop.domain.organisations import Centre, Device
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.practice import Practice


@dataclass(frozen=True, slots=True)
class DeskOfAlliance:
    """A desk, where it stands, and whether it is the one in front of the manager."""

    device: Held[Device]
    centre: Held[Centre] | None
    here: bool


def desks(practice: Practice) -> tuple[DeskOfAlliance, ...]:
    """Every desk, those of this centre first, then by name."""
    practice.look(Act.KEEP_ALLIANCE)
    centres = {held.id: held for held in practice.store.find(Centre)}
    found = [
        DeskOfAlliance(
            held, centres.get(held.value.centre) if held.value.centre else None, held.id == practice.device.id
        )
        for held in practice.store.find(Device)
    ]
    here = practice.centre.id
    found.sort(key=lambda each: (each.device.value.centre != here, each.device.value.name.casefold()))
    return tuple(found)
