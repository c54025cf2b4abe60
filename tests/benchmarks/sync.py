"""`bench sync [PART…]`: what the exchange between desks and server promises.

Client and server on this machine, encrypted client stores, a real PostgreSQL with fsync, the server in a process of its
own. The last line is one flat JSON object.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livingwell_desktop.app.process import take_short_turns
from tests.benchmarks import sync_crowd, sync_downloading, sync_live, sync_pushing, sync_rounds, sync_stalling
from tests.benchmarks.measuring import ROUNDS
from tests.benchmarks.sync_world import Cluster


@dataclass(frozen=True, slots=True)
class Limit:
    """What a figure should be: at least or at most so much, and whether that is a must."""

    limit: float
    at_least: bool = False
    is_must: bool = False

    def met(self, value: float) -> bool:
        """Whether the figure is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit


PARTS: dict[str, Callable[[Cluster, int], dict[str, float]]] = {
    "push": sync_pushing.push,
    "visible": sync_live.visible,
    "stall": sync_stalling.stall,
    "download": sync_downloading.download,
    "idle": sync_rounds.idle,
    "growth": sync_rounds.growth,
    "wire": sync_downloading.wire,
    "crowd": sync_crowd.crowd,
}
LIMITS = {
    "push_per_s": Limit(5000, at_least=True, is_must=True),
    "visible_p95_ms": Limit(50, is_must=True),
    "stall_max_ms": Limit(50, is_must=True),
    "save_busy_p99_ms": Limit(50, is_must=True),
    "download_per_s": Limit(10_000, at_least=True),
    "download_10k_fraction": Limit(0.20, at_least=True),
    "download_100k_fraction": Limit(0.12, at_least=True),
    "download_growth_mb": Limit(150),
    "idle_round_ms": Limit(10),
    "idle_round_bytes": Limit(500),
    "round_growth_ratio": Limit(1.2),
    "wire_ratio": Limit(1.3),
    "desks200_visible_p95_ms": Limit(1000),
    "desks200_reconnect_s": Limit(60),
}


def main(arguments: Sequence[str]) -> int:
    """Measure all parts or those named, and print the figures. 1 when a must is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks sync", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"the median of so many counts ({ROUNDS})")
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part called {', '.join(sorted(unknown))}")
    taken: dict[str, float] = {}
    take_short_turns()  # as the desk's process does
    with tempfile.TemporaryDirectory(prefix="livingwell-bench-") as name:
        cluster = Cluster(Path(name))
        try:
            for part in options.parts or PARTS:
                _say(f"{part}: measuring")
                taken |= {name: _said(name, value) for name, value in PARTS[part](cluster, options.rounds).items()}
        finally:
            cluster.remove()
    print(json.dumps(taken))  # noqa: T201 - the result
    return 0 if all(LIMITS[name].met(value) for name, value in taken.items() if LIMITS[name].is_must) else 1


def _said(name: str, value: float) -> float:
    limit = LIMITS[name]
    asked = f"{'must' if limit.is_must else 'should'} be at {'least' if limit.at_least else 'most'} {limit.limit:g}"
    _say(f"{name}: {value:.4g} ({asked}{'' if limit.met(value) else ', MISSED'})")
    return round(value, 3)


def _say(words: str) -> None:
    """Progress, apart from the result."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
