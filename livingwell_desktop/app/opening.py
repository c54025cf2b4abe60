"""Opening a desk's records past the gates: to work in, or only to be read where a gate fails that can be wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from livingwell_desktop.app.exporting import Unsent
from livingwell_desktop.domain.changes import time_of
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.gates import Consequence, check_database_library
from livingwell_desktop.storage import Signer, Store
from livingwell_desktop.storage.database import library_versions
from livingwell_desktop.storage.migrate import NewerRecords
from livingwell_desktop.storage.reading_only import ReadOnlyStore
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.ui.sign_in.problem import ProblemWindow
from livingwell_desktop.ui.sign_in.rescue import Outcome
from livingwell_desktop.ui.sign_in.saving_unsent import SavingUnsent
from livingwell_desktop.ui.tasks import Tasks


def open_store(
    path: Path,
    key: bytes,
    signer: Signer,
    clock: Clock,
    other_disk: Path | None,
    versions: tuple[str | None, str, str | None] | None = None,
) -> Store:
    """The store to work in, or one to be read only with its reason. `versions` are of the database library in use.

    Raises Problem for a gate that refuses, NewerRecords for tables that this program cannot even read, and what
    `Store.open` raises.
    """
    failed = check_database_library(*(versions or library_versions()))
    for each in failed:
        if each.consequence is Consequence.REFUSE:
            raise each.problem
    if failed:
        return ReadOnlyStore.open_to_read(path, key, signer, clock, failed[0].problem)
    try:
        return Store.open(path, key, signer, clock, other_disk)
    except NewerRecords as newer:
        return ReadOnlyStore.open_to_read(path, key, signer, clock, newer)


@dataclass(frozen=True, slots=True)
class NothingSent:
    """The line of a desk that can only be read: nothing goes over it, for no receipt could be written down."""

    store: Store

    def state(self) -> SyncState:
        """What waits."""
        waiting = self.store.waiting()
        oldest = None if waiting.oldest_saved_at is None else time_of(waiting.oldest_saved_at)
        return SyncState(read_only=True, waiting=waiting.count, oldest=oldest, refused=waiting.refused)

    def listen(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:  # noqa: ARG002 - as the engine has it
        """There is never anything new."""
        return lambda: None


def saving_unsent(unsent: Unsent, tasks: Tasks) -> SavingUnsent:
    """The way to save what was not sent in a file that the person chooses."""

    def save(path: Path) -> Outcome:
        rescued = unsent.save(path)
        return Outcome(rescued.changes, rescued.drafts, rescued.lost, path.name)

    return SavingUnsent(unsent.file_name, save, tasks)


def offer_unsent(running: QApplication, problem: Problem, unsent: Unsent) -> None:
    """Say why the records cannot be opened at all, and offer to save what was not sent, until the person closes it."""
    tasks = Tasks()
    window = ProblemWindow(problem, saving_unsent(unsent, tasks))
    window.show()
    running.exec()
    tasks.close()
