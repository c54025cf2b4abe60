"""What every verb is given: the store, the clock, and who is at the desk. One door for writes, one for permission."""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from livingwell_desktop.domain.dates import Clock, local_day
from livingwell_desktop.domain.drafts import SharedDraft
from livingwell_desktop.domain.emergency_opening import EmergencyOpening
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.identity import uuid7
from livingwell_desktop.domain.organisations import Centre, Device, Staff
from livingwell_desktop.domain.people import Person, Section
from livingwell_desktop.domain.permissions import LOOKS_AT, Act, Ruling, Tie, Who, may, may_record_given, own_acts
from livingwell_desktop.domain.protection import Purpose
from livingwell_desktop.domain.records import Held, kind_of
from livingwell_desktop.security.vault import Vault
from livingwell_desktop.services.openings import Openings
from livingwell_desktop.services.seeing import Seen
from livingwell_desktop.services.standing import Viewer, opening_of, shared_with_organisation, standing_of, tie_to
from livingwell_desktop.storage import Author, Changes, Event, Store, Write, edit
from livingwell_desktop.sync.desk_keeping import DeskKeepingLine
from livingwell_desktop.sync.overseeing import OversightLine


class RefusedError(Problem):
    """The table does not allow it. `ruling` says whether opening the record in an emergency would."""

    def __init__(self, ruling: Ruling) -> None:
        way_out = "If it cannot wait, open the record in an emergency." if ruling.in_emergency else ""
        super().__init__("You cannot do this", ruling.reason, way_out or "If somebody needs it now, ask one of them.")
        self.ruling = ruling


class ServerLine(OversightLine, DeskKeepingLine, Protocol):
    """The way to the server for what only it knows or does."""


def not_here() -> Problem:
    """What is said of a person whom this desk does not hold. It does not say why: nobody is to search for them."""
    return Problem(
        "This record is not on this desk",
        "It has not arrived yet, or it is not kept here.",
        "If you need it, ask your team manager.",
    )


@dataclass(frozen=True, slots=True)
class Practice:
    """A member of staff at a desk of a centre."""

    whole: Store
    """Everything this desk holds. Verbs read through `store`; only what puts the desk together uses this."""
    clock: Clock
    staff: Held[Staff]
    centre: Held[Centre]
    device: Held[Device]
    purpose: Purpose = Purpose.PAGE
    """What is read for: on lists and papers less is shown of a protected person."""
    vault: Vault | None = field(default=None, compare=False, repr=False)
    """The desk's slots and keys; None where records are looked at without a sign-in, as while a desk is made."""
    server: ServerLine | None = field(default=None, compare=False, repr=False)
    """The way to the server for what only it knows; None where there is none, as on a desk that can only be read."""
    openings: Openings = field(default_factory=Openings, compare=False, repr=False)

    @property
    def store(self) -> Seen:
        """The records as this member of staff may see them. There is no other way to read them."""
        return Seen(self.whole, self._viewer())

    def for_lists(self) -> "Practice":
        """The same desk, reading for a list or the answer to a search."""
        return replace(self, purpose=Purpose.LIST)

    def for_papers(self) -> "Practice":
        """The same desk, reading for what leaves the program: a paper, a label, a file."""
        return replace(self, purpose=Purpose.PAPER)

    def _viewer(self) -> Viewer:
        now = self.clock()
        return Viewer(self.staff, self.centre.id, now, local_day(now), self.purpose)

    def now(self) -> datetime:
        """This instant, UTC."""
        return self.clock()

    def today(self) -> date:
        """The local day at the centre."""
        return local_day(self.clock())

    def new_id(self) -> UUID:
        """The id for a new record."""
        return uuid7(self.clock(), os.urandom(10))

    def may(self, act: Act, subject: UUID | None = None) -> Ruling:
        """Whether this member of staff may do that, with the reason when not.

        With a person it counts too how they stand to them; without, whether they could do it for anybody.
        """
        who = Who(self.staff.value.role, self.staff.value.active)
        return may(who, act, None if subject is None else standing_of(self.whole, self._viewer(), subject))

    def may_change_detail(self, name: str, person: UUID) -> Ruling:
        """Whether this member of staff may change that field of a person’s own record, with the reason when not."""
        details = self.may(Act.CHANGE_DETAILS, person)
        rulings = (details, *(self.may(act, person) for act in own_acts(kind_of(Person).name, [name])))
        return next((each for each in rulings if not each.allowed), details)

    def opened_in_emergency(self, person: UUID) -> Held[EmergencyOpening] | None:
        """This member of staff's own opening of that record in an emergency, while it stands."""
        return opening_of(self.whole, self._viewer(), person)

    def tie(self, person: UUID) -> Tie:
        """What binds this member of staff to that person: their relationship."""
        return tie_to(self.whole, self._viewer(), person)

    def require(self, act: Act, subject: UUID | None = None) -> None:
        """Check permission in the one place. A refusal is written to the audit; raises Problem with its reason.

        What is allowed and only looks at records is written down as well, once until another place is opened; what
        changes them writes itself down with the change.
        """
        ruling = self.may(act, subject)
        if not ruling.allowed:
            self.whole.record_events([Event("refused", subject, None, {"act": act.value})], self.staff.id)
            raise RefusedError(ruling)
        if act in LOOKS_AT:
            self.viewed(act, subject)

    def look(self, act: Act, subject: UUID | None = None) -> None:
        """`require` for a verb that only shows something, under an act that otherwise changes something."""
        self.require(act, subject)
        self.viewed(act, subject)

    def write(
        self, verb: Act, writes: Sequence[Write], events: Sequence[Event] = (), *, forget: UUID | None = None
    ) -> Changes:
        """One verb's edits: all or nothing, with its audit events, in this member of staff's name.

        `forget` is the draft that became these records: if other desks know of it, they hear that it is finished.
        """
        self._require_own_acts(verb, writes)
        finished = self.whole.get(SharedDraft, forget)
        if finished is not None:
            writes = [*writes, edit(finished, finished=True)]
        return self.whole.write(writes, events, Author(self.staff.id, self.centre.id, verb.value), forget)

    def _require_own_acts(self, verb: Act, writes: Sequence[Write]) -> None:
        """Fields that one act alone writes need that act, whichever verb writes them. Raises Problem."""
        for write in writes:
            subject = write.record if write.kind == kind_of(Person).name else None
            for act in own_acts(write.kind, write.set):
                if act is not verb:
                    self.require(act, subject)

    def shares_with(self, person: UUID, organisation: UUID) -> frozenset[Section]:
        """What the person shares with an organisation, as of now."""
        return shared_with_organisation(self.whole, organisation, person)

    def may_record_given(self, person: UUID, sections: Collection[Section]) -> Ruling:
        """Whether this member of staff may write down that the person shares those with their own organisation."""
        who = Who(self.staff.value.role, self.staff.value.active)
        return may_record_given(who, standing_of(self.whole, self._viewer(), person), sections)

    def viewed(self, act: Act, *subjects: UUID | None) -> None:
        """Write down that something about people was looked at: one event for each of them, once in an opening."""
        self.openings.looked(
            self.staff.id, act, subjects, lambda events: self.whole.record_events(events, self.staff.id)
        )

    @contextmanager
    def opening(self, place: str, person: UUID | None = None) -> Iterator[None]:
        """A place is opened in here: what its verbs look at is on the disk before it is shown. Raises Problem."""
        self.openings.begin(place, person)
        try:
            yield
        finally:
            self.openings.end()
