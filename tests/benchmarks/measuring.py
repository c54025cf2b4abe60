"""How things are measured: wall time, in rounds, the median of the rounds; ratios with both sides in each round."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter

ROUNDS = 5


def milliseconds(run: Callable[[], object]) -> float:
    """How long `run` takes, in milliseconds."""
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def median_of_rounds(one_round: Callable[[], Iterable[float]], percent: float, rounds: int = ROUNDS) -> float:
    """The median over rounds of each round's percentile. A first round warms caches and is not counted."""
    tuple(one_round())
    return statistics.median(percentile(tuple(one_round()), percent) for _ in range(rounds))


def median_ratio(measured: Callable[[], float], against: Callable[[], float], rounds: int = 7) -> float:
    """The median of `measured` over the median of `against`, taken in turns so that the machine's mood meets both."""
    measured()
    against()
    pairs = [(measured(), against()) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs)
