"""The requests that anybody may make are counted, by all server processes together, and forgotten again."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from starlette.testclient import TestClient

from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.knocking import MOST_IN_A_MINUTE, Door, Doors, TooOftenError
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.protocol import ExchangeRequest
from livingwell_desktop.sync.troubles import BusyError
from tests.central import ALLIANCE, JoinedDesk, code_for
from tests.conftest import StillClock
from tests.server.exchange import HandDesk
from tests.server.interface import ROUTES

CONSTANT = ("/v1/health", "/v1/server")
"""The same for everybody, at the cost of nothing that could be used up."""
OPEN = [route for route in ROUTES if not route.needs_session and route.path not in CONSTANT]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def doors(database: Database, clock: StillClock) -> Doors:
    return Doors(database, ALLIANCE, clock)


def knock(doors: Doors, address: str = "192.0.2.1", door: Door = Door.ENROL) -> bool:
    """Whether one more is let through."""
    try:
        doors.knock(door, address)
    except TooOftenError:
        return False
    return True


def fill(database_url: str) -> None:
    """As if everybody who knocked in this minute had knocked as often as they may."""
    with psycopg.connect(database_url) as connection:
        for door, most in MOST_IN_A_MINUTE.items():
            connection.execute("UPDATE knock SET times = %s WHERE door = %s", (most, door))


def test_so_many_in_a_minute_and_then_again_in_the_next(doors: Doors, clock: StillClock) -> None:
    assert [knock(doors) for _ in range(MOST_IN_A_MINUTE[Door.ENROL] + 3)] == [True] * 300 + [False] * 3
    assert knock(doors, door=Door.SESSION)
    assert knock(doors, "192.0.2.2")
    clock.pass_(seconds=59 - clock.at.second)
    assert not knock(doors)
    clock.pass_(seconds=1)
    assert knock(doors)


def test_two_processes_count_together(doors: Doors, database_url: str, clock: StillClock) -> None:
    """Another process is another pool on the same database."""
    second = Database(database_url)
    try:
        other = Doors(second, ALLIANCE, clock)
        let_in = [knock(each) for _ in range(160) for each in (doors, other)]
    finally:
        second.close()
    assert let_in == [True] * 300 + [False] * 20


def test_when_it_may_be_tried_again_is_said(doors: Doors, database_url: str, clock: StillClock) -> None:
    doors.knock(Door.ENROL, "192.0.2.1")
    fill(database_url)
    clock.pass_(seconds=45 - clock.at.second)
    with pytest.raises(TooOftenError) as refused:
        doors.knock(Door.ENROL, "192.0.2.1")
    assert refused.value.seconds == 15


def test_a_clock_set_back_lets_nobody_through_more_often(doors: Doors, database_url: str, clock: StillClock) -> None:
    assert knock(doors)
    fill(database_url)
    assert not knock(doors)
    clock.at += timedelta(minutes=1)
    assert knock(doors)
    clock.at -= timedelta(minutes=1)
    assert not knock(doors)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("unix", "", False),
    ],
)
def test_what_counts_as_one_address(doors: Doors, database_url: str, one: str, other: str, same: bool) -> None:
    assert knock(doors, one)
    fill(database_url)
    assert knock(doors, other) is not same


def test_no_address_is_kept_and_what_is_over_is_forgotten(doors: Doors, database_url: str, clock: StillClock) -> None:
    for number in range(10):
        knock(doors, f"192.0.2.{number}")
    clock.pass_(minutes=2)
    knock(doors, "198.51.100.7")
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT who FROM knock").fetchall()
    assert len(rows) == 1
    assert len(rows[0][0]) == 24
    assert b"198.51.100.7" not in rows[0][0]


def test_every_open_request_is_counted_and_health_and_desks_inside_are_not(
    database_url: str, clock: StillClock
) -> None:
    with TestClient(create_app(database_url, ALLIANCE, clock)) as http:
        desk = HandDesk(http, code_for(database_url, clock))
        assert {route.path.rpartition("/")[2] for route in OPEN} == set(Door)
        for route in OPEN:
            http.request(route.method, route.path, json={} if route.body is not None else None)
        fill(database_url)
        for route in OPEN:
            answer = http.request(route.method, route.path, json={} if route.body is not None else None)
            assert (answer.status_code, answer.json()) == (429, {"problem": "too-often"})
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            assert answer.headers["cache-control"] == "no-store"
        assert http.get("/v1/health").status_code == 200
        assert desk.push(desk.change())["receipts"]
        clock.pass_(minutes=1)
        desk.token = desk.enter()


def test_a_desk_that_is_told_to_wait_takes_it_for_a_server_in_trouble_and_comes_back(
    server: RunningServer, join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    desk = join()
    desk.exchange()
    client = ServerClient(server.url, desk.device, desk.key.sign)
    fill(database_url)
    try:
        with pytest.raises(BusyError):
            client.exchange(ExchangeRequest("0.1.0", {}))
        clock.pass_(minutes=1)
        client.exchange(ExchangeRequest("0.1.0", {}))
    finally:
        client.close()
