"""The store: one encrypted file per desk, one door to write, and word to everybody who is concerned."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Connection, Engine

from livingwell_desktop.domain.changes import milliseconds_of
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage import drafts, following, outbox
from livingwell_desktop.storage.arrivals import Arrival
from livingwell_desktop.storage.audit import AuditTrail, add_events
from livingwell_desktop.storage.database import (
    LOG_WORTH_PAGES,
    DamagedStore,
    damage_mark,
    open_engine,
    refuse_plaintext,
    told_apart,
    transaction,
)
from livingwell_desktop.storage.drafts import Draft, TravellingDrafts
from livingwell_desktop.storage.held_records import HeldRecords
from livingwell_desktop.storage.identity import identity_of, put_newer_identity
from livingwell_desktop.storage.links import renew_links
from livingwell_desktop.storage.migrate import make_indexes, migrate
from livingwell_desktop.storage.own_desk import OwnDesk
from livingwell_desktop.storage.putting_back import put_back
from livingwell_desktop.storage.receiving import move_cursor, receive
from livingwell_desktop.storage.reconciling import Ledger
from livingwell_desktop.storage.refolding import fold_again
from livingwell_desktop.storage.rekeying import KeyGate, encrypt_anew, key_that_opens
from livingwell_desktop.storage.remembered import Remembered
from livingwell_desktop.storage.saved_twice import SavedTwice, had_second_file
from livingwell_desktop.storage.seen_events import take_in_seen
from livingwell_desktop.storage.soundness import Soundness
from livingwell_desktop.storage.turns import Turns
from livingwell_desktop.storage.values import NOTHING_CHANGED, Author, Changes, Event, Signer, Waiting, Write
from livingwell_desktop.storage.writing import write_act

_RECEIPTS_A_TURN = 500


class Store(HeldRecords):
    """What this desk holds. Threads may share it; values that come out of it are frozen."""

    def __init__(self, engine: Engine, path: Path, signer: Signer, clock: Clock, twice: SavedTwice) -> None:
        self._engine = engine
        self.path = path
        self.signer = signer
        self.clock = clock
        self._twice = twice
        self._turns = Turns()
        self._key_gate = KeyGate()
        self.remembered = Remembered()
        self._listeners: list[Callable[[Changes], None]] = []
        self.ledger = Ledger(signer.device, self._reading)
        self.travelling = TravellingDrafts(self._reading, self._writing)
        self.audit = AuditTrail(signer.device, self._reading, self._writing, self._now)
        self.own = OwnDesk(self._reading, self._writing, self._named, self.audit, clock)
        self.soundness = Soundness(signer.device, self._reading, self._writing, self._now, self.audit)

    @classmethod
    def open(cls, path: Path, key: bytes, signer: Signer, clock: Clock, other_disk: Path | None = None) -> "Store":
        """Open or make the file at `path` with the 32-byte database key, and put back what only its second file has.

        `other_disk` is a folder for one more second file. Raises Problem when the file cannot be opened to write.
        """
        refuse_plaintext(path)
        engine = open_engine(path, key)
        try:
            with told_apart(), engine.connect() as connection:
                migrate(connection, path)
                make_indexes(connection)
                fold_again(connection)
            store = cls(engine, path, signer, clock, SavedTwice(path, key, signer.device, other_disk))
            store._begin_twice()
            take_in_seen(path, key, store._writing, store.audit.device)
            store.soundness.look_through_if_marked(damage_mark(path))
        except BaseException:
            engine.dispose()
            raise
        return store

    def _begin_twice(self) -> None:
        """Compare the store with its second file, mend what one of them lacks, and go on with both."""
        found = self._twice.read()
        with told_apart(), self._engine.connect() as connection:
            with transaction(connection):
                renamed = put_newer_identity(connection, self.signer.device, found.own)
                # One that was found to be a copy goes on under a new name.
                identity = identity_of(connection)
                self._named(identity.signer() if identity else None)
                report = put_back(connection, found, self.signer.device, self._now())
                if renamed:
                    # What waits and was not lost has links of the name from before: they would be refused.
                    renew_links(connection, self.signer.device)
                had_one = had_second_file(connection)
            now = self._twice.found_now(connection)
            # On a full disk the records can be read; saving says what is the matter.
            with suppress(Problem):
                self._twice.begin(connection, anew=found != now)
        self.soundness.opening = replace(
            report,
            second_file_remade=had_one and (not found.whole or found.lacks(now)),
            other_disk_failed=not self._twice.other_disk_works,
        )

    def _named(self, signer: Signer | None) -> Signer:
        """Who this desk is; from now on the one that is given."""
        if signer is not None:
            self.signer = signer
            self._twice.renamed(signer.device)
        return self.signer

    def close(self) -> None:
        """Let go of the files, for good. Nothing waits in memory: what was said to be saved was committed.

        Whoever asks later gets ClosedStoreError: opened again, it would make its second file anew, uncompared.
        """
        self._key_gate.close()
        self._twice.close()
        self._engine.dispose()

    def waiting(self) -> Waiting:
        """What has no receipt yet."""
        with self._reading() as connection:
            return outbox.waiting(connection)

    # Writing

    def write(
        self, writes: Sequence[Write], events: Sequence[Event], author: Author, forget: UUID | None = None
    ) -> Changes:
        """One verb: all of it or nothing, on disk before this returns, then word to every listener.

        `forget` names the draft that became these records: it goes in the same transaction, so that a power cut leaves
        either the draft or the records. Raises FieldInConflictError, and Problem when the disk is full.
        """
        with self._writing(forget) as connection:
            changes = write_act(connection, writes, events, author, self.signer, self.clock())
            if forget is not None:
                drafts.drop_draft(connection, forget)
        if changes.records:
            self.notify(changes)
        return changes

    def record_events(self, events: Sequence[Event], staff: UUID | None) -> None:
        """Events that change no record: a view, a print, a refusal."""
        with self._writing() as connection:
            add_events(connection, self.signer.device, self._now(), staff, tuple(events))

    def save_draft(self, draft: Draft) -> None:
        """Keep typing that is not a change yet. On disk when this returns."""
        with self._writing() as connection:
            drafts.put_draft(connection, draft)

    def drop_draft(self, draft: UUID) -> None:
        """Forget a draft."""
        with self._writing() as connection:
            drafts.drop_draft(connection, draft)

    def drafts_about(self, subject: UUID, kind: str | None = None) -> tuple[Draft, ...]:
        """Drafts about a person, newest first."""
        with self._reading() as connection:
            return drafts.drafts_about(connection, subject, kind)

    def drafts_of(self, staff: UUID) -> tuple[Draft, ...]:
        """What a member of staff has not finished, newest first."""
        with self._reading() as connection:
            return drafts.drafts_of(connection, staff)

    # Sync

    def unsent(self, limit: int = 1000, after: int = 0) -> tuple[outbox.Unsent, ...]:
        """The oldest changes without a receipt, whole acts, in the order of this desk's chain, after that number."""
        with self._reading() as connection:
            return outbox.unsent(connection, limit, self.signer.device, after)

    def acknowledge(self, receipts: Sequence[outbox.Receipt], passed: Mapping[str, int] = MappingProxyType({})) -> None:
        """Write down the server's receipts, by id and content hash, in turns short enough for a save in between.

        With the last of them, how far those streams are passed: nothing came in them but what this desk had sent.
        """
        for start in range(0, max(len(receipts), bool(passed)), _RECEIPTS_A_TURN):
            with self._writing() as connection:
                outbox.acknowledge(connection, receipts[start : start + _RECEIPTS_A_TURN], self._now())
                if start + _RECEIPTS_A_TURN >= len(receipts):
                    for stream, number in passed.items():
                        move_cursor(connection, stream, number)
        self.empty_second_file(at_once=False)

    def receive(self, arrivals: Sequence[Arrival], stream: str, reached: int | None = None) -> Changes:
        """Apply a small batch from a stream and move its cursor in the same transaction; then word to listeners.

        `reached` is where the page ends when the server left out what this desk had just sent.
        """
        return self.receive_many((arrivals,), stream, reached)[1]

    def receive_many(
        self,
        batches: Sequence[Sequence[Arrival]],
        stream: str,
        reached: int | None = None,
        download: following.Download | None = None,
    ) -> tuple[int, Changes]:
        """Apply small batches in one turn (committing costs most) until somebody waits for it; says how many.

        With the last of them goes how far the first download has come, where they are a page of one.
        """
        taken, changes = 0, NOTHING_CHANGED
        with self._writing() as connection:
            while taken < len(batches) and not (taken and self._turns.wanted):
                changes = changes.with_more(receive(connection, batches[taken], stream, self._now(), reached))
                taken += 1
            if download is not None and taken == len(batches):
                following.note_download(connection, download)
        if changes.records:
            self.notify(changes)
        return taken, changes

    def cursors(self) -> Mapping[str, int]:
        """How far this desk has taken in each stream it has downloaded."""
        with self._reading() as connection:
            return following.cursors(connection)

    def generation(self) -> str:
        """The newest restore of the server that this desk knows of; empty when it never asked."""
        with self._reading() as connection:
            return following.remembered(connection, "generation")

    def set_follows(self, streams: Sequence[str], generation: str) -> None:
        """Keep what the server says this desk follows. Nothing is written when nothing has changed."""
        with self._reading() as connection:
            known = following.remembered(connection, "follows"), following.remembered(connection, "generation")
        if known != (json.dumps(list(streams)), generation):
            with self._writing() as connection:
                following.set_follows(connection, streams, generation)

    def download(self, stream: str) -> following.Download:
        """The first download of a stream, as far as it has come."""
        with self._reading() as connection:
            return following.download_of(connection, stream)

    def note_download(self, download: following.Download) -> None:
        """Note how far a first download has come."""
        with self._writing() as connection:
            following.note_download(connection, download)

    def parked_since(self, before: datetime) -> tuple[UUID, ...]:
        """Records of which a change has waited for its parent since before that time, the longest wait first."""
        with self._reading() as connection:
            return following.parked_since(connection, milliseconds_of(before), self._now())

    def head(self) -> tuple[int, bytes]:
        """The newest link of this desk's own chain, sent or not."""
        with self._reading() as connection:
            return outbox.head(connection)

    def has_unsent_about(self, record: UUID) -> bool:
        """Whether something about a record waits to be sent."""
        with self._reading() as connection:
            return outbox.has_unsent_about(connection, record)

    def cursor(self, stream: str) -> int:
        """How far this desk has taken in a stream."""
        return self.cursors().get(stream, 0)

    def refused(self, refusals: Sequence[tuple[bytes, str]]) -> None:
        """Keep the server's reason for each of our changes it refused. The words stay here."""
        with self._writing() as connection:
            changes = outbox.mark_refused(connection, refusals, self._now())
        self.empty_second_file(at_once=False)
        self.notify(changes)

    def checkpoint(self, from_pages: int = LOG_WORTH_PAGES) -> None:
        """Move what the write-ahead log holds into the file, beside the writers and without holding them up.

        The sync thread does this between its turns, once there are so many pages, so that no save has to (the log's own
        limit is only a safety net).
        """
        with self._reading() as connection:
            _, pages, moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(NOOP)").one()
            if pages - moved >= from_pages:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def empty_second_file(self, *, at_once: bool = True) -> None:
        """Take out of the second file what has a receipt or was withdrawn. Raises Problem when the disk is full.

        Not `at_once`: only when the file is long enough to be worth it.
        """
        with told_apart(), self._turns.turn(), self._key_gate.using(), self._engine.connect() as connection:
            self._twice.empty(connection, at_once=at_once)

    @property
    def other_disk_works(self) -> bool:
        """False when the folder on another disk, where one is set, could not be written."""
        return self._twice.other_disk_works

    # Without the server and back

    def fact(self, name: str) -> str:
        """One of the few single facts that are kept by name; empty when it is not there."""
        with self._reading() as connection:
            return following.remembered(connection, name)

    def keep_fact(self, name: str, value: str) -> None:
        """Keep a single fact."""
        with self._writing() as connection:
            following.remember(connection, name, value)

    # Word to pages

    def listen(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Be told of every change, on the thread that made it. Returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def notify(self, changes: Changes) -> None:
        """Tell everybody who listens."""
        self.remembered.forget(changes.kinds, changes.subjects)
        for listener in tuple(self._listeners):
            listener(changes)

    def back_up(self, copy: Path) -> None:
        """An encrypted copy with the same key, whole and consistent."""
        with self._reading() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))

    def change_key(self, old: bytes, new: bytes) -> None:
        """Encrypt the whole file anew with another key; everybody waits meanwhile (a second for 100 MB).

        All or nothing: after a failure, a full disk or a power cut the file opens with the old key or with the new
        one, and holds the same. Raises Problem.
        """
        with told_apart(), self._turns.turn(), self._key_gate.changing():
            self._engine.dispose()
            try:
                encrypt_anew(self.path, old, new)
            finally:
                key = key_that_opens(self.path, (new, old)) or old
                self._engine = open_engine(self.path, key)
            self._twice.change_key(key)
            # On a full disk the next save makes the second file, or says what is the matter.
            with self._engine.connect() as connection, suppress(Problem):
                self._twice.begin(connection, anew=True)

    def _now(self) -> int:
        return milliseconds_of(self.clock())

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._noticing_damage(), self._key_gate.using(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, forget: UUID | None = None) -> Iterator[Connection]:
        with (
            self._noticing_damage(),
            self._turns.turn(),
            self._key_gate.using(),
            self._engine.connect() as connection,
            self._twice.saving(connection),
            transaction(connection),
        ):
            yield connection
            self._twice.keep(connection, forget)

    @contextmanager
    def _noticing_damage(self) -> Iterator[None]:
        """Remember that a page could not be read: the next opening looks the file through and offers Rescue."""
        try:
            with told_apart():
                yield
        except DamagedStore:
            with suppress(OSError):
                damage_mark(self.path).touch()
            raise
