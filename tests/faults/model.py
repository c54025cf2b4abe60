"""What must be true whatever happened: a second, slow telling of what a record says, and the seven statements.

It is written from `sync.md` and shares nothing with the program but the reading of a change's bytes.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.changes import read_content
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import ALLIANCE, ConflictRule, Sensitivity, kind_named, kind_of
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


@dataclass
class Intended:
    """A write that is under way: saved or not, when the desk was killed meanwhile."""

    record: UUID
    kind: str
    set: Mapping[str, Any]
    based_on: tuple[bytes, ...]


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
    noted: dict[UUID, int] = field(default_factory=dict)
    """The newest link of each desk's chain that is in `saved`."""
    left: set[tuple[UUID, UUID]] = field(default_factory=set)
    """(centre, record): was withdrawn from there at some time."""
    gone: list[Saved] = field(default_factory=list)
    """Saved with a name that stood for something else already."""

    def note(self, desk: Desk, intended: Iterable[Intended], fate: Fate = Fate.TAKEN) -> int:
        """Take in what a desk has saved since the last look. Says how many."""
        rows = desk.ask(
            "SELECT o.n, c.id, c.content, c.content_hash FROM outbox o JOIN change c ON c.id = o.change"
            " WHERE o.n > ? ORDER BY o.n",
            (self.noted.get(desk.device, 0),),
        )
        meant = list(intended)
        must(1, len(rows) in (0, len(meant)), lambda: f"of one verb {len(rows)} of {len(meant)} edits were saved")
        for row, each in zip(rows, meant, strict=False):
            said = read_content(row[2])
            write = Saved(
                bytes(row[1]),
                each.record,
                each.kind,
                json.loads(json.dumps(dict(each.set))),
                each.based_on,
                said.at,
                said.sensitivity,
                said.subject,
                bytes(row[2]),
                bytes(row[3]),
                desk,
                fate,
            )
            if fate is Fate.TAKEN and any(self._is_of_another(parent, each.record) for parent in each.based_on):
                write.fate = Fate.REFUSED
            must(1, dict(said.set) == dict(write.set), "a desk saved something else than was typed")
            if fate is Fate.SAME_NAME:
                self.gone.append(write)
            else:
                self.saved[write.id] = write
            self.noted[desk.device] = row[0]
        return len(rows)

    def _is_of_another(self, parent: bytes, record: UUID) -> bool:
        """Whether a parent, saved here under a name that was taken, stands for another record at the server."""
        return any(each.id == parent for each in self.gone) and self.saved[parent].record != record

    def of(self, record: UUID) -> list[Saved]:
        return [each for each in self.saved.values() if each.record == record]

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
        writes = self.of(record)
        least = min(each.sensitivity for each in writes)
        own = writes[0].kind == _PROTECTION.name
        return max(least, _CLINICAL) if not own and self.is_protected(writes[0].subject) else least

    # What a desk must show

    def expected(self, record: UUID, holds: Callable[[Saved], bool]) -> Seen:
        """What a record says to a desk that holds those of its writes."""
        writes = {each.id: each for each in self.of(record)}
        above = _above(writes)
        body: dict[str, Any] = {}
        conflicts: dict[str, tuple[bytes, ...]] = {}
        not_held = set()
        counted = [each for each in writes.values() if each.fate is Fate.TAKEN]
        kind = kind_named(counted[0].kind) if counted else None
        for name in {name for each in counted for name in each.set}:
            writing = [each for each in counted if name in each.set]
            heads = [one for one in writing if not any(one.id in above[other.id] for other in writing)]
            if not all(holds(each) for each in heads):
                not_held.add(name)
                continue
            heads.sort(key=lambda each: (each.at, each.id), reverse=True)
            body[name] = heads[0].set[name]
            latest = kind is not None and name in kind.fields and kind.fields[name].conflict is ConflictRule.LATEST
            if len({json.dumps(each.set[name], sort_keys=True) for each in heads}) > 1 and not latest:
                conflicts[name] = tuple(each.id for each in heads)
        built_upon = {parent for each in writes.values() for parent in each.based_on}
        return Seen(
            tuple(sorted(set(writes) - built_upon)),
            conflicts,
            {name: value for name, value in body.items() if name != REMOVED},
            self._removed(counted, above, holds),
            frozenset(not_held - {REMOVED}),
        )

    @staticmethod
    def _removed(counted: list[Saved], above: Mapping[bytes, set[bytes]], holds: Callable[[Saved], bool]) -> bool:
        removing = [each for each in counted if REMOVED in each.set]
        heads = [one for one in removing if not any(one.id in above[other.id] for other in removing)]
        if len(heads) != 1 or not holds(heads[0]) or heads[0].set[REMOVED] is not True:
            return False
        return all(each is heads[0] or each.id in above[heads[0].id] for each in counted)


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


class Judge:
    """Compares every desk and the server with the model, once all is quiet."""

    def __init__(self, ground: Ground, model: Model, desks: Iterable[Desk]) -> None:
        self._ground, self._model, self._desks = ground, model, list(desks)
        with ground.owner() as connection:
            self._server = {
                bytes(row[0]): row[1:]
                for row in connection.execute("SELECT id, content, content_hash, standing FROM change")
            }
            self._words = {
                (bytes(row[0]), bytes(row[1])) for row in connection.execute("SELECT change, content FROM quarantine")
            }
            self._alarms = {
                (bytes(row[0]), bytes(row[1])) for row in connection.execute("SELECT change, content FROM alarm")
            }
            self._known: dict[UUID, set[UUID]] = {}
            for subject, centre in connection.execute("SELECT subject, centre FROM known"):
                self._known.setdefault(subject, set()).add(centre)
            self._subjects = dict(connection.execute("SELECT id, subject FROM record").fetchall())

    def judge(self) -> None:
        """Raises BrokenError."""
        for desk in self._desks:
            self._all_sent(desk)
        for write in self._model.saved.values():
            self._findable(write)
        for write in self._model.gone:
            self._both_kept(write)
        for record in self._model.records():
            for desk in self._desks:
                self._shows(desk, record)
        for desk in self._desks:
            self._holds_only_its_own(desk)

    def _all_sent(self, desk: Desk) -> None:
        must(1, desk.store.waiting().count == 0, f"{desk.name} still waits with everything connected")
        for change, receipt, hashed in desk.ask(
            "SELECT o.change, o.receipt, coalesce(c.content_hash, v.content_hash) FROM outbox o"
            " LEFT JOIN change c ON c.id = o.change LEFT JOIN void v ON v.id = o.change"
        ):
            if receipt is not None and receipt > 0:
                held = self._server.get(bytes(change))
                must(1, held is not None and held[2] == 1, f"{desk.name} counts as sent what the server does not hold")
                assert held is not None
                must(1, hashed in (None, bytes(held[1])), f"{desk.name} counts as sent what the server holds otherwise")
        must(4, not desk.ask("SELECT 1 FROM parked"), f"{desk.name} has changes that still wait for their parents")

    def _findable(self, write: Saved) -> None:
        """On its author's desk and on the server, or its words are where refused words are kept."""
        if write.fate is Fate.TAKEN:
            held = self._server.get(write.id)
            must(1, held is not None, f"a write of {write.author.name} is not on the server: {write.content!r}")
            assert held is not None
            must(1, bytes(held[0]) == write.content and held[2] == 1, "the server holds something else")
        else:
            must(1, (write.id, write.content) in self._words, "refused words are not in quarantine")
        here = write.author.ask("SELECT content FROM change WHERE id = ?", (write.id,))
        void = write.author.ask("SELECT standing FROM void WHERE id = ?", (write.id,))
        words = write.author.ask("SELECT content FROM refused WHERE id = ?", (write.id,))
        if self._may_have_let_go(write):
            must(1, bool(here or void), "not even the place of a write is on its author's desk")
        elif write.fate is Fate.REFUSED:
            must(1, [bytes(row[0]) for row in words] == [write.content], "refused words are not on their author's desk")
            must(1, [row[0] for row in void] == [2], "a refused write is no void on its author's desk")
        else:
            must(1, [bytes(row[0]) for row in here] == [write.content], "a write is not on its author's desk")

    def _may_have_let_go(self, write: Saved) -> bool:
        """Whether its author's desk was told at some time to hold the record no longer."""
        desk = write.author
        if any((centre, write.record) in self._model.left for centre in desk.centres):
            return True
        never_leaves = write.subject == ALLIANCE or write.kind == _PROTECTION.name or desk.sensitivity >= _CLINICAL
        return not never_leaves and bool(self._model.protections_of(write.subject))

    def _both_kept(self, write: Saved) -> None:
        kept_there = (write.id, write.content) in self._alarms | self._words
        must(1, kept_there, "words under a name that was used twice are not kept at the server")
        kept = write.author.ask("SELECT content FROM refused WHERE id = ?", (write.id,))
        must(1, write.content in [bytes(row[0]) for row in kept], "words under a used name are not on their desk")

    def _shows(self, desk: Desk, record: UUID) -> None:
        if any(each.record == record for each in self._model.gone):
            return  # two contents under one name: somebody must look, and desks differ until then
        used = {each.id for each in self._model.gone if each.author is desk}
        if any(each.id in used for each in self._model.of(record)):
            return  # the same, for the record that had the name first, on the desk that used it again
        subject = self._subjects.get(record)
        row = desk.row(record)
        in_scope = subject is not None and (
            subject == ALLIANCE
            or any(centre == subject or centre in self._known.get(subject, ()) for centre in desk.centres)
        )
        if not in_scope:
            must(2, row is None, f"{desk.name} shows a record that it is not to hold: {row}, of {subject}")
            return
        if subject != ALLIANCE and self._model.level(record) > desk.sensitivity:
            return  # it may hold what it wrote itself, and nothing else
        expected = self._model.expected(record, lambda write: self._held_by(desk, write))
        if not expected.body and not expected.removed:
            must(2, row is None or not row.body, lambda: f"{desk.name} shows what nobody wrote: {row}, not {expected}")
            return
        must(2, row is not None, f"{desk.name} does not show a record that it is to hold: {expected}")
        assert row is not None
        must(3, row.conflicts == expected.conflicts, lambda: f"{desk.name} shows {row} and not {expected}")
        must(2, row == expected, lambda: f"{desk.name} shows {row} and not {expected}")

    def _held_by(self, desk: Desk, write: Saved) -> bool:
        if subject_is_open(write) or write.sensitivity <= desk.sensitivity:
            return True
        if write.author is not desk:
            return False
        return bool(desk.ask("SELECT 1 FROM change WHERE id = ?", (write.id,)))

    def _holds_only_its_own(self, desk: Desk) -> None:
        """What a desk is not enrolled for is never sent to it."""
        for raw, device in desk.ask("SELECT content, device FROM change"):
            content = read_content(raw)
            if UUID(bytes=device) == desk.device or content.subject == ALLIANCE:
                continue
            must(1, content.sensitivity <= desk.sensitivity, f"{desk.name} was sent what is too sensitive for it")
            level = self._model.level(content.record)
            must(1, level <= desk.sensitivity, f"{desk.name} holds what was withdrawn from it: {raw!r}")
            known = self._known.get(content.subject, set())
            centres = {*known, content.subject, *(centre for centre, record in self._model.left)}
            must(1, bool(centres & set(desk.centres)), f"{desk.name} was sent what its centre does not know")


def subject_is_open(write: Saved) -> bool:
    return write.subject == ALLIANCE


__all__ = ["BrokenError", "Fate", "Intended", "Judge", "Model", "Saved", "must", "subject_is_open"]
