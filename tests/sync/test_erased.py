"""What is erased is gone at the server and at every desk, and stays gone when yesterday's backup is restored."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.people import Contact, Person
from livingwell_desktop.server.commands import erase
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.purging import purge_again
from livingwell_desktop.storage import Author, create, edit
from tests.central import CENTRE, STAFF, JoinedDesk
from tests.conftest import StillClock

NGOZI, CHIDI, AMARA = UUID(int=1), UUID(int=2), UUID(int=3)
ME = Author(STAFF, CENTRE, "test")


def test_everything_about_a_person_is_erased_everywhere(
    join: Callable[..., JoinedDesk], database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, there = join(), join()
    ngozi = Person(given_name="Ngozi", family_name="Okafor", phone="07700 900 118")
    here.store.write([create(NGOZI, ngozi), create(AMARA, Person(given_name="Amara"))], [], ME)
    here.store.write([create(CHIDI, Contact(person=NGOZI, name="Chidi"))], [], ME)
    for desk in (here, there):
        desk.exchange()
    said: list[str] = []
    erase(database_url, tmp_path, NGOZI, clock(), said.append)
    assert said[0].startswith("Erased: 2 records.")
    # A desk that had not heard goes on writing about her.
    held = there.store.get(Person, NGOZI)
    assert held is not None
    there.store.write([edit(held, phone="07700 900 999")], [], ME)
    for desk in (there, here, there):
        desk.exchange()
    for desk in (here, there):
        assert desk.store.get(Contact, CHIDI) is None
        assert desk.store.get(Person, AMARA) is not None
        with desk.store._reading() as connection:
            words = connection.exec_driver_sql("SELECT content FROM change").all()
        assert not any(b"900 118" in row[0] or b"Chidi" in row[0] for row in words)
    with psycopg.connect(database_url) as connection:
        kept = connection.execute("SELECT content FROM change WHERE content LIKE %s", (b"%900 118%",)).fetchall()
    assert kept == []


def test_a_restored_backup_is_erased_again(
    join: Callable[..., JoinedDesk], database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here = join()
    here.store.write([create(NGOZI, Person(given_name="Ngozi", phone="07700 900 118"))], [], ME)
    here.exchange()
    (tmp_path / "purged").write_text(f"{NGOZI} 2026-11-23T10:43:00+00:00\n", encoding="ascii")
    with psycopg.connect(database_url) as connection:
        assert purge_again(connection, tmp_path, clock()) == 1
    here.exchange()
    assert here.store.get(Person, NGOZI) is None


def test_the_running_server_cannot_erase(join: Callable[..., JoinedDesk], database_url: str) -> None:
    here = join()
    here.store.write([create(NGOZI, Person(given_name="Ngozi"))], [], ME)
    here.exchange()
    database = Database(database_url)
    try:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction() as connection:
            connection.execute("UPDATE change SET content = '', salt = '', standing = 3")
    finally:
        database.close()
