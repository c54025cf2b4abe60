"""How a member of staff stands to one person: what binds them, and what the person shares with their organisation."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.people import Decision, Section

EVERYTHING = frozenset(Section)


class Tie(StrEnum):
    """What binds a member of staff to a person: their relationship, in the words a reason uses."""

    KEY_WORKER = "is their key worker"
    ON_THE_PLAN = "does something in their plan"
    SEES_THEM = "sees them at a visit or a booking"
    TEAM = "works at the centre they come to"
    NEW_HERE = "meets somebody whom no centre knows yet"
    NONE = ""


class Sight(StrEnum):
    """How much of one person somebody is shown at all. Whoever is not protected is seen whole."""

    WHOLE = "whole"
    REFERENCE = "reference"
    """A protected person at the reception of their own centre: the agreed reference, and who waits."""
    NOTHING = "nothing"
    """A protected person, elsewhere: the same answer as for somebody who does not exist."""


@dataclass(frozen=True, slots=True)
class Bonds:
    """What is known here that may bind a member of staff to a person. Ids only."""

    key_worker: UUID | None
    key_workers_centre: UUID | None
    centres: frozenset[UUID]
    """Where the person has visits and bookings."""
    seen_by: frozenset[UUID]
    """Whom they see at those."""
    on_the_plan: frozenset[UUID]
    """Who does something in their plan."""


def tie(bonds: Bonds, staff: UUID, centres: frozenset[UUID]) -> Tie:
    """The closest tie of a member of staff, who works at those centres, to the person."""
    if bonds.key_worker == staff:
        return Tie.KEY_WORKER
    if staff in bonds.on_the_plan:
        return Tie.ON_THE_PLAN
    if staff in bonds.seen_by:
        return Tie.SEES_THEM
    if bonds.centres & centres or bonds.key_workers_centre in centres:
        return Tie.TEAM
    unknown = bonds.key_worker is None and not bonds.centres
    return Tie.NEW_HERE if unknown else Tie.NONE


def sight(role: Role, bound_by: Tie, *, own_centre: bool) -> Sight:
    """What somebody is shown of a protected person: by role, tie, and whether this is the person’s own centre."""
    if role is Role.PRIVACY_OFFICER:
        return Sight.WHOLE
    if role in (Role.KEY_WORKER, Role.TEAM_MANAGER):
        close = own_centre or bound_by in (Tie.KEY_WORKER, Tie.ON_THE_PLAN, Tie.SEES_THEM)
        return Sight.WHOLE if close else Sight.NOTHING
    return Sight.REFERENCE if role is Role.RECEPTION and own_centre else Sight.NOTHING


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the table must know beside role and organisation: values only, gathered by whoever asks."""

    tie: Tie = Tie.NEW_HERE
    shared: frozenset[Section] = EVERYTHING
    """What the person shares with the organisation of whoever asks, as of now."""
    opened: bool = False
    """Whether an opening in an emergency stands, of this member of staff, for this person, now."""
    sight: Sight = Sight.WHOLE


def sections_shared(
    decision: Decision | None, sections: frozenset[Section], *, by_agreement: bool, key_worker_of: bool
) -> frozenset[Section]:
    """What an organisation may see of a person, from the newest that the person said about it (None: never asked).

    The key worker’s own organisation cannot work without the record. For every other one the person’s word counts,
    given, refused or withdrawn. Where they were never asked, staff of the centres’ own teams see it, as the alliance
    is one service; an organisation that sees by agreement alone (`by_agreement`) sees nothing.
    """
    if key_worker_of:
        return EVERYTHING
    if decision is None:
        return frozenset() if by_agreement else EVERYTHING
    return sections if decision is Decision.GIVEN else frozenset()
