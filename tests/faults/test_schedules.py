"""Two hundred schedules of forty steps, and every fault of the kept list caught."""

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.faults.ground import Ground
from tests.faults.machine import Faults
from tests.faults.running import run_schedules
from tests.faults.seeded import FAULTS, KEPT, WITHIN, Seeded, caught, run_kept

pytestmark = pytest.mark.slow

SCHEDULES = 200


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A schedule kills the server on purpose, again and again, and the server says so."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_nothing_is_lost_or_silent_whatever_goes_wrong(
    ground: Ground, record_property: Callable[[str, object], None]
) -> None:
    before = ground.schedules
    # As it was found: to make a schedule shorter takes minutes, and is what `installer/dev.py faults` does.
    run_schedules(ground, SCHEDULES, shorten=False)
    record_property("summary", f"{ground.schedules - before} schedules: all statements held")


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.__name__)
def test_a_kept_schedule_holds_without_a_fault(ground: Ground, kept: Callable[[Faults], None]) -> None:
    run_kept(ground, kept)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_in_the_real_code_is_caught(
    ground: Ground, fault: Seeded, record_property: Callable[[str, object], None]
) -> None:
    how = caught(ground, fault)
    assert how is not None, f"{fault.name} was not caught in {WITHIN} schedules"
    record_property("summary", f"{fault.name}: caught after {how.schedules} schedules ({how.how})")
