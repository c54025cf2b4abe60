"""`/v1/audit` in the hands of somebody who means harm: never a 5xx, never a row that does not belong."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.testclient import TestClient

from livingwell_desktop.domain.audit import (
    AuditRow,
    Entry,
    checkpoint_message,
    empty_head,
    gap,
    link,
    server_key_message,
)
from livingwell_desktop.server.application import create_app
from livingwell_desktop.sync.audit_protocol import MAX_ROWS, AuditBatch, write_batch
from tests.central import ALLIANCE, code_for
from tests.conftest import StillClock
from tests.server.exchange import HandDesk

SENTINEL = "Kwabena-Sentinel"
NGOZI = UUID("0195c000-0000-7000-8000-000000000001")


@pytest.fixture
def http(database_url: str, clock: StillClock) -> Iterator[TestClient]:
    with TestClient(create_app(database_url, ALLIANCE, clock), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def desk(http: TestClient, database_url: str, clock: StillClock) -> HandDesk:
    return HandDesk(http, code_for(database_url, clock))


def chain(desk: HandDesk, count: int, event: str = "view: a record") -> list[AuditRow]:
    rows, prev = list[AuditRow](), empty_head(desk.device)
    for n in range(1, count + 1):
        rows.append(link(n, prev, Entry(1_763_894_580_000 + n, None, event, NGOZI, None, "{}")))
        prev = rows[-1].hash
    return rows


def send(desk: HandDesk, after: int, rows: list[AuditRow]) -> Any:
    headers = desk.headers | {"content-type": "application/json"}
    return desk.http.post("/v1/audit", content=write_batch(AuditBatch(after, tuple(rows))), headers=headers)


def held(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM audit_event").fetchone()
        return int(row[0]) if row else 0


def test_the_checkpoint_is_the_alliances(desk: HandDesk, clock: StillClock) -> None:
    rows = chain(desk, 3)
    said = send(desk, 0, rows).json()
    assert (said["n"], said["hash"], said["time"]) == (3, rows[2].hash.hex(), int(clock().timestamp() * 1000))
    server_key, certificate = bytes.fromhex(said["server_key"]), bytes.fromhex(said["certificate"])
    Ed25519PublicKey.from_public_bytes(ALLIANCE.public).verify(certificate, server_key_message(server_key))
    message = checkpoint_message(desk.device, 3, rows[2].hash, said["time"])
    Ed25519PublicKey.from_public_bytes(server_key).verify(bytes.fromhex(said["signature"]), message)


@pytest.mark.parametrize(
    "spoil",
    ["a row left out", "another row in its place", "another desk's genesis", "a hash of its own", "a place twice"],
)
def test_what_does_not_continue_the_chain_is_refused_whole(desk: HandDesk, database_url: str, spoil: str) -> None:
    rows = chain(desk, 6)
    assert send(desk, 0, rows[:3]).status_code == 200
    other = chain(desk, 6, "view: another record")
    offered = {
        "a row left out": (3, rows[4:]),
        "another row in its place": (2, other[2:]),
        "another desk's genesis": (0, [link(1, bytes(32), Entry(0, None, "x", None, None, "{}"))]),
        "a hash of its own": (3, [rows[3], link(5, b"x" * 32, Entry(0, None, "x", None, None, "{}"))]),
        "a place twice": (3, [rows[3], rows[3]]),
    }[spoil]
    answer = send(desk, *offered)
    assert (answer.status_code, answer.json()) == (409, {"problem": "forked"})
    assert held(database_url) == 3
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM audit_alarm").fetchone() == (1,)


def test_links_that_a_disk_lost_are_said_and_passed(desk: HandDesk, database_url: str) -> None:
    rows = chain(desk, 6)
    send(desk, 0, rows[:2])
    lost = gap(0, 3, 6, rows[5].hash)
    assert send(desk, 2, [lost]).status_code == 200
    assert send(desk, 7, [link(8, lost.hash, Entry(0, None, "x", None, None, "{}"))]).json()["n"] == 8
    assert held(database_url) == 4


def test_a_desk_that_is_ahead_of_the_server_is_told_where_to_begin(desk: HandDesk, database_url: str) -> None:
    rows = chain(desk, 6)
    send(desk, 0, rows[:2])
    answer = send(desk, 4, rows[4:])
    assert (answer.status_code, answer.json()["n"]) == (200, 2)
    assert held(database_url) == 2


def test_nothing_malformed_breaks_the_server(desk: HandDesk, database_url: str) -> None:
    sound = json.loads(write_batch(AuditBatch(0, tuple(chain(desk, 1)))))
    row = sound["rows"][0]
    spoilt: list[Any] = [
        None,
        [],
        {},
        sound | {SENTINEL: 1},
        sound | {"after": -1},
        sound | {"after": True},
        sound | {"rows": {}},
        sound | {"rows": [5]},
        sound | {"rows": [row] * (MAX_ROWS + 1)},
        *(sound | {"rows": [row | {name: bad}]} for name in row for bad in (SENTINEL, 1.5, [], {}, True)
          if not (name in ("event", "detail") and bad == SENTINEL)),
        sound | {"rows": [row | {"detail": "x\u0000"}]},
        sound | {"rows": [row | {"detail": "\ud800"}]},
        sound | {"rows": [row | {"detail": "x" * 70_000}]},
        sound | {"rows": [row | {"event": "x" * 300}]},
        sound | {"rows": [row | {"n": 1 << 70}]},
        sound | {"rows": [row | {"at": -(1 << 60)}]},
    ]  # fmt: skip
    for each in spoilt:
        headers = desk.headers | {"content-type": "application/json"}
        answer = desk.http.post("/v1/audit", content=json.dumps(each).encode("ascii"), headers=headers)
        assert answer.status_code == 400, each
        assert SENTINEL not in answer.text
    assert desk.http.post("/v1/audit", json=sound).status_code == 401
    assert held(database_url) == 0


def test_another_desk_is_another_chain(desk: HandDesk, http: TestClient, database_url: str, clock: StillClock) -> None:
    other = HandDesk(http, code_for(database_url, clock))
    assert send(desk, 0, chain(desk, 2)).status_code == 200
    assert send(other, 0, chain(desk, 2)).status_code == 409
    assert send(other, 0, chain(other, 1)).status_code == 200
