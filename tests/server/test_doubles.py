"""Two registrations of one person become a question, at the desks that may ask it, and nowhere else."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.doubles import PossibleDouble, SamePerson, double_id
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.server.commands import verify
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.doubles import AT_ONCE, find_doubles
from livingwell_desktop.server.own_desk import LETTER
from livingwell_desktop.storage import create, edit
from tests.central import ALLIANCE, CENTRE, JoinedDesk
from tests.conftest import StillClock
from tests.sync.test_restored_server import Alliance, alliance
from tests.sync.test_two_centres import BRIXTON, HERE, THERE

__all__ = ["alliance"]

Join = Callable[..., JoinedDesk]
BORN = date(1990, 3, 4)
NGOZI = Person(given_name="Ngozi", family_name="Okafor", born=BORN)
ONE, OTHER = UUID("0195c000-0000-7000-8000-000000000001"), UUID("0195c000-0000-7000-8000-000000000002")


def look(url: str, clock: StillClock) -> frozenset[str]:
    """Look for doubles until nobody is left: after each push the server does a part of this by itself."""
    database, streams = Database(url), frozenset[str]()
    try:
        while True:
            streams |= find_doubles(database, ALLIANCE, clock())
            with database.transaction() as connection:
                if connection.execute("SELECT 1 FROM to_compare LIMIT 1").fetchone() is None:
                    return streams
    finally:
        database.close()


def asked(desk: JoinedDesk) -> list[PossibleDouble]:
    return [held.value for held in desk.store.find(PossibleDouble)]


@pytest.mark.parametrize(
    ("again", "reasons"),
    [
        (Person(given_name="Ngozi", family_name="Okafor", born=BORN), ("same_name", "same_birth_date")),
        (Person(given_name="Ngosi", family_name="Okafor", born=BORN), ("similar_name", "same_birth_date")),
        (
            Person(given_name="Okafor", family_name="Ngozi", born=date(1990, 4, 3)),
            ("same_name", "day_and_month_swapped"),
        ),
        (Person(given_name="Ngozi", family_name="Okafor"), None),
        (Person(given_name="Ngozi", family_name="Okafor", born=date(1990, 3, 5)), None),
        (Person(given_name="Amara", family_name="Bello", born=BORN), None),
    ],
)
def test_who_was_registered_twice_is_asked_about_at_both_centres(
    join: Join, database_url: str, clock: StillClock, again: Person, reasons: tuple[str, ...] | None
) -> None:
    here, there, third = join(), join(centre=BRIXTON), join(centre=UUID(int=0xC3))
    here.store.write([create(ONE, NGOZI)], [], HERE)
    here.exchange()
    there.store.write([create(OTHER, again)], [], THERE)
    there.exchange()
    look(database_url, clock)
    for desk in (here, there, third):
        desk.exchange()
        expected = [] if reasons is None else [PossibleDouble(one=ONE, other=OTHER, reasons=reasons)]
        assert asked(desk) == expected
    assert here.store.get(Person, OTHER) is None, "a question makes nobody known"


def test_the_same_number_is_enough_and_a_later_change_of_name_asks_too(
    join: Join, database_url: str, clock: StillClock
) -> None:
    here = join()
    numbers = [Person(given_name=name, nhs_number="9990040109") for name in ("A", "B")]
    here.store.write([create(UUID(int=at), value) for at, value in enumerate(numbers, 1)], [], HERE)
    here.store.write([create(ONE, NGOZI), create(OTHER, Person(given_name="N", born=BORN))], [], HERE)
    here.exchange()
    look(database_url, clock)
    here.exchange()
    assert [(each.one, each.other) for each in asked(here)] == [(UUID(int=1), UUID(int=2))]
    held = here.store.get(Person, OTHER)
    assert held is not None
    here.store.write([edit(held, given_name="Ngozi", family_name="Okafor")], [], HERE)
    here.exchange()
    look(database_url, clock)
    here.exchange()
    assert len(asked(here)) == 2


def test_an_answer_travels_can_be_taken_back_and_is_not_asked_again(
    join: Join, database_url: str, clock: StillClock
) -> None:
    here, there = join(), join(centre=BRIXTON)
    here.store.write([create(ONE, NGOZI), create(OTHER, NGOZI)], [], HERE)
    here.exchange()
    look(database_url, clock)
    for answer in (SamePerson.SAME, SamePerson.OPEN, SamePerson.DIFFERENT):
        here.exchange()
        held = here.store.get(PossibleDouble, double_id(OTHER, ONE))
        assert held is not None
        here.store.write([edit(held, answer=answer)], [], HERE)
        here.exchange()
        there.exchange()
        assert [each.answer for each in asked(there)] == [answer]
    person = here.store.get(Person, ONE)
    assert person is not None
    here.store.write([edit(person, nhs_number="9990040109")], [], HERE)
    here.exchange()
    assert look(database_url, clock) == frozenset()


def test_a_protected_person_is_asked_about_at_their_own_centre_alone(
    join: Join, database_url: str, clock: StillClock
) -> None:
    own, there = join(), join(centre=BRIXTON)
    protection = Protection(person=ONE, on=True, reference="Dana", centre=CENTRE)
    own.store.write([create(ONE, NGOZI), create(kind_of(Protection).id_for(ONE), protection)], [], HERE)
    own.exchange()
    there.store.write([create(OTHER, NGOZI)], [], THERE)
    there.exchange()
    look(database_url, clock)
    for desk in (own, there):
        desk.exchange()
    assert [(each.one, each.other, each.centre) for each in asked(own)] == [(ONE, OTHER, CENTRE)]
    assert asked(there) == []
    with psycopg.connect(database_url) as connection:
        lines = connection.execute(
            "SELECT e.stream FROM entry e JOIN change c ON c.id = e.change WHERE c.kind = 'possible_double'"
        ).fetchall()
    assert lines == [(f"{CENTRE}/clinical",)]


def test_two_protected_people_of_two_centres_are_nobodys_question(
    join: Join, database_url: str, clock: StillClock
) -> None:
    here, there = join(), join(centre=BRIXTON)
    for desk, who, centre, author in ((here, ONE, CENTRE, HERE), (there, OTHER, BRIXTON, THERE)):
        protection = Protection(person=who, on=True, reference="Dana", centre=centre)
        desk.store.write([create(who, NGOZI), create(kind_of(Protection).id_for(who), protection)], [], author)
        desk.exchange()
    assert look(database_url, clock) == frozenset()


def test_what_the_server_wrote_is_signed_and_the_next_desk_has_the_next_letter(
    join: Join, database_url: str, clock: StillClock
) -> None:
    here = join()
    here.store.write([create(ONE, NGOZI), create(OTHER, NGOZI)], [], HERE)
    here.exchange()
    look(database_url, clock)
    said: list[str] = []
    verify(database_url, ALLIANCE, said.append)
    assert f"good  {LETTER}  changes, 0 links" in said
    assert "good  every change, 3 of them" in said
    assert join().enrolled.letter == "B"


def test_many_at_once_are_compared_a_part_at_a_time(join: Join, database_url: str, clock: StillClock) -> None:
    here = join()
    many = [create(UUID(int=at), Person(given_name=f"N{at}", family_name="X", born=BORN)) for at in range(1, 121)]
    here.store.write(many, [], HERE)
    here.exchange()
    database = Database(database_url)
    try:
        find_doubles(database, ALLIANCE, clock())
        with database.transaction() as connection:
            left = connection.execute("SELECT count(*) FROM to_compare").fetchone()
    finally:
        database.close()
    assert left is not None
    assert 0 < left[0] <= 120 - AT_ONCE


def test_a_lost_server_is_given_its_questions_back(alliance: Alliance) -> None:
    one, other = alliance.join(), alliance.join()
    one.store.write([create(ONE, NGOZI), create(OTHER, NGOZI)], [], HERE)
    alliance.exchange()
    look(alliance.url, alliance.clock)
    alliance.exchange(2)
    assert len(asked(other)) == 1
    alliance.recover()
    alliance.exchange(3)
    with psycopg.connect(alliance.url) as connection:
        found = connection.execute("SELECT count(*) FROM change WHERE kind = 'possible_double'").fetchone()
    assert found == (1,)
    assert look(alliance.url, alliance.clock) == frozenset()
