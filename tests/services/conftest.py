"""What the tests of the verbs share."""

import pytest

from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Store
from tests.conftest import StillClock
from tests.services.small_centre import SmallCentre, made_centre


@pytest.fixture
def centre(store: Store, clock: StillClock) -> SmallCentre:
    return made_centre(store, clock)


@pytest.fixture
def rosa(centre: SmallCentre) -> Practice:
    """Rosa at the reception desk."""
    return centre.at_desk("Rosa Mensah")


@pytest.fixture
def maya(centre: SmallCentre) -> Practice:
    """Maya, a key worker, at the desk of room 2."""
    return centre.at_desk("Maya Lindqvist", "Room 2 desk")
