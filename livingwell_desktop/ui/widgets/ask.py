"""The only door to dialogs. Nothing here waits: every question is opened with a callback, never `exec()`.

Tests put their own door in with `use`, so that an unexpected question fails the test instead of hanging it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.words import Words

WIDE, NARROW = 620, 520
"""Logical pixels at 100 %: a form, a question."""

Answered = Callable[[bool], object]
Done = Callable[[bool], bool | None]
Chosen = Callable[[Path | None], object]


@dataclass(frozen=True, slots=True)
class Question:
    """A yes-or-no question. The buttons say what will happen ("Leave without saving"), never OK.

    `serious`: what follows cannot be taken back, so "no" has the focus.
    """

    title: str
    text: str
    yes: str
    no: str = "Cancel"
    serious: bool = False


class Door(Protocol):
    """What opens dialogs: the real one, or a test's."""

    def confirm(self, parent: QWidget, question: Question, answered: Answered) -> None: ...
    def sheet(self, parent: QWidget, title: str, body: QWidget, yes: str, done: Done) -> None: ...
    def save_file(self, parent: QWidget, title: str, name: str, filters: str, chosen: Chosen) -> None: ...
    def open_file(self, parent: QWidget, title: str, filters: str, chosen: Chosen) -> None: ...


def confirm(parent: QWidget, question: Question, answered: Answered) -> None:
    """Ask; `answered(True)` for yes, `answered(False)` for no, Escape and closing."""
    _doors[-1].confirm(parent, question, answered)


def sheet(parent: QWidget, title: str, body: QWidget, yes: str, done: Done) -> None:
    """A form over the page. `done(True)` on `yes`: give False from it to keep the sheet open (errors to mend);
    `done(False)` when the person leaves it. With an empty `yes` there is nothing to do but read: one button closes it.
    """
    _doors[-1].sheet(parent, title, body, yes, done)


def save_file(parent: QWidget, title: str, name: str, filters: str, chosen: Chosen) -> None:
    """Ask where to save a file suggested as `name`; `chosen(None)` when the person leaves."""
    _doors[-1].save_file(parent, title, name, filters, chosen)


def open_file(parent: QWidget, title: str, filters: str, chosen: Chosen) -> None:
    """Ask for a file; `chosen(None)` when the person leaves."""
    _doors[-1].open_file(parent, title, filters, chosen)


def use(door: Door | None) -> None:
    """Put another door in place; None puts the real one back."""
    _doors[1:] = [] if door is None else [door]


def door() -> Door:
    """The door in use, for one that only changes a part of it."""
    return _doors[-1]


_told: list[Callable[[QDialog], object]] = []


def tell(opened: Callable[[QDialog], object]) -> Callable[[], None]:
    """Be told of every sheet that is opened, as the shell is: its keys must work in a sheet too. The answer ends it."""
    _told.append(opened)
    return lambda: _told.remove(opened)


class _Dim(QWidget):
    """Greys the window under a sheet, so that it is plain what can be used."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setGeometry(window.rect())
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), QColor(20, 30, 36, 90))
        painter.end()


class Sheet(QDialog):
    """A white window over the page: title, scrolling body, buttons at the foot.

    It is as tall as its body, also when a part of the body is shown later; the body scrolls when the window is lower.
    """

    def __init__(
        self, parent: QWidget, title: str, body: QWidget, yes: str, no: str, done: Done, *, wide: int = WIDE
    ) -> None:
        super().__init__(parent)
        self._done = done
        self._wide = wide
        for told in tuple(_told):
            told(self)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self._dim = _Dim(parent.window())
        self.finished.connect(self._dim.deleteLater)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        outer = Column(self, spacing=0)
        head = Column(spacing=0, margins=(24, 18, 24, 10))
        head.add(Words(title, "title", wrap=True))
        outer.add(head)
        self._head = head
        self._scroll = ScrollBody(margins=(24, 6, 24, 10))
        self._scroll.body.add(body)
        outer.add(self._scroll, stretch=1)
        foot = Row(spacing=12, margins=(24, 12, 24, 14))
        foot.push()
        self.no = Button(no if yes else "Close", key="Esc", size="conversation")
        self.yes = Button(yes, "primary", size="conversation")
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.accept)
        self.yes.setVisible(bool(yes))
        (self.yes if yes else self.no).setDefault(True)
        foot.add(self.no, self.yes)
        outer.add(foot)
        self._foot = foot
        content = self._scroll.widget()
        if content is not None:
            content.installEventFilter(self)
        self._fit()

    def _fit(self) -> None:
        """As tall as everything in it, in the middle of its window, whatever the window system thinks."""
        page, content = self.parentWidget(), self._scroll.widget()
        if page is None or content is None:
            return
        below = page.window()
        wide = min(theme.px(self._wide), max(320, below.width() - 48))
        tall = content.heightForWidth(wide) if content.hasHeightForWidth() else content.sizeHint().height()
        tall = max(tall, content.minimumSizeHint().height())
        head = self._head.heightForWidth(wide) if self._head.hasHeightForWidth() else self._head.sizeHint().height()
        wanted = head + tall + self._foot.sizeHint().height()
        if self.isVisible():
            # An open sheet never gets shorter: its buttons would jump away under the pointer.
            wanted = max(wanted, self.height())
        self.resize(wide, min(wanted, max(240, below.height() - 48)))
        self.move(below.mapToGlobal(below.rect().center()) - self.rect().center())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A part of the body was shown or hidden."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._scroll.widget():
            self._fit()
        return super().eventFilter(watched, event)

    def accept(self) -> None:
        """Close, unless what was asked for says no."""
        if self._done(True) is not False:
            super().accept()

    def reject(self) -> None:
        super().reject()
        self._done(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.setPen(theme.colour("outline"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class _Dialogs:
    """The real door."""

    def confirm(self, parent: QWidget, question: Question, answered: Answered) -> None:
        def done(yes: bool) -> bool:
            answered(yes)
            return True

        words = Words(question.text, "body", wrap=True)
        opened = Sheet(parent, question.title, words, question.yes, question.no, done, wide=NARROW)
        opened.open()
        (opened.no if question.serious else opened.yes).setFocus(Qt.FocusReason.OtherFocusReason)

    def sheet(self, parent: QWidget, title: str, body: QWidget, yes: str, done: Done) -> None:
        opened = Sheet(parent, title, body, yes, "Cancel", done)
        opened.open()
        first = body if body.focusProxy() is not None else _first_field(body)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def save_file(self, parent: QWidget, title: str, name: str, filters: str, chosen: Chosen) -> None:
        dialog = QFileDialog(parent, title, name, filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._ask_file(dialog, chosen)

    def open_file(self, parent: QWidget, title: str, filters: str, chosen: Chosen) -> None:
        dialog = QFileDialog(parent, title, "", filters)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._ask_file(dialog, chosen)

    def _ask_file(self, dialog: QFileDialog, chosen: Chosen) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def finished(result: int) -> None:
            files = dialog.selectedFiles()
            chosen(Path(files[0]) if result and files else None)

        dialog.finished.connect(finished)
        dialog.open()


def _first_field(body: QWidget) -> QWidget:
    """The first thing in `body` that the Tab key reaches, or `body` itself."""
    for child in body.findChildren(QWidget):
        if child.isEnabled() and not child.isHidden() and child.focusPolicy().value & Qt.FocusPolicy.TabFocus.value:
            return child
    return body


_doors: list[Door] = [_Dialogs()]
