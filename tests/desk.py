"""The page objects: people at desks, in the users' words. Tests, journeys and the tour drive the windows with them.

    rosa = DeskOnTable(folder, clock).sign_in("Rosa Mensah", passphrase)
    rosa.check_in("oka").until_shown("has ticket")

Everything goes through keys and clicks on the real windows, and everything waits for a condition, never for time.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.app.desk import OpenDesk, open_desk
from livingwell_desktop.app.signing_in import sign_in_window
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.settings import DeskFolder, load_card, load_settings
from livingwell_desktop.ui.pages import PersonPlace, Place
from livingwell_desktop.ui.sign_in.window import SignInWindow
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets.table_model import TableGroup
from livingwell_desktop.ui.widgets.tables import RowList
from tests.window import NeverHappenedError, Window, until, words_of


class DeskWindow(Window):
    """A desk with somebody signed in."""

    def __init__(self, desk: OpenDesk, table: "DeskOnTable") -> None:
        super().__init__(desk.window)
        self.desk, self.table = desk, table

    def page(self) -> QWidget:
        """The page in the sheet."""
        return self.desk.window.page()

    def status(self) -> str:
        """What the status line says."""
        return "\n".join(words_of(self.desk.window.status))

    def until_status(self, words: str) -> "DeskWindow":
        """Wait until the status line says so."""
        try:
            until(lambda: words in self.status(), words)
        except NeverHappenedError:
            raise NeverHappenedError(f"the status line says {self.status()!r}, not {words!r}") from None
        return self

    def until_sent(self) -> "DeskWindow":
        """Wait until the server has given a receipt for everything."""
        until(lambda: self.desk.store.waiting().count == 0, "everything is sent")
        return self

    def find(self, typed: str) -> "DeskWindow":
        """Ctrl+K and a few letters."""
        self.press("Ctrl+K")
        self.type(typed)
        return self

    def check_in(self, typed: str) -> "DeskWindow":
        """Find a known person, choose, check in."""
        self.find(typed).press("Enter")
        self.press("Enter")
        self.until_shown("has ticket")
        return self

    def register(self, name: str, born: tuple[int, int, int], fields: Mapping[str, str] | None = None) -> "DeskWindow":
        """Type a name that is not known, go to the new person's form, fill it in and press Register."""
        self.find(name).press("Ctrl+N").until_shown("New person")
        day, month, year = born
        self.type(str(day)).press("Tab").type(str(month)).press("Tab").type(str(year))
        for field, typed in (fields or {}).items():
            self.fill(field, typed)
        self.press("Ctrl+Enter")
        return self

    def open_record(self, typed: str, name: str) -> "DeskWindow":
        """Find a person and open the record instead of checking in."""
        self.find(typed).until_shown(name).press("Ctrl+Enter")
        return self

    def assess(self, typed: str, name: str) -> "DeskWindow":
        """Open a person's record and start the appointment: the first question stands there."""
        self.open_record(typed, name).press("Ctrl+Enter")
        self.until_shown("How satisfied are you with")
        return self

    def answer(self, answers: str) -> "DeskWindow":
        """A number key and Enter for each question."""
        for answer in answers:
            self.press(answer).press("Enter")
        return self

    def go(self, place: Place) -> "DeskWindow":
        """Where a row or a link leads."""
        self.desk.window.go(place)
        self.settle()
        return self

    def change_detail(self, person: UUID, detail: str, typed: str) -> "DeskWindow":
        """Change one field of a person's details and save it."""
        self.go(PersonPlace(person, "details"))
        self.click(f"change {detail}").fill(f"type {detail}", typed).click(f"save {detail}").until_shown(typed)
        return self

    def lock(self) -> "DeskOnTable":
        """Ctrl+L. The window is gone when this returns, and so are its records; the desk stands on the table."""
        self.press("Ctrl+L")
        until(lambda: self.table.locked, "the desk is locked")
        self.table.close()
        return self.table

    def board(self, heading: str) -> str:
        """What stands under a heading of the board: "Waiting", "With someone", "Done today"."""
        rows = self.page().findChild(RowList, "the board")
        assert isinstance(rows, RowList), "the board is not open"
        model, found, inside = rows.model, list[str](), False
        for row in range(model.rowCount()):
            line = model.line(model.index(row))
            if isinstance(line, TableGroup):
                inside = line.title.startswith(heading)
            elif inside and line is not None:
                found.append(model.spoken(line))
        return "\n".join(found)


class DeskOnTable:
    """A desk as it stands on the table: locked until somebody signs in."""

    def __init__(self, folder: DeskFolder, clock: Clock, size: tuple[int, int] = (1440, 900)) -> None:
        self.folder, self.clock, self.size = folder, clock, size
        self.signing_in: SignInWindow | None = None
        self.open: OpenDesk | None = None
        self.locked = False
        self.handed: Handover | None = None
        """What sign-in handed over the last time."""
        self._tasks: Tasks | None = None

    def sign_in_page(self) -> Window:
        """The sign-in window."""
        card = load_card(self.folder.card)
        assert card is not None
        self.signing_in, self._tasks = sign_in_window(
            self.folder, card, load_settings(self.folder.settings), self.clock
        )
        self.signing_in.resize(*self.size)
        self.signing_in.show()
        return Window(self.signing_in)

    def sign_in(self, name: str, passphrase: str, before: Callable[[Window], None] | None = None) -> DeskWindow:
        """Sign in by keyboard: the name, the passphrase, Enter."""
        page = self.sign_in_page()
        window = self.signing_in
        assert window is not None
        handed: list[Handover] = []
        window.signed_in.connect(handed.append)
        page.fill("your name", name)
        page.press("Enter")
        page.type(passphrase)
        if before is not None:
            before(page)
        page.press("Enter")
        until(lambda: handed, "the passphrase opens the slot")
        self.handed = handed[0]
        self.open = open_desk(handed[0], self.folder, self.clock, self._locked)
        self.open.window.resize(*self.size)
        self.open.window.show()
        self.close_sign_in()
        self.locked = False
        desk = DeskWindow(self.open, self)
        desk.presses = page.presses
        desk.bring_to_front()
        return desk

    def close_sign_in(self) -> None:
        """Put the sign-in window away."""
        if self._tasks is not None:
            self._tasks.close()
        if self.signing_in is not None:
            self.signing_in.close()
            self.signing_in.deleteLater()
        self.signing_in = self._tasks = None

    def _locked(self) -> None:
        self.locked = True

    def kill(self) -> None:
        """End the desk as a power cut does: what lies on the disk at this instant is all there is."""
        assert self.open is not None
        with self.open.store._writing():  # nothing may be half copied that was whole on the disk
            lies = {path: path.read_bytes() for path in self.folder.path.glob("records.db*") if "-shm" not in path.name}
        self.close()
        for path in self.folder.path.glob("records.db*"):
            path.unlink()
        for path, content in lies.items():
            path.write_bytes(content)

    def close(self) -> None:
        """End the desk as its process would."""
        self.close_sign_in()
        if self.open is not None:
            self.open.close()
        self.open = None
