"""From records to the plan on paper: who does what, who answered, what comes next. Draws nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from livingwell_desktop.domain.dates import day_and_month, local, local_day, short_date
from livingwell_desktop.domain.names import NAME_NOT_KNOWN, initials
from livingwell_desktop.domain.notes import DocumentGiven, GivenBy
from livingwell_desktop.domain.organisations import Centre, Organisation, Staff
from livingwell_desktop.domain.people import SECTION_WORDS, Decision, Person, SharingAgreement
from livingwell_desktop.domain.plan_rules import AgreementGiven, Standing, action_standing, is_agreed, standings
from livingwell_desktop.domain.plans import (
    Action,
    ActionState,
    AgreementAnswer,
    Goal,
    OwnerKind,
    Plan,
    PlanAgreement,
    PlanVersion,
)
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, BookingState
from livingwell_desktop.printing.marks import Status
from livingwell_desktop.printing.plan_paper import (
    AppointmentBox,
    Copy,
    Doer,
    KeyWorkerBox,
    PaperAction,
    PaperAnswer,
    PaperGoal,
    PlanPaper,
    SharedSection,
)

PLAN_PAPERS = ("plan", "earlier_plan")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_HOW_GIVEN = {GivenBy.PRINTED: "on paper", GivenBy.POST: "by post", GivenBy.EMAIL: "by email"}
_ANSWER = {
    Standing.AGREED: Status.AGREES,
    Standing.WAITING: Status.NOT_YET,
    Standing.DECLINED: Status.DOES_NOT_AGREE,
}


@dataclass(frozen=True, slots=True)
class Alliance:
    """The lists of the alliance by identity. An identity that is not in them prints as "Not known"."""

    staff: Mapping[UUID, Staff]
    organisations: Mapping[UUID, Organisation]
    centres: Mapping[UUID, Centre]

    def worker(self, staff_id: UUID | None) -> Staff | None:
        return self.staff.get(staff_id) if staff_id else None

    def organisation_name(self, organisation_id: UUID | None) -> str:
        """As people say it: the short name."""
        found = self.organisations.get(organisation_id) if organisation_id else None
        return (found.short_name or found.name) if found else ""

    def letters(self, organisation_id: UUID | None, name: str) -> str:
        found = self.organisations.get(organisation_id) if organisation_id else None
        return (found.letters if found else "") or initials(self.organisation_name(organisation_id) or name) or "?"

    def doer(self, staff_id: UUID | None, organisation_id: UUID | None, name: str = "") -> Doer:
        """A worker with their organisation; an organisation alone when nobody is named."""
        worker = self.worker(staff_id)
        organisation_id = organisation_id or (worker.organisation if worker else None)
        organisation = self.organisation_name(organisation_id)
        letters = self.letters(organisation_id, name)
        if worker:
            return Doer(worker.name, worker.given_name or worker.name, organisation, letters)
        if name:
            return Doer(name, name, organisation, letters)
        return Doer(organisation or NAME_NOT_KNOWN, organisation or NAME_NOT_KNOWN, "", letters)


ME = Doer("Me", "I", letters="Me", is_person=True)


@dataclass(frozen=True, slots=True)
class Wording:
    """Which plan it is: its goals and actions, and what names it."""

    plan: Plan
    goals: Sequence[tuple[Goal, Sequence[Action]]]
    fingerprint: str
    version: int
    dated: date
    replaces: date | None
    is_agreed: bool
    is_newest: bool
    is_earlier: bool = False
    """Printed from a version: how its actions stood was not agreed, and who was asked later does not matter."""


def current_wording(
    plan: Plan,
    goals: Sequence[tuple[Goal, Sequence[Action]]],
    fingerprint: str,
    versions: Sequence[Held[PlanVersion]],
    agreed: bool,
    today: date,
) -> Wording:
    """Today's plan: the newest version while nobody changed a word since, else a draft of the next one."""
    numbered = sorted(_live(versions), key=lambda one: one.number)
    newest = numbered[-1] if numbered else None
    if newest and newest.fingerprint == fingerprint and agreed:
        earlier = numbered[-2].agreed_on if len(numbered) > 1 else None
        dated = newest.agreed_on or today
        return Wording(plan, goals, fingerprint, newest.number, dated, earlier, True, True)
    number, replaces = (newest.number, newest.agreed_on) if newest else (0, None)
    return Wording(plan, goals, fingerprint, number + 1, today, replaces, agreed, True)


def _live(versions: Sequence[Held[PlanVersion]]) -> list[PlanVersion]:
    return [one.value for one in versions if not one.entered_in_error]


def earlier_wording(
    version: PlanVersion,
    plan: Plan,
    goals: Sequence[tuple[Goal, Sequence[Action]]],
    versions: Sequence[Held[PlanVersion]],
    today: date,
) -> Wording:
    """A version as it was agreed. How its actions stood then was not part of what was agreed, so it is not shown."""
    before = [one for one in _live(versions) if one.number < version.number]
    replaces = max(before, key=lambda one: one.number).agreed_on if before else None
    newest = max((one.number for one in _live(versions)), default=version.number)
    dated = version.agreed_on or today
    is_newest = version.number >= newest
    return Wording(plan, goals, version.fingerprint, version.number, dated, replaces, True, is_newest, is_earlier=True)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands on the paper around the plan itself."""

    person: Person
    agreements: Sequence[Held[PlanAgreement]]
    sharing: Sequence[Held[SharingAgreement]]
    bookings: Sequence[Held[Booking]]
    papers: Sequence[Held[DocumentGiven]]
    alliance: Alliance
    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now)


def plan_paper(wording: Wording, around: Around) -> PlanPaper:
    """Everything that stands on a plan, decided."""
    person, alliance = around.person, around.alliance
    reviewer = alliance.worker(wording.plan.reviewer)
    return PlanPaper(
        name=person.name or person.called or NAME_NOT_KNOWN,
        called=person.called or NAME_NOT_KNOWN,
        born=person.born,
        printed_on=around.today,
        version=str(wording.version),
        is_agreed=wording.is_agreed,
        is_newest=wording.is_newest,
        dated=wording.dated,
        replaces=wording.replaces,
        in_own_words=wording.plan.in_own_words,
        key_worker=_key_worker(person, alliance),
        appointment=_next_appointment(around),
        goals=tuple(_goal(goal, actions, wording, around) for goal, actions in wording.goals),
        answers=answers(wording, around),
        review_on=wording.plan.review_on,
        reviewer=reviewer.name if reviewer else "",
        sharing=_sharing(around),
        copies=_copies(around),
    )


def _key_worker(person: Person, alliance: Alliance) -> KeyWorkerBox | None:
    worker = alliance.worker(person.key_worker)
    return KeyWorkerBox(worker.name, worker.given_name, worker.phone, worker.hours) if worker else None


def _next_appointment(around: Around) -> AppointmentBox | None:
    now = local(around.now)
    coming = [
        one.value
        for one in around.bookings
        if not one.entered_in_error
        and one.value.state == BookingState.BOOKED
        and one.value.on
        and (one.value.on, one.value.until or one.value.at or time.max) >= (now.date(), now.time())
    ]
    if not coming:
        return None
    booking = min(coming, key=lambda one: (one.on or date.max, one.at or time.min))
    centre = around.alliance.centres.get(booking.centre) if booking.centre else None
    place = ", ".join(part for part in (centre.name if centre else "", booking.where) if part)
    worker = around.alliance.worker(booking.sees)
    sees = (worker.given_name or worker.name) if worker else ""
    return AppointmentBox(booking.on or around.today, booking.at, booking.until, place, sees)


def _goal(goal: Goal, actions: Sequence[Action], wording: Wording, around: Around) -> PaperGoal:
    rows = tuple(
        PaperAction(
            one.what,
            owner(one, around.alliance),
            one.due,
            Status(action_standing(one.state, one.due, around.today).value) if not wording.is_earlier else None,
        )
        for one in actions
        if one.state != ActionState.STOPPED
    )
    return PaperGoal(goal.words, goal.about, goal.group, rows)


def owner(action: Action, alliance: Alliance) -> Doer:
    """Who does an action, as paper shows it. A carer is a person too: a circle with their initials."""
    if action.owner_kind == OwnerKind.PERSON:
        return ME
    if action.owner_kind == OwnerKind.CARER:
        name = action.owner_name or "My carer"
        return Doer(name, name, letters=initials(name) or "?", is_person=True)
    return alliance.doer(action.owner_staff, action.owner_organisation, action.owner_name)


def _latest(agreements: Sequence[Held[PlanAgreement]]) -> dict[str, PlanAgreement]:
    """The last answer of each party: the person is "", an organisation its identity."""
    live = [one for one in agreements if not one.entered_in_error]
    live.sort(key=lambda one: (one.value.answered_at or _LONG_AGO, one.changed_at, one.id))
    return {_party(one.value): one.value for one in live}


def _party(agreement: PlanAgreement) -> str:
    return str(agreement.organisation) if agreement.organisation else ""


def _parties(wording_goals: Sequence[tuple[Goal, Sequence[Action]]], around: Around) -> dict[str, UUID | None]:
    """Who is asked: the person, the key worker's organisation, every organisation that does or answered something.

    The value is the worker who is shown for an organisation until somebody of it answers.
    """
    worker = around.alliance.worker(around.person.key_worker)
    parties: dict[str, UUID | None] = {"": None}
    if worker and worker.organisation:
        parties[str(worker.organisation)] = around.person.key_worker
    for action in (one for _words, actions in wording_goals for one in actions):
        staff = around.alliance.worker(action.owner_staff)
        organisation = action.owner_organisation or (staff.organisation if staff else None)
        if organisation and action.owner_kind == OwnerKind.WORKER:
            parties.setdefault(str(organisation), action.owner_staff)
    for party in _latest(around.agreements):
        parties.setdefault(party, None)
    return parties


def _found(
    parties: Mapping[str, UUID | None], agreements: Sequence[Held[PlanAgreement]], fingerprint: str
) -> dict[str, Standing]:
    given = [AgreementGiven(party, last.answer, last.fingerprint) for party, last in _latest(agreements).items()]
    return standings(list(parties), given, fingerprint)


def plan_is_agreed(goals: Sequence[tuple[Goal, Sequence[Action]]], around: Around, fingerprint: str) -> bool:
    """The rule of `plan_rules.is_agreed` for this person's plan as it is worded now."""
    found = _found(_parties(goals, around), around.agreements, fingerprint)
    worker = around.alliance.worker(around.person.key_worker)
    own = str(worker.organisation) if worker else "nobody"
    return is_agreed(found[""], found.get(own, Standing.WAITING))


def answers(wording: Wording, around: Around) -> tuple[PaperAnswer, ...]:
    """Who agrees, who does not and why, and who has not answered."""
    parties = _parties(wording.goals, around)
    last = _latest(around.agreements)
    found = _found(parties, around.agreements, wording.fingerprint)
    rows = []
    for party, standing in found.items():
        given = last.get(party)
        if wording.is_earlier and not given:
            continue
        name = around.person.name or around.person.called or NAME_NOT_KNOWN
        doer = replace(ME, name=name, called="I")
        if party:
            doer = around.alliance.doer((given.staff if given else None) or parties[party], UUID(party))
        reason = given.reason if given and standing is Standing.DECLINED else ""
        rows.append(PaperAnswer(doer, _ANSWER[standing], _when_and_how(given, standing, around.today), reason))
    return tuple(rows)


def _when_and_how(given: PlanAgreement | None, standing: Standing, today: date) -> str:
    if given is None:
        return "Not asked yet"
    on = local_day(given.answered_at) if given.answered_at else None
    if standing is not Standing.WAITING:
        day = short_date(on) + (f" {on.year}" if on.year != today.year else "") if on else ""
        return ", ".join(part for part in (day, given.how) if part)
    if given.answer == AgreementAnswer.ASKED:
        return f"Asked {day_and_month(on, today)}" if on else "Asked"
    return "Answered before the plan changed"


def _sharing(around: Around) -> tuple[SharedSection, ...]:
    """Sections and organisations; the latest decision for an organisation counts. Nobody asked yet: no table."""
    decisions = [one for one in around.sharing if not one.entered_in_error]
    if not decisions:
        return ()
    decisions.sort(key=lambda one: (one.value.decided_on or date.min, one.changed_at, one.id))
    latest = {one.value.organisation: one.value for one in decisions}
    today = around.today
    partners = [
        identity
        for identity, one in around.alliance.organisations.items()
        if (one.from_date or date.min) <= today <= (one.until_date or date.max)
    ]
    worker = around.alliance.worker(around.person.key_worker)
    own = worker.organisation if worker else None
    partners.sort(key=lambda one: (one != own, around.alliance.organisation_name(one)))
    return tuple(
        SharedSection(
            words,
            tuple(
                (
                    around.alliance.organisation_name(partner),
                    partner in latest
                    and latest[partner].decision == Decision.GIVEN
                    and section in latest[partner].sections,
                )
                for partner in partners
            ),
        )
        for section, words in SECTION_WORDS.items()
    )


def _copies(around: Around) -> tuple[Copy, ...]:
    """The last plan that each has, newest first."""
    given = [one for one in around.papers if one.value.document in PLAN_PAPERS and one.value.given_to]
    given = [one for one in given if not one.entered_in_error]
    given.sort(key=lambda one: (one.value.given_at or _LONG_AGO, one.id))
    latest = {one.value.given_to: one.value for one in given}
    return tuple(
        Copy(who, _HOW_GIVEN.get(one.how, ""), local_day(one.given_at) if one.given_at else None, one.version)
        for who, one in reversed(latest.items())
    )
