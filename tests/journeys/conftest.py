"""Rosa at reception and Maya in Room 2, each signed in at their own desk, with a real server between them."""

import pytest

from tests.desk import DeskWindow
from tests.office import Day


@pytest.fixture
def rosa(day: Day) -> DeskWindow:
    """Rosa Mensah, at reception desk 1."""
    return day.reception()


@pytest.fixture
def maya(day: Day) -> DeskWindow:
    """Maya Lindqvist, key worker, in Room 2."""
    return day.room_2()
