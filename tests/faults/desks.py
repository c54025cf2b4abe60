"""A desk under test: the real store in memory-backed files, the real client, and the ways in which it can fail."""

import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlcipher3 import dbapi2

from livingwell_desktop.domain.records import Json, Sensitivity
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.storage import Author, Signer, Store
from livingwell_desktop.sync.client import ServerClient, enrol
from livingwell_desktop.sync.exchanging import Exchange, Progress
from livingwell_desktop.sync.joining import Enrolled, EnrolRequest
from tests.central import STAFF
from tests.conftest import KEY
from tests.faults.ground import URL, Ground, Wire


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
        self._frozen: dict[Path, bytes] = {}
        self.open()

    @property
    def device(self) -> UUID:
        return self.enrolled.device

    def clock(self) -> datetime:
        return self.ground.now + self.skew

    def _sign(self, message: bytes) -> bytes:
        if self.bad_signature and not message.startswith(b"livingwell"):
            return bytes(64)
        return self.key.sign(message)

    def open(self) -> None:
        """Start the program."""
        self.store = Store.open(self.file, KEY, Signer(self.device, self._sign), self.clock)
        sqlalchemy.event.listen(self.store._engine, "before_cursor_execute", self._before)
        self.client = ServerClient(URL, self.device, self._sign, transport=self.wire)
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
        self.statements += 1
        if self.kill_at is not None and self.statements >= self.kill_at:
            self.kill_at = None
            self._frozen = {path: path.read_bytes() for path in self._files()}
            raise KilledError
        if self.full_at is not None and self.statements >= self.full_at:
            self.full_at = None
            raise dbapi2.OperationalError("database or disk is full")

    def _files(self) -> Iterator[Path]:
        return (path for path in self.file.parent.glob(f"{self.file.name}*") if not path.name.endswith("-shm"))

    def rise_again(self) -> None:
        """After a kill: what lay on the disk at that statement is all there is."""
        self.close()
        for path in self.file.parent.glob(f"{self.file.name}*"):
            path.unlink()
        for path, content in self._frozen.items():
            path.write_bytes(content)
        self._frozen = {}
        self.open()

    # Looking

    def row(self, record: UUID) -> Seen | None:
        """The record as this desk shows it now."""
        from livingwell_desktop.storage.rows import row_of

        with self.store._reading() as connection:
            row = row_of(connection, record.bytes)
        if row is None:
            return None
        import json

        return Seen(
            tuple(row.heads[at : at + 16] for at in range(0, len(row.heads), 16)),
            row.conflict_heads(),
            json.loads(row.body),
            bool(row.removed),
            frozenset(json.loads(row.not_held)) if row.not_held else frozenset(),
        )

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Look into the store."""
        with self.store._reading() as connection:
            return list(connection.exec_driver_sql(statement, tuple(values)).all())

    @property
    def author(self) -> Author:
        return Author(STAFF, self.centres[0], "test")


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
