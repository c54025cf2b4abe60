"""Two hundred desks at twenty centres: the real protocol client, checking hashes, without a store.

Each person is known to 1.2 centres on average: a desk of one centre writes about them first, and for every fifth one a
desk of the next centre, too.
"""

import random
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import perf_counter
from uuid import UUID

from livingwell_desktop.domain.changes import Change, content_hash
from livingwell_desktop.sync.protocol import ExchangeAnswer, ExchangeRequest, Offered
from livingwell_desktop.sync.troubles import SyncError
from livingwell_desktop.sync.waking import Backoff
from tests.benchmarks.measuring import percentile
from tests.benchmarks.sync_world import Central, Cluster, Filler, record_number, value
from tests.central import CENTRE

DESKS, CENTRES = 200, 20
EACH_BACK_WITH = 100
_LIVE_SECONDS = 60
_PATIENCE = 300


def crowd(cluster: Cluster, _rounds: int) -> dict[str, float]:
    """One change a second over all for a minute; then all come back at once with a hundred changes each."""
    with cluster.central() as central:
        desks = _desks(central)
        try:
            seen = _live(desks)
            return {"desks200_visible_p95_ms": percentile(seen, 95), "desks200_reconnect_s": _reconnect(desks)}
        finally:
            for desk in desks:
                desk.end()


class _Desk:
    """A desk without a store: it remembers cursors, and when each change was first seen."""

    def __init__(self, central: Central, centre: UUID) -> None:
        self.filler = Filler(central, centre)
        self.stream = f"{centre}/clinical"
        self.cursors = {"alliance": 0, self.stream: 0}
        self.seen: dict[bytes, float] = {}
        self.own: set[bytes] = set()
        self.waiting: deque[Offered] = deque()
        self.arrived = threading.Condition()
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def listen(self) -> None:
        """Wait for pokes from now on."""
        self._thread.start()

    def exchange(self) -> None:
        """Send what waits and fetch what there is. Raises SyncError."""
        with self._turn:
            while self._round():
                pass

    def end(self) -> None:
        """Hang up."""
        self._ended.set()
        self.filler.client.hang_up()

    def _round(self) -> bool:
        load = tuple(self.waiting)[:500]
        request = ExchangeRequest("bench", dict(self.cursors), load, head=self.filler.head)
        answer = self.filler.client.exchange(request)
        if len(answer.receipts) != len(load):
            raise RuntimeError("a change was refused")
        for _ in load:
            self.waiting.popleft()
        self._take(answer)
        return answer.more or bool(self.waiting)

    def _take(self, answer: ExchangeAnswer) -> None:
        now = perf_counter()
        with self.arrived:
            for stream, page in answer.streams.items():
                for change in _changes(node for entry in page.entries for node in entry.nodes):
                    self.seen[change.id] = now
                self.cursors[stream] = page.reached
            self.arrived.notify_all()

    def _follow(self) -> None:
        while not self._ended.is_set():
            with suppress(SyncError), self.filler.client.pokes() as pokes:
                for _ in pokes:
                    self.exchange()


def _changes(nodes: Iterable[object]) -> Iterable[Change]:
    for node in nodes:
        if isinstance(node, Change):
            if content_hash(node.salt, node.content) != node.content_hash:
                raise RuntimeError("a change came that does not match its hash")
            yield node


def _desks(central: Central) -> list[_Desk]:
    centres = [UUID(int=CENTRE.int + number + 1) for number in range(CENTRES)]
    with ThreadPoolExecutor(8) as threads:
        desks = list(threads.map(lambda number: _Desk(central, centres[number % CENTRES]), range(DESKS)))
    # Everybody's first person, so that centres know whom they write about; every fifth is known next door, too.
    for number, desk in enumerate(desks):
        for writer in (desk, desks[(number + 1) % DESKS]) if number % 5 == 0 else (desk,):
            writer.filler.push([writer.filler.made(record_number(25 * number), value(25 * number))])
    for desk in desks:
        desk.exchange()
        desk.listen()
    return desks


def _live(desks: list[_Desk]) -> list[float]:
    """Milliseconds from a save to its being at every other desk of its centre, one save a second."""
    chance, taken = random.Random(7), list[float]()
    pause = threading.Event()
    for number in range(_LIVE_SECONDS):
        author = chance.randrange(DESKS)
        desk, others = desks[author], [each for each in desks if each.stream == desks[author].stream]
        offered = desk.filler.made(record_number(25 * author + 1 + number % 24 + 1_000_000), value(25 * author + 1))
        began = perf_counter()
        desk.waiting.append(offered)
        desk.exchange()
        for other in others:
            if other is not desk:
                taken.append((_seen(other, offered.change.id) - began) * 1000)
        pause.wait(max(0.0, 1 - (perf_counter() - began)))
    return taken


def _seen(desk: _Desk, change: bytes) -> float:
    with desk.arrived:
        if not desk.arrived.wait_for(lambda: change in desk.seen, _PATIENCE):
            raise RuntimeError("a change did not arrive")
        return desk.seen[change]


def _reconnect(desks: list[_Desk]) -> float:
    """Seconds until every desk has sent its hundred and holds all that the others sent."""
    offered: dict[str, set[bytes]] = {}
    for number, desk in enumerate(desks):
        for each in range(EACH_BACK_WITH):
            made = desk.filler.made(record_number(5_000_000 + number * EACH_BACK_WITH + each), value(25 * number + 1))
            desk.waiting.append(made)
            desk.own.add(made.change.id)
            offered.setdefault(desk.stream, set()).add(made.change.id)
    began = perf_counter()
    with ThreadPoolExecutor(DESKS) as threads:
        list(threads.map(lambda desk: _back(desk, offered[desk.stream]), desks))
    return perf_counter() - began


def _back(desk: _Desk, wanted: set[bytes]) -> None:
    """Exchange until everything is there, with the pauses of the real engine after a failure."""
    backoff, pause = Backoff(random.SystemRandom()), threading.Event()
    while desk.waiting or not wanted <= desk.seen.keys() | desk.own:
        try:
            desk.exchange()
            pause.wait(0.05)  # the others are not done yet; a real desk would be poked
        except SyncError:
            pause.wait(backoff.failed())
