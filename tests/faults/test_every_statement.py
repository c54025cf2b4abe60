"""Desk and server killed at every statement, the disk full at every statement, request and answer cut at every byte.

Each of a push of three changes, a pull page and an enrolment; the machine's judge looks at the end of each schedule.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.domain.records import Sensitivity
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.sync.client import enrol
from livingwell_desktop.sync.joining import EnrolRequest, write_enrol
from livingwell_desktop.sync.troubles import SyncError
from tests.faults.desks import Desk
from tests.faults.ground import URL, Ground, Said, Trouble, Wire
from tests.faults.machine import Faults
from tests.faults.records import CENTRES, RECORDS

pytestmark = pytest.mark.slow

THREE = (RECORDS[0], RECORDS[2], RECORDS[-1])


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """The server is killed on purpose, again and again, and says so."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def pushing(schedule: Faults, value: str) -> Desk:
    """A desk that is about to send one verb of three changes."""
    schedule.one_verb_saves_several(number=0, about=list(THREE), value=value)
    return schedule.desks[0]


def pulling(schedule: Faults, value: str) -> Desk:
    """A desk that is about to take in three changes of another."""
    pushing(schedule, value).exchange()
    return schedule.desks[1]


OPERATIONS = {"a push of three changes": pushing, "a pull of three changes": pulling}


@pytest.fixture(params=list(OPERATIONS))
def about_to(request: pytest.FixtureRequest) -> Callable[[Faults, str], Desk]:
    return OPERATIONS[request.param]


def ready(schedule: Faults) -> None:
    schedule.begin(number=2)
    for desk in schedule.desks:
        desk.exchange()


def test_a_desk_killed_at_every_statement(schedule: Faults, about_to: Callable[[Faults, str], Desk]) -> None:
    ready(schedule)
    for at in range(1, 500):
        desk = about_to(schedule, "ab"[at % 2])
        killed = schedule.ground.killed
        schedule.a_desk_is_killed_in_an_exchange(number=schedule.desks.index(desk), statement=at)
        desk.exchange()
        assert desk.store.waiting().count == 0
        if schedule.ground.killed == killed:
            break
    assert 20 < at < 499
    schedule.judge()


def test_a_desk_whose_disk_is_full_at_every_statement(
    schedule: Faults, about_to: Callable[[Faults, str], Desk]
) -> None:
    ready(schedule)
    for at in range(1, 500):
        desk = about_to(schedule, "ab"[at % 2])
        desk.full_at = desk.statements + at
        schedule.exchange(desk)
        through, desk.full_at = desk.full_at is not None, None
        desk.exchange()
        assert desk.store.waiting().count == 0
        if through:
            break
    assert 20 < at < 499
    schedule.judge()


def test_a_server_killed_at_every_statement(schedule: Faults, about_to: Callable[[Faults, str], Desk]) -> None:
    ready(schedule)
    counter = schedule.ground.counter
    for at in range(1, 500):
        desk = about_to(schedule, "ab"[at % 2])
        counter.kill_at = counter.statements + at
        schedule.exchange(desk)
        through, counter.kill_at = counter.kill_at is not None, None
        desk.exchange()
        assert desk.store.waiting().count == 0
        if through:
            break
    assert 15 < at < 499
    schedule.judge()


def test_a_push_cut_at_every_byte(schedule: Faults) -> None:
    ready(schedule)
    desk = pushing(schedule, "a")
    desk.wire.coming = [Trouble.LATE]
    schedule.exchange(desk)
    (said,) = desk.wire.late
    assert said.path == "/v1/exchange"
    assert len(said.body) > 800
    _cut_everywhere(schedule.ground, said)
    with schedule.ground.owner() as connection:
        assert connection.execute("SELECT count(*) FROM change").fetchone() == (0,)
    schedule.judge()


def test_an_enrolment_cut_at_every_byte(schedule: Faults) -> None:
    ready(schedule)
    ground, before = schedule.ground, len(schedule.desks)

    def desks() -> object:
        with ground.owner() as connection:
            return connection.execute("SELECT count(*) FROM device").fetchone()

    body = write_enrol(_joining(ground))
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    said = Said("POST", "/v1/enrol", headers, body)
    _cut_everywhere(ground, said, pause=timedelta(seconds=1))
    assert desks() == (before,)
    # It was a good one: whole, it enrols one desk, and one only when it is sent again.
    for _ in range(2):
        assert ground.ask(said)[0] == 200
    assert desks() == (before + 1,)


def test_an_answer_cut_at_every_byte(schedule: Faults, about_to: Callable[[Faults, str], Desk]) -> None:
    """The word on a push of three changes, and a page with three changes: asked for again until it comes whole."""
    ready(schedule)
    desk = about_to(schedule, "a")
    assert _cut_answers(desk.wire, desk.exchange) > 300
    assert desk.store.waiting().count == 0
    schedule.judge()


def test_an_enrolments_answer_cut_at_every_byte(schedule: Faults) -> None:
    """Each time the same code and key are sent again, and the desk is enrolled once."""
    ready(schedule)
    ground = schedule.ground
    request, wire = _joining(ground), Wire(ground)

    def ask() -> None:
        ground.now += timedelta(seconds=1)  # who knocks too often is not heard
        enrol(URL, request, transport=wire)

    assert _cut_answers(wire, ask) > 200
    with ground.owner() as connection:
        assert connection.execute("SELECT count(*) FROM device").fetchone() == (len(schedule.desks) + 1,)


def _joining(ground: Ground) -> EnrolRequest:
    """With a code that the server gave, and a key."""
    with ground.central.database.transaction() as connection:
        code = make_code(connection, ground.now, centres=CENTRES, sensitivity=Sensitivity.CLINICAL)
    return EnrolRequest(code, "Cut", Ed25519PrivateKey.generate().public_key().public_bytes_raw())


def _cut_answers(wire: Wire, ask: Callable[[], None]) -> int:
    """Ask again and again; each answer comes one byte further. Says how long the whole one is."""
    for end in range(10_000):
        wire.ends_at = end
        try:
            ask()
        except SyncError:
            continue
        return end
    raise AssertionError("no answer is so long")


def _cut_everywhere(ground: Ground, said: Said, pause: timedelta = timedelta()) -> None:
    """The same request again and again, each time one byte longer, and the connection breaks there."""
    for end in range(len(said.body)):
        ground.now += pause  # who knocks too often is not heard
        status, _, _ = ground.ask(Said(said.method, said.path, said.headers, said.body[:end]), cut=True)
        assert status < 500, f"cut at byte {end}: {status}"
