"""What a person may ask for about their own record: who has opened it, and a copy of everything."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.pages import Place, PreviewPlace
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.surfaces import Section


class OwnRecordRow(QWidget):
    """Two papers that the person can have at any time. Who may not print them reads whom to ask."""

    def __init__(self, practice: Practice, go: Callable[[Place], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice, self._go = practice, go
        self._person: UUID | None = None
        self.heading = Section("", "These papers are theirs to have, whenever they ask.")
        self.who_opened = Button("Who has opened this record", icon="eye")
        self.who_opened.setObjectName("who has opened this record")
        self.everything = Button("Everything in this record", icon="document")
        self.everything.setObjectName("everything in this record")
        row = Row(spacing=12)
        row.add(self.who_opened, self.everything)
        row.push()
        column = Column(self, spacing=8)
        column.add(self.heading)
        column.add(row)
        self.who_opened.clicked.connect(lambda: self._open("who_opened"))
        self.everything.clicked.connect(lambda: self._open("everything"))

    def show_person(self, person: UUID, called: str) -> None:
        """Offer the papers of that person. `called` is the name as it may be shown."""
        self._person = person
        self.heading.title.setText(f"For {called}")
        for button, act in ((self.who_opened, Act.SEE_OPENINGS), (self.everything, Act.GIVE_COPY)):
            ruling = self._practice.may(act, person)
            button.set_allowed(ruling.allowed, ruling.reason)

    def _open(self, document: str) -> None:
        if self._person is not None:
            self._go(PreviewPlace(document, self._person))
