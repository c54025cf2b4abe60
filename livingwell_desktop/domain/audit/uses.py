"""What was done with one person's record, as it is told to that person: by whom, on which day, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.audit.chain import AuditRow
from livingwell_desktop.domain.changes import time_of
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.permissions import Act


class Use(StrEnum):
    """What somebody did with a record, the gravest first."""

    EMERGENCY = "emergency"
    REFUSED = "refused"
    WROTE = "wrote"
    PRINTED = "printed"
    READ_CLINICAL = "read_clinical"
    READ_DETAILS = "read_details"
    LISTED = "listed"


USE_WORDS = {
    Use.EMERGENCY: "opened it in an emergency",
    Use.REFUSED: "tried to open it and was not let in",
    Use.WROTE: "wrote in it",
    Use.PRINTED: "printed a paper",
    Use.READ_CLINICAL: "read about your needs and your plan",
    Use.READ_DETAILS: "read who you are and how to reach you",
    Use.LISTED: "looked up when you come",
}
"""Said to the person: whole words, nothing that only staff know."""

_CLINICAL = frozenset(
    {Act.SEE_CLINICAL, Act.SEE_CLINICAL_QUESTIONS, Act.ASSESS, Act.PLAN, Act.AGREE, Act.PRINT_PLAN, Act.GIVE_COPY}
)
_DETAILS = frozenset({Act.SEE_DETAILS, Act.SETTLE, Act.SEE_OPENINGS})
_PAPERS = ("print", "save as a file", "given")


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """What one member of staff did with a record on one day. `staff` None: the program itself."""

    staff: UUID | None
    day: date
    first: datetime
    last: datetime
    uses: tuple[Use, ...]

    def with_more(self, other: "DayOfUse") -> "DayOfUse":
        """The same day of the same member of staff, with what is known of it elsewhere."""
        both = {*self.uses, *other.uses}
        return DayOfUse(
            self.staff,
            self.day,
            min(self.first, other.first),
            max(self.last, other.last),
            tuple(use for use in Use if use in both),
        )


def use_of(event: str) -> Use:
    """What an event about a person is called to that person."""
    act, _, what = event.partition(": ")
    if event == "refused":
        return Use.REFUSED
    if act == "view":
        return Use.READ_CLINICAL if what in _CLINICAL else Use.READ_DETAILS if what in _DETAILS else Use.LISTED
    if act == Act.BREAK_GLASS:
        return Use.EMERGENCY
    return Use.PRINTED if act in _PAPERS else Use.WROTE


def days_of_use(rows: Iterable[AuditRow]) -> tuple[DayOfUse, ...]:
    """The events about one person by day and member of staff, the newest day first."""
    found: dict[tuple[date, UUID | None], list[AuditRow]] = {}
    for row in rows:
        found.setdefault((local_day(time_of(row.at)), row.staff), []).append(row)
    days = [_day(day, staff, each) for (day, staff), each in found.items()]
    return tuple(sorted(days, key=lambda each: (each.day, each.last), reverse=True))


def _day(day: date, staff: UUID | None, rows: list[AuditRow]) -> DayOfUse:
    used = {use_of(row.event) for row in rows}
    times = sorted(row.at for row in rows)
    return DayOfUse(staff, day, time_of(times[0]), time_of(times[-1]), tuple(use for use in Use if use in used))
