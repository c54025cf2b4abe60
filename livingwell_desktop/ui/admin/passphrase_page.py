"""One's own passphrase: four words are offered, or a longer one is typed. Other desks take it at their next sync."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.passphrases import generate
from livingwell_desktop.services import staff
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.pages import Desk, Page, PassphrasePlace, Place
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.choices import TickBox
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import PageTitle, ScrollBody
from livingwell_desktop.ui.widgets.words import Words

_WIDE = 620


class PassphrasePage(Page):
    """The old one, the new one twice. Nothing of it is kept as a draft."""

    shows = PassphrasePlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._offered = ""
        self._busy = False
        self._build()

    def _build(self) -> None:
        self.title = PageTitle("Your passphrase")
        self.title.set_title("Your passphrase", "It opens this desk, and every desk where you may sign in.")
        self.notice = Notice("neutral", "")
        self.notice.hide()
        self.old, self.new, self.again = (TextField(secret=True) for _ in range(3))
        self.frames = {
            "old": self._framed("old", "Your passphrase now", self.old),
            "passphrase": self._framed("new", "New passphrase", self.new, "Four words, or at least 15 characters."),
            "again": self._framed("again", "The new one again", self.again),
        }
        self.offer = Words("", "title")
        self.offer.setObjectName("offered words")
        self.other = Button("Other words", "quiet")
        self.other.clicked.connect(self._offer)
        self.shown = TickBox("Show what I type")
        for each in (self.old, self.new, self.again):
            self.shown.toggled.connect(lambda on, field=each: field.set_secret(not on))
        self.save = Button("Change passphrase", "primary", shortcut="Ctrl+Enter")
        self.save.clicked.connect(self.change)
        scroll = ScrollBody(spacing=16, margins=(24, 0, 24, 18))
        body = QWidget()
        body.setMaximumWidth(_WIDE)
        inside = Column(body, spacing=16)
        inside.add(self.notice, self.frames["old"])
        inside.add(Words("We made these four words for you. Nobody else has seen them.", "body", wrap=True))
        offered = Row(spacing=12)
        offered.add(self.offer)
        offered.add(self.other)
        offered.push()
        inside.add(offered)
        inside.add(self.frames["passphrase"], self.frames["again"], self.shown)
        buttons = Row()
        buttons.add(self.save)
        buttons.push()
        inside.add(buttons)
        scroll.body.add(body)
        scroll.body.push()
        column = Column(self, spacing=12, margins=(0, 18, 0, 0))
        head = Row(margins=(24, 0, 24, 0))
        head.add(self.title)
        column.add(head)
        column.add(scroll, stretch=1)

    def _framed(self, name: str, label: str, field: TextField, hint: str = "") -> FieldFrame:
        field.setObjectName(f"{name} passphrase")
        return FieldFrame(label, field, hint=hint)

    def show_place(self, place: Place) -> None:  # noqa: ARG002 - there is one such place
        self.leave()
        self._offer()
        self.notice.hide()
        self.old.setFocus()

    def concerned(self, changes: Changes) -> bool:  # noqa: ARG002 - what others do does not touch it
        return False

    def refresh(self) -> None:
        """Nothing here comes from records."""

    def leave(self) -> None:
        """Secrets do not stay in fields that nobody sees."""
        for field in (self.old, self.new, self.again):
            field.set_text("")
        self.offer.setText("")

    def _offer(self) -> None:
        self._offered = generate()
        self.offer.setText(self._offered)

    def change(self) -> None:
        """Change it. Hashing takes a second, off the window's thread."""
        if self._busy:
            return
        for frame in self.frames.values():
            frame.clear_error()
        if self.new.text() != self.again.text():
            self.frames["again"].set_error("The two are not the same. Type the new one again.")
            self.again.setFocus()
            return
        old, new, offered, practice = self.old.text(), self.new.text(), self._offered, self.desk.practice
        self._busy = True
        self.save.set_text("Changing…")
        self.desk.tasks.run(
            lambda: staff.change_own_passphrase(practice, old, new, offered), lambda _none: self._done(), self._failed
        )

    def _done(self) -> None:
        self._again_possible()
        self.leave()
        self._offer()
        self.notice.set_tone("success")
        self.notice.set_words(
            "Other desks take it when they next meet the server. Until then, use the old one there.",
            strong="Your passphrase is changed on this desk.",
        )
        self.notice.show()

    def _failed(self, error: BaseException) -> None:
        self._again_possible()
        if not isinstance(error, Problem):
            raise error
        weak = error.title == "Choose a stronger passphrase"
        self.frames["passphrase" if weak else "old"].set_error(error.what_to_do if weak else error.title)
        self.notice.set_tone("error")
        self.notice.set_words(error.advice, strong=error.title)
        self.notice.show()
        (self.new if weak else self.old).setFocus()

    def _again_possible(self) -> None:
        self._busy = False
        self.save.set_text("Change passphrase")
