"""The screen of one question: the list at the left, the question itself, the keys at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import moment
from livingwell_desktop.domain.questionnaire import Answers, Questionnaire, progress
from livingwell_desktop.domain.records import HeldValue
from livingwell_desktop.domain.scoring import prompts
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.ui.assessment.item_list import ItemList
from livingwell_desktop.ui.assessment.question import QuestionPanel
from livingwell_desktop.ui.assessment.steps import Step
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.flow import Flow
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import Rule, ScrollBody
from livingwell_desktop.ui.widgets.words import IconMark, Words

_ROOM_FOR_LIST = 800
"""Logical pixels at 100 % below which the question alone is shown."""


class AskingView(QWidget):
    """`opened` carries the question clicked in the list, `answered` (linkId, answer)."""

    answered = Signal(str, object)
    opened = Signal(str)
    go_back = Signal()
    go_on = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel: QuestionPanel | None = None
        self._progress = ""
        row = Row(self, spacing=0)
        self.items = ItemList()
        self.items.chosen.connect(self.opened)
        self._between = Rule(upright=True)
        row.add(self.items, self._between)
        right = Column(spacing=0)
        row.add(right, stretch=1)
        self._scroll = ScrollBody(spacing=12, margins=(24, 18, 24, 18))
        self.prompt = Notice("warning", "", icon="shield")
        self.prompt.setObjectName("prompt")
        self.prompt.hide()
        self.undecided = Notice("warning", "", icon="two-people")
        self.undecided.setObjectName("two answers")
        self.undecided.hide()
        self._place = Column(spacing=0)
        self._scroll.body.add(self.undecided)
        self._scroll.body.add(self.prompt)
        self._scroll.body.add(self._place, stretch=1)
        right.add(self._scroll, stretch=1)
        right.add(Rule())
        right.add(self._made_foot())
        theme.follow(self._measure)

    def show_question(
        self,
        questionnaire: Questionnaire,
        step: Step,
        answers: Answers,
        last: Answers | None,
        last_words: str,
        called: str,
    ) -> None:
        """Open a question. What was typed before is the caller's; nothing is answered by opening it."""
        clear(self._place)
        self.panel = QuestionPanel(questionnaire, step, answers, last, last_words, called)
        self.panel.answered.connect(self.answered)
        self.panel.back_to_answers.connect(self.panel.focus_answer)
        self._place.add(self.panel, stretch=1)
        # Shown at once, not with the next event: its keys and its focus count from now on.
        self.panel.show()
        self._scroll.verticalScrollBar().setValue(0)
        zero_clears = 0 not in step.numbers
        self.clear_buttons[0].setVisible(zero_clears)
        self.clear_buttons[1].setVisible(not zero_clears)

    def show_around(
        self,
        questionnaire: Questionnaire,
        found: Sequence[Step],
        answers: Answers,
        last: Answers,
        current: str,
        after_last: str,
    ) -> None:
        """The list, the strip that an answer opened, and where the keys lead."""
        done = progress(questionnaire, answers)
        self.items.show_steps(questionnaire.title, found, done, answers, last, current)
        self._progress = done.words
        opened = prompts(questionnaire, answers)
        self.prompt.setVisible(bool(opened))
        if opened:
            self.prompt.set_words(opened[0].text, strong=opened[0].title)
        names = [step.item.link_id for step in found]
        at = names.index(current) if current in names else 0
        self.next_button.set_text(f"Next: {found[at + 1].name}" if at + 1 < len(found) else after_last)
        self.back_button.set_allowed(at > 0, "This is the first question.")
        self._measure()

    def show_undecided(self, values: Sequence[HeldValue], everybody: Alliance, today: date) -> None:
        """What two desks answered, above the question that is asked again; nothing where there is one answer."""
        self.undecided.setVisible(bool(values))
        words = "; ".join(
            f"{each.value}, {everybody.staff_name(each.staff)}, {moment(each.at, today)}"
            for each in sorted(values, key=lambda each: each.at)
        )
        self.undecided.set_words(words, strong="Two desks wrote different answers. Ask again.")

    def show_saved(self, words: str, *, kept: bool) -> None:
        """Whether the draft is on the disk, and since when."""
        self._saved_icon.setVisible(kept)
        self.saved_words.setText(words)
        self._saved.setVisible(bool(words))

    def focus_answer(self) -> None:
        """Put the focus where the question is answered."""
        if self.panel is not None:
            self.panel.focus_answer()

    def clear_answer(self) -> None:
        """Take the answer away."""
        if self.panel is not None:
            self.panel.clear_answer()

    def clear_key(self) -> str:
        """0 clears, unless 0 is an answer itself."""
        return "Delete" if self.panel is not None and 0 in self.panel.step.numbers else "0"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        """A narrow window or large text keep the question whole: the list gets slim, then gives way."""
        room = self.width() >= theme.px(_ROOM_FOR_LIST)
        self.items.set_slim(self.width() < theme.px(1180))
        self.items.setVisible(room)
        self._between.setVisible(room)
        if self.panel is not None:
            self.panel.show_progress("" if room else self._progress)

    def _made_foot(self) -> Row:
        foot = Row(spacing=8, margins=(24, 10, 24, 10))
        left, right = Flow(spacing=12), Flow(spacing=14, right=True)
        self.back_button = Button("Back", key="←", size="conversation")
        self.back_button.setObjectName("back")
        self.back_button.clicked.connect(self.go_back)
        left.add(self.back_button)
        # Two buttons, as the key shown on a button is fixed.
        self.clear_buttons = tuple(
            Button("Not answered", "quiet", key=key, size="conversation") for key in ("0", "Delete")
        )
        for button in self.clear_buttons:
            button.setObjectName("not answered")
            button.clicked.connect(self.clear_answer)
            left.add(button)
        saved = self._saved = QWidget()
        saved_row = Row(saved, spacing=6)
        self._saved_icon = IconMark("check", "success", 18)
        self.saved_words = Words("", "conversation", "secondary")
        self.saved_words.setObjectName("draft saved")
        saved_row.add(self._saved_icon, self.saved_words)
        self.next_button = Button("Next", "primary", icon="arrow-right", key="Enter", size="conversation")
        self.next_button.setObjectName("next")
        self.next_button.clicked.connect(self.go_on)
        right.add(saved, self.next_button)
        foot.add(left)
        foot.add(right, stretch=1)
        return foot
