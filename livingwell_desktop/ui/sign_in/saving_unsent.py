"""Saving what was not sent in a file, on a desk that cannot send it itself."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.ui.sign_in.rescue import Outcome, lost_words, saved_words
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import ask

SAVE_UNSENT = "Save what was not sent"


class SavingUnsent:
    """Asks where, saves off the window's thread, and says what was saved and how it comes in again."""

    def __init__(self, name: Callable[[], str], save: Callable[[Path], Outcome], tasks: Tasks) -> None:
        self._name, self._save, self._tasks = name, save, tasks

    def ask(self, parent: QWidget, say: Callable[[str, str], object]) -> None:
        """Ask for a file; `say` (tone, words) tells what came of it."""

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._tasks.run(lambda: self._save(path), done, failed)

        def done(outcome: Outcome) -> None:
            say(*words_after(outcome))

        def failed(error: BaseException) -> None:
            if not isinstance(error, Problem):
                raise error
            say("error", error.words)

        ask.save_file(parent, SAVE_UNSENT, self._name(), "What was not sent (*.rescue)", chosen)


def words_after(outcome: Outcome) -> tuple[str, str]:
    """The tone and the words for what was saved."""
    said = [saved_words(outcome), lost_words(outcome)]
    if outcome.anything:
        said.append(
            f"Keep “{outcome.kept_in}” until the program is up to date: everything is still on this desk as well. "
            "If this desk’s records are ever lost, IT support lays the file in the desk’s folder, and the next "
            "sign-in takes it in. Nobody can read it elsewhere."
        )
    return "warning" if outcome.lost else "success", " ".join(each for each in said if each)
