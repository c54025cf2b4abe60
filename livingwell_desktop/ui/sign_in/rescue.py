"""Rescue, as the person at the desk sees it: what is the matter, what will happen, and what was saved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.rail import Brand
from livingwell_desktop.ui.widgets.words import IconMark, Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """What Rescue did. With `trouble` the fresh copy is not there yet, and the damaged files lie where they lay."""

    changes: int
    drafts: int
    lost: int
    """Changes that could not be read any more."""
    kept_in: str
    """The folder with the damaged files, or with `trouble` the file with what was not sent."""
    records: int = 0
    trouble: str = ""

    @property
    def anything(self) -> bool:
        """Whether there was anything to save."""
        return bool(self.changes or self.drafts)


BEFORE = (
    "What this desk has not sent yet is saved first, in a file of its own.",
    "Then a fresh copy of the records comes from the server. This needs a connection.",
    "Then what was saved goes into the fresh copy. The damaged files are kept. Nothing is deleted.",
)


class Rescuable(Protocol):
    """What the window rescues (`app/rescuing.py`)."""

    def rescue(self, said: Callable[[str], None]) -> Outcome: ...
    def cancel(self) -> None: ...


class RescueWindow(QWidget):
    """Offers Rescue, shows how far it is, and says what came of it. `finished` is True when the desk can open."""

    finished = Signal(bool)
    _said = Signal(str)

    def __init__(self, desk: Rescuable, tasks: Tasks) -> None:
        super().__init__()
        self._desk, self._tasks = desk, tasks
        self._rescued = self._busy = self._told = False
        self.setWindowTitle("Living Well Desktop")
        self.resize(760, 560)
        self.title = Words("This desk’s records are damaged", "title", wrap=True)
        self.lines = [Words("", "body", wrap=True) for _ in range(4)]
        self.progress = Words("", "strong", wrap=True)
        self.start = Button("Rescue the records", "primary")
        self.start.setObjectName("rescue")
        self.leave = Button("Close", "secondary", shortcut="Esc")
        self._build()
        self.start.clicked.connect(self._begin)
        self.leave.clicked.connect(self._leave)
        self._said.connect(self._show_progress)
        self._say(("The file that holds them cannot be read as it should. A disk that gets old can do this.", *BEFORE))
        self.start.setFocus()

    def _build(self) -> None:
        column = Column(self, spacing=14, margins=(48, 40, 48, 32))
        column.add(Brand("Living Well"))
        column.gap(24)
        title = Row(spacing=12)
        title.add(IconMark("warning-triangle", "warning", 28))
        title.add(self.title, stretch=1)
        column.add(title, *self.lines)
        column.gap(6)
        column.add(self.progress)
        column.push()
        buttons = Row(spacing=12)
        buttons.push()
        buttons.add(self.leave, self.start)
        column.add(buttons)

    def _begin(self) -> None:
        if self._rescued:
            self._tell(True)
            return
        if self._busy:
            return
        self._busy = True
        self.start.setEnabled(False)
        self.leave.set_text("Cancel")
        self._tasks.run(lambda: self._desk.rescue(self._said.emit), self._done, self._failed)

    def _leave(self) -> None:
        """While the records come, only that ends; otherwise the window."""
        if self._busy:
            self._desk.cancel()
        else:
            self.close()

    @Slot(str)
    def _show_progress(self, words: str) -> None:
        if self._busy:
            self.progress.setText(words)

    def _done(self, outcome: Outcome) -> None:
        self._free()
        self._rescued = not outcome.trouble
        if self._rescued:
            self.title.setText("The records are back")
            self._say(
                (
                    f"{saved_words(outcome)}{' They are in the fresh copy now.' if outcome.anything else ''}",
                    f"{counted(outcome.records, 'record', 'records')} came from the server.",
                    lost_words(outcome),
                    f"The damaged files are in the folder “{outcome.kept_in}”. IT support may want to see them.",
                )
            )
            self.start.set_text("Open the desk")
            self.leave.hide()
        else:
            self.title.setText("There is no fresh copy yet")
            self._say(
                (
                    outcome.trouble,
                    f"{saved_words(outcome)} What was saved is safe in the file “{outcome.kept_in}”.",
                    lost_words(outcome),
                    "Try again when there is a connection. Until then, work at another desk.",
                )
            )
            self.start.set_text("Try again")
        self.start.setFocus()

    def _failed(self, error: BaseException) -> None:
        self._free()
        if not isinstance(error, Problem):
            raise error
        self.title.setText(error.title)
        self._say((error.what_happened, error.what_to_do, "Nothing on this desk was changed."))
        self.start.set_text("Try again")

    def _free(self) -> None:
        self._busy = False
        self.start.setEnabled(True)
        self.leave.set_text("Close")
        self.progress.setText("")

    def _say(self, lines: tuple[str, ...]) -> None:
        for label, words in zip(self.lines, (*lines, *[""] * len(self.lines)), strict=False):
            label.setText(words)
            label.setVisible(bool(words))

    def _tell(self, rescued: bool) -> None:
        if not self._told:
            self._told = True
            self.finished.emit(rescued)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing leaves everything as it is; not in the middle."""
        if self._busy:
            event.ignore()
            return
        self._tell(self._rescued)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.end()


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: "1 change", "1,204 changes"."""
    return f"{number:,} {one if number == 1 else many}"


def saved_words(outcome: Outcome) -> str:
    """What was saved, in one sentence."""
    if not outcome.anything:
        return "Everything had been sent already, so there was nothing to save."
    parts = [counted(outcome.changes, "change that was not sent", "changes that were not sent")]
    if outcome.drafts:
        parts.append(counted(outcome.drafts, "half-written text", "half-written texts"))
    return f"Saved: {' and '.join(parts)}."


def lost_words(outcome: Outcome) -> str:
    """What could not be saved, said plainly; nothing when that is nothing."""
    if not outcome.lost:
        return ""
    return (
        f"{counted(outcome.lost, 'change', 'changes')} could not be read. Look through what you did last on this desk, "
        "and tell your manager."
    )
