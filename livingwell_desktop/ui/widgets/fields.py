"""Boxes to type in. They hold raw text and decide nothing; `field_frame.FieldFrame` gives them a label and errors."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QTextOption
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.button import KeyHint
from livingwell_desktop.ui.widgets.colours import ColourName
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.theme import Role
from livingwell_desktop.ui.widgets.words import IconMark, Words


class _Box(QWidget):
    """The painted outline around something to type in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ring_radius = 7
        self.bare = False
        self._wrong = False
        theme.follow(self.restyle)

    def set_wrong(self, wrong: bool) -> None:
        """Draw the outline in the error colour. The words about it are the frame's."""
        self._wrong = wrong
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        if self.bare:
            return
        painter = painting.begin(self)
        inner = self.focusProxy()
        focused = inner is not None and inner.hasFocus()
        line: ColourName = "error_line" if self._wrong else "text" if focused else "outline"
        fill = theme.colour("surface") if self.isEnabled() else theme.colour("sunken")
        thick = 2 if self._wrong or focused else 1
        painting.rounded(painter, QRectF(self.rect()), theme.px(7), fill, theme.colour(line), thick)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        inner = self.focusProxy()
        if inner is not None:
            inner.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)


class _LineEdit(QLineEdit):
    def __init__(self, whole: QWidget) -> None:
        super().__init__(whole)
        self.ring_target = whole
        self.bare = False


class TextField(_Box):
    """One line of text: `TextField(icon="search", key="Ctrl K", placeholder="Find a person or an action")`.

    `characters` is how wide the answer usually is; without it the field takes the width it is given. A `bare` field has
    no outline and no ring: for a panel that is nothing but its field.
    """

    changed = Signal(str)
    submitted = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        key: str = "",
        placeholder: str = "",
        secret: bool = False,
        characters: int = 0,
        role: Role = "body",
        height: int = 40,
        bare: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.bare = bare
        self._role: Role = role
        self._height, self._characters = height, characters
        row = Row(self, spacing=10, margins=(12, 2, 12, 2))
        if icon:
            row.add(IconMark(icon, "secondary", 18))
        self.edit = _LineEdit(self)
        self.edit.bare = bare
        self.edit.setText(text)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setFrame(False)
        self.set_secret(secret)
        row.add(self.edit, stretch=1)
        if key:
            row.add(KeyHint(key))
        self.setFocusProxy(self.edit)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self.changed)
        self.edit.returnPressed.connect(self.submitted)
        across = QSizePolicy.Policy.Maximum if characters else QSizePolicy.Policy.Expanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.restyle()

    def text(self) -> str:
        """What was typed, untouched."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def set_secret(self, secret: bool) -> None:
        """Show dots instead of letters."""
        self.edit.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)

    def set_spoken(self, name: str, description: str = "") -> None:
        """What a screen reader says: the label, then hint and error."""
        self.edit.setAccessibleName(name)
        self.edit.setAccessibleDescription(description)

    def restyle(self) -> None:
        self.edit.setFont(theme.font(self._role))
        super().restyle()

    def sizeHint(self) -> QSize:
        wide = theme.width(self._role, "n") * (self._characters or 24) + theme.px(28)
        return QSize(round(wide), max(theme.gap(self._height), theme.line_height(self._role) + theme.gap(14)))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme.px(120)), hint.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False


class _PlainTextEdit(QPlainTextEdit):
    def __init__(self, whole: QWidget) -> None:
        super().__init__(whole)
        self.ring_target = whole


class TextArea(_Box):
    """Several lines of text: `TextArea(lines=4)`. Tab leaves it."""

    changed = Signal(str)

    def __init__(self, text: str = "", *, lines: int = 4, role: Role = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = role
        self._lines = lines
        column = Column(self, spacing=0, margins=(10, 8, 6, 8))
        self.edit = _PlainTextEdit(self)
        self.edit.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.edit.setTabChangesFocus(True)
        self.edit.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.edit.viewport().setAutoFillBackground(False)
        self.edit.setPlainText(text)
        column.add(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._typed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.restyle()

    def text(self) -> str:
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        self.edit.setPlainText(text)

    def set_spoken(self, name: str, description: str = "") -> None:
        self.edit.setAccessibleName(name)
        self.edit.setAccessibleDescription(description)

    def restyle(self) -> None:
        self.edit.setFont(theme.font(self._role))
        super().restyle()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.line_height(self._role) * self._lines + theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.line_height(self._role) * min(2, self._lines) + theme.px(28))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def _typed(self) -> None:
        self.changed.emit(self.text())


class DateFields(QWidget):
    """A date as three boxes: day, month (a number or a name), year. Gives what was typed, never a guess."""

    changed = Signal()
    submitted = Signal()

    def __init__(self, day: str = "", month: str = "", year: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = Row(self, spacing=12)
        self.day, self.month, self.year = (TextField(characters=count) for count in (3, 10, 5))
        for title, box in (("Day", self.day), ("Month", self.month), ("Year", self.year)):
            column = Column(spacing=4)
            column.add(Words(title, "head", "secondary"))
            column.add(box)
            row.add(column)
            box.changed.connect(self._typed)
            box.submitted.connect(self.submitted)
        row.push()
        self.setFocusProxy(self.day.edit)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_value(day, month, year)
        self.set_spoken("Date")

    def value(self) -> tuple[str, str, str]:
        """(day, month, year) as typed, without outer spaces."""
        return self.day.text().strip(), self.month.text().strip(), self.year.text().strip()

    def set_value(self, day: str, month: str, year: str) -> None:
        self.day.set_text(day)
        self.month.set_text(month)
        self.year.set_text(year)

    def set_spoken(self, name: str, description: str = "") -> None:
        for part, box in (("day", self.day), ("month", self.month), ("year", self.year)):
            box.set_spoken(f"{name}, {part}", description)

    def set_wrong(self, wrong: bool) -> None:
        for box in (self.day, self.month, self.year):
            box.set_wrong(wrong)

    def _typed(self) -> None:
        self.changed.emit()


class _Combo(QComboBox):
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        wrong = bool(self.property("wrong"))
        line: ColourName = "error_line" if wrong else "text" if self.hasFocus() else "outline"
        fill = theme.colour("surface") if self.isEnabled() else theme.colour("sunken")
        thick = 2 if wrong or self.hasFocus() else 1
        painting.rounded(painter, QRectF(self.rect()), theme.px(7), fill, theme.colour(line), thick)
        icon = theme.px(18)
        space = QRectF(self.rect()).adjusted(theme.px(12), 0, -icon - theme.px(18), 0)
        words = theme.colour("text" if self.isEnabled() and self.currentData() is not None else "secondary")
        painting.words(painter, space, self.currentText(), "body", words)
        icons.paint(
            painter,
            "chevron-down",
            QRectF(self.width() - icon - theme.px(10), 0, icon, self.height()),
            theme.colour("secondary"),
        )
        painter.end()


class ChoiceField(QWidget):
    """One of a list: `ChoiceField([("en", "English"), ("so", "Somali")])`.

    A code that is not in the list (from a newer desk, say) is shown and kept, never wiped by the next save.
    """

    changed = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        code: str | None = None,
        *,
        nothing: str = "Not chosen",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = Row(self, spacing=0)
        self.combo = _Combo(self)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The wheel must not change an answer while a person scrolls the page.
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.combo.installEventFilter(self)
        row.add(self.combo)
        self.setFocusProxy(self.combo)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._nothing = nothing
        self.set_options(options)
        self.set_code(code)
        self.combo.currentIndexChanged.connect(self._chosen)
        self.restyle()
        theme.follow(self.restyle)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Replace the list and keep the chosen code, known or not."""
        code = self.code()
        blocked = self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItem(self._nothing, None)
        for value, label in options:
            self.combo.addItem(label, value)
        self.set_code(code)
        self.combo.blockSignals(blocked)

    def code(self) -> str | None:
        """The chosen code, or None for nothing chosen."""
        value = self.combo.currentData()
        return None if value is None else str(value)

    def set_code(self, code: str | None) -> None:
        index = 0 if code is None else self.combo.findData(code)
        if index < 0:
            self.combo.addItem(f"{code} (not in this list)", code)
            index = self.combo.count() - 1
        self.combo.setCurrentIndex(index)

    def set_spoken(self, name: str, description: str = "") -> None:
        self.combo.setAccessibleName(name)
        self.combo.setAccessibleDescription(description)

    def set_wrong(self, wrong: bool) -> None:
        self.combo.setProperty("wrong", wrong)
        self.combo.update()

    def restyle(self) -> None:
        self.combo.setFont(theme.font("body"))
        self.combo.setFixedHeight(max(theme.gap(40), theme.line_height("body") + theme.gap(14)))
        self.combo.view().setFont(theme.font("body"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and watched is self.combo:
            event.ignore()
            return True
        return False

    def _chosen(self) -> None:
        self.changed.emit(self.code())
