"""Two desks and a real server are one fixture away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from livingwell_desktop.server.serving import RunningServer
from tests.central import ALLIANCE, Databases, JoinedDesk, cluster, joined_desks
from tests.conftest import StillClock


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with cluster(tmp_path_factory.mktemp("postgres")) as made:
        yield made


@pytest.fixture
def database_url(databases: Databases) -> str:
    return databases.fresh()


@pytest.fixture
def server(databases: Databases, database_url: str, clock: StillClock) -> Iterator[RunningServer]:
    with RunningServer(databases.served(database_url), ALLIANCE, clock) as running:
        yield running


@pytest.fixture
def join(
    server: RunningServer, database_url: str, tmp_path: Path, clock: StillClock
) -> Iterator[Callable[..., JoinedDesk]]:
    with joined_desks(server.url, database_url, tmp_path, clock) as join_one:
        yield join_one
