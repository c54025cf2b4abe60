"""Who may do what: every cell of the table, written out."""

from itertools import product

import pytest

from livingwell_desktop.domain.catalogue import kinds
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.people import Decision, Section
from livingwell_desktop.domain.permissions import (
    ROLE_WORDS,
    SECTION_OF,
    TABLE,
    Act,
    Ruling,
    Standing,
    Tie,
    Who,
    may,
    may_read,
    may_write,
    role_words,
    section_of,
    sections_shared,
)
from livingwell_desktop.domain.permissions.sections import OF_THE_ACCESS_ITSELF
from livingwell_desktop.domain.records import Sensitivity, kind_named

ROLES = (Role.RECEPTION, Role.KEY_WORKER, Role.TEAM_MANAGER, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)

# In the order of ROLES: reception, key worker, team manager, administrator, privacy officer.
EXPECTED = {
    "see the board": "yes yes yes no no",
    "find people": "yes yes yes no yes",
    "register a person": "yes yes yes no no",
    "see a person’s details": "yes yes yes no yes",
    "change a person’s details": "yes yes yes no no",
    "choose a person’s key worker": "no yes yes no no",
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
    "see what needs somebody": "yes yes yes no yes",
    "say whether two records are of one person": "yes yes yes no yes",
    "say whether a protected person was registered twice": "no no no no yes",
    "see questions about clinical records": "no yes yes no no",
    "record what a person shares": "no yes yes no yes",
    "open a record in an emergency": "no yes yes no no",
    "review openings in an emergency": "no no no no yes",
    "see who opened a record": "no no yes no yes",
    "give a person a copy of their record": "no no yes no yes",
    "check the audit of a desk": "no no yes yes yes",
    "see what the server found": "no no yes no yes",
    "answer a change that was not taken": "no no yes no yes",
    "protect a person who must not be found": "no no yes no yes",
    "look after staff, desks and sessions": "no no yes yes no",
    "invite staff and certify their keys": "no no no yes no",
    "reset a colleague’s passphrase": "no no no yes no",
    "make the centre’s recovery code": "no no no yes no",
    "shut out a lost desk": "no no no yes no",
    "make a code for a new desk": "no no yes yes no",
    "see the desks and what they held": "no no yes yes yes",
    "ask for a person’s record from another centre": "yes yes yes no no",
    "see what waits and what was not taken": "yes yes yes no yes",
    "note an outage": "yes yes yes yes yes",
    "sign off an outage": "no no yes no yes",
    "change your own passphrase": "yes yes yes yes yes",
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
    ruling = may(Who(role), Act(act))
    assert ruling.allowed is allowed
    assert bool(ruling.reason) is not allowed


def test_what_stands_in_no_row_is_allowed_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLE, Act.CALL)
    for role in Role:
        ruling = may(Who(role), Act.CALL)
        assert not ruling.allowed
        assert ruling.reason == "Your role cannot call a person. Ask: nobody yet."


def test_a_role_that_only_a_newer_program_knows_may_do_nothing() -> None:
    newer: Role = "peer_supporter"  # type: ignore[assignment]  # the codec keeps an unknown code as plain text
    assert not any(may(Who(newer), act).allowed for act in Act)
    assert role_words(newer) == "Peer supporter"


def test_a_refusal_says_whom_to_ask() -> None:
    reason = may(Who(Role.RECEPTION), Act.PLAN).reason
    assert reason == "Your role cannot write a care plan. Ask: key worker or team manager."
    assert set(ROLE_WORDS) == set(Role)


def test_nobody_who_has_left_may_do_anything() -> None:
    gone = [may(Who(role, active=False), act) for role in Role for act in Act]
    gone += [may_write(Who(role, active=False), kind.name) for role in Role for kind in kinds()]
    gone += [may_write(Who(role, active=False), "made_by_a_newer_program") for role in Role]
    assert not any(each.allowed for each in gone)
    assert all(each.reason for each in gone)


# How somebody stands to the person: every clinical act, role, sharing, tie and opening

ANY, GOALS, HEALTH = None, Section.GOALS_AND_ACTIONS, Section.HEALTH
NEEDS_OF_THE_RECORD = {
    "choose a person’s key worker": ANY,
    "see needs, assessments and plans": ANY,
    "record an assessment": HEALTH,
    "write a care plan": GOALS,
    "record an agreement": GOALS,
    "print a care plan": GOALS,
    "see questions about clinical records": ANY,
    "give a person a copy of their record": ANY,
}
"""The acts that open a clinical record, and the part of it each takes."""
SHARED = (
    frozenset[Section](),
    frozenset({GOALS}),
    frozenset({HEALTH}),
    frozenset({Section.ABOUT_ME}),
    frozenset(Section),
)


def test_the_acts_that_open_a_record_are_those() -> None:
    assert {act.value: row.section for act, row in TABLE.items() if row.clinical} == NEEDS_OF_THE_RECORD


@pytest.mark.parametrize(("act", "role"), list(product(EXPECTED, ROLES)))
def test_a_cell_with_every_standing(act: str, role: Role) -> None:
    by_role = EXPECTED[act].split()[ROLES.index(role)] == "yes"
    for shared, tie, opened in product(SHARED, Tie, (False, True)):
        ruling = may(Who(role), Act(act), Standing(tie, shared, opened))
        part = NEEDS_OF_THE_RECORD.get(act)
        in_reach = bool(shared) and (part is None or part in shared) and tie is not Tie.NONE
        unbound = act not in NEEDS_OF_THE_RECORD or opened or role is Role.PRIVACY_OFFICER
        assert ruling.allowed is (by_role and (unbound or in_reach)), (shared, tie, opened)
        assert bool(ruling.reason) is not ruling.allowed
        could_open = role in (Role.KEY_WORKER, Role.TEAM_MANAGER)
        assert ruling.in_emergency is (by_role and not ruling.allowed and could_open)


def test_a_refusal_says_what_stands_in_the_way() -> None:
    key_worker = Who(Role.KEY_WORKER)
    nothing = may(key_worker, Act.SEE_CLINICAL, Standing(Tie.TEAM, frozenset()))
    assert nothing.reason == "This person does not share their record with your organisation."
    part = may(key_worker, Act.ASSESS, Standing(Tie.TEAM, frozenset({GOALS})))
    assert part.reason == "This person does not share this with your organisation: health and medicines."
    far = may(key_worker, Act.SEE_CLINICAL, Standing(Tie.NONE))
    assert far == Ruling(False, "You are not in this person’s care team, and they do not come to your centre.", True)


@pytest.mark.parametrize("decision", [None, *Decision])
@pytest.mark.parametrize("by_agreement", [False, True])
@pytest.mark.parametrize("key_worker_of", [False, True])
def test_what_an_organisation_is_shown(decision: Decision | None, by_agreement: bool, key_worker_of: bool) -> None:
    shown = sections_shared(decision, frozenset({GOALS}), by_agreement=by_agreement, key_worker_of=key_worker_of)
    if key_worker_of:
        assert shown == frozenset(Section)
    elif decision is Decision.GIVEN:
        assert shown == {GOALS}
    elif decision is None:
        assert shown == (frozenset() if by_agreement else frozenset(Section))
    else:
        assert not shown


# Kinds: what the server asks at a push

WRITERS = {
    "record_request": "yes yes yes no no",
    "outage": "yes yes yes yes yes",
    "about_me": "no yes yes no no",
    "action": "no yes yes no no",
    "booking": "yes yes yes no no",
    "centre": "no no yes yes no",
    "communication_need": "yes yes yes no no",
    "contact": "yes yes yes no no",
    "device": "no no yes yes no",
    "document_given": "yes yes yes no yes",
    "draft": "yes yes yes no no",
    "emergency_opening": "no yes yes no no",
    "goal": "no yes yes no no",
    "locked_keys": "yes yes yes yes yes",
    "member_certificate": "yes yes yes yes yes",
    "need": "no yes yes no no",
    "note": "no yes yes no no",
    "opening_review": "no no no no yes",
    "organisation": "no no yes yes no",
    "person": "yes yes yes no no",
    "plan": "no yes yes no no",
    "plan_agreement": "no yes yes no no",
    "plan_version": "no yes yes no no",
    "possible_double": "yes yes yes no yes",
    "protection": "no no yes no yes",
    "questionnaire_response": "no yes yes no no",
    "recovery_use": "yes yes yes yes yes",
    "refused_answer": "no no yes no yes",
    "room": "no no yes yes no",
    "session": "no no yes yes no",
    "sharing_agreement": "no yes yes no yes",
    "staff": "no no yes yes no",
    "unusual_views": "no no no no yes",
    "visit": "yes yes yes no no",
}


def test_every_kind_is_in_the_table_and_the_table_names_no_other() -> None:
    declared = {kind.name for kind in kinds()}
    assert {kind for row in TABLE.values() for kind in row.writes} == declared == set(WRITERS)


@pytest.mark.parametrize(("kind", "role"), list(product(WRITERS, ROLES)))
def test_who_may_write_a_kind(kind: str, role: Role) -> None:
    by_role = WRITERS[kind].split()[ROLES.index(role)] == "yes"
    ruling = may_write(Who(role), kind)
    assert ruling.allowed is by_role
    assert bool(ruling.reason) is not by_role
    declared = kind_named(kind)
    assert declared is not None
    for shared, tie, opened in product(SHARED, Tie, (False, True)):
        about = Standing(tie, shared, opened)
        section = section_of(kind)
        # Other acts may write the same kind; what none of them allows is refused.
        acts = [act for act, row in TABLE.items() if kind in row.writes]
        assert may_write(Who(role), kind, about).allowed is any(may(Who(role), act, about).allowed for act in acts)
        if section is not None and (not shared or tie is Tie.NONE) and not opened:
            assert not may_write(Who(role), kind, about).allowed


def test_a_kind_that_only_a_newer_program_knows_is_kept_from_everybody_who_works_here() -> None:
    assert all(may_write(Who(role), "made_by_a_newer_program").allowed for role in Role)
    assert not any(may_read(Who(role), "made_by_a_newer_program").allowed for role in Role)


def test_every_clinical_kind_is_in_a_part_that_a_person_shares_or_not() -> None:
    clinical = {kind.name for kind in kinds() if kind.sensitivity > Sensitivity.DESK}
    assert set(SECTION_OF) | OF_THE_ACCESS_ITSELF == clinical
    assert not set(SECTION_OF) & OF_THE_ACCESS_ITSELF


@pytest.mark.parametrize("kind", sorted(SECTION_OF))
def test_a_part_that_is_not_shared_is_not_read(kind: str) -> None:
    for role, shared in product(ROLES, SHARED):
        ruling = may_read(Who(role), kind, Standing(Tie.TEAM, shared))
        in_care = role in (Role.KEY_WORKER, Role.TEAM_MANAGER)
        assert ruling.allowed is ((in_care and SECTION_OF[kind] in shared) or role is Role.PRIVACY_OFFICER)
        assert bool(ruling.reason) is not ruling.allowed


@pytest.mark.parametrize("role", ROLES)
def test_kinds_of_the_desk_are_read_by_whoever_works_here(role: Role) -> None:
    for kind in (each.name for each in kinds() if each.sensitivity is Sensitivity.DESK):
        assert may_read(Who(role), kind).allowed
        assert not may_read(Who(role, active=False), kind).allowed


@pytest.mark.parametrize("kind", sorted(OF_THE_ACCESS_ITSELF))
def test_how_a_record_was_opened_is_for_those_who_may_see_records(kind: str) -> None:
    assert [may_read(Who(role), kind).allowed for role in ROLES] == [False, True, True, False, True]
