"""Which desk cannot be shut out, and what is said without a server. With one: tests/journeys/test_desk_keeping.py."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.lost_desks import ShutOutReason
from livingwell_desktop.domain.organisations import Device
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.desk_keeping import held_by, shut_out, why_not_shut_out
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import create
from livingwell_desktop.sync.desk_keeping import MOST_WORDS
from tests.conftest import StillClock
from tests.services.key_desks import CENTRE, ME, Alliance, KeyDesk


@pytest.fixture
def callum(tmp_path: Path, clock: StillClock) -> Iterator[Practice]:
    desk = KeyDesk(Alliance(), tmp_path, clock, "reception", first=True).enrol("callum")
    yield desk.sign_in("callum")
    desk.close()


def other_desk(practice: Practice, centre: UUID = CENTRE, *, revoked: bool = False) -> Held[Device]:
    record = practice.new_id()
    practice.whole.write([create(record, Device(name="Laptop", centre=centre, letter="B", revoked=revoked))], [], ME)
    held = practice.whole.get(Device, record)
    assert held is not None
    return held


def test_the_last_desk_its_own_and_one_of_another_centre_stay(callum: Practice) -> None:
    assert "This is the last desk." in why_not_shut_out(callum, callum.device)
    other = other_desk(callum)
    assert "the desk you are at" in why_not_shut_out(callum, callum.device)
    assert why_not_shut_out(callum, other) == ""
    assert "at another centre" in why_not_shut_out(callum, other_desk(callum, UUID(int=0xC2)))
    assert "already" in why_not_shut_out(callum, other_desk(callum, revoked=True))
    with pytest.raises(Problem, match="cannot be shut out"):
        shut_out(callum, callum.device, ShutOutReason.LOST, "It is here")


def test_it_is_said_what_happened_and_not_too_much(callum: Practice) -> None:
    other = other_desk(callum)
    for words in ("  ", "a" * (MOST_WORDS + 1)):
        with pytest.raises(Problem) as problem:
            shut_out(callum, other, ShutOutReason.LOST, words)
        assert [each.field for each in problem.value.fields] == ["words"]


def test_without_a_server_nothing_is_done(callum: Practice) -> None:
    other = other_desk(callum)
    with pytest.raises(Problem, match="needs the server"):
        shut_out(callum, other, ShutOutReason.STOLEN, "From a car")
    with pytest.raises(Problem, match="needs the server"):
        held_by(callum, other)
    held = callum.whole.get(Device, other.id)
    assert held is not None
    assert not held.value.revoked
