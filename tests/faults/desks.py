"""A desk under test: the real store in memory-backed files, the real client, and the ways in which it can fail."""

import json
import random
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import sqlalchemy
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlcipher3 import dbapi2

from livingwell_desktop.domain.records import Json, Sensitivity
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.storage import Author, Signer, Store
from livingwell_desktop.storage.rescue import collect, finish, fresh_path, put_in_place
from livingwell_desktop.storage.rows import row_of
from livingwell_desktop.sync.client import ServerClient, enrol
from livingwell_desktop.sync.exchanging import Exchange, Progress
from livingwell_desktop.sync.joining import Enrolled, EnrolRequest, certificate_text
from livingwell_desktop.sync.rescuing import begin_again
from livingwell_desktop.sync.trust import StoreTrust
from tests.central import STAFF
from tests.conftest import KEY
from tests.faults.ground import URL, Ground, Wire

Image = dict[str, bytes]
"""The files of a desk, by the endings of their names."""


class KilledError(Exception):
    """The desk's process is gone: nothing of it may run any more."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as it stood in front of somebody: what an edit is based on."""

    heads: tuple[bytes, ...]
    conflicts: Mapping[str, tuple[bytes, ...]]
    body: Mapping[str, Json]
    removed: bool
    not_held: frozenset[str] = frozenset()


@dataclass
class Desk:
    """One installed program with its store."""

    ground: Ground
    name: str
    centres: tuple[UUID, ...]
    sensitivity: int
    seed: int
    skew: timedelta = timedelta()
    bad_signature: bool = False
    kill_at: int | None = None
    """So many statements from now the process is gone."""
    full_at: int | None = None
    """So many statements from now the disk is full, for one statement."""
    stop_after: int | None = None
    """The exchange is called off after so many words of progress."""
    statements: int = 0
    damaged: bool = False
    """Its disk has lost something: of what it wrote, the server or somebody else may hold what it does not."""
    seen: dict[UUID, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(random.Random(self.seed).randbytes(32))
        self.wire = Wire(self.ground)
        with self.ground.central.database.transaction() as connection:
            code = make_code(
                connection, self.ground.now, centres=self.centres, sensitivity=Sensitivity(self.sensitivity)
            )
        request = EnrolRequest(code, self.name, self.key.public_key().public_bytes_raw())
        self.enrolled: Enrolled = enrol(URL, request, transport=self.wire)
        self.file = self.ground.fresh_store_file(self.name)
        self._frozen: Image = {}
        self._looking = False
        self.kept: Image = {}
        self.open()
        certificate = self.enrolled.certificate
        self.store.own.keep_certificates([(0, certificate.device, certificate_text(certificate))])
        self.close()
        self.open()

    def copied(self, name: str) -> "Desk":
        """Another PC with the same disk: both go on."""
        copy = object.__new__(Desk)
        vars(copy).update(vars(self))
        copy.name, copy.wire, copy.seen, copy.kept = name, Wire(self.ground), dict(self.seen), {}
        copy.file = self.file.with_name(f"{name}.db")
        copy.lay(self.image())
        copy.open()
        return copy

    @property
    def device(self) -> UUID:
        """Who it is to the server: another than it was enrolled as, once it was found to be a copy."""
        return self.store.signer.device

    @property
    def names(self) -> tuple[UUID, ...]:
        """Every name that it has or had."""
        identity = self.store.own.identity()
        return (self.device, *(identity.former if identity else ()))

    @property
    def signs_itself(self) -> bool:
        """Whether it signs with the key that it was enrolled with."""
        return self.device == self.enrolled.device

    def clock(self) -> datetime:
        return self.ground.now + self.skew

    def _sign(self, message: bytes) -> bytes:
        if self.bad_signature and not message.startswith(b"livingwell"):
            return bytes(64)
        return self.key.sign(message)

    def open(self) -> None:
        """Start the program."""
        self.store = Store.open(self.file, KEY, Signer(self.enrolled.device, self._sign), self.clock)
        sqlalchemy.event.listen(self.store._engine, "before_cursor_execute", self._before)
        self.client = ServerClient(URL, self.device, self.store.signer.sign, transport=self.wire)
        self.client.entrance.trust = StoreTrust(self.store)
        self._begin()

    def _begin(self) -> None:
        self._stopping, self._words = threading.Event(), 0
        self._exchange = Exchange(self.store, self.client, self.clock, self._stopping, self._told)

    def close(self) -> None:
        """End the program."""
        self.client.close()
        self.store.close()

    def exchange(self) -> None:
        """Send and fetch everything. Raises SyncError, Problem, KilledError."""
        if self._stopping.is_set():
            self._begin()  # as the next engine does
        self._words = 0
        self._exchange.run()

    def _told(self, _progress: Progress) -> None:
        self._words += 1
        if self.stop_after is not None and self._words >= self.stop_after:
            self.stop_after = None
            self._stopping.set()

    def _before(self, *_: Any) -> None:
        if self._looking:
            return
        self.statements += 1
        if self.kill_at is not None and self.statements >= self.kill_at:
            self.kill_at = None
            self._frozen = self.image()
            raise KilledError
        if self.full_at is not None and self.statements >= self.full_at:
            self.full_at = None
            raise dbapi2.OperationalError("database or disk is full")

    def image(self) -> "Image":
        """What lies on the disk at this moment: the store, its log, its second file."""
        files = self.file.parent.glob(f"{self.file.name}*")
        return {
            path.name.removeprefix(self.file.name): path.read_bytes()
            for path in files
            if not path.name.endswith("-shm")
        }

    def lay(self, image: "Image") -> None:
        """Let that be what lies on the disk. The program must not run."""
        for path in self.file.parent.glob(f"{self.file.name}*"):
            path.unlink()
        for ending, content in image.items():
            self.file.with_name(self.file.name + ending).write_bytes(content)

    def rise_again(self) -> None:
        """After a kill: what lay on the disk at that statement is all there is."""
        frozen, self._frozen = self._frozen, {}
        self.start_from(frozen)

    def start_from(self, image: "Image") -> None:
        """The program ends, and starts again with that on its disk. Raises Problem when it cannot be opened."""
        self.close()
        self.lay(image)
        self.open()

    def rescue(self) -> None:
        """What can be read of a damaged store is saved, and put into a fresh copy. Raises SyncError, Problem."""
        rescued = collect(self.file, KEY, self.enrolled.device)
        finish(self.file, self.clock())
        signer = Signer(self.enrolled.device, self._sign)
        fresh = Store.open(fresh_path(self.file), KEY, signer, self.clock)
        fresh.own.begin_as(rescued.own)
        client = ServerClient(URL, fresh.signer.device, fresh.signer.sign, transport=self.wire)
        try:
            fresh.soundness.go_on_after(rescued.heads)
            begin_again(fresh, client, rescued, self.file, KEY)
            Exchange(fresh, client, self.clock, threading.Event(), lambda _: None).run()
            fresh.soundness.take_in(rescued)
        finally:
            client.close()
            fresh.close()
        put_in_place(self.file, self.clock())

    # Looking

    def unsent(self) -> set[tuple[bytes, bytes]]:
        """What waits, by id and content."""
        rows = self.ask("SELECT c.id, c.content FROM outbox o JOIN change c ON c.id = o.change WHERE o.receipt IS NULL")
        return {(bytes(row[0]), bytes(row[1])) for row in rows}

    def readable(self) -> set[tuple[bytes, bytes]]:
        """What can still be read of its damaged store, row by row. The program must not run."""
        found = set[tuple[bytes, bytes]]()
        with tempfile.TemporaryDirectory(dir=self.file.parent) as folder:
            for ending in ("", "-wal"):
                part = self.file.with_name(self.file.name + ending)
                if part.exists():
                    shutil.copy(part, folder)
            for how in ("rwc", "ro&immutable=1"):  # with its log, and without
                found |= _read_row_by_row(f"file:{folder}/{self.file.name}?mode={how}")
        return found

    def row(self, record: UUID) -> Seen | None:
        """The record as this desk shows it now."""
        with self._looked_at() as connection:
            row = row_of(connection, record.bytes)
        if row is None:
            return None
        return Seen(
            tuple(row.heads[at : at + 16] for at in range(0, len(row.heads), 16)),
            row.conflict_heads(),
            json.loads(row.body),
            bool(row.removed),
            frozenset(json.loads(row.not_held)) if row.not_held else frozenset(),
        )

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Look into the store."""
        with self._looked_at() as connection:
            return list(connection.exec_driver_sql(statement, tuple(values)).all())

    @contextmanager
    def _looked_at(self) -> Iterator[sqlalchemy.Connection]:
        """For a test's own questions: these are no statements of the program."""
        self._looking = True
        try:
            with self.store._reading() as connection:
                yield connection
        finally:
            self._looking = False

    @property
    def author(self) -> Author:
        return Author(STAFF, self.centres[0], "test")


def _read_row_by_row(address: str) -> set[tuple[bytes, bytes]]:
    found = set[tuple[bytes, bytes]]()
    with closing(dbapi2.connect(address, uri=True)) as connection:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        for table, number in product(("change", "refused", "parked"), range(1, 300)):
            with suppress(dbapi2.Error):
                sql = f"SELECT id, content FROM {table} WHERE rowid = ?"
                found |= {(bytes(row[0]), bytes(row[1])) for row in connection.execute(sql, (number,))}
    return found


@contextmanager
def dying(desk: Desk, after: int) -> Iterator[None]:
    """Kill the desk so many statements from now; if it is killed it is started again."""
    desk.kill_at = desk.statements + after
    try:
        yield
    except KilledError:
        desk.rise_again()
    finally:
        desk.kill_at = None
