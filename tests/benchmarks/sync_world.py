"""A real server in a process of its own on a real PostgreSQL with fsync, desks with encrypted stores, and what fills
them: records of about one kilobyte, a person for every 24 notes, the same every time.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from os import urandom
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.domain.changes import (
    Change,
    Content,
    content_hash,
    envelope,
    signed_bytes,
    write_content,
)
from livingwell_desktop.domain.notes import Note
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import body_of, kind_of
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.server.folders import make_alliance_key
from livingwell_desktop.storage import Author
from livingwell_desktop.sync.client import ServerClient, enrol
from livingwell_desktop.sync.joining import EnrolRequest
from livingwell_desktop.sync.protocol import NO_CHAIN, ExchangeRequest, Offered
from tests.central import CENTRE, STAFF, Databases, JoinedDesk, code_for, joined_desks

AUTHOR = Author(STAFF, CENTRE, "bench")
WORKER = UUID("0195c000-0000-7000-8000-0000000000f2")
"""Who writes what the filler pushes: a key worker, where the server is told of staff at all."""
LOAD = 500
PERSON_EVERY = 25
_TEXT = (
    "appointment benefits housing letter landlord phone call support worker centre visit said that she he they would"
    " like to talk about medication sleep money rent arrears council tax form filled in together with next week on"
    " Tuesday at ten agreed to come back if anything changes feeling better than last time not so well since the move"
    " sister brother mother friend neighbour garden group cooking walking job interview training volunteer library"
    " hospital nurse doctor psychiatrist referral waiting list crisis plan safe number card bus pass food bank voucher"
    " electricity meter heating damp repair complaint tribunal hearing statement evidence copy sent by post email"
)
_WORDS = tuple(_TEXT.split())


def clock() -> datetime:
    """The real time: nothing here waits for a still clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Central:
    """A server in its own process."""

    url: str
    port: int
    database_url: str
    folder: Path
    process: int
    join: Callable[..., JoinedDesk]


class Cluster:
    """One PostgreSQL with fsync; a server on a fresh database for each measurement."""

    def __init__(self, folder: Path) -> None:
        self._postgres = EmbeddedPostgres(folder / "postgres")
        self._databases = Databases(self._postgres.start())
        self._folder = folder

    @contextmanager
    def central(self) -> Iterator[Central]:
        """A server on a fresh database."""
        url = self._databases.fresh()
        with (
            tempfile.TemporaryDirectory(dir=self._folder) as name,
            _serving(url, Path(name) / "keys") as (process, port),
            joined_desks(f"http://127.0.0.1:{port}", url, Path(name), clock) as join,
        ):
            yield Central(f"http://127.0.0.1:{port}", port, url, Path(name), process, join)

    def remove(self) -> None:
        """Stop it and delete what it held."""
        self._postgres.remove()


@contextmanager
def _serving(database_url: str, keys: Path) -> Iterator[tuple[int, int]]:
    make_alliance_key(keys)
    module = "livingwell_desktop.server"
    command = [sys.executable, "-m", module, "serve", "--database", database_url, "--keys", str(keys), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the server says nothing")
            yield process.pid, int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.terminate()


def record_number(number: int) -> UUID:
    """Ids in the order of their making, as UUIDv7 are; none is that of a centre or of staff."""
    return UUID(int=(0x0195_C000_0000_7000_8001 << 48) + number)


def words(chance: Random, length: int) -> str:
    """Plain words of about that many characters."""
    return " ".join(chance.choices(_WORDS, k=length // 6))


def value(number: int) -> Any:
    """Record `number`: every 25th is a person, the others are notes about the person before. About 1 KB as content."""
    chance = Random(number)
    if number % PERSON_EVERY == 0:
        return Person(
            given_name=chance.choice(_WORDS).title(),
            family_name=f"{chance.choice(_WORDS)}{number}".title(),
            phone=f"07700 9{number % 100_000:05}",
            postcode="SE5 8AF",
            address=words(chance, 500),
        )
    person = record_number(number - number % PERSON_EVERY)
    return Note(
        person=person, at=clock(), title=words(chance, 40), words=words(chance, 480), staff=STAFF, place="phone"
    )


class Filler:
    """Another desk of the alliance, which keeps no store: it makes changes and pushes them."""

    def __init__(self, central: Central, centre: UUID = CENTRE) -> None:
        self._key = Ed25519PrivateKey.generate()
        public = self._key.public_key().public_bytes_raw()
        code = code_for(central.database_url, clock)
        self.device = enrol(central.url, EnrolRequest(code, "Filler", public, centre)).certificate.device
        self.client = ServerClient(central.url, self.device, self._key.sign)
        self.centre = centre
        self.head = NO_CHAIN

    def made(self, record: UUID, told: Any, parents: Sequence[bytes] = ()) -> Offered:
        """A change of this desk's chain that writes those fields of a record."""
        kind = kind_of(type(told))
        fields = body_of(kind, told)
        at = int(clock().timestamp() * 1000)
        content = Content(
            record, kind.name, kind.subject_of(record, fields), int(kind.sensitivity), tuple(parents), fields,
            urandom(8).hex(), at, WORKER, self.centre, "bench", (0, 0),
        )  # fmt: skip
        raw, salt, identifier = write_content(content), urandom(16), urandom(16)
        hashed = content_hash(salt, raw)
        number, link = self.head
        envelope_ = envelope(self.device, number + 1, link, identifier, hashed)
        self.head = (envelope_.n, envelope_.hash)
        signature = self._key.sign(signed_bytes(identifier, hashed))
        return Offered(Change(identifier, raw, salt, hashed, self.device, signature), envelope_, content.act)

    def request(self, load: Sequence[Offered]) -> ExchangeRequest:
        """A push of those changes, and nothing asked for."""
        return ExchangeRequest("bench", {}, tuple(load), limit=0, head=self.head)

    def push(self, load: Sequence[Offered]) -> None:
        """Send changes; raises RuntimeError unless each has its receipt."""
        answer = self.client.exchange(self.request(load))
        if len(answer.receipts) != len(load):
            raise RuntimeError("the server did not take everything")

    def fill(self, records: range) -> int:
        """Make those records and push them; says how many bytes of content they are."""
        size = 0
        for start in range(records.start, records.stop, LOAD):
            numbers = range(start, min(start + LOAD, records.stop))
            load = [self.made(record_number(number), value(number)) for number in numbers]
            size += sum(len(each.change.content) for each in load)
            self.push(load)
        return size
