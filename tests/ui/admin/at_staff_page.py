"""The staff page and the passphrase page, as somebody sits at them, over a desk with real slots and keys."""

from typing import Any

from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import Settings
from livingwell_desktop.ui.admin import PassphrasePage, StaffPage
from livingwell_desktop.ui.pages import Desk, Masking, PassphrasePlace, Place, StaffPlace
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets.tables import RowList
from tests.window import Window, until


class AtPage(Window):
    """A page in a window of its own: `chosen("Rosa")`, `press("A")`, `said`."""

    def __init__(self, practice: Practice, page_class: Any, place: Place, tasks: Tasks) -> None:
        self.said: list[tuple[str, str]] = []
        self.went: list[Place] = []
        desk = Desk(
            practice, Settings(), tasks, Masking(), self.went.append, lambda: None,
            lambda tone, words: self.said.append((tone, words)), lambda _typed: None,
        )  # fmt: skip
        self.page = page_class(desk)
        self.page.resize(1200, 860)
        super().__init__(self.page)
        self.bring_to_front()
        self.page.show_place(place)
        self.settle()

    def last_said(self) -> str:
        """The newest strip on top of the place."""
        return self.said[-1][1] if self.said else ""


class AtStaff(AtPage):
    """`choose("Rosa Mensah")` by the arrow keys, then one of the page's keys."""

    def __init__(self, practice: Practice, tasks: Tasks) -> None:
        super().__init__(practice, StaffPage, StaffPlace(), tasks)

    def rows(self) -> list[str]:
        """What a screen reader says of each row."""
        table = self.page.rows
        assert isinstance(table, RowList)
        model = table.model
        lines = [model.line(model.index(row)) for row in range(model.rowCount())]
        return [model.spoken(line) for line in lines if line is not None]

    def row(self, name: str) -> str:
        """What the row of that name says."""
        return next(row for row in self.rows() if row.startswith(f"Name {name}"))

    def choose(self, name: str) -> "AtStaff":
        """Go down the list to somebody, by the keyboard."""
        self.page.rows.setFocus()
        for _ in self.rows():
            self.press("Up")
        passed = []
        for _ in range(len(self.rows()) + 3):
            member = self.page.member()
            passed.append(member.staff.value.name if member else "nobody")
            if member is not None and member.staff.value.name == name:
                return self
            self.press("Down")
        raise AssertionError(f"{name} is not among {passed}, the focus is at {self.target()}")

    def confirm(self) -> "AtStaff":
        """Yes to the question that is open; "no" has the focus."""
        until(lambda: self.active() is not self.window, "a question")
        self.press("Tab")
        return self

    def code(self) -> str:
        """The code that is shown in the sheet."""
        label = self.control("the code")
        return str(label.text())  # type: ignore[attr-defined]  # a label


class AtPassphrase(AtPage):
    """`change("old", "new")`."""

    def __init__(self, practice: Practice, tasks: Tasks) -> None:
        super().__init__(practice, PassphrasePage, PassphrasePlace(), tasks)

    def offered(self) -> str:
        """The four words that the page made."""
        return str(self.control("offered words").text())  # type: ignore[attr-defined]  # a label

    def change(self, old: str, new: str, again: str = "") -> "AtPassphrase":
        """Type all three and press the key."""
        self.fill("old passphrase", old)
        self.fill("new passphrase", new)
        self.fill("again passphrase", again or new)
        self.press("Ctrl+Enter")
        until(lambda: not self.page._busy, "the answer")
        return self
