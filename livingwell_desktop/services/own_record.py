"""What a person may be given about their own record: who has opened it, and a copy of everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.audit.uses import USE_WORDS, DayOfUse, Use, days_of_use
from livingwell_desktop.domain.changes import time_of
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.permissions.rulings import role_words
from livingwell_desktop.domain.records import AnyHeld, RecordKind, Sensitivity, kinds
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.assessments import questionnaires
from livingwell_desktop.services.practice import Practice, not_here
from livingwell_desktop.services.value_words import EMPTY, in_words
from livingwell_desktop.sync.overseeing import OpenedAsked, OpenedDay, OpenedEverywhere
from livingwell_desktop.sync.troubles import SyncError

if TYPE_CHECKING:
    from livingwell_desktop.printing.own_record import Everything, OpeningLine, RecordPart, WhoOpened

ABOUT_STAFF = frozenset({"unusual_views", "opening_review", "draft"})
"""Kinds that say what the alliance asks its own staff, or what they have not finished: not the person's record."""
_NEVER_SAID = frozenset({"person", "phone_e164", "position", "fingerprint", "content"})
"""Fields that only the program needs, or that say again what another field says."""
_TITLES = ("title", "words", "what", "name", "title_words")


def who_opened(practice: Practice, person: UUID, record: UUID | None = None) -> WhoOpened:  # noqa: ARG001 - as every maker
    """Who has opened the person's record, by day: at any desk where the server answers, else at this one alone.

    Speaks to the server: not on the thread that paints. Raises Problem when this desk does not hold them.
    """
    practice.require(Act.SEE_OPENINGS, person)
    from livingwell_desktop.printing.own_record import WhoOpened

    _must_be_here(practice, person)
    here = days_of_use(practice.whole.audit.about(person))
    answer = _asked(practice, person)
    desk, now, everybody = practice.device.value.name, practice.now(), alliance(practice)
    if answer is None:
        return WhoOpened(tuple(_line(each, everybody) for each in here), desk, now)
    names = {held.id: held.value.name for held in practice.store.find(Device)}
    quiet = tuple(
        (names.get(each.desk, "a desk at another centre"), time_of(each.at) if each.at is not None else None)
        for each in answer.heard
        if each.desk != practice.device.id and (each.at is None or local_day(time_of(each.at)) != practice.today())
    )
    there = (_day_of_use(each) for each in answer.days)
    days = _together(there, here)
    return WhoOpened(tuple(_line(each, everybody) for each in days), desk, now, everywhere=True, quiet=quiet)


def _asked(practice: Practice, person: UUID) -> OpenedEverywhere | None:
    """What the server knows of all desks; None without a connection, or where it does not know this right yet."""
    if practice.server is None:
        return None
    try:
        return practice.server.opened(OpenedAsked(practice.staff.id, person))
    except SyncError:
        return None


def _day_of_use(day: OpenedDay) -> DayOfUse:
    known = {use.value: use for use in Use}
    uses = tuple(known[use] for use in day.uses if use in known)
    return DayOfUse(day.staff, day.day, time_of(day.first), time_of(day.last), uses)


def _together(there: Iterable[DayOfUse], here: Iterable[DayOfUse]) -> list[DayOfUse]:
    """Both lists as one: what this desk has not sent yet is in its own alone."""
    found: dict[tuple[date, UUID | None], DayOfUse] = {}
    for each in (*there, *here):
        before = found.get((each.day, each.staff))
        found[each.day, each.staff] = each if before is None else before.with_more(each)
    return sorted(found.values(), key=lambda each: (each.day, each.last), reverse=True)


def _line(day: DayOfUse, everybody: Alliance) -> OpeningLine:
    from livingwell_desktop.printing.own_record import OpeningLine

    return OpeningLine(
        day.day,
        everybody.staff_name(day.staff) if day.staff else "The program itself",
        _role(day.staff, everybody),
        tuple(USE_WORDS[use] for use in day.uses),
    )


def everything_about(practice: Practice, person: UUID, record: UUID | None = None) -> Everything:  # noqa: ARG001 - as above
    """A copy of all records about the person that may be given to them, and who opened them.

    Raises Problem when this desk does not hold them.
    """
    practice.require(Act.GIVE_COPY, person)
    from livingwell_desktop.printing.own_record import Everything

    held, everybody = _must_be_here(practice, person), alliance(practice)
    parts: list[tuple[str, tuple[RecordPart, ...]]] = []
    for kind in sorted(kinds(), key=lambda each: each.type is not Person):
        found: tuple[AnyHeld, ...] = ()
        if kind.type is Person:
            found = (held,)
        elif "person" in kind.fields and kind.name not in ABOUT_STAFF and kind.sensitivity < Sensitivity.RESTRICTED:
            found = practice.store.find(kind.type, person=person)
        said = tuple(_part(each, kind, everybody) for each in sorted(found, key=lambda one: (one.changed_at, one.id)))
        if said:
            parts.append((kind.label if len(said) == 1 else kind.plural, said))
    return Everything(tuple(parts), who_opened(practice, person))


def _must_be_here(practice: Practice, person: UUID) -> AnyHeld:
    held = practice.store.get(Person, person)
    if held is None:
        raise not_here()
    return held


def _role(staff: UUID | None, everybody: Alliance) -> str:
    held = everybody.staff.get(staff) if staff else None
    if held is None:
        return ""
    organisation = everybody.organisation_of(staff)
    job = held.value.job_title or role_words(held.value.role)
    return ", ".join(part for part in (job, organisation.value.name if organisation else "") if part)


def _part(held: AnyHeld, kind: RecordKind, everybody: Alliance) -> RecordPart:
    from livingwell_desktop.printing.own_record import RecordPart

    facts = [
        (declared.label, words)
        for name, declared in kind.fields.items()
        if name not in _NEVER_SAID and (words := _words(getattr(held.value, name), everybody))
    ]
    if isinstance(held.value, QuestionnaireResponse):
        facts += _answers(held.value)
    title = next((str(found) for name in _TITLES if (found := getattr(held.value, name, ""))), "")
    return RecordPart(title or kind.label, local_day(held.changed_at), tuple(facts))


def _words(value: Any, everybody: Alliance) -> str:
    if value in (None, "", ()) or isinstance(value, Mapping):
        return ""
    words = in_words(value, everybody)
    return "" if words == EMPTY else words


def _answers(response: QuestionnaireResponse) -> list[tuple[str, str]]:
    """Each question that was answered, with its answer."""
    known = questionnaires().get(response.questionnaire)
    texts = {item.link_id: item.text for item in known.items} if known else {}
    said = {True: "Yes", False: "No"}
    return [
        (texts.get(link, link), said[answer] if isinstance(answer, bool) else str(answer))
        for link, answer in response.answers.items()
    ]
