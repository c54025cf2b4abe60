"""Slots follow the records while somebody is signed in: at the start, when staff or keys change, at contact."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, Signal, Slot

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.signed import verify
from livingwell_desktop.services.keys_travel import Followed, follow
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Changes
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.staff_keys import shut_out_message
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.ui.tasks import Tasks

log = logging.getLogger(__name__)

KINDS = frozenset({"staff", "organisation", "member_certificate", "locked_keys"})
"""Records that say who may sign in."""
RENEW_EVERY = timedelta(hours=1)
DELETING_SECONDS = 2.0
"""So long a desk that is shut out waits for its keyring before it locks."""


class Following(QObject):
    """Runs `follow` off the window's thread. `shut_out` when whoever is signed in may not be here any more."""

    shut_out = Signal()
    _wanted = Signal()

    def __init__(self, practice: Practice, engine: SyncEngine, tasks: Tasks, delete_secret: Callable[[], None]) -> None:
        super().__init__()
        self._practice, self._engine, self._tasks = practice, engine, tasks
        self._delete_secret = delete_secret
        self._renewed: datetime | None = None
        self._busy = self._again = False
        self._wanted.connect(self._follow, Qt.ConnectionType.QueuedConnection)
        self._stop = [practice.whole.listen(self._changed), engine.listen(self._spoke)]
        self._wanted.emit()

    def end(self) -> None:
        """Stop following; what runs is waited for by the tasks."""
        for stop in self._stop:
            stop()
        self._stop = []

    def _changed(self, changes: Changes) -> None:
        if changes.arrived and changes.kinds & KINDS:
            self._wanted.emit()

    def _spoke(self, state: SyncState) -> None:
        vault = self._practice.vault
        if state.shut_out and vault is not None:
            message = shut_out_message(self._practice.device.id)
            if not verify(vault.card.alliance_key, message, state.shut_out):
                return  # whoever said so is not the alliance
            # First of all, on the thread that heard it: whoever holds this computer now has no more time.
            self._let_go_of_secret()
            self.shut_out.emit()
        elif state.connected and self._renewal_due():
            self._wanted.emit()

    def _let_go_of_secret(self) -> None:
        """Delete the device secret, for a moment at most. A keyring that refuses or hangs keeps no lost desk open.

        It is tried again at every contact, by whoever signs in next.
        """

        def delete() -> None:
            try:
                self._delete_secret()
            except Problem as problem:
                log.info("the device secret could not be deleted: %s", problem.title)

        deleting = threading.Thread(target=delete, name="device secret", daemon=True)
        deleting.start()
        deleting.join(DELETING_SECONDS)

    def _renewal_due(self) -> bool:
        return self._renewed is None or self._practice.now() - self._renewed >= RENEW_EVERY

    @Slot()
    def _follow(self) -> None:
        if not self._stop or self._practice.vault is None:
            return
        if self._busy:
            self._again = True
            return
        self._busy, state = True, self._engine.state()
        met = None
        if state.connected and self._renewal_due():
            self._renewed = self._practice.now()
            met = self._renewed - timedelta(minutes=state.clock_wrong_minutes)
        self._tasks.run(lambda: follow(self._practice, met), self._done, self._failed)

    def _done(self, done: Followed) -> None:
        self._busy = False
        if done.shut_out:
            self.shut_out.emit()
        elif self._again:
            self._again = False
            self._follow()

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        if not isinstance(error, Problem | OSError):
            raise error
        # A full disk: the slots are as they were, and the next contact tries again.
        self._renewed = None
        log.info("slots could not follow the records: %s", type(error).__name__)
