"""Changes that wait for a parent: the server is asked, and those that it cannot help are not in the others' way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Store, create, edit, prepare
from livingwell_desktop.sync.asking_again import MOST_AT_ONCE, AskedFor
from tests.conftest import StillClock
from tests.sync.test_two_desks import AUTHOR, NGOZI, Join, change, register

NOW = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)
MANY = [UUID(int=number) for number in range(MOST_AT_ONCE + 50)]


def test_those_never_asked_for_come_first_and_each_pause_is_twice_as_long() -> None:
    asked, now = AskedFor(), NOW
    assert asked.due(MANY, now) == tuple(MANY[:MOST_AT_ONCE])
    assert asked.due(MANY, now) == tuple(MANY[MOST_AT_ONCE:])
    assert asked.due(MANY, now) == ()
    one, times = AskedFor(), list[int]()
    for minute in range(40):
        if one.due(MANY[:1], NOW + timedelta(minutes=minute)):
            times.append(minute)
    assert times == [0, 1, 3, 7, 15, 31]


def test_what_was_helped_is_forgotten() -> None:
    asked = AskedFor()
    asked.due(MANY[:1], NOW)
    asked.due((), NOW)
    assert asked.due(MANY[:1], NOW) == tuple(MANY[:1])


def test_a_record_that_the_server_has_comes_although_many_wait_that_it_has_not(
    join: Join, new_store: Callable[..., Store], clock: StillClock
) -> None:
    reception, room = join(), join()
    reception.exchange()
    nowhere = new_store("nowhere")
    for each in MANY:
        nowhere.write([create(each, Person(given_name="Nobody"))], [], AUTHOR)
        held = nowhere.get(Person, each)
        assert held is not None
        nowhere.write([edit(held, phone="07700 900 118")], [], AUTHOR)
    lost = [each.change for each in nowhere.unsent(10_000)][1::2]
    reception.store.receive([prepare(number, each) for number, each in enumerate(lost, 1)], "nowhere")
    clock.pass_(minutes=1)
    register(room)
    change(room, phone="07700 900 222")
    second = room.store.unsent()[-1].change
    room.exchange()
    for stream, number in room.store.cursors().items():
        reception.store.receive((), stream, number)  # as if the first had never come
    reception.store.receive([prepare(1, second)], "nowhere")
    assert reception.store.get(Person, NGOZI) is None
    for _ in range(2):
        clock.pass_(minutes=2)
        reception.exchange()
    held = reception.store.get(Person, NGOZI)
    assert held is not None
    assert held.value.phone == "07700 900 222"
