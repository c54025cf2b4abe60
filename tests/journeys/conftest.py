"""A whole office for the journeys: made once, copied for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Day, Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    made.close()


@pytest.fixture
def day(office: Office, tmp_path: Path, qapp: object) -> Iterator[Day]:
    with office.day(tmp_path) as today:
        yield today
