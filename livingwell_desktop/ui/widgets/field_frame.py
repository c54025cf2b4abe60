"""A field with everything around it: label, hint, error. And the list of errors on top of a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.words import IconMark, Words


class Spoken(Protocol):
    """What a field offers its frame: a name for screen readers and the look of being wrong."""

    def set_spoken(self, name: str, description: str = "") -> None: ...
    def set_wrong(self, wrong: bool) -> None: ...


class FieldFrame(QWidget):
    """`FieldFrame("Phone number", TextField(), hint="We text you about this visit only", optional=True)`.

    The label is always visible. An error is a red bar, an icon and words above the field; what was typed stays.
    """

    def __init__(
        self,
        label: str,
        field: QWidget,
        *,
        hint: str = "",
        optional: bool = False,
        trailing: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._label_text, self._hint_text, self._error_text = label, hint, ""
        self._column = Column(self, spacing=6)
        head = Row(spacing=8)
        self.label = Words(label, "strong")
        head.add(self.label)
        if optional:
            head.add(Words("optional", "conversation", "secondary"))
        head.push()
        self.trailing = Words(trailing, "conversation", "secondary")
        self.trailing.setVisible(bool(trailing))
        head.add(self.trailing)
        self._column.add(head)
        self.hint = Words(hint, "conversation", "secondary", wrap=True)
        self.hint.setVisible(bool(hint))
        self._column.add(self.hint)
        self._error_row = QWidget()
        row = Row(self._error_row, spacing=8)
        row.add(IconMark("warning-triangle", "error", 18), align=Qt.AlignmentFlag.AlignTop)
        self.error = Words("", "strong", "error", wrap=True)
        row.add(self.error, stretch=1)
        self._error_row.hide()
        self._column.add(self._error_row)
        self._column.gap(2)
        self._column.add(field)
        self.setFocusProxy(field)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._speak()
        theme.follow(self._measure)

    def set_error(self, sentence: str) -> None:
        """Show what is wrong ("Enter a phone number, like 01632 960 001"); empty words clear it."""
        self._error_text = sentence
        self.error.setText(sentence)
        self._error_row.setVisible(bool(sentence))
        wrong = getattr(self.field, "set_wrong", None)
        if callable(wrong):
            wrong(bool(sentence))
        self._speak()
        self._measure()
        self.update()

    def clear_error(self) -> None:
        self.set_error("")

    def error_text(self) -> str:
        return self._error_text

    def set_label(self, label: str) -> None:
        self._label_text = label
        self.label.setText(label)
        self._speak()

    def set_hint(self, hint: str) -> None:
        self._hint_text = hint
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._speak()

    def set_trailing(self, text: str) -> None:
        self.trailing.setText(text)
        self.trailing.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        if not self._error_text:
            return
        painter = painting.begin(self)
        painter.fillRect(QRectF(0, 0, theme.px(4), self.height()), theme.colour("error_line"))
        painter.end()

    def _speak(self) -> None:
        description = ". ".join(part for part in (self._error_text, self._hint_text) if part)
        spoken = getattr(self.field, "set_spoken", None)
        if callable(spoken):
            spoken(self._label_text, description)
        else:
            self.field.setAccessibleName(self._label_text)
            self.field.setAccessibleDescription(description)

    def _measure(self) -> None:
        left = theme.px(18) if self._error_text else 0
        down = theme.px(4) if self._error_text else 0
        self._column.setContentsMargins(left, down, 0, down)


class ErrorSummary(QWidget):
    """On top of a form after submit: "There is a problem", with a link to each field.

    `summary.show_errors([("Enter a date of birth", date_fields)])` shows it and takes the focus.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = Column(self, spacing=4, margins=(18, 14, 18, 14))
        self.title = Words("There is a problem", "card")
        self._links = Column(spacing=0)
        column.add(self.title, self._links)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("There is a problem")
        self.links: list[Button] = []
        self.hide()

    def show_errors(self, errors: Sequence[tuple[str, QWidget | None]], title: str = "There is a problem") -> None:
        """List `errors` as (sentence, field to go to). An empty list hides the summary."""
        clear(self._links)
        self.links = []
        self.title.setText(title)
        self.setAccessibleName(". ".join([title, *(sentence for sentence, _field in errors)]))
        for sentence, field in errors:
            link = Button(sentence, "problem", size="small")
            if field is not None:
                link.clicked.connect(lambda _on=False, aim=field: aim.setFocus(Qt.FocusReason.ShortcutFocusReason))
            self._links.add(link)
            self.links.append(link)
        self.setVisible(bool(errors))
        if self.links:
            self.links[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        fill, line = theme.colour("error_tint"), theme.colour("error_line")
        painting.rounded(painter, QRectF(self.rect()), theme.px(10), fill, line, 2)
        painter.end()
