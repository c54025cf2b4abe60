"""How a member of staff stands to one person: what binds them, and what the person shares with their organisation."""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the table must know beside role and organisation: values only, gathered by whoever asks."""

    tie: Tie = Tie.NEW_HERE
    shared: frozenset[Section] = EVERYTHING
    """What the person shares with the organisation of whoever asks, as of now."""
    opened: bool = False
    """Whether an opening in an emergency stands, of this member of staff, for this person, now."""


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
