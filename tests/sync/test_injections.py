"""Every hostile word goes through both desks' stores and searches and the real server, and comes back as it was."""

from collections.abc import Callable
from uuid import UUID

import psycopg
from psycopg.rows import scalar_row

from livingwell_desktop.domain.dates import local
from livingwell_desktop.domain.people import CommunicationNeed, Person
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.storage import Author, Store, create
from tests.central import CENTRE, STAFF, JoinedDesk
from tests.conftest import StillClock
from tests.injections import INJECTIONS

AUTHOR = Author(STAFF, CENTRE, "test")
INDEXED = ("given_name", "family_name", "nhs_number", "local_number", "phone_e164")


def record(number: int) -> UUID:
    return UUID(int=0x0195C000_0000_7000_8000_000000000000 + number)


def counts(database_url: str) -> dict[str, int]:
    """Every table of the server with the number of its rows, as PostgreSQL itself lists them."""
    with psycopg.connect(database_url, row_factory=scalar_row) as connection:
        names = connection.execute("SELECT relname FROM pg_stat_user_tables").fetchall()
        return {
            str(name): connection.execute(
                psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(name))
            ).fetchone()
            or 0
            for name in names
        }


def test_hostile_words_come_back_as_they_are(
    join: Callable[..., JoinedDesk], database_url: str, clock: StillClock
) -> None:
    """In every field that is indexed and one that is not, found by an index, by search and by reading all."""
    here, there = join(), join()
    before = counts(database_url)
    people = {
        record(number): Person(**dict.fromkeys((*INDEXED, "address"), words)) for number, words in enumerate(INJECTIONS)
    }
    needs = {
        record(1000 + number): CommunicationNeed(person=record(number), words=words)
        for number, words in enumerate(INJECTIONS)
    }
    for made in (*people.items(), *needs.items()):
        here.store.write([create(*made)], [], AUTHOR)
    here.exchange()
    there.exchange()
    for desk in (here, there):
        assert {held.id: held.value for held in desk.store.find(Person)} == people
        assert {held.id: held.value for held in desk.store.find(CommunicationNeed)} == needs
        for number, words in enumerate(INJECTIONS):
            for field in INDEXED:
                assert record(number) in {held.id for held in desk.store.find(Person, **{field: words})}
    after = counts(database_url)
    assert after.keys() == before.keys()
    assert after["change"] - before["change"] == len(people) + len(needs)


def test_anything_can_be_searched_for(store: Store, clock: StillClock) -> None:
    """The search has a language of its own: typed words are never taken for it."""
    ngozi = record(1)
    store.write([create(ngozi, Person(given_name="Ngozi", family_name="Okafor"))], [], AUTHOR)
    for words in INJECTIONS:
        found = store.search_people(parse_query(words, local(clock()).date()))
        assert not found.people or "ngozi" in words.lower(), words


def test_a_desk_may_have_any_name(join: Callable[..., JoinedDesk], database_url: str) -> None:
    printable = [words for words in INJECTIONS if words.isprintable() and len(words) <= 100 and "/" not in words]
    for words in printable[:20]:
        join(words)
    with psycopg.connect(database_url, row_factory=scalar_row) as connection:
        names = connection.execute("SELECT name FROM device ORDER BY enrolled_at, length(letter), letter").fetchall()
    assert sorted(names) == sorted(printable[:20])
