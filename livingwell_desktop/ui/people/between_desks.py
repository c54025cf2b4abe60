"""A question between desks as the strip that stands in the field's place."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.services.attention import Choice, Question
from livingwell_desktop.ui.people.words import Mask, mark_of, when_words
from livingwell_desktop.ui.widgets.conflict_card import ConflictOption
from livingwell_desktop.ui.widgets.conflict_strip import ConflictStrip
from livingwell_desktop.ui.widgets.field_frame import ErrorSummary
from livingwell_desktop.ui.widgets.layout import Column


class QuestionStrip(QWidget):
    """`decided` carries the value to keep, `later` nothing. Keys 1, 2, … choose, Enter uses the choice."""

    decided = Signal(object)
    later = Signal()

    def __init__(self, question: Question, whose: str, mask: Mask, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.setObjectName(f"question {question.field.name}")
        options = [_option(choice, mask, today) for choice in question.choices]
        self.strip = ConflictStrip(
            question.title(whose),
            mask.text(question.sentence),
            options,
            another_label="Or write another" if question.takes_words else "",
        )
        self.errors = ErrorSummary()
        column = Column(self, spacing=8)
        column.add(self.errors, self.strip)
        self.setFocusProxy(self.strip)
        self.strip.chosen.connect(self._chosen)
        self.strip.later.connect(self.later)

    def show_problem(self, sentence: str) -> None:
        """Say what must be mended; what was typed stays."""
        self.errors.show_errors([(sentence, self.strip.another)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.strip.use_button.click()
        else:
            super().keyPressEvent(event)

    def _chosen(self, choice: object) -> None:
        self.decided.emit(choice.value if isinstance(choice, Choice) else choice)


def _option(choice: Choice, mask: Mask, today: date) -> ConflictOption:
    organisation = choice.organisation.value.short_name if choice.organisation else ""
    return ConflictOption(
        # The whole choice: a field that one desk emptied has no value of its own to carry.
        value=choice,
        shown=mask.text(choice.words),
        author=choice.author,
        mark=mark_of(choice.organisation),
        organisation=organisation,
        desk=choice.desk,
        when=when_words(choice.at, today),
    )
