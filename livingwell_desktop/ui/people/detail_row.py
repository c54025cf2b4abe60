"""One detail of a person: read, typed into, or in question between two desks, all in the same place."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import FieldDeclaration, Held, Json
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.attention import Question
from livingwell_desktop.ui.people.between_desks import QuestionStrip
from livingwell_desktop.ui.people.detail_fields import (
    NOT_KNOWN,
    editor_for,
    listen,
    note_of,
    put_back,
    shown_value,
    typed,
    value_typed,
)
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import Rule
from livingwell_desktop.ui.widgets.words import Words

_LABEL = 232


class DetailRow(QWidget):
    """Signals carry the field's name: `change` asks to type, `save` to write, `typing` says that something was typed.

    `settled` carries (name, value); `closed` that typing was given up.
    """

    change = Signal(str)
    save = Signal(str)
    typing = Signal(str)
    closed = Signal(str)
    settled = Signal(str, object)

    def __init__(self, declaration: FieldDeclaration, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.declaration = declaration
        self.basis: Held[Person] | None = None
        """What was shown when typing began: what a save is based on. None while the row is read."""
        self.editor: QWidget | None = None
        self.frame: FieldFrame | None = None
        self.strip: QuestionStrip | None = None
        self._postponed: frozenset[object] = frozenset()
        self._reading: object = None
        column = Column(self, spacing=0)
        self._place = Column(spacing=0)
        column.add(self._place)
        column.add(Rule())
        self.setObjectName(f"detail {declaration.name}")

    @property
    def name(self) -> str:
        """The field's name."""
        return self.declaration.name

    def show_reading(self, held: Held[Person], everybody: Alliance, mask: Mask, reason: str) -> None:
        """The value in words with a button to change it; `reason` says why that is not allowed."""
        value, note = shown_value(held.value, self.name, everybody, mask), note_of(held.value, self.name)
        in_question = self.name in held.conflicts
        reading = (value, note, reason, in_question)
        if reading == self._reading and self.editor is None and self.strip is None:
            return
        focused = self._has_focus()
        self._empty()
        self._reading = reading
        content = self._content()
        row = Row(spacing=10)
        label = Words(self.declaration.label, "body", "secondary")
        label.setFixedWidth(_label_width())
        row.add(label)
        row.add(Words(value, "medium" if value != NOT_KNOWN else "body", "text" if value != NOT_KNOWN else "secondary"))
        row.add(Words("Two desks wrote different things" if in_question else note, "conversation", "secondary"))
        row.push()
        button = Button("Decide" if in_question else "Change", "quiet", size="small")
        button.setObjectName(f"change {self.name}")
        button.set_allowed(not reason, reason)
        button.setAccessibleName(f"{button.words()} {self.declaration.label}")
        button.clicked.connect(self._decide_now if in_question else lambda: self.change.emit(self.name))
        row.add(button)
        content.add(row)
        self._reveal()
        if focused:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_typing(self, held: Held[Person], everybody: Alliance, kept: Json = None) -> None:
        """Open the box, with what a draft kept if there was one."""
        self._empty()
        self.basis = held
        self.editor = editor_for(self.declaration, getattr(held.value, self.name), everybody)
        self.editor.setObjectName(f"type {self.name}")
        if kept is not None:
            put_back(self.editor, kept)
        self.frame = FieldFrame(self.declaration.label, self.editor, hint=self.declaration.hint)
        self.frame.setMaximumWidth(_label_width() * 3)
        self.changed_meanwhile = Notice("warning", "")
        self.changed_meanwhile.setObjectName(f"changed meanwhile {self.name}")
        self.changed_meanwhile.hide()
        buttons = Row(spacing=10)
        save, cancel = Button("Save", key="Enter"), Button("Cancel", "quiet", key="Esc")
        save.setObjectName(f"save {self.name}")
        cancel.setObjectName(f"cancel {self.name}")
        save.clicked.connect(lambda: self.save.emit(self.name))
        cancel.clicked.connect(self._cancel)
        buttons.add(save, cancel)
        buttons.push()
        content = self._content()
        content.add(self.changed_meanwhile, self.frame, buttons)
        self._reveal()
        listen(self.editor, lambda: self.typing.emit(self.name), lambda: self.save.emit(self.name))
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.frame)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._cancel)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_changed(self, who: str, now: str) -> None:
        """Somebody changed this field meanwhile. What is typed stays, and saving it shows both."""
        self.changed_meanwhile.set_words(
            "What you typed is still here. If you save it, both are shown and somebody decides.",
            strong=f"{who} changed this to “{now}” while you were typing.",
        )
        self.changed_meanwhile.show()

    def show_question(self, question: Question, whose: str, mask: Mask, today: date) -> bool:
        """Both values in the field's place; False when it was put off until later."""
        said = frozenset((choice.words, choice.author, choice.at) for choice in question.choices)
        if said == self._postponed:
            return False
        shown = self.strip.question if self.strip else None
        if shown is not None and shown.choices == question.choices:
            self.strip.question = question  # type: ignore[union-attr]  # shown says that there is a strip
            return True
        focused = self._has_focus()
        self._empty()
        self.strip = QuestionStrip(question, whose, mask, today)
        self.strip.decided.connect(lambda value: self.settled.emit(self.name, value))
        self.strip.later.connect(lambda: self._put_off(said))
        self._content().add(self.strip)
        self._reveal()
        if focused:
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def raw(self) -> Json:
        """What stands in the box, for a draft."""
        return typed(self.editor) if self.editor is not None else None

    def value(self, today: date) -> Any:
        """What was typed, as the record holds it. Raises Problem."""
        if self.editor is None:
            raise LookupError("nothing is typed here")
        return value_typed(self.editor, self.declaration, today)

    def stop_typing(self) -> None:
        """Close the box; the next look shows the value."""
        self.basis = None
        self.editor = None
        self._reading = None

    def _has_focus(self) -> bool:
        """Whether the keyboard is in this row: it stays there when the row is made anew."""
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _empty(self) -> None:
        clear(self._place)
        self.basis, self.editor, self.frame, self.strip, self._reading = None, None, None, None, None

    def _content(self) -> Column:
        """A fresh place for what the row shows."""
        self._inner = QWidget()
        return Column(self._inner, spacing=8, margins=(0, 6, 0, 6))

    def _reveal(self) -> None:
        """Shown at once, not with the next event: the focus can be put into it."""
        self._place.add(self._inner)
        self._inner.show()

    def _cancel(self) -> None:
        self.stop_typing()
        self.closed.emit(self.name)

    def _put_off(self, said: frozenset[object]) -> None:
        self._postponed = said
        self._empty()
        self.closed.emit(self.name)

    def _decide_now(self) -> None:
        self._postponed = frozenset()
        self.closed.emit(self.name)


def _label_width() -> int:
    from livingwell_desktop.ui.widgets import theme

    return theme.px(_LABEL)
