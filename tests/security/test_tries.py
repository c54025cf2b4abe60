"""Wrong tries: five free, then longer and longer, whatever is done to clocks, files and the program."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.security.tries import (
    MustWait,
    Tried,
    Tries,
    in_words,
    remaining_wait,
    system_age_milliseconds,
    wait_after,
)

DAY = 86_400_000


class Computer:
    """A wall clock that anybody can set, and the age of the system, which nobody can."""

    def __init__(self) -> None:
        self.date = datetime(2026, 11, 23, 8, 52, tzinfo=UTC)
        self.age = DAY

    def now(self) -> datetime:
        return self.date

    def system_age(self) -> int:
        return self.age


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def tries(tmp_path: Path, computer: Computer) -> Tries:
    return Tries(tmp_path, computer.now, computer.system_age)


def wrong(tries: Tries, times: int, computer: Computer) -> None:
    for _ in range(times):
        computer.age += round(tries.waiting("rosa").total_seconds() * 1000)
        tries.begin("rosa")


def test_five_are_free_and_then_the_waits_grow() -> None:
    assert [wait_after(count).total_seconds() for count in range(12)] == [0] * 5 + [30, 60, 120, 300, 900, 900, 900]


def test_the_sixth_try_waits_30_seconds(tries: Tries, computer: Computer) -> None:
    wrong(tries, 5, computer)
    with pytest.raises(MustWait) as told:
        tries.begin("rosa")
    assert told.value.title == "Wait 30 seconds"
    assert tries.waiting("rosa") == timedelta(seconds=30)
    computer.age += 29_999
    with pytest.raises(MustWait, match="Wait 1 second"):
        tries.begin("rosa")
    computer.age += 1
    tries.begin("rosa")
    assert tries.waiting("rosa") == timedelta(minutes=1)
    assert tries.waiting("maya") == timedelta(0), "nobody waits for a colleague"


def test_a_try_that_is_too_early_is_not_counted(tries: Tries, computer: Computer) -> None:
    wrong(tries, 5, computer)
    for _ in range(20):
        with pytest.raises(MustWait):
            tries.begin("rosa")
    assert tries.waiting("rosa") == timedelta(seconds=30)


def test_success_starts_again_and_an_uncounted_try_is_put_back(
    tries: Tries, computer: Computer, tmp_path: Path
) -> None:
    wrong(tries, 4, computer)
    tries.put_back("rosa", tries.begin("rosa"))
    tries.begin("rosa")
    assert tries.waiting("rosa") == timedelta(seconds=30)
    computer.age += 30_000
    tries.begin("rosa")
    tries.succeeded("rosa")
    assert list(tmp_path.iterdir()) == []
    wrong(tries, 4, computer)
    assert tries.waiting("rosa") == timedelta(0)


def test_a_killed_program_and_a_set_clock_shorten_nothing(tries: Tries, computer: Computer, tmp_path: Path) -> None:
    wrong(tries, 9, computer)
    for jump in (timedelta(days=400), timedelta(days=-4000)):
        computer.date += jump
        again = Tries(tmp_path, computer.now, computer.system_age)
        assert again.waiting("rosa") == timedelta(minutes=15)


def test_after_a_restart_only_the_time_since_the_restart_counts(
    tries: Tries, computer: Computer, tmp_path: Path
) -> None:
    wrong(tries, 9, computer)
    computer.age, computer.date = 60_000, computer.date + timedelta(days=30)
    again = Tries(tmp_path, computer.now, computer.system_age)
    assert again.waiting("rosa") == timedelta(minutes=14)
    computer.age = 15 * 60_000
    assert again.waiting("rosa") == timedelta(0)
    again.begin("rosa")
    assert again.waiting("rosa") == timedelta(minutes=15), "the count survived"


@given(
    before=st.integers(0, 10**10),
    elapsed=st.integers(0, 10**7),
    uptime=st.integers(0, 10**10),
    count=st.integers(0, 99),
)
def test_nobody_ever_waits_less_than_the_wait(before: int, elapsed: int, uptime: int, count: int) -> None:
    tried = Tried(count, before, "")
    real = timedelta(milliseconds=elapsed)
    assert remaining_wait(tried, before + elapsed) == max(timedelta(0), wait_after(count) - real)
    since_restart = min(uptime, elapsed)  # the restart came after the try
    assert remaining_wait(tried, since_restart) >= wait_after(count) - real


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\0" * 50, b'{"wrong":0}', b'{"at":"","boot_milliseconds":-5,"wrong":0}']
)
def test_a_spoilt_count_is_the_longest_wait_and_not_for_ever(
    tries: Tries, computer: Computer, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "rosa.tries.json").write_bytes(content)
    assert tries.waiting("rosa") == timedelta(minutes=15)
    computer.age += 15 * 60_000
    tries.begin("rosa")


def test_a_full_disk_keeps_nobody_out_and_counts_on(
    tries: Tries, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    wrong(tries, 5, computer)
    with pytest.raises(MustWait):
        tries.begin("rosa")
    computer.age += 30_000
    tries.begin("rosa")
    tries.succeeded("rosa")
    assert tries.waiting("rosa") == timedelta(0)


def test_waits_are_said_in_whole_units_rounded_up() -> None:
    words = {0.2: "1 second", 1: "1 second", 59: "59 seconds", 60: "1 minute", 61: "2 minutes", 900: "15 minutes"}
    assert {seconds: in_words(timedelta(seconds=seconds)) for seconds in words} == words


def test_the_systems_age_never_goes_back() -> None:
    first = system_age_milliseconds()
    assert 0 < first <= system_age_milliseconds()
