"""A person's story: what happened, newest first, so that nobody has to tell it twice."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from livingwell_desktop.domain.assessments import Need, NeedState, QuestionnaireResponse
from livingwell_desktop.domain.dates import instant
from livingwell_desktop.domain.notes import Note
from livingwell_desktop.domain.organisations import Centre
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plans import PlanVersion
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.practice import Practice


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
                    _visit_words(visit),
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
                    f"{response.value.questionnaire.upper()} completed",
                    _areas_words(len(response.value.chosen)),
                    response.id,
                )
            )
    for version in store.find(PlanVersion, person=person, newest_first=True, limit=limit):
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


def needs(practice: Practice, person: UUID) -> tuple[Held[Need], ...]:
    """The person's needs that still are, in their order."""
    practice.require(Act.SEE_CLINICAL, person)
    found = practice.store.find(Need, person=person)
    open_needs = (held for held in found if held.value.state is not NeedState.NO_LONGER)
    return tuple(sorted(open_needs, key=lambda held: (held.value.position, held.id)))


def _visit_words(visit: Held[Visit]) -> str:
    value = visit.value
    if value.state is VisitState.WAITING:
        return f"Ticket {value.ticket}, waiting."
    if value.state is VisitState.WITH_SOMEONE:
        return f"Ticket {value.ticket}, {value.where or 'with someone now'}."
    said = value.outcome or ("Left without being seen" if value.state is VisitState.DID_NOT_WAIT else "Seen")
    return ". ".join(part.rstrip(".") for part in (said, value.follow_up) if part) + "."


def _areas_words(chosen: int) -> str:
    return {0: "No area chosen.", 1: "One area chosen to work on."}.get(chosen, f"{chosen} areas chosen to work on.")
