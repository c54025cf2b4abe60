"""The audit on its way up: after an exchange, every five minutes at most, without ever holding one up."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile

from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage import Store
from livingwell_desktop.sync.audit_protocol import MAX_ROWS, AuditBatch
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.troubles import ForkedDeskError, SyncError, VersionsDifferError

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
"""As often as the chain's head is kept in the keyring."""
MANY = 200
"""So many events that wait do not wait any longer."""
_MOST_BYTES = 2_000_000


class AuditUpload:
    """Brings a desk's audit to the server and keeps the checkpoints that come back. For one thread."""

    def __init__(self, store: Store, client: ServerClient, clock: Clock) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._sent_at: datetime | None = None

    def after_exchange(self, stopping: Callable[[], bool]) -> None:
        """Send what waits when it is time. What goes wrong is tried again after the next exchange."""
        now, waiting = self._clock(), self._store.audit.waiting()
        due = self._sent_at is None or not timedelta() <= now - self._sent_at < EVERY
        if not waiting or not (due or waiting >= MANY):
            return
        try:
            self.send_all(stopping)
            self._sent_at = now
        except (SyncError, Problem) as error:
            log.info("the audit was not sent: %s", type(error).__name__)

    def send_all(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Send every event that the server has not got.

        Raises SyncError, and Problem when the store cannot be written. ForkedDeskError is remembered: the server holds
        another history of this desk, and somebody must look.
        """
        audit = self._store.audit
        while audit.waiting() and not stopping():
            after = audit.acknowledged()
            batch = AuditBatch(after, tuple(audit.rows(after, MAX_ROWS)))
            try:
                checkpoint = self._client.send_audit(_fitting(batch), audit.device)
            except ForkedDeskError:
                audit.contradicted()
                raise
            audit.keep(checkpoint)
            if checkpoint.n == after:
                raise VersionsDifferError


def _fitting(batch: AuditBatch) -> AuditBatch:
    """As many rows from the start as fit in a request; the first always does."""
    size = 0

    def fits(length: int) -> bool:
        nonlocal size
        size += length + 700
        return size == length + 700 or size <= _MOST_BYTES

    return AuditBatch(batch.after, tuple(takewhile(lambda row: fits(len(row.detail)), batch.rows)))
