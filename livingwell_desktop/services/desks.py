"""The alliance's desks, as a manager sees them, and whom the desks of this centre serve."""

from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.organisations import Centre, Device
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import edit


@dataclass(frozen=True, slots=True)
class DeskOfAlliance:
    """A desk, where it stands, and whether it is the one in front of the manager."""

    device: Held[Device]
    centre: Held[Centre] | None
    here: bool


def desks(practice: Practice) -> tuple[DeskOfAlliance, ...]:
    """Every desk, those of this centre first, then by name."""
    practice.require(Act.SEE_DESKS)
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


def serves(practice: Practice) -> UUID | None:
    """The organisation that the desks of this centre serve alone; None for the whole alliance."""
    practice.look(Act.KEEP_ALLIANCE)
    return _centre(practice).value.organisation


def serve_alone(practice: Practice, organisation: UUID | None) -> None:
    """Say that the desks of this centre serve one organisation alone, or the whole alliance.

    What people take back from that organisation from then on leaves these desks.
    """
    practice.require(Act.KEEP_ALLIANCE)
    practice.write(Act.KEEP_ALLIANCE, [edit(_centre(practice), organisation=organisation)])


def _centre(practice: Practice) -> Held[Centre]:
    """The centre as it is now: signed in to, it may be older."""
    return practice.store.get(Centre, practice.centre.id) or practice.centre
