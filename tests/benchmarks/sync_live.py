"""Live: how soon a save is seen at the next desk, with 100,000 records on both sides."""

import statistics
import threading
from collections.abc import Callable
from time import perf_counter

from livingwell_desktop.storage import create
from livingwell_desktop.sync.state import SyncState
from tests.benchmarks.measuring import percentile
from tests.benchmarks.sync_world import AUTHOR, Cluster, Filler, record_number, value
from tests.central import JoinedDesk

RECORDS = 100_000
_CHANGES = 100
_PATIENCE = 30


def visible(cluster: Cluster, rounds: int) -> dict[str, float]:
    """Milliseconds from the beginning of a save to the signal at the other desk, with poke, 95th percentile."""
    with cluster.central() as central:
        Filler(central).fill(range(RECORDS))
        author, reader = central.join(), central.join()
        for desk in (author, reader):
            desk.exchange()
        arrived = threading.Event()
        reader.store.listen(lambda changes: arrived.set() if changes.arrived else None)
        for desk in (author, reader):
            _started(desk)
        taken = [_round(author, arrived, 20_000_000 + number * _CHANGES) for number in range(rounds + 1)]
    return {"visible_p95_ms": statistics.median(percentile(each, 95) for each in taken[1:])}


def _round(author: JoinedDesk, arrived: threading.Event, first: int) -> list[float]:
    times = []
    for number in range(first, first + _CHANGES):
        arrived.clear()
        began = perf_counter()
        author.store.write([create(record_number(number), value(1))], [], AUTHOR)
        if not arrived.wait(_PATIENCE):
            raise RuntimeError("a save did not arrive")
        times.append((perf_counter() - began) * 1000)
    return times


def _started(desk: JoinedDesk) -> None:
    connected = threading.Event()
    desk.engine.listen(_when_connected(connected))
    desk.engine.start()
    if not connected.wait(_PATIENCE):
        raise RuntimeError("a desk did not reach its server")


def _when_connected(event: threading.Event) -> Callable[[SyncState], None]:
    return lambda state: event.set() if state.connected else None
