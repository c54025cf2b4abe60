"""Rights at push: every cell of the table against a real push, and who is judged as of when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from starlette.testclient import TestClient

from livingwell_desktop.domain.catalogue import kinds
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.permissions import BY_ITSELF, OWN_ACT, TABLE
from livingwell_desktop.domain.permissions.pushed import NO_RIGHT, NO_SIGNER, NOBODY_NAMED, UNKNOWN_AUTHOR
from livingwell_desktop.domain.records import ALLIANCE
from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.commands import notices
from livingwell_desktop.server.generations import begin
from livingwell_desktop.server.rights import OTHER_KIND
from livingwell_desktop.sync.overseeing import Notice
from tests.central import ALLIANCE as ALLIANCE_KEY
from tests.central import code_for
from tests.conftest import StillClock
from tests.domain.test_permissions import EXPECTED, ROLES
from tests.server.exchange import HandDesk, content

OTHER_CENTRE = UUID("0195c000-0000-7000-8000-0000000000c2")
KINDS = sorted(kind.name for kind in kinds())
MAY = {
    (role, kind): any(
        kind in row.writes and EXPECTED[act.value].split()[ROLES.index(role)] == "yes" for act, row in TABLE.items()
    )
    for role in ROLES
    for kind in KINDS
}
"""By the table as it is written out in the tests of the domain."""


@dataclass
class Alliance:
    """A server that knows somebody of every role, and desks whose every byte the test decides."""

    http: TestClient
    database_url: str
    clock: StillClock
    staff: dict[Role, UUID] = field(default_factory=lambda: {role: uuid4() for role in Role})
    heads: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desk = self.new_desk()
        new = [self.staff_change(record, {"role": role.value}) for role, record in self.staff.items()]
        assert len(self.desk.push(*new)["receipts"]) == len(Role)

    def new_desk(self, **parts: Any) -> HandDesk:
        return HandDesk(self.http, code_for(self.database_url, self.clock), **parts)

    def staff_change(
        self, record: UUID, fields: dict[str, Any], by: UUID | None = None, desk: HandDesk | None = None, at: int = 0
    ) -> dict[str, Any]:
        parents = [self.heads[record]] if record in self.heads else []
        said = self.said("staff", by, at, record=str(record), subject=str(ALLIANCE), set=fields, parents=parents)
        change = (desk or self.desk).change(said)
        self.heads[record] = change["id"]
        return change

    def said(self, kind: str, by: UUID | None, at: int = 0, **parts: Any) -> dict[str, Any]:
        """What a change says, of a record of its own."""
        record = str(uuid4())
        given = {"record": record, "kind": kind, "subject": record, "set": {}, "staff": str(by) if by else None}
        return content(**given | {"judged_at": [0, at]} | parts)

    def suspend(self, staff: UUID) -> int:
        """Somebody is suspended. Says the number of that in the alliance's stream."""
        change = self.staff_change(staff, {"active": False}, self.staff[Role.ADMINISTRATOR])
        assert self.desk.push(change)["refused"] == []
        return int(self.rows("SELECT number FROM stream WHERE name = 'alliance'")[0][0])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]  # written in this file

    def late(self) -> list[str]:
        """The changes of which the manager is told that their author had no right to them any more."""
        return [bytes(row[0]).hex() for row in self.rows(f"SELECT change FROM notice WHERE kind = '{Notice.LATE}'")]


@pytest.fixture
def alliance(database_url: str, clock: StillClock) -> Iterator[Alliance]:
    with TestClient(create_app(database_url, ALLIANCE_KEY, clock)) as http:
        yield Alliance(http, database_url, clock)


def reasons(answer: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["reason"] for each in answer["refused"]}


def test_every_cell_is_what_a_push_is_answered(alliance: Alliance) -> None:
    desk = alliance.new_desk()
    pushed = {
        (role, kind): desk.change(alliance.said(kind, alliance.staff[role], act=f"{role} {kind}"))
        for role in ROLES
        for kind in KINDS
    }
    answer = desk.push(*pushed.values())
    taken = {each["id"] for each in answer["receipts"]}
    assert {cell: change["id"] in taken for cell, change in pushed.items()} == MAY
    assert set(reasons(answer).values()) == {NO_RIGHT}
    assert len(pushed) > 150
    assert 0 < sum(MAY.values()) < len(pushed)


def test_nobody_who_is_suspended_writes_anything_knowing_it(alliance: Alliance) -> None:
    desk, staff = alliance.new_desk(), alliance.staff[Role.TEAM_MANAGER]
    knows = alliance.suspend(staff)
    changes = [desk.change(alliance.said(kind, staff, knows, act=kind)) for kind in (*KINDS, "made_by_a_newer_program")]
    answer = desk.push(*changes)
    assert answer["receipts"] == []
    assert set(reasons(answer)) == {each["id"] for each in changes}


def test_what_was_written_knowing_is_a_void_for_others_and_its_words_are_in_quarantine(alliance: Alliance) -> None:
    desk, staff = alliance.new_desk(), alliance.staff[Role.KEY_WORKER]
    first = desk.change(alliance.said("person", staff))
    desk.push(first)
    knows = alliance.suspend(staff)
    person = alliance.rows("SELECT record FROM change WHERE kind = 'person'")[0][0]
    said = {"record": str(person), "subject": str(person), "parents": [first["id"]], "set": {"given_name": "Zed"}}
    second = desk.change(alliance.said("person", staff, knows, **said))
    assert reasons(desk.push(second)) == {second["id"]: NO_RIGHT}
    came = {each["kind"]: each for each in alliance.new_desk().push()["changes"]}
    assert came["void"]["parts"][0] == second["id"]
    assert "Zed" not in str(came)
    (kept,) = alliance.rows("SELECT content FROM quarantine")
    assert b"Zed" in kept[0]
    assert len(desk.push(desk.change(alliance.said("person", alliance.staff[Role.RECEPTION])))["receipts"]) == 1


def test_what_was_written_before_it_could_be_heard_is_taken_and_listed(alliance: Alliance) -> None:
    desk, staff = alliance.new_desk(), alliance.staff[Role.KEY_WORKER]
    knows = alliance.suspend(staff)
    unknowing, knowing = (desk.change(alliance.said("plan", staff, at)) for at in (knows - 1, knows))
    answer = desk.push(unknowing, knowing)
    assert [each["id"] for each in answer["receipts"]] == [unknowing["id"]]
    assert alliance.late() == [unknowing["id"]]
    desk.push(unknowing, knowing)
    assert alliance.late() == [unknowing["id"]], "coming again is no news"
    said: list[str] = []
    notices(alliance.database_url, said.append)
    assert f"by {staff}  {unknowing['id']}" in said[0]
    assert said[-1] == "Notices: 1"


def test_what_was_answered_keeps_its_answer(alliance: Alliance) -> None:
    desk, staff, chief = alliance.new_desk(), alliance.staff[Role.KEY_WORKER], alliance.staff[Role.ADMINISTRATOR]
    taken = desk.change(alliance.said("plan", staff))
    desk.push(taken)
    knows = alliance.suspend(staff)
    refused = desk.change(alliance.said("plan", staff, knows))
    first = desk.push(taken, refused)
    assert ([each["id"] for each in first["receipts"]], reasons(first)) == ([taken["id"]], {refused["id"]: NO_RIGHT})
    alliance.desk.push(alliance.staff_change(staff, {"active": True}, chief))
    again = desk.push(taken, refused)
    assert (again["receipts"], again["refused"]) == (first["receipts"], first["refused"])
    assert alliance.late() == []


def test_a_right_that_was_given_meanwhile_counts(alliance: Alliance) -> None:
    desk, staff, chief = alliance.new_desk(), alliance.staff[Role.RECEPTION], alliance.staff[Role.ADMINISTRATOR]
    raised = alliance.staff_change(staff, {"role": "key_worker"}, chief, desk)
    plan = desk.change(alliance.said("plan", staff))
    assert len(desk.push(raised, plan)["receipts"]) == 2
    knows = alliance.suspend(staff)
    later = desk.change(alliance.said("plan", staff, knows - 1))
    own_news = desk.change(alliance.said("plan", staff, 1))
    answer = desk.push(later, own_news)
    assert len(answer["receipts"]) == 2, "the desk had raised them itself, before it heard its own change again"
    assert alliance.late() == [later["id"], own_news["id"]]


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_raises_somebody(alliance: Alliance, role: Role) -> None:
    desk, by = alliance.new_desk(), alliance.staff[role]
    raised = alliance.staff_change(by, {"role": "administrator"}, by, desk)
    invented = alliance.staff_change(uuid4(), {"role": "administrator"}, by, desk)
    session = desk.change(alliance.said("organisation", by))
    answer = desk.push(raised, invented, session)
    assert reasons(answer).keys() >= {raised["id"], invented["id"]}
    assert (session["id"] in reasons(answer)) is (role is not Role.TEAM_MANAGER), "and nobody is raised by trying"


def test_nobody_is_raised_under_the_name_of_another_kind(alliance: Alliance) -> None:
    desk, by = alliance.new_desk(), alliance.staff[Role.RECEPTION]
    new, chief = uuid4(), alliance.staff[Role.ADMINISTRATOR]
    changes = [
        desk.change(alliance.said(kind, by, record=str(by), set={"role": "administrator"}, act=kind))
        for kind in ("person", "made_by_a_newer_program")
    ]
    changes += [alliance.staff_change(new, {"role": "reception"}, chief, desk)]
    changes += [desk.change(alliance.said("person", by, record=str(new), set={"role": "administrator"}))]
    changes += [desk.change(alliance.said("organisation", by))]
    answer = reasons(desk.push(*changes))
    assert [answer.get(each["id"]) for each in changes] == [OTHER_KIND, OTHER_KIND, None, OTHER_KIND, NO_RIGHT]


def test_a_field_of_one_act_is_written_by_those_who_may_do_it(alliance: Alliance) -> None:
    assert set(OWN_ACT) == {("staff", "role"), ("device", "revoked"), ("person", "key_worker")}
    desk = alliance.new_desk()
    lost = {
        role: desk.change(alliance.said("device", by, set={"revoked": True})) for role, by in alliance.staff.items()
    }
    refused = reasons(desk.push(*lost.values()))
    assert {role for role, each in lost.items() if each["id"] not in refused} == {Role.ADMINISTRATOR}
    chosen = {
        role: desk.change(alliance.said("person", by, set={"key_worker": str(by)}))
        for role, by in alliance.staff.items()
    }
    refused = reasons(desk.push(*chosen.values()))
    allowed = {role for role, each in chosen.items() if each["id"] not in refused}
    assert allowed == {Role.KEY_WORKER, Role.TEAM_MANAGER}


def test_keys_that_a_removed_administrator_signs_are_refused_whoever_writes_them_down(alliance: Alliance) -> None:
    desk, signer, other = alliance.new_desk(), alliance.staff[Role.ADMINISTRATOR], alliance.staff[Role.TEAM_MANAGER]
    second = uuid4()
    alliance.desk.push(alliance.staff_change(second, {"role": "administrator"}, signer))

    def signed(at: int, by: UUID, member: UUID | None = None) -> dict[str, Any]:
        fields = {"signer": str(by), "member": str(member or uuid4())}
        return desk.change(alliance.said("member_certificate", second, at, set=fields))

    before = signed(0, signer)
    assert desk.push(before)["refused"] == []
    removed = alliance.staff_change(signer, {"active": False}, second)
    assert alliance.desk.push(removed)["refused"] == []
    knows = int(alliance.rows("SELECT number FROM stream WHERE name = 'alliance'")[0][0])
    unknowing, knowing = signed(knows - 1, signer), signed(knows, signer)
    never, own, recovery = signed(knows, other), signed(knows, signer, signer), signed(knows, uuid4())
    answer = desk.push(before, unknowing, knowing, never, own, recovery)
    assert reasons(answer) == {knowing["id"]: NO_SIGNER, never["id"]: NO_SIGNER}
    assert alliance.late() == [unknowing["id"]]


def test_a_desk_writes_its_own_entry_whoever_is_at_it(alliance: Alliance) -> None:
    desk, by = alliance.new_desk(), alliance.staff[Role.RECEPTION]
    about = {"record": str(desk.device), "subject": str(ALLIANCE)}
    own = desk.change(alliance.said("device", by, set={"name": "Desk 4"}, **about))
    renamed = desk.change(alliance.said("device", None, set={"letter": "K"}, **about))
    back = desk.change(alliance.said("device", by, set={"revoked": False}, **about))
    anothers = desk.change(alliance.said("device", by, record=str(alliance.desk.device), subject=str(ALLIANCE)))
    assert set(reasons(desk.push(own, renamed, back, anothers))) == {back["id"], anothers["id"]}


def test_an_author_who_is_nobody_here(alliance: Alliance) -> None:
    desk = alliance.new_desk()
    nobody = desk.change(alliance.said("plan", None))
    stranger = desk.change(alliance.said("plan", uuid4()))
    newer = desk.change(alliance.said("made_by_a_newer_program", uuid4()))
    by_itself = [desk.change(alliance.said(kind, None)) for kind in (*sorted(BY_ITSELF), "made_by_a_newer_program")]
    answer = desk.push(nobody, stranger, newer, *by_itself)
    assert reasons(answer) == {nobody["id"]: NOBODY_NAMED, stranger["id"]: UNKNOWN_AUTHOR, newer["id"]: UNKNOWN_AUTHOR}


def test_what_only_a_newer_program_knows_is_taken_from_whoever_works_here(alliance: Alliance) -> None:
    desk, chief, newer = alliance.new_desk(), alliance.staff[Role.ADMINISTRATOR], uuid4()
    changes = [alliance.staff_change(newer, {"role": "peer_supporter"}, chief, desk)]
    changes += [desk.change(alliance.said("made_by_a_newer_program", by)) for by in alliance.staff.values()]
    changes += [desk.change(alliance.said("plan", newer))]
    assert desk.push(*changes)["refused"] == []


def test_a_new_colleague_counts_from_their_own_entry_on(alliance: Alliance) -> None:
    desk, new = alliance.new_desk(), uuid4()
    early = desk.change(alliance.said("plan", new))
    invited = alliance.staff_change(new, {"role": "key_worker"}, alliance.staff[Role.ADMINISTRATOR], desk)
    after = desk.change(alliance.said("plan", new))
    assert reasons(desk.push(early, invited, after)) == {early["id"]: UNKNOWN_AUTHOR}


def test_a_desk_that_missed_a_restore_cannot_have_heard_what_came_after_the_backup(alliance: Alliance) -> None:
    desk, staff = alliance.new_desk(), alliance.staff[Role.KEY_WORKER]
    with psycopg.connect(alliance.database_url) as connection:
        begin(connection, uuid4(), datetime(2026, 11, 30, tzinfo=UTC))
    knows = alliance.suspend(staff)
    before = desk.change(alliance.said("plan", staff, knows + 5))
    after = desk.change(alliance.said("plan", staff, knows + 5) | {"judged_at": [1, knows]})
    answer = desk.push(before, after)
    assert ([each["id"] for each in answer["receipts"]], list(reasons(answer))) == ([before["id"]], [after["id"]])


def test_writing_without_the_right_makes_nobody_known_at_a_centre(alliance: Alliance) -> None:
    person = alliance.said("person", alliance.staff[Role.RECEPTION], set={"given_name": "Ngozi"})
    alliance.desk.push(alliance.desk.change(person))
    there = alliance.new_desk(centre=OTHER_CENTRE)
    about = {"subject": person["record"]}
    refused = there.change(alliance.said("plan", alliance.staff[Role.RECEPTION], **about))
    assert set(reasons(there.push(refused))) == {refused["id"]}
    stream = f"{OTHER_CENTRE}/clinical"
    assert there.push(cursors={stream: 0})["changes"] == []
    assert there.push(there.change(alliance.said("visit", alliance.staff[Role.RECEPTION], **about)))["refused"] == []
    assert "Ngozi" in str(there.push(cursors={stream: 0})["changes"])


@pytest.mark.parametrize("kind", ["staff", "plan", "organisation"])
def test_a_server_that_knows_nobody_yet_takes_everything(database_url: str, clock: StillClock, kind: str) -> None:
    with TestClient(create_app(database_url, ALLIANCE_KEY, clock)) as http:
        desk = HandDesk(http, code_for(database_url, clock))
        assert desk.push(desk.change(content(kind=kind, set={}, staff=str(uuid4()))))["refused"] == []
