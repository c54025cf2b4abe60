"""Plans whose review is due within four weeks or should have been already, the oldest first."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from livingwell_desktop.domain.dates import long_date, medium_date
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.plan_rules import is_review_late, review_words
from livingwell_desktop.domain.plans import Plan
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services.alliance import Alliance, alliance
from livingwell_desktop.services.plans import plans_due
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.care_plan.words import organisation_mark, organisation_name, whose
from livingwell_desktop.ui.pages import Desk, Page, PageAction, PersonPlace, Place, PlanPlace, PlansDuePlace
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.cells import Cell, CellBadges, CellOrganisation, CellText
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.marks import NOBODY
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.surfaces import PageTitle
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList

WEEKS_AHEAD = 4
_KINDS = frozenset({"plan", "person", "staff", "organisation"})
_COLUMNS = (
    TableColumn("Person", 300),
    TableColumn("Review", 220),
    TableColumn("Date", 190),
    TableColumn("Key worker", 230),
    TableColumn("", 0),
)


class PlansDuePage(Page):
    """A list to work through: Enter opens the plan."""

    shows = PlansDuePlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._people: dict[UUID, str] = {}
        self.title = PageTitle("Plans due")
        self.rows = RowList(_COLUMNS, name="Plans whose review is due")
        self.rows.setObjectName("plans due")
        self.rows.opened.connect(lambda _key: self.open_plan())
        self.rows.chosen.connect(lambda _key: self._show_keys())
        self.empty = EmptyState(
            "No plan is due", f"Nothing needs a review in the next {WEEKS_AHEAD} weeks.", icon="check-circle"
        )
        self.empty.hide()
        self.keys = KeyLine()
        self.keys.used.connect(lambda name: self.open_plan() if name == "open" else self.open_record())
        column = Column(self, spacing=12, margins=(24, 18, 24, 0))
        column.add(self.title)
        column.add(self.empty)
        column.add(self.rows, stretch=1)
        column.add(self.keys)
        shortcut = QShortcut(QKeySequence("O"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.open_record)
        self._shortcut = shortcut
        desk.masking.changed.connect(self._mask)

    def show_place(self, place: Place) -> None:  # noqa: ARG002 - there is one such place
        self._read()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._show_keys()

    def concerned(self, changes: Changes) -> bool:
        return bool(changes.kinds & _KINDS)

    def refresh(self) -> None:
        self._read()
        self._show_keys()

    def tick(self) -> None:
        """Past midnight more is due."""
        self.refresh()

    def actions_here(self) -> tuple[PageAction, ...]:
        reason = "" if self.person() else "No plan is chosen."
        return (
            PageAction("Open the plan", "Enter", self.open_plan, reason),
            PageAction("Open the record", "O", self.open_record, reason),
        )

    def person(self) -> UUID | None:
        """Whose plan is chosen."""
        key = self.rows.current()
        return key if isinstance(key, UUID) else None

    def open_plan(self) -> None:
        """Go to the chosen plan."""
        person = self.person()
        if person:
            self.desk.go(PlanPlace(person))

    def open_record(self) -> None:
        """Go to the person's record."""
        person = self.person()
        if person:
            self.desk.go(PersonPlace(person))

    def _read(self) -> None:
        practice = self.desk.practice
        today = practice.today()
        found = plans_due(practice, today + timedelta(weeks=WEEKS_AHEAD))
        everybody = alliance(practice)
        late: list[TableRow] = []
        coming: list[TableRow] = []
        for plan, person in found:
            if person is not None:
                review = plan.value.review_on
                (late if is_review_late(review, today) else coming).append(self._row(plan, person, everybody))
        groups = [
            TableGroup("Should have been reviewed", tuple(late), "The oldest first"),
            TableGroup(f"In the next {WEEKS_AHEAD} weeks", tuple(coming)),
        ]
        self.rows.set_groups([group for group in groups if group.rows])
        self.rows.setVisible(bool(late or coming))
        self.empty.setVisible(not (late or coming))
        words = f"{counted(len(late), 'review is', 'reviews are')} late. " if late else ""
        self.title.set_title("Plans due", f"{words}Up to {long_date(today + timedelta(weeks=WEEKS_AHEAD))}.")

    def _row(self, plan: Held[Plan], person: Held[Person], everybody: Alliance) -> TableRow:
        today, value = self.desk.practice.today(), person.value
        masked = self.desk.masking.on
        named = whose(value, masked)
        born = "" if masked or not value.born else medium_date(value.born)
        review = plan.value.review_on
        is_late = is_review_late(review, today)
        badge = BadgeText(review_words(review, today), *(("warning", "clock") if is_late else ("neutral", "calendar")))
        organisation = everybody.organisation_of(value.key_worker)
        worker: Cell = CellOrganisation(NOBODY, "No key worker yet")
        if value.key_worker:
            mark = organisation_mark(organisation)
            worker = CellOrganisation(mark, everybody.staff_name(value.key_worker), organisation_name(organisation))
        cells: tuple[Cell, ...] = (
            CellText(named.name, born, strong=True),
            CellBadges((badge,)),
            CellText(long_date(review) if review else ""),
            worker,
        )
        return TableRow(person.id, cells)

    def _show_keys(self) -> None:
        if self.person() is None:
            self.keys.show_keys("", [])
            return
        self.keys.show_keys("", [KeyAction("open", "Enter", "Open the plan"), KeyAction("record", "O", "Open record")])

    def _mask(self, _on: bool) -> None:
        if self.isVisible() and self.desk.practice.may(Act.SEE_CLINICAL).allowed:
            self._read()
