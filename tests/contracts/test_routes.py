"""Every route of the server and whose right it asks for, each asked by who has it not, and by every role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.application import create_app
from livingwell_desktop.server.joining import CODE_LASTS
from livingwell_desktop.server.sessions import SESSION_LASTS
from livingwell_desktop.sync.joining import Certificate, session_message, write_certificate
from tests.central import ALLIANCE, CENTRE, code_for
from tests.conftest import StillClock
from tests.domain.test_permissions import EXPECTED, ROLES
from tests.server.exchange import CENTRE_STREAM, PERSON, HandDesk, content
from tests.server.interface import ROUTES, Route
from tests.server.test_audit import chain, held, send
from tests.server.test_interface import sound_bodies
from tests.server.test_rights import OTHER_CENTRE, Alliance
from tests.sync.conftest import database_url, databases

__all__ = ["database_url", "databases"]


class Caller(StrEnum):
    """Who may ask at all."""

    ANYBODY = "anybody: it says nothing about anybody"
    CODE = "whoever has a one-time code of the operator"
    KEY = "whoever proves the key of a desk that the alliance certified"
    DESK = "a desk with a session"


@dataclass(frozen=True, slots=True)
class Right:
    """What a route asks for. `acts`: of the member of staff that the desk names, one of these; none: of nobody.

    In a session that a member's own key opened only that member is named: tests/server/test_members.py.
    """

    caller: Caller
    acts: frozenset[Act] = frozenset()
    beyond: str = ""
    """What a caller is asked for besides; nothing where being one is enough."""


ITS_OWN = "what its centres and its sensitivity let it hold, and row-level security again"
OF_A_RESTORE = "it has not answered to the newest restore"
RIGHTS = {
    "/v1/health": Right(Caller.ANYBODY),
    "/v1/challenge": Right(Caller.ANYBODY),
    "/v1/server": Right(Caller.ANYBODY),
    "/v1/enrol": Right(Caller.CODE, beyond="the code is good, and nobody else has used it"),
    "/v1/session": Right(Caller.KEY, beyond="the key is that desk’s, and the desk was not shut out"),
    "/v1/return": Right(Caller.KEY, beyond="the alliance signed the certificate that names the key"),
    # Each change by the rights of its author: here a plan, every kind in tests/server/test_rights.py.
    "/v1/exchange": Right(Caller.DESK, frozenset({Act.PLAN, Act.SEE_CLINICAL_QUESTIONS}), ITS_OWN),
    "/v1/download": Right(Caller.DESK, beyond=ITS_OWN),
    "/v1/records": Right(Caller.DESK, beyond=ITS_OWN),
    # Its streams are those of the desk; nothing in the request names one.
    "/v1/poke": Right(Caller.DESK),
    "/v1/audit": Right(Caller.DESK, beyond="the rows continue its own audit"),
    "/v1/generations": Right(Caller.DESK),
    "/v1/offer": Right(Caller.DESK, beyond=OF_A_RESTORE),
    # Rights were judged when it was first taken; what it gives back is proved by its authors' signatures.
    "/v1/refill": Right(Caller.DESK, beyond=OF_A_RESTORE),
    "/v1/fork": Right(Caller.DESK, beyond="a copy of it was found"),
    "/v1/travel-key": Right(Caller.DESK),
    "/v1/opened": Right(Caller.DESK, frozenset({Act.SEE_OPENINGS}), "the person is known at its centres"),
    "/v1/found": Right(Caller.DESK, frozenset({Act.SEE_FINDINGS})),
    "/v1/desk-code": Right(
        Caller.DESK,
        frozenset({Act.ENROL_DESK}),
        "one of its own centres, no more than it may hold itself, not too many",
    ),
    "/v1/shut-out": Right(Caller.DESK, frozenset({Act.SHUT_OUT_DESK}), "another desk, of one of its own centres"),
    "/v1/held": Right(Caller.DESK, frozenset({Act.SEE_DESKS}), "a desk of one of its own centres"),
    "/v1/administrator": Right(Caller.DESK, beyond="a code for an administrator, which nobody else has used"),
}

with_session = pytest.mark.parametrize("route", [each for each in ROUTES if each.needs_session], ids=lambda r: r.path)


@pytest.fixture
def alliance(database_url: str, clock: StillClock, tmp_path: Path) -> Iterator[Alliance]:
    """Somebody of every role, and a person whom reception registered."""
    with TestClient(create_app(database_url, ALLIANCE, clock, tmp_path)) as http:
        made = Alliance(http, database_url, clock)
        registered = made.desk.change(content(staff=str(made.staff[Role.RECEPTION])))
        assert made.desk.push(registered)["receipts"]
        yield made


def test_every_route_says_whose_right_it_asks_for() -> None:
    assert set(RIGHTS) == {route.path for route in ROUTES}
    assert {path for path, right in RIGHTS.items() if right.caller is Caller.DESK} == {
        route.path for route in ROUTES if route.needs_session
    }
    assert {path for path, right in RIGHTS.items() if right.beyond} == set(WITHOUT)
    assert {path for path, right in RIGHTS.items() if right.acts} == set(BY_SOMEBODY)


# Without a session.


def ask(desk: HandDesk, route: Route, token: str | None = None) -> int:
    """A sound request, as that desk or with another token."""
    headers = desk.headers if token is None else {"authorization": f"Bearer {token}"} if token else {}
    bodies = sound_bodies(desk) | {"/v1/exchange": desk.request()}
    body = bodies[route.path] if route.body is not None else None
    return desk.http.request(route.method, route.path, json=body, headers=headers).status_code


@with_session
def test_a_sound_request_without_a_sessions_token_is_answered_nothing(alliance: Alliance, route: Route) -> None:
    desk = alliance.new_desk()
    assert [ask(desk, route, token) for token in ("", "x" * 43, desk.token[:-1] + "~")] == [401] * 3
    if not route.endless:
        assert ask(desk, route) != 401, "the same request with it"


@with_session
def test_a_token_that_ended_lets_nobody_in(alliance: Alliance, clock: StillClock, route: Route) -> None:
    desk = alliance.new_desk()
    clock.pass_(seconds=SESSION_LASTS.total_seconds() + 1)
    assert ask(desk, route) == 401


@with_session
def test_a_desk_that_was_shut_out_is_let_in_nowhere(alliance: Alliance, route: Route) -> None:
    desk = alliance.new_desk()
    shut_out(alliance, desk)
    assert ask(desk, route) == 401


def shut_out(alliance: Alliance, desk: HandDesk) -> None:
    with psycopg.connect(alliance.database_url) as connection:
        connection.execute("UPDATE device SET revoked_at = now() WHERE id = %s", (desk.device,))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/v1/health", ("protocol", "server")),
        ("/v1/challenge", ("nonce",)),
        ("/v1/server", ("server_key", "certificate")),
    ],
    ids=str,
)
def test_what_anybody_may_ask_says_nothing_about_anybody(alliance: Alliance, path: str, says: tuple[str, ...]) -> None:
    assert RIGHTS[path].caller is Caller.ANYBODY
    assert alliance.http.get(path).json().keys() == set(says)


# By every role.


def writes_a_plan(alliance: Alliance, staff: str) -> bool:
    desk = alliance.new_desk()
    said = content(record=str(uuid4()), kind="plan", set={}, staff=staff)
    return bool(desk.push(desk.change(said))["receipts"])


def is_told_who_opened(alliance: Alliance, staff: str) -> bool:
    return _told(alliance, "/v1/opened", {"staff": staff, "person": PERSON})


def is_told_what_was_found(alliance: Alliance, staff: str) -> bool:
    return _told(alliance, "/v1/found", {"staff": staff})


def _told(alliance: Alliance, path: str, body: dict[str, str]) -> bool:
    status = alliance.http.post(path, json=body, headers=alliance.desk.headers).status_code
    assert status in (200, 403)
    return status == 200


def makes_a_code(alliance: Alliance, staff: str) -> bool:
    return _told(alliance, "/v1/desk-code", {"staff": staff, "centre": str(CENTRE), "sensitivity": 1})


def shuts_a_desk_out(alliance: Alliance, staff: str) -> bool:
    lost = alliance.new_desk()
    body = {"staff": staff, "device": str(lost.device), "reason": "stolen", "words": "From a car"}
    done = _told(alliance, "/v1/shut-out", body)
    assert (lost.http.post("/v1/found", json={"staff": staff}, headers=lost.headers).status_code == 401) is done
    return done


def is_told_what_a_desk_held(alliance: Alliance, staff: str) -> bool:
    return _told(alliance, "/v1/held", {"staff": staff, "device": str(alliance.new_desk().device)})


BY_SOMEBODY: dict[str, Callable[[Alliance, str], bool]] = {
    "/v1/exchange": writes_a_plan,
    "/v1/opened": is_told_who_opened,
    "/v1/found": is_told_what_was_found,
    "/v1/desk-code": makes_a_code,
    "/v1/shut-out": shuts_a_desk_out,
    "/v1/held": is_told_what_a_desk_held,
}


def allowed(path: str) -> list[Role]:
    """By the table as it is written out in the tests of the domain."""
    rows = [EXPECTED[act.value].split() for act in RIGHTS[path].acts]
    return [role for at, role in enumerate(ROLES) if any(row[at] == "yes" for row in rows)]


@pytest.mark.parametrize("path", BY_SOMEBODY)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_answered_as_the_table_says(alliance: Alliance, path: str, role: Role) -> None:
    assert BY_SOMEBODY[path](alliance, str(alliance.staff[role])) is (role in allowed(path))


@pytest.mark.parametrize("path", BY_SOMEBODY)
def test_who_is_nobody_here_is_answered_as_who_has_no_right(alliance: Alliance, path: str) -> None:
    assert BY_SOMEBODY[path](alliance, str(uuid4())) is False


# What was written is judged by what its desk had heard: tests/server/test_rights.py.
@pytest.mark.parametrize("path", sorted(BY_SOMEBODY.keys() - {"/v1/exchange"}))
def test_who_was_suspended_is_told_nothing_more(alliance: Alliance, path: str) -> None:
    # The administrator last, who suspends the others.
    for role in sorted(allowed(path), key=lambda each: each is Role.ADMINISTRATOR):
        assert BY_SOMEBODY[path](alliance, str(alliance.staff[role]))
        alliance.suspend(alliance.staff[role])
        assert not BY_SOMEBODY[path](alliance, str(alliance.staff[role]))


# By a caller who lacks what the route asks for besides.


def refused(alliance: Alliance, path: str, body: object, desk: HandDesk | None = None) -> bool:
    headers = (desk or alliance.desk).headers
    return alliance.http.post(path, json=body, headers=headers).status_code == 403


def enrols_with_no_code_an_old_one_or_anothers(alliance: Alliance) -> bool:
    def joins(code: str) -> bool:
        key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        body = {"code": code, "name": "By hand", "public_key": key, "centre": str(CENTRE)}
        return alliance.http.post("/v1/enrol", json=body).status_code != 403

    used, good, old = (code_for(alliance.database_url, alliance.clock) for _ in range(3))
    HandDesk(alliance.http, used)
    early = [joins("AAAA-BBBB"), joins(used)]
    assert joins(good)
    alliance.clock.pass_(seconds=CODE_LASTS.total_seconds() + 1)
    return not any([*early, joins(old)])


def opens_a_session_with_another_key_or_shut_out(alliance: Alliance) -> bool:
    desk = alliance.new_desk()

    def status(key: Ed25519PrivateKey) -> int:
        return alliance.http.post("/v1/session", json=proof(alliance, desk, key)).status_code

    assert status(desk.key) == 200
    another = status(Ed25519PrivateKey.generate())
    shut_out(alliance, desk)
    return (another, status(desk.key)) == (403, 410)


def proof(alliance: Alliance, desk: HandDesk, key: Ed25519PrivateKey) -> dict[str, object]:
    nonce = bytes.fromhex(alliance.http.get("/v1/challenge").json()["nonce"])
    signature = key.sign(session_message(desk.device, nonce)).hex()
    return {"device": str(desk.device), "nonce": nonce.hex(), "signature": signature}


def comes_back_with_a_certificate_of_its_own(alliance: Alliance) -> bool:
    desk = alliance.new_desk()
    own = desk.enrolled["certificate"]
    stranger = Certificate(uuid4(), desk.key.public_key().public_bytes_raw(), "Z", (CENTRE,), 9)
    forged = write_certificate(AllianceKey(bytes(range(1, 33))).certify(stranger))
    nonce = bytes.fromhex(alliance.http.get("/v1/challenge").json()["nonce"])
    signed = desk.key.sign(session_message(stranger.device, nonce)).hex()
    body = {"device": str(stranger.device), "nonce": nonce.hex(), "signature": signed, "certificates": [forged]}
    good = proof(alliance, desk, desk.key) | {"certificates": [own]}
    assert alliance.http.post("/v1/return", json=good).status_code == 200
    another = proof(alliance, desk, Ed25519PrivateKey.generate()) | {"certificates": [own]}
    return refused(alliance, "/v1/return", body) and refused(alliance, "/v1/return", another)


def pulls_a_stream_that_is_not_its_own(alliance: Alliance) -> bool:
    there = alliance.new_desk(centre=OTHER_CENTRE)
    assert alliance.new_desk().push(cursors={CENTRE_STREAM: 0})["changes"], "its own centre's desks have it"
    return not there.push(cursors={CENTRE_STREAM: 0})["changes"]


def downloads_a_stream_that_is_not_its_own(alliance: Alliance) -> bool:
    def body(stream: str) -> dict[str, object]:
        return {"stream": stream, "place": "", "limit": 10}

    assert not refused(alliance, "/v1/download", body(CENTRE_STREAM))
    others = (f"{OTHER_CENTRE}/clinical", f"{CENTRE}/restricted")
    return all(refused(alliance, "/v1/download", body(stream)) for stream in others)


def asks_for_a_record_of_another_centre(alliance: Alliance) -> bool:
    def answer(desk: HandDesk) -> str:
        return alliance.http.post("/v1/records", json={"records": [PERSON]}, headers=desk.headers).text

    stranger = alliance.http.post("/v1/records", json={"records": [str(uuid4())]}, headers=alliance.desk.headers).text
    assert "Ngozi" in answer(alliance.desk)
    return answer(alliance.new_desk(centre=OTHER_CENTRE)) == stranger


def sends_the_audit_of_another_desk(alliance: Alliance) -> bool:
    one, other = alliance.new_desk(), alliance.new_desk()
    assert send(one, 0, chain(one, 2)).status_code == 200
    before = held(alliance.database_url)
    return send(one, 0, chain(other, 2)).status_code == 409 and held(alliance.database_url) == before


def gives_back_although_it_has_answered(path: str) -> Callable[[Alliance], bool]:
    def offers(alliance: Alliance) -> bool:
        body = sound_bodies(alliance.desk)[path]
        return alliance.http.post(path, json=body, headers=alliance.desk.headers).status_code == 409

    return offers


def asks_for_a_copys_name_without_a_copy(alliance: Alliance) -> bool:
    return refused(alliance, "/v1/fork", sound_bodies(alliance.desk)["/v1/fork"])


def asks_who_opened_the_record_of_somebody_of_another_centre(alliance: Alliance) -> bool:
    there = alliance.new_desk(centre=OTHER_CENTRE)
    body = {"staff": str(alliance.staff[Role.PRIVACY_OFFICER]), "person": PERSON}
    assert not refused(alliance, "/v1/opened", body)
    return refused(alliance, "/v1/opened", body, there)


def makes_a_code_for_more_than_it_may_hold(alliance: Alliance) -> bool:
    body = {"staff": str(alliance.staff[Role.ADMINISTRATOR]), "centre": str(CENTRE), "sensitivity": 1}
    assert not refused(alliance, "/v1/desk-code", body)
    more = ({"sensitivity": 2}, {"sensitivity": 9}, {"centre": str(OTHER_CENTRE)})
    return all(refused(alliance, "/v1/desk-code", body | each) for each in more)


def shuts_out_itself_or_a_desk_of_another_centre(alliance: Alliance) -> bool:
    there = alliance.new_desk(centre=OTHER_CENTRE)
    body = {"staff": str(alliance.staff[Role.ADMINISTRATOR]), "reason": "lost", "words": "Not in the cupboard"}
    others = (alliance.desk.device, there.device, uuid4())
    return all(refused(alliance, "/v1/shut-out", body | {"device": str(each)}) for each in others)


def asks_what_a_desk_of_another_centre_held(alliance: Alliance) -> bool:
    there = alliance.new_desk(centre=OTHER_CENTRE)
    body = {"staff": str(alliance.staff[Role.PRIVACY_OFFICER])}
    assert not refused(alliance, "/v1/held", body | {"device": str(alliance.desk.device)})
    return all(refused(alliance, "/v1/held", body | {"device": str(each)}) for each in (there.device, uuid4()))


def certifies_an_administrator_with_a_desks_code(alliance: Alliance) -> bool:
    body = sound_bodies(alliance.desk)["/v1/administrator"]
    codes = ("AAAA-BBBB", code_for(alliance.database_url, alliance.clock))
    return all(refused(alliance, "/v1/administrator", body | {"code": code}) for code in codes)


WITHOUT: dict[str, Callable[[Alliance], bool]] = {
    "/v1/enrol": enrols_with_no_code_an_old_one_or_anothers,
    "/v1/session": opens_a_session_with_another_key_or_shut_out,
    "/v1/return": comes_back_with_a_certificate_of_its_own,
    "/v1/exchange": pulls_a_stream_that_is_not_its_own,
    "/v1/download": downloads_a_stream_that_is_not_its_own,
    "/v1/records": asks_for_a_record_of_another_centre,
    "/v1/audit": sends_the_audit_of_another_desk,
    "/v1/offer": gives_back_although_it_has_answered("/v1/offer"),
    "/v1/refill": gives_back_although_it_has_answered("/v1/refill"),
    "/v1/fork": asks_for_a_copys_name_without_a_copy,
    "/v1/opened": asks_who_opened_the_record_of_somebody_of_another_centre,
    "/v1/desk-code": makes_a_code_for_more_than_it_may_hold,
    "/v1/shut-out": shuts_out_itself_or_a_desk_of_another_centre,
    "/v1/held": asks_what_a_desk_of_another_centre_held,
    "/v1/administrator": certifies_an_administrator_with_a_desks_code,
}
"""Each tries it, holds it against a request that is let in where there is one, and says whether it was refused."""


@pytest.mark.parametrize("path", WITHOUT)
def test_who_lacks_what_a_route_asks_for_besides_is_refused(alliance: Alliance, path: str) -> None:
    assert RIGHTS[path].beyond
    assert WITHOUT[path](alliance)
