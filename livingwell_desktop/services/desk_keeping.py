"""What needs the server to look after desks: a code for a new one, shutting a lost one out, what that one held."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from livingwell_desktop.domain.changes import time_of
from livingwell_desktop.domain.dates import medium_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.lost_desks import ShutOutReason
from livingwell_desktop.domain.organisations import Centre, Device
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held, Sensitivity
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Event, edit
from livingwell_desktop.sync.codes import with_mark
from livingwell_desktop.sync.desk_keeping import (
    MOST_WORDS,
    DeskCodeAsked,
    DeskKeepingLine,
    HeldAsked,
    HeldThere,
    ShutOutAsked,
)
from livingwell_desktop.sync.joining import certificate_of_text
from livingwell_desktop.sync.troubles import NotKnownError, SyncError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewDeskCode:
    """A code that was just made. It is kept nowhere: shown and printed now, or never."""

    code: str = field(repr=False)
    until: datetime
    centre: str
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class HeldByDesk:
    """What a desk held at most, for whoever must tell the people."""

    device: Held[Device]
    there: HeldThere
    names: tuple[str, ...]
    """The people whom the viewer may find here, with their dates of birth; nobody for a role that finds nobody."""
    may_name: bool

    @property
    def shut_out(self) -> datetime | None:
        """Since when it is shut out."""
        return _time(self.there.shut_out)

    @property
    def heard(self) -> datetime | None:
        """When the server last heard how far it had followed."""
        return _time(self.there.heard)

    @property
    def people(self) -> int:
        """About how many people it may hold records."""
        return len(self.there.people) + self.there.others


def own_sensitivity(practice: Practice) -> Sensitivity:
    """What this desk may hold, by its certificate: no code that is made at it gives more."""
    practice.look(Act.ENROL_DESK)
    text = practice.whole.own.certificates([practice.device.id]).get(practice.device.id)
    level = certificate_of_text(text).sensitivity if text else int(Sensitivity.CLINICAL)
    return Sensitivity(min(level, max(Sensitivity)))


def make_code(practice: Practice, sensitivity: Sensitivity) -> NewDeskCode:
    """A one-time code for a new desk of this centre. Asks the server: not on the thread that paints. Raises Problem."""
    practice.require(Act.ENROL_DESK)
    asked = DeskCodeAsked(practice.staff.id, practice.centre.id, int(sensitivity))
    made = _asked(practice, lambda server: server.desk_code(asked))
    until = time_of(made.until)
    detail = {"sensitivity": sensitivity.name.lower(), "until": until.isoformat()}
    practice.whole.record_events([Event("code for a desk made", None, None, detail)], practice.staff.id)
    centre = practice.store.get(Centre, practice.centre.id) or practice.centre
    # With the mark by which the new PC knows its alliance before it joins.
    alliance_key = practice.whole.audit.alliance_key()
    code = with_mark(made.code, alliance_key) if alliance_key else made.code
    return NewDeskCode(code, until, centre.value.name, sensitivity)


def why_not_shut_out(practice: Practice, device: Held[Device]) -> str:
    """Why that desk cannot be shut out from here, in words; empty when it can."""
    practice.look(Act.SHUT_OUT_DESK)
    if device.value.revoked:
        return "This desk is shut out already."
    working = [held for held in practice.store.find(Device) if not held.value.revoked]
    if len(working) == 1:
        return "This is the last desk. Without one, nobody could work or let a new one in."
    if device.id == practice.device.id:
        return "This is the desk you are at. Somebody at another one shuts it out."
    if device.value.centre != practice.centre.id:
        return "This desk is at another centre. Somebody there shuts it out, or IT support."
    return ""


def shut_out(practice: Practice, device: Held[Device], reason: ShutOutReason, words: str) -> None:
    """Shut a lost desk out for good: it deletes what opens it as soon as it meets the server.

    Asks the server first: not on the thread that paints. Raises Problem; done again it is the same.
    """
    practice.require(Act.SHUT_OUT_DESK)
    said = " ".join(words.split())
    if not said:
        raise field_problem("words", "It is not said what happened.", "Write when and where it was last seen.")
    if len(said) > MOST_WORDS:
        raise field_problem("words", f"This is longer than {MOST_WORDS} characters.", "Make it shorter.")
    held = practice.store.get(Device, device.id) or device
    if why := why_not_shut_out(practice, held):
        raise Problem("This desk cannot be shut out", why, "Choose another one in the list.")
    asked = ShutOutAsked(practice.staff.id, held.id, reason.value, said)
    _asked(practice, lambda server: server.shut_out(asked))
    event = Event("desk shut out", None, held.id, {"reason": reason.value, "words": said})
    practice.write(Act.SHUT_OUT_DESK, [edit(held, revoked=True)], [event])


def held_by(practice: Practice, device: Held[Device]) -> HeldByDesk:
    """What that desk held at most. Asks the server: not on the thread that paints. Raises Problem."""
    practice.require(Act.SEE_DESKS)
    asked = HeldAsked(practice.staff.id, device.id)
    there = _asked(practice, lambda server: server.held_there(asked))
    may_name = practice.may(Act.FIND_PEOPLE).allowed
    return HeldByDesk(device, there, _names(practice, there.people) if may_name else (), may_name)


def _names(practice: Practice, people: tuple[UUID, ...]) -> tuple[str, ...]:
    store = practice.for_lists().store
    found = [held.value for each in people if (held := store.get(Person, each)) is not None]
    lines = (f"{each.name}, {medium_date(each.born)}" if each.born else each.name for each in found)
    return tuple(sorted(lines, key=str.casefold))


def _asked(practice: Practice, ask: Callable[[DeskKeepingLine], T]) -> T:
    """The server's answer. Raises Problem in words when there is none."""
    to_do = "Try again when this desk is connected."
    if practice.server is None:
        raise Problem("This needs the server", "This desk speaks to no server at the moment.", to_do)
    try:
        return ask(practice.server)
    except NotKnownError as error:
        raise Problem(
            "The server does not allow this",
            "It has not heard yet that your role may do this, or does not know that desk as one of this centre.",
            "Wait a minute and try again. If it stays so, ring IT support.",
        ) from error
    except SyncError as error:
        raise Problem("This needs the server", error.happened, error.to_do or to_do) from error


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else time_of(milliseconds)
