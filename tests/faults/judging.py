"""The seven statements, looked for on every desk and at the server once all is quiet."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from livingwell_desktop.domain.changes import read_content
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import ALLIANCE, Sensitivity, kind_of
from tests.faults.desks import Desk, Seen
from tests.faults.ground import Ground
from tests.faults.judging_people import judge_people
from tests.faults.model import Fate, Model, Saved, held_by, must

_CLINICAL = int(Sensitivity.CLINICAL)


class Judge:
    """Compares every desk and the server with the model, once all is quiet."""

    def __init__(self, ground: Ground, model: Model, desks: Iterable[Desk]) -> None:
        self._ground, self._model, self._desks = ground, model, list(desks)
        with ground.owner() as connection:
            self._server = {
                bytes(row[0]): row[1:]
                for row in connection.execute("SELECT id, content, content_hash, standing FROM change")
            }
            self._erased = {row[0] for row in connection.execute("SELECT record FROM tombstone")}
            self._words = {
                (bytes(row[0]), bytes(row[1])) for row in connection.execute("SELECT change, content FROM quarantine")
            }
            self._alarms = {
                (bytes(row[0]), bytes(row[1])) for row in connection.execute("SELECT change, content FROM alarm")
            }
            self._known: dict[UUID, set[UUID]] = {}
            for subject, centre in connection.execute("SELECT subject, centre FROM known"):
                self._known.setdefault(subject, set()).add(centre)
            self._chains = dict(connection.execute("SELECT id, chain_n FROM device").fetchall())
            self._subjects = dict(connection.execute("SELECT id, subject FROM record").fetchall())

    def judge(self) -> None:
        """Raises BrokenError."""
        self._astray = self._model.astray()
        self._held = held_by(self._ground, self._desks)
        self._all_are_known()
        self._no_two_are_one()
        for desk in self._desks:
            self._all_sent(desk)
        for write in self._model.saved.values():
            self._findable(write)
        for write in self._model.gone:
            self._both_kept(write)
        for record in self._model.records():
            for desk in self._desks:
                self._shows(desk, record)
        judge_people(self._model, self._desks, lambda person: person in self._erased)
        for desk in self._desks:
            self._holds_only_its_own(desk)

    def _no_two_are_one(self) -> None:
        """Copies that have gone different ways have different names.

        A server that forgot what they had sent, and was sent nothing since, notices it when one of them writes again.
        """
        heads = {desk.device: desk.store.head() for desk in self._desks}
        for desk in self._desks:
            one, other = desk.store.head(), heads[desk.device]
            unheard = self._model.forgot and self._chains[desk.device] <= min(one[0], other[0])
            must(4, one == other or unheard, f"{desk.name} shares its name with a copy of it")

    def _all_sent(self, desk: Desk) -> None:
        # It let go of them, or they were erased; and then the server lost them, or even their place.
        lost = {each.id for each in self._model.lost}
        if self._model.forgot:
            lost |= {each.id for each in self._model.saved.values() if self._is_erased(each)}
        must(1, desk.store.waiting().count == 0, f"{desk.name} still waits with everything connected")
        for change, receipt, hashed in desk.ask(
            "SELECT o.change, o.receipt, coalesce(c.content_hash, v.content_hash) FROM outbox o"
            " LEFT JOIN change c ON c.id = o.change LEFT JOIN void v ON v.id = o.change"
        ):
            if receipt is not None and receipt > 0 and bytes(change) not in lost:
                held = self._server.get(bytes(change))
                must(
                    1,
                    held is not None and held[2] in (1, 3),
                    f"{desk.name} counts as sent what the server does not hold",
                )
                assert held is not None
                must(1, hashed in (None, bytes(held[1])), f"{desk.name} counts as sent what the server holds otherwise")
        # Not what is based on a name that stands for other words since the server forgot whose it was.
        parked = {bytes(row[0]) for row in desk.ask("SELECT id FROM parked")} - self._astray
        must(4, not parked, f"{desk.name} has changes that still wait for their parents")

    def _is_erased(self, write: Saved) -> bool:
        return write.record in self._erased or write.subject in self._erased

    def _all_are_known(self) -> None:
        """Who writes about a person makes them known where they are, also to a server that forgot it."""
        for write in self._model.saved.values():
            if write.subject == ALLIANCE or write.fate is not Fate.TAKEN or write.id in self._astray:
                continue
            for centre in write.author.centres:
                known = centre == write.subject or centre in self._known.get(write.subject, ())
                left = any((centre, each.record) in self._model.left for each in self._model.about(write.subject))
                must(2, known or left or self._is_erased(write), "a centre that wrote about a person is not known to")

    def _erased_everywhere(self, write: Saved) -> None:
        """Its words are nowhere; if it came after, they wait with whoever wrote it, and for the privacy officer."""
        held = self._server.get(write.id)
        must(1, held is None or (held[2] in (0, 2, 3) and not held[0]), "the server holds what was erased")
        for desk in self._desks:
            must(
                1, not desk.ask("SELECT 1 FROM change WHERE id = ?", (write.id,)), f"{desk.name} holds what was erased"
            )

    def _findable(self, write: Saved) -> None:
        """On its author's desk and on the server, or its words are where refused words are kept."""
        if self._is_erased(write):
            self._erased_everywhere(write)
            return
        if write.id in self._astray:
            must(1, write.name in self._held, f"words whose name was used twice are nowhere: {write.content!r}")
            return
        if write.fate is Fate.TAKEN:
            held = self._server.get(write.id)
            must(1, held is not None, f"a write of {write.author.name} is not on the server: {write.content!r}")
            assert held is not None
            must(1, bytes(held[0]) == write.content and held[2] == 1, "the server holds something else")
        elif not self._model.forgot:
            must(1, (write.id, write.content) in self._words, "refused words are not in quarantine")
        here = write.author.ask("SELECT content FROM change WHERE id = ?", (write.id,))
        void = write.author.ask("SELECT standing FROM void WHERE id = ?", (write.id,))
        words = write.author.ask("SELECT content FROM refused WHERE id = ?", (write.id,))
        if write.author.damaged:
            kept = (write.id, write.content) in self._words or [bytes(row[0]) for row in words] == [write.content]
            must(1, write.fate is Fate.TAKEN or kept, "refused words are nowhere")
        elif self._may_have_let_go(write):
            must(1, bool(here or void), "not even the place of a write is on its author's desk")
        elif write.fate is Fate.REFUSED:
            must(1, [bytes(row[0]) for row in words] == [write.content], "refused words are not on their author's desk")
            must(1, [row[0] for row in void] == [2], "a refused write is no void on its author's desk")
        else:
            must(1, [bytes(row[0]) for row in here] == [write.content], "a write is not on its author's desk")

    def _may_have_let_go(self, write: Saved) -> bool:
        """Whether its author's desk was told at some time to hold the record no longer."""
        desk = write.author
        # With somebody who left goes what was begun about them by a desk that had not heard it.
        about = {write.record, *(each.record for each in self._model.about(write.subject))}
        if any((centre, record) in self._model.left for centre in desk.centres for record in about):
            return True
        never_leaves = (
            write.subject == ALLIANCE or write.kind == kind_of(Protection).name or desk.sensitivity >= _CLINICAL
        )
        return not never_leaves and bool(self._model.protections_of(write.subject))

    def _both_kept(self, write: Saved) -> None:
        if self._erased or self._model.forgot or write.author.damaged:
            return  # one disaster too many for a name that chance never gives twice
        there = (write.id, write.content) in self._alarms | self._words
        kept = write.author.ask("SELECT content FROM refused WHERE id = ?", (write.id,))
        here = write.content in [bytes(row[0]) for row in kept]
        # With a record that leaves its desk go the words that were refused about it: they are the privacy officer's.
        gone = self._may_have_let_go(write) and (write.id, write.content) in self._words
        must(1, there, "words under a name that was used twice are not kept at the server")
        must(1, here or gone, "words under a used name are not on their desk")

    def _is_in_question(self, desk: Desk, record: UUID) -> bool:
        """Whether desks may differ about it until somebody has looked."""
        if any(each.record == record for each in self._model.gone):
            return True  # two contents under one name
        protection = kind_of(Protection).id_for(self._subjects.get(record) or record)
        if self._model.forgot and any(each.record == protection for each in self._model.gone):
            return True  # whether its person is protected hangs on which of two contents came first
        used = {each.id for each in self._model.gone if each.author is desk}
        if any(each.id in used or each.id in self._astray for each in self._model.of(record)):
            return True  # the same, for the record that had the name first, on the desk that used it again
        return record in self._model.unsure

    def _shows(self, desk: Desk, record: UUID) -> None:
        if self._is_in_question(desk, record):
            return
        subject = self._subjects.get(record)
        row = desk.row(record)
        in_scope = subject is not None and (
            subject == ALLIANCE
            or any(centre == subject or centre in self._known.get(subject, ()) for centre in desk.centres)
        )
        if not in_scope:
            own = desk.damaged and self._wrote_all_of_it(desk, record)
            must(2, row is None or own, f"{desk.name} shows a record that it is not to hold: {row}, of {subject}")
            return
        if subject != ALLIANCE and self._model.level(record) > desk.sensitivity:
            return  # it may hold what it wrote itself, and nothing else
        if record in self._erased or subject in self._erased:
            must(1, row is None or not row.body, f"{desk.name} shows what was erased: {row}")
            return
        places = {bytes(row[0]) for row in desk.ask("SELECT id FROM void WHERE record = ?", (record.bytes,))}
        expected = self._model.expected(record, lambda write: self._held_by(desk, write), places)
        if not expected.body and not expected.removed:
            must(2, row is None or not row.body, lambda: f"{desk.name} shows what nobody wrote: {row}, not {expected}")
            return
        must(2, row is not None, f"{desk.name} does not show a record that it is to hold: {expected}")
        assert row is not None
        must(3, row.conflicts == expected.conflicts, lambda: f"{desk.name} shows {row} and not {expected}")
        if self._model.forgot:
            # Where a refused change that nobody built upon stood, a server that forgot it need not know.
            row, expected = self._without_refused(row), self._without_refused(expected)
        must(2, row == expected, lambda: f"{desk.name} shows {row} and not {expected}")

    @staticmethod
    def _wrote_all_of_it(desk: Desk, record: UUID) -> bool:
        """What was put back after damage may have been sent before, and its record withdrawn since."""
        rows = desk.ask("SELECT device FROM change WHERE record = ?", (record.bytes,))
        return all(UUID(bytes=row[0]) in desk.names for row in rows)

    def _without_refused(self, seen: Seen) -> Seen:
        refused = {each.id for each in self._model.saved.values() if each.fate is not Fate.TAKEN}
        return replace(seen, heads=tuple(head for head in seen.heads if head not in refused))

    def _held_by(self, desk: Desk, write: Saved) -> bool:
        if subject_is_open(write) or write.sensitivity <= desk.sensitivity:
            return True
        return bool(desk.ask("SELECT 1 FROM change WHERE id = ?", (write.id,)))

    def _holds_only_its_own(self, desk: Desk) -> None:
        """What a desk is not enrolled for is never sent to it."""
        for raw, device in desk.ask("SELECT content, device FROM change"):
            content = read_content(raw)
            if UUID(bytes=device) in desk.names or content.subject == ALLIANCE:
                continue
            must(1, content.sensitivity <= desk.sensitivity, f"{desk.name} was sent what is too sensitive for it")
            level = self._model.level(content.record)
            must(1, level <= desk.sensitivity, f"{desk.name} holds what was withdrawn from it: {raw!r}")
            known = self._known.get(content.subject, set())
            centres = {*known, content.subject, *(centre for centre, record in self._model.left)}
            must(1, bool(centres & set(desk.centres)), f"{desk.name} was sent what its centre does not know")


def subject_is_open(write: Saved) -> bool:
    return write.subject == ALLIANCE
