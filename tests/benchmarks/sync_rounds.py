"""What a round costs: with nothing to say, and whether that grows with what is stored."""

import statistics
from itertools import count
from time import perf_counter

from livingwell_desktop.storage import create
from tests.benchmarks.sync_world import AUTHOR, Central, Cluster, Filler, record_number, value
from tests.central import JoinedDesk
from tests.sync.link import Link

_ROUNDS = 100
SMALL, LARGE = 1_000, 100_000


def idle(cluster: Cluster, rounds: int) -> dict[str, float]:
    """Milliseconds and bytes, both ways, of a round in which neither side has anything to say."""
    with cluster.central() as central, Link(central.port) as link:
        Filler(central).fill(range(SMALL))
        desk, counted = central.join(), central.join(url=link.url)
        for each in (desk, counted):
            each.exchange()
            each.exchange()
        times = [statistics.median(_seconds(desk) for _ in range(_ROUNDS)) for _ in range(rounds)]
        before = link.passed
        for _ in range(_ROUNDS):
            counted.exchange()
        size = (link.passed - before) / _ROUNDS
    return {"idle_round_ms": statistics.median(times) * 1000, "idle_round_bytes": size}


def growth(cluster: Cluster, rounds: int) -> dict[str, float]:
    """What a round costs with 100,000 records on both sides, against 1,000.

    Three rounds in turn: an idle one, one that sends a change, one that fetches one. The worst ratio counts.
    """
    with cluster.central() as little, cluster.central() as much:
        sides = [_side(little, SMALL), _side(much, LARGE)]
        ratios = [_ratios(sides) for _ in range(rounds)]
    return {"round_growth_ratio": max(statistics.median(each) for each in zip(*ratios, strict=True))}


class _Side:
    """One server with so many records, a desk that holds them, and another that writes."""

    def __init__(self, desk: JoinedDesk, filler: Filler) -> None:
        self.desk, self._filler = desk, filler
        self._numbers = count(10_000_000)

    def idle(self) -> float:
        return _seconds(self.desk)

    def sending(self) -> float:
        self.desk.store.write([create(record_number(next(self._numbers)), value(1))], [], AUTHOR)
        return _seconds(self.desk)

    def fetching(self) -> float:
        self._filler.push([self._filler.made(record_number(next(self._numbers)), value(1))])
        return _seconds(self.desk)


def _side(central: Central, records: int) -> _Side:
    filler = Filler(central)
    filler.fill(range(records))
    desk = central.join()
    desk.exchange()
    desk.exchange()
    return _Side(desk, filler)


def _ratios(sides: list[_Side]) -> tuple[float, ...]:
    taken: dict[tuple[int, int], list[float]] = {}
    for _ in range(_ROUNDS):
        for place, side in enumerate(sides):
            for kind, cost in enumerate((side.idle, side.sending, side.fetching)):
                taken.setdefault((place, kind), []).append(cost())
    return tuple(statistics.median(taken[1, kind]) / statistics.median(taken[0, kind]) for kind in range(3))


def _seconds(desk: JoinedDesk) -> float:
    began = perf_counter()
    desk.exchange()
    return perf_counter() - began
