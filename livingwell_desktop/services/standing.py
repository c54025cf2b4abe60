"""How whoever is at the desk stands to each person: gathered from records, remembered until one of them changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from livingwell_desktop.domain.emergency_opening import EmergencyOpening, stands
from livingwell_desktop.domain.organisations import Organisation, Staff
from livingwell_desktop.domain.people import Person, Section, SharingAgreement, newest_agreement
from livingwell_desktop.domain.permissions import Bonds, Sight, Standing, Tie, sections_shared, sight, tie
from livingwell_desktop.domain.permissions.standing import EVERYTHING
from livingwell_desktop.domain.permissions.table import OVERSEES
from livingwell_desktop.domain.plans import Action
from livingwell_desktop.domain.protection import Protection, Purpose, person_sensitivity
from livingwell_desktop.domain.records import Held, Json, Sensitivity
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.storage import Store


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks: a member of staff at a centre, now, and what they read for."""

    staff: Held[Staff]
    centre: UUID
    now: datetime
    today: date
    purpose: Purpose

    @property
    def centres(self) -> frozenset[UUID]:
        """Where they work: at this desk's centre, and at their usual one."""
        usual = self.staff.value.centre
        return frozenset({self.centre, usual} if usual else {self.centre})

    @property
    def oversees(self) -> bool:
        """Whether they look at how records are used, so that sharing does not stop them."""
        return self.staff.value.role in OVERSEES


NOBODY = UUID(int=0)
"""A person who does not exist. To somebody they may not know of, a viewer stands as to this one."""


def protected(store: Store) -> Mapping[UUID, Held[Protection]]:
    """Everybody this desk knows to be protected now. Where two desks differ about it, they are."""

    def find() -> dict[UUID, Held[Protection]]:
        return {
            held.value.person: held
            for held in store.find(Protection)
            if held.value.person
            and person_sensitivity(held.value, in_question="on" in held.conflicts) > Sensitivity.DESK
        }

    return store.remembered.get("protected", ("protection",), find)


def is_protected(store: Store, person: UUID) -> bool:
    """Whether nobody may learn from a list or a paper where that person is."""
    return person in protected(store)


def standing_of(store: Store, viewer: Viewer, person: UUID) -> Standing:
    """How the viewer stands to a person. To one who is hidden from them as to one who does not exist, and for both the
    same is read: how long the answer takes says nothing either."""
    staff = viewer.staff.value
    found = store.remembered.get(
        ("standing", person, viewer.staff.id, staff.role, staff.organisation, staff.centre, viewer.centre),
        (person, "staff", "organisation", "protection"),
        lambda: _standing(store, viewer, person),
    )
    if opened(store, viewer, person):
        return replace(found, opened=True)
    return found


def _standing(store: Store, viewer: Viewer, person: UUID) -> Standing:
    seen = sight_of(store, viewer, person)
    found = Standing(tie_to(store, viewer, person), shared_with(store, viewer, person), False, seen)
    nobody = Standing(Tie.NEW_HERE, shared_with(store, viewer, NOBODY))
    return nobody if seen is Sight.NOTHING else found


def sight_of(store: Store, viewer: Viewer, person: UUID) -> Sight:
    """How much of a person the viewer is shown at all."""
    protection = protected(store).get(person)
    if protection is None:
        return Sight.WHOLE
    own = protection.value.centre == viewer.centre
    return sight(viewer.staff.value.role, tie_to(store, viewer, person, "sight"), own_centre=own)


def tie_to(store: Store, viewer: Viewer, person: UUID, asked_for: str = "tie") -> Tie:
    """What binds the viewer to a person: their relationship. Each use remembers its own, so that nobody can tell by
    the time it takes whether the other was asked before."""
    bonds = store.remembered.get((asked_for, person), (person, "staff"), lambda: _bonds(store, person))
    return tie(bonds, viewer.staff.id, viewer.centres)


def shared_with(store: Store, viewer: Viewer, person: UUID) -> frozenset[Section]:
    """What the person shares with the viewer’s organisation, as of now."""
    organisation = viewer.staff.value.organisation
    return EVERYTHING if organisation is None else shared_with_organisation(store, organisation, person)


def shared_with_organisation(store: Store, organisation: UUID, person: UUID) -> frozenset[Section]:
    """What the person shares with that organisation, as of now."""
    return store.remembered.get(
        ("shared", person, organisation),
        (person, "staff", "organisation"),
        lambda: _shared(store, person, organisation),
    )


def opened(store: Store, viewer: Viewer, person: UUID) -> bool:
    """Whether the viewer has opened the record in an emergency and it still stands."""
    return opening_of(store, viewer, person) is not None


def opening_of(store: Store, viewer: Viewer, person: UUID) -> Held[EmergencyOpening] | None:
    """The viewer’s opening of that record which still stands, the longest of them."""
    mine = store.remembered.get(
        ("openings", viewer.staff.id),
        ("emergency_opening",),
        lambda: store.find(EmergencyOpening, staff=viewer.staff.id),
    )
    if not mine:
        return None
    standing = [
        each for each in mine if each.value.person == person and stands(each.value, viewer.staff.id, viewer.now)
    ]
    return max(standing, key=lambda each: (each.value.until or viewer.now, each.id), default=None)


def _bonds(store: Store, person: UUID) -> Bonds:
    held = store.get(Person, person)
    worker = held.value.key_worker if held else None
    # Looked up also where there is none, so that the answer takes as long whether the person exists or not.
    colleague = store.get(Staff, worker or person)
    came = [*store.values(Visit, "centre", "sees", person=person)]
    came += store.values(Booking, "centre", "sees", person=person)
    owners = store.values(Action, "owner_staff", person=person)
    return Bonds(
        worker,
        colleague.value.centre if colleague else None,
        _ids(centre for centre, _ in came),
        _ids(sees for _, sees in came),
        _ids(owner for (owner,) in owners),
    )


def _ids(found: Iterable[Json]) -> frozenset[UUID]:

    return frozenset(UUID(each) for each in found if each)


def _shared(store: Store, person: UUID, organisation: UUID) -> frozenset[Section]:
    held, partner = store.get(Person, person), store.get(Organisation, organisation)
    worker = store.get(Staff, held.value.key_worker) if held else None
    said = newest_agreement(
        each for each in store.find(SharingAgreement, person=person) if each.value.organisation == organisation
    )
    return sections_shared(
        said.value.decision if said else None,
        frozenset(said.value.sections) if said else frozenset(),
        by_agreement=partner is not None and partner.value.by_agreement,
        key_worker_of=worker is not None and worker.value.organisation == organisation,
    )
