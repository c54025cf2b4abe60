"""What those who oversee a centre are told by the server, and what they are not."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.server.commands import take_away
from livingwell_desktop.storage import Event, create
from livingwell_desktop.sync.audit_upload import AuditUpload
from livingwell_desktop.sync.overseeing import Notice, OpenedAsked
from livingwell_desktop.sync.troubles import NotKnownError
from tests.central import STAFF, JoinedDesk
from tests.conftest import StillClock
from tests.server.exchange import HandDesk, content
from tests.server.test_rights import OTHER_CENTRE, Alliance, alliance
from tests.server.test_withdrawing import two
from tests.sync.test_two_centres import BRIXTON, NGOZI
from tests.sync.test_two_desks import AUTHOR, register

__all__ = ["alliance", "two"]

Join = Callable[..., JoinedDesk]


def found(alliance: Alliance, role: Role = Role.TEAM_MANAGER, desk: HandDesk | None = None) -> Any:
    at = desk or alliance.desk
    answer = alliance.http.post("/v1/found", json={"staff": str(alliance.staff[role])}, headers=at.headers)
    return answer.json() if answer.status_code == 200 else answer.status_code


def refused_edit(alliance: Alliance, desk: HandDesk | None = None, **parts: Any) -> str:
    """A change of somebody's record by an administrator, who writes none."""
    at = desk or alliance.desk
    change = at.change(content(staff=str(alliance.staff[Role.ADMINISTRATOR]), **parts))
    assert at.push(change)["refused"]
    return str(change["id"])


def known(alliance: Alliance, desk: HandDesk | None = None) -> None:
    """The desk's centre knows the person."""
    at = desk or alliance.desk
    assert at.push(at.change(content(staff=str(alliance.staff[Role.RECEPTION]))))["receipts"]


def test_only_who_oversees_is_told(alliance: Alliance) -> None:
    answers = {role: found(alliance, role) for role in Role}
    assert {role for role, answer in answers.items() if answer != 403} == {Role.TEAM_MANAGER, Role.PRIVACY_OFFICER}
    alliance.staff[Role.TEAM_MANAGER] = uuid4()
    assert found(alliance) == 403


def test_a_manager_who_was_suspended_is_told_nothing(alliance: Alliance) -> None:
    alliance.suspend(alliance.staff[Role.TEAM_MANAGER])
    assert found(alliance) == 403


def test_refused_words_come_to_every_desk_of_the_centre_and_to_no_other(alliance: Alliance) -> None:
    known(alliance)
    change = refused_edit(alliance, set={"given_name": "Ngosi"})
    other, elsewhere = alliance.new_desk(), alliance.new_desk(centre=OTHER_CENTRE)
    for desk in (alliance.desk, other):
        [[name, where, _at, reason, words]] = found(alliance, desk=desk)["refused"]
        assert (name, where) == (change, str(alliance.desk.device))
        assert reason
        assert "Ngosi" in words
    assert found(alliance, desk=elsewhere)["refused"] == []


def test_words_above_the_desks_sensitivity_stay_back(alliance: Alliance) -> None:
    known(alliance)
    refused_edit(alliance, record=str(uuid4()), kind="note", sensitivity=2, set={"words": "Said in private"})
    assert [each[4] for each in found(alliance)["refused"]] == [""]


def test_words_about_a_protected_person_stay_back_from_a_reception_desk(alliance: Alliance) -> None:
    known(alliance)
    refused_edit(alliance, set={"address": "12 Hidden Road"})
    record = str(kind_of(Protection).id_for(UUID(content()["record"])))
    said = content(
        record=record,
        kind="protection",
        set={"person": content()["record"], "reference": "Dana", "reason": "violence"},
        staff=str(alliance.staff[Role.TEAM_MANAGER]),
    )
    assert alliance.desk.push(alliance.desk.change(said))["receipts"]
    assert "12 Hidden Road" in found(alliance)["refused"][0][4]
    alliance_rows = "UPDATE device SET sensitivity = 0 RETURNING 1"
    assert alliance.rows(alliance_rows)
    assert found(alliance)["refused"][0][4] == ""


def test_words_about_somebody_of_no_centre_are_the_privacy_officers(alliance: Alliance) -> None:
    refused_edit(alliance)
    assert found(alliance)["refused"][0][4] == ""
    assert found(alliance, Role.PRIVACY_OFFICER)["refused"][0][4]


def test_what_the_server_noticed_is_told_with_its_author(alliance: Alliance) -> None:
    before = alliance.suspend(alliance.staff[Role.RECEPTION]) - 1
    late = alliance.desk.change(content(staff=str(alliance.staff[Role.RECEPTION]), judged_at=[0, before]))
    assert alliance.desk.push(late)["receipts"]
    [[_at, what, desk, kind, about, author]] = found(alliance)["notices"]
    assert (what, desk, kind) == (Notice.LATE, str(alliance.desk.device), "person")
    assert (about, author) == (None, str(alliance.staff[Role.RECEPTION]))


def test_a_desk_whose_clock_is_ahead_is_told_once_a_day(alliance: Alliance, clock: StillClock) -> None:
    def push(minutes: int, **parts: Any) -> str:
        at = int((clock() + timedelta(minutes=minutes)).timestamp() * 1000)
        change = alliance.desk.change(content(at=at, staff=str(alliance.staff[Role.RECEPTION]), **parts))
        alliance.desk.push(change)
        return str(change["id"])

    def told() -> list[str]:
        return [each[1] for each in found(alliance)["notices"]]

    push(9)
    assert told() == []
    first = push(60)
    assert told() == [Notice.CLOCK_WRONG]
    push(90, record=str(uuid4()))
    assert told() == [Notice.CLOCK_WRONG], "once a day is enough"
    clock.pass_(days=2)
    alliance.desk.token = alliance.desk.enter()
    push(0)
    assert told() == [Notice.CLOCK_WRONG]
    # Another desk's clock, in what this one wrote upon it: it is a millisecond later, whatever this desk's clock says.
    ahead = push(60, parents=[first])
    assert told() == [Notice.CLOCK_WRONG] * 2
    clock.pass_(days=2)
    alliance.desk.token = alliance.desk.enter()
    late = int((clock() + timedelta(minutes=60)).timestamp() * 1000)
    other = alliance.new_desk()
    above = other.change(content(at=late, parents=[ahead], staff=str(alliance.staff[Role.RECEPTION])))
    other.push(above)
    follows = alliance.desk.change(
        content(at=late + 1, parents=[above["id"]], staff=str(alliance.staff[Role.RECEPTION]))
    )
    alliance.desk.push(follows)
    wrong = [each[2] for each in found(alliance)["notices"]]
    assert wrong[0] == str(other.device)
    assert wrong.count(str(alliance.desk.device)) == 2


def test_which_desks_have_not_let_go_yet(
    two: tuple[JoinedDesk, JoinedDesk], database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    here, there = two
    manager = with_manager(here)
    there.exchange()
    assert there.client.found(manager).owing == ()
    take_away(database_url, tmp_path, NGOZI, BRIXTON, clock(), print)
    [owing] = there.client.found(manager).owing
    assert (owing.desk, owing.subject, owing.records) == (there.device, NGOZI, 3)
    assert here.client.found(manager).owing == (), "the other centre is not told where somebody was known"
    there.exchange()
    there.exchange()
    assert there.client.found(manager).owing == ()


def with_manager(desk: JoinedDesk) -> UUID:
    manager = UUID(int=0x31)
    maya = Staff(given_name="Maya", family_name="Lindqvist", role=Role.KEY_WORKER)
    value = Staff(given_name="Sunita", family_name="Marsh", role=Role.TEAM_MANAGER)
    desk.store.write([create(STAFF, maya), create(manager, value)], [], AUTHOR)
    desk.exchange()
    return manager


def test_who_opened_a_record_at_any_desk(join: Join) -> None:
    one, other, elsewhere = join(), join(), join(centre=BRIXTON)
    manager = with_manager(one)
    register(one)
    one.exchange()
    one.store.record_events([Event(f"view: {Act.SEE_CLINICAL}", NGOZI)], STAFF)
    other.store.record_events([Event(f"view: {Act.SEE_DETAILS}", NGOZI)], STAFF)
    for desk in (one, other):
        AuditUpload(desk.store, desk.client, desk.store.clock).send_all()
    said = one.client.opened(OpenedAsked(manager, NGOZI))
    [day] = [each for each in said.days if each.staff == STAFF]
    assert set(day.desks) == {one.device, other.device}
    assert {"read_clinical", "read_details"} <= set(day.uses)
    assert {each.desk: each.at is not None for each in said.heard} == {one.device: True, other.device: False}
    with pytest.raises(NotKnownError):
        elsewhere.client.opened(OpenedAsked(manager, NGOZI))
    with pytest.raises(NotKnownError):
        one.client.opened(OpenedAsked(STAFF, NGOZI))
    with pytest.raises(NotKnownError):
        one.client.opened(OpenedAsked(manager, UUID(int=0x99)))
