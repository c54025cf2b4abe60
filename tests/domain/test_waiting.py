"""Waiting times, the board's sentence, places and tickets."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.waiting import (
    Place,
    WaitLevel,
    board_sentence,
    capacity,
    long_wait_words,
    ticket,
    wait_words,
    waiting,
)

NOW = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words", "spoken", "level"),
    [
        (-5, "0 min", "Waiting 0 minutes", WaitLevel.PLAIN),
        (0, "0 min", "Waiting 0 minutes", WaitLevel.PLAIN),
        (1, "1 min", "Waiting 1 minute", WaitLevel.PLAIN),
        (19, "19 min", "Waiting 19 minutes", WaitLevel.PLAIN),
        (20, "20 min", "Waiting 20 minutes, a long wait", WaitLevel.AMBER),
        (27, "27 min", "Waiting 27 minutes, a long wait", WaitLevel.AMBER),
        (44, "44 min", "Waiting 44 minutes, a long wait", WaitLevel.AMBER),
        (45, "45 min", "Waiting 45 minutes, a very long wait", WaitLevel.RED),
        (60, "1 h", "Waiting 1 hour, a very long wait", WaitLevel.RED),
        (65, "1 h 5 min", "Waiting 1 hour 5 minutes, a very long wait", WaitLevel.RED),
    ],
)
def test_waiting(minutes: int, words: str, spoken: str, level: WaitLevel) -> None:
    wait = waiting(NOW - timedelta(minutes=minutes, seconds=30 if minutes >= 0 else 0), NOW)
    assert (wait.words, wait.spoken, wait.level) == (words, spoken, level)
    assert wait.minutes == max(0, minutes)


@pytest.mark.parametrize(
    ("waits", "without", "sentence"),
    [
        ([], 0, "Nobody is waiting."),
        ([52, 27], 2, "Longest wait 52 minutes. Two people need someone to see them."),
        ([1], 1, "Longest wait 1 minute. One person needs someone to see them."),
        ([65], 0, "Longest wait 1 hour 5 minutes."),
        ([5] * 14, 14, "Longest wait 5 minutes. 14 people need someone to see them."),
    ],
)
def test_board_sentence(waits: list[int], without: int, sentence: str) -> None:
    assert board_sentence(waits, without) == sentence


@given(st.integers(0, 100_000))
def test_words_keep_every_minute(minutes: int) -> None:
    for words, hour in ((wait_words(minutes), "h"), (long_wait_words(minutes).replace("hours", "hour"), "hour")):
        hours, _, rest = words.rpartition(f" {hour}") if hour in words else ("0", "", words)
        found = rest.split()[0] if rest.split() else "0"
        assert int(hours.replace(",", "")) * 60 + int(found) == minutes


@pytest.mark.parametrize(
    ("numbers", "words", "detail"),
    [
        ((24, 11, 4), "9 places free", "11 here, 4 booked"),
        ((6, 0, 6, 2), "Full", "6 booked, 2 on the waiting list"),
        ((12, 0, 3), "9 places free", "3 booked"),
        ((2, 1, 0), "1 place free", "1 here"),
        ((2, 2, 1), "One over", "2 here, 1 booked"),
        ((2, 2, 2), "Two over", "2 here, 2 booked"),
        ((0, 0, 0), "Full", ""),
    ],
)
def test_capacity(numbers: tuple[int, ...], words: str, detail: str) -> None:
    found = capacity(*numbers)
    assert (found.words, found.detail) == (words, detail)
    assert found.is_full is (found.free == 0)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_one_block_for_each_place_and_each_person(places: int, here: int, booked: int) -> None:
    found = capacity(places, here, booked)
    assert len(found.blocks) == max(places, here + booked)
    assert [found.blocks.count(place) for place in Place] == [here, booked, found.free]
    assert list(found.blocks) == sorted(found.blocks, key=list(Place).index)
    assert found.free - found.over == places - here - booked


def test_nobody_counts_below_zero() -> None:
    with pytest.raises(ValueError, match="from zero"):
        capacity(5, -1, 0)


def test_tickets() -> None:
    assert [ticket("A", 9), ticket("a", 11), ticket("B", 100), ticket("AB", 1)] == ["A09", "A11", "B100", "AB01"]
    for letter, counter in (("", 1), ("ABC", 1), ("1", 1), ("É", 1), ("A", 0)):
        with pytest.raises(ValueError, match="one or two letters"):
            ticket(letter, counter)
