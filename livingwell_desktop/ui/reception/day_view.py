"""One day's sessions at every centre, and who is booked into the chosen one."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from livingwell_desktop.domain.dates import clock_time
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, BookingState
from livingwell_desktop.services.bookings import ComingSession
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.reception.session_words import born_words, hours, person_name, places_badge, state_badge
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.capacity import CapacityCard
from livingwell_desktop.ui.widgets.cells import CellBadges, CellText
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList

SESSIONS = (TableColumn("Session"), TableColumn("Places", 150, right=True))
PEOPLE = (
    TableColumn("Time", 88),
    TableColumn("Person", 190),
    TableColumn("Reason", folds_into="Person", fold_below=520),
    TableColumn("State", 130, right=True),
)
BookedPerson = tuple[Held[Booking], Held[Person] | None]


class DayView(QWidget):
    """Sessions at the left, people at the right. `chosen` when another booking (or none) is chosen."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._sessions: dict[UUID, ComingSession] = {}
        self._booked: dict[UUID, BookedPerson] = {}
        self._masked = False
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self.sessions = RowList(SESSIONS, name="Sessions of the day")
        self.sessions.setObjectName("sessions")
        right = Column(spacing=8)
        self.capacity = CapacityCard("", "")
        self.people = RowList(PEOPLE, name="People booked")
        self.people.setObjectName("people booked")
        self.nobody = EmptyState("Nobody is booked yet", "Find a person with Ctrl K, then book a place.")
        right.add(self.capacity)
        right.add(self.people, stretch=1)
        right.add(self.nobody, align=Qt.AlignmentFlag.AlignTop)
        self.no_sessions = EmptyState("No sessions on this day", "Choose another day above.", icon="calendar")
        right.add(self.no_sessions, align=Qt.AlignmentFlag.AlignTop)
        self._across.addWidget(self.sessions, 2)
        self._across.addLayout(right, 3)
        self.sessions.chosen.connect(lambda _key: self._show_people())
        self.people.chosen.connect(lambda _key: self.chosen.emit())
        self.people.opened.connect(lambda _key: self.opened.emit())
        self.sessions.opened.connect(lambda _key: self.people.setFocus(Qt.FocusReason.OtherFocusReason))
        self.setFocusProxy(self.sessions)

    def show_day(self, coming: tuple[ComingSession, ...], masked: bool) -> None:
        """Show these sessions; the chosen session and person stay chosen while they are there."""
        self._masked = masked
        self._sessions = {each.session.id: each for each in coming}
        by_centre: dict[str, list[ComingSession]] = {}
        for each in coming:
            here = each.session.value.centre == self._practice.centre.id
            name = each.centre.value.name if each.centre else "Another centre"
            by_centre.setdefault(f"{name}, this centre" if here else name, []).append(each)
        self.sessions.set_groups(
            [TableGroup(name, tuple(_session_row(each) for each in held)) for name, held in by_centre.items()]
        )
        if self.sessions.current() is None:
            self.sessions.choose_first()
        self.sessions.setVisible(bool(coming))
        self.capacity.setVisible(bool(coming))
        self.no_sessions.setVisible(not coming)
        self._show_people()

    def current(self) -> BookedPerson | None:
        """The chosen booking with its person."""
        key = self.people.current()
        return self._booked.get(key) if isinstance(key, UUID) else None

    def session(self) -> ComingSession | None:
        """The chosen session."""
        key = self.sessions.current()
        return self._sessions.get(key) if isinstance(key, UUID) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Above one another where both do not fit beside each other."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(760)
        ways = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._across.setDirection(ways[0] if narrow else ways[1])
        self._across.setSpacing(theme.px(24))
        # Side by side with little room, both need about as much.
        self._across.setStretch(1, 2 if self.width() < theme.px(900) else 3)

    def _show_people(self) -> None:
        each = self.session()
        booked = each.booked if each else ()
        self._booked = {booking.id: (booking, person) for booking, person in booked}
        if each is not None:
            states = [booking.value.state for booking, _person in booked]
            self.capacity.name.setText(each.session.value.title)
            self.capacity.when.setText(hours(each.session.value))
            here = sum(block.value == "here" for block in each.capacity.blocks)
            counts = (states.count(BookingState.BOOKED), states.count(BookingState.WAITING_LIST))
            self.capacity.set_counts(each.session.value.places, here, *counts)
        self.people.set_groups(self._groups(booked))
        if self.people.current() is None:
            self.people.choose_first()
        self.people.setVisible(bool(booked))
        self.nobody.setVisible(each is not None and not booked)
        self.chosen.emit()

    def _groups(self, booked: tuple[BookedPerson, ...]) -> list[TableGroup]:
        waits = [each for each in booked if each[0].value.state is BookingState.WAITING_LIST]
        places = [each for each in booked if each[0].value.state is not BookingState.WAITING_LIST]
        made = [TableGroup("Booked", tuple(self._row(*each) for each in places))] if places else []
        if waits:
            note = "In the order they asked"
            made.append(TableGroup("Waiting list", tuple(self._row(*each) for each in waits), note))
        return made

    def _row(self, booking: Held[Booking], person: Held[Person] | None) -> TableRow:
        value = booking.value
        reason = "Reason hidden" if self._masked and value.reason else value.reason
        return TableRow(
            booking.id,
            (
                CellText(clock_time(value.at) if value.at else "—", strong=True),
                CellText(
                    person_name(person, self._masked),
                    born_words(person, self._masked, self._practice.today()),
                    strong=True,
                ),
                CellText(reason or "—", colour="text" if reason else "secondary"),
                CellBadges((state_badge(value.state),), right=True),
            ),
        )


def _session_row(each: ComingSession) -> TableRow:
    session = each.session.value
    second = ", ".join(part for part in (hours(session), session.where) if part)
    return TableRow(
        each.session.id,
        (CellText(session.title, second, strong=True), CellBadges((places_badge(each.capacity),), right=True)),
    )
