"""Recorded for the wrong person: choosing whose it is, and what must still be seen to afterwards."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.contact_details import NO_ADDRESS, phone_words, where_words
from livingwell_desktop.domain.dates import age_words, local_day, long_date, medium_date
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.wording import counted, listed
from livingwell_desktop.services import finding
from livingwell_desktop.services.finding import Match
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.wrong_person import Moved
from livingwell_desktop.ui.people.papers import paper_name
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.widgets import ask, theme
from livingwell_desktop.ui.widgets.arrows import ArrowsChoose
from livingwell_desktop.ui.widgets.cells import CellText
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words

MOST = 5
_COLUMNS = (TableColumn("Person", 200), TableColumn("Born", 150), TableColumn("Street and phone"))


class PersonChoice(QWidget):
    """A box to type any facts in, and who is found: name, date of birth and one more fact. Nobody is chosen for you."""

    def __init__(self, practice: Practice, wrong: UUID, masked: bool) -> None:
        super().__init__()
        self._practice, self._wrong, self._masked = practice, wrong, masked
        column = Column(self, spacing=8)
        self.field = TextField(icon="search")
        self.field.setObjectName("whose it is")
        self.field.set_spoken("Whose it is", "Type part of a name, a date of birth or a phone number")
        self.field.changed.connect(self._typed)
        self.rows = RowList(_COLUMNS, name="People found")
        self.rows.setObjectName("people found")
        self.rows.setMinimumHeight(theme.px(180))
        ArrowsChoose(self.field.edit, self.rows)
        column.add(self.field)
        column.add(self.rows, stretch=1)
        self.setFocusProxy(self.field)

    def person(self) -> UUID | None:
        """Who is chosen."""
        chosen = self.rows.current()
        return chosen if isinstance(chosen, UUID) else None

    def _typed(self, typed: str) -> None:
        matches = finding.search(self._practice, typed, MOST + 1).matches if typed.strip() else ()
        others = [match for match in matches if match.person.id != self._wrong][:MOST]
        self.rows.set_rows([self._row(match) for match in others])

    def _row(self, match: Match) -> TableRow:
        mask, person = Mask(self._masked), match.person.value
        born = medium_date(person.born) if person.born else "Not known"
        age = age_words(person.born, self._practice.today()) if person.born and not mask.on else ""
        where = where_words(person.address, person.postcode, person.no_fixed_abode)
        return TableRow(
            match.person.id,
            (
                CellText(mask.name(person.name), strong=True),
                CellText(mask.private(born), age),
                CellText(mask.private(where) or NO_ADDRESS, mask.private(phone_words(person.phone))),
            ),
        )


def ask_whose(
    parent: QWidget, practice: Practice, wrong: UUID, what: str, masked: bool, move: Callable[[UUID | None], object]
) -> None:
    """Ask whose record it belongs in. The sheet stays open until it could be moved."""
    body = QWidget()
    column = Column(body, spacing=14)
    said = f"{what} goes to the right person’s record. Here it stays in the history only, as recorded in error."
    column.add(Words(said, "body", wrap=True))
    choice = PersonChoice(practice, wrong, masked)
    frame = FieldFrame("Whose it is", choice, hint="Name, date of birth or phone number, then choose with the arrows")
    column.add(frame)

    def done(wanted: bool) -> bool:
        if not wanted:
            return True
        try:
            move(choice.person())
        except Problem as problem:
            frame.set_error(problem.fields[0].sentence if problem.fields else problem.advice)
            return False
        return True

    ask.sheet(parent, "Recorded for the wrong person", body, "Move it", done)


def moved_words(moved: Moved, mask: Mask) -> str:
    """What happened, and what somebody must still see to."""
    said = [f"Moved to {mask.name(moved.to.value.name)}’s record."]
    if moved.papers:
        days = dict.fromkeys(long_date(local_day(each.value.given_at or each.changed_at)) for each in moved.papers)
        names = dict.fromkeys(paper_name(each.value.document) for each in moved.papers)
        papers = counted(len(moved.papers), "paper was", "papers were")
        said.append(f"{papers} given here since: {listed(list(names))}, {listed(list(days))}. Ask for them back.")
    if moved.needs:
        needs = counted(len(moved.needs), "need", "needs")
        said.append(f"{needs} here came from it and changed since. Look at them: "
                    f"{listed([each.value.title for each in moved.needs])}.")  # fmt: skip
    return " ".join(said)
