"""The page objects: people at desks, in the users' words. Tests, journeys and the tour drive the windows with them.

    rosa = DeskOnTable(folder, clock).sign_in("Rosa Mensah")
    rosa.press("Ctrl+K").type("oka").press("Enter").press("Enter")
    rosa.until_shown("has ticket")

Everything goes through keys and clicks on the real windows, and everything waits for a condition, never for time.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from livingwell_desktop.app import OpenDesk, open_desk, sign_in_window
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.settings import DeskFolder, load_card, load_settings
from livingwell_desktop.storage import Clock
from livingwell_desktop.ui.sign_in.window import SignInWindow
from livingwell_desktop.ui.tasks import Tasks

PATIENCE_SECONDS = 20.0


class NeverHappenedError(AssertionError):
    """What was waited for did not come."""


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """Let the window live until the condition holds. Raises NeverHappenedError saying what was waited for."""
    found = condition()
    if found:
        return found
    loop, timer, deadline = QEventLoop(), QTimer(), time.monotonic() + seconds
    answer: list[Any] = [None]

    def look() -> None:
        answer[0] = condition()
        if answer[0] or time.monotonic() > deadline:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(10)
    loop.exec()
    timer.stop()
    if not answer[0]:
        raise NeverHappenedError(what)
    return answer[0]


class Window:
    """A window that somebody sits at: keys go to whatever has the focus in it."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.presses = 0

    def bring_to_front(self) -> None:
        """Shortcuts fire only in an active window."""
        if not self.window.isVisible():
            self.window.show()
        if QApplication.activeWindow() is not self.active():
            self.active().activateWindow()
            self.active().raise_()
            until(lambda: QApplication.activeWindow() is self.active(), "the window is active")

    def active(self) -> QWidget:
        """The window, or the sheet that lies over it."""
        modal = QApplication.activeModalWidget()
        if modal is not None and self.window.isAncestorOf(modal):
            return modal
        return self.window

    def target(self) -> QWidget:
        """Where a key goes."""
        return self.active().focusWidget() or self.active()

    def press(self, keys: str) -> "Window":
        """Press one key combination, like "Ctrl+K", "Enter" or "5"."""
        self.bring_to_front()
        names = {"Enter": "Return", "Esc": "Escape"}
        sequence = QKeySequence("+".join(names.get(part, part) for part in keys.split("+")) if keys != "+" else keys)
        combination = sequence[0]
        self.presses += 1
        QTest.keyClick(self.target(), combination.key(), combination.keyboardModifiers())
        self.settle()
        return self

    def type(self, text: str) -> "Window":
        """Type text, one key at a time."""
        self.bring_to_front()
        for sign in text:
            self.presses += 1
            if sign.isascii():
                QTest.keyClick(self.target(), sign)
            else:
                self._insert(sign)
        self.settle()
        return self

    def _insert(self, sign: str) -> None:
        """A sign that no test keyboard has, as an input method would commit it."""
        widget = self.target()
        if isinstance(widget, QLineEdit):
            widget.insert(sign)
        elif isinstance(widget, QPlainTextEdit):
            widget.insertPlainText(sign)
        else:
            raise AssertionError(f"nothing to type {sign!r} into")

    def click(self, name: str) -> "Window":
        """Click the control of that name (its words, accessible name or object name)."""
        self.bring_to_front()
        widget = self.control(name)
        self.presses += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
        self.settle()
        return self

    def fill(self, name: str, text: str) -> "Window":
        """Put the cursor into a field and type over what stands there."""
        self.bring_to_front()
        self.control(name).setFocus()
        self.press("Ctrl+A")
        return self.type(text)

    def control(self, name: str) -> QWidget:
        """The visible control of that name. Raises NeverHappenedError when there is none."""
        return until(lambda: next(self._controls(name), None), f"a control called {name}", 5)  # type: ignore[no-any-return]

    def has_control(self, name: str) -> bool:
        """Whether a visible control has that name."""
        return next(self._controls(name), None) is not None

    def _controls(self, name: str) -> Iterator[QWidget]:
        wanted = name.casefold()
        for widget in self.active().findChildren(QWidget):
            if widget.isVisible() and wanted in (widget.objectName().casefold(), _name_of(widget).casefold()):
                yield widget

    def settle(self) -> None:
        """Let queued signals arrive."""
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()

    def words(self) -> str:
        """Every word on the window that a person can see or a screen reader says."""
        return "\n".join(_words(self.window))

    def shows(self, words: str) -> bool:
        """Whether the words are on the window."""
        return words in self.words()

    def until_shown(self, words: str) -> "Window":
        """Wait until the words are on the window."""
        try:
            until(lambda: self.shows(words), words)
        except NeverHappenedError:
            raise NeverHappenedError(f"“{words}” is not among:\n{self.words()}") from None
        return self

    def until_gone(self, words: str) -> "Window":
        """Wait until the words are not on the window any more."""
        until(lambda: not self.shows(words), f"“{words}” to go")
        return self

    def picture(self, path: Path) -> None:
        """A picture of the window as it is."""
        self.bring_to_front()
        self.settle()
        sheet = self.active()
        if sheet is self.window:
            self.window.grab().save(str(path))
            return
        from PySide6.QtGui import QPainter

        whole = self.window.grab()
        painter = QPainter(whole)
        corner = self.window.mapFromGlobal(sheet.mapToGlobal(QPoint(0, 0)))
        painter.drawPixmap(corner, sheet.grab())
        painter.end()
        whole.save(str(path))


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
        return "\n".join(_words(self.desk.window.status))

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


def _name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def _words(root: QWidget) -> Iterator[str]:
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        if isinstance(widget, QLabel):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            if widget.echoMode() is QLineEdit.EchoMode.Normal:
                yield widget.text()
        elif isinstance(widget, QPlainTextEdit):
            yield widget.toPlainText()
        elif isinstance(widget, QAbstractItemView):
            model = widget.model()
            for row in range(model.rowCount()):
                yield str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) or "")
        else:
            yield _name_of(widget)
            text = getattr(widget, "text", None)
            if callable(text):
                said = text()
                if isinstance(said, str):
                    yield said
