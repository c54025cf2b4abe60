"""A person's story: what happened, newest first, so that nobody has to tell it twice."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.dates import instant
from livingwell_desktop.domain.notes import DocumentGiven, Note
from livingwell_desktop.domain.organisations import Centre
from livingwell_desktop.domain.people import SharingAgreement
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import Plan, PlanVersion
from livingwell_desktop.domain.records import Held, kind_of
from livingwell_desktop.domain.scoring import scores
from livingwell_desktop.domain.sessions import Booking, Visit, VisitState
from livingwell_desktop.domain.waiting import long_wait_words, waiting
from livingwell_desktop.domain.wording import listed, number_word, sentence_case
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.arriving import is_here
from livingwell_desktop.services.assessments import questionnaires
from livingwell_desktop.services.bookings import next_booking
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.reception import state_words


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the story."""

    at: datetime
    where: str
    organisation: UUID | None
    staff: UUID | None
    title: str
    words: str
    record: UUID


@dataclass(frozen=True, slots=True)
class Story:
    """The newest entries and how many there are in all."""

    newest: tuple[Happening, ...]
    total: int


def story(practice: Practice, person: UUID, limit: int = 4) -> Story:
    """The newest `limit` entries. Visits, notes, assessments and plan versions each count once."""
    practice.require(Act.SEE_CLINICAL, person)
    store = practice.store
    total = sum(store.count(kind, person=person) for kind in (Visit, Note, QuestionnaireResponse, PlanVersion))
    centres = {held.id: held.value.name for held in store.find(Centre)}
    staff = alliance(practice)

    def organisation(member: UUID | None) -> UUID | None:
        held = staff.organisation_of(member)
        return held.id if held else None

    entries: list[Happening] = []
    for visit in store.find(Visit, person=person, newest_first=True, limit=limit, order="on"):
        if visit.value.arrived_at:
            entries.append(
                Happening(
                    visit.value.arrived_at,
                    centres.get(visit.value.centre, "") if visit.value.centre else "",
                    organisation(visit.value.sees),
                    visit.value.sees,
                    visit.value.reason or "Came to the centre",
                    _visit_words(visit, practice.now()),
                    visit.id,
                )
            )
    for note in store.find(Note, person=person, newest_first=True, limit=limit, order="at"):
        if note.value.at:
            entries.append(
                Happening(
                    note.value.at,
                    note.value.place,
                    note.value.organisation or organisation(note.value.staff),
                    note.value.staff,
                    note.value.title,
                    note.value.words,
                    note.id,
                )
            )
    for response in store.find(
        QuestionnaireResponse, person=person, newest_first=True, limit=limit, order="authored_at"
    ):
        if response.value.authored_at:
            entries.append(
                Happening(
                    response.value.authored_at,
                    "",
                    organisation(response.value.author),
                    response.value.author,
                    f"{_title(response.value.questionnaire)} completed",
                    _areas_words(response.value),
                    response.id,
                )
            )
    for version in store.find(PlanVersion, person=person, newest_first=True, limit=limit, order="number"):
        if version.value.agreed_on:
            entries.append(
                Happening(
                    instant(version.value.agreed_on, time(12)),
                    "",
                    organisation(version.changed_by),
                    version.changed_by,
                    f"Joint care plan, version {version.value.number}",
                    "Agreed.",
                    version.id,
                )
            )
    entries.sort(key=lambda each: each.at, reverse=True)
    return Story(tuple(entries[:limit]), total)


@dataclass(frozen=True, slots=True)
class NextAppointment:
    """The coming booking, and the slip that was given for it."""

    booking: Held[Booking]
    centre: str
    sees: str
    slip: Held[DocumentGiven] | None


def next_appointment(practice: Practice, person: UUID) -> NextAppointment | None:
    """The nearest booking from today on. One that was used or cancelled is none."""
    practice.require(Act.SEE_DETAILS, person)
    held = next_booking(practice, person)
    if held is None:
        return None
    everybody = alliance(practice)
    made = held.value.made_at
    slips = [
        paper
        for paper in papers_given(practice, person)
        if paper.value.document == "booking_slip" and made and paper.value.given_at and paper.value.given_at >= made
    ]
    centre = everybody.centres.get(held.value.centre) if held.value.centre else None
    return NextAppointment(
        held,
        centre.value.name if centre else "",
        everybody.staff_name(held.value.sees) if held.value.sees else "",
        slips[0] if slips else None,
    )


def visits(practice: Practice, person: UUID, limit: int) -> tuple[tuple[Held[Visit], ...], int]:
    """The newest `limit` visits and how many there are in all. Visits are for every role that sees details."""
    practice.require(Act.SEE_DETAILS, person)
    found = practice.store.find(Visit, person=person, newest_first=True, limit=limit, order="on")
    return found, practice.store.count(Visit, person=person)


def papers_given(practice: Practice, person: UUID) -> tuple[Held[DocumentGiven], ...]:
    """The papers the person, or somebody for them, was given, newest first."""
    practice.require(Act.SEE_DETAILS, person)
    found = practice.store.find(DocumentGiven, person=person)
    return tuple(sorted(found, key=lambda held: (held.value.given_at or held.changed_at, held.id), reverse=True))


def sharing_history(practice: Practice, person: UUID) -> tuple[Held[SharingAgreement], ...]:
    """Everything the person said about sharing, newest first."""
    practice.require(Act.SEE_DETAILS, person)
    found = practice.store.find(SharingAgreement, person=person)
    return tuple(sorted(found, key=lambda held: (held.value.decided_on or date.min, held.id), reverse=True))


@dataclass(frozen=True, slots=True)
class PlanGlance:
    """Whether there is a plan, and the version that was agreed last (0: none yet)."""

    there: bool
    version: int


def plan_glance(practice: Practice, person: UUID) -> PlanGlance:
    """Enough of the plan for a tab and a button; the plan itself is `services.plans`."""
    practice.require(Act.SEE_CLINICAL, person)
    there = practice.store.get(Plan, kind_of(Plan).id_for(person)) is not None
    versions = practice.store.find(PlanVersion, person=person)
    return PlanGlance(there, max((held.value.number for held in versions), default=0))


def needs(practice: Practice, person: UUID) -> tuple[Held[Need], ...]:
    """The person's needs that still are, in their order."""
    practice.require(Act.SEE_CLINICAL, person)
    found = practice.store.find(Need, person=person)
    open_needs = (held for held in found if held.value.state is not NeedState.NO_LONGER)
    return tuple(sorted(open_needs, key=lambda held: (held.value.position, held.id)))


def _visit_words(visit: Held[Visit], now: datetime) -> str:
    value = visit.value
    if value.state is VisitState.WAITING and value.arrived_at:
        return f"Ticket {value.ticket}, waiting {long_wait_words(waiting(value.arrived_at, now).minutes)}."
    if value.state is VisitState.WITH_SOMEONE:
        return f"Ticket {value.ticket}, {value.where or 'with someone now'}."
    if is_here(value) and value.state is not VisitState.WAITING:
        return f"Ticket {value.ticket}, {state_words(value.state)}."
    said = value.outcome or ("Left without being seen" if value.state is VisitState.DID_NOT_WAIT else "Seen")
    return ". ".join(part.rstrip(".") for part in (said, value.follow_up) if part) + "."


def _title(name: str) -> str:
    known = questionnaires().get(name)
    return known.title if known else name


def _areas_words(response: QuestionnaireResponse) -> str:
    known = questionnaires().get(response.questionnaire)
    if known is not None and not known.most_areas:
        given = scores(known, response.answers)
        return listed([f"{score.title} {score.shown}" for score in given if score.shown]) or "Not all answered."
    chosen = len(response.chosen)
    return {0: "No area chosen.", 1: "One area chosen to work on."}.get(
        chosen, f"{sentence_case(number_word(chosen))} areas chosen to work on."
    )
