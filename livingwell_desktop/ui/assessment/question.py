"""One question on the screen, of any type a questionnaire may have, with what is asked beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.questionnaire import Answer, Answers, Item, ItemType, Questionnaire
from livingwell_desktop.ui.assessment.steps import Step, all_numbers, words
from livingwell_desktop.ui.widgets.answer_scale import AnswerScale
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards, YesNo
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextArea, TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.words import IconMark, Words

_NOTE_LINES = 6
_LONGEST_LAST = 60


class QuestionPanel(QWidget):
    """`answered` carries (linkId, answer). What it shows first is not said to be answered."""

    answered = Signal(str, object)
    back_to_answers = Signal()

    def __init__(
        self,
        questionnaire: Questionnaire,
        step: Step,
        answers: Answers,
        last: Answers | None,
        last_words: str,
        called: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.step, self._called = step, called
        self._last, self._last_words = last, last_words
        self.main: QWidget = QWidget()
        self.frames: dict[str, FieldFrame] = {}
        self._column = Column(self, spacing=8)
        self._add_head(questionnaire)
        editor = self._editor(step.item, answers.get(step.item.link_id), main=True)
        self.main = editor
        editor.setObjectName("answer")
        self._column.gap(6)
        if isinstance(editor, TextField):
            frame = FieldFrame("Your answer in figures", editor, hint="A whole number, like 3")
            self.frames[step.item.link_id] = frame
            self._column.add(frame)
        else:
            self._column.add(editor)
        for item in step.beside:
            self._add_beside(item, answers)

    def focus_answer(self) -> None:
        """Put the focus where the question is answered: on the answer given, if there is one."""
        target: QWidget = self.main
        if isinstance(self.main, AnswerScale):
            target = self.main.button(self.main.value()) or self.main
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, words: str) -> None:
        """Which keys answer, and how far one is where no list says so."""
        numbers = self.step.numbers
        keys = f"Keys {numbers[0]} to {numbers[-1]} answer" if numbers else ""
        self._keys.setText(". ".join(part for part in (words, keys) if part))

    def clear_answer(self) -> None:
        """Not answered: take the answer to the question away."""
        if isinstance(self.main, AnswerScale):
            self.main.set_value(None)
        elif isinstance(self.main, RadioCards):
            self.main.set_code(None)
        elif isinstance(self.main, YesNo):
            self.main.set_value(None)
        elif isinstance(self.main, TextField | TextArea):
            self.main.set_text("")
        self.answered.emit(self.step.item.link_id, None)

    def _add_head(self, questionnaire: Questionnaire) -> None:
        item = self.step.item
        head = Row(spacing=8)
        head.add(IconMark(item.icon or "chat", "calm", 20))
        head.add(Words(self.step.name, "strong", "calm"))
        head.push()
        self._keys = Words("", "conversation", "secondary")
        head.add(self._keys)
        self.show_progress("")
        self._column.add(head)
        if questionnaire.stem and item in questionnaire.rated:
            self._column.add(Words(questionnaire.stem, "body", "secondary", wrap=True))
        self.question = Words(item.text, "question", wrap=True)
        self.question.setObjectName("question")
        self._column.add(self.question)

    def _add_beside(self, item: Item, answers: Answers) -> None:
        self._column.gap(12)
        if item.type is ItemType.DISPLAY:
            self._column.add(Words(item.text, "body", "secondary", wrap=True))
            return
        editor = self._editor(item, answers.get(item.link_id), main=False)
        label = item.text
        if isinstance(editor, TextArea):
            label = label.replace("the person’s words", f"{self._called}’s words")
            editor.setObjectName("notes")
            frame = FieldFrame(label, editor, trailing=self._last_note(item))
            self._column.add(frame, stretch=1)
        elif isinstance(editor, YesNo):
            editor.setObjectName("more help")
            editor.set_spoken(item.text)
            self._column.add(Words(item.text, "card"), editor)
        else:
            self._column.add(FieldFrame(label, editor))

    def _editor(self, item: Item, answer: Answer, *, main: bool) -> QWidget:
        if item.type is ItemType.CHOICE:
            return self._scale(item, answer) if all_numbers(item) else self._cards(item, answer)
        if item.type is ItemType.BOOLEAN:
            return self._yes_no(item, answer)
        if item.type is ItemType.INTEGER:
            return self._number(item, answer)
        area = TextArea("" if answer is None else str(answer), lines=_NOTE_LINES)
        area.changed.connect(lambda text: self.answered.emit(item.link_id, text or None))
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), area)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.back_to_answers)
        if main:
            area.set_spoken(item.text)
        return area

    def _scale(self, item: Item, answer: Answer) -> AnswerScale:
        options = [(int(option.value), option.display) for option in item.options]
        scale = AnswerScale(options)
        for button in scale.buttons:
            button.setObjectName(f"answer {button.value}")
        scale.set_value(answer if isinstance(answer, int) and not isinstance(answer, bool) else None)
        scale.set_spoken(item.text)
        before = self._last.get(item.link_id) if self._last is not None else None
        if isinstance(before, int) and not isinstance(before, bool):
            scale.set_last(before, self._last_words)
        scale.answered.connect(lambda value: self.answered.emit(item.link_id, value))
        return scale

    def _cards(self, item: Item, answer: Answer) -> RadioCards:
        before = self._last.get(item.link_id) if self._last is not None else None
        cards = RadioCards(
            [
                CardOption(str(option.value), option.display, self._last_words if before == option.value else "")
                for option in item.options
            ],
            None if answer is None else str(answer),
        )
        cards.set_spoken(item.text)
        values = {str(option.value): option.value for option in item.options}
        cards.changed.connect(lambda code: self.answered.emit(item.link_id, values.get(code)))
        for number, card in enumerate(cards.cards[:9], 1):
            QShortcut(QKeySequence(str(number)), cards).activated.connect(card.click)
        return cards

    def _yes_no(self, item: Item, answer: Answer) -> YesNo:
        yes = "Yes, more help" if "more help" in item.text.casefold() else "Yes"
        both = YesNo(yes, value=answer if isinstance(answer, bool) else None)
        both.yes.setObjectName(f"{item.link_id} yes")
        both.no.setObjectName(f"{item.link_id} no")
        both.answered.connect(lambda value: self.answered.emit(item.link_id, value))
        return both

    def _number(self, item: Item, answer: Answer) -> TextField:
        field = TextField("" if answer is None else str(answer), characters=6)
        field.changed.connect(lambda text: self._typed_number(item.link_id, text))
        return field

    def _typed_number(self, link_id: str, text: str) -> None:
        typed, frame = text.strip(), self.frames.get(link_id)
        fits = not typed or (typed.lstrip("-").isdecimal() and len(typed) <= 9)
        if frame is not None:
            frame.set_error("" if fits else "Enter a whole number, like 3.")
        self.answered.emit(link_id, int(typed) if typed and fits else None)

    def _last_note(self, item: Item) -> str:
        if self._last is None or not self._last.get(item.link_id):
            return ""
        said = words(item, self._last.get(item.link_id)).replace("\n", " ")
        # A button's worth of words; the whole of it is in the assessment before.
        short = said if len(said) <= _LONGEST_LAST else f"{said[:_LONGEST_LAST].rstrip()}…"
        return f"Last time: “{short.strip('“”')}”"
