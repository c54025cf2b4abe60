"""The sheets of the sign-in window: a first passphrase after an invitation, and a new one with the recovery code."""

from PySide6.QtWidgets import QWidget

from livingwell_desktop.security.passphrases import generate
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.words import Words


class PassphraseSheet(QWidget):
    """Four words are offered; they, or longer ones of one's own, are typed twice."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.offered = generate()
        self.column = Column(self, spacing=16)
        self.column.add(Words(sentence, "body", wrap=True))
        self._before()
        self.column.add(Words("We made these four words for you. Nobody else has seen them.", "body", wrap=True))
        words = Words(self.offered, "title")
        words.setObjectName("offered words")
        self.column.add(words)
        self.new, self.again = TextField(secret=True), TextField(secret=True)
        self.new_frame = self._framed("new passphrase", "New passphrase", self.new)
        self.new_frame.set_hint("Type these four words, or at least 15 characters of your own.")
        self.again_frame = self._framed("again passphrase", "The new one again", self.again)

    def _before(self) -> None:
        """Fields above the passphrase."""

    def _framed(self, name: str, label: str, field: TextField) -> FieldFrame:
        field.setObjectName(name)
        frame = FieldFrame(label, field)
        self.column.add(frame)
        return frame

    def is_complete(self) -> bool:
        """Whether both are the same; else it is said beside the field."""
        self.again_frame.clear_error()
        same = bool(self.new.text()) and self.new.text() == self.again.text()
        if not same:
            self.again_frame.set_error("The two are not the same. Type the new one again.")
            self.again.setFocus()
        return same


class RecoverySheet(PassphraseSheet):
    """With the code of the sealed envelope: two people, the code, a new passphrase."""

    def _before(self) -> None:
        self.first, self.second, self.code = TextField(), TextField(), TextField()
        self._framed("first person", "First person who opens the envelope", self.first)
        self._framed("second person", "Second person", self.second)
        self.code_frame = self._framed("recovery code", "Code from the envelope", self.code)
        self.code_frame.set_hint("26 letters and digits. Dashes and capital letters do not matter.")

    def is_complete(self) -> bool:
        self.code_frame.clear_error()
        if not self.code.text().strip():
            self.code_frame.set_error("Type the code.")
            self.code.setFocus()
            return False
        return super().is_complete()
