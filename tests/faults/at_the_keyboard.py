"""The program's own sign-in and desk processes, with somebody at the keyboard: `at_the_keyboard.py PROCESS --folder F`.

What is typed is read from the folder that LIVINGWELL_KEYBOARD names, when it is typed and not before: a process that
types nothing has never seen it. Each step is asked for by a file of its name and answered by one with "-done".
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from livingwell_desktop.__main__ import main
from livingwell_desktop.ui.pages import (
    AssessmentPlace,
    AttentionPlace,
    BookingsPlace,
    ConnectionPlace,
    NewPersonPlace,
    PeoplePlace,
    PersonPlace,
    Place,
    PlanPlace,
    PlansDuePlace,
    PreviewPlace,
    StaffPlace,
    TodayPlace,
)

KEYBOARD = Path(os.environ.get("LIVINGWELL_KEYBOARD", "."))


def asked(step: str) -> str | None:
    """What to type at that step; None while it is not asked for."""
    path = KEYBOARD / step
    if not path.exists():
        return None
    words = path.read_text(encoding="utf-8")
    path.unlink()
    return words


def done(step: str, said: str = "") -> None:
    """Say that the step is done."""
    unfinished = KEYBOARD / f"{step}-unfinished"
    unfinished.write_text(said, encoding="utf-8")
    unfinished.rename(KEYBOARD / f"{step}-done")


def sign_in() -> None:
    """Type a name's passphrase and press Enter."""
    from livingwell_desktop.ui.sign_in.window import SignInWindow

    for window in QApplication.topLevelWidgets():
        if isinstance(window, SignInWindow):
            words = asked("sign-in")
            if words is not None:
                name, passphrase = words.split("\n")
                window.offer(name)
                window.passphrase.edit.setText(passphrase)
                window.button.click()


class AtDesk:
    """Looks at every page of one person and every other place, a page each time, then types and copies."""

    def __init__(self) -> None:
        self.left: list[Place] = []
        self.typed = ""
        self.titles = set[str]()

    def __call__(self) -> None:
        """The next thing."""
        from livingwell_desktop.ui.shell.window import MainWindow

        shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        window = next((each for each in shown if isinstance(each, MainWindow)), None)
        if window is None:
            return
        self.titles |= {each.windowTitle() for each in shown}
        if self.left:
            window.go(self.left.pop(0))
            if not self.left:
                window.open_palette(self.typed)
                QGuiApplication.clipboard().setText(self.typed)
                done("tour", "\n".join(self.titles))
        elif (words := asked("tour")) is not None:
            person, self.typed = words.split("\n")
            self.left = places(UUID(person), self.typed)
        elif asked("lock") is not None:
            window.lock()


def places(person: UUID, typed: str) -> list[Place]:
    """Everywhere that somebody of any role can go."""
    from livingwell_desktop.ui.people.person import TABS

    return [
        TodayPlace(), BookingsPlace(), BookingsPlace(person), AttentionPlace(), PlansDuePlace(), PlanPlace(person),
        AssessmentPlace(person), PreviewPlace("plan", person), ConnectionPlace(), StaffPlace(),
        *(PersonPlace(person, tab.key) for tab in TABS), PeoplePlace(), NewPersonPlace(typed),
    ]  # fmt: skip


def drive(look: Callable[[], None]) -> None:
    """Look whether something is asked, as long as the program's own loop runs."""
    run = QApplication.exec

    def with_somebody() -> int:
        timer = QTimer()
        timer.timeout.connect(look)
        timer.start(50)
        return run()

    QApplication.exec = staticmethod(with_somebody)  # type: ignore[method-assign]  # the toolkit's loop, not ours


if __name__ == "__main__":
    drive(sign_in if sys.argv[1] == "sign-in" else AtDesk())
    sys.exit(main(sys.argv[1:]))
