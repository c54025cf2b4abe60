"""What people at desks write about in a schedule, and what each desk is enrolled for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from livingwell_desktop.domain.people import AboutMe
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import kind_of

CENTRES = tuple(UUID(f"0195c000-0000-7000-8000-0000000000c{number}") for number in (1, 2))
PEOPLE = tuple(UUID(int=(0x0195C000_0000_7000_8000 << 48) + number) for number in (1, 2))
_NAMES = UUID("0195c000-0000-7000-8000-00000000aaaa")
SCOPES = (
    ((CENTRES[0],), 1),
    ((CENTRES[1],), 1),
    ((CENTRES[0],), 0),
    (CENTRES, 1),
    ((CENTRES[1],), 0),
)
"""Centres and sensitivity of the first desk, the second…"""


@dataclass(frozen=True, repr=False)
class Subject:
    """A record that people write: what it is created with, and the fields that are edited afterwards."""

    id: UUID
    kind: str
    first: Mapping[str, Any]
    fields: tuple[str, ...]
    anywhere: bool = True
    """Whether two desks that know nothing of each other may both create it."""

    def __repr__(self) -> str:
        """As Python, so that a printed schedule can be run again."""
        return f'named("{self.kind} {self.id.hex[-4:]}")'

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


def _visit(number: int, person: UUID, centre: UUID) -> Subject:
    fixed = {"person": str(person), "centre": str(centre)}
    return Subject(uuid5(_NAMES, f"visit {number}"), "visit", fixed, ("reason", "where", "outcome"), anywhere=False)


PROTECTIONS = {
    each: Subject(kind_of(Protection).id_for(each), "protection", {"person": str(each)}, ("reference",))
    for each in PEOPLE
}

RECORDS = (
    *(Subject(each, "person", {}, ("given_name", "phone", "email")) for each in PEOPLE),
    *(
        Subject(kind_of(AboutMe).id_for(each), "about_me", {"person": str(each)}, ("most_important",))
        for each in PEOPLE
    ),
    *PROTECTIONS.values(),
    _visit(1, PEOPLE[0], CENTRES[0]),
    _visit(2, PEOPLE[1], CENTRES[1]),
    Subject(uuid5(_NAMES, "organisation"), "organisation", {}, ("name", "short_name", "phone")),
)


def named(text: str) -> Subject:
    """The record that a printed schedule names so."""
    (found,) = (each for each in RECORDS if repr(each) == f'named("{text}")')
    return found
