"""The engine's thread: pokes, outages, lost answers, and a state that always answers."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.storage import Author, create
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.sync.troubles import NoServerError
from tests.central import CENTRE, STAFF, JoinedDesk
from tests.conftest import StillClock
from tests.sync.link import Link

AUTHOR = Author(STAFF, CENTRE, "test")
PATIENCE = 20.0

Join = Callable[..., JoinedDesk]


def person_number(number: int) -> UUID:
    return UUID(int=(0x0195C000_0000_7000_8000 << 48) + number)


def register(desk: JoinedDesk, number: int) -> None:
    desk.store.write([create(person_number(number), Person(given_name=f"Person {number}"))], [], AUTHOR)


class Watch:
    """Waits for proof, never for time."""

    def __init__(self, desk: JoinedDesk) -> None:
        self._desk = desk
        self._changed = threading.Condition()
        desk.engine.listen(self._tell)
        desk.store.listen(self._tell)

    def until(self, holds: Callable[[SyncState], bool]) -> SyncState:
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self._desk.engine.state()), PATIENCE), self._desk.engine.state()
        return self._desk.engine.state()

    def until_holds(self, number: int) -> None:
        self.until(lambda _: self._desk.store.get(Person, person_number(number)) is not None)

    def _tell(self, _news: object) -> None:
        with self._changed:
            self._changed.notify_all()


@pytest.fixture
def link(server: RunningServer) -> Iterator[Link]:
    with Link(server.port) as wire:
        yield wire


def started(desk: JoinedDesk) -> Watch:
    watch = Watch(desk)
    desk.engine.start()
    watch.until(lambda state: state.connected)
    return watch


def test_a_poke_makes_it_visible_without_polling(join: Join) -> None:
    reception, room = join(), join()
    room.engine = SyncEngine(room.store, room.client, room.store.clock, poll_seconds=3600)
    watch = started(room)
    started(reception)
    for number in range(5):
        register(reception, number)
        watch.until_holds(number)


def test_an_outage_is_shown_and_what_was_saved_meanwhile_is_sent_after_it(
    join: Join, link: Link, clock: StillClock
) -> None:
    reception, room = join(url=link.url), join()
    watch, other = started(reception), started(room)
    register(reception, 1)
    other.until_holds(1)
    watch.until(lambda state: state.waiting == 0)
    link.cut()
    gone = watch.until(lambda state: not state.connected)
    assert gone.since == clock()
    assert gone.last_error
    for number in range(2, 7):
        register(reception, number)
    waiting = watch.until(lambda state: state.waiting == 5)
    assert waiting.oldest == clock()
    link.restore()
    reception.engine.sync_now()
    back = watch.until(lambda state: state.connected and state.waiting == 0)
    assert back.last_receipt == clock()
    assert back.last_error == ""
    other.until_holds(6)


def test_a_desk_that_is_opened_again_in_an_outage_knows_since_when_it_lasts(
    join: Join, link: Link, clock: StillClock
) -> None:
    desk = join(url=link.url)
    watch = started(desk)
    link.cut()
    since = watch.until(lambda state: not state.connected).since
    clock.pass_(hours=2)
    desk.reopen()
    again = Watch(desk)
    desk.engine.start()
    assert again.until(lambda state: bool(state.last_error)).since == since


def test_a_server_that_stops_and_starts_again_on_its_port(join: Join, server: RunningServer) -> None:
    reception = join()
    watch = started(reception)
    server.stop()
    watch.until(lambda state: not state.connected)
    register(reception, 1)
    watch.until(lambda state: state.waiting == 1)
    server.start()
    reception.engine.sync_now()
    watch.until(lambda state: state.connected and state.waiting == 0)


def test_a_lost_answer_gives_no_doubles(join: Join, link: Link) -> None:
    reception, room = join(url=link.url), join()
    register(reception, 1)
    reception.exchange()
    register(reception, 2)
    link.lose_answers()
    with pytest.raises(NoServerError):
        reception.exchange()
    assert reception.store.waiting().count == 1
    room.exchange()
    assert room.store.count(Person) == 2  # it had reached the server
    link.restore()
    reception.exchange()
    room.exchange()
    assert reception.store.waiting().count == 0
    assert room.store.count(Person) == reception.store.count(Person) == 2
    assert room.store.cursor("alliance") == reception.store.cursor("alliance") == 2


def test_a_link_that_is_cut_anywhere_loses_nothing(join: Join, link: Link) -> None:
    reception, room = join(url=link.url), join()
    watch = started(reception)
    for number in range(20):
        register(reception, number)
        if number % 4 == 1:
            link.cut()
        if number % 4 == 3:
            link.restore()
            reception.engine.sync_now()
    watch.until(lambda state: state.connected and state.waiting == 0)
    room.exchange()
    assert room.store.count(Person) == 20


def test_a_clock_far_from_the_server_s_is_told(join: Join, clock: StillClock) -> None:
    desk = join()
    fast = SyncEngine(desk.store, desk.client, StillClock(clock.at.replace(hour=11, minute=9)))
    fast.exchange_all()
    assert fast.state().clock_wrong_minutes == 26
    desk.exchange()
    assert desk.engine.state().clock_wrong_minutes == 0


def test_stopping_is_prompt_and_leaves_no_thread(join: Join, tmp_path: Path) -> None:
    desk = join()
    started(desk)
    before = {thread for thread in threading.enumerate() if thread.name.startswith("sync")}
    assert before
    desk.engine.stop()
    assert not any(thread.is_alive() for thread in before)
