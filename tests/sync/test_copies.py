"""A desk whose disk was copied, or whose file was put back: both go on, under two names, and nothing is lost."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import create
from tests.central import CENTRE, JoinedDesk
from tests.sync.test_two_desks import AUTHOR, NGOZI, Join, change, person, register

Copy = Callable[[JoinedDesk], JoinedDesk]
PEOPLE = [UUID(int=NGOZI.int + number) for number in range(1, 40)]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    made: list[JoinedDesk] = []

    def copied(desk: JoinedDesk) -> JoinedDesk:
        made.append(desk.copied(tmp_path / f"copy {len(made)}.db"))
        return made[-1]

    yield copied
    for desk in made:
        desk.close()


def meet(desk: JoinedDesk, who: UUID, name: str) -> None:
    desk.store.write([create(who, Person(given_name=name))], [], AUTHOR)


def names(desk: JoinedDesk) -> set[str]:
    return {held.value.given_name for held in desk.store.find(Person)}


def test_both_copies_write_offline_and_both_are_heard(join: Join, copy: Copy, database_url: str) -> None:
    one, other = join("Reception"), join("Room 2")
    one.store.write([create(one.device, Device(name="Reception", centre=CENTRE, letter="A"))], [], AUTHOR)
    register(one)
    one.exchange()
    meet(one, PEOPLE[0], "Unsent before")
    twin = copy(one)
    for number, desk in enumerate((one, twin), start=1):
        for step in range(number + 1):
            meet(desk, PEOPLE[10 * number + step], f"By {number}: {step}")
        change(desk, phone=f"07700 900 00{number}")
    one.exchange()
    twin.exchange()
    one.exchange()
    other.exchange()
    assert twin.device != one.device
    assert twin.engine.state().new_letter == "C"
    assert "desk C" in twin.engine.state().copy_words
    assert names(one) == names(twin) == names(other)
    assert len(names(one)) == 7
    for desk in (one, twin, other):
        assert {each.value for each in person(desk).conflicts["phone"]} == {"07700 900 001", "07700 900 002"}
        assert desk.store.waiting().count == 0
        record = desk.store.get(Device, twin.device)
        assert record is not None
        assert (record.value.name, record.value.letter, record.value.centre) == ("Reception (C)", "C", CENTRE)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT kind, device FROM notice").fetchall() == [("copy", twin.device)]


def test_the_copy_that_wrote_nothing_takes_a_name_of_its_own_too(join: Join, copy: Copy) -> None:
    one = join()
    register(one)
    one.exchange()
    twin = copy(one)
    change(one, phone="07700 900 001")
    one.exchange()
    twin.exchange()
    assert twin.device != one.device
    assert person(twin).value.phone == "07700 900 001"
    change(twin, phone="07700 900 002")
    twin.exchange()
    one.exchange()
    assert person(one).value.phone == "07700 900 002"


def test_a_copy_keeps_its_new_name_and_its_store_is_whole(join: Join, copy: Copy) -> None:
    one = join()
    register(one)
    one.exchange()
    twin = copy(one)
    for desk, phone in ((one, "07700 900 001"), (twin, "07700 900 002")):
        change(desk, phone=phone)
        desk.exchange()
    renamed = twin.device
    twin.reopen()
    assert twin.device == renamed
    assert not twin.store.soundness.opening.anything
    assert twin.store.soundness.damage() == ()
    meet(twin, PEOPLE[1], "After")
    twin.exchange()
    twin.engine._audit.send_all()
    one.exchange()
    assert "After" in names(one)
    assert twin.store.audit.waiting() == 0


def test_an_answer_that_is_lost_gives_no_second_name(join: Join, copy: Copy, database_url: str) -> None:
    one = join()
    register(one)
    one.exchange()
    twin = copy(one)
    change(one, phone="07700 900 001")
    one.exchange()
    private = twin.store.own.key_for_a_copy()
    assert twin.store.own.key_for_a_copy() == private
    twin.exchange()
    assert twin.store.own.key_for_a_copy() != private
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM device").fetchone() == (2,)


def test_a_copy_of_a_copy_goes_on_too(join: Join, copy: Copy) -> None:
    one = join()
    register(one)
    one.exchange()
    twin = copy(one)
    change(one, phone="07700 900 001")
    meet(twin, PEOPLE[2], "By the copy")
    one.exchange()
    twin.exchange()
    meet(twin, PEOPLE[3], "Before it was copied again")
    third = copy(twin)
    for number, desk in enumerate((twin, third)):
        meet(desk, PEOPLE[4 + number], f"By {number}")
        desk.exchange()
    one.exchange()
    assert len({desk.device for desk in (one, twin, third)}) == 3
    assert names(one) == {"Ngozi", "By the copy", "Before it was copied again", "By 0", "By 1"}
    assert third.store.soundness.damage() == ()
    third.engine._audit.send_all()


def test_a_file_put_back_is_the_same_case(join: Join, tmp_path: Path) -> None:
    one, other = join(), join()
    register(one)
    one.exchange()
    kept = tmp_path / "kept.db"
    one.store.back_up(kept)
    change(one, phone="07700 900 001")
    one.exchange()
    one.close()
    for extra in ("-wal", "-shm", "-second"):
        one.file.with_name(one.file.name + extra).unlink(missing_ok=True)
    shutil.copy(kept, one.file)
    one.reopen()
    before = one.device
    meet(one, PEOPLE[5], "Written in the old file")
    one.exchange()
    other.exchange()
    assert one.device != before
    assert person(one).value.phone == "07700 900 001"
    assert "Written in the old file" in names(other)
