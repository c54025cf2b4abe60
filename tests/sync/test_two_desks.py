"""Two desks and a server: what one saves the other shows, whatever the order; nothing is overwritten or lost."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, content_hash
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.storage import (
    Author,
    Checked,
    FieldInConflictError,
    Store,
    create,
    edit,
    enter_in_error,
    prepare,
    settle,
)
from tests.central import CENTRE, STAFF, JoinedDesk

NGOZI = UUID("0195c000-0000-7000-8000-000000000001")
OTHER = UUID(int=NGOZI.int + 1)
AUTHOR = Author(STAFF, CENTRE, "test")

Join = Callable[..., JoinedDesk]


def register(desk: JoinedDesk, person: UUID = NGOZI, **fields: object) -> None:
    desk.store.write([create(person, Person(**{"given_name": "Ngozi", "family_name": "Okafor"} | fields))], [], AUTHOR)


def person(desk: JoinedDesk, record: UUID = NGOZI) -> Held[Person]:
    held = desk.store.get(Person, record)
    assert held is not None
    return held


def change(desk: JoinedDesk, **fields: object) -> None:
    desk.store.write([edit(person(desk), **fields)], [], AUTHOR)


def same(*desks: JoinedDesk) -> bool:
    shown = [
        (held.value, held.heads, {name: [each.change for each in values] for name, values in held.conflicts.items()})
        for held in map(person, desks)
    ]
    return all(one == shown[0] for one in shown)


def test_what_one_desk_saves_the_other_shows(join: Join) -> None:
    reception, room = join(), join()
    register(reception)
    assert reception.store.waiting().count == 1
    reception.exchange()
    room.exchange()
    assert person(room).value == person(reception).value
    assert reception.store.waiting().count == 0
    assert (reception.enrolled.letter, room.enrolled.letter) == ("A", "B")


def test_while_much_arrives_the_log_is_moved_into_the_file(join: Join) -> None:
    """Otherwise it would grow until a save has to do it."""
    reception, room = join(), join()
    room.exchange()
    people = [UUID(int=NGOZI.int + number) for number in range(1_100)]
    for start in range(0, len(people), 50):
        writes = [create(each, Person(given_name="Ngozi", address="x" * 400)) for each in people[start : start + 50]]
        reception.store.write(writes, [], AUTHOR)
    reception.exchange()
    before = room.file.stat().st_size
    room.exchange()
    assert room.store.count(Person) == len(people)
    assert room.file.stat().st_size > before + 500_000


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_desks_converge_in_any_order(join: Join, order: tuple[int, ...]) -> None:
    desks = [join(), join(), join()]
    register(desks[0])
    for desk in desks:
        desk.exchange()
    change(desks[0], given_name="Ngozi A")
    change(desks[1], given_name="Ngozi B")
    change(desks[2], phone="07700 900 118")
    for place in (*order, *order):
        desks[place].exchange()
    assert same(*desks)
    assert set(person(desks[0]).conflicts) == {"given_name"}
    assert person(desks[0]).value.phone == "07700 900 118"


def test_a_conflict_is_kept_on_both_desks_until_a_person_settles_it(join: Join) -> None:
    reception, room = join(), join()
    register(reception)
    reception.exchange()
    room.exchange()
    change(reception, phone="07700 900 111")
    change(room, phone="07700 900 222")
    for desk in (reception, room, reception):
        desk.exchange()
    for desk in (reception, room):
        assert {each.value for each in person(desk).conflicts["phone"]} == {"07700 900 111", "07700 900 222"}
        with pytest.raises(FieldInConflictError):
            change(desk, phone="07700 900 333")
        change(desk, email="ngozi@example.org" if desk is room else "")
    room.store.write([settle(person(room), "phone", "07700 900 222")], [], AUTHOR)
    for desk in (room, reception):
        desk.exchange()
        assert not person(desk).conflicts
        assert person(desk).value.phone == "07700 900 222"
    assert same(reception, room)


def test_settling_never_drops_a_third_value(join: Join) -> None:
    one, two, three = join(), join(), join()
    register(one)
    for desk in (one, two, three):
        desk.exchange()
    for desk, phone in ((one, "07700 900 111"), (two, "07700 900 222"), (three, "07700 900 333")):
        change(desk, phone=phone)
    one.exchange()
    two.exchange()
    two.store.write([settle(person(two), "phone", "07700 900 222")], [], AUTHOR)
    for desk in (two, three, one, two):
        desk.exchange()
    assert same(one, two, three)
    assert {each.value for each in person(one).conflicts["phone"]} == {"07700 900 222", "07700 900 333"}


def test_two_offline_creations_of_one_record_meet(join: Join) -> None:
    reception, room = join(), join()
    register(reception, phone="07700 900 111")
    register(room, email="ngozi@example.org")
    for desk in (reception, room, reception):
        desk.exchange()
    assert same(reception, room)
    assert person(room).value.phone == "07700 900 111"
    assert person(room).value.email == "ngozi@example.org"


def test_hundreds_of_changes_come_through_in_pages(join: Join) -> None:
    reception, room = join(), join()
    people = [UUID(int=NGOZI.int + number) for number in range(1, 1301)]
    for start in range(0, len(people), 130):
        writes = [create(each, Person(given_name=f"P{each.int % 997}")) for each in people[start : start + 130]]
        reception.store.write(writes, [], AUTHOR)
    reception.exchange()
    room.exchange()
    assert room.store.count(Person) == 1300
    assert reception.store.waiting().count == 0
    assert reception.store.cursor("alliance") == room.store.cursor("alliance") == 1300
    assert reception.store.cursors() == room.store.cursors()


def arrivals_of(store: Store) -> list[object]:
    return [prepare(number, each.change) for number, each in enumerate(store.unsent(), start=1)]


def test_delivering_twice_changes_nothing(join: Join) -> None:
    reception, room = join(), join()
    register(reception)
    change(reception, phone="07700 900 111")
    arrivals = arrivals_of(reception.store)
    room.store.receive(arrivals, "alliance")
    before = person(room)
    room.store.receive(arrivals, "alliance")
    assert person(room) == before


def test_a_child_waits_for_its_parent(join: Join) -> None:
    reception, room = join(), join()
    register(reception)
    change(reception, phone="07700 900 111")
    change(reception, phone="07700 900 222")
    first, second, third = arrivals_of(reception.store)
    for arrival in (third, second):
        room.store.receive([arrival], "elsewhere")
        assert room.store.get(Person, NGOZI) is None
    room.store.receive([first], "elsewhere")
    assert same(reception, room)


def test_a_desk_keeps_its_first_content_for_a_name_that_comes_again(join: Join) -> None:
    reception, room = join(), join()
    register(reception)
    register(room, given_name="Somebody else")
    (arrival,), (other,) = arrivals_of(reception.store), arrivals_of(room.store)
    (first,), (second,) = arrival.nodes, other.nodes
    assert isinstance(first, Checked)
    assert isinstance(second, Checked)
    same_name = replace(second, change=replace(second.change, id=first.change.id))
    third = join()
    third.store.receive([arrival], "alliance")
    third.store.receive([replace(other, nodes=(same_name,))], "alliance")
    assert person(third).value.given_name == "Ngozi"


def test_what_cannot_be_applied_harms_only_itself(join: Join) -> None:
    reception, room = join(), join()
    register(reception)
    (good,) = arrivals_of(reception.store)
    (checked,) = good.nodes
    assert isinstance(checked, Checked)
    content = checked.change.content.replace(b'"given_name":"Ngozi"', b'"born":"soon"')
    hashed = content_hash(checked.change.salt, content)
    poisoned = replace(checked.change, id=bytes(16), content=content, content_hash=hashed)
    room.store.receive([prepare(1, poisoned), replace(good, number=2)], "alliance")
    assert person(room).value.given_name == "Ngozi"
    assert room.store.cursor("alliance") == 2


def test_a_removal_that_meets_a_change_of_another_desk_is_asked_about_on_both(join: Join) -> None:
    reception, room = join(), join()
    for record in (NGOZI, OTHER):
        register(reception, record)
    reception.exchange()
    room.exchange()
    for record in (NGOZI, OTHER):
        reception.store.write([enter_in_error(person(reception, record))], [], AUTHOR)
        room.store.write([edit(person(room, record), phone="07700 900 222")], [], AUTHOR)
    for desk in (reception, room, reception):
        desk.exchange()
    for desk in (reception, room):
        assert {held.id for held in desk.store.in_conflict()} == {NGOZI, OTHER}
        for record in (NGOZI, OTHER):
            held = person(desk, record)
            assert [each.value for each in held.conflicts[ENTERED_IN_ERROR]] == [False, True]
    change(room, email="ngozi@example.org")
    assert ENTERED_IN_ERROR in person(room).conflicts, "writing something else decides nothing"
    with pytest.raises(FieldInConflictError):
        room.store.write([enter_in_error(person(room))], [], AUTHOR)
    room.store.write([settle(person(room), ENTERED_IN_ERROR, True)], [], AUTHOR)
    room.store.write([settle(person(room, OTHER), ENTERED_IN_ERROR, False)], [], AUTHOR)
    for desk in (room, reception):
        desk.exchange()
    for desk in (reception, room):
        assert not desk.store.in_conflict()
        assert desk.store.get(Person, NGOZI) is None
        assert person(desk, OTHER).value.phone == "07700 900 222"


def test_two_desks_that_both_took_a_record_out_are_asked_too(join: Join) -> None:
    reception, room = join(), join()
    register(reception)
    reception.exchange()
    room.exchange()
    for desk in (reception, room):
        desk.store.write([enter_in_error(person(desk))], [], AUTHOR)
    for desk in (reception, room, reception):
        desk.exchange()
    assert [each.value for each in person(room).conflicts[ENTERED_IN_ERROR]] == [True, True]
    room.store.write([settle(person(room), ENTERED_IN_ERROR, True)], [], AUTHOR)
    assert room.store.get(Person, NGOZI) is None
