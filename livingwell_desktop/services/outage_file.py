"""What happened in an outage as a file that leaves the program: a table that any office program opens."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.dates import local
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.attention import Question
from livingwell_desktop.services.outages import NotTaken, PersonLine, Reconciliation, reconciliation
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Event

_COLUMNS = ("Part", "Person", "What", "Changes", "When", "Who", "Organisation", "Desk", "What was written", "Why")

_Line = Mapping[str, str]
"""What stands in which column; the others are empty."""


def export(practice: Practice, outage: UUID) -> bytes:
    """Everything about one outage as a table (CSV, UTF-8). That it was saved is in the audit.

    Protected people are in it as on paper. Raises Problem when the outage is not on this desk.
    """
    practice.require(Act.SIGN_OFF_OUTAGE)
    found = reconciliation(practice.for_papers(), outage)
    practice.whole.record_events([Event("export: outage", None, outage)], practice.staff.id)
    written = io.StringIO()
    table = csv.DictWriter(written, _COLUMNS, restval="")
    table.writeheader()
    table.writerows({column: _harmless(cell) for column, cell in line.items()} for line in _lines(found))
    return written.getvalue().encode("utf-8-sig")


def _lines(found: Reconciliation) -> Iterator[_Line]:
    yield from _totals(found)
    yield from _by_person("Sent", found.sent)
    yield from _by_person("Received", found.received)
    for question in found.questions:
        yield from _answers(question)
    for each in found.refused:
        yield _not_taken(each)


def _totals(found: Reconciliation) -> Iterator[_Line]:
    value = found.outage.value
    yield {"Part": "Outage", "What": "began", "When": _moment(value.began), "Desk": found.desk}
    yield {"Part": "Outage", "What": "ended", "When": _moment(value.ended), "Desk": found.desk}
    for what, number in (
        ("sent", value.sent),
        ("received", value.received),
        ("questions", value.questions),
        ("not taken", value.refused),
    ):
        yield {"Part": "Outage", "What": what, "Changes": str(number), "Desk": found.desk}
    if value.signed_by:
        signed = {"Part": "Outage", "What": "signed off", "When": _moment(value.signed_at)}
        yield {**signed, "Who": found.signed_by, "What was written": value.remark}


def _by_person(part: str, people: Iterable[PersonLine]) -> Iterator[_Line]:
    for each in people:
        counted = {"Part": part, "Person": _named(each.person), "What": each.what, "Changes": str(each.changes)}
        yield {**counted, "When": _moment(each.oldest)}


def _answers(question: Question) -> Iterator[_Line]:
    """A line for each answer: a question is one of several values of one field."""
    for choice in question.choices:
        yield {
            "Part": "Question",
            "Person": _named(question.person),
            "What": ", ".join(part for part in (question.field.label, question.which) if part),
            "When": _moment(choice.at),
            "Who": choice.author,
            "Organisation": choice.organisation.value.name if choice.organisation else "",
            "Desk": choice.desk,
            "What was written": choice.words,
        }


def _not_taken(each: NotTaken) -> _Line:
    return {
        "Part": "Not taken",
        "Person": _named(each.person),
        "What": each.what,
        "When": _moment(each.at),
        "Who": each.author,
        "What was written": "; ".join(f"{label}: {words}" for label, words in each.words),
        "Why": each.reason,
    }


def _named(person: Held[Person] | None) -> str:
    return person.value.name if person else ""


def _moment(instant: datetime | None) -> str:
    """As an office program sorts it: "2026-11-23 10:43", the centre's own time."""
    return local(instant).strftime("%Y-%m-%d %H:%M") if instant else ""


def _harmless(cell: str) -> str:
    """A cell that an office program would take for a formula is kept as words."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
