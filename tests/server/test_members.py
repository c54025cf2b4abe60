"""Sessions of a member of staff: their own key opens them, certificates say whose it is, and no desk is kept out."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.records import ALLIANCE as EVERYBODY
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import Certificate, certify
from livingwell_desktop.security.member_keys import MemberKeys, create_member_keys
from livingwell_desktop.security.statements import Standing, Statement
from livingwell_desktop.server.application import create_app
from livingwell_desktop.sync.joining import session_message
from livingwell_desktop.sync.proving import member_message
from tests.central import ALLIANCE
from tests.conftest import StillClock
from tests.server.exchange import PERSON, HandDesk, content
from tests.server.test_rights import Alliance


@dataclass
class Members:
    """The alliance with somebody of every role, their keys, and a desk."""

    alliance: Alliance
    keys: dict[Role, MemberKeys] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {role: create_member_keys(str(self.alliance.staff[role])) for role in Role}
        self.desk = self.alliance.new_desk()
        registered = content(staff=str(self.alliance.staff[Role.RECEPTION]))
        assert self.desk.push(self.desk.change(registered))["receipts"]

    def certify(self, *roles: Role) -> None:
        """Send their certificates: the alliance's for the administrator, the administrator's for others."""
        self.send(*(self.certificate(role) for role in roles))

    def certificate(self, role: Role) -> Certificate:
        if role is Role.ADMINISTRATOR:
            first = Statement(self.keys[role].public, 0, Standing.ADMINISTRATOR)
            return Certificate(first, "", ALLIANCE.sign(first.message(ALLIANCE.public)))
        statement = Statement(self.keys[role].public, 0, Standing.MEMBER)
        return certify(statement, self.keys[Role.ADMINISTRATOR], ALLIANCE.public)

    def send(self, *certificates: Certificate) -> None:
        for each in certificates:
            value = certificate_record(each)
            said = {name: getattr(value, name) for name in value.__dataclass_fields__} | {"member": str(value.member)}
            by = self.alliance.staff[Role.ADMINISTRATOR]
            change = self.alliance.desk.change(
                self.alliance.said("member_certificate", by, subject=str(EVERYBODY), set=said)
            )
            assert self.alliance.desk.push(change)["receipts"]

    def enter(self, desk: HandDesk, role: Role, keys: MemberKeys | None = None, **changed: Any) -> dict[str, Any]:
        """A session in that member's name; the desk has its token afterwards."""
        member, keys = self.alliance.staff[role], keys or self.keys[role]
        nonce, challenge = bytes.fromhex(desk.http.get("/v1/challenge").json()["nonce"]), os.urandom(32)
        proof = {
            "device": str(desk.device),
            "nonce": nonce.hex(),
            "signature": desk.key.sign(session_message(desk.device, nonce)).hex(),
            "challenge": challenge.hex(),
            "member": str(member),
            "member_signature": keys.sign(member_message(member, challenge, desk.device, nonce)).hex(),
        }
        answer = desk.http.post("/v1/session", json=proof | changed)
        assert answer.status_code == 200, answer.text
        desk.token = answer.json()["token"]
        said: dict[str, Any] = answer.json()
        return said

    def found(self, desk: HandDesk, role: Role) -> int:
        """The status of asking what the server found, in that one's name."""
        body = {"staff": str(self.alliance.staff[role])}
        return desk.http.post("/v1/found", json=body, headers=desk.headers).status_code

    def opened(self, desk: HandDesk, role: Role) -> int:
        body = {"staff": str(self.alliance.staff[role]), "person": PERSON}
        return desk.http.post("/v1/opened", json=body, headers=desk.headers).status_code

    def held(self, desk: HandDesk, role: Role) -> int:
        body = {"staff": str(self.alliance.staff[role]), "device": str(desk.device)}
        return desk.http.post("/v1/held", json=body, headers=desk.headers).status_code

    def sends(self, desk: HandDesk, role: Role) -> bool:
        """Whether a change of that one's goes from the desk."""
        return bool(desk.push(desk.change(self.alliance.said("person", self.alliance.staff[role])))["receipts"])


@pytest.fixture
def members(database_url: str, clock: StillClock) -> Iterator[Members]:
    with TestClient(create_app(database_url, ALLIANCE, clock)) as http:
        yield Members(Alliance(http, database_url, clock))


MANAGER, OFFICER = Role.TEAM_MANAGER, Role.PRIVACY_OFFICER


def test_a_session_is_the_members_whose_key_signed_it_and_asks_in_nobody_elses_name(members: Members) -> None:
    members.certify(Role.ADMINISTRATOR, MANAGER)
    desk = members.desk
    assert [members.found(desk, role) for role in (MANAGER, OFFICER)] == [200, 200], "a desk that has never named one"
    assert members.enter(desk, MANAGER)["member"] == "bound"
    assert [members.found(desk, role) for role in (MANAGER, OFFICER)] == [200, 403]
    assert [members.opened(desk, role) for role in (MANAGER, OFFICER)] == [200, 403]
    assert [members.held(desk, role) for role in (MANAGER, OFFICER)] == [200, 403]


def test_what_others_recorded_at_the_same_desk_goes_in_that_session_too(members: Members) -> None:
    members.certify(Role.ADMINISTRATOR, MANAGER)
    members.enter(members.desk, MANAGER)
    assert all(members.sends(members.desk, role) for role in (Role.RECEPTION, Role.KEY_WORKER))


def test_a_desk_that_has_once_named_a_member_is_not_taken_at_its_word_any_more(members: Members) -> None:
    members.certify(Role.ADMINISTRATOR, MANAGER)
    members.enter(members.desk, MANAGER)
    members.desk.token = members.desk.enter()
    assert [members.found(members.desk, MANAGER), members.opened(members.desk, MANAGER)] == [403, 403]
    assert members.sends(members.desk, Role.RECEPTION), "it works as a desk"
    another = members.alliance.new_desk()
    assert members.found(another, MANAGER) == 200, "one of the release before goes on as it did"
    members.enter(members.desk, MANAGER)
    assert members.found(members.desk, MANAGER) == 200


def test_a_member_of_whom_the_server_has_not_heard_keeps_no_desk_out(members: Members) -> None:
    """Admitted offline: the certificate is in the outbox of this very desk."""
    desk = members.desk
    assert members.enter(desk, MANAGER)["member"] == "not certified"
    assert members.sends(desk, MANAGER)
    members.certify(Role.ADMINISTRATOR, MANAGER)
    assert members.enter(desk, MANAGER)["member"] == "bound"


def test_who_signs_with_another_key_or_for_another_opening_is_nobody(members: Members) -> None:
    members.certify(Role.ADMINISTRATOR, MANAGER)
    desk = members.desk
    assert members.enter(desk, MANAGER, create_member_keys(str(members.alliance.staff[MANAGER])))["member"] == (
        "not certified"
    )
    assert members.enter(desk, MANAGER, challenge=(b"\x01" * 32).hex())["member"] == "not certified"
    other = str(members.alliance.staff[OFFICER])
    assert members.enter(desk, MANAGER, member=other)["member"] == "not certified"
    assert members.enter(desk, MANAGER, member=str(uuid4()))["member"] == "not certified"


def test_a_certificate_that_leads_to_no_administrator_of_this_alliance_says_nothing(members: Members) -> None:
    forger = create_member_keys(str(uuid4()))
    statement = Statement(members.keys[MANAGER].public, 0, Standing.ADMINISTRATOR)
    members.send(certify(statement, forger, ALLIANCE.public), Certificate(statement, "", bytes(64)))
    assert members.enter(members.desk, MANAGER)["member"] == "not certified"
    members.certify(MANAGER)
    assert members.enter(members.desk, MANAGER)["member"] == "not certified", "nobody knows that administrator"
    members.certify(Role.ADMINISTRATOR)
    assert members.enter(members.desk, MANAGER)["member"] == "bound"


def test_new_keys_of_a_member_count_and_the_ones_before_do_not(members: Members) -> None:
    members.certify(Role.ADMINISTRATOR, MANAGER)
    before, newer = members.keys[MANAGER], create_member_keys(members.keys[MANAGER].member_id)
    members.send(certify(Statement(newer.public, 1, Standing.MEMBER), before, ALLIANCE.public))
    assert members.enter(members.desk, MANAGER, before)["member"] == "not certified"
    assert members.enter(members.desk, MANAGER, newer)["member"] == "bound"


def test_who_was_suspended_is_told_so_and_the_desk_goes_on(members: Members) -> None:
    members.certify(Role.ADMINISTRATOR, MANAGER)
    members.enter(members.desk, MANAGER)
    members.alliance.suspend(members.alliance.staff[MANAGER])
    assert members.found(members.desk, MANAGER) == 403, "in the session from before, too"
    assert members.enter(members.desk, MANAGER)["member"] == "not employed"
    assert members.found(members.desk, MANAGER) == 403
    assert members.sends(members.desk, Role.RECEPTION)


@pytest.mark.parametrize("left_out", ["challenge", "member", "member_signature"])
def test_a_member_is_named_whole_or_not_at_all(members: Members, left_out: str) -> None:
    nonce = members.desk.http.get("/v1/challenge").json()["nonce"]
    whole = {
        "device": str(members.desk.device),
        "nonce": nonce,
        "signature": "00" * 64,
        "challenge": "00" * 32,
        "member": str(UUID(int=1)),
        "member_signature": "00" * 64,
    }
    del whole[left_out]
    assert members.desk.http.post("/v1/session", json=whole).status_code == 400
