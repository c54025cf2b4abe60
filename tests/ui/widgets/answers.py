"""A door to dialogs that opens none: it answers what the test expects and fails on anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QWidget

from livingwell_desktop.ui.widgets.ask import Answered, Chosen, Done, Question


@dataclass
class Answers:
    """`answers.expect("Leave without saving?", True)` before, `answers.asked` after.

    A sheet's body may be filled in by `fill` before "yes" is pressed. What was expected and never asked fails too.
    """

    asked: list[str] = field(default_factory=list)
    bodies: list[QWidget] = field(default_factory=list)
    _expected: list[tuple[str, object, Callable[[QWidget], object] | None]] = field(default_factory=list)

    def expect(self, title: str, answer: object, fill: Callable[[QWidget], object] | None = None) -> None:
        """The next question is called `title`; answer it so (True, False, a Path or None)."""
        self._expected.append((title, answer, fill))

    def confirm(self, parent: QWidget, question: Question, answered: Answered) -> None:  # noqa: ARG002 - the door's signature
        answered(bool(self._answer(question.title)[0]))

    def sheet(self, parent: QWidget, title: str, body: QWidget, yes: str, done: Done) -> None:  # noqa: ARG002 - the door's signature
        answer, fill = self._answer(title)
        self.bodies.append(body)
        if fill is not None:
            fill(body)
        done(bool(answer))

    def save_file(self, parent: QWidget, title: str, name: str, filters: str, chosen: Chosen) -> None:  # noqa: ARG002 - the door's signature
        chosen(self._path(title))

    def open_file(self, parent: QWidget, title: str, filters: str, chosen: Chosen) -> None:  # noqa: ARG002 - the door's signature
        chosen(self._path(title))

    def check(self) -> None:
        assert not self._expected, f"never asked: {[title for title, _answer, _fill in self._expected]}"

    def _path(self, title: str) -> Path | None:
        answer = self._answer(title)[0]
        return answer if isinstance(answer, Path) else None

    def _answer(self, title: str) -> tuple[object, Callable[[QWidget], object] | None]:
        self.asked.append(title)
        assert self._expected, f"an unexpected question: {title}"
        expected, answer, fill = self._expected.pop(0)
        assert expected == title
        return answer, fill
