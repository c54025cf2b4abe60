"""Every route of the server, against machines that make up requests: never a 5xx, nobody let in, nothing repeated.

The long run: LIVINGWELL_HOSTILE_REQUESTS=20000 LIVINGWELL_SCHEMA_EXAMPLES=500 python3 installer/dev.py test
tests/server/test_interface.py
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection
from starlette.testclient import TestClient

from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.sync.audit_protocol import AuditBatch, write_batch
from tests.central import ALLIANCE, CENTRE, code_for
from tests.conftest import StillClock
from tests.server.exchange import PERSON, HandDesk, content
from tests.server.hostile_requests import SENTINEL, Hostile, Maker
from tests.server.interface import ROUTES, Route, openapi
from tests.server.test_audit import chain

HOSTILE_REQUESTS = int(os.environ.get("LIVINGWELL_HOSTILE_REQUESTS", "2000"))
SCHEMA_EXAMPLES = int(os.environ.get("LIVINGWELL_SCHEMA_EXAMPLES", "25"))
TABLES = ("device", "change", "entry")
SCHEMA = schemathesis.openapi.from_dict(openapi())
each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


@pytest.fixture
def http(database_url: str, clock: StillClock) -> Iterator[TestClient]:
    with TestClient(create_app(database_url, ALLIANCE, clock), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def desk(http: TestClient, database_url: str, clock: StillClock) -> HandDesk:
    return HandDesk(http, code_for(database_url, clock))


def held(database_url: str) -> dict[str, int]:
    """How many rows there are of what desks wrote."""
    with psycopg.connect(database_url) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index, arg-type]  # always one row
            for table in TABLES
        }


def judge(status: int, headers: Mapping[str, str], body: bytes, what: object) -> None:
    """What is true of every answer, whoever asked whatever."""
    assert status < 500, what
    assert SENTINEL.encode() not in body, what
    assert headers["cache-control"] == "no-store", what
    if status != 200:
        assert headers["content-type"] == "application/problem+json", what
        assert len(body) < 100, what


def test_every_route_of_the_server_stands_in_the_table(http: TestClient) -> None:
    there = {
        (method, route.path) for route in http.app.routes if isinstance(route, APIRoute) for method in route.methods
    }  # type: ignore[attr-defined]  # FastAPI's
    assert there == {(route.method, route.path) for route in ROUTES}
    assert len(there) == len(http.app.routes)  # type: ignore[attr-defined]  # nothing else is served


@each_route
def test_a_route_that_needs_a_session_says_the_same_to_everybody_else(http: TestClient, route: Route) -> None:
    answers = [
        http.request(route.method, route.path, headers=headers, json={} if route.body is not None else None)
        for headers in ({}, {"authorization": "Bearer x"}, {"authorization": "Basic eDp4"})
    ]
    if route.needs_session:
        assert [(answer.status_code, answer.json()) for answer in answers] == [(401, {"problem": "session"})] * 3
    else:
        assert 401 not in [answer.status_code for answer in answers]


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["sound", "unsound"])
@each_route
def test_whatever_a_machine_makes_up_from_the_schema(
    route: Route, mode: GenerationMode, server: RunningServer, database_url: str, clock: StillClock
) -> None:
    """Over a real connection; also with a good session, so that what lies behind it is reached."""
    operation = SCHEMA[route.path][route.method]
    with TestClient(create_app(database_url, ALLIANCE, clock)) as http:
        token = HandDesk(http, code_for(database_url, clock)).token
    before = held(database_url)
    headers = [{}] if route.endless or not route.needs_session else [{}, {"Authorization": f"Bearer {token}"}]
    if mode is GenerationMode.NEGATIVE and route.body is None and not route.needs_session:
        return  # it takes nothing, so nothing in it can be wrong

    @settings(max_examples=SCHEMA_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: schemathesis.Case) -> None:
        for extra in headers:
            # A made-up token is replaced, never added to: the last run has a good one.
            answer = case.call(base_url=server.url, headers=extra, timeout=20)
            judge(answer.status_code, {name: value[0] for name, value in answer.headers.items()}, answer.content, case)
            case.validate_response(answer, checks=[not_a_server_error, negative_data_rejection])
            if route.needs_session and not extra:
                assert answer.status_code == 401

    asked()
    assert held(database_url)["device"] == before["device"]


@pytest.mark.slow
def test_thousands_of_hostile_requests(desk: HandDesk, database_url: str, clock: StillClock) -> None:
    """No 5xx, no word repeated, nobody let in; and the desk that was used for it can still work afterwards."""
    used = code_for(database_url, clock)
    assert HandDesk(desk.http, used, desk.key).device != desk.device
    before = held(database_url)

    def sound(path: str) -> dict[str, Any]:
        if path == "/v1/enrol":
            public = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
            return {"code": used, "name": "Desk", "centre": None, "public_key": public}
        if path == "/v1/session":
            nonce = desk.http.get("/v1/challenge").json()["nonce"]
            signed = desk.key.sign(b"something else").hex()
            return {"device": str(desk.device), "nonce": nonce, "signature": signed, "challenge": "00" * 32}
        if path in others:
            return json.loads(json.dumps(others[path]))
        changes = [desk.change(content(set={"given_name": f"{SENTINEL} {number}"})) for number in range(2)]
        desk.n, desk.head = start
        return desk.request(*changes)

    start, others = (desk.n, desk.head), sound_bodies(desk)
    answered: Counter[int] = Counter()
    good: set[str] = set()
    for seed in range(HOSTILE_REQUESTS // 500):
        clock.pass_(minutes=2)
        desk.token = desk.enter()
        for made in Maker(seed, sound, desk.token).requests(500):
            status = ask(desk.http, made)
            answered[status] += 1
            if status == 200:
                good.add(made.path.partition("?")[0])
    assert sum(answered.values()) == HOSTILE_REQUESTS // 500 * 500
    # The requests are not all alike: some get past each of the gates.
    assert {200, 400, 401, 403, 404, 405, 409, 413, 415} <= answered.keys(), answered
    # What lies behind the door of every route is reached that lets a desk in without more than its session.
    closed = {"/v1/enrol", "/v1/session", "/v1/return", "/v1/fork", "/v1/administrator", "/v1/offer", "/v1/refill"}
    # These ask for a member of staff who may: nobody may here.
    closed |= {"/v1/opened", "/v1/found", "/v1/desk-code", "/v1/shut-out", "/v1/held"}
    assert good >= {route.path for route in ROUTES if not route.endless} - closed
    # The desk was found to be a copy of itself, and may have asked for its name with its good session; nobody else.
    with psycopg.connect(database_url) as connection:
        copies = connection.execute("SELECT copy_of FROM device WHERE copy_of IS NOT NULL").fetchall()
    assert held(database_url)["device"] == before["device"] + len(copies)
    assert {each for (each,) in copies} <= {desk.device}
    # A sound push still finds its place.
    other = HandDesk(desk.http, code_for(database_url, clock))
    assert other.push(other.change())["receipts"]


def sound_bodies(desk: HandDesk) -> dict[str, Any]:
    """A body that is right in itself for each route that is not like an exchange or a session."""
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    proof = {"device": str(desk.device), "nonce": "00" * 48, "signature": "00" * 64, "challenge": "00" * 32}
    return {
        "/v1/download": {"stream": "alliance", "place": "", "limit": 10},
        "/v1/records": {"records": [PERSON]},
        "/v1/audit": json.loads(write_batch(AuditBatch(0, tuple(chain(desk, 2))))),
        "/v1/fork": {"public_key": key},
        "/v1/offer": {"changes": ["ab" * 16], "voids": [["cd" * 16, 2]]},
        "/v1/refill": {"certificates": [desk.enrolled["certificate"]], "voids": [], "changes": []},
        "/v1/return": proof | {"certificates": [desk.enrolled["certificate"]]},
        "/v1/opened": {"staff": PERSON, "person": PERSON},
        "/v1/found": {"staff": PERSON},
        "/v1/desk-code": {"staff": PERSON, "centre": str(CENTRE), "sensitivity": 1},
        "/v1/shut-out": {"staff": PERSON, "device": str(desk.device), "reason": "stolen", "words": "From a car"},
        "/v1/held": {"staff": PERSON, "device": str(desk.device)},
        "/v1/administrator": {"code": "AAAA-BBBB", "member": PERSON, "agreement": key, "signing": key},
    }


def ask(http: TestClient, made: Hostile) -> int:
    """Send it and judge the answer. Returns the status."""
    answer = http.request(made.method, made.path, content=made.body, headers=dict(made.headers))
    # A good answer to these gives back what desks wrote.
    words = made.path.partition("?")[0] in ("/v1/exchange", "/v1/download", "/v1/records")
    body = b"" if answer.status_code == 200 and words else answer.content
    judge(answer.status_code, answer.headers, body, made.done)
    if answer.status_code == 200:
        needs_session = next(route.needs_session for route in ROUTES if route.path == made.path.partition("?")[0])
        assert made.token_is_good or not needs_session, made
        assert made.path.partition("?")[0] not in ("/v1/enrol", "/v1/session", "/v1/return"), made
    return answer.status_code
