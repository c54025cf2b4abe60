"""What a schedule is made of on most days: people who write, networks and clocks that fail, power that goes, poison."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage import FieldInConflictError, Write
from livingwell_desktop.storage import store as store_module
from livingwell_desktop.sync.troubles import SyncError
from tests.faults.conditions import Chance, small_pages, unchecked_writes
from tests.faults.desks import Desk, KilledError, Seen
from tests.faults.ground import Ground, Trouble
from tests.faults.judging import Judge
from tests.faults.model import REMOVED, Fate, Intended, Model, must
from tests.faults.records import RECORDS, SCOPES, Subject

VALUES = st.sampled_from(["a", "b", "c"])
MOST_DESKS = 5
desks = st.integers(0, MOST_DESKS - 1)
records = st.sampled_from(RECORDS)
troubles = st.lists(st.sampled_from(list(Trouble)), max_size=4)


class Everyday(RuleBasedStateMachine):
    """One schedule. `ground` is set by whoever runs it."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.chance = Chance(20261123)
        self.model = Model()
        self.desks: list[Desk] = []
        self._stack = ExitStack()
        self._stack.enter_context(small_pages())
        # What is there: it may be the real one with a fault sown.
        decided = partial(store_module.write_act, random=self.chance)
        self._stack.enter_context(mock.patch.object(store_module, "write_act", decided))
        self.ground.clear()
        self.ground.schedules += 1

    @initialize(number=st.integers(2, 4))
    def begin(self, number: int) -> None:
        for _ in range(number):
            self.join()

    def join(self) -> None:
        number = len(self.desks)
        desk = Desk(self.ground, f"Desk {number + 1}", *SCOPES[number], seed=number)
        self.desks.append(desk)

    def desk(self, number: int) -> Desk:
        return self.desks[number % len(self.desks)]

    # People at desks

    @precondition(lambda self: len(self.desks) < MOST_DESKS)
    @rule()
    def another_desk_joins(self) -> None:
        self.join()

    @rule(number=desks)
    def opens(self, number: int) -> None:
        """People look at records, and go on from what they saw, perhaps much later."""
        desk = self.desk(number)
        for about in RECORDS:
            row = desk.row(about.id)
            if row is not None:
                desk.seen[about.id] = row

    @rule(number=desks, about=records, value=VALUES)
    def types_while_changes_arrive(self, number: int, about: Subject, value: str) -> None:
        self.opens(number=number)
        self.exchange(self.desk(number))
        self.saves_field(number, about, about.fields[0], value, stale=True)

    @rule(about=records, coming=troubles)
    def everybody_writes_the_same_field_and_exchanges(self, about: Subject, coming: list[Trouble]) -> None:
        """What an outage is: all go on, then all come back."""
        for number in range(len(self.desks)):
            self.saves_field(number, about, about.fields[0], "abc"[number % 3])
        for number in range(len(self.desks)):
            self.exchanges(number=number, coming=coming if number == 0 else [])

    @rule(number=desks, about=records, place=st.integers(0, 2), value=VALUES, stale=st.booleans())
    def saves(self, number: int, about: Subject, place: int, value: str, stale: bool) -> None:
        self.saves_field(number, about, about.fields[place % len(about.fields)], value, stale=stale)

    def saves_field(self, number: int, about: Subject, name: str, value: str, *, stale: bool = False) -> None:
        write = self.edit_of(self.desk(number), about, {name: value}, stale=stale)
        if write is not None:
            self.save(self.desk(number), [write])

    @rule(number=desks, about=st.lists(records, min_size=2, max_size=3, unique_by=lambda each: each.id), value=VALUES)
    def one_verb_saves_several(self, number: int, about: Sequence[Subject], value: str) -> None:
        desk = self.desk(number)
        writes = [self.edit_of(desk, each, {each.fields[0]: value}) for each in about]
        self.save(desk, [each for each in writes if each is not None])

    @rule(number=desks, about=records, value=VALUES, stale=st.booleans())
    def settles(self, number: int, about: Subject, value: str, stale: bool) -> None:
        """Somebody decides between the values that were in front of them; more may have come since."""
        desk = self.desk(number)
        seen = desk.seen.get(about.id) if stale else desk.row(about.id)
        if seen is None or not seen.conflicts or desk.row(about.id) is None:
            return
        name, heads = sorted(seen.conflicts.items())[0]
        named = {name: frozenset(heads)}
        self.save(desk, [Write(about.id, about.kind, {name: value}, seen.heads, named)])

    @rule(number=desks, about=records, removed=st.booleans())
    def removes(self, number: int, about: Subject, removed: bool) -> None:
        """As the verb of a version that has it writes it."""
        desk = self.desk(number)
        row = desk.row(about.id)
        if row is not None and row.heads:
            self.save(desk, [Write(about.id, about.kind, {REMOVED: removed}, row.heads)], unchecked=True)

    def edit_of(self, desk: Desk, about: Subject, values: Mapping[str, Any], *, stale: bool = False) -> Write | None:
        row = desk.row(about.id)
        if row is None:
            if not about.anywhere and self.model.of(about.id):
                return None
            held = desk.ask("SELECT 1 FROM void WHERE record = ?", (about.id.bytes,))
            return None if held else Write(about.id, about.kind, {**about.first, **values})
        seen: Seen = desk.seen.get(about.id, row) if stale else row
        return Write(about.id, about.kind, dict(values), seen.heads)

    def save(self, desk: Desk, writes: Sequence[Write], *, unchecked: bool = False, fate: Fate = Fate.TAKEN) -> bool:
        """One verb. Says whether it was saved."""
        if not writes:
            return False
        meant = [Intended(each.record, each.kind, each.set, each.based_on) for each in writes]
        in_question = [
            (each.record, name)
            for each in writes
            for row in (desk.row(each.record),)
            if row is not None and not unchecked
            for name in each.set
            if name in row.conflicts and name not in each.settles
        ]
        try:
            with unchecked_writes() if unchecked else ExitStack():
                desk.store.write(writes, [], desk.author)
        except FieldInConflictError:
            must(1, self.model.note(desk, []) == 0, "a refused save was saved")
            return False
        except Problem:
            must(1, self.model.note(desk, []) == 0, "what was said not to be saved was saved")
            return False
        except KilledError:
            desk.rise_again()
            self.ground.killed += 1
            return self.model.note(desk, meant, fate) > 0
        finally:
            desk.kill_at = None
        must(3, not in_question, f"a field in conflict was settled by accident: {in_question}")
        saved = self.model.note(desk, meant, fate)
        must(1, saved == len(meant), "what was said to be saved is not in the store")
        return True

    # The network, the clocks, the time

    @rule(number=desks, coming=troubles)
    def exchanges(self, number: int, coming: list[Trouble]) -> None:
        desk = self.desk(number)
        desk.wire.coming = [each for each in coming if each is not Trouble.KILLED]
        if Trouble.KILLED in coming:
            self.ground.counter.kill_at = self.ground.counter.statements + 7 * (1 + coming.index(Trouble.KILLED))
        self.exchange(desk)
        desk.wire.coming = []
        self.ground.counter.kill_at = None

    def exchange(self, desk: Desk) -> None:
        try:
            desk.exchange()
        except (SyncError, Problem):
            pass  # it says so, and tries again later
        except KilledError:
            desk.rise_again()
            self.ground.killed += 1
        self.model.take_up(desk)

    @rule(number=desks)
    def goes_online_or_offline(self, number: int) -> None:
        desk = self.desk(number)
        desk.wire.up = not desk.wire.up

    @rule(number=desks)
    def late_requests_arrive(self, number: int) -> None:
        self.desk(number).wire.deliver_late()

    @rule(number=desks, words=st.integers(1, 3))
    def an_exchange_is_called_off(self, number: int, words: int) -> None:
        desk = self.desk(number)
        desk.stop_after = words
        self.exchange(desk)
        desk.stop_after = None

    @rule(hours=st.sampled_from([0.01, 0.3, 30, 4000]))
    def time_passes(self, hours: float) -> None:
        self.ground.now += timedelta(hours=hours)

    @rule(number=desks, days=st.sampled_from([-4000, -1, 0, 0.01, 1, 4000]))
    def a_clock_is_wrong(self, number: int, days: float) -> None:
        self.desk(number).skew = timedelta(days=days)

    # Power and disks

    @rule(number=desks, statement=st.integers(1, 60))
    def a_desk_is_killed_in_an_exchange(self, number: int, statement: int) -> None:
        desk = self.desk(number)
        desk.kill_at = desk.statements + statement
        self.exchange(desk)
        desk.kill_at = None

    @rule(number=desks, about=records, value=VALUES, statement=st.integers(1, 20))
    def a_desk_is_killed_in_a_save(self, number: int, about: Subject, value: str, statement: int) -> None:
        desk = self.desk(number)
        write = self.edit_of(desk, about, {about.fields[-1]: value})
        if write is not None:
            desk.kill_at = desk.statements + statement + 1
            self.save(desk, [write])

    @rule(number=desks, statement=st.integers(1, 40))
    def a_disk_is_full(self, number: int, statement: int) -> None:
        desk = self.desk(number)
        desk.full_at = desk.statements + statement
        self.exchange(desk)
        desk.full_at = None

    @rule(number=desks)
    def a_desk_starts_again(self, number: int) -> None:
        desk = self.desk(number)
        desk.close()
        desk.open()

    # Poison

    @rule(number=desks, about=records, value=VALUES)
    def a_signature_is_wrong(self, number: int, about: Subject, value: str) -> None:
        desk = self.desk(number)
        write = self.edit_of(desk, about, {about.fields[0]: value})
        if write is not None and desk.signs_itself:
            desk.bad_signature = True
            self.save(desk, [write], fate=Fate.REFUSED)
            desk.bad_signature = False

    @rule(number=desks, about=records)
    def a_value_does_not_fit(self, number: int, about: Subject) -> None:
        """A program one version apart writes what this server cannot take."""
        desk = self.desk(number)
        write = self.edit_of(desk, about, {about.fields[0]: 5})
        if write is not None:
            self.save(desk, [write], unchecked=True, fate=Fate.REFUSED)

    @rule(number=desks, about=records, value=VALUES)
    def a_name_is_used_twice(self, number: int, about: Subject, value: str) -> None:
        desk = self.desk(number)
        with self.ground.owner() as connection:
            taken = {bytes(row[0]) for row in connection.execute("SELECT id FROM change WHERE standing = 1")}
        here = {
            bytes(row[0])
            for row in desk.ask("SELECT id FROM change UNION SELECT id FROM void UNION SELECT id FROM parked")
        }
        names = [name for name in self.model.saved if name in taken and name not in here]
        write = self.edit_of(desk, about, {about.fields[0]: value})
        if names and write is not None:
            self.chance.next_name = names[0]
            self.save(desk, [write], fate=Fate.SAME_NAME)
            self.chance.next_name = None

    # The end

    def quiet(self) -> None:
        """Everything is connected, nothing fails, and everybody exchanges until nothing changes any more."""
        self.ground.counter.kill_at = None
        for desk in self.desks:
            desk.wire.up, desk.wire.coming = True, []
            desk.wire.deliver_late()
            desk.kill_at = desk.full_at = desk.stop_after = None
        before: object = None
        for _ in range(12):
            for desk in self.desks:
                self.ground.now += timedelta(seconds=61)
                desk.exchange()
                self.model.take_up(desk)
            now = [(desk.store.cursors(), desk.store.waiting().count) for desk in self.desks]
            if now == before:
                return
            before = now
        must(4, False, "the desks never come to rest")

    def teardown(self) -> None:
        try:
            self.judge()
        finally:
            self.end()

    def judge(self) -> None:
        """Bring everything to rest and look. Raises BrokenError."""
        if self.desks:
            self.quiet()
            Judge(self.ground, self.model, self.desks).judge()
            self.idle_rounds_are_small()

    def end(self) -> None:
        """Close every desk."""
        self._stack.close()
        for desk in self.desks:
            desk.close()
        self.desks = []
        self.ground.empty_folder()

    def idle_rounds_are_small(self) -> None:
        """When nothing has changed, next to nothing is asked, said or written, whatever is stored."""
        for desk in self.desks:
            desk.exchange()  # with a token that lasts
            server, here, passed, asked = self._work(desk)
            desk.exchange()
            server, here, passed, asked = (
                now - before for now, before in zip(self._work(desk), (server, here, passed, asked), strict=True)
            )
            must(6, asked == 1, f"an idle round makes {asked} requests")
            must(6, passed < 1200, f"an idle round passes {passed} bytes")
            must(6, server < 40, f"an idle round costs the server {server} statements")
            must(6, here < 30, f"an idle round costs the desk {here} statements")

    def _work(self, desk: Desk) -> tuple[int, int, int, int]:
        return self.ground.counter.statements, desk.statements, desk.wire.passed, desk.wire.requests
