"""The alliance as pages need it: who works where, by id. Small, read afresh each time, never cached across changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.organisations import Centre, Organisation, Room, Staff
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.practice import Practice


@dataclass(frozen=True, slots=True)
class Alliance:
    """Organisations, centres, staff and the rooms of this centre."""

    organisations: Mapping[UUID, Held[Organisation]]
    centres: Mapping[UUID, Held[Centre]]
    staff: Mapping[UUID, Held[Staff]]
    rooms: tuple[Held[Room], ...]

    def organisation_of(self, staff: UUID | None) -> Held[Organisation] | None:
        """The organisation a member of staff works for."""
        member = self.staff.get(staff) if staff else None
        organisation = member.value.organisation if member else None
        return self.organisations.get(organisation) if organisation else None

    def staff_name(self, staff: UUID | None) -> str:
        """A name for a page, also when this desk does not hold that member of staff."""
        member = self.staff.get(staff) if staff else None
        return member.value.name if member else "Somebody at another centre"


def alliance(practice: Practice) -> Alliance:
    """Read the alliance."""
    store = practice.store
    return Alliance(
        organisations={held.id: held for held in store.find(Organisation)},
        centres={held.id: held for held in store.find(Centre)},
        staff={held.id: held for held in store.find(Staff)},
        rooms=store.find(Room, centre=practice.centre.id, order="position"),
    )
