"""One desk and its server brought into step: push, pull, first download. On whatever thread asks for it."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from livingwell_desktop import VERSION
from livingwell_desktop.domain.changes import Change
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.storage import Arrival, Card, Download, Receipt, Store, Unsent, check
from livingwell_desktop.sync.ahead import Ahead
from livingwell_desktop.sync.asking_again import AskedFor
from livingwell_desktop.sync.client import ServerClient, read_page
from livingwell_desktop.sync.downloading import MAX_RECORDS, DownloadRequest
from livingwell_desktop.sync.entries import Delivered
from livingwell_desktop.sync.joining import certificate_text
from livingwell_desktop.sync.packing import batches
from livingwell_desktop.sync.protocol import STREAM, ExchangeAnswer, ExchangeRequest, StreamPage
from livingwell_desktop.sync.quick_json import read_json_quickly
from livingwell_desktop.sync.renaming import take_own_name
from livingwell_desktop.sync.returning import go_back
from livingwell_desktop.sync.sending import Load, next_load
from livingwell_desktop.sync.troubles import ForkedDeskError, OtherGenerationError, VersionsDifferError

log = logging.getLogger(__name__)

_PULL_ENTRIES = 500
_FIRST_RECORDS = 200
"""Of a download's first page: nothing is done beside it."""
_BATCH = 50
_BATCHES_A_TURN = 4
"""As long as nobody else wants to write."""
_PARKED_TOO_LONG = timedelta(seconds=60)
_A_MOMENT = timedelta(minutes=1)
_NAMES = 3
"""So often in one exchange a desk may find itself a copy: a store that is copied again and again still goes on."""
_RESTORES = 3
_POISON = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What Python says when a value is not what it should be; a full disk or a damaged file says something else."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exchange has come."""

    asked_at: datetime
    server_time: datetime | None
    sent: int
    to_send: int
    downloaded: int = 0
    to_download: int = 0


def _nothing() -> int:
    return 0


class Exchange:
    """Speaks for one store to its server, a request at a time."""

    def __init__(
        self,
        store: Store,
        client: ServerClient,
        clock: Clock,
        stopping: threading.Event,
        tell: Callable[[Progress], None],
    ) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._stopping, self._tell = stopping, tell
        self._heard: datetime | None = None
        self._asked_for = AskedFor()
        self._passed: dict[str, int] = {}
        """Cursors that are ahead of what the store has, until the word on what was sent is written down."""

    def run(self) -> None:
        """Send all that waits and take in all there is.

        Raises SyncError, and Problem when the store cannot be written.
        """
        names = restores = 0
        while names < _NAMES and restores < _RESTORES:
            try:
                self._run()
                return
            except OtherGenerationError:
                self._heard, restores = None, restores + 1
                go_back(self._store, self._client, self._stopping.is_set)
            except ForkedDeskError:
                # The server knows other changes by this name: whoever comes second takes a name of its own.
                self._heard, names = None, names + 1
                take_own_name(self._store, self._client)
        raise ForkedDeskError  # again and again: somebody must look

    def _has_just_heard(self) -> bool:
        """Whether all that the server said a moment ago was taken in. Else this desk listens before it sends."""
        return self._heard is not None and abs(self._clock() - self._heard) < _A_MOMENT

    def _run(self) -> None:
        waiting, sent = self._store.waiting().count, 0
        self._passed.clear()
        # Nothing with the first request: rights are heard of before they are used, and nothing is sent about a person
        # before the stream is followed that would say that they leave.
        load = next_load(self._store) if self._has_just_heard() else None
        owed: Callable[[], int] = _nothing
        while not self._stopping.is_set():
            asked_at = self._clock()
            request = self._request(load)
            asked = Ahead(partial(self._client.exchange, request, load.begun if load else None))
            # While the server works on this load, the word on the one before is kept and the next is made ready.
            sent += owed()
            following = next_load(self._store, load) if load else None
            answer = asked.result()
            if self._stopping.is_set():
                return
            self._store.set_follows(answer.follows, answer.generation)
            if answer.devices:
                known = ((number, each.device, certificate_text(each)) for number, each in answer.devices)
                self._store.own.keep_certificates(tuple(known))
            self._passed = {name: page.reached for name, page in answer.streams.items() if not page.entries}
            owed = partial(self._take_word, answer, load.unsent if load else ())
            if following is None or any(page.entries for page in answer.streams.values()):
                # What came may depend on what has its receipt.
                sent, owed = sent + owed(), _nothing
            self._tell(Progress(asked_at, answer.server_time, min(sent, waiting), waiting))
            for stream, page in answer.streams.items():
                if page.entries:
                    self._take_in(stream, page)
            self._download_new(answer)
            self._heard = asked_at
            load = following or next_load(self._store)
            if not answer.more and load is None:
                self._store.own.restoring.note_reached(request.cursors)
                break
        self._ask_for_parked()

    def _request(self, load: Load | None) -> ExchangeRequest:
        return ExchangeRequest(
            program=VERSION,
            generation=self._store.generation(),
            head=self._store.head(),
            cursors={**self._store.cursors(), **self._passed},
            changes=load.offered if load else (),
            limit=_PULL_ENTRIES,
            devices=self._store.own.certificates_known(),
        )

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
        self._store.acknowledge(receipts, self._passed)
        self._passed = {}
        if refused:
            log.info("the server refused %d changes", len(refused))
            self._store.refused(refused)
        if unsent and not receipts and not refused:
            raise VersionsDifferError
        return len(receipts) + len(refused)

    def _take_in(self, stream: str, page: StreamPage) -> None:
        """Apply a page in small batches, checked before the store's turn is taken."""
        arrivals = [_arrival(each) for each in page.entries]
        ready = self._until_unsent(arrivals)
        if not self._take_batches(ready, stream):
            return
        if len(ready) == len(arrivals) and page.reached > arrivals[-1].number:
            self._store.receive((), stream, page.reached)

    def _until_unsent(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """What comes before a record leaves of which something is unsent: that goes first."""
        for place, each in enumerate(arrivals):
            if each.leaves is not None and self._store.has_unsent_about(each.leaves):
                return arrivals[:place]
        return arrivals

    def _receive(self, batch: Sequence[Arrival], stream: str) -> None:
        try:
            self._store.receive(batch, stream)
        except _POISON as error:
            if len(batch) > 1:
                for arrival in batch:
                    self._receive((arrival,), stream)
                return
            # An entry that cannot be applied harms only itself: it is kept with the reason, and the stream goes on.
            log.warning("a change could not be applied: %s", type(error).__name__)
            self._store.receive((batch[0].refused("it could not be applied"),), stream)

    # First download

    def _download_new(self, answer: ExchangeAnswer) -> None:
        """Download every stream that this desk is enrolled for and has nothing of, the alliance's first."""
        held = self._store.cursors()
        for stream in answer.follows:
            if stream not in held and not self._stopping.is_set():
                self._download(stream, answer)

    def _download(self, stream: str, answer: ExchangeAnswer) -> None:
        """Page by page; the next is fetched while one is checked and taken in."""
        under_way = self._store.download(stream)
        ahead = self._fetch(stream, under_way.place)
        try:
            while not self._stopping.is_set():
                page = read_page(ahead.result())
                if not under_way.place:
                    under_way = under_way.begun(page.cursor, page.total)
                if page.place:
                    ahead = self._fetch(stream, page.place)
                under_way = under_way.further(page.place, len(page.entries))
                if not self._take_batches([_arrival(each) for each in page.entries], stream, under_way):
                    return
                self._tell(Progress(self._clock(), answer.server_time, 0, 0, under_way.done, under_way.total))
                if not under_way.place:
                    return
        finally:
            ahead.wait()

    def _take_batches(self, arrivals: Sequence[Arrival], stream: str, download: Download | None = None) -> bool:
        """Apply arrivals in small batches; a page of a first download in one turn, which also notes how far it is.

        False when the engine is to stop before the end.
        """
        waiting = deque(batches(arrivals, _BATCH))
        noted = download is None
        while waiting:
            if self._stopping.is_set():
                return False
            turn = tuple(islice(waiting, _BATCHES_A_TURN if download is None else None))
            with_the_last = download if len(turn) == len(waiting) else None
            try:
                taken, _ = self._store.receive_many(turn, stream, download=with_the_last)
                noted = noted or (with_the_last is not None and taken == len(turn))
            except _POISON:
                # Found one by one: the turn was taken back whole.
                taken = len(turn)
                for batch in turn:
                    self._receive(batch, stream)
            for _ in range(taken):
                waiting.popleft()
            # Between two turns: else a save, or a turn that a save waits for, would have to.
            self._store.checkpoint()
        if download is not None and not noted:
            self._store.note_download(download)
        return True

    def _fetch(self, stream: str, place: str) -> Ahead[bytes]:
        # Only fetched: reading it there would hold Python's lock, and the store would wait for it at every statement.
        limit = MAX_RECORDS if place else _FIRST_RECORDS
        return Ahead(partial(self._client.download_unread, DownloadRequest(stream, place, limit)))

    def _ask_for_parked(self) -> None:
        """A change that waits for its parent for a minute may wait for ever: ask for the record's state."""
        now = self._clock()
        records = self._asked_for.due(self._store.parked_since(now - _PARKED_TOO_LONG), now)
        if records and not self._stopping.is_set():
            for batch in batches([_arrival(each) for each in self._client.records(records)], _BATCH):
                self._receive(batch, STREAM)


def _arrival(delivered: Delivered) -> Arrival:
    if delivered.card is not None:
        return Arrival(delivered.number, card=Card(*delivered.card))
    nodes = tuple([check(each, read_json_quickly) if isinstance(each, Change) else each for each in delivered.nodes])
    arrival = Arrival(delivered.number, nodes, delivered.whole, delivered.leaves)
    return arrival.refused(delivered.problem) if delivered.problem else arrival
