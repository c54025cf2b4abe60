"""Every visit of a person, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR
from livingwell_desktop.domain.dates import clock_time, local, medium_date
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.services import story
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.people.words import Mask, mark_of, mask_for
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellOrganisation, CellText
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import Words

PAGE = 100
_STATE_WORDS = {
    VisitState.WAITING: "Waiting",
    VisitState.WITH_SOMEONE: "With someone",
    VisitState.DONE: "Done",
    VisitState.DID_NOT_WAIT: "Left without being seen",
}


class _VisitRows:
    """Visits as rows of a list. A callable with its columns, so that both lists of visits are alike."""

    columns: ClassVar[tuple[TableColumn, ...]] = (
        TableColumn("Day", 150),
        TableColumn("Reason", 0),
        TableColumn("Saw", 210),
        TableColumn("How it went", 300, folds_into="Reason", fold_below=760),
    )

    def __call__(
        self, visits: Sequence[Held[Visit]], everybody: Alliance, today: date, mask: Mask | None = None
    ) -> tuple[TableRow, ...]:
        return tuple(self._row(held, everybody, today, mask or Mask()) for held in visits)

    def _row(self, held: Held[Visit], everybody: Alliance, today: date, mask: Mask) -> TableRow:
        visit = held.value
        centre = everybody.centres.get(visit.centre) if visit.centre else None
        at = clock_time(local(visit.arrived_at).time()) if visit.arrived_at else ""
        day = "Today" if visit.on == today else medium_date(visit.on) if visit.on else ""
        where = ", ".join(part for part in (at, centre.value.name if centre else "") if part)
        organisation = everybody.organisation_of(visit.sees)
        sees = everybody.staff_name(visit.sees) if visit.sees else "Nobody named"
        in_question = "Was it recorded in error? See Attention." if ENTERED_IN_ERROR in held.conflicts else ""
        ended = visit.outcome or _STATE_WORDS.get(visit.state, str(visit.state))
        return TableRow(
            held.id,
            (
                CellText(day, where, strong=True),
                CellText(
                    mask.text(visit.reason) or "Came to the centre", f"Ticket {visit.ticket}" if visit.ticket else ""
                ),
                CellOrganisation(mark_of(organisation), sees, organisation.value.short_name if organisation else ""),
                CellText(mask.text(ended), in_question or mask.text(visit.follow_up)),
            ),
        )


visit_rows = _VisitRows()


class VisitsTab(QWidget):
    """All visits. The rows are drawn only where they are seen, so very many are no burden.

    `not_theirs` carries a visit that was recorded for the wrong person.
    """

    not_theirs = Signal(object)

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._limit = PAGE
        self._banner: Banner | None = None
        self._masked = False
        self._found: Mapping[object, Held[Visit]] = {}
        column = Column(self, spacing=10, margins=(24, 18, 24, 18))
        head = Row(spacing=10)
        self.count = Words("", "conversation", "secondary")
        self.more = Button("", "quiet", size="small")
        self.more.setObjectName("show more visits")
        self.more.clicked.connect(self._show_more)
        head.add(self.count)
        head.push()
        self.wrong = Button("Recorded for the wrong person", "quiet", size="small")
        self.wrong.setObjectName("wrong person")
        self.wrong.clicked.connect(self._not_theirs)
        head.add(self.more, self.wrong)
        self.rows = RowList(visit_rows.columns, name="Visits")
        self.rows.chosen.connect(lambda _key: self._show_wrong())
        self.empty = EmptyState("No visits yet", "A visit starts with checking in.", icon="calendar")
        column.add(head)
        column.add(self.rows, stretch=1)
        column.add(self.empty)

    def show_person(self, banner: Banner, masked: bool, *, opening: bool = False) -> None:
        """Show the newest page of visits."""
        if opening:
            self._limit = PAGE
        self._banner, self._masked = banner, masked
        found, total = story.visits(self._practice, banner.person.id, self._limit)
        mask = mask_for(banner.person.value, masked)
        self.rows.set_rows(visit_rows(found, banner.alliance, self._practice.today(), mask))
        self.rows.setVisible(bool(found))
        self.empty.setVisible(not found)
        self._found = {each.id: each for each in found}
        self._show_wrong()
        left = total - len(found)
        self.count.setText(f"{total:,} in all" if not left else f"The newest {len(found):,} of {total:,}")
        self.more.setVisible(left > 0)
        self.more.set_text(f"Show {min(PAGE, left)} more")

    def _show_wrong(self) -> None:
        person = self._banner.person.id if self._banner else None
        ruling = self._practice.may(Act.CHECK_IN, person)
        reason = ruling.reason or ("" if self.rows.current() in self._found else "Choose a visit first.")
        self.wrong.set_allowed(not reason, reason)

    def _not_theirs(self) -> None:
        chosen = self._found.get(self.rows.current())
        if chosen is not None:
            self.not_theirs.emit(chosen)

    def _show_more(self) -> None:
        self._limit += PAGE
        if self._banner is not None:
            self.show_person(self._banner, self._masked)
