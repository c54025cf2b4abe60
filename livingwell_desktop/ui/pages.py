"""What a page is, and the places that pages show. Job rooms know these; only the shell knows the pages themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import Settings
from livingwell_desktop.storage import Changes
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.ui.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the program: a frozen value, so that going back and locking return to the same place."""


@dataclass(frozen=True, slots=True)
class TodayPlace(Place):
    """The board."""

    visit: UUID | None = None
    """The row to choose."""


@dataclass(frozen=True, slots=True)
class BookingsPlace(Place):
    """Coming sessions; with a person, free places to book for them."""

    person: UUID | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PeoplePlace(Place):
    """The list of people, searched."""

    typed: str = ""


@dataclass(frozen=True, slots=True)
class NewPersonPlace(Place):
    """Registering somebody. What was typed in the search box comes along; the draft of an interrupted one too."""

    typed: str = ""
    check_in: bool = True


@dataclass(frozen=True, slots=True)
class PersonPlace(Place):
    """One person's record, on one of its tabs: overview, visits, assessments, details, sharing, documents."""

    person: UUID
    tab: str = "overview"


@dataclass(frozen=True, slots=True)
class AssessmentPlace(Place):
    """Answering a questionnaire with the person."""

    person: UUID
    questionnaire: str = "dialog"
    visit: UUID | None = None
    item: str = ""


@dataclass(frozen=True, slots=True)
class PlanPlace(Place):
    """A person's joint care plan."""

    person: UUID


@dataclass(frozen=True, slots=True)
class PreviewPlace(Place):
    """A paper before it is printed."""

    document: str
    person: UUID | None
    record: UUID | None = None
    """The booking, visit or response that the paper is about, where it needs one."""


@dataclass(frozen=True, slots=True)
class PlansDuePlace(Place):
    """Plans whose review is due."""


@dataclass(frozen=True, slots=True)
class AttentionPlace(Place):
    """What needs a person: questions between desks, what waits to be sent."""

    record: UUID | None = None
    """The record whose question is to stand open, and its field."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class StaffPlace(Place):
    """Who works here, who may sign in where, and the desks."""


@dataclass(frozen=True, slots=True)
class PassphrasePlace(Place):
    """One's own passphrase."""


@dataclass(frozen=True, slots=True)
class ConnectionPlace(Place):
    """Whether the desk is connected, what waits, what was not taken, and the outages there were."""


@dataclass(frozen=True, slots=True)
class OutagePlace(Place):
    """What happened when a desk came back after one outage."""

    outage: UUID


@dataclass(frozen=True, slots=True)
class KeysPlace(Place):
    """Every key and what it does."""


class Masking(QObject):
    """Whether names are hidden (F9). Pages that show names follow it."""

    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.on = False

    def turn(self, on: bool) -> None:
        """Hide or show names everywhere at once."""
        self.on = on
        self.changed.emit(on)


def _connected() -> SyncState:
    return SyncState(connected=True)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page is given. `go` shows a place, `back` the one before."""

    practice: Practice
    settings: Settings
    tasks: Tasks
    masking: Masking
    go: Callable[[Place], None]
    back: Callable[[], None]
    say: Callable[[str, str], None]
    """A strip on top of the place: tone (success, info, warning, error) and words."""
    open_palette: Callable[[str], None]
    link: Callable[[], SyncState] = _connected
    """How the connection to the server stands."""


@dataclass(frozen=True, slots=True)
class PageAction:
    """An action of a page that the command palette offers too."""

    name: str
    key: str
    run: Callable[[], None]
    reason: str = ""
    """Why it is not allowed now; empty when it is."""


class Page(QWidget):
    """A widget that shows one kind of place. It reads through services and never holds rows."""

    shows: ClassVar[type[Place]]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def open_place(self, place: Place) -> None:
        """Show a place as somebody who opens it: what the page reads for it is in the audit before it is painted."""
        with self.desk.practice.opening(type(place).__name__, getattr(place, "person", None)):
            self.show_place(place)

    def show_place(self, place: Place) -> None:
        """Read what the place needs and show it."""
        raise NotImplementedError

    def concerned(self, changes: Changes) -> bool:
        """Whether a change, here or at another desk, touches what this page shows."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Look again. What is being typed stays as it is."""
        raise NotImplementedError

    def leave(self) -> None:
        """The place is being left, or the desk locked: save what is typed as a draft."""

    def take_focus(self) -> None:
        """Put the keyboard where this page's keys work: after its parts were made anew, or a sheet closed."""
        for child in self.findChildren(QWidget):
            if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus:
                child.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def tick(self) -> None:
        """Half a minute has passed: waiting times move on."""

    def link_changed(self) -> None:
        """The connection to the server came, went, or has another trouble."""

    def actions_here(self) -> tuple[PageAction, ...]:
        """What can be done here, for the command palette."""
        return ()
