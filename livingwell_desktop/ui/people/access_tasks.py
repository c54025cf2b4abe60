"""What the care of access asks of somebody: openings to review, sharing to ask about again, protection to look at."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import clock_time, local, long_date
from livingwell_desktop.domain.emergency_opening import OPENING_WORDS
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import sentence_case
from livingwell_desktop.services import emergency, protecting, sharing
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.emergency import ToReview
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.people.access_sheets import ask_review
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.cells import CellText
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.surfaces import Card
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList


class AccessTasks(QWidget):
    """Two lists. Enter on an opening reviews it; Enter on anything else opens the person (`person_wanted`)."""

    person_wanted = Signal(object)

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._openings: dict[UUID, ToReview] = {}
        self._masked = False
        column = Column(self, spacing=14)
        self.openings_card = Card("Opened in an emergency", trailing="Enter or a double click reviews one")
        self.openings = RowList(
            [TableColumn("Person", 240), TableColumn("Why"), TableColumn("Opened by", 300)], name="Openings to review"
        )
        self.openings.setObjectName("openings to review")
        self.openings.opened.connect(self._review)
        self.openings_card.body.add(self.openings)
        self.due_card = Card("Ask or look again", trailing="Enter or a double click opens the record")
        self.due = RowList([TableColumn("Person", 240), TableColumn("What"), TableColumn("Since", 200)], name="Due")
        self.due.setObjectName("access due")
        self.due.opened.connect(lambda key: self.person_wanted.emit(key[1]))
        self.due_card.body.add(self.due)
        column.add(self.openings_card, self.due_card)

    def show_tasks(self, masked: bool) -> int:
        """Show what is for this role and say how much there is."""
        self._masked = masked
        return self._show_openings() + self._show_due()

    def _show_openings(self) -> int:
        practice, mask = self._practice, Mask(self._masked)
        found = emergency.to_review(practice) if practice.may(Act.REVIEW_OPENINGS).allowed else ()
        self._openings = {each.opening.id: each for each in found}
        rows = []
        for each in found:
            opening = each.opening.value
            rows.append(
                TableRow(
                    each.opening.id,
                    (
                        CellText(mask.name(each.person.value.name) if each.person else "Not on this desk", strong=True),
                        CellText(_why(each), mask.private(opening.words)),
                        CellText(each.staff, _when(each)),
                    ),
                )
            )
        _fill(self.openings, self.openings_card, rows)
        return len(rows)

    def _show_due(self) -> int:
        rows = [*self._protections(), *self._agreements()]
        _fill(self.due, self.due_card, rows)
        return len(rows)

    def _protections(self) -> list[TableRow]:
        practice = self._practice
        found = protecting.protections_due(practice) if practice.may(Act.PROTECT).allowed else ()
        return [
            self._due_row("protection", each.person, "Look at their protection again", each.protection.value.review_on)
            for each in found
        ]

    def _agreements(self) -> list[TableRow]:
        practice = self._practice
        if not practice.may(Act.RECORD_SHARING).allowed:
            return []
        everybody, rows = alliance(practice).organisations, list[TableRow]()
        for each in sharing.sharing_due(practice):
            value = each.agreement.value
            held = everybody.get(value.organisation) if value.organisation else None
            what = f"Ask again about sharing with {held.value.name if held else 'an organisation'}"
            rows.append(self._due_row(str(each.agreement.id), each.person, what, value.review_on))
        return rows

    def _due_row(self, key: str, person: Held[Person], what: str, since: date | None) -> TableRow:
        name = CellText(Mask(self._masked).name(person.value.name), strong=True)
        return TableRow((key, person.id), (name, CellText(what), CellText(long_date(since) if since else "")))

    def _review(self, key: object) -> None:
        each = self._openings.get(key) if isinstance(key, UUID) else None
        if each is None:
            return
        mask = Mask(self._masked)
        who = mask.name(each.person.value.name) if each.person else "A person who is not on this desk"
        works = f" of {each.organisation}" if each.organisation else ""
        lines = (
            f"{each.staff}{works} opened the record of {who}, {_when(each)}.",
            f"{_why(each)}.",
            f"“{each.opening.value.words}”",
        )
        opening = each.opening
        ask_review(self, lines, lambda outcome, words: emergency.review(self._practice, opening, outcome, words))


def _why(each: ToReview) -> str:
    reason = each.opening.value.reason
    return OPENING_WORDS.get(reason) or sentence_case(str(reason).replace("_", " "))


def _when(each: ToReview) -> str:
    here = local(each.opening.value.opened_at or each.opening.changed_at)
    return f"{long_date(here.date())}, {clock_time(here.time())}"


def _fill(rows: RowList, card: Card, found: list[TableRow]) -> None:
    rows.set_rows(found)
    card.setVisible(bool(found))
    rows.setFixedHeight(min(rows.content_height() + theme.px(8), theme.px(420)))
