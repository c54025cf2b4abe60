"""What asking for permission adds to opening a person: the time in the table and in leaving out, of all of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from livingwell_desktop.services import practice, seeing
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.seeing import Seen
from livingwell_desktop.storage import Store
from tests.benchmarks.bench_desk import draw
from tests.benchmarks.measuring import median_of_rounds, milliseconds

if TYPE_CHECKING:
    from livingwell_desktop.app.desk import OpenDesk

OPENINGS = 20
READS = ("get", "find", "get_many", "values", "count", "in_conflict", "search_people")
ASKING = ("opened", "protected", "shared_with", "sight_of")
"""What `seeing` asks of `standing`: reads made in there are asking, not the question itself."""


class _Spent:
    """Milliseconds spent on asking. A read that the page wanted anyway does not count; one made only to ask does."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self._asking = 0
        self._inside = 0

    def around(self, run: Callable[..., Any], *, asks: bool) -> Callable[..., Any]:
        """`run`, counted. `asks`: everything in it is asking."""

        def counted(*given: Any, **named: Any) -> Any:
            outermost = not self._inside
            self._inside += 1
            self._asking += asks
            started = perf_counter()
            try:
                return run(*given, **named)
            finally:
                if outermost:
                    self.milliseconds += (perf_counter() - started) * 1000
                self._inside -= 1
                self._asking -= asks

        return counted

    def not_counted(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """`run`, a read of the store: taken off again, unless it was made only to ask."""

        def timed(*given: Any, **named: Any) -> Any:
            started = perf_counter()
            try:
                return run(*given, **named)
            finally:
                if self._inside and not self._asking:
                    self.milliseconds -= (perf_counter() - started) * 1000

        return timed


@contextmanager
def standing_in(owner: Any, name: str, counted: Callable[..., Any]) -> Iterator[None]:
    """Count the calls of a method of that class, or of a function of that module."""
    before = getattr(owner, name)
    setattr(owner, name, counted)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def _counting(spent: _Spent) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(standing_in(Practice, "may", spent.around(Practice.may, asks=True)))
        stack.enter_context(standing_in(practice, "opening_of", spent.around(practice.opening_of, asks=True)))
        for name in ASKING:
            stack.enter_context(standing_in(seeing, name, spent.around(getattr(seeing, name), asks=True)))
        for name in READS:
            stack.enter_context(standing_in(Seen, name, spent.around(getattr(Seen, name), asks=False)))
            stack.enter_context(standing_in(Store, name, spent.not_counted(getattr(Store, name))))
        yield


def permission_percent(desk: "OpenDesk", person: UUID) -> float:
    """Time spent asking for permission while that person is opened, in per cent of the opening, median.

    A visit of somebody else has changed in between, as on a busy day. The counting itself is counted,
    so the figure is a little too high.
    """
    from livingwell_desktop.ui.pages import PersonPlace, TodayPlace

    spent = _Spent()

    def open_person() -> None:
        desk.window.go(PersonPlace(person))
        draw(desk.window)

    def one_round() -> Iterator[float]:
        for _ in range(OPENINGS):
            desk.window.go(TodayPlace())
            draw(desk.window)
            desk.store.remembered.forget(frozenset({"visit", "booking"}))
            spent.milliseconds = 0.0
            whole = milliseconds(open_person)
            yield spent.milliseconds / whole * 100

    with _counting(spent):
        return median_of_rounds(one_round, 50)
