"""Who may be the person already: shown while somebody new is typed, and before they are saved."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.domain.contact_details import NO_ADDRESS, NO_PHONE, phone_words, where_words
from livingwell_desktop.domain.dates import age_words, long_date
from livingwell_desktop.domain.look_alikes import Strip
from livingwell_desktop.domain.names import initials
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.arriving import visit_today
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.cells import CellKey, CellText
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import IconMark, Words

COLUMNS = (TableColumn("Name", 176), TableColumn("Where", 216), TableColumn("", right=True))
MOST_SHOWN = 5


class LookAlikeStrip(QWidget):
    """`strip.show_people(found, words, masked)`; Enter on one says `opened(person)`. Nothing is preselected."""

    opened = Signal(object)

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self.keys: frozenset[UUID] = frozenset()
        self.setObjectName("look-alikes")
        column = Column(self, spacing=8, margins=(18, 12, 12, 12))
        head = Row(spacing=12)
        words = Column(spacing=0)
        self.title, self.advice = Words("", "strong", wrap=True), Words("", "conversation", wrap=True)
        words.add(self.title, self.advice)
        head.add(IconMark("two-people", "warning", 22), align=Qt.AlignmentFlag.AlignTop)
        head.add(words, stretch=1)
        self.rows = RowList(COLUMNS, name="People who may be the same person", heads=False, row_height=56)
        self.rows.setObjectName("people who may be the same person")
        column.add(head, self.rows)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.rows.opened.connect(self.opened)
        theme.follow(self._measure)
        self.hide()

    def show_people(self, found: tuple[Held[Person], ...], words: Strip | None, masked: bool) -> None:
        """Show the likeliest; nobody: nothing."""
        shown = found[:MOST_SHOWN] if words else ()
        self.keys = frozenset(person.id for person in shown)
        self.rows.set_rows([self._row(person, masked) for person in shown])
        if words:
            self.title.setText("Somebody here may be the same person." if masked else words.title)
            more = len(found) - len(shown)
            self.advice.setText(f"{words.advice} {more} more look alike." if more > 0 else words.advice)
        self._measure()
        self.setVisible(bool(shown))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painting.rounded(painter, self.rect().toRectF(), theme.px(10), theme.colour("warning_soft"))
        bar = self.rect().toRectF().adjusted(0, theme.px(10), 0, -theme.px(10))
        bar.setWidth(theme.px(4))
        painter.fillRect(bar, theme.colour("warning_line"))
        painter.end()

    def _row(self, person: Held[Person], masked: bool) -> TableRow:
        value = person.value
        visit = visit_today(self._practice, person.id)
        label = f"Is here, {visit.value.ticket}" if visit else "Check in"
        if masked:
            name, born, where, phone = " ".join(initials(value.name)), "Details hidden", "", ""
        else:
            today = self._practice.today()
            name = value.name
            born = f"{long_date(value.born)}, {age_words(value.born, today)}" if value.born else "Birth date not known"
            where = where_words(value.address, value.postcode, value.no_fixed_abode, whole=True) or NO_ADDRESS
            phone = phone_words(value.phone) or NO_PHONE
        cells = (CellText(name, born, strong=True), CellText(where, phone), CellKey(label, "Enter"))
        return TableRow(person.id, cells)

    def _measure(self) -> None:
        self.rows.setFixedHeight(self.rows.content_height() + 2)
