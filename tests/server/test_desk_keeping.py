"""What those who look after desks do from their own: a code for a new one, shutting a lost one out, what it held."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from livingwell_desktop.domain.lost_desks import ShutOutReason
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.commands import devices, revoke
from livingwell_desktop.server.desk_keeping import MOST_CODES
from livingwell_desktop.server.joining import CODE_LASTS
from livingwell_desktop.server.restoring import SHUT_OUT_FILE, shut_out_before
from livingwell_desktop.sync.joining import session_message
from livingwell_desktop.sync.overseeing import Notice
from tests.central import ALLIANCE, CENTRE
from tests.conftest import StillClock
from tests.server.exchange import CENTRE_STREAM, PERSON, HandDesk, content
from tests.server.test_overseeing import known
from tests.server.test_rights import OTHER_CENTRE, Alliance

WHY = {"reason": ShutOutReason.STOLEN.value, "words": "From a car in Brixton Road"}


@pytest.fixture
def alliance(database_url: str, clock: StillClock, tmp_path: Path) -> Iterator[Alliance]:
    with TestClient(create_app(database_url, ALLIANCE, clock, tmp_path)) as http:
        yield Alliance(http, database_url, clock)


def post(alliance: Alliance, path: str, role: Role, desk: HandDesk | None = None, **body: Any) -> Any:
    """The answer to that role at a desk: what it says, or its status."""
    at = desk or alliance.desk
    asked = {"staff": str(alliance.staff[role])} | body
    answer = alliance.http.post(path, json=asked, headers=at.headers)
    return answer.json() if answer.status_code == 200 else answer.status_code


def code(alliance: Alliance, role: Role = Role.TEAM_MANAGER, desk: HandDesk | None = None, **body: Any) -> Any:
    return post(alliance, "/v1/desk-code", role, desk, **({"centre": str(CENTRE), "sensitivity": 1} | body))


def shut_out(alliance: Alliance, lost: UUID, desk: HandDesk | None = None, **body: Any) -> Any:
    return post(alliance, "/v1/shut-out", Role.ADMINISTRATOR, desk, device=str(lost), **(WHY | body))


def held(alliance: Alliance, lost: UUID, desk: HandDesk | None = None) -> Any:
    return post(alliance, "/v1/held", Role.PRIVACY_OFFICER, desk, device=str(lost))


def notices(alliance: Alliance) -> list[tuple[str, str]]:
    found = post(alliance, "/v1/found", Role.TEAM_MANAGER)["notices"]
    return [(each[1], each[2]) for each in found]


def is_in(alliance: Alliance, desk: HandDesk) -> bool:
    return post(alliance, "/v1/found", Role.TEAM_MANAGER, desk) != 401


def enters(desk: HandDesk) -> int:
    """What a desk is answered that proves its key."""
    nonce = bytes.fromhex(desk.http.get("/v1/challenge").json()["nonce"])
    signature = desk.key.sign(session_message(desk.device, nonce)).hex()
    body = {"device": str(desk.device), "nonce": nonce.hex(), "signature": signature}
    return int(desk.http.post("/v1/session", json=body).status_code)


def test_a_code_makes_a_desk_of_that_centre_which_holds_that_much(alliance: Alliance, clock: StillClock) -> None:
    made = code(alliance, sensitivity=0)
    assert made["until"] == int((clock() + CODE_LASTS).timestamp() * 1000)
    desk = HandDesk(alliance.http, made["code"], centre=OTHER_CENTRE)
    centres, sensitivity = desk.enrolled["certificate"][3:5]
    assert (centres, sensitivity) == ([str(CENTRE)], 0)
    assert notices(alliance) == [(Notice.CODE_MADE, str(alliance.desk.device))]
    rows = alliance.rows("SELECT staff, asked_at FROM enrolment_code WHERE staff IS NOT NULL")
    assert rows == [(alliance.staff[Role.TEAM_MANAGER], alliance.desk.device)]


def test_a_desk_of_reception_makes_no_code_for_clinical_records(alliance: Alliance) -> None:
    reception = HandDesk(alliance.http, code(alliance, sensitivity=0)["code"])
    assert code(alliance, desk=reception) == 403
    assert code(alliance, desk=reception, sensitivity=0)["code"]


def test_a_desk_that_makes_codes_without_end_is_told_to_wait(alliance: Alliance, clock: StillClock) -> None:
    HandDesk(alliance.http, code(alliance)["code"])
    for _ in range(MOST_CODES):
        assert code(alliance)["code"], "one that was used does not count"
    body = {"staff": str(alliance.staff[Role.TEAM_MANAGER]), "centre": str(CENTRE), "sensitivity": 1}
    answer = alliance.http.post("/v1/desk-code", json=body, headers=alliance.desk.headers)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= CODE_LASTS.total_seconds() + 1
    other = alliance.new_desk()
    assert code(alliance, desk=other)["code"]
    clock.pass_(seconds=CODE_LASTS.total_seconds() + 1)
    alliance.desk.token = alliance.desk.enter()
    assert code(alliance)["code"]


def test_a_lost_desk_is_let_in_nowhere_and_it_is_kept_who_did_it_and_why(
    alliance: Alliance, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    lost = alliance.new_desk()
    at = int(clock().timestamp() * 1000)
    assert shut_out(alliance, lost.device) == {"shut_out": at}
    assert not is_in(alliance, lost)
    assert enters(lost) == 410
    assert notices(alliance) == [(Notice.SHUT_OUT, str(lost.device))]
    lines: list[str] = []
    devices(database_url, lines.append)
    [line] = [each for each in lines if str(lost.device) in each]
    by = f"shut out by {alliance.staff[Role.ADMINISTRATOR]} at {alliance.desk.device}"
    assert f"{by} (stolen: From a car in Brixton Road)" in line
    clock.pass_(minutes=5)
    assert shut_out(alliance, lost.device, words="Again") == {"shut_out": at}, "once more is the same"
    assert notices(alliance) == [(Notice.SHUT_OUT, str(lost.device))]
    assert (tmp_path / SHUT_OUT_FILE).read_text("ascii").count(str(lost.device)) == 1


def test_a_server_that_is_restored_later_knows_it_too(alliance: Alliance, database_url: str, tmp_path: Path) -> None:
    one, other = alliance.new_desk(), alliance.new_desk()
    shut_out(alliance, one.device)
    revoke(database_url, tmp_path, other.device, alliance.clock(), lambda _words: None)
    assert shut_out_before(tmp_path) == [one.device, other.device]
    assert set(notices(alliance)) == {(Notice.SHUT_OUT, str(each.device)) for each in (one, other)}


def test_without_the_folder_of_the_key_no_desk_shuts_one_out(database_url: str, clock: StillClock) -> None:
    with TestClient(create_app(database_url, ALLIANCE, clock)) as http:
        alliance = Alliance(http, database_url, clock)
        lost = alliance.new_desk()
        assert shut_out(alliance, lost.device) == 403
        assert is_in(alliance, lost)


def test_neither_its_own_desk_nor_one_of_another_centre(alliance: Alliance) -> None:
    there = alliance.new_desk(centre=OTHER_CENTRE)
    for device in (alliance.desk.device, there.device, uuid4()):
        assert shut_out(alliance, device) == 403
    assert is_in(alliance, alliance.desk)
    assert is_in(alliance, there)
    assert alliance.rows("SELECT 1 FROM device WHERE revoked_at IS NOT NULL") == []


def test_two_desks_that_shut_each_other_out_at_once_leave_one(alliance: Alliance) -> None:
    for _ in range(5):
        one, other = alliance.new_desk(), alliance.new_desk()
        with ThreadPoolExecutor(2) as both:
            answers = [both.submit(shut_out, alliance, lost.device, by) for lost, by in ((other, one), (one, other))]
            said = [each.result() for each in answers]
        assert sorted(is_in(alliance, desk) for desk in (one, other)) == [False, True], said


def test_what_a_desk_held_names_those_whom_the_asking_desk_may_hold(alliance: Alliance) -> None:
    known(alliance)
    lost = alliance.new_desk()
    assert held(alliance, lost.device)["people"] == []
    assert held(alliance, lost.device)["heard"] is None
    lost.push(cursors={"alliance": 0, CENTRE_STREAM: 0})
    said = held(alliance, lost.device)
    assert said["people"] == [PERSON]
    assert (said["others"], said["cards"], said["unsure"]) == (0, 1, False)
    assert {each[0] for each in said["sent"]} == {"alliance", CENTRE_STREAM}
    assert said["heard"] is not None
    assert said["shut_out"] is None
    # A desk of reception is not told of who is protected: it may not hold them.
    record = str(kind_of(Protection).id_for(UUID(PERSON)))
    protect = content(
        record=record,
        kind="protection",
        set={"person": PERSON, "reference": "Dana", "reason": "violence"},
        staff=str(alliance.staff[Role.TEAM_MANAGER]),
    )
    assert alliance.desk.push(alliance.desk.change(protect))["receipts"]
    reception = HandDesk(alliance.http, code(alliance, sensitivity=0)["code"])
    shut_out(alliance, lost.device)
    at_reception, here = held(alliance, lost.device, reception), held(alliance, lost.device)
    assert (at_reception["people"], at_reception["others"]) == ([], 1)
    assert (here["people"], here["others"]) == ([PERSON], 0)
    assert here["shut_out"] is not None


def test_what_a_desk_of_another_centre_held_is_not_said(alliance: Alliance) -> None:
    there = alliance.new_desk(centre=OTHER_CENTRE)
    known(alliance, there)
    assert held(alliance, there.device) == 403
    assert held(alliance, there.device, there)["people"] == [PERSON]


def test_of_a_desk_of_two_centres_only_people_of_ones_own_are_named(alliance: Alliance) -> None:
    there = alliance.new_desk(centre=OTHER_CENTRE)
    known(alliance, there)
    both = f"ARRAY['{CENTRE}', '{OTHER_CENTRE}']::uuid[]"
    alliance.rows(f"UPDATE device SET centres = {both} WHERE id = '{there.device}' RETURNING 1")
    said = held(alliance, there.device)
    assert (said["people"], said["others"]) == ([], 1)
