"""A desk where everybody of the small alliance may sign in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from livingwell_desktop.ui.tasks import Tasks
from tests.conftest import StillClock
from tests.services.key_desks import Alliance, KeyDesk


@pytest.fixture(scope="session")
def alliance() -> Alliance:
    return Alliance()


@pytest.fixture
def reception(alliance: Alliance, tmp_path: Path, clock: StillClock) -> Iterator[KeyDesk]:
    desk = KeyDesk(alliance, tmp_path, clock, "reception", first=True).enrol("callum", "dana", "sunita", "rosa")
    yield desk
    desk.close()


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()
