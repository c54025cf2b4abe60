"""What a person may be given about their own record: who has opened it, and a copy of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from livingwell_desktop.domain.assessments import QuestionnaireResponse
from livingwell_desktop.domain.audit.uses import USE_WORDS, days_of_use
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.permissions.rulings import role_words
from livingwell_desktop.domain.records import AnyHeld, RecordKind, Sensitivity, kinds
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.assessments import questionnaires
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.value_words import EMPTY, in_words

if TYPE_CHECKING:
    from livingwell_desktop.printing.own_record import Everything, RecordPart, WhoOpened

ABOUT_STAFF = frozenset({"unusual_views", "opening_review", "draft"})
"""Kinds that say what the alliance asks its own staff, or what they have not finished: not the person's record."""
_NEVER_SAID = frozenset({"person", "phone_e164", "position", "fingerprint", "content"})
"""Fields that only the program needs, or that say again what another field says."""
_TITLES = ("title", "words", "what", "name", "title_words")


def who_opened(practice: Practice, person: UUID, record: UUID | None = None) -> WhoOpened:  # noqa: ARG001 - as every maker
    """Who has opened the person's record at this desk, by day. Raises Problem when this desk does not hold them."""
    practice.require(Act.SEE_OPENINGS, person)
    from livingwell_desktop.printing.own_record import OpeningLine, WhoOpened

    _must_be_here(practice, person)
    everybody = alliance(practice)
    lines = tuple(
        OpeningLine(
            each.day,
            everybody.staff_name(each.staff) if each.staff else "The program itself",
            _role(each.staff, everybody),
            tuple(USE_WORDS[use] for use in each.uses),
        )
        for each in days_of_use(practice.whole.audit.about(person))
    )
    return WhoOpened(lines, practice.device.value.name, practice.now())


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
        raise Problem(
            "This record is not on this desk", "It may not have arrived yet.", "Search for the person by name again."
        )
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
