"""`bench desk`: what a desk promises, measured on 30,000 people, 500,000 bookings and 200,000 assessments.

The last line is one flat JSON object. A figure whose part of the program does not import is left out, and said so.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from livingwell_desktop.settings import DeskFolder
from tests.benchmarks import opening, papers, saving, searching, starting
from tests.benchmarks.bench_desk import make_desk, opened, practice_at, window_of
from tests.benchmarks.big_records import BigAlliance
from tests.benchmarks.big_store import BigStore, big_store


@dataclass(frozen=True, slots=True)
class Bench:
    """What every measurement is given."""

    big: BigStore
    desk: DeskFolder
    folder: Path

    @property
    def copy(self) -> BigStore:
        """The records of the desk, to be opened without its window."""
        return BigStore(self.desk.records, self.big.alliance)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name in the JSON, the most it should be, whether that is a must, and how it is taken."""

    name: str
    most: float
    is_must: bool
    take: Callable[[Bench], float]


def _search(bench: Bench) -> float:
    typed = searching.queries(BigAlliance(bench.big.alliance.size))
    with opened(bench.copy) as store:
        say(f"  of which the store, p95: {searching.store_search_p95_ms(store, typed):.1f} ms")
    with window_of(bench.big, bench.desk, bench.big.alliance.receptionist) as desk:
        return searching.search_p95_ms(desk, typed)


def _save(bench: Bench) -> float:
    with opened(bench.copy) as store:
        practice = practice_at(bench.big, store, bench.big.alliance.receptionist)
        return saving.save_p99_ms(practice, bench.big.alliance)


def _person(bench: Bench) -> float:
    worker = bench.big.alliance.key_worker
    with opened(bench.copy) as store:
        practice = practice_at(bench.big, store, worker)
        say(f"  of which reading, p95: {opening.reading_p95_ms(practice, bench.big.alliance):.1f} ms")
    with window_of(bench.big, bench.desk, worker) as desk:
        return opening.person_p95_ms(desk, bench.big.alliance)


FIGURES = (
    Figure("search_p95_ms", 30, True, _search),
    Figure("save_p99_ms", 10, True, _save),
    Figure("start_ratio", 5, False, lambda bench: starting.start_ratio(bench.desk)),
    Figure("today_s", 1, False, lambda bench: starting.today_s(bench.big, bench.desk)),
    Figure("person_p95_ms", 100, False, _person),
    Figure("plan_pdf_ms", 150, False, lambda bench: papers.plan_pdf_ms(bench.folder)),
)


def main(arguments: Sequence[str]) -> int:
    """Take the figures, all of them or those named, and print them. 1 when a must is missed or not there."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks desk", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="FIGURE", help=f"of {', '.join(each.name for each in FIGURES)}")
    options = parser.parse_args(arguments)
    wanted = [each for each in FIGURES if not options.only or each.name in options.only]
    big, taken = big_store(), dict[str, float]()
    with tempfile.TemporaryDirectory(prefix="livingwell-bench-") as name:
        folder = Path(name)
        desk = make_desk(big, folder / "desk")
        bench = Bench(big, desk, folder)
        for figure in wanted:
            _take(figure, bench, taken)
    print(json.dumps(taken))  # noqa: T201 - the result
    return 0 if all(taken.get(each.name, each.most + 1) <= each.most for each in wanted if each.is_must) else 1


def _take(figure: Figure, bench: Bench, taken: dict[str, float]) -> None:
    say(f"{figure.name}: measuring")
    try:
        value = figure.take(bench)
    except ImportError as error:
        say(f"{figure.name}: left out, a part is not there yet ({error})")
        return
    taken[figure.name] = round(value, 3)
    limit = f"{'must' if figure.is_must else 'should'} be at most {figure.most:g}"
    say(f"{figure.name}: {value:.2f} ({limit}{'' if value <= figure.most else ', MISSED'})")


def say(words: str) -> None:
    """Progress, apart from the result."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
