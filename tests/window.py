"""A window as a person meets it: keys and clicks go in, words come out. Nothing waits for time, only for conditions."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QKeySequence, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

PATIENCE_SECONDS = 20.0


class NeverHappenedError(AssertionError):
    """What was waited for did not come."""


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """Let the window live until the condition holds. Raises NeverHappenedError saying what was waited for."""
    found = condition()
    if found:
        return found
    loop, timer, deadline = QEventLoop(), QTimer(), time.monotonic() + seconds
    answer: list[Any] = [None]

    def look() -> None:
        answer[0] = condition()
        if answer[0] or time.monotonic() > deadline:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(10)
    loop.exec()
    timer.stop()
    if not answer[0]:
        raise NeverHappenedError(what)
    return answer[0]


class Window:
    """A window that somebody sits at: keys go to whatever has the focus in it."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.presses = 0

    def bring_to_front(self) -> None:
        """Shortcuts fire only in an active window."""
        if not self.window.isVisible():
            self.window.show()
        if QApplication.activeWindow() is not self.active():
            self.active().activateWindow()
            until(lambda: QApplication.activeWindow() is self.active(), "the window is active")

    def active(self) -> QWidget:
        """The window, or the sheet that lies over it."""
        modal = QApplication.activeModalWidget()
        above = modal
        while above is not None and above is not self.window:
            above = above.parentWidget()
        return self.window if modal is None or above is None else modal

    def target(self) -> QWidget:
        """Where a key goes."""
        return self.active().focusWidget() or self.active()

    def press(self, keys: str) -> "Window":
        """Press one key combination, like "Ctrl+K", "Enter" or "5"."""
        self.bring_to_front()
        names = {"Enter": "Return", "Esc": "Escape"}
        sequence = QKeySequence("+".join(names.get(part, part) for part in keys.split("+")) if keys != "+" else keys)
        self.presses += 1
        QTest.keySequence(self.target(), sequence)
        self.settle()
        return self

    def type(self, text: str) -> "Window":
        """Type text, one key at a time."""
        self.bring_to_front()
        for sign in text:
            self.presses += 1
            if sign.isascii():
                QTest.keyClicks(self.target(), sign)
            else:
                self._insert(sign)
        self.settle()
        return self

    def _insert(self, sign: str) -> None:
        """A sign that no test keyboard has, as an input method would commit it."""
        widget = self.target()
        if isinstance(widget, QLineEdit):
            widget.insert(sign)
        elif isinstance(widget, QPlainTextEdit):
            widget.insertPlainText(sign)
        else:
            raise AssertionError(f"nothing to type {sign!r} into")

    def click(self, name: str) -> "Window":
        """Click the control of that name (its words, accessible name or object name)."""
        self.bring_to_front()
        widget = self.control(name)
        self.presses += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
        self.settle()
        return self

    def fill(self, name: str, text: str) -> "Window":
        """Put the cursor into a field and type over what stands there."""
        self.bring_to_front()
        self.control(name).setFocus()
        self.press("Ctrl+A")
        return self.type(text)

    def control(self, name: str) -> QWidget:
        """The visible control of that name. Raises NeverHappenedError when there is none."""
        found: QWidget = until(lambda: next(self._controls(name), None), f"a control called {name}", 5)
        return found

    def has_control(self, name: str) -> bool:
        """Whether a visible control has that name."""
        return next(self._controls(name), None) is not None

    def _controls(self, name: str) -> Iterator[QWidget]:
        """Those with that name, what can be used before what only holds or labels it."""
        wanted = name.casefold()
        named = [
            widget
            for widget in self.active().findChildren(QWidget)
            if widget.isVisible() and wanted in (widget.objectName().casefold(), _name_of(widget).casefold())
        ]
        usable = (QLineEdit, QPlainTextEdit, QAbstractButton, QComboBox, QAbstractItemView)
        yield from sorted(named, key=lambda widget: (not isinstance(widget, usable), isinstance(widget, QLabel)))

    def settle(self) -> None:
        """Let queued signals arrive."""
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()

    def words(self) -> str:
        """Every word on the window that a person can see or a screen reader says."""
        return "\n".join(words_of(self.window))

    def shows(self, words: str) -> bool:
        """Whether the words are on the window."""
        return words in self.words()

    def until_shown(self, words: str) -> "Window":
        """Wait until the words are on the window."""
        try:
            until(lambda: self.shows(words), words)
        except NeverHappenedError:
            raise NeverHappenedError(f"“{words}” is not among:\n{self.words()}") from None
        return self

    def until_gone(self, words: str) -> "Window":
        """Wait until the words are not on the window any more."""
        until(lambda: not self.shows(words), f"“{words}” to go")
        return self

    def picture(self, path: Path) -> None:
        """A picture of the window as it is."""
        self.bring_to_front()
        self.settle()
        sheet = self.active()
        if sheet is self.window:
            self.window.grab().save(str(path))
            return
        whole = self.window.grab()
        painter = QPainter(whole)
        corner = self.window.mapFromGlobal(sheet.mapToGlobal(QPoint(0, 0)))
        painter.drawPixmap(corner, sheet.grab())
        painter.end()
        whole.save(str(path))


def _name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def words_of(root: QWidget) -> Iterator[str]:
    """Every word on a widget and in it that can be seen, or that a screen reader says."""
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        if isinstance(widget, QLabel):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            if widget.echoMode() is QLineEdit.EchoMode.Normal:
                yield widget.text()
        elif isinstance(widget, QPlainTextEdit):
            yield widget.toPlainText()
        elif isinstance(widget, QAbstractItemView):
            model = widget.model()
            for row in range(model.rowCount()):
                yield str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) or "")
        else:
            yield _name_of(widget)
            if isinstance(widget, QAbstractButton):
                yield widget.text()
