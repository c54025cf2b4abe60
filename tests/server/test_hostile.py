"""Requests from somebody who means harm: never a 5xx, never an echo, nothing in a cache."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.bodies import MAX_OPEN_BYTES
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.joining import ticket_letter
from livingwell_desktop.sync.joining import read_certificate, session_message
from tests.central import ALLIANCE, CENTRE, code_for
from tests.conftest import StillClock
from tests.server.exchange import HandDesk, content

SENTINEL = "Kwabena-Sentinel"


@pytest.fixture
def http(database_url: str, clock: StillClock) -> Iterator[TestClient]:
    with TestClient(create_app(database_url, ALLIANCE, clock), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def desk(http: TestClient, database_url: str, clock: StillClock) -> HandDesk:
    return HandDesk(http, code_for(database_url, clock))


def bodies(desk: HandDesk) -> dict[str, bytes]:
    sound: dict[str, Any] = desk.request()
    odd: dict[str, Any] = {
        "null": None,
        "number": 5,
        "list": [SENTINEL],
        "empty object": {},
        "unknown field": sound | {SENTINEL: 1},
        "missing field": {name: value for name, value in sound.items() if name != "limit"},
        "protocol": sound | {"protocol": 99},
        "protocol is true": sound | {"protocol": True},
        "program with NUL": sound | {"program": "\u0000"},
        "cursors list": sound | {"cursors": [SENTINEL]},
        "negative cursor": sound | {"cursors": {"alliance": -1}},
        "huge cursor": sound | {"cursors": {"alliance": 1 << 80}},
        "large cursor": sound | {"cursors": {"alliance": (1 << 62) - 1}},
        "stream with NUL": sound | {"cursors": {"\u0000": 1}},
        "huge limit": sound | {"limit": 1 << 40},
        "limit is a float": sound | {"limit": 1.5},
        "changes object": sound | {"changes": {}},
        "changes of numbers": sound | {"changes": [5]},
        "change without id": sound | {"changes": [{"content": SENTINEL}]},
        "too many changes": sound | {"changes": [{}] * 1001},
    }
    raw = {
        "nothing": b"",
        "not UTF-8": b"\xff\xfe",
        "not JSON": b"{" + SENTINEL.encode(),
        "deep": b"[" * 200_000,
        "key twice": b'{"protocol":1,"protocol":1}',
        "NaN": b'{"protocol":NaN}',
        "long number": b'{"protocol":' + b"9" * 10_000 + b"}",
    }
    return {name: json.dumps(value).encode() for name, value in odd.items()} | raw


PATHS = ("/v1/exchange", "/v1/enrol", "/v1/session")


def test_malformed_bodies_are_the_client_s_mistake(desk: HandDesk) -> None:
    for name, body in bodies(desk).items():
        for path in PATHS:
            headers = desk.headers | {"content-type": "application/json"}
            answer = desk.http.post(path, content=body, headers=headers)
            assert answer.status_code < 500, (name, path)
            too_large = path != "/v1/exchange" and len(body) > MAX_OPEN_BYTES
            assert answer.status_code == (413 if too_large else 400) or name == "large cursor", (name, path)
            assert SENTINEL not in answer.text
            assert answer.headers["cache-control"] == "no-store"
            if answer.status_code != 200:
                assert answer.headers["content-type"] == "application/problem+json"


def test_limits_hold_before_anything_is_parsed(desk: HandDesk) -> None:
    json_type = desk.headers | {"content-type": "application/json"}
    packed = json_type | {"content-encoding": "gzip"}

    def status(body: Any, headers: dict[str, str]) -> int:
        return desk.http.post("/v1/exchange", content=body, headers=headers).status_code

    assert status(b" " * 5_000_001, json_type) == 413
    assert status(iter([b" " * 1_000_000] * 6), json_type) == 413  # without a length
    assert status(gzip.compress(b" " * 20_000_001), packed) == 413
    assert status(b"not gzip", packed) == 400
    assert status(gzip.compress(b"{}")[:-3], packed) == 400
    assert status(gzip.compress(json.dumps(desk.request()).encode()), packed) == 200
    assert status(b"{}", packed | {"content-encoding": "br"}) == 415
    assert status(b"{}", desk.headers | {"content-type": "text/plain"}) == 415


def test_unknown_pages_and_methods_say_all_the_same(http: TestClient) -> None:
    for path in ("/", "/docs", "/openapi.json", "/redoc", "/v1", f"/v1/{SENTINEL}", "/v1/exchange/"):
        answer = http.get(path)
        assert (answer.status_code, answer.json()) == (404, {"problem": "not-found"})
    assert http.get("/v1/exchange").status_code == 405


def test_health_says_nothing_about_anybody(http: TestClient) -> None:
    assert http.get("/v1/health").json() == {"server": "livingwell", "protocol": 1}


def test_nobody_comes_in_without_a_good_token(desk: HandDesk, clock: StillClock) -> None:
    for shown in (b"", b"Bearer x", desk.token.encode(), b"Bearer \xff\xfe", b"Bearer " + b"x" * 5000):
        header = {b"authorization": shown}
        for answer in (
            desk.http.post("/v1/exchange", json=desk.request(), headers=header),
            desk.http.get("/v1/poke", headers=header),
        ):
            assert (answer.status_code, answer.json()) == (401, {"problem": "session"})
    clock.pass_(minutes=15)
    assert desk.http.post("/v1/exchange", json=desk.request(), headers=desk.headers).status_code == 401


def test_a_session_needs_the_key_and_a_fresh_nonce_of_ours_once(desk: HandDesk, clock: StillClock) -> None:
    def enter(nonce: bytes, key: Ed25519PrivateKey = desk.key) -> int:
        signature = key.sign(session_message(desk.device, nonce)).hex()
        proof = {"device": str(desk.device), "nonce": nonce.hex(), "signature": signature}
        return desk.http.post("/v1/session", json=proof).status_code

    def challenge() -> bytes:
        return bytes.fromhex(desk.http.get("/v1/challenge").json()["nonce"])

    nonce = challenge()
    assert enter(nonce, Ed25519PrivateKey.generate()) == 403
    assert enter(nonce) == 200
    assert enter(nonce) == 403
    assert enter(bytes(48)) == 403
    old = challenge()
    clock.pass_(seconds=61)
    assert enter(old) == 403


def test_a_code_works_once_and_for_two_days(http: TestClient, database_url: str, clock: StillClock) -> None:
    def enrol(code: str, key: Ed25519PrivateKey) -> Any:
        public = key.public_key().public_bytes_raw().hex()
        return http.post("/v1/enrol", json={"code": code, "name": "Desk", "centre": str(CENTRE), "public_key": public})

    code, key = code_for(database_url, clock), Ed25519PrivateKey.generate()
    joined = enrol(code.lower().replace("-", " "), key)
    assert joined.status_code == 200
    assert enrol(code, key).json() == joined.json()  # a lost answer
    assert enrol(code, Ed25519PrivateKey.generate()).status_code == 403
    assert enrol("0000-0000-0000-0000", key).json() == {"problem": "not-let-in"}
    late = code_for(database_url, clock)
    clock.pass_(**{"days": timedelta(days=2).days})
    assert enrol(late, key).status_code == 403


def test_the_alliance_certifies_the_desk(desk: HandDesk) -> None:
    said = desk.enrolled
    certificate = read_certificate(said["certificate"])
    assert certificate.holds(bytes.fromhex(said["alliance_key"]))
    assert certificate.public_key == desk.key.public_key().public_bytes_raw()
    assert certificate.centres == (CENTRE,)
    assert not replace(certificate, sensitivity=2).holds(bytes.fromhex(said["alliance_key"]))


def test_ticket_letters() -> None:
    assert [ticket_letter(n) for n in (0, 7, 8, 23, 24, 47, 48)] == ["A", "H", "J", "Z", "AA", "AZ", "BA"]


def test_the_running_server_may_neither_change_the_schema_nor_what_desks_wrote(
    desk: HandDesk, database_url: str
) -> None:
    desk.push(desk.change())
    database = Database(database_url)
    try:
        for statement in ("DELETE FROM change", "UPDATE change SET content = ''", "DROP TABLE entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction() as connection:
                connection.execute(statement)
    finally:
        database.close()


def test_an_own_mistake_says_nothing_of_anybody(
    desk: HandDesk, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE change ADD CHECK (length(content) < 300)")
    change = desk.change(content(set={"given_name": SENTINEL * 20}))
    answer = desk.http.post("/v1/exchange", json=desk.request(change), headers=desk.headers)
    assert (answer.status_code, answer.json()) == (500, {"problem": "server"})
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert SENTINEL not in caplog.text
    caplog.clear()
