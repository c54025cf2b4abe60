"""How much memory a request can cost: the real server process, watched while somebody sends without end."""

import gzip
import socket
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx2
import psutil
import pytest

from livingwell_desktop.server.folders import make_alliance_key
from tests.central import Databases, code_for_now
from tests.server.exchange import HandDesk

pytestmark = pytest.mark.slow

GIGABYTE = 1_000_000_000
MOST_GROWTH = 100_000_000
CHUNK = b"100000\r\n" + b" " * 0x100000 + b"\r\n"


@dataclass
class Watched:
    """The server process, a desk that may speak to it, and its memory before the test sent anything."""

    process: psutil.Process
    port: int
    desk: HandDesk
    most: int = 0

    def __post_init__(self) -> None:
        self.before = self.process.memory_info().rss

    def look(self) -> None:
        self.most = max(self.most, self.process.memory_info().rss)

    @property
    def growth(self) -> int:
        self.look()
        return self.most - self.before

    def start(self, path: str, *headers: str, token: str = "") -> socket.socket:
        """A connection on which the head of a request has been sent."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"authorization: Bearer {token or self.desk.token}"]
        lines += headers
        line.sendall("\r\n".join([*lines, "content-type: application/json", "", ""]).encode())
        return line


@pytest.fixture
def watched(serving: Watched) -> Watched:
    """The server as one test finds it: what an earlier one made it grow by is not counted again."""
    return replace(serving, most=0)


@pytest.fixture(scope="module")
def serving(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    database_url, tmp_path = databases.fresh(), tmp_path_factory.mktemp("keys")
    make_alliance_key(tmp_path)
    command = [sys.executable, "-m", "livingwell_desktop.server", "serve", "--port", "0"]
    command += ["--database", database_url, "--keys", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            url = program.stdout.readline().split()[-1]
            with httpx2.Client(base_url=url, timeout=30) as http:
                desk = HandDesk(http, code_for_now(database_url))
                desk.push(desk.change())
                yield Watched(psutil.Process(program.pid), int(url.rpartition(":")[2]), desk)
                # It goes on serving, and the desk is still known.
                assert desk.push()["receipts"] == []
        finally:
            program.terminate()
            program.wait(20)


def sent_without_end(watched: Watched, line: socket.socket, total: int) -> tuple[int, bytes]:
    """Send until the server cuts the line or all is sent; the bytes that went and the first line of the answer."""
    sent = 0
    try:
        while sent < total:
            line.sendall(CHUNK)
            sent += len(CHUNK)
            if sent % (64 * len(CHUNK)) == 0:
                watched.look()
        line.sendall(b"0\r\n\r\n")
    except OSError:
        watched.look()
    try:
        answer = line.recv(4096)
    except OSError:
        answer = b""
    return sent, answer.partition(b"\r\n")[0]


@pytest.mark.parametrize(
    ("path", "token"), [("/v1/exchange", ""), ("/v1/exchange", "unknown"), ("/v1/enrol", ""), ("/v1/session", "")]
)
def test_ten_gigabytes_in_one_request(watched: Watched, path: str, token: str) -> None:
    with watched.start(path, "transfer-encoding: chunked", token=token) as line:
        sent, answer = sent_without_end(watched, line, 10 * GIGABYTE)
    assert answer[:12] in (b"HTTP/1.1 413", b"")  # the line may be cut before the answer is read
    assert sent < GIGABYTE
    assert watched.growth < MOST_GROWTH


def test_ten_gigabytes_that_are_announced_are_not_waited_for(watched: Watched) -> None:
    with watched.start("/v1/exchange", f"content-length: {10 * GIGABYTE}") as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")
    assert watched.growth < MOST_GROWTH


def bomb() -> bytes:
    """Four gigabytes of zeros in about four megabytes of gzip. Its end is missing: nobody should get there."""
    packing = zlib.compressobj(9, wbits=-15)
    block = packing.compress(bytes(1 << 24)) + packing.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + block * 256


@pytest.mark.parametrize("path", ["/v1/exchange", "/v1/enrol"])
def test_a_bomb(watched: Watched, path: str) -> None:
    """As one layer, as two layers that say so, and as 42 kB whose inside is the bomb."""
    packed = bomb()
    assert 4 * GIGABYTE < 256 << 24
    assert len(packed) < 5_000_000
    small = gzip.compress(packed, 9)
    assert len(small) < 42_000
    large = 413 if path == "/v1/enrol" else 400
    for body, encoding, status in ((packed, "gzip", 413), (small, "gzip, gzip", 415), (small, "gzip", large)):
        headers = watched.desk.headers | {"content-type": "application/json", "content-encoding": encoding}
        assert watched.desk.http.post(path, content=body, headers=headers).status_code == status
        watched.look()
    assert watched.growth < MOST_GROWTH


def test_whoever_has_proved_no_key_may_send_little(watched: Watched) -> None:
    """Twenty lines at once, each with a megabyte for a route that is open to everybody."""
    lines = [watched.start("/v1/session", "transfer-encoding: chunked") for _ in range(20)]
    try:
        for line in lines:
            line.sendall(CHUNK)
        answers = [line.recv(4096) for line in lines]
    finally:
        for line in lines:
            line.close()
    assert all(answer.startswith(b"HTTP/1.1 413 ") for answer in answers)
    assert watched.growth < 20_000_000
