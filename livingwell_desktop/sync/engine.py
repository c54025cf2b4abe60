"""The sync engine: one thread that exchanges changes with the server, and one that waits for the server's poke.

It never holds a page up: what it knows is a frozen state, and it takes its turn to write in small batches.
"""

import contextlib
import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from livingwell_desktop import VERSION
from livingwell_desktop.domain.changes import time_of
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage import Arrival, Changes, Receipt, Store, Unsent, prepare
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.packing import batches, first_load
from livingwell_desktop.sync.protocol import STREAM, Delivered, ExchangeAnswer, ExchangeRequest, Offered
from livingwell_desktop.sync.state import SyncState, clock_wrong_minutes
from livingwell_desktop.sync.troubles import SyncError, VersionsDifferError
from livingwell_desktop.sync.waking import Backoff, Wakes

log = logging.getLogger(__name__)

_POLL_SECONDS = 30.0
_PUSH_CHANGES = 500
_PUSH_BYTES = 3_000_000
_PULL_CHANGES = 500
_BATCH = 50
_JOIN_SECONDS = 3.0
_POISON = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What Python says when a value is not what it should be; a full disk or a damaged file says something else."""


class SyncEngine:
    """Keeps a desk's store and the server in step, as long as it runs."""

    def __init__(self, store: Store, client: ServerClient, clock: Clock, poll_seconds: float = _POLL_SECONDS) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._poll_seconds = poll_seconds
        self._wakes = Wakes()
        self._poking = Wakes()
        self._random = random.SystemRandom()
        self._stopping = threading.Event()
        self._state = SyncState()
        self._listeners: list[Callable[[SyncState], None]] = []
        self._threads = [
            threading.Thread(target=self._run, name="sync", daemon=True),
            threading.Thread(target=self._wait_for_pokes, name="sync-poke", daemon=True),
        ]
        self._stop_listening: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin: exchange now, then with every save, poke, and now and then."""
        self._stop_listening = self._store.listen(self._saved)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End promptly. When this returns, the engine touches the store no more, even if the network hangs."""
        stop_listening, self._stop_listening = self._stop_listening, lambda: None
        stop_listening()
        self._stopping.set()
        self._wakes.wake(urgent=True)
        self._poking.wake(urgent=True)
        self._client.hang_up()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_JOIN_SECONDS)
        self._client.close()

    def state(self) -> SyncState:
        """What is known now. Any thread may ask; nothing is waited for."""
        return self._state

    def listen(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        """Be told of each new state, on the sync thread. Returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def sync_now(self) -> None:
        """Exchange as soon as possible, whatever the pause after a failure. Returns at once."""
        self._wakes.wake(urgent=True)

    def exchange_all(self) -> None:
        """Send all that waits and take in all there is, on this thread. For an engine that is not started.

        Raises SyncError, and Problem when the store cannot be written.
        """
        waiting = self._store.waiting().count
        sent = 0
        while not self._stopping.is_set():
            unsent = first_load(self._store.unsent(_PUSH_CHANGES), _PUSH_CHANGES, _PUSH_BYTES)
            request = ExchangeRequest(
                program=VERSION,
                cursors={STREAM: self._store.cursor(STREAM)},
                changes=tuple(Offered(each.change, each.envelope, each.act) for each in unsent),
                limit=_PULL_CHANGES,
            )
            asked_at = self._clock()
            answer = self._client.exchange(request)
            if self._stopping.is_set():
                return
            settled = self._take_word(answer, unsent)
            sent += settled
            self._connected(asked_at, answer, min(sent, waiting), waiting)
            self._take_in(answer, request.cursors[STREAM])
            if not answer.more and not self._store.unsent(1):
                return

    def _take_word(self, answer: ExchangeAnswer, unsent: Sequence[Unsent]) -> int:
        """Write down receipts and refusals of what was sent, and say how many changes now have the server's word.

        Raises VersionsDifferError when there is none for anything: sending it again would go on for ever.
        """
        ours = {each.change.id: each.change.content_hash for each in unsent}
        receipts = [
            Receipt(each.change, each.content_hash)
            for each in answer.receipts
            if ours.get(each.change) == each.content_hash
        ]
        refused = [(each.change, each.reason) for each in answer.refused if each.change in ours]
        for start in range(0, len(receipts), 4 * _BATCH):
            self._store.acknowledge(receipts[start : start + 4 * _BATCH])
        if refused:
            log.info("the server refused %d changes", len(refused))
            self._store.refused(refused)
        if unsent and not receipts and not refused:
            raise VersionsDifferError
        return len(receipts) + len(refused)

    def _take_in(self, answer: ExchangeAnswer, cursor: int) -> None:
        """Apply a page in small batches, checked before the store's turn is taken."""
        reached = answer.cursors.get(STREAM, cursor)
        arrivals = [_arrival(each) for each in answer.changes if each.stream == STREAM]
        for batch in batches(arrivals, _BATCH):
            if self._stopping.is_set():
                return
            self._receive(batch)
        if reached > (arrivals[-1].number if arrivals else cursor):
            self._store.receive((), STREAM, reached)

    def _receive(self, batch: Sequence[Arrival]) -> None:
        try:
            self._store.receive(batch, STREAM)
        except _POISON as error:
            if len(batch) > 1:
                for arrival in batch:
                    self._receive((arrival,))
                return
            # A change that cannot be applied harms only itself: it is kept with the reason, and the stream goes on.
            log.warning("a change could not be applied: %s", type(error).__name__)
            self._store.receive((replace(batch[0], content=None, reason="it could not be applied"),), STREAM)

    # The threads

    def _run(self) -> None:
        backoff = Backoff(self._random)
        self._show_waiting()
        pause = 0.0
        while True:
            woken = self._wakes.wait(pause)
            if self._stopping.is_set():
                return
            if woken.by_save_only and backoff.pausing:
                self._show_waiting()
                pause = backoff.remaining()
                continue
            words = self._attempt()
            if self._stopping.is_set():
                return
            if words:
                self._disconnected(words)
                pause = backoff.failed()
            else:
                backoff.succeeded()
                self._poking.wake(urgent=True)
                pause = self._poll_seconds * self._random.uniform(0.8, 1.2)

    def _attempt(self) -> str:
        """One exchange; why it failed, in words, or nothing."""
        try:
            # Here, between two turns to write, so that no save ever has to.
            self._store.checkpoint()
            self.exchange_all()
        except SyncError as error:
            return error.words
        except Problem as problem:
            return problem.title
        except Exception as error:  # noqa: BLE001 - a bug must not end the thread: the next round may do better
            if not self._stopping.is_set():
                log.error("the exchange failed: %s", type(error).__name__)
            return "This program made a mistake while exchanging with the server."
        return ""

    def _wait_for_pokes(self) -> None:
        """A second thread, because a wait for the server cannot be a wait for a save at the same time."""
        backoff = Backoff(self._random)
        while True:
            self._poking.wait(None)  # until an exchange has succeeded
            if self._stopping.wait(backoff.remaining()):
                return
            try:
                with self._client.pokes() as pokes:
                    for _ in pokes:
                        backoff.succeeded()
                        self._wakes.wake(urgent=True)
            except SyncError as error:
                log.info("no pokes: %s", type(error).__name__)
            if self._stopping.is_set():
                return
            backoff.failed()
            # Whatever ended the line, or kept it from standing: an exchange finds out whether the server is there.
            self._poking.clear()
            self._wakes.wake(urgent=True)

    def _saved(self, changes: Changes) -> None:
        if not changes.arrived:
            self._wakes.wake(urgent=False)

    # What is shown

    def _connected(self, asked_at: datetime, answer: ExchangeAnswer, sent: int, of: int) -> None:
        state = self._state
        self._show_waiting(
            replace(
                state,
                connected=True,
                since=state.since if state.connected else asked_at,
                sending=sent if sent < of else 0,
                of=of if sent < of else 0,
                clock_wrong_minutes=clock_wrong_minutes(self._clock(), answer.server_time),
                last_error="",
            )
        )

    def _disconnected(self, words: str) -> None:
        state = self._state
        since = self._clock() if state.connected else state.since
        self._show_waiting(replace(state, connected=False, since=since, sending=0, of=0, last_error=words))

    def _show_waiting(self, state: SyncState | None = None) -> None:
        state = state or self._state
        with contextlib.suppress(Problem):  # a store that cannot be read says so to the page; what waited still waits
            waiting = self._store.waiting()
            oldest = None if waiting.oldest_saved_at is None else time_of(waiting.oldest_saved_at)
            last = None if waiting.last_receipt is None else time_of(waiting.last_receipt)
            state = replace(state, waiting=waiting.count, oldest=oldest, last_receipt=last, refused=waiting.refused)
        if state != self._state:
            self._state = state
            for listener in tuple(self._listeners):
                listener(state)


def _arrival(delivered: Delivered) -> Arrival:
    if delivered.problem:
        return Arrival(delivered.number, delivered.change, None, delivered.problem)
    return prepare(delivered.number, delivered.change)
