"""The lists of both pages: changes by person, changes that were not taken, and questions between desks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from livingwell_desktop.domain.dates import ago, local, medium_date, moment
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import counted, sentence_case
from livingwell_desktop.services.attention import Choice, Question
from livingwell_desktop.services.outages import NotTaken, PersonLine
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.banner import masked_name
from livingwell_desktop.ui.widgets.cells import CellText
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList

_HIGHEST = 420
_NOT_HERE = CellText("Somebody", "Their record is not here", strong=True)


def person_list(name: str, last: str) -> RowList:
    """An empty list of changes by person; `last` is the title of the column for their age."""
    rows = RowList([TableColumn("Person", 280), TableColumn("What"), TableColumn(last, 220)], name=name)
    rows.setObjectName(name.lower())
    return rows


def show_people(rows: RowList, lines: Sequence[PersonLine], now: datetime, masked: bool) -> None:
    """Fill a list of changes by person."""
    _fill(
        rows,
        [
            TableRow(
                place,
                (
                    _who(line.person, masked),
                    CellText(sentence_case(line.what), counted(line.changes, "change", "changes")),
                    CellText(ago(line.oldest, now), moment(line.oldest, local(now).date())),
                ),
            )
            for place, line in enumerate(lines)
        ],
    )


def not_taken_list() -> RowList:
    """An empty list of changes that were not taken."""
    columns = [TableColumn("Person", 200), TableColumn("What was written"), TableColumn("Why it was not taken", 370)]
    rows = RowList(columns, name="Not taken")
    rows.setObjectName("not taken")
    return rows


def show_not_taken(rows: RowList, found: Sequence[NotTaken], now: datetime, masked: bool) -> None:
    """Fill a list of changes that were not taken."""
    _fill(
        rows,
        [
            TableRow(
                each.change,
                (
                    _who(each.person, masked) if each.person or not each.somebody else _NOT_HERE,
                    CellText(each.what, "" if masked else _written(each)),
                    CellText(each.reason, ", ".join(part for part in (each.author, ago(each.at, now)) if part)),
                ),
            )
            for each in found
        ],
    )


def question_list() -> RowList:
    """An empty list of fields with two answers or more."""
    columns = [
        TableColumn("Person", 200),
        TableColumn("Question", 150),
        TableColumn("One answer"),
        TableColumn("The other answer"),
    ]
    rows = RowList(columns, name="Questions between desks")
    rows.setObjectName("questions between desks")
    return rows


def show_questions(rows: RowList, found: Sequence[Question], now: datetime, masked: bool) -> None:
    """Fill a list of questions: every answer, who gave it, where, for which organisation, and when."""
    today = local(now).date()
    _fill(
        rows,
        [
            TableRow(
                each.key,
                (
                    _who(each.person, masked),
                    CellText(each.field.label, "" if masked else each.which),
                    _answers(each.choices[:1], today, masked),
                    _answers(each.choices[1:], today, masked),
                ),
            )
            for each in found
        ],
    )


def _answers(choices: Sequence[Choice], today: date, masked: bool) -> CellText:
    words = " or ".join("Hidden" if masked else each.words for each in choices)
    return CellText(words, "; ".join(_by(each, today) for each in choices))


def _by(choice: Choice, today: date) -> str:
    organisation = choice.organisation.value.short_name or choice.organisation.value.name if choice.organisation else ""
    return ", ".join(part for part in (choice.author, organisation, choice.desk, moment(choice.at, today)) if part)


def _who(person: Held[Person] | None, masked: bool) -> CellText:
    if person is None:
        return CellText("The centre", "Nobody’s record", strong=True)
    value = person.value
    born = "" if masked or not value.born else medium_date(value.born)
    return CellText(masked_name(value.name) if masked else value.name, born, strong=True)


def _written(each: NotTaken) -> str:
    return "; ".join(f"{label}: {words}" for label, words in each.words) or "In the clinical record"


def _fill(rows: RowList, made: Sequence[TableRow]) -> None:
    blocked = rows.blockSignals(True)
    rows.set_rows(made)
    rows.blockSignals(blocked)
    rows.setFixedHeight(min(rows.content_height() + theme.px(8), theme.px(_HIGHEST)))
