"""A server restored to yesterday, and a server that lost everything: the desks give back what it forgot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.database import connect
from livingwell_desktop.server.generations import begin
from livingwell_desktop.server.purging import purge
from livingwell_desktop.server.quarantine import NOT_TAKEN_SINCE
from livingwell_desktop.server.restoring import begin_again
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.server.streams import lines_about_nothing
from livingwell_desktop.storage import create
from livingwell_desktop.sync.entering import AllianceTrust
from livingwell_desktop.sync.joining import Certificate, certificate_of_text
from livingwell_desktop.sync.restored import Offer, Refill
from livingwell_desktop.sync.troubles import AlreadyAnsweredError, NotKnownError
from tests.central import ALLIANCE, CENTRE, Databases, JoinedDesk, code_for
from tests.conftest import StillClock
from tests.sync.test_two_desks import AUTHOR, NGOZI, change, person, register

OTHER_CENTRE = UUID("0195c000-0000-7000-8000-0000000000c2")
PEOPLE = [UUID(int=NGOZI.int + number) for number in range(1, 40)]
Everything = dict[tuple[object, ...], object]


def meet(desk: JoinedDesk, who: UUID, name: str) -> None:
    desk.store.write([create(who, Person(given_name=name))], [], AUTHOR)


def shown(desk: JoinedDesk) -> dict[UUID, tuple[Any, ...]]:
    """Every record with its heads and conflicts."""
    return {
        held.id: (
            held.value,
            held.heads,
            held.not_held,
            {name: [each.change for each in values] for name, values in held.conflicts.items()},
        )
        for held in desk.store.find(Person)
    }


def stored(database_url: str) -> Everything:
    """What the server holds of every change, but for the links of chains and when it came."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT id, content, salt, content_hash, signature, record, kind, subject, sensitivity, standing, parents,"
            " fields FROM change"
        ).fetchall()
        known = connection.execute("SELECT subject, centre FROM known").fetchall()
    return {row[:1]: row[1:] for row in rows} | dict.fromkeys(known, True)


@dataclass
class Alliance:
    """A server that can be set back, and its desks."""

    databases: Databases
    folder: Path
    clock: StillClock
    url: str = ""
    desks: list[JoinedDesk] = field(default_factory=list)
    server: RunningServer | None = None

    def serve(self, database: str) -> None:
        if self.server is not None:
            self.server.stop()
        self.url, self.server = database, RunningServer(database, ALLIANCE, self.clock)
        self.server.start()
        for desk in self.desks:
            desk.reopen(self.server.url)

    def join(self, centre: UUID = CENTRE) -> JoinedDesk:
        assert self.server is not None
        name = f"Desk {len(self.desks)}"
        code = code_for(self.url, self.clock)
        self.desks.append(JoinedDesk(self.server.url, code, name, self.folder / f"{name}.db", self.clock, centre))
        return self.desks[-1]

    def back_up(self) -> str:
        """A copy of the database as it is now."""
        assert self.server is not None
        self.server.stop()
        copied = self.databases.copy_of(self.url)
        self.server = None
        self.serve(self.url)
        return copied

    def restore(self, backup: str) -> None:
        with connect(backup) as connection:
            begin(connection, uuid4(), self.clock())
        self.serve(backup)

    def recover(self) -> None:
        empty = self.databases.fresh()
        with connect(empty) as connection:
            begin_again(connection, self.folder, self.clock())
        self.serve(empty)

    def exchange(self, times: int = 1) -> None:
        for _ in range(times):
            for desk in self.desks:
                desk.exchange()


@pytest.fixture
def alliance(databases: Databases, tmp_path: Path, clock: StillClock) -> Iterator[Alliance]:
    made = Alliance(databases, tmp_path, clock)
    made.serve(databases.fresh())
    yield made
    for desk in made.desks:
        desk.close()
    if made.server is not None:
        made.server.stop()


def test_a_server_set_back_to_yesterday_gets_back_all_that_was_acknowledged(alliance: Alliance) -> None:
    one, other, third = alliance.join(), alliance.join(), alliance.join()
    register(one)
    alliance.exchange()
    backup = alliance.back_up()
    meet(one, PEOPLE[0], "Since the backup")
    change(one, phone="07700 900 001")
    one.exchange()
    other.exchange()
    change(other, email="ngozi@example.org")
    other.exchange()
    third.exchange()
    meet(third, PEOPLE[1], "Not sent yet")
    before, records = stored(alliance.url), shown(other)
    alliance.restore(backup)
    assert len(stored(alliance.url)) < len(before)
    alliance.exchange(2)
    now = stored(alliance.url)
    assert {key: now.get(key) for key in before} == before
    assert shown(one) == shown(other) == shown(third)
    assert {key: shown(one)[key] for key in records} == records
    assert PEOPLE[1] in shown(one)
    assert [desk.store.waiting().count for desk in alliance.desks] == [0, 0, 0]
    assert all(desk.store.soundness.damage() == () for desk in alliance.desks)


def test_what_a_lost_desk_had_sent_comes_back_from_whoever_holds_it(alliance: Alliance) -> None:
    lost, other = alliance.join(), alliance.join()
    register(lost)
    alliance.exchange()
    backup = alliance.back_up()
    change(lost, phone="07700 900 001")
    meet(lost, PEOPLE[0], "By a desk that burnt")
    lost.exchange()
    other.exchange()
    before = stored(alliance.url)
    lost.close()
    alliance.desks.remove(lost)
    alliance.restore(backup)
    third = alliance.join()
    alliance.exchange(2)
    assert stored(alliance.url) == before
    assert shown(third) == shown(other)
    assert person(third).value.phone == "07700 900 001"
    assert third.enrolled.letter not in {lost.enrolled.letter, other.enrolled.letter}


def test_an_outage_after_the_restore_and_a_second_restore_harm_nothing(alliance: Alliance) -> None:
    one, other = alliance.join(), alliance.join()
    register(one)
    alliance.exchange()
    backup = alliance.back_up()
    meet(one, PEOPLE[0], "Between")
    alliance.exchange(2)
    alliance.restore(backup)
    one.exchange()
    meet(one, PEOPLE[1], "Second generation")
    one.exchange()
    again = alliance.back_up()
    meet(one, PEOPLE[2], "After the second backup")
    one.exchange()
    alliance.restore(again)
    alliance.exchange(2)
    assert shown(one) == shown(other)
    assert {PEOPLE[0], PEOPLE[1], PEOPLE[2]} < set(shown(other))


def test_a_server_that_lost_everything_is_filled_again_by_its_desks(alliance: Alliance) -> None:
    one, other, away = alliance.join(), alliance.join(), alliance.join(OTHER_CENTRE)
    register(one)
    alliance.exchange()
    change(one, phone="07700 900 001")
    change(other, phone="07700 900 002")
    meet(away, PEOPLE[0], "At the other centre")
    for number in range(1, 12):
        meet(one, PEOPLE[number], f"Person {number}")
    alliance.exchange(2)
    before, here, there = stored(alliance.url), shown(one), shown(away)
    assert person(one).conflicts
    meet(other, PEOPLE[20], "Not sent before the loss")
    alliance.recover()
    assert stored(alliance.url) == {}
    alliance.exchange(2)
    now = stored(alliance.url)
    assert {key: now.get(key) for key in before} == before
    assert shown(one) == shown(other)
    assert {key: shown(one)[key] for key in here} == here
    assert PEOPLE[20] in shown(one)
    assert shown(away) == there
    newcomer = alliance.join()
    newcomer.exchange()
    assert shown(newcomer) == shown(one)
    letters = [desk.enrolled.letter for desk in alliance.desks]
    assert len(set(letters)) == 4
    with psycopg.connect(alliance.url) as connection:
        (cards,) = connection.execute("SELECT count(*) FROM card").fetchone() or (0,)
    assert cards == len(shown(one)) + len(there)


def test_a_copy_of_a_desk_comes_back_to_an_empty_server_with_what_it_wrote(alliance: Alliance) -> None:
    one = alliance.join()
    register(one)
    one.exchange()
    twin = one.copied(alliance.folder / "twin.db")
    alliance.desks.append(twin)
    change(one, phone="07700 900 001")
    meet(twin, PEOPLE[0], "By the copy, under its old name")
    alliance.exchange(2)
    assert twin.device != one.device
    alliance.desks.remove(one)
    one.close()
    alliance.recover()
    twin.exchange()
    assert set(shown(twin)) == {NGOZI, PEOPLE[0]}
    newcomer = alliance.join()
    newcomer.exchange()
    assert shown(newcomer) == shown(twin)


def test_both_copies_of_a_desk_come_back_to_a_restored_server(alliance: Alliance) -> None:
    one = alliance.join()
    register(one)
    one.exchange()
    backup = alliance.back_up()
    meet(one, PEOPLE[0], "Since the backup")
    one.exchange()
    twin = one.copied(alliance.folder / "twin.db")
    alliance.desks.append(twin)
    meet(one, PEOPLE[1], "By the one")
    meet(twin, PEOPLE[2], "By the other")
    alliance.restore(backup)
    alliance.exchange(3)
    assert one.device != twin.device
    assert shown(one) == shown(twin)
    assert set(shown(one)) == {NGOZI, *PEOPLE[:3]}


@dataclass
class Forged(AllianceTrust):
    """A desk that shows certificates that nobody gave it."""

    shown: Sequence[Certificate] = ()

    def certificates(self) -> Sequence[Certificate]:
        return self.shown


def test_a_desk_of_another_alliance_is_not_let_in(alliance: Alliance, clock: StillClock) -> None:
    one = alliance.join()
    one.exchange()
    certificates = one.client.entrance.trust.certificates()
    assert [each.device for each in certificates] == [one.device]
    forged = [type(each)(each.device, each.public_key, "Z", each.centres, 9, each.signature) for each in certificates]
    alliance.recover()
    one.client.entrance.trust = Forged(shown=forged)
    with pytest.raises(NotKnownError):
        one.exchange()


def test_once_it_has_answered_a_desk_speaks_for_itself_only(alliance: Alliance) -> None:
    one = alliance.join()
    register(one)
    one.exchange()
    with pytest.raises(AlreadyAnsweredError):
        one.client.offer(Offer((bytes(16),)))


def test_a_certificate_that_does_not_hold_harms_only_what_it_was_to_prove(alliance: Alliance) -> None:
    """And one of a copy may come before its original's."""
    lost, other, third = alliance.join(), alliance.join(), alliance.join()
    meet(lost, PEOPLE[0], "By a desk that burnt")
    meet(third, PEOPLE[1], "By another")
    alliance.exchange(2)
    restoring = other.store.own.restoring
    (by_lost,), (by_third,) = (restoring.with_words(shown(other)[who][1]) for who in PEOPLE[:2])
    certificates = {
        desk.device: certificate_of_text(next(iter(other.store.own.certificates([desk.device]).values())))
        for desk in (lost, third)
    }
    forged = replace(certificates[lost.device], letter="Z")
    alliance.desks.remove(lost)
    lost.close()
    alliance.recover()
    done = other.client.refill(Refill((forged, certificates[third.device]), changes=(by_lost, by_third)))
    assert done == (1, 1)
    assert [row[0] for row in stored(alliance.url) if isinstance(row[0], bytes)] == [by_third.id]


def test_what_a_restored_server_cannot_check_is_kept_and_somebody_is_told(alliance: Alliance, tmp_path: Path) -> None:
    """Its author's certificate is nowhere any more: the words are in quarantine, until they are erased."""
    lost, other = alliance.join(), alliance.join()
    meet(lost, PEOPLE[0], "By a desk that burnt")
    alliance.exchange(2)
    alliance.desks.remove(lost)
    lost.close()
    without_certificate(other, lost.device)
    alliance.recover()
    alliance.exchange(2)
    with psycopg.connect(alliance.url) as connection:
        kept = connection.execute("SELECT content LIKE '%desk that burnt%', reason FROM quarantine").fetchall()
        told = connection.execute("SELECT kind FROM notice WHERE kind = 'not taken back'").fetchall()
    assert kept == [(True, "its author is not known")]
    assert len(told) == 1
    with psycopg.connect(alliance.url) as connection:
        purge(connection, tmp_path, PEOPLE[0], alliance.clock())
    with psycopg.connect(alliance.url) as connection:
        assert connection.execute("SELECT 1 FROM quarantine").fetchall() == []


def without_certificate(desk: JoinedDesk, author: UUID) -> None:
    """As a desk that was rescued, or never heard of that author."""
    with desk.store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM certificate WHERE device = ?", (author.bytes,))


def not_taken(database_url: str) -> list[tuple[Any, ...]]:
    """The refused words that somebody still has to look at, and why they were refused."""
    with psycopg.connect(database_url) as connection:
        return connection.execute(f"SELECT change, reason FROM quarantine q WHERE {NOT_TAKEN_SINCE}").fetchall()


def test_what_could_not_be_proved_is_taken_in_when_its_author_comes_back(alliance: Alliance) -> None:
    late, other = alliance.join(), alliance.join()
    register(late)
    alliance.exchange(2)
    change(late, phone="07700 900 001")
    alliance.exchange(2)
    before, here = stored(alliance.url), shown(other)
    without_certificate(other, late.device)
    alliance.recover()
    other.exchange()
    third = alliance.join()
    third.exchange()
    assert len(not_taken(alliance.url)) == 2
    assert shown(third) == {}
    late.client.generations()  # it is let in, and has sent nothing yet
    assert stored(alliance.url) == before
    assert not_taken(alliance.url) == []
    third.exchange()
    assert shown(third) == here
    alliance.exchange(2)
    assert stored(alliance.url) == before
    assert shown(late) == shown(other) == here
    assert [desk.store.waiting().count for desk in alliance.desks] == [0, 0, 0]
    assert all(desk.store.soundness.damage() == () for desk in alliance.desks)
    with psycopg.connect(alliance.url) as connection:
        assert lines_about_nothing(connection) == 0
        assert connection.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM entry WHERE change IS NOT NULL"
            " GROUP BY stream, change) AS each"
        ).fetchone() == (1,)


def test_what_could_not_be_proved_is_taken_in_when_another_desk_brings_the_certificate(alliance: Alliance) -> None:
    """Once: what is not proved by it either stays where it is, and says so."""
    burnt, other, elsewhere = alliance.join(), alliance.join(), alliance.join(OTHER_CENTRE)
    meet(burnt, PEOPLE[0], "By a desk that burnt")
    meet(burnt, PEOPLE[1], "Also, and spoilt")
    alliance.exchange(2)
    (certificate,) = elsewhere.store.own.certificates([burnt.device]).values()
    (spoilt,) = other.store.own.restoring.with_words(shown(other)[PEOPLE[1]][1])
    with other.store._writing() as connection:
        connection.exec_driver_sql("UPDATE change SET signature = ? WHERE id = ?", (bytes(64), spoilt.id))
    before, here = stored(alliance.url), shown(other)
    without_certificate(other, burnt.device)
    alliance.desks.remove(burnt)
    burnt.close()
    alliance.recover()
    other.exchange()
    assert {reason for _, reason in not_taken(alliance.url)} == {"its author is not known"}
    assert elsewhere.client.refill(Refill((certificate_of_text(certificate),))) == (0, 0)
    assert not_taken(alliance.url) == [(spoilt.id, "the signature is not its author's")]
    assert elsewhere.client.refill(Refill((certificate_of_text(certificate),))) == (0, 0)
    alliance.exchange(2)
    lost = {(spoilt.id,), (PEOPLE[1], CENTRE)}
    assert stored(alliance.url) == {key: row for key, row in before.items() if key not in lost}
    newcomer = alliance.join()
    newcomer.exchange()
    assert shown(newcomer) == {PEOPLE[0]: here[PEOPLE[0]]}


def test_what_was_erased_meanwhile_is_not_taken_in(alliance: Alliance, tmp_path: Path) -> None:
    late, other = alliance.join(), alliance.join()
    register(late)
    alliance.exchange(2)
    without_certificate(other, late.device)
    alliance.recover()
    other.exchange()
    assert not_taken(alliance.url)
    with psycopg.connect(alliance.url) as connection:
        purge(connection, tmp_path, NGOZI, alliance.clock())
    late.client.generations()
    assert stored(alliance.url) == {}
    alliance.exchange(2)
    with psycopg.connect(alliance.url) as connection:
        assert connection.execute("SELECT 1 FROM change WHERE content <> ''").fetchall() == []
    assert shown(late) == shown(other) == {}
