"""Runs schedules of faults, and says what was found."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.stateful import run_state_machine_as_test

from livingwell_desktop.server.embedded import EmbeddedPostgres
from tests.central import Databases
from tests.faults.ground import Ground
from tests.faults.machine import STEPS, Faults


@contextmanager
def own_ground(folder: Path) -> Iterator[Ground]:
    """A ground with a PostgreSQL of its own."""
    postgres = EmbeddedPostgres(folder, fsync=False)
    try:
        with Ground(Databases(postgres.start()).fresh()) as ground:
            yield ground
    finally:
        postgres.remove()


def same_whatever_is_loaded() -> AbstractContextManager[Any]:
    """Hypothesis likes to draw numbers that it finds in the modules that are loaded.

    Without this, another test before, or another number anywhere in the code, makes other schedules.
    """
    return mock.patch.object(HypothesisProvider, "_maybe_draw_constant", lambda *_, **__: None)


def run_schedules(
    ground: Ground, schedules: int, *, steps: int = STEPS, beginning: int | None = None, shorten: bool = True
) -> None:
    """Run so many schedules: always the same, or those that follow from the number `beginning`.

    Raises BrokenError, with the shortest schedule found, when one of the statements does not hold.
    """

    class Schedule(Faults):
        pass

    Schedule.ground = ground
    if beginning is not None:
        seed(beginning)(Schedule)
    with same_whatever_is_loaded():
        run_state_machine_as_test(
            Schedule,
            settings=settings(
                max_examples=schedules,
                stateful_step_count=steps,
                deadline=None,
                derandomize=beginning is None,
                database=None,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
                phases=(Phase.generate, Phase.shrink) if shorten else (Phase.generate,),
            ),
        )
