"""What every verb is given: the store, the clock, and who is at the desk. One door for writes, one for permission."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from livingwell_desktop.domain.dates import Clock, local_day
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.identity import uuid7
from livingwell_desktop.domain.organisations import Centre, Device, Staff
from livingwell_desktop.domain.permissions import Act, Ruling, Who, may
from livingwell_desktop.domain.records import Held
from livingwell_desktop.storage import Author, Changes, Event, Store, Write


@dataclass(frozen=True, slots=True)
class Practice:
    """A member of staff at a desk of a centre."""

    store: Store
    clock: Clock
    staff: Held[Staff]
    centre: Held[Centre]
    device: Held[Device]

    def now(self) -> datetime:
        """This instant, UTC."""
        return self.clock()

    def today(self) -> date:
        """The local day at the centre."""
        return local_day(self.clock())

    def new_id(self) -> UUID:
        """The id for a new record."""
        return uuid7(self.clock(), os.urandom(10))

    def may(self, act: Act) -> Ruling:
        """Whether this member of staff may do that, with the reason when not."""
        return may(Who(self.staff.value.role, self.staff.value.active), act)

    def require(self, act: Act, subject: UUID | None = None) -> None:
        """Check permission in the one place. A refusal is written to the audit; raises Problem with its reason."""
        ruling = self.may(act)
        if not ruling.allowed:
            self.store.record_events([Event("refused", subject, None, {"act": act.value})], self.staff.id)
            raise Problem("You cannot do this", ruling.reason, "If somebody needs it now, ask one of them.")

    def write(
        self, verb: Act, writes: Sequence[Write], events: Sequence[Event] = (), *, forget: UUID | None = None
    ) -> Changes:
        """One verb's edits: all or nothing, with its audit events, in this member of staff's name.

        `forget` is the draft that became these records.
        """
        return self.store.write(writes, events, Author(self.staff.id, self.centre.id, verb.value), forget)

    def viewed(self, what: str, *subjects: UUID, **detail: str) -> None:
        """Write down that something about people was looked at: one event for each of them."""
        if subjects:
            self.store.record_events([Event(f"view: {what}", each, None, detail) for each in subjects], self.staff.id)
