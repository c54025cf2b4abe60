"""A page at a desk, driven as a person drives it: keys on real widgets, and what can be read on the screen."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import Settings
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.pages import Desk, Masking, Page, Place
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets.ask import Sheet
from livingwell_desktop.ui.widgets.notify import Notices
from livingwell_desktop.ui.widgets.table_model import RowModel, TableRow
from livingwell_desktop.ui.widgets.tables import RowList

KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Tab": Qt.Key.Key_Tab,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "Space": Qt.Key.Key_Space,
    "PgUp": Qt.Key.Key_PageUp,
    "PgDown": Qt.Key.Key_PageDown,
}


@dataclass
class Around:
    """What a page asked of the window around it."""

    went: list[Place] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    palette: list[str] = field(default_factory=list)
    backs: int = 0

    def back(self) -> None:
        self.backs += 1


class Told(QObject):
    """Tells a page of changes as the window does."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page

    def hear(self, changes: Changes) -> None:
        if self._page.concerned(changes):
            self._page.refresh()


class AtDesk:
    """`at.press("W")`, `at.type_in("reason for coming", "Review")`, `at.board()`."""

    def __init__(self, practice: Practice, page_class: Callable[[Desk], Page], tasks: Tasks, qtbot: QtBot) -> None:
        self.practice, self._qtbot = practice, qtbot
        self.around = Around()
        self.masking = Masking()
        self.desk = Desk(
            practice, Settings(), tasks, self.masking, self.around.went.append, self.around.back,
            lambda tone, words: self.around.said.append((tone, words)), self.around.palette.append,
        )  # fmt: skip
        self.page = page_class(self.desk)
        self.page.resize(1224, 866)
        practice.whole.listen(Told(self.page).hear)

    def show(self, place: Place) -> "AtDesk":
        self.page.show_place(place)
        return self

    # Doing

    def press(self, key: str) -> None:
        """A key where the focus is: "Enter", "Ctrl Enter", "W"."""
        *modifiers, last = key.split(" ")
        held = Qt.KeyboardModifier.ControlModifier if "Ctrl" in modifiers else Qt.KeyboardModifier.NoModifier
        focus = self._focus()
        QTest.keyClick(focus, KEYS.get(last) or Qt.Key(ord(last)), held)

    def write(self, text: str) -> None:
        """Type where the focus is."""
        focus = self._focus()
        if text.isascii() or not isinstance(focus, QLineEdit):
            QTest.keyClicks(focus, text)
        else:
            focus.insert(text)  # as an input method does: there are no keys for these letters

    def _focus(self) -> QWidget:
        """Where a key goes: into the sheet when one is open. Windows become active when the window system says so."""
        top = self.sheet() or self.page
        if not top.isActiveWindow():
            with self._qtbot.waitActive(top):
                top.activateWindow()
        self._qtbot.waitUntil(lambda: _within(top))
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def type_in(self, label: str, text: str) -> None:
        """Go to the field with this name and type."""
        field = self.find(label)
        field.setFocus()
        self.write(text)

    def click(self, name: str) -> None:
        """A button or a tick box by its name."""
        button = self.find(name)
        assert button.isEnabled(), f"{name} cannot be used: {button.accessibleDescription()}"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, words: str, name: str = "") -> None:
        """Choose the row that says these words."""
        rows = self.rows(name)
        row = next((line for line in _rows(rows.model) if words in rows.model.spoken(line)), None)
        assert row is not None, f"no row says {words}: {self.lines(name)}"
        rows.choose(row.key)
        rows.setFocus()

    # Seeing

    def find(self, name: str) -> QWidget:
        """The visible widget of this name: in an open sheet first."""
        found: list[QWidget] = []

        def look() -> bool:
            tops = [top for top in (self.sheet(), self.page) if top is not None]
            found[:] = [each for top in tops for each in top.findChildren(QWidget, name) if each.isVisible()]
            return bool(found)

        self._qtbot.waitUntil(look, timeout=1000)
        return found[0]

    def rows(self, name: str = "") -> RowList:
        """The list of this name, or the one there is."""
        found = [each for each in self.page.findChildren(RowList) if each.isVisible()]
        return next(each for each in found if not name or each.objectName() == name)

    def lines(self, name: str = "") -> list[str]:
        """Every line of a list as a screen reader says it, headings too."""
        model = self.rows(name).model
        return [
            str(model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())
        ]

    def chosen(self, name: str = "") -> str:
        rows = self.rows(name)
        line = rows.model.line(rows.view.currentIndex())
        return rows.model.spoken(line) if isinstance(line, TableRow) else ""

    def sheet(self) -> Sheet | None:
        """The sheet that is open over the page."""
        return next((each for each in self.page.findChildren(Sheet) if each.isVisible()), None)

    def words(self) -> str:
        """Everything that can be read now, on the page and in an open sheet, with the names screen readers say."""
        found: list[str] = []
        for top in (self.page, self.sheet()):
            for each in top.findChildren(QWidget) if top else ():
                if each.isVisible():
                    found.append(each.accessibleName())
                    if isinstance(each, QLabel | QPushButton):
                        found.append(each.text())
        lists = [line for each in self.page.findChildren(RowList) if each.isVisible() for line in _spoken(each.model)]
        strips = [text for each in self.page.findChildren(Notices) for text in each.texts()]
        return "\n".join([*found, *strips, *lists])


def _within(top: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is top or top.isAncestorOf(focus))


def _rows(model: RowModel) -> list[TableRow]:
    lines = [model.line(model.index(row)) for row in range(model.rowCount())]
    return [line for line in lines if isinstance(line, TableRow)]


def _spoken(model: RowModel) -> list[str]:
    return [str(model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())]
