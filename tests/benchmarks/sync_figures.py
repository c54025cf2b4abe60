"""How fast changes travel: push and pull per second, what an idle round costs, how soon the other desk shows a save.

python -m tests.benchmarks.sync_figures [CHANGES]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.server.folders import make_alliance_key
from livingwell_desktop.storage import Author, create, prepare
from livingwell_desktop.sync.protocol import ExchangeAnswer, ExchangeRequest, Offered
from tests.central import CENTRE, STAFF, Databases, JoinedDesk, joined_desks
from tests.sync.link import Link

AUTHOR = Author(STAFF, CENTRE, "bench")


def clock() -> datetime:
    return datetime.now(UTC)


def person_number(number: int) -> UUID:
    return UUID(int=(0x0195C000_0000_7000_8000 << 48) + number)


def fill(desk: JoinedDesk, changes: int) -> None:
    for start in range(0, changes, 100):
        writes = [
            create(
                person_number(number),
                Person(
                    given_name=f"Ngozi {number}",
                    family_name="Okafor",
                    phone=f"07700 9{number:05}",
                    postcode="SE5 8AF",
                    address="12 Camberwell Green, London",
                ),
            )
            for number in range(start, min(start + 100, changes))
        ]
        desk.store.write(writes, [], AUTHOR)


def push_per_second(desk: JoinedDesk) -> float:
    """The wire and the server alone: requests are made before, receipts are written down after."""
    unsent = desk.store.unsent(1_000_000)
    loads = [unsent[at : at + 500] for at in range(0, len(unsent), 500)]
    requests = [
        ExchangeRequest("bench", {"alliance": 0}, tuple(Offered(e.change, e.envelope, e.act) for e in load), limit=0)
        for load in loads
    ]
    began = time.perf_counter()
    for request in requests:
        desk.client.exchange(request)
    return len(unsent) / (time.perf_counter() - began)


def pull_per_second(desk: JoinedDesk) -> tuple[float, float]:
    """Pulled, hashed and read without the store; then with the store."""
    cursor, count, began = 0, 0, time.perf_counter()
    while True:
        answer: ExchangeAnswer = desk.client.exchange(ExchangeRequest("bench", {"alliance": cursor}, limit=500))
        count += sum(prepare(each.number, each.change).content is not None for each in answer.changes)
        cursor = answer.cursors["alliance"]
        if not answer.more:
            break
    wire = count / (time.perf_counter() - began)
    began = time.perf_counter()
    desk.exchange()
    return wire, count / (time.perf_counter() - began)


def idle_round(desk: JoinedDesk, link: Link) -> tuple[float, float]:
    desk.exchange()
    before, times = link.passed, []
    for _ in range(200):
        began = time.perf_counter()
        desk.exchange()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000, (link.passed - before) / 200


def visible(author: JoinedDesk, reader: JoinedDesk, first: int) -> list[float]:
    arrived = threading.Event()
    reader.store.listen(lambda changes: arrived.set() if changes.arrived else None)
    ready = [threading.Event(), threading.Event()]
    for desk, event in zip((author, reader), ready, strict=True):
        desk.engine.listen(_when_connected(event))
        desk.engine.start()
    for event in ready:
        event.wait(10)
    times = []
    for number in range(first, first + 105):
        arrived.clear()
        began = time.perf_counter()
        author.store.write([create(person_number(number), Person(given_name="A"))], [], AUTHOR)
        if not arrived.wait(10):
            raise RuntimeError("a save did not arrive")
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times[5:])


@contextmanager
def server_process(database_url: str, keys: Path) -> Iterator[int]:
    """A server in a process of its own, as it is in earnest; its port."""
    make_alliance_key(keys)
    module = "livingwell_desktop.server"
    command = [sys.executable, "-m", module, "serve", "--database", database_url, "--keys", str(keys), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the server says nothing")
            yield int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.terminate()


def _when_connected(event: threading.Event) -> Callable[[object], None]:
    return lambda state: event.set() if getattr(state, "connected", False) else None


def main(changes: int = 5000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        url = Databases(postgres.start()).fresh()
        try:
            with (
                server_process(url, Path(folder) / "keys") as port,
                Link(port) as link,
                joined_desks(f"http://127.0.0.1:{port}", url, Path(folder), clock) as join,
            ):
                author, reader, counted = join(), join(), join(url=link.url)
                fill(author, changes)
                push = push_per_second(author)
                wire, stored = pull_per_second(reader)
                author.exchange()
                counted.exchange()
                idle, size = idle_round(counted, link)
                times = visible(author, reader, changes)
        finally:
            postgres.remove()
    figures = {
        "push_per_s": round(push),
        "pull_hashed_per_s": round(wire),
        "pull_stored_per_s": round(stored),
        "idle_round_ms": round(idle, 1),
        "idle_round_bytes": round(size),
        "visible_p50_ms": round(statistics.median(times), 1),
        "visible_p95_ms": round(times[94], 1),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))
