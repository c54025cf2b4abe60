"""Every route of the server and whose right it asks for. A desk that was shut out is let in nowhere."""

from collections.abc import Iterator

import psycopg
import pytest
from starlette.testclient import TestClient

from livingwell_desktop.server.application import create_app
from tests.central import ALLIANCE, code_for
from tests.conftest import StillClock
from tests.server.exchange import HandDesk
from tests.server.interface import ROUTES
from tests.sync.conftest import database_url, databases

__all__ = ["database_url", "databases"]

NOBODYS = "anybody may ask; it says nothing about anybody"
A_CODE = "whoever has a one-time code of the operator"
A_KEY = "whoever proves the key of a desk that the alliance certified"
ITS_OWN = "a desk with a session: what its centres and its sensitivity let it hold, and row-level security again"
RIGHTS = {
    "/v1/health": NOBODYS,
    "/v1/challenge": NOBODYS,
    "/v1/enrol": A_CODE,
    "/v1/session": A_KEY,
    "/v1/return": A_KEY,
    "/v1/exchange": f"{ITS_OWN}; each change by the rights of its author (tests/server/test_rights.py)",
    "/v1/download": ITS_OWN,
    "/v1/records": ITS_OWN,
    "/v1/poke": ITS_OWN,
    "/v1/audit": "a desk with a session: rows that continue its own audit",
    "/v1/generations": "a desk with a session: when the server was restored",
    "/v1/offer": "a desk with a session that has not answered to the newest restore",
    "/v1/refill": "as an offer; each change by its author’s signature, rights were judged when it was first taken",
    "/v1/fork": "a desk with a session of which a copy was found",
    "/v1/travel-key": "a desk with a session: what every desk of the alliance shares",
    "/v1/opened": "a desk with a session, for a member of staff who may see who opened a record that it may hold",
    "/v1/found": "a desk with a session, for a member of staff who oversees: what is of its centres",
    "/v1/administrator": "a desk with a session and a one-time code for an administrator",
}


@pytest.fixture
def http(database_url: str, clock: StillClock) -> Iterator[TestClient]:
    with TestClient(create_app(database_url, ALLIANCE, clock)) as client:
        yield client


def test_every_route_says_whose_right_it_asks_for() -> None:
    assert set(RIGHTS) == {route.path for route in ROUTES}
    assert {path for path, right in RIGHTS.items() if "a desk with a session" in right or "as an offer" in right} == {
        route.path for route in ROUTES if route.needs_session
    }


def test_a_desk_that_was_shut_out_is_let_in_nowhere(http: TestClient, database_url: str, clock: StillClock) -> None:
    desk = HandDesk(http, code_for(database_url, clock))
    assert http.post("/v1/exchange", json=desk.request(), headers=desk.headers).status_code == 200
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE device SET revoked_at = now() WHERE id = %s", (desk.device,))
    for route in ROUTES:
        if route.needs_session:
            body = {} if route.body is not None else None
            assert http.request(route.method, route.path, json=body, headers=desk.headers).status_code == 401, route
