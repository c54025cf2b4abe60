"""What must be true whatever happened: a second, slow telling of what a record says.

It is written from `sync.md` and shares nothing with the program but the reading of a change's bytes.
"""

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.changes import read_content
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import ConflictRule, Sensitivity, kind_named, kind_of
from tests.faults.desks import Desk, Seen
from tests.faults.ground import Ground

REMOVED = "entered_in_error"
_PROTECTION = kind_of(Protection)
_CLINICAL = int(Sensitivity.CLINICAL)


class Fate(Enum):
    """What the central server made of a write."""

    TAKEN = "taken"
    REFUSED = "refused"
    SAME_NAME = "refused, because its name stands for something else"


@dataclass
class Saved:
    """A write that a desk said was saved, as the person meant it."""

    id: bytes
    record: UUID
    kind: str
    set: Mapping[str, Any]
    based_on: tuple[bytes, ...]
    at: int
    sensitivity: int
    subject: UUID
    content: bytes
    content_hash: bytes
    author: Desk
    fate: Fate = Fate.TAKEN

    @property
    def name(self) -> tuple[bytes, bytes]:
        """What tells it from every other, also from one whose id was used twice."""
        return self.id, self.content


@dataclass
class Intended:
    """A write that is under way: saved or not, when the desk was killed meanwhile."""

    record: UUID
    kind: str
    set: Mapping[str, Any]
    based_on: tuple[bytes, ...]


Held = set[tuple[bytes, bytes]]
"""Changes by id and content."""


class BrokenError(AssertionError):
    """One of the seven statements does not hold."""

    def __init__(self, statement: int, words: str) -> None:
        super().__init__(f"statement {statement}: {words}")


def must(statement: int, holds: bool, words: Callable[[], str] | str) -> None:
    """Raises BrokenError unless it holds."""
    if not holds:
        raise BrokenError(statement, words if isinstance(words, str) else words())


@dataclass
class Model:
    """Everything that people at desks saved, and who was told to let go of what."""

    saved: dict[bytes, Saved] = field(default_factory=dict)
    left: set[tuple[UUID, UUID]] = field(default_factory=set)
    """(centre, record): was withdrawn from there at some time."""
    gone: list[Saved] = field(default_factory=list)
    """Saved with a name that stood for something else already."""
    lost: list[Saved] = field(default_factory=list)
    """Gone with the disk or the database that alone held it."""
    forgot: bool = False
    """Whether the server was restored or lost at some time."""
    unsure: set[UUID] = field(default_factory=set)
    """Records that had left a centre before the server forgot that."""

    def note(self, desk: Desk, intended: Iterable[Intended], fate: Fate = Fate.TAKEN) -> int:
        """Take in what a desk has saved since the last look. Says how many."""
        rows = self._new(desk)
        meant = list(intended)
        must(1, len(rows) in (0, len(meant)), lambda: f"of one verb {len(rows)} of {len(meant)} edits were saved")
        for row, each in zip(rows, meant, strict=False):
            write = self._saved(desk, row, each, fate)
            if fate is Fate.TAKEN and any(self._is_of_another(parent, each.record) for parent in each.based_on):
                write.fate = Fate.REFUSED
            must(1, dict(read_content(row[1]).set) == dict(write.set), "a desk saved something else than was typed")
            if fate is Fate.SAME_NAME:
                self.gone.append(write)
            else:
                self.saved[write.id] = write
        return len(rows)

    def take_up(self, desk: Desk) -> None:
        """Take in what the program itself has written: a desk that is found to be a copy says so."""
        for row in self._new(desk):
            said = read_content(row[1])
            must(1, said.kind == "device", "a desk has written what nobody typed")
            intended = Intended(said.record, said.kind, said.set, said.parents)
            self.saved[bytes(row[0])] = self._saved(desk, row, intended, Fate.TAKEN)

    def _new(self, desk: Desk) -> list[Any]:
        rows = desk.ask(
            "SELECT c.id, c.content, c.content_hash FROM outbox o JOIN change c ON c.id = o.change ORDER BY o.n"
        )
        known = {(each.id, each.content_hash) for each in (*self.saved.values(), *self.gone, *self.lost)}
        return [row for row in rows if (bytes(row[0]), bytes(row[2])) not in known]

    @staticmethod
    def _saved(desk: Desk, row: Any, meant: Intended, fate: Fate) -> Saved:
        said = read_content(row[1])
        return Saved(
            bytes(row[0]),
            meant.record,
            meant.kind,
            json.loads(json.dumps(dict(meant.set))),
            meant.based_on,
            said.at,
            said.sensitivity,
            said.subject,
            bytes(row[1]),
            bytes(row[2]),
            desk,
            fate,
        )

    def server_forgot(self) -> None:
        """A restore or a loss: who had left where is forgotten with the rest, and is the operator's to say again."""
        self.forgot = True
        self.unsure |= {record for _, record in self.left}

    @contextmanager
    def destroying(
        self, ground: Ground, desks: Sequence[Desk], spared: Callable[[], Held] | None = None
    ) -> Iterator[None]:
        """Around what destroys a disk or the server's database: what was there and nowhere else is lost with it.

        Only that: what the program itself had lost before is still to be found. What is left is what everybody holds
        afterwards, and what `spared` says that the program is to save.
        """
        before = held_by(ground, desks)
        kept: Held = spared() if spared is not None else set()
        yield
        left = kept | held_by(ground, desks)
        for write in [each for each in (*self.saved.values(), *self.gone) if each.name in before - left]:
            self.lost.append(write)
            if write in self.gone:
                self.gone.remove(write)
            else:
                del self.saved[write.id]
        for write in [each for each in self.lost if each.name in left and each.id not in self.saved]:
            # A backup that is older than the loss brings it back.
            self.lost.remove(write)
            self.saved[write.id] = write

    def _is_of_another(self, parent: bytes, record: UUID) -> bool:
        """Whether a parent, saved here under a name that was taken, stands for another record at the server."""
        return any(each.id == parent for each in self.gone) and self.saved[parent].record != record

    def astray(self) -> set[bytes]:
        """Names that were used twice, and of what was based on them, where the server forgot whose they were.

        Which of two contents comes first decides anew which of them the name stands for.
        """
        found = {each.id for each in self.gone} if self.forgot else set[bytes]()
        while further := {
            each.id for each in self.saved.values() if each.id not in found and not found.isdisjoint(each.based_on)
        }:
            found |= further
        return found

    def of(self, record: UUID) -> list[Saved]:
        return [each for each in self.saved.values() if each.record == record]

    def about(self, subject: UUID) -> list[Saved]:
        return [each for each in self.saved.values() if each.subject == subject]

    def records(self) -> list[UUID]:
        return sorted({each.record for each in self.saved.values()})

    def protections_of(self, person: UUID) -> list[Saved]:
        """What was written about whether somebody must not be found."""
        return self.of(_PROTECTION.id_for(person))

    def is_protected(self, person: UUID) -> bool:
        """Whether no reception desk is to hold anything about them but that: also while it is in question."""
        if not any(each.fate is Fate.TAKEN for each in self.protections_of(person)):
            return False
        says = self.expected(_PROTECTION.id_for(person), lambda _: True)
        return not says.removed and bool(says.conflicts or says.body.get("on", True))

    def level(self, record: UUID) -> int:
        """The sensitivity that a desk must be enrolled for to be sent a record."""
        # A record may have no words but those under a name that stood for others, until the server forgot that.
        writes = self.of(record) or [each for each in self.gone if each.record == record]
        least = min(each.sensitivity for each in writes)
        own = writes[0].kind == _PROTECTION.name
        return max(least, _CLINICAL) if not own and self.is_protected(writes[0].subject) else least

    # What a desk must show

    def expected(self, record: UUID, holds: Callable[[Saved], bool], places: Container[bytes] = frozenset()) -> Seen:
        """What a record says to a desk that holds those of its writes, and of what is lost those places."""
        lost = [each for each in self.lost if each.record == record and each.id in places]
        writes = {each.id: each for each in (*lost, *self.of(record))}
        above = _above(writes)
        body: dict[str, Any] = {}
        conflicts: dict[str, tuple[bytes, ...]] = {}
        not_held = set()
        counted = [each for each in writes.values() if each.fate is Fate.TAKEN]
        kind = kind_named(counted[0].kind) if counted else None
        for name in {name for each in counted for name in each.set}:
            writing = [each for each in counted if name in each.set]
            heads = _heads(writing, above)
            if not all(holds(each) and each not in lost for each in heads):
                not_held.add(name)
                continue
            heads.sort(key=lambda each: (each.at, each.id), reverse=True)
            body[name] = heads[0].set[name]
            latest = kind is not None and name in kind.fields and kind.fields[name].conflict is ConflictRule.LATEST
            if len({json.dumps(each.set[name], sort_keys=True) for each in heads}) > 1 and not latest:
                conflicts[name] = tuple(each.id for each in heads)
        removed = self._removed(counted, above, holds)
        question = (
            () if removed else _removal_in_question(counted, above, lambda each: holds(each) and each not in lost)
        )
        if question:
            conflicts[REMOVED] = question
        built_upon = {parent for each in writes.values() for parent in each.based_on}
        return Seen(
            tuple(sorted(set(writes) - built_upon)),
            conflicts,
            {name: value for name, value in body.items() if name != REMOVED},
            removed,
            frozenset(not_held - {REMOVED}),
        )

    @staticmethod
    def _removed(counted: list[Saved], above: Mapping[bytes, set[bytes]], holds: Callable[[Saved], bool]) -> bool:
        removing = [each for each in counted if REMOVED in each.set]
        heads = _heads(removing, above)
        if len(heads) != 1 or not holds(heads[0]) or heads[0].set[REMOVED] is not True:
            return False
        return all(each is heads[0] or each.id in above[heads[0].id] for each in counted)


def _heads(of: list[Saved], above: Mapping[bytes, set[bytes]]) -> list[Saved]:
    """Those that no other of them was built upon."""
    return [one for one in of if not any(one.id in above[other.id] for other in of)]


def _removal_in_question(
    counted: list[Saved], above: Mapping[bytes, set[bytes]], holds: Callable[[Saved], bool]
) -> tuple[bytes, ...]:
    """The newest writes that a removal did not know of, and the removals: both are asked about."""

    def newest_first(of: list[Saved]) -> list[bytes]:
        return [each.id for each in sorted(of, key=lambda each: (each.at, each.id), reverse=True) if holds(each)]

    removals = [
        each for each in _heads([one for one in counted if REMOVED in one.set], above) if each.set[REMOVED] is True
    ]
    apart = [
        each
        for each in counted
        if each not in removals
        and any(each.id not in above[removal.id] and removal.id not in above[each.id] for removal in removals)
    ]
    if not apart and len(removals) < 2:
        return ()
    return (*newest_first(_heads(apart, above)), *newest_first(removals))


def _above(writes: Mapping[bytes, Saved]) -> dict[bytes, set[bytes]]:
    found: dict[bytes, set[bytes]] = {}

    def look(one: bytes) -> set[bytes]:
        if one not in found:
            found[one] = set()
            each = writes.get(one)
            for parent in each.based_on if each is not None else ():
                found[one] |= {parent} | look(parent)
        return found[one]

    for one in writes:
        look(one)
    return found


def held_by(ground: Ground, desks: Iterable[Desk]) -> Held:
    """What the server and those desks hold the words of, wherever they keep them."""
    held: Held = set()
    with ground.owner() as connection:
        held |= _pairs(connection.execute("SELECT id, content FROM change").fetchall())
        held |= _pairs(connection.execute("SELECT change, content FROM quarantine").fetchall())
        held |= _pairs(connection.execute("SELECT change, content FROM alarm").fetchall())
    for desk in desks:
        for table in ("change", "refused", "parked"):
            held |= _pairs(desk.ask(f"SELECT id, content FROM {table}"))
    return held


def _pairs(rows: Iterable[Any]) -> set[tuple[bytes, bytes]]:
    return {(bytes(row[0]), bytes(row[1])) for row in rows}
