"""The page objects: people at desks, in the users' words. Tests, journeys and the tour drive the windows with them.

    rosa = DeskOnTable(folder, clock).sign_in("Rosa Mensah", passphrase)
    rosa.check_in("oka").until_shown("has ticket")

Everything goes through keys and clicks on the real windows, and everything waits for a condition, never for time.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from livingwell_desktop.app.desk import OpenDesk, open_desk
from livingwell_desktop.app.signing_in import sign_in_window
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.settings import DeskFolder, load_card, load_settings
from livingwell_desktop.ui.sign_in.window import SignInWindow
from livingwell_desktop.ui.tasks import Tasks
from tests.window import NeverHappenedError, Window, until, words_of


class DeskWindow(Window):
    """A desk with somebody signed in."""

    def __init__(self, desk: OpenDesk) -> None:
        super().__init__(desk.window)
        self.desk = desk

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


class DeskOnTable:
    """A desk as it stands on the table: locked until somebody signs in."""

    def __init__(self, folder: DeskFolder, clock: Clock, size: tuple[int, int] = (1440, 900)) -> None:
        self.folder, self.clock, self.size = folder, clock, size
        self.signing_in: SignInWindow | None = None
        self.open: OpenDesk | None = None
        self.locked = False
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
        self.open = open_desk(handed[0], self.folder, self.clock, self._locked)
        self.open.window.resize(*self.size)
        self.open.window.show()
        self.close_sign_in()
        self.locked = False
        desk = DeskWindow(self.open)
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

    def close(self) -> None:
        """End the desk as its process would."""
        self.close_sign_in()
        if self.open is not None:
            self.open.close()
        self.open = None
