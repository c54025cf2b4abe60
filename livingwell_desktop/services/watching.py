"""The watch over openings, and the check of a desk's audit: what the privacy officer is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from livingwell_desktop.domain.audit import Finding, Tampering, Verdict, verify
from livingwell_desktop.domain.audit.old_ties import Binding, Kept, bonds_then, made_themselves_key_worker
from livingwell_desktop.domain.audit.watching import WITHIN, UnusualLooks, unusual_looks
from livingwell_desktop.domain.changes import milliseconds_of
from livingwell_desktop.domain.dates import local, local_day, long_date
from livingwell_desktop.domain.emergency_opening import OpeningReview, ReviewOutcome
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Device, Staff
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act, Tie, tie
from livingwell_desktop.domain.plans import Action
from livingwell_desktop.domain.protection import Purpose
from livingwell_desktop.domain.records import Held, body_of, kind_of
from livingwell_desktop.domain.sessions import Booking, Visit
from livingwell_desktop.domain.unusual_views import UnusualViews, finding_id
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.seeing import Seen
from livingwell_desktop.services.standing import Viewer
from livingwell_desktop.storage import Author, Store, create

if TYPE_CHECKING:
    from datetime import datetime

VERB = "watch over openings"


def look_over(store: Store, centre: UUID, now: datetime) -> tuple[UUID, ...]:
    """Look over what was opened at this desk lately, and write down what stands out: once a week for the same looks.

    The program does this by itself, every few minutes. Gives back what was written. Raises Problem on a full disk.
    """
    rows = store.audit.since(milliseconds_of(now - WITHIN))
    staff = {held.id: held for held in store.find(Staff)}

    def bound(who: UUID, person: UUID, at: datetime) -> bool:
        # Whoever oversees how records are used opens those of everybody: that is their work.
        held = staff.get(who)
        if held is None:
            return False
        viewer = Viewer(held, centre, now, local_day(now), Purpose.PAGE)
        return viewer.oversees or _tie_then(store, viewer, person, at) is not Tie.NONE

    written = []
    for each in unusual_looks(rows, bound, now):
        record = finding_id(store.signer.device, each.staff, each.person, each.first)
        if store.get(UnusualViews, record) is None:
            finding = _finding(each, store.signer.device, centre)
            store.write([create(record, finding)], [], Author(None, centre, VERB))
            written.append(record)
    return tuple(written)


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A finding that the privacy officer has not looked at yet."""

    finding: Held[UnusualViews]
    person: Held[Person] | None
    staff: str
    desk: str

    @property
    def sentence(self) -> str:
        """What stood out, without the person's name."""
        value = self.finding.value
        whose = "the same record" if value.people == 1 else f"the records of {value.people} people"
        times = counted(value.openings, "time", "times")
        since = f" since {long_date(local(value.first_at).date())}" if value.first_at else ""
        return f"{self.staff} opened {whose} {times}{since}. Nothing here says that they work with them."


def unanswered(seen: Seen) -> list[Held[UnusualViews]]:
    """Unusual openings that nobody has answered yet, among what one viewer may see."""
    answered = {held.value.opening for held in seen.find(OpeningReview)}
    return [held for held in seen.find(UnusualViews) if held.id not in answered]


def unusual_views(practice: Practice) -> tuple[ToAsk, ...]:
    """Unusual openings that nobody has answered yet, the oldest first."""
    practice.look(Act.REVIEW_OPENINGS)
    everybody = alliance(practice)
    desks = {held.id: held.value.name for held in practice.store.find(Device)}
    found = [
        ToAsk(
            held,
            practice.store.get(Person, held.value.person),
            everybody.staff_name(held.value.staff),
            desks.get(held.value.device, "a desk at another centre") if held.value.device else "",
        )
        for held in unanswered(practice.store)
    ]
    return tuple(sorted(found, key=lambda each: each.finding.value.last_at or each.finding.changed_at))


def answer(practice: Practice, finding: Held[UnusualViews], outcome: ReviewOutcome, words: str = "") -> UUID:
    """Write down what the privacy officer found out. Raises Problem when it was answered already, or was their own."""
    practice.require(Act.REVIEW_OPENINGS, finding.value.person)
    if practice.store.find(OpeningReview, opening=finding.id):
        raise Problem("This was answered already", "Somebody else was quicker.", "Go on with the next one.")
    if finding.value.staff == practice.staff.id:
        raise Problem("This is about you", "Nobody answers for their own openings.", "Ask another privacy officer.")
    record = practice.new_id()
    value = OpeningReview(
        person=finding.value.person,
        opening=finding.id,
        outcome=outcome,
        words=words.strip(),
        reviewed_by=practice.staff.id,
        reviewed_at=practice.now(),
    )
    practice.write(Act.REVIEW_OPENINGS, [create(record, value)])
    return record


TAMPERING_WORDS = {
    Tampering.EDIT: "an entry was changed",
    Tampering.DELETE: "entries were taken out",
    Tampering.INSERT: "an entry was put in",
    Tampering.SWAP: "two entries changed places",
    Tampering.TRUNCATE: "the newest entries are gone",
    Tampering.FORK: "an older state of this desk was put back and used",
    Tampering.RESIGN: "entries were changed and sealed again",
    Tampering.REPLACED_GENESIS: "the list was begun again, or is another desk’s",
    Tampering.CHANGED_SERVER: "a server’s word on it is not from our alliance",
    Tampering.MIDDLE_EDIT: "an entry was changed and sealed again by itself",
    Tampering.CHANGED_TIME: "the time of an entry was changed",
    Tampering.DROPPED_CHECKPOINT: "a server’s word on it was taken away",
}


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What the check of this desk's audit found."""

    verdict: Verdict
    contradicted_at: int | None
    """Since when the server holds another history of this desk (milliseconds); None when it does not."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.verdict.findings and self.contradicted_at is None

    @property
    def lines(self) -> tuple[str, ...]:
        """The result in plain lines, the most important first."""
        verdict, first = self.verdict, self.verdict.first
        entries = counted(verdict.links, "entry", "entries")
        lines = [f"All is well. This desk’s list of what was done has {entries}, and each one is as it was written."]
        if first is not None:
            lines = [_found_words(first), "Ring IT support and say “audit”. Do not delete anything."]
        elif self.contradicted_at is not None:
            lines = ["The server has another list for this desk.", "Ring IT support and say “audit”."]
        lines += [
            f"Entries {begin:,} to {end:,} were lost when this desk’s disk was damaged." for begin, end in verdict.gaps
        ]
        server = f"The server vouches for it up to entry {verdict.witnessed:,}." if verdict.witnessed else ""
        keyring = f"This PC’s keyring vouches for it up to entry {verdict.anchored:,}." if verdict.anchored else ""
        return (*lines, *filter(None, (server or "No server has vouched for it yet.", keyring)))


def check_audit(practice: Practice) -> AuditCheck:
    """Walk every link of this desk's audit and ask every witness. Takes a while: not on the thread that paints."""
    practice.require(Act.VERIFY_AUDIT)
    from livingwell_desktop.security.signed import verify as signed  # loads the cryptography: only who checks needs it

    audit = practice.whole.audit
    verdict = verify(
        audit.device,
        audit.rows,
        anchor=audit.anchored,
        checkpoints=audit.checkpoints(),
        alliance_key=audit.alliance_key(),
        signed=signed,
    )
    return AuditCheck(verdict, audit.contradicted_at())


def _found_words(finding: Finding) -> str:
    return f"Something is wrong from entry {finding.link:,} on: {TAMPERING_WORDS[finding.kind]}."


def _tie_then(store: Store, viewer: Viewer, person: UUID, at: datetime) -> Tie:
    """What bound the viewer to a person when they looked; what they made alone does not count."""
    binding = store.remembered.get(("binding", person), (person, "staff"), lambda: _binding(store, person))
    bonds, who = bonds_then(binding, viewer.staff.id, at), viewer.staff.id
    colleague = store.get(Staff, bonds.key_worker)
    bonds = replace(bonds, key_workers_centre=colleague.value.centre if colleague else None)
    found = tie(bonds, who, viewer.centres)
    return Tie.NONE if found is Tie.NEW_HERE and made_themselves_key_worker(binding, who) else found


def _binding(store: Store, person: UUID) -> Binding:
    def kept(kind: type[Any], held: Iterable[Held[Any]]) -> list[Kept]:
        return [Kept(body_of(kind_of(kind), each.value), store.written(each.id)) for each in held]

    whose = store.get(Person, person)
    return Binding(
        next(iter(kept(Person, [whose] if whose else [])), None),
        [*kept(Visit, store.find(Visit, person=person)), *kept(Booking, store.find(Booking, person=person))],
        kept(Action, store.find(Action, person=person)),
    )


def _finding(looks: UnusualLooks, device: UUID, centre: UUID) -> UnusualViews:
    return UnusualViews(
        person=looks.person,
        centre=centre,
        device=device,
        staff=looks.staff,
        people=looks.people,
        openings=looks.openings,
        first_at=looks.first,
        last_at=looks.last,
    )
