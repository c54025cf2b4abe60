"""The wire's forms, and who is not our server."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from uuid import UUID

import httpx2
import pytest

from livingwell_desktop.domain.changes import Change, Envelope, Standing, Void, content_hash, envelope
from livingwell_desktop.storage import Arrival, Unsent, prepare
from livingwell_desktop.sync.begun import BegunBody
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.entries import Delivered
from livingwell_desktop.sync.joining import NONCE_BYTES
from livingwell_desktop.sync.packing import batches, first_load
from livingwell_desktop.sync.protocol import (
    ExchangeAnswer,
    ExchangeRequest,
    Offered,
    Received,
    Refused,
    StreamPage,
    begin_request,
    end_request,
    read_answer,
    read_request,
    write_answer,
    write_request,
)
from livingwell_desktop.sync.state import clock_wrong_minutes
from livingwell_desktop.sync.strict import ProtocolError
from livingwell_desktop.sync.troubles import (
    BusyError,
    NoServerError,
    NotTheServerError,
    ServerTroubleError,
    SyncError,
    TooLargeError,
)
from livingwell_desktop.sync.waking import Backoff

DEVICE = UUID(int=7)
_JSON = {"content-type": "application/json"}
NOW = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


def change(number: int, content: bytes = '{"a":"Zoë 🙂"}'.encode()) -> Change:
    return Change(number.to_bytes(16, "big"), content, bytes(16), bytes(32), DEVICE, bytes(64))


def link(number: int) -> Envelope:
    return envelope(DEVICE, number, bytes(32), number.to_bytes(16, "big"), bytes(32))


VOID = Void(bytes(16), DEVICE, (bytes(16),), frozenset({"a", "b"}), bytes(32), Standing.REFUSED)
EVERY_KIND = (
    Delivered(4, (change(2),)),
    Delivered(5, (VOID,)),
    Delivered(6, (change(3), VOID), whole=True),
    Delivered(7, leaves=DEVICE),
    Delivered(8, card=(DEVICE, {"given_name": "Zoë"})),
    Delivered(9, card=(DEVICE, None)),
)


def test_what_is_written_is_what_is_read() -> None:
    request = ExchangeRequest("0.1.0", {"alliance": 3}, (Offered(change(1), link(1), "act"),), 500)
    assert read_request(write_request(request)) == request
    answer = ExchangeAnswer(
        (Received(bytes(16), bytes(32)),),
        (Refused(bytes(16), "why"),),
        {"alliance": StreamPage(EVERY_KIND, 9, True)},
        ("alliance", "centre/clinical"),
        NOW,
        "0.abc",
    )
    assert read_answer(write_answer(answer)) == answer


def test_a_body_that_was_begun_is_the_same_request_and_may_be_ended_again() -> None:
    offered = tuple(Offered(change(number), link(number), "act") for number in range(1, 200))
    begun = BegunBody(begin_request(offered))
    for cursor in (3, 4):
        request = ExchangeRequest("0.1.0", {"alliance": cursor}, offered, 500)
        assert gzip.decompress(begun.ended(end_request(request))) == write_request(request)
        assert read_request(write_request(request)) == request


def test_a_change_from_the_server_that_cannot_be_read_harms_only_itself() -> None:
    page = StreamPage((Delivered(1, (change(1),)), Delivered(2, (change(2),))), 2, False)
    body = json.loads(write_answer(ExchangeAnswer((), (), {"alliance": page}, (), NOW)))
    body["streams"]["alliance"]["entries"][0][4] = "?"
    first, second = read_answer(json.dumps(body).encode()).streams["alliance"].entries
    assert first.problem
    (kept,) = first.nodes
    assert isinstance(kept, Change)
    assert json.loads(kept.content)[4] == "?"
    assert second == page.entries[1]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html>", b'{"protocol":1}'])
def test_an_answer_of_another_form_is_none(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_answer(body)


def unsent(*acts: str, size: int = 10) -> list[Unsent]:
    return [Unsent(change(n, b"x" * size), link(n), act) for n, act in enumerate(acts, start=1)]


def test_a_load_is_whole_acts_and_one_at_least() -> None:
    assert len(first_load(unsent("a", "a", "b", "b", "c"), 3, 10_000)) == 2
    assert len(first_load(unsent("a", "a", "a", "b"), 2, 10_000)) == 3
    assert len(first_load(unsent("a", "b", "c", size=1000), 10, 3500)) == 2
    assert len(first_load(unsent("a", size=10_000), 10, 100)) == 1
    assert first_load([], 10, 100) == ()


def arrivals(*acts: str) -> list[Arrival]:
    made = []
    for number, act in enumerate(acts, start=1):
        said = {
            "record": str(DEVICE), "kind": "x", "subject": str(DEVICE), "sensitivity": 0, "parents": [], "set": {},
            "act": act, "at": 0, "staff": None, "centre": None, "program": "", "judged_at": [0, 0],
        }  # fmt: skip
        raw = json.dumps(said).encode()
        made.append(prepare(number, Change(bytes(16), raw, b"", content_hash(b"", raw), DEVICE, b"")))
    return made


@pytest.mark.parametrize(
    ("acts", "sizes"),
    [("aabbc", [2, 3]), ("aaaaabb", [5, 2]), ("abcdef", [3, 3]), ("a", [1]), ("", []), ("aaaab", [4, 1])],
)
def test_batches_are_whole_acts(acts: str, sizes: list[int]) -> None:
    assert [len(each) for each in batches(arrivals(*acts), 3)] == sizes


def test_a_clock_is_wrong_from_ten_minutes_on() -> None:
    assert clock_wrong_minutes(NOW.replace(minute=53), NOW) == 0
    assert clock_wrong_minutes(NOW.replace(minute=54), NOW) == 11
    assert clock_wrong_minutes(NOW.replace(hour=9), NOW) == -60


@contextmanager
def somebody(status: int, content_type: str, body: bytes, **headers: str) -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(url: str) -> None:
    client = ServerClient(url, DEVICE, lambda _message: bytes(64))
    try:
        client.exchange(ExchangeRequest("0.1.0", {}))
    finally:
        client.close()


@pytest.mark.parametrize(
    ("status", "content_type", "trouble"),
    [
        (200, "text/html", NotTheServerError),
        (302, "text/html", NotTheServerError),
        (403, "text/html", NotTheServerError),
        (502, "text/html", ServerTroubleError),
        (200, "application/json", SyncError),
    ],
)
def test_a_page_of_the_network_is_no_server(status: int, content_type: str, trouble: type[SyncError]) -> None:
    with somebody(status, content_type, b"<html>Sign in to our wifi</html>") as url, pytest.raises(trouble):
        ask(url)


@pytest.mark.parametrize(("said", "seconds"), [("42", 42.0), ("soon", 0.0), ("", 0.0)])
def test_a_busy_server_says_when_to_ask_again(said: str, seconds: float) -> None:
    with (
        somebody(429, "application/problem+json", b'{"problem":"too-often"}', retry_after=said) as url,
        pytest.raises(BusyError) as busy,
    ):
        ask(url)
    assert busy.value.seconds == seconds


class Heard(httpx2.BaseTransport):
    """A server that takes everybody in and notes which headers each request had."""

    def __init__(self) -> None:
        self.headers: list[set[str]] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.headers.append(set(request.headers))
        if request.url.path == "/v1/challenge":
            return httpx2.Response(200, json={"nonce": bytes(NONCE_BYTES).hex()})
        if request.url.path == "/v1/session":
            return httpx2.Response(200, json={"token": "a" * 22, "seconds": 60})
        return httpx2.Response(200, content=write_answer(ExchangeAnswer((), (), {}, (), NOW)), headers=_JSON)


def test_a_request_says_nothing_that_nobody_needs() -> None:
    """An idle round is mostly headers, and which library a desk uses is nobody's business."""
    heard = Heard()
    client = ServerClient("http://127.0.0.1:1", DEVICE, lambda _message: bytes(64), transport=heard)
    client.exchange(ExchangeRequest("0.1.0", {}))
    client.close()
    assert heard.headers[0] == {"host", "accept-encoding"}
    assert heard.headers[-1] == {"host", "accept-encoding", "content-type", "authorization", "content-length"}


def test_the_pause_is_no_shorter_than_the_server_asked_for() -> None:
    backoff = Backoff(Random(1))
    assert 42 <= backoff.failed(42.0) <= 63
    assert backoff.remaining() > 40
    assert backoff.failed() <= 30
    assert backoff.failed(1_000_000.0) <= 900


def test_what_is_too_large_says_so_and_whom_to_ring() -> None:
    with (
        somebody(413, "application/problem+json", b'{"problem":"too-large"}') as url,
        pytest.raises(TooLargeError) as large,
    ):
        ask(url)
    assert "too large to send" in large.value.to_do


def test_nobody_there() -> None:
    with somebody(200, "", b"") as url:
        gone = url
    with pytest.raises(NoServerError):
        ask(gone)


def test_plain_http_is_for_this_pc_only() -> None:
    with pytest.raises(ValueError, match="https"):
        ServerClient("http://server.example", DEVICE, lambda _message: bytes(64))
