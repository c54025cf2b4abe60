"""What a lost laptop held at most is still said after its people were protected, withdrawn or erased."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Contact, Person
from livingwell_desktop.server.commands import erase, manifest, revoke, take_away
from livingwell_desktop.server.generations import begin
from livingwell_desktop.storage import create
from tests.central import CENTRE, JoinedDesk
from tests.conftest import StillClock
from tests.sync.test_protected import DANUTA, ME, protect, reception
from tests.sync.test_two_centres import BRIXTON, CHIDI, HERE, NGOZI, THERE

__all__ = ["reception"]

Join = Callable[..., JoinedDesk]
AMARA = UUID("0195c000-0000-7000-8000-000000000003")


def register(desk: JoinedDesk, person: UUID = DANUTA) -> None:
    desk.store.write([create(person, Person(given_name="Danuta", family_name="Sikora"))], [], ME)
    desk.exchange()


def stolen(desk: JoinedDesk, database_url: str, folder: Path, clock: StillClock) -> None:
    """Nothing more is sent to it, and all else is later."""
    revoke(database_url, folder, desk.device, clock(), print)
    clock.pass_(hours=1)


def said(database_url: str, device: UUID) -> dict[str, list[str]]:
    """Each line that is no id, with the ids that follow it."""
    found: dict[str, list[str]] = {}
    lines, last = list[str](), ""
    manifest(database_url, device, lines.append)
    for line in lines:
        if line.startswith("  "):
            found[last].append(line.strip())
        else:
            last = line
            found[last] = []
    return found


def listed(database_url: str, device: UUID, start: str = "People whose records") -> list[str]:
    """The people under the line that begins so; the line says how many they are."""
    [(line, people)] = [each for each in said(database_url, device).items() if each[0].startswith(start)]
    assert line.endswith(f": {len(people)}")
    return people


def test_somebody_who_is_protected_after_the_theft_is_listed(
    join: Join, reception: JoinedDesk, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    room = join()
    register(room)
    reception.exchange()
    stolen(reception, database_url, tmp_path, clock)
    protect(room)
    room.exchange()
    assert listed(database_url, reception.device) == [str(DANUTA)]
    assert listed(database_url, reception.device, "Cards it may hold of people who") == [str(DANUTA)]


def test_somebody_who_was_protected_before_the_desk_was_sent_anything_is_not_listed(
    join: Join, reception: JoinedDesk, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    room = join()
    room.store.write([create(AMARA, Person(given_name="Amara", family_name="Obi"))], [], ME)
    register(room)
    room.store.write([create(CHIDI, Contact(person=AMARA, name="Chidi"))], [], ME)
    protect(room)
    room.exchange()
    reception.exchange()
    stolen(reception, database_url, tmp_path, clock)
    # The protection itself is reception's to know, with the reference.
    assert str(AMARA) in listed(database_url, reception.device)
    assert listed(database_url, reception.device, "Cards it may hold of people who") == []


@pytest.mark.parametrize("downloaded", [False, True])
def test_somebody_who_is_withdrawn_or_erased_after_the_theft_is_listed(
    join: Join, database_url: str, tmp_path: Path, clock: StillClock, downloaded: bool
) -> None:
    here = join(centre=BRIXTON)
    lost = None if downloaded else join(centre=BRIXTON)
    here.store.write([create(NGOZI, Person(given_name="Ngozi")), create(AMARA, Person(given_name="Amara"))], [], THERE)
    here.exchange()
    lost = join(centre=BRIXTON) if lost is None else lost
    lost.engine.exchange_all()
    assert lost.store.get(Person, NGOZI) is not None
    stolen(lost, database_url, tmp_path, clock)
    take_away(database_url, tmp_path, NGOZI, BRIXTON, clock(), print)
    erase(database_url, tmp_path, AMARA, clock(), print)
    assert listed(database_url, lost.device) == [str(NGOZI), str(AMARA)]
    assert listed(database_url, lost.device, "Cards it may hold of people who") == [str(AMARA)]


def test_what_its_streams_were_made_for_and_left_since_is_listed(
    join: Join, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    """A stream that began after somebody was known has no line about them until they leave."""
    here = join()
    register(here, NGOZI)
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM entry WHERE stream = %s", (f"{CENTRE}/clinical",))
    lost = join()
    lost.exchange()
    assert lost.store.get(Person, NGOZI) is not None
    stolen(lost, database_url, tmp_path, clock)
    assert listed(database_url, lost.device) == [str(NGOZI)]
    take_away(database_url, tmp_path, NGOZI, CENTRE, clock(), print)
    assert listed(database_url, lost.device) == [str(NGOZI)]


def test_who_comes_after_the_theft_is_not_listed(
    join: Join, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, lost = join(), join()
    register(here)
    lost.exchange()
    stolen(lost, database_url, tmp_path, clock)
    register(here, AMARA)
    assert listed(database_url, lost.device) == [str(DANUTA)]
    cards = "Cards (names, date of birth and NHS number), as every desk has them: at most 2"
    assert cards in said(database_url, lost.device)


def test_after_a_restore_everybody_is_listed_whom_it_may_have_been_sent(
    join: Join, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, lost = join(), join()
    register(here)
    lost.exchange()
    stolen(lost, database_url, tmp_path, clock)
    register(here, AMARA)
    with psycopg.connect(database_url) as connection:
        begin(connection, uuid4(), clock())
    assert listed(database_url, lost.device) == [str(DANUTA), str(AMARA)]
    assert any("restored" in line for line in said(database_url, lost.device))


def test_what_it_wrote_and_what_was_sent_to_the_desk_it_is_a_copy_of_is_listed(
    join: Join, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, lost = join(), join()
    register(here)
    lost.exchange()
    copy = lost.copied(tmp_path / "copy.db")
    lost.store.write([create(AMARA, Person(given_name="Amara"))], [], HERE)
    lost.exchange()
    copy.store.write([create(CHIDI, Person(given_name="Chidi"))], [], HERE)
    copy.exchange()
    assert copy.device != lost.device
    assert set(listed(database_url, copy.device)) >= {str(DANUTA), str(CHIDI)}
    copy.close()


def test_a_desk_that_was_sent_nothing_held_nobody_and_a_stranger_is_said_to_be_one(
    join: Join, database_url: str
) -> None:
    register(join())
    lost = join()
    assert listed(database_url, lost.device) == []
    assert "Cards: none was sent to it" in said(database_url, lost.device)
    with pytest.raises(Problem, match="There is no such desk"):
        manifest(database_url, uuid4(), print)
