"""The ground for schedules of faults is made once; each schedule begins with an empty server and empty stores."""

from collections.abc import Iterator

import pytest

from tests.central import Databases
from tests.faults.ground import Ground
from tests.faults.machine import Faults
from tests.sync.conftest import database_url, databases, join, server

__all__ = ["database_url", "databases", "join", "server"]


@pytest.fixture(scope="session")
def ground(databases: Databases) -> Iterator[Ground]:
    with Ground(databases.fresh()) as made:
        yield made


@pytest.fixture
def schedule(ground: Ground) -> Iterator[Faults]:
    """A schedule to be written by hand. Whatever it did, the seven statements hold at its end."""
    Faults.ground = ground
    made = Faults()
    try:
        yield made
    finally:
        made.end()
