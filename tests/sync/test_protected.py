"""A person who must not be found leaves every reception desk and the alliance, and comes back when that ends."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import Sensitivity, kind_of
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.storage import Author, create, edit
from tests.central import CENTRE, STAFF, JoinedDesk
from tests.conftest import StillClock

Join = Callable[..., JoinedDesk]
BRIXTON = UUID("0195c000-0000-7000-8000-0000000000c2")
DANUTA = UUID("0195c000-0000-7000-8000-000000000001")
ME = Author(STAFF, CENTRE, "test")


@pytest.fixture
def reception(server: RunningServer, database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[JoinedDesk]:
    """A desk of the centre that is enrolled for what reception may hold, and no more."""
    database = Database(database_url)
    with database.transaction() as connection:
        code = make_code(connection, clock(), sensitivity=Sensitivity.DESK)
    database.close()
    desk = JoinedDesk(server.url, code, "Reception", tmp_path / "reception.db", clock, CENTRE)
    yield desk
    desk.close()


def protect(desk: JoinedDesk, on: bool = True) -> None:
    record = kind_of(Protection).id_for(DANUTA)
    held = desk.store.get(Protection, record)
    value = Protection(person=DANUTA, reference="Dana", centre=CENTRE, on=on)
    desk.store.write([create(record, value) if held is None else edit(held, on=on)], [], ME)


def found(desk: JoinedDesk) -> bool:
    query = parse_query("sikora", local_day(desk.store.clock()))
    return bool(desk.store.search_people(query).total or desk.store.search_cards(query))


def test_somebody_who_is_protected_leaves_reception_and_the_alliance_and_comes_back(
    join: Join, reception: JoinedDesk
) -> None:
    room, elsewhere = join(), join(centre=BRIXTON)
    person = Person(given_name="Danuta", family_name="Sikora", phone="07700 900 699")
    room.store.write([create(DANUTA, person)], [], ME)
    for desk in (room, reception, elsewhere):
        desk.exchange()
    assert found(room)
    assert found(reception)
    assert found(elsewhere)
    protect(room)
    for desk in (room, reception, elsewhere):
        desk.exchange()
    assert reception.store.get(Person, DANUTA) is None
    assert not found(reception)
    assert not found(elsewhere)
    with reception.store._reading() as connection:
        words = connection.exec_driver_sql("SELECT content FROM change").all()
    assert not any(b"07700" in row[0] for row in words)
    known = reception.store.get(Protection, kind_of(Protection).id_for(DANUTA))
    assert known is not None
    assert known.value.reference == "Dana"
    assert room.store.get(Person, DANUTA) is not None
    # A reception desk that joins now never gets it.
    protect(room, on=False)
    for desk in (room, reception, elsewhere):
        desk.exchange()
    assert reception.store.get(Person, DANUTA) is not None
    assert found(elsewhere)


def test_what_a_desk_writes_unknowing_stays_above_reception(join: Join, reception: JoinedDesk) -> None:
    room, other = join(), join()
    room.store.write([create(DANUTA, Person(given_name="Danuta", family_name="Sikora"))], [], ME)
    for desk in (room, other, reception):
        desk.exchange()
    protect(room)
    room.exchange()
    held = other.store.get(Person, DANUTA)
    assert held is not None
    other.store.write([edit(held, phone="07700 900 699")], [], ME)
    for desk in (other, reception, room):
        desk.exchange()
    assert reception.store.get(Person, DANUTA) is None
    late = room.store.get(Person, DANUTA)
    assert late is not None
    assert late.value.phone == "07700 900 699"
