"""What is taken away from one centre by hand leaves its desks, stays elsewhere, and does not come back by itself."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Contact, Person
from livingwell_desktop.server.commands import holders, take_away
from livingwell_desktop.server.withdrawing import withdraw_again
from livingwell_desktop.storage import create, edit
from tests.central import CENTRE, JoinedDesk
from tests.conftest import StillClock
from tests.sync.test_restored_server import Alliance, alliance
from tests.sync.test_two_centres import BRIXTON, CHIDI, HERE, NGOZI, THERE, found

__all__ = ["alliance"]

Join = Callable[..., JoinedDesk]


@pytest.fixture
def two(join: Join) -> tuple[JoinedDesk, JoinedDesk]:
    """A desk of each of two centres that both know Ngozi, with somebody to contact."""
    here, there = join(), join(centre=BRIXTON)
    here.store.write([create(NGOZI, Person(given_name="Ngozi", family_name="Okafor"))], [], HERE)
    here.store.write([create(CHIDI, Contact(person=NGOZI, name="Chidi"))], [], HERE)
    here.exchange()
    there.exchange()
    there.store.write([create(UUID(int=9), Contact(person=NGOZI, name="Amara"))], [], THERE)
    both(here, there, times=3)
    assert there.store.get(Contact, CHIDI) is not None
    return here, there


def both(*desks: JoinedDesk, times: int = 1) -> None:
    for _ in range(times):
        for desk in desks:
            desk.exchange()


def listed(url: str, about: UUID) -> list[str]:
    said: list[str] = []
    holders(url, about, said.append)
    return said


def test_a_person_leaves_one_centre_and_each_desk_owes_a_receipt_until_it_has_let_go(
    two: tuple[JoinedDesk, JoinedDesk], database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, there = two
    assert [line.split("  ")[3:] for line in listed(database_url, NGOZI)[:2]] == [["holds it: 3"], ["holds it: 3"]]
    said: list[str] = []
    take_away(database_url, tmp_path, NGOZI, BRIXTON, clock(), said.append)
    assert said[0].startswith("Withdrawn: 3 records.")
    owing = listed(database_url, NGOZI)
    assert "owes a receipt that it has let it go: 3" in owing[1]
    assert owing[2] == "Records: 3. Desks that still owe a receipt: 1."
    # What it had not sent goes first, reaches the other centre, and makes nobody known again.
    held = there.store.get(Person, NGOZI)
    assert held is not None
    there.store.write([edit(held, phone="07700 900 120")], [], THERE)
    both(there, here, there)
    assert there.store.get(Person, NGOZI) is None
    assert there.store.find(Contact) == ()
    kept = here.store.get(Person, NGOZI)
    assert kept is not None
    assert kept.value.phone == "07700 900 120"
    lines = listed(database_url, NGOZI)
    assert "had it, and has let it go: 3" in lines[1]
    assert lines[2] == "Records: 3. Desks that still owe a receipt: 0."
    assert lines[3] == "Every desk has this person’s card: names, date of birth and NHS number."


def test_what_was_begun_about_somebody_who_had_just_left_leaves_its_desk_too(
    two: tuple[JoinedDesk, JoinedDesk], database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    """Nobody else knew of that record when its person left; its desk sends it, and lets go of it."""
    here, there = two
    take_away(database_url, tmp_path, NGOZI, BRIXTON, clock(), print)
    begun = UUID(int=10)
    there.store.write([create(begun, Contact(person=NGOZI, name="Bola"))], [], THERE)
    both(there, here, there)
    assert there.store.waiting().count == 0
    assert there.store.find(Contact) == ()
    assert here.store.get(Contact, begun) is not None
    lines = listed(database_url, NGOZI)
    assert lines[2] == "Records: 4. Desks that still owe a receipt: 0."


def test_somebody_who_comes_there_again_is_known_there_again(
    two: tuple[JoinedDesk, JoinedDesk], database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, there = two
    take_away(database_url, tmp_path, NGOZI, BRIXTON, clock(), print)
    there.exchange()
    assert found(there, "okaf") == [NGOZI]
    there.store.write([create(UUID(int=10), Contact(person=NGOZI, name="Bola"))], [], THERE)
    both(there, here, there)
    assert {held.value.name for held in there.store.find(Contact, person=NGOZI)} == {"Chidi", "Amara", "Bola"}


def test_one_record_leaves_one_centre_and_stays_away(
    two: tuple[JoinedDesk, JoinedDesk], join: Join, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, there = two
    take_away(database_url, tmp_path, CHIDI, BRIXTON, clock(), print)
    both(there)
    assert there.store.get(Contact, CHIDI) is None
    assert there.store.get(Person, NGOZI) is not None
    held = here.store.get(Contact, CHIDI)
    assert held is not None
    here.store.write([edit(held, name="Chidi O.")], [], HERE)
    late = join(centre=BRIXTON)
    both(here, there, late)
    assert late.store.get(Person, NGOZI) is not None
    for desk in (there, late):
        assert desk.store.get(Contact, CHIDI) is None
    again = here.store.get(Contact, CHIDI)
    assert again is not None
    assert again.value.name == "Chidi O."


def test_a_backup_from_before_brings_nothing_back(
    two: tuple[JoinedDesk, JoinedDesk], database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "withdrawn").write_text(
        f"{NGOZI} {BRIXTON} 2026-11-23T10:43:00+00:00\n{UUID(int=77)} {BRIXTON} 2026-11-23T10:43:00+00:00\n",
        encoding="ascii",
    )
    with psycopg.connect(database_url) as connection:
        assert withdraw_again(connection, tmp_path) == 3
    two[1].exchange()
    assert two[1].store.get(Person, NGOZI) is None


def test_what_a_centre_does_not_have_cannot_be_taken_from_it(
    two: tuple[JoinedDesk, JoinedDesk], database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    for about, centre in ((UUID(int=77), BRIXTON), (NGOZI, UUID(int=78)), (NGOZI, None)):
        with pytest.raises(Problem):
            take_away(database_url, tmp_path, about, centre, clock(), print)
    with pytest.raises(Problem, match="There is no such record"):
        holders(database_url, UUID(int=77), print)
    assert not (tmp_path / "withdrawn").exists()
    take_away(database_url, tmp_path, CHIDI, CENTRE, clock(), print)
    with pytest.raises(Problem):
        take_away(database_url, tmp_path, CHIDI, CENTRE, clock(), print)


def test_what_was_taken_away_stays_away_from_a_centre_when_the_server_is_lost(
    alliance: Alliance, tmp_path: Path
) -> None:
    """Another centre's desk brings back what Brixton's wrote; one at Brixton had not heard, and wrote meanwhile."""
    here, there, deaf = alliance.join(), alliance.join(BRIXTON), alliance.join(BRIXTON)
    amara, sam, bola = UUID(int=9), UUID(int=50), UUID(int=51)
    here.store.write([create(NGOZI, Person(given_name="Ngozi")), create(sam, Person(given_name="Sam"))], [], HERE)
    both(here, there)
    for number, who in ((9, NGOZI), (51, sam)):
        there.store.write([create(UUID(int=number), Contact(person=who, name="Written there"))], [], THERE)
    both(here, there, deaf, times=3)
    take_away(alliance.url, tmp_path, NGOZI, BRIXTON, alliance.clock(), print)
    take_away(alliance.url, tmp_path, bola, BRIXTON, alliance.clock(), print)
    both(here, there)
    held = deaf.store.get(Person, NGOZI)
    assert held is not None
    deaf.store.write([edit(held, phone="07700 900 120")], [], THERE)
    alliance.recover()
    both(here, there, deaf, times=3)
    for desk in (there, deaf):
        assert desk.store.get(Person, NGOZI) is None
        assert [each.id for each in desk.store.find(Contact)] == []
        assert desk.store.get(Person, sam) is not None
    assert {each.id for each in here.store.find(Contact)} == {amara, bola}
    kept = here.store.get(Person, NGOZI)
    assert kept is not None
    assert kept.value.phone == "07700 900 120"
    # Somebody who comes there again is known there again; the one record stays away.
    there.store.write([create(UUID(int=52), Contact(person=NGOZI, name="Came again"))], [], THERE)
    both(there, here, deaf, there)
    assert {each.id for each in deaf.store.find(Contact)} == {amara, UUID(int=52)}


def test_what_was_taken_away_after_the_backup_stays_away_when_that_is_restored(
    alliance: Alliance, tmp_path: Path
) -> None:
    """The backup does not know the person at all."""
    here, there = alliance.join(), alliance.join(BRIXTON)
    both(here, there)
    backup = alliance.back_up()
    here.store.write([create(NGOZI, Person(given_name="Ngozi"))], [], HERE)
    both(here, there)
    there.store.write([create(UUID(int=9), Contact(person=NGOZI, name="Written there"))], [], THERE)
    both(here, there, times=2)
    take_away(alliance.url, tmp_path, NGOZI, BRIXTON, alliance.clock(), print)
    both(here, there, times=2)
    with psycopg.connect(backup) as connection:
        assert withdraw_again(connection, tmp_path) == 0
    alliance.restore(backup)
    both(here, there, times=3)
    assert there.store.get(Person, NGOZI) is None
    assert there.store.find(Contact) == ()
    assert len(here.store.find(Contact)) == 1
