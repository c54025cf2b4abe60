"""Free places in the coming sessions of every centre, for one person: one key books the chosen one."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import clock_time, in_days, weekday_date
from livingwell_desktop.domain.sessions import BookingState
from livingwell_desktop.services.bookings import FreePlace
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.reception.session_words import hours, places_badge, state_badge
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.cells import CellBadges, CellKey, CellText
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList

COLUMNS = (
    TableColumn("When", 150),
    TableColumn("Session", 300),
    TableColumn("Places", 196),
    TableColumn("This person", 220),
    TableColumn("", right=True),
)


class FreePlacesView(QWidget):
    """Coming sessions in order of time. `opened` on Enter."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._places: dict[UUID, FreePlace] = {}
        column = Column(self, spacing=12)
        self.reason = TextField(characters=48)
        self.reason.setObjectName("reason for coming")
        self.reason_frame = FieldFrame("Reason for coming", self.reason, optional=True)
        self.places = RowList(COLUMNS, name="Free places")
        self.places.setObjectName("free places")
        self.none = EmptyState("No sessions in the next two weeks", "Ask a team manager to add some.", icon="calendar")
        column.add(self.reason_frame)
        column.add(self.places, stretch=1)
        column.add(self.none, align=Qt.AlignmentFlag.AlignTop)
        self.places.chosen.connect(lambda _key: self.chosen.emit())
        self.places.opened.connect(lambda _key: self.opened.emit())
        self.reason.submitted.connect(lambda: self.places.setFocus(Qt.FocusReason.OtherFocusReason))

    def show_places(self, places: Sequence[FreePlace]) -> None:
        """Show these; the chosen row stays chosen."""
        self._places = {each.session.id: each for each in places}
        days: dict[object, list[FreePlace]] = {}
        for each in places:
            days.setdefault(each.session.value.on, []).append(each)
        self.places.set_groups([self._group(held) for held in days.values()])
        if self.places.current() is None:
            self.places.choose_first()
        self.places.setVisible(bool(places))
        self.none.setVisible(not places)
        self.chosen.emit()

    def current(self) -> FreePlace | None:
        """The chosen session."""
        key = self.places.current()
        return self._places.get(key) if isinstance(key, UUID) else None

    def _group(self, places: list[FreePlace]) -> TableGroup:
        day = places[0].session.value.on
        title = weekday_date(day) if day else "No day"
        note = in_days(day, self._practice.today()) if day else ""
        return TableGroup(title, tuple(self._row(each) for each in places), note)

    def _row(self, each: FreePlace) -> TableRow:
        session = each.session.value
        centre = each.centre.value.name if each.centre else "Another centre"
        label = enter_label(each)
        return TableRow(
            each.session.id,
            (
                CellText(hours(session), strong=True),
                CellText(session.title, ", ".join(part for part in (centre, session.where) if part)),
                CellBadges((places_badge(each.capacity),)),
                CellBadges(own_badges(each)),
                CellKey(label, "Enter"),
            ),
        )


def enter_label(each: FreePlace) -> str:
    """What Enter does with a session."""
    if each.mine is not None:
        return "Print slip" if each.mine.value.state is BookingState.BOOKED else "See the list"
    return "Waiting list" if each.capacity.is_full else "Book"


def own_badges(each: FreePlace) -> tuple[BadgeText, ...]:
    """The person's own booking here, or the one at the same time elsewhere: seen before anything is booked."""
    if each.mine is not None:
        return (state_badge(each.mine.value.state),)
    if each.clash is not None:
        at = each.clash.value.at
        return (BadgeText(f"Also booked {clock_time(at) if at else 'then'}", "warning", "warning-triangle"),)
    return ()
