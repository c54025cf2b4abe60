"""The second step of checking in: who it is, in three facts, what for, and one more Enter."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import age_words, clock_time, long_date
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.finding import Match
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.marks import Avatar
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.words import Words


class CheckInCard(QWidget):
    """Shows the person with name, date of birth and address, takes a reason, and checks in on Enter."""

    checked_in = Signal(object, str, object)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._person: UUID | None = None
        self.avatar = Avatar("", 48)
        self.title = Words("", "value")
        self.facts = Words("", "conversation", "secondary", wrap=True)
        self.problem = Notice("error", "")
        self.reason = TextField()
        self.reason.setObjectName("reason")
        self.sees = ChoiceField([], nothing="First free")
        self.button = Button("Check in", "primary", icon="plus", key="Enter")
        self.button.setObjectName("check in")
        self.back = Button("Back", icon="arrow-left", key="Esc")
        head = Row()
        head.add(self.avatar)
        words = Column(spacing=2)
        words.add(self.title, self.facts)
        head.add(words, stretch=1)
        fields = Row(spacing=14)
        fields.add(FieldFrame("What for", self.reason, optional=True), stretch=3)
        fields.add(FieldFrame("Sees", self.sees, optional=True), stretch=2)
        buttons = Row()
        buttons.add(self.back)
        buttons.push()
        buttons.add(self.button)
        column = Column(self, spacing=14, margins=(24, 8, 24, 12))
        column.add(head, self.problem, fields, buttons)
        self.reason.submitted.connect(self._submit)
        self.button.clicked.connect(self._submit)
        self.back.clicked.connect(self.cancelled)

    def show_match(self, practice: Practice, match: Match | None) -> None:
        """Fill the card for a person, or for somebody who gives no name."""
        self.problem.hide()
        self._person = match.person.id if match else None
        staff = [
            (str(held.id), f"{held.value.name}, {held.value.job_title or held.value.role}")
            for held in alliance(practice).staff.values()
            if held.value.centre == practice.centre.id and held.value.active and held.value.role is not Role.RECEPTION
        ]
        self.sees.set_options(sorted(staff, key=lambda each: each[1]))
        self.sees.set_code(None)
        if match is None:
            self.title.setText("No name given")
            self.facts.setText("A ticket only. A name can be added later.")
            self.avatar.set_name("?")
            self.reason.set_text("")
            return
        person = match.person.value
        self.avatar.set_name(person.name)
        self.title.setText(person.name)
        born = f"Born {long_date(person.born)}, {age_words(person.born, practice.today())}" if person.born else ""
        where = "No fixed abode" if person.no_fixed_abode else " ".join(filter(None, (person.address, person.postcode)))
        booked = ""
        if match.booked_today:
            at = match.booked_today.value.at
            booked = f"Booked for {clock_time(at)}" if at else "Booked today"
            self.sees.set_code(str(match.booked_today.value.sees) if match.booked_today.value.sees else None)
        self.facts.setText(" · ".join(filter(None, (born or "Date of birth not known", where, booked))))
        self.reason.set_text(match.booked_today.value.reason if match.booked_today else "")

    def start(self) -> None:
        """Put the hands where Enter checks in."""
        self.reason.edit.setFocus()

    def name(self) -> str:
        """Who is being checked in, for the strip afterwards."""
        return self.title.text() if self._person else "This person"

    def show_problem(self, words: str) -> None:
        """Say why it did not work; what was typed stays."""
        self.problem.set_words(words)
        self.problem.show()

    def _submit(self) -> None:
        code = self.sees.code()
        self.checked_in.emit(self._person, self.reason.text().strip(), UUID(code) if code else None)
