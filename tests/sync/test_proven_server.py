"""A server proves to its desks that it is the alliance's, before anything is sent; nobody else is believed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.people import Person
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import Certificate
from livingwell_desktop.security.member_keys import MemberKeys, create_member_keys
from livingwell_desktop.security.statements import Standing, Statement
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import connect
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.storage import create, edit
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.entering import SignedIn
from livingwell_desktop.sync.proving import MemberStanding
from livingwell_desktop.sync.troubles import MemberNotEmployedError, MemberNotKnownError, NotOurServerError
from tests.central import ALLIANCE, STAFF, Databases, JoinedDesk
from tests.conftest import StillClock
from tests.sync.between import Between, ReleaseBefore
from tests.sync.test_two_desks import AUTHOR, NGOZI, register

OTHER_ALLIANCE = AllianceKey(bytes(range(1, 33)))
Join = Callable[..., JoinedDesk]


def behind(desk: JoinedDesk, wire: Between, url: str = "") -> Between:
    """Let the desk start anew, with somebody between it and its server."""
    desk.reopen(url)
    desk.engine.stop()
    desk.client = ServerClient(url or desk.url, desk.device, desk.store.signer.sign, transport=wire)
    desk.engine = SyncEngine(desk.store, desk.client, desk.clock)
    return wire


def changes_at(database_url: str) -> int:
    with connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM change").fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def served_by(alliance: AllianceKey, databases: Databases, database_url: str, clock: StillClock) -> Iterator[str]:
    """A server of that alliance's with everything that the real one knows."""
    with RunningServer(databases.served(databases.copy_of(database_url)), alliance, clock) as running:
        yield running.url


def test_a_desk_has_its_server_proved_before_it_says_anything_and_remembers_it(join: Join) -> None:
    desk = join()
    assert not desk.store.own.server_is_proven()
    wire = behind(desk, Between())
    register(desk)
    desk.exchange()
    assert wire.paths()[:4] == ["/v1/server", "/v1/challenge", "/v1/session", "/v1/exchange"]
    assert desk.store.own.server_is_proven()
    wire = behind(desk, Between())
    desk.exchange()
    assert wire.paths()[:3] == ["/v1/challenge", "/v1/session", "/v1/exchange"], "what is known is not asked again"
    assert len(wire.last("/v1/session")["proof"]["signature"]) == 128


def test_a_server_of_the_release_before_goes_on_being_used_until_it_has_proved_itself(
    join: Join, database_url: str
) -> None:
    desk = join()
    behind(desk, ReleaseBefore())
    register(desk)
    desk.exchange()
    assert not desk.store.waiting().count
    assert not desk.store.own.server_is_proven()
    behind(desk, Between())
    desk.exchange()
    before = changes_at(database_url)
    wire = behind(desk, ReleaseBefore())
    desk.store.write([create(uuid4(), Person(given_name="Nobody else's"))], [], AUTHOR)
    with pytest.raises(NotOurServerError) as refused:
        desk.exchange()
    assert "server not proven" in refused.value.words
    assert (desk.store.waiting().count, changes_at(database_url)) == (1, before), "it waits, and nothing was sent"
    assert not any(b"Nobody else" in body for _, body in wire.asked)
    behind(desk, Between())
    desk.exchange()
    assert not desk.store.waiting().count, "the right server has it in the end"


def test_another_alliances_server_is_sent_nothing(
    join: Join, databases: Databases, database_url: str, server: RunningServer, clock: StillClock
) -> None:
    """It may have the whole database, even of a desk that has never seen a proof."""
    desk = join()
    server.stop()
    for proven in (False, True):
        with served_by(OTHER_ALLIANCE, databases, database_url, clock) as url:
            wire = behind(desk, Between(), url)
            desk.store.write([create(uuid4(), Person(given_name="Ngozi"))], [], AUTHOR)
            with pytest.raises(NotOurServerError):
                desk.exchange()
            assert set(wire.paths()) <= {"/v1/server", "/v1/challenge", "/v1/session"}
        desk.store.own.server_has_proved_itself()
        assert desk.store.waiting().count == 1 + proven


Spoil = Callable[[dict[str, Any]], dict[str, Any]]


def without_proof(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("token", "seconds")}


def with_another_token(said: dict[str, Any]) -> dict[str, Any]:
    return said | {"token": "x" * 22}


def of_another_restore(said: dict[str, Any]) -> dict[str, Any]:
    return said | {"proof": said["proof"] | {"generation": "7.0123456789abcdef"}}


def by_a_key_that_nobody_certified(said: dict[str, Any]) -> dict[str, Any]:
    key = OTHER_ALLIANCE.server_key()
    return said | {"proof": said["proof"] | {"server_key": key.public.hex(), "certificate": key.certificate.hex()}}


@pytest.mark.parametrize(
    "spoil", [without_proof, with_another_token, of_another_restore, by_a_key_that_nobody_certified]
)
def test_a_changed_answer_is_no_proof(join: Join, spoil: Spoil) -> None:
    desk = join()
    wire = behind(desk, Between())
    wire.changed["/v1/session"] = spoil
    with pytest.raises(NotOurServerError):
        desk.exchange()
    assert "/v1/exchange" not in wire.paths()
    assert not desk.store.own.server_is_proven()


def test_an_answer_of_before_and_one_to_another_desk_are_no_proof(join: Join) -> None:
    one, other = join(), join()
    heard = behind(one, Between())
    one.exchange()
    for desk in (one, other):
        wire = behind(desk, Between())
        wire.instead["/v1/session"] = (200, heard.last("/v1/session"))
        with pytest.raises(NotOurServerError):
            desk.exchange()
        assert "/v1/exchange" not in wire.paths()


def test_nobody_on_the_way_can_make_up_a_restore_and_be_given_everything_back(join: Join) -> None:
    desk = join()
    register(desk)
    desk.exchange()
    wire = behind(desk, Between())
    wire.instead["/v1/exchange"] = (409, {"problem": "generation"})
    wire.instead["/v1/generations"] = (200, {"generations": [["7.0123456789abcdef", {}]], "head": 0})
    with pytest.raises(NotOurServerError):
        desk.exchange()
    assert not {"/v1/offer", "/v1/refill"} & set(wire.paths())
    wire.instead.clear()
    wire.changed["/v1/exchange"] = lambda said: said | {"generation": "7.0123456789abcdef"}
    with pytest.raises(NotOurServerError):
        desk.exchange()
    wire.changed.clear()
    desk.exchange()
    held = desk.store.get(Person, NGOZI)
    assert held is not None


def test_a_server_that_stops_proving_itself_is_not_sent_what_waits_in_the_session_before(join: Join) -> None:
    """The poke line opens the next session: what is saved meanwhile goes by that one, or not at all."""
    desk = join()
    wire = behind(desk, Between())
    desk.exchange()
    wire.changed["/v1/session"] = without_proof
    with pytest.raises(NotOurServerError), desk.client.pokes():
        pass
    desk.store.write([create(uuid4(), Person(given_name="Ngozi"))], [], AUTHOR)
    sent = len(wire.asked)
    with pytest.raises(NotOurServerError):
        desk.exchange()
    assert "/v1/exchange" not in [path for path, _ in wire.asked[sent:]]


def test_every_server_of_the_alliance_has_the_same_key() -> None:
    """A second process, one that was restored, and one that begins anew with the key from paper."""
    again = AllianceKey(bytes(range(32))).server_key()
    assert again.certified == ALLIANCE.server_key().certified
    assert again.certified.holds(ALLIANCE.public)
    assert not again.certified.holds(OTHER_ALLIANCE.public)


def test_a_desk_that_does_not_know_its_alliance_asks_for_no_proof(join: Join) -> None:
    """One that was enrolled before its alliance's key was kept: it goes on as it did."""
    desk = join()
    with desk.store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE name = 'alliance_key'")
    wire = behind(desk, Between())
    desk.exchange()
    assert "/v1/server" not in wire.paths()


# The member who is signed in


def signed_in(desk: JoinedDesk) -> MemberKeys:
    keys = create_member_keys(str(STAFF))
    desk.client.entrance.signed_in = SignedIn(STAFF, keys.sign)
    return keys


def test_a_member_is_named_to_a_server_that_has_proved_itself_and_to_no_other(join: Join) -> None:
    desk = join()
    wire = behind(desk, ReleaseBefore())
    signed_in(desk)
    desk.exchange()
    assert not any(b'"member"' in body for path, body in wire.asked if path == "/v1/session")
    wire = behind(desk, Between())
    signed_in(desk)
    desk.exchange()
    assert wire.last("/v1/session")["member"] == "not certified"
    assert desk.client.entrance.now.member is MemberStanding.NOT_CERTIFIED


def test_what_is_a_members_to_ask_is_asked_as_soon_as_the_server_knows_their_keys(join: Join) -> None:
    """Admitted offline: the certificate goes with what the desk sends, in a session that is nobody's."""
    desk = join()
    wire = behind(desk, Between())
    keys = signed_in(desk)
    first = Statement(keys.public, 0, Standing.ADMINISTRATOR)
    record = certificate_record(Certificate(first, "", ALLIANCE.sign(first.message(ALLIANCE.public))))
    manager = Staff(given_name="Ada", family_name="Obi", role=Role.TEAM_MANAGER)
    with pytest.raises(MemberNotKnownError) as unknown:
        desk.client.found(STAFF)
    assert "member not known" in unknown.value.words
    desk.store.write([create(STAFF, manager), create(uuid4(), record)], [], AUTHOR)
    desk.exchange()
    assert not desk.store.waiting().count
    opened_before = wire.paths().count("/v1/session")
    assert desk.client.found(STAFF).refused == ()
    assert wire.paths().count("/v1/session") == opened_before + 1, "the session was opened anew, and is theirs"
    held = desk.store.get(Staff, STAFF)
    assert held is not None
    desk.store.write([edit(held, active=False)], [], AUTHOR)
    desk.exchange()
    desk.client.entrance.go_on_as(desk.device, desk.store.signer.sign)
    with pytest.raises(MemberNotEmployedError) as gone:
        desk.client.found(STAFF)
    assert "do not work here any more" in gone.value.words
    register(desk)
    desk.exchange()
    assert not desk.store.waiting().count, "nothing of anybody's is stuck"
