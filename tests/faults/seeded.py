"""Faults put into the real code on purpose. Each must be caught: if one is not, the schedules prove nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from unittest import mock
from uuid import UUID

from starlette.testclient import TestClient

from livingwell_desktop.domain.changes import Change, Standing, Void
from livingwell_desktop.server import application, pulling, pushing, restoring, routing, states
from livingwell_desktop.storage import Receipt, folding, outbox, prepare, receiving, writing
from livingwell_desktop.storage import store as store_module
from livingwell_desktop.storage.rows import row_of, split_ids
from livingwell_desktop.sync.exchanging import Exchange
from livingwell_desktop.sync.protocol import STREAM
from tests.central import CENTRE, code_for
from tests.faults import ground as ground_module
from tests.faults.ground import Ground, Trouble
from tests.faults.machine import Faults
from tests.faults.model import must
from tests.faults.records import CENTRES, PEOPLE, RECORDS
from tests.faults.running import run_schedules
from tests.server.exchange import HandDesk
from tests.server.test_racing import misses

WITHIN = 300
"""Schedules in which a fault must be caught."""

RACES = 10
"""Forced races in which a fault must be caught that no schedule can show."""


@dataclass(frozen=True)
class Seeded:
    """A fault: its name, and the real code with it."""

    name: str
    sown: Callable[[], AbstractContextManager[Any]]
    in_a_race: bool = False
    """Whether it shows only when two requests are served at once, which no schedule does: then a race is forced."""


@dataclass(frozen=True)
class Caught:
    """How a fault was found, and after how many schedules."""

    schedules: int
    how: str


def _last_write_wins() -> AbstractContextManager[Any]:
    real = folding.fold
    return mock.patch.object(folding, "fold", lambda *given: replace(real(*given), conflicts=MappingProxyType({})))


@contextmanager
def _parents_from_store() -> Iterator[None]:
    real = store_module.write_act

    def write_act(connection: Any, writes: Sequence[Any], *rest: Any, **named: Any) -> Any:
        filled = []
        for write in writes:
            row = row_of(connection, write.record.bytes)
            filled.append(replace(write, based_on=split_ids(row.heads)) if row is not None else write)
        return real(connection, filled, *rest, **named)

    with mock.patch.object(store_module, "write_act", write_act):
        yield


@contextmanager
def _skip_by_id() -> Iterator[None]:
    real = pushing._names

    def names(*given: Any) -> Any:
        return real(*given)[0], []

    with mock.patch.object(pushing, "_names", names), mock.patch.object(pushing, "_reused", lambda *_: []):
        yield


def _cursor_past_a_gap() -> AbstractContextManager[Any]:
    real = pulling._page

    def page(connection: Any, device: Any, stream: str, *rest: Any) -> Any:
        row = connection.execute("SELECT number FROM stream WHERE name = %s", (stream,)).fetchone()
        return replace(real(connection, device, stream, *rest), reached=row[0], more=False)

    return mock.patch.object(pulling, "_page", page)


def _counter_instead_of_receipt() -> AbstractContextManager[Any]:
    real = Exchange._take_word

    def take_word(self: Exchange, answer: Any, unsent: Sequence[Any]) -> int:
        counted = [Receipt(each.change.id, each.change.content_hash) for each in unsent[: len(answer.receipts)]]
        self._store.acknowledge(counted)
        return real(self, answer, unsent)

    return mock.patch.object(Exchange, "_take_word", take_word)


def _mark_sent_before_receipt() -> AbstractContextManager[Any]:
    real = Exchange._request

    def request(self: Exchange, load: Any) -> Any:
        if load is not None:
            self._store.acknowledge([Receipt(each.change.id, each.change.content_hash) for each in load.unsent])
        return real(self, load)

    return mock.patch.object(Exchange, "_request", request)


def _settle_by_accident() -> AbstractContextManager[Any]:
    return mock.patch.object(writing, "_names_what_was_shown", lambda *_: True)


@contextmanager
def _drop_on_refusal() -> Iterator[None]:
    def forget(connection: Any, change: bytes, _reason: str, _now: int) -> None:
        connection.exec_driver_sql("UPDATE outbox SET receipt = -1 WHERE change = ? AND receipt IS NULL", (change,))

    with mock.patch.object(outbox, "keep_refused", forget), mock.patch.object(receiving, "keep_refused", forget):
        yield


@contextmanager
def _no_void() -> Iterator[None]:
    real_delivered, real_state = pulling._delivered, states._state

    def delivered(*given: Any) -> Any:
        return [each for each in real_delivered(*given) if each.whole or not isinstance((*each.nodes, None)[0], Void)]

    def state(*given: Any) -> Any:
        return tuple(each for each in real_state(*given) if isinstance(each, Change))

    with mock.patch.object(pulling, "_delivered", delivered), mock.patch.object(states, "_state", state):
        yield


def _no_parking() -> AbstractContextManager[Any]:
    return mock.patch.object(receiving, "_missing_parents", lambda *_: False)


def _known_without_its_past() -> AbstractContextManager[Any]:
    return mock.patch.object(routing, "states_for", lambda *_: [])


def _let_go_before_sending() -> AbstractContextManager[Any]:
    return mock.patch.object(Exchange, "_until_unsent", lambda _self, arrivals: arrivals)


@contextmanager
def _standing_falls() -> Iterator[None]:
    real = receiving._raise_standing

    def raise_standing(connection: Any, void: Void, now: int) -> bool:
        if void.standing is Standing.NOT_HELD:
            connection.exec_driver_sql("DELETE FROM change WHERE id = ?", (void.id,))
        return real(connection, void, now)

    with mock.patch.object(receiving, "_raise_standing", raise_standing):
        yield


@contextmanager
def _push_is_not_idempotent() -> Iterator[None]:
    """What is there already is answered as a name that stands for something else."""
    real = pushing._names

    def names(held: Any, judged: Any) -> Any:
        accepted, reused = real(held, judged)
        new = {each.offered.change.id for each in accepted}
        return accepted, reused + [
            each.offered.change for each in judged if each.sound and each.offered.change.id not in new
        ]

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(pushing, "_names", names))
        yield


@contextmanager
def _no_fork_check() -> Iterator[None]:
    """The server takes whatever comes under a desk's name."""

    def follow(_connection: Any, _device: Any, head: Any, judged: Sequence[Any]) -> Any:
        links = [each.offered.envelope for each in judged if each.linked]
        return replace(head, n=links[-1].n, hash=links[-1].hash) if links else head

    with (
        mock.patch.object(pushing, "follow", follow),
        mock.patch.object(application, "check_head", lambda *_: None),
    ):
        yield


@contextmanager
def _no_generation() -> Iterator[None]:
    """A server that was put back, or lost, goes on as if nothing had been."""
    with (
        mock.patch.object(ground_module, "begin", lambda *_: None),
        mock.patch.object(restoring, "begin_anew", lambda *_: None),
    ):
        yield


def _no_subject_lock() -> AbstractContextManager[Any]:
    return mock.patch.object(pushing, "lock_subjects", lambda *_: None)


FAULTS = (
    Seeded("last-write-wins", _last_write_wins),
    Seeded("parents-from-store", _parents_from_store),
    Seeded("skip-by-id", _skip_by_id),
    Seeded("cursor past a gap", _cursor_past_a_gap),
    Seeded("no subject lock", _no_subject_lock, in_a_race=True),
    Seeded("counter instead of receipt", _counter_instead_of_receipt),
    Seeded("no fork check", _no_fork_check),
    Seeded("no generation", _no_generation),
    Seeded("mark-sent-before-receipt", _mark_sent_before_receipt),
    Seeded("settle-by-accident", _settle_by_accident),
    Seeded("drop-on-refusal", _drop_on_refusal),
    Seeded("no void", _no_void),
    Seeded("no parking", _no_parking),
    Seeded("known without its past", _known_without_its_past),
    Seeded("let go before sending", _let_go_before_sending),
    Seeded("standing falls", _standing_falls),
    Seeded("push is not idempotent", _push_is_not_idempotent),
)


def somebody_goes_on_from_what_is_old(schedule: Faults) -> None:
    """A record is open at one desk while the other's edit of the same field arrives; then it is saved."""
    about = RECORDS[-1]  # which every desk holds
    schedule.begin(number=2)
    schedule.one_verb_saves_several(number=0, about=[about], value="a")
    for number in (0, 1):
        schedule.exchanges(number=number, coming=[])
    schedule.opens(number=1)
    schedule.saves_field(0, about, about.fields[0], "b")
    for number in (0, 1):
        schedule.exchanges(number=number, coming=[])
    schedule.saves_field(1, about, about.fields[0], "c", stale=True)


def a_copy_and_its_original_both_write(schedule: Faults) -> None:
    """A desk's folder is copied; under one name both say something else."""
    about = RECORDS[-1]  # which every desk holds
    schedule.begin(number=2)
    schedule.one_verb_saves_several(number=0, about=[about], value="a")
    schedule.exchanges(number=0, coming=[])
    schedule.a_desk_is_copied(number=0)
    for number, value in ((0, "b"), (2, "c")):
        schedule.saves_field(number, about, about.fields[0], value)
        schedule.exchanges(number=number, coming=[])


def a_change_comes_before_what_it_is_based_on(schedule: Faults) -> None:
    """Nothing of a record is shown before its beginning is here."""
    about = RECORDS[-1]
    schedule.begin(number=2)
    schedule.one_verb_saves_several(number=0, about=[about], value="a")
    schedule.saves_field(0, about, about.fields[-1], "b")
    _, later = schedule.desks[0].store.unsent()
    schedule.desks[1].store.receive([prepare(0, later.change)], STREAM)
    row = schedule.desks[1].row(about.id)
    must(2, row is None, f"a desk shows an edit of what it does not hold: {row}")


def a_record_leaves_while_something_about_it_is_unsent(schedule: Faults) -> None:
    """What was written before anybody could hear of it goes to the server first."""
    about = RECORDS[0]
    schedule.begin(number=2)
    schedule.one_verb_saves_several(number=0, about=[about], value="a")
    for _ in range(2):
        schedule.exchanges(number=0, coming=[])
    schedule.saves_field(0, about, about.fields[-1], "b")
    schedule.a_person_leaves_a_centre(person=PEOPLE[0], centre=CENTRES[0])


def what_is_held_comes_again_as_a_place(schedule: Faults) -> None:
    """The state of a record has the words of what is shown, and of its history the places alone."""
    about = RECORDS[0]
    schedule.begin(number=4)
    schedule.exchanges(number=3, coming=[])  # which follows the first desk's centre, too
    for value in "ab":
        schedule.saves_field(0, about, about.fields[0], value)
        schedule.exchanges(number=0, coming=[])
    schedule.exchanges(number=3, coming=[])
    schedule.the_server_is_lost()
    schedule.exchanges(number=3, coming=[])


def an_answer_is_lost_and_the_same_is_sent_again(schedule: Faults) -> None:
    """The server has it, its author does not know."""
    schedule.begin(number=2)
    schedule.exchanges(number=0, coming=[])
    schedule.one_verb_saves_several(number=0, about=[RECORDS[-1]], value="a")
    schedule.exchanges(number=0, coming=[Trouble.ANSWER_LOST])


KEPT = (
    somebody_goes_on_from_what_is_old,
    a_copy_and_its_original_both_write,
    a_change_comes_before_what_it_is_based_on,
    a_record_leaves_while_something_about_it_is_unsent,
    what_is_held_comes_again_as_a_place,
    an_answer_is_lost_and_the_same_is_sent_again,
)
"""Short schedules that show a fault which chance shows seldom; they are run before those of chance."""


def run_kept(ground: Ground, steps: Callable[[Faults], None]) -> None:
    """Raises BrokenError."""
    schedule = type("Kept", (Faults,), {"ground": ground})()
    try:
        steps(schedule)
        schedule.judge()
    finally:
        schedule.end()


def caught(ground: Ground, fault: Seeded) -> Caught | None:
    """Run schedules with the fault until one of the statements breaks; None when none does."""
    before = ground.schedules
    with fault.sown():
        if fault.in_a_race:
            return _caught_in_a_race(ground)
        try:
            for kept in KEPT:
                run_kept(ground, kept)
            run_schedules(ground, WITHIN - len(KEPT), shorten=False)
        except Exception as error:  # noqa: BLE001 - whatever a fault brings about, it is found
            return Caught(ground.schedules - before, " ".join(f"{type(error).__name__}: {error}".split())[:100])
    return None


def _caught_in_a_race(ground: Ground) -> Caught | None:
    """Pushes about a person meet a centre that is just getting to know them (`tests/server/test_racing.py`)."""
    ground.clear()
    with TestClient(ground.app) as http:

        def new_desk(centre: UUID = CENTRE) -> HandDesk:
            return HandDesk(http, code_for(ground.database_url, lambda: ground.now), centre=centre)

        for rounds, missed in enumerate(misses(new_desk, RACES), 1):
            if missed:
                return Caught(rounds, "a change never reached a centre that knew its person; a forced race")
    return None
