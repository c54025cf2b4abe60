"""Who goes on the tour, and what each part of it may use."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from installer.demo.alliance import Alliance
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.services import reception
from livingwell_desktop.storage import Store
from livingwell_desktop.ui.widgets import ask
from tests.desk import DeskOnTable, DeskWindow
from tests.office import Day
from tests.window import until

if TYPE_CHECKING:
    from installer.demo.tour import Journal


@dataclass
class Tourist:
    """The day, the two people at their desks, and the journal."""

    day: Day
    alliance: Alliance
    journal: "Journal"
    rosa: DeskWindow = field(init=False)
    maya: DeskWindow = field(init=False)
    reception: DeskOnTable = field(init=False)
    room_2: DeskOnTable = field(init=False)

    @property
    def ngozi(self) -> UUID:
        """The person of the pictures."""
        return self.alliance.people["Ngozi Okafor"]

    def somebody_known(self) -> tuple[str, str]:
        """A person booked for later today whom three letters find, and those letters."""
        store = self.rosa.desk.store
        today = self.rosa.desk.practice.today()
        for booking in reception.board(self.rosa.desk.practice).expected:
            person = store.get(Person, booking.value.person)
            if person is None:
                continue
            for name in (person.value.given_name, person.value.family_name):
                letters = name[:3].lower()
                if letters.isascii() and store.search_people(parse_query(letters, today)).total == 1:
                    return person.value.name, letters
        raise LookupError("nobody who is booked today is found by three letters")

    def counts(self) -> dict[str, dict[str, int]]:
        """Records by kind on both desks and the server."""
        for desk in (self.rosa, self.maya):
            desk.until_sent()
        server, reached = self.day.central.counts(), self.day.central.reached()
        until(lambda: self._same(server, reached), "both desks hold what the server holds")
        return {
            "reception": self.rosa.desk.store.counts(),
            "room 2": self.maya.desk.store.counts(),
            "server": server,
        }

    def changes(self) -> dict[str, int]:
        """How far both desks and the server are in the alliance's stream: every edit moves it."""
        return {
            "reception": _store(self.rosa).cursor("alliance"),
            "room 2": _store(self.maya).cursor("alliance"),
            "server": self.day.central.reached(),
        }

    def _same(self, server: dict[str, int], reached: int) -> bool:
        stores = (_store(self.rosa), _store(self.maya))
        return all(store.counts() == server and store.cursor("alliance") == reached for store in stores)


def _store(desk: DeskWindow) -> Store:
    return desk.desk.store


class SavesTo:
    """The real doors to dialogs, but a file is saved where the tour wants it: there is nobody to choose a folder."""

    def __init__(self, real: ask.Door, folder: Path) -> None:
        self._real, self.folder = real, folder
        self.saved: list[Path] = []
        self.next_name = ""

    def confirm(self, parent: QWidget, question: ask.Question, answered: Any) -> None:
        self._real.confirm(parent, question, answered)

    def sheet(self, parent: QWidget, title: str, body: QWidget, yes: str, done: Any) -> None:
        self._real.sheet(parent, title, body, yes, done)

    def save_file(self, parent: QWidget, title: str, name: str, filters: str, chosen: Any) -> None:  # noqa: ARG002 - Door's
        path = self.folder / f"{self.next_name or name.removesuffix('.pdf')}.pdf"
        self.saved.append(path)
        chosen(path)

    def open_file(self, parent: QWidget, title: str, filters: str, chosen: Any) -> None:
        self._real.open_file(parent, title, filters, chosen)
