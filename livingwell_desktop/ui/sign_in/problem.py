"""What is shown when the program cannot go on: what happened, what to do, and nothing else."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.ui.sign_in.saving_unsent import SAVE_UNSENT, SavingUnsent
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.rail import Brand
from livingwell_desktop.ui.widgets.words import IconMark, Words


class ProblemWindow(QWidget):
    """A problem in words, with one way out, and where records cannot be read a way to save what was not sent."""

    def __init__(self, problem: Problem, saving: SavingUnsent | None = None) -> None:
        super().__init__()
        self.setWindowTitle("Living Well Desktop")
        self.resize(720, 420)
        close = Button("Close", "primary", shortcut="Esc")
        close.clicked.connect(self.close)
        column = Column(self, spacing=14, margins=(48, 40, 48, 32))
        column.add(Brand("Living Well"))
        column.gap(24)
        title = Row(spacing=12)
        title.add(IconMark("warning-triangle", "warning", 28))
        title.add(Words(problem.title, "title", wrap=True), stretch=1)
        column.add(title)
        column.add(Words(problem.what_happened, "body", wrap=True))
        column.add(Words(problem.what_to_do, "strong", wrap=True))
        self.said = Words("", "body", wrap=True)
        column.add(self.said)
        column.push()
        buttons = Row(spacing=12)
        buttons.push()
        if saving is not None:
            save = Button(SAVE_UNSENT)
            save.setObjectName("save what was not sent")
            save.clicked.connect(lambda: saving.ask(self, lambda _tone, words: self.said.setText(words)))
            buttons.add(save)
        buttons.add(close)
        column.add(buttons)
        close.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.end()
