"""What the audit adds to a view: how long the thread that draws is in it while a person is opened in the window."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from livingwell_desktop.services.openings import Openings
from livingwell_desktop.services.practice import Practice
from tests.benchmarks.bench_desk import draw
from tests.benchmarks.measuring import median_of_rounds
from tests.benchmarks.permission_checks import standing_in

if TYPE_CHECKING:
    from livingwell_desktop.app.desk import OpenDesk

OPENINGS_A_ROUND = 40


def audit_view_ms(desk: "OpenDesk", people: list[UUID]) -> float:
    """Milliseconds that the audit adds to opening a person, 95th percentile, each on the disk before it is shown.

    What is counted is gathering the events, handing them over, and waiting for the disk at the end of the opening. That
    the thread which writes takes turns with the one that draws is not counted: it holds Python's lock for well under
    a millisecond, the disk for the rest.
    """
    from livingwell_desktop.ui.pages import PersonPlace, TodayPlace

    spent = _Spent()

    def one_round() -> Iterator[float]:
        for person in people[:OPENINGS_A_ROUND]:
            desk.window.go(TodayPlace())
            draw(desk.window)
            spent.milliseconds = 0.0
            desk.window.go(PersonPlace(person))
            yield spent.milliseconds

    with ExitStack() as stack:
        stack.enter_context(standing_in(Practice, "viewed", spent.around(Practice.viewed)))
        for name in ("begin", "end"):
            stack.enter_context(standing_in(Openings, name, spent.around(getattr(Openings, name))))
        return median_of_rounds(one_round, 95)


class _Spent:
    def __init__(self) -> None:
        self.milliseconds = 0.0

    def around(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """`run`, counted."""

        def counted(*given: Any, **named: Any) -> Any:
            started = perf_counter()
            try:
                return run(*given, **named)
            finally:
                self.milliseconds += (perf_counter() - started) * 1000

        return counted
