"""Who may do what: every cell of the table, written out."""

import pytest

from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.permissions import ROLE_WORDS, TABLE, Act, may, role_words

ROLES = (Role.RECEPTION, Role.KEY_WORKER, Role.TEAM_MANAGER, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)

# In the order of ROLES: reception, key worker, team manager, administrator, privacy officer.
EXPECTED = {
    "see the board": "yes yes yes no no",
    "find people": "yes yes yes no yes",
    "register a person": "yes yes yes no no",
    "see a person’s details": "yes yes yes no yes",
    "change a person’s details": "yes yes yes no no",
    "book a place": "yes yes yes no no",
    "check in": "yes yes yes no no",
    "call a person": "yes yes yes no no",
    "end a visit": "yes yes yes no no",
    "see needs, assessments and plans": "no yes yes no yes",
    "record an assessment": "no yes yes no no",
    "write a care plan": "no yes yes no no",
    "record an agreement": "no yes yes no no",
    "print a ticket or slip": "yes yes yes no no",
    "print a care plan": "no yes yes no no",
    "settle a question between two desks": "yes yes yes no no",
    "see questions about clinical records": "no yes yes no no",
}
CELLS = [
    (act, role, answer == "yes")
    for act, answers in EXPECTED.items()
    for role, answer in zip(ROLES, answers.split(), strict=True)
]


def test_every_act_and_every_role_has_its_cells() -> None:
    assert set(EXPECTED) == {act.value for act in Act}
    assert set(ROLES) == set(Role)
    assert set(TABLE) == set(Act)
    assert len(CELLS) == len(Act) * len(Role)


@pytest.mark.parametrize(("act", "role", "allowed"), CELLS)
def test_a_cell(act: str, role: Role, allowed: bool) -> None:
    ruling = may(role, Act(act))
    assert ruling.allowed is allowed
    assert bool(ruling.reason) is not allowed


def test_what_stands_in_no_row_is_allowed_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLE, Act.CALL)
    for role in Role:
        ruling = may(role, Act.CALL)
        assert not ruling.allowed
        assert ruling.reason == "Your role cannot call a person. Ask: nobody yet."


def test_a_role_that_only_a_newer_program_knows_may_do_nothing() -> None:
    newer: Role = "peer_supporter"  # type: ignore[assignment]  # the codec keeps an unknown code as plain text
    assert not any(may(newer, act).allowed for act in Act)
    assert role_words(newer) == "Peer supporter"


def test_a_refusal_says_whom_to_ask() -> None:
    reason = may(Role.RECEPTION, Act.PLAN).reason
    assert reason == "Your role cannot write a care plan. Ask: key worker or team manager."
    assert set(ROLE_WORDS) == set(Role)
