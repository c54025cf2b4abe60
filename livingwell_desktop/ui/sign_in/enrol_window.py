"""What a fresh PC shows: the server, a one-time code, and then who may sign in here first."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.membership import FirstAdministrator
from livingwell_desktop.security.passphrases import generate
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, TextField
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.rail import Brand
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.words import Words

_WIDE = 620


class Steps(Protocol):
    """What making a desk takes (`app/enrolling.py`). Each raises Problem and may be tried again."""

    def join(self, url: str, code: str, name: str, said: Callable[[str], None]) -> Any: ...
    def cancel(self) -> None: ...
    def begin_centre(self, joined: Any, first: FirstAdministrator) -> None: ...
    def admit_colleague(self, joined: Any, staff: UUID, passphrase: str) -> None: ...


class EnrolWindow(QWidget):
    """Three short steps. `enrolled` when somebody may sign in here."""

    enrolled = Signal()
    _said = Signal(str)

    def __init__(self, steps: Steps, tasks: Tasks, server_url: str = "", begun_as: str = "") -> None:
        super().__init__()
        self._steps, self._tasks = steps, tasks
        self._joined: Any = None
        self._busy = False
        self._frames: dict[str, FieldFrame] = {}
        self._next: Callable[[], None] = self._join
        self.setWindowTitle("Living Well Desktop")
        self.resize(900, 820)
        self.setMinimumSize(720, 560)
        self.title = Words("", "title", wrap=True)
        self.problem = Notice("error", "")
        self.problem.hide()
        self.button = Button("", "primary", shortcut="Ctrl+Enter")
        self.button.setObjectName("go on")
        self.button.clicked.connect(self._go_on)
        self.cancel = Button("Cancel", "secondary")
        self.cancel.setObjectName("cancel")
        self.cancel.clicked.connect(self._steps.cancel)
        self.cancel.hide()
        self.progress = Words("", "body", "secondary")
        self.progress.setObjectName("progress")
        self._said.connect(self._show_progress)
        self._fields = Column(spacing=14)
        scroll = ScrollBody(spacing=14, margins=(48, 8, 48, 24))
        body = QWidget()
        body.setMaximumWidth(_WIDE)
        inside = Column(body, spacing=14)
        inside.add(self.title, self.problem)
        inside.add(self._fields)
        foot = Row()
        foot.add(self.button, self.cancel, self.progress)
        foot.push()
        inside.add(foot)
        scroll.body.add(body)
        scroll.body.push()
        column = Column(self, spacing=18, margins=(0, 32, 0, 0))
        head = Row(margins=(48, 0, 48, 0))
        head.add(Brand("Living Well", "This computer is no desk yet"))
        column.add(head)
        column.add(scroll, stretch=1)
        self._ask_to_join(server_url, begun_as)
        theme.follow(self.update)

    def _ask_to_join(self, server_url: str, begun_as: str) -> None:
        self._begin("Join your centre", "Join", self._join)
        self.url, self.code, self.name = TextField(server_url), TextField(), TextField(begun_as)
        self._put("url", "Server", self.url, "As IT gave it to you, like https://livingwell.example.org")
        self._put(
            "code",
            "One-time code",
            self.code,
            "Joining had begun here. With the same code it goes on where it was, with another from the beginning."
            if begun_as
            else "As it was printed, all its groups of four. It works once, for two days.",
        )
        self._put("name", "Name of this computer", self.name, "Like Reception desk 1")

    def _ask_who_begins(self) -> None:
        self._begin("You are the first administrator here", "Begin", self._begin_centre)
        self.offered = generate()
        self.given, self.family, self.organisation, self.centre = (TextField() for _ in range(4))
        self.new, self.again = TextField(secret=True), TextField(secret=True)
        self._put("centre", "Name of the centre", self.centre)
        self._put("organisation", "Your organisation", self.organisation)
        self._put("given_name", "First name", self.given)
        self._put("family_name", "Last name", self.family)
        words = Words(self.offered, "title")
        words.setObjectName("offered words")
        self._fields.add(Words("Your passphrase. We made these four words for you:", "body", wrap=True), words)
        self._put("passphrase", "New passphrase", self.new, "These four words, or at least 15 characters of your own.")
        self._put("again", "The new one again", self.again)

    def _ask_who_signs_in(self) -> None:
        self._begin("Who signs in here first?", "Sign in", self._admit)
        self.who = ChoiceField([(str(each), name) for each, name in self._joined.staff])
        self.passphrase = TextField(secret=True)
        self._put("who", "Your name", self.who, "Somebody who signs in at another desk already.")
        self._put("passphrase", "Your passphrase", self.passphrase)

    # The steps

    def _go_on(self) -> None:
        self._next()

    def _join(self) -> None:
        url, code, name = self.url.text(), self.code.text(), self.name.text()
        self._run("Joining…", lambda: self._steps.join(url, code, name, self._said.emit), self._after_joining)
        self.cancel.show()

    @Slot(str)
    def _show_progress(self, words: str) -> None:
        if self._busy:
            self.progress.setText(words)

    def _after_joining(self, joined: Any) -> None:
        self._joined = joined
        if joined.staff:
            self._ask_who_signs_in()
        else:
            self._ask_who_begins()

    def _begin_centre(self) -> None:
        if self.new.text() != self.again.text():
            self._frames["again"].set_error("The two are not the same. Type the new one again.")
            self.again.setFocus()
            return
        first = FirstAdministrator(
            self.given.text(), self.family.text(), self.organisation.text(), self.centre.text(),
            self.new.text(), self.offered,
        )  # fmt: skip
        self._run("Beginning…", lambda: self._steps.begin_centre(self._joined, first), lambda _: self.enrolled.emit())

    def _admit(self) -> None:
        who, passphrase = self.who.code(), self.passphrase.text()
        if who is None:
            self._frames["who"].set_error("Choose your name.")
            self.who.setFocus()
            return
        staff = UUID(who)
        self._run(
            "Opening…",
            lambda: self._steps.admit_colleague(self._joined, staff, passphrase),
            lambda _: self.enrolled.emit(),
        )

    def _run(self, words: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        if self._busy:
            return
        self._busy, self._label = True, self.button.words()
        self.problem.hide()
        for frame in self._frames.values():
            frame.clear_error()
        self.button.set_text(words)

        def done(answer: Any) -> None:
            self._free()
            then(answer)

        self._tasks.run(work, done, self._failed)

    def _free(self) -> None:
        self._busy = False
        self.button.set_text(self._label)
        self.progress.setText("")
        self.cancel.hide()

    def _failed(self, error: BaseException) -> None:
        self._free()
        if not isinstance(error, Problem):
            raise error
        for each in error.fields:
            if each.field in self._frames:
                self._frames[each.field].set_error(each.sentence)
        self.problem.set_words(error.advice, strong=error.title)
        self.problem.show()

    def _begin(self, title: str, button: str, then: Callable[[], None]) -> None:
        clear(self._fields)
        self._frames = {}
        self.problem.hide()
        self.title.setText(title)
        self.button.set_text(button)
        self._next = then

    def _put(self, name: str, label: str, field: QWidget, hint: str = "") -> None:
        field.setObjectName(label.lower())
        self._frames[name] = FieldFrame(label, field, hint=hint)
        self._fields.add(self._frames[name])
        if len(self._frames) == 1:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing waits for no download."""
        self._steps.cancel()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.end()
