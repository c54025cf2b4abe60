"""Saving twice: what goes into the store goes into the second file too, before anybody reads "saved".

The order is: the change into the open transaction, then into the second file, then the commit, while the second file
is synced beside it; a save returns when both are on the disk. A desk that is killed in between has a change in one that
the other lacks; it is put back at the next opening, by its id, so that nothing comes twice. A commit that fails takes
the change out of the second file again.
"""

import contextlib
import errno
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TypeGuard
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ChainHead, ChainHeads, Change, Envelope
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage.database import disk_problem
from livingwell_desktop.storage.identity import is_own_row, own_rows
from livingwell_desktop.storage.second_file import End, SecondContents, SecondFile
from livingwell_desktop.storage.second_frames import FramePart, KeptRow, KnownHeads, SavedAct, SavedChange

EMPTY_FROM_BYTES = 64 * 1024
"""From this size on, the file is written anew when most of what it holds has a receipt."""

_MOST_EMPTY = 8
"""The file may be so many times as long as what it must hold: after an outage it is not written anew for every load."""

NO_HEADS = ChainHeads()

_SAVED = (
    "SELECT c.id, c.content, c.salt, c.content_hash, c.device, c.signature, o.n, o.prev, o.hash, o.act, o.saved_at"
    " FROM outbox o JOIN change c ON c.id = o.change WHERE "
)


def second_path(store: Path) -> Path:
    """Where the second file of a store is: beside it, and so it travels with it."""
    return store.with_name(f"{store.name}-second")


def other_path(other_disk: Path, device: UUID) -> Path:
    """Where the second file on another disk is: under the desk's name, for several desks may share a folder."""
    return other_disk / f"{device}.second"


def heads_of(connection: Connection) -> ChainHeads:
    """The newest link of both of a store's chains."""
    return ChainHeads(_newest(connection, "outbox"), _newest(connection, "audit"))


def saved_changes(connection: Connection, device: UUID, after: int = 0, *, unsent: bool = False) -> list[SavedChange]:
    """This desk's own changes after that number of its chain; of those only the unsent, when asked for."""
    condition = "o.n > ?" + (" AND o.receipt IS NULL" if unsent else "")
    return [
        SavedChange(
            Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5]),
            Envelope(device, row[6], row[7], row[8]),
            row[9],
            row[10],
        )
        for row in connection.exec_driver_sql(_SAVED + condition + " ORDER BY o.n", (after,))
    ]


def acts_of(changes: list[SavedChange]) -> list[SavedAct]:
    """The acts that changes belong to, in the order of the chain."""
    return [SavedAct(tuple(each)) for _, each in groupby(changes, key=lambda change: change.act)]


def had_second_file(connection: Connection) -> bool:
    """Whether this store ever had a second file; from now on it has."""
    had = connection.exec_driver_sql("SELECT 1 FROM meta WHERE name = 'second file'").one_or_none() is not None
    if not had:
        connection.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('second file', '1')")
    return had


@dataclass(frozen=True, slots=True)
class Found:
    """What the second files held when the store was opened."""

    acts: tuple[SavedAct, ...] = ()
    heads: ChainHeads = NO_HEADS
    whole: bool = True
    own: tuple[KeptRow, ...] = ()
    """Who this desk is. Only the file beside the store says it: several desks may share a folder on another disk."""

    def lacks(self, other: "Found") -> bool:
        """Whether the other holds a change that this one does not; not of its last act, which a power cut may take."""
        return not Found(other.acts[:-1]).changes() <= self.changes()

    def changes(self) -> set[bytes]:
        """The ids of all changes."""
        return {each.change.id for act in self.acts for each in act.changes}

    @classmethod
    def of(cls, *files: SecondContents) -> "Found":
        """All changes that any of the files holds, each once, by act in the order of the chain, and the newest heads.

        A change that was given a new link is in a file twice: it belongs to the act it was saved in, its newest link
        counts.
        """
        parts = [part for file in files for part in file.parts]
        newest, acts = dict[bytes, SavedChange](), list[SavedAct]()
        for act in (part for part in parts if isinstance(part, SavedAct)):
            fresh = tuple(each for each in act.changes if each.change.id not in newest)
            if fresh:
                acts.append(SavedAct(fresh, act.forget))
            for each in act.changes:
                newest[each.change.id] = max(newest.get(each.change.id, each), each, key=_link)
        acts = [replace(act, changes=tuple(newest[each.change.id] for each in act.changes)) for act in acts]
        heads = [part.heads for part in parts if isinstance(part, KnownHeads)]
        return cls(
            tuple(sorted(acts, key=lambda act: _link(act.changes[0]))),
            ChainHeads(
                max((each.outbox for each in heads), key=_number, default=ChainHead()),
                max((each.audit for each in heads), key=_number, default=ChainHead()),
            ),
            all(file.whole for file in files[:1]),
            tuple(part for file in files[:1] for part in file.parts if isinstance(part, KeptRow) and is_own_row(part)),
        )


class SavedTwice:
    """The second file beside the store, and the one on another disk where there is one."""

    def __init__(self, store: Path, database_key: bytes, device: UUID, other_disk: Path | None = None) -> None:
        self._device = device
        self._main = SecondFile(second_path(store), database_key)
        self._other = SecondFile(other_path(other_disk, device), database_key) if other_disk is not None else None
        self._heads = ChainHeads()
        self._next: ChainHeads | None = None
        self._acts = 0
        self._threads = ThreadPoolExecutor(2, "second file")
        self._syncing: list[tuple[SecondFile, Future[None]]] = []
        self.other_disk_works = True
        """False when the other disk's folder could not be written. Saving goes on without it, and says so."""

    def read(self) -> Found:
        """What both files hold, as far as the disks give it."""
        return Found.of(*(_contents(file) for file in (self._main, self._other) if file is not None))

    def found_now(self, connection: Connection) -> Found:
        """What a second file that is in step with the store would hold."""
        acts = acts_of(saved_changes(connection, self._device, unsent=True))
        return Found(tuple(acts), heads_of(connection), own=own_rows(connection, self._device))

    def begin(self, connection: Connection, *, anew: bool) -> None:
        """Go on from the store as it is now: both files hold its unsent changes, and nothing that has a receipt.

        `anew` writes the files anew in any case. Raises Problem when the one beside the store cannot be written.
        """
        self._heads = heads_of(connection)
        acts = acts_of(saved_changes(connection, self._device, unsent=True))
        parts: list[FramePart] = [KnownHeads(self._heads), *acts]
        self._acts = len(acts)
        if anew or not self._main.is_open:
            try:
                self._main.replace([*own_rows(connection, self._device), *parts])
            except OSError as error:
                raise disk_problem(error) from error
        self._begin_other(parts)

    def keep(self, connection: Connection, forget: UUID | None) -> None:
        """Write what the open transaction adds to this desk's chain into both files, and begin to sync them.

        Raises Problem when the one beside the store cannot be written: then the transaction must not be committed.
        """
        self._next = heads_of(connection)
        if self._next.outbox.n <= self._heads.outbox.n:
            return
        act = SavedAct(tuple(saved_changes(connection, self._device, self._heads.outbox.n)), forget)
        try:
            if not self._main.is_open:
                raise OSError(errno.ENOSPC, "the second file could not be made")
            self._main.append(act)
        except OSError as error:
            raise disk_problem(error) from error
        self._append_other(act)
        self._syncing = [
            (file, self._threads.submit(file.sync)) for file in (self._main, self._other) if _is_open(file)
        ]

    @contextlib.contextmanager
    def saving(self, connection: Connection) -> Iterator[None]:
        """Around a transaction: when it fails, what was kept is taken back; when committed, its heads are noted."""
        if not self._main.is_open:
            # The disk was full when the file should have been made: perhaps there is room now.
            with contextlib.suppress(Problem):
                self.begin(connection, anew=True)
        marks = self._main.mark(), self._other.mark() if self._other else None
        self._next = None
        try:
            yield
        except BaseException:
            self._wait_for_disks()
            self._take_back(*marks)
            raise
        if self._next is None or self._next == self._heads:
            return
        if not self._wait_for_disks():
            # A disk that takes bytes and then cannot keep them is dying. The file is written anew from the store; if
            # that fails too, the save lies in one place only, and nobody reads that it was saved.
            self.begin(connection, anew=True)
        self._acts += self._next.outbox.n > self._heads.outbox.n
        self._heads = self._next
        # Not synced: it only helps to notice what is missing, and the next save takes it to the disk.
        for file in (self._main, self._other):
            if file is not None and file.is_open:
                with contextlib.suppress(OSError):
                    file.append(KnownHeads(self._heads))

    def empty(self, connection: Connection, *, at_once: bool = False) -> None:
        """Write the files anew without what has a receipt or was withdrawn, when that is worth it or `at_once`.

        Raises Problem only `at_once`: otherwise the longer file serves as well.
        """
        if not at_once and self._main.size < EMPTY_FROM_BYTES:
            return
        waiting = connection.exec_driver_sql("SELECT count(DISTINCT act) FROM outbox WHERE receipt IS NULL").scalar()
        if not at_once and int(waiting or 0) * _MOST_EMPTY > self._acts:
            return
        with contextlib.nullcontext() if at_once else contextlib.suppress(Problem):
            self.begin(connection, anew=True)

    def change_key(self, key: bytes) -> None:
        """The store has another key: both files are under it from the next `begin` on, which writes them anew."""
        self._let_go()
        self._main = SecondFile(self._main.path, key)
        if self._other is not None:
            self._other = SecondFile(self._other.path, key)

    def renamed(self, device: UUID) -> None:
        """This desk goes on under another name; the files keep theirs."""
        self._device = device

    def close(self) -> None:
        """Let go of both files."""
        self._threads.shutdown()
        self._let_go()

    def _let_go(self) -> None:
        for file in (self._main, self._other):
            if file is not None:
                file.close()

    def _wait_for_disks(self) -> bool:
        """Wait until both files are on their disks; False when the one beside the store is not."""
        syncing, self._syncing = self._syncing, []
        kept = True
        for file, done in syncing:
            try:
                done.result()
            except OSError:
                kept = kept and file is not self._main
                if file is not self._main:
                    self._give_up_other()
        return kept

    def _take_back(self, mark: End, other_mark: End | None) -> None:
        for file, end in ((self._main, mark), (self._other, other_mark)):
            if file is not None and end is not None:
                with contextlib.suppress(OSError):
                    file.retract(end)

    def _begin_other(self, parts: list[FramePart]) -> None:
        if self._other is None:
            return
        try:
            self._other.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._other.replace(parts)
            self.other_disk_works = True
        except OSError:
            self._give_up_other()

    def _append_other(self, act: SavedAct) -> None:
        if self._other is None or not self._other.is_open:
            return
        try:
            self._other.append(act)
        except OSError:
            self._give_up_other()

    def _give_up_other(self) -> None:
        if self._other is not None:
            with contextlib.suppress(OSError):
                self._other.close()
        self.other_disk_works = False


def _is_open(file: SecondFile | None) -> TypeGuard[SecondFile]:
    return file is not None and file.is_open


def _contents(file: SecondFile) -> SecondContents:
    try:
        return file.read()
    except OSError:
        return SecondContents(damaged=True)


def _newest(connection: Connection, chain: str) -> ChainHead:
    sql = f"SELECT n, hash FROM {chain} ORDER BY n DESC LIMIT 1"  # noqa: S608 - one of two names of our own
    row = connection.exec_driver_sql(sql).one_or_none()
    return ChainHead(int(row[0]), bytes(row[1])) if row else ChainHead()


def _number(head: ChainHead) -> int:
    return head.n


def _link(change: SavedChange) -> int:
    return change.envelope.n
