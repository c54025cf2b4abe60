"""Whose keys are whose: who may certify, and what a server, a stranger or a single administrator cannot bring about."""

from dataclasses import replace

import pytest

from livingwell_desktop.security.certificates import (
    Certificate,
    NotCertified,
    Standing,
    Statement,
    certify,
    check_trusted,
    trusted,
)
from livingwell_desktop.security.member_keys import MemberKeys, create_member_keys
from livingwell_desktop.server.alliance import AllianceKey

ALLIANCE = AllianceKey(bytes(range(32)))
OTHER = AllianceKey(bytes(range(1, 33)))
KEY = ALLIANCE.public


class People:
    """Two administrators certified by the alliance, and Rosa and a recovery code certified by the first of them."""

    def __init__(self) -> None:
        self.callum, self.dana = create_member_keys("callum"), create_member_keys("dana")
        self.rosa, self.code = create_member_keys("rosa"), create_member_keys("recovery-a")
        self.given = [
            by_alliance(statement(self.callum, standing=Standing.ADMINISTRATOR)),
            by_alliance(statement(self.dana, standing=Standing.ADMINISTRATOR)),
            certify(statement(self.rosa), self.callum, KEY),
            certify(statement(self.code, standing=Standing.RECOVERY), self.callum, KEY),
        ]

    def with_(self, *more: Certificate) -> dict[str, Statement]:
        return dict(trusted([*self.given, *more], KEY))


def statement(keys: MemberKeys, number: int = 0, standing: Standing = Standing.MEMBER) -> Statement:
    return Statement(keys.public, number, standing)


def by_alliance(said: Statement, alliance: AllianceKey = ALLIANCE) -> Certificate:
    return Certificate(said, "", alliance.sign(said.message(alliance.public)))


@pytest.fixture(scope="module")
def people() -> People:
    return People()


def test_the_chain_begins_with_the_alliance(people: People) -> None:
    known = people.with_()
    assert set(known) == {"callum", "dana", "rosa", "recovery-a"}
    assert check_trusted(people.rosa.public, known).standing is Standing.MEMBER
    assert not trusted(people.given, OTHER.public), "another alliance's desks trust none of them"


def test_the_order_of_certificates_does_not_matter(people: People) -> None:
    assert trusted(reversed(people.given), KEY) == trusted(people.given, KEY)


def test_a_certificate_of_another_alliance_says_nothing(people: People) -> None:
    stranger = create_member_keys("stranger")
    said = statement(stranger, standing=Standing.ADMINISTRATOR)
    known = people.with_(by_alliance(said, OTHER), certify(said, people.callum, OTHER.public))
    with pytest.raises(NotCertified):
        check_trusted(stranger.public, known)


def test_a_server_cannot_have_its_own_key_admitted(people: People) -> None:
    servers = create_member_keys("rosa")
    own = certify(statement(servers, 1), servers, KEY)
    forged = Certificate(statement(servers, 1), "callum", own.signature)
    unsigned = Certificate(statement(servers, 1), "", bytes(64))
    known = people.with_(own, forged, unsigned, replace(people.given[2], statement=statement(servers)))
    assert known["rosa"].member == people.rosa.public
    with pytest.raises(NotCertified):
        check_trusted(servers.public, known)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("member", ["maya", "rosa", "callum"])
def test_the_alliances_signature_makes_first_administrators_and_nothing_else(
    people: People, member: str, number: int, standing: Standing
) -> None:
    """The server holds the alliance's key: what it signs for keys of its own makes nobody's newest keys."""
    servers = create_member_keys(member)
    known = people.with_(by_alliance(statement(servers, number, standing)))
    admitted = member in known and known[member].member == servers.public
    assert admitted == (member == "maya" and number == 0 and standing is Standing.ADMINISTRATOR)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("standing", [Standing.MEMBER, Standing.RECOVERY])
def test_the_alliances_signature_makes_no_recovery_code(people: People, number: int, standing: Standing) -> None:
    servers = create_member_keys("recovery-a")
    known = people.with_(by_alliance(statement(servers, number, standing)))
    assert known["recovery-a"].member == people.code.public


def test_only_administrators_certify_first_keys(people: People) -> None:
    maya = create_member_keys("maya")
    assert "maya" not in people.with_(certify(statement(maya), people.rosa, KEY))
    assert "maya" not in people.with_(certify(statement(maya), people.code, KEY))
    assert "maya" in people.with_(certify(statement(maya), people.dana, KEY))


def test_new_keys_of_a_member_need_two_administrators(people: People) -> None:
    new = create_member_keys("rosa")
    one, two = (certify(statement(new, 1), by, KEY) for by in (people.callum, people.dana))
    assert people.with_(one)["rosa"].member == people.rosa.public
    assert people.with_(one, one)["rosa"].member == people.rosa.public, "one administrator twice is one"
    assert people.with_(one, two)["rosa"].member == new.public


def test_an_administrator_is_no_second_for_their_own_reset(people: People) -> None:
    new = create_member_keys("callum")
    said = statement(new, 1, Standing.ADMINISTRATOR)
    stolen = create_member_keys("callum")
    assert people.with_(certify(said, people.dana, KEY))["callum"].member == people.callum.public
    assert people.with_(certify(said, people.dana, KEY), certify(said, stolen, KEY))["callum"].number == 0


def test_own_keys_and_the_recovery_code_hand_over_without_a_rise(people: People) -> None:
    new = create_member_keys("rosa")
    for by in (people.rosa, people.code):
        assert people.with_(certify(statement(new, 1), by, KEY))["rosa"].member == new.public
        raised = certify(statement(new, 1, Standing.ADMINISTRATOR), by, KEY)
        assert people.with_(raised)["rosa"].member == people.rosa.public
    two = [certify(statement(new, 1, Standing.ADMINISTRATOR), by, KEY) for by in (people.callum, people.dana)]
    assert people.with_(*two)["rosa"].standing is Standing.ADMINISTRATOR


def test_no_number_is_left_out(people: People) -> None:
    new = create_member_keys("rosa")
    assert people.with_(certify(statement(new, 2), people.rosa, KEY))["rosa"].number == 0


def test_a_raised_standing_needs_another_administrator(people: People) -> None:
    same = replace(statement(people.rosa), standing=Standing.ADMINISTRATOR)
    assert people.with_(certify(same, people.rosa, KEY))["rosa"].standing is Standing.MEMBER
    assert people.with_(certify(same, people.dana, KEY))["rosa"].standing is Standing.ADMINISTRATOR


def test_of_two_newest_keys_neither_counts(people: People) -> None:
    first, second = create_member_keys("rosa"), create_member_keys("rosa")
    both = [certify(statement(each, 1), people.rosa, KEY) for each in (first, second)]
    assert "rosa" not in people.with_(*both)
