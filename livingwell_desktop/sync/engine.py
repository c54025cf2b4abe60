"""The sync engine: one thread that exchanges changes with the server, and one that waits for the server's poke.

It never holds a page up: what it knows is a frozen state, and it takes its turn to write in small batches.
"""

import contextlib
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from livingwell_desktop.domain.changes import time_of
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage import Changes, Store
from livingwell_desktop.sync import outages
from livingwell_desktop.sync.audit_upload import AuditUpload
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.exchanging import Exchange, Progress
from livingwell_desktop.sync.outages import Returned
from livingwell_desktop.sync.state import SyncState, clock_wrong_minutes
from livingwell_desktop.sync.troubles import BusyError, ShutOutError, SyncError
from livingwell_desktop.sync.trust import StoreTrust
from livingwell_desktop.sync.waking import Backoff, Wakes

log = logging.getLogger(__name__)

_POLL_SECONDS = 30.0
_JOIN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an exchange failed, and what somebody has to do about it; nothing for what mends itself."""

    happened: str
    to_do: str
    wait: float = 0.0
    """Seconds that the server asked for; 0 when it did not."""


_MISTAKE = Trouble(
    "This program made a mistake while exchanging with the server.",
    "Ring IT support and say “mistake while exchanging”.",
)


class SyncEngine:
    """Keeps a desk's store and the server in step, as long as it runs."""

    def __init__(
        self,
        store: Store,
        client: ServerClient,
        clock: Clock,
        poll_seconds: float = _POLL_SECONDS,
        stopping: threading.Event | None = None,
    ) -> None:
        """`stopping`, once set, ends an exchange at its next page, also one on the caller's own thread."""
        self._store, self._client, self._clock = store, client, clock
        client.entrance.trust = StoreTrust(store)
        self._poll_seconds = poll_seconds
        self._audit = AuditUpload(store, client, clock)
        self._wakes = Wakes()
        self._poking = Wakes()
        self._random = random.SystemRandom()
        self._stopping = stopping or threading.Event()
        self._exchange = Exchange(store, client, clock, self._stopping, self._progressed)
        self._state = SyncState()
        self._listeners: list[Callable[[SyncState], None]] = []
        self._returns: list[Callable[[Returned], object]] = []
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

    def listen_to_returns(self, listener: Callable[[Returned], object]) -> None:
        """Have each outage written down once it is over, on the sync thread."""
        self._returns.append(listener)

    def listen(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        """Be told of each new state, on the sync thread. Returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def sync_now(self) -> None:
        """Exchange as soon as possible, whatever the pause after a failure. Returns at once."""
        self._wakes.wake(urgent=True)

    def push_last(self, seconds: float) -> None:
        """Send what waits, for so long at most: the desk is about to end. Does nothing while there is no connection."""
        sent = threading.Event()
        end = self.listen(lambda state: sent.set() if not state.waiting else None)
        if self._state.connected and self._store.waiting().count:
            self.sync_now()
            sent.wait(seconds)
        end()

    def exchange_all(self) -> None:
        """Send all that waits and take in all there is, on this thread. For an engine that is not started.

        Raises SyncError, and Problem when the store cannot be written.
        """
        self._exchange.run()

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
            trouble = self._attempt()
            if self._stopping.is_set():
                return
            self._tidy()
            if trouble is not None:
                self._disconnected(trouble)
                pause = backoff.failed(trouble.wait)
            else:
                backoff.succeeded()
                self._came_back()
                self._poking.wake(urgent=True)
                pause = self._poll_seconds * self._random.uniform(0.8, 1.2)

    def _attempt(self) -> Trouble | None:
        """One exchange; why it failed, if it did."""
        try:
            self.exchange_all()
            self._audit.after_exchange(self._stopping.is_set)
        except ShutOutError as error:
            self._state = replace(self._state, shut_out=error.signature)
            return Trouble(error.happened, error.to_do)
        except SyncError as error:
            return Trouble(error.happened, error.to_do, error.seconds if isinstance(error, BusyError) else 0.0)
        except Problem as problem:
            return Trouble(f"{problem.title}.", problem.what_to_do)
        except Exception as error:  # noqa: BLE001 - a bug must not end the thread: the next round may do better
            if not self._stopping.is_set():
                log.error("the exchange failed: %s", type(error).__name__)
            return _MISTAKE
        return None

    def _tidy(self) -> None:
        """Shorten the log between two turns to write, so that no save ever has to; and after what somebody waits for.

        In an outage, too.
        """
        with contextlib.suppress(Problem):  # what was saved is in the log; a full disk says so at the next save
            self._store.checkpoint()

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
                asked_for = 0.0
            except SyncError as error:
                log.info("no pokes: %s", type(error).__name__)
                asked_for = error.seconds if isinstance(error, BusyError) else 0.0
            if self._stopping.is_set():
                return
            backoff.failed(asked_for)
            # Whatever ended the line, or kept it from standing: an exchange finds out whether the server is there.
            self._poking.clear()
            self._wakes.wake(urgent=True)

    def _saved(self, changes: Changes) -> None:
        if not changes.arrived:
            self._wakes.wake(urgent=False)

    # What is shown

    def _progressed(self, progress: Progress) -> None:
        state = self._state
        sending = progress.sent < progress.to_send
        ahead = clock_wrong_minutes(self._clock(), progress.server_time) if progress.server_time else 0
        self._show_waiting(
            replace(
                state,
                connected=True,
                since=state.since if state.connected else progress.asked_at,
                sending=progress.sent if sending else 0,
                of=progress.to_send if sending else 0,
                downloaded=progress.downloaded,
                to_download=progress.to_download,
                clock_wrong_minutes=ahead,
                last_error="",
                to_do="",
            )
        )

    def _came_back(self) -> None:
        """Everything is exchanged: an outage, if there was one, is over."""
        outages.came_back(self._store, self._clock())
        over = outages.returned(self._store)
        if over is not None and self._returns:
            for listener in self._returns:
                listener(over)
            outages.forget(self._store)

    def _disconnected(self, trouble: Trouble) -> None:
        state, began = self._state, None
        with contextlib.suppress(Problem):  # on a full disk the outage goes on all the same
            began = outages.down_since(self._store)  # before this desk was locked, or lost its power
            outages.begin(self._store, self._clock())
        since = self._clock() if state.connected else state.since or began
        why, to_do = trouble.happened, trouble.to_do
        self._show_waiting(replace(state, connected=False, since=since, sending=0, of=0, last_error=why, to_do=to_do))

    def _show_waiting(self, state: SyncState | None = None) -> None:
        state = state or self._state
        with contextlib.suppress(Problem):  # a store that cannot be read says so to the page; what waited still waits
            waiting, identity = self._store.waiting(), self._store.own.identity()
            oldest = None if waiting.oldest_saved_at is None else time_of(waiting.oldest_saved_at)
            last = None if waiting.last_receipt is None else time_of(waiting.last_receipt)
            state = replace(state, waiting=waiting.count, oldest=oldest, last_receipt=last, refused=waiting.refused)
            state = replace(state, new_letter=identity.letter if identity else "")
        if state != self._state:
            self._state = state
            for listener in tuple(self._listeners):
                try:
                    listener(state)
                except Exception as error:  # noqa: BLE001 - a bug of whoever listens must not end the thread that sends
                    log.error("somebody who listens to the exchange failed: %s", type(error).__name__)
