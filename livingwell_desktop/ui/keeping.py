"""Keeping what is typed and not saved yet: on this desk's disk within two seconds of the first key press after a save.

The clock starts with that key and is not put back by the next: somebody who types steadily for a minute loses two
seconds of it in a power cut, not the minute.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Json
from livingwell_desktop.services import unfinished
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Draft

KEEP_AFTER = 1200
"""Milliseconds from a key press until what is typed is kept; with the writing it stays under two seconds."""


class Keeping(QObject):
    """Calls `save` when something typed has waited long enough, and when the page is left.

    A full disk is told once with `say` (tone, words), until a save succeeds again; what is typed stays and is tried
    again with the next key.
    """

    def __init__(self, parent: QObject, save: Callable[[], object], say: Callable[[str, str], object]) -> None:
        super().__init__(parent)
        self._save, self._say = save, say
        self.unsaved = False
        """Whether something was typed since the last save."""
        self._told = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER)
        self._timer.timeout.connect(self.keep)

    def typed(self) -> None:
        """A key was pressed."""
        self.unsaved = True
        if not self._timer.isActive():
            self._timer.start()

    def keep(self) -> bool:
        """Save now what is not saved yet. False when it could not be saved."""
        self._timer.stop()
        if not self.unsaved:
            return True
        try:
            self._save()
        except Problem as problem:
            if not self._told:
                self._say("error", problem.words)
            self._told = True
            return False
        self.unsaved, self._told = False, False
        return True

    def forget(self) -> None:
        """What was typed was saved for good, or left on purpose: nothing waits."""
        self._timer.stop()
        self.unsaved = False


class KeptWords:
    """The few words of one sheet about one record, kept for their writer. `act` is what saving the sheet takes."""

    def __init__(self, practice: Practice, act: Act, sheet: str, about: UUID) -> None:
        self._practice, self._act, self._sheet, self._about = practice, act, sheet, about

    def words(self) -> Mapping[str, Json]:
        """What was kept by name; nothing when there was nothing, or when this role could not save it."""
        if not self._practice.may(self._act, self._about).allowed:
            return {}
        kept = unfinished.go_on_with_words(self._practice, self._act, self._sheet, self._about)
        return kept.body if kept else {}

    def draft(self) -> UUID | None:
        """The draft that goes when the words are saved."""
        kept = self._kept()
        return kept.id if kept else None

    def keep(self, words: Mapping[str, Json]) -> None:
        """Keep them; without any word there is nothing to keep. Raises Problem when the disk is full."""
        if any(words.values()):
            unfinished.keep_words(self._practice, self._act, self._sheet, self._about, words)
        else:
            self.forget()

    def forget(self) -> None:
        """They were left on purpose."""
        if self._practice.may(self._act, self._about).allowed:
            unfinished.forget_words(self._practice, self._act, self._sheet, self._about)

    def _kept(self) -> Draft | None:
        if not self._practice.may(self._act, self._about).allowed:
            return None
        return unfinished.words_kept(self._practice, self._act, self._sheet, self._about)
