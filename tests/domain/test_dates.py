"""Dates in words, London's clocks, and dates as they are typed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain import dates
from livingwell_desktop.domain.errors import Problem

TODAY = date(2026, 11, 23)


def test_words_for_a_day() -> None:
    born = date(1986, 3, 14)
    assert dates.long_date(born) == "14 March 1986"
    assert dates.medium_date(born) == "14 Mar 1986"
    assert dates.short_date(born) == "14 Mar"
    assert dates.month_and_year(born) == "March 1986"
    assert dates.weekday_date(date(2026, 12, 2)) == "Wednesday 2 December"
    assert dates.full_weekday_date(TODAY) == "Monday 23 November 2026"
    assert dates.day_and_month(date(2026, 8, 12), TODAY) == "12 August"
    assert dates.day_and_month(date(2025, 8, 12), TODAY) == "12 August 2025"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0), "midnight"), (time(0, 5), "12:05am"), (time(9), "9am"), (time(9, 5), "9:05am"), (time(12), "midday"),
        (time(12, 30), "12:30pm"), (time(17), "5pm"), (time(17, 30), "5:30pm"), (time(23, 59, 59), "11:59pm"),
    ],
)  # fmt: skip
def test_clock_time(at: time, words: str) -> None:
    assert dates.clock_time(at) == words


def test_time_range() -> None:
    assert dates.time_range(time(14), time(18)) == "2pm to 6pm"
    assert dates.time_range(time(10, 30), time(12)) == "10:30am to midday"


@pytest.mark.parametrize(
    ("days", "words", "late"),
    [
        (0, "Today", ""), (1, "Tomorrow", ""), (9, "In 9 days", ""), (-1, "Yesterday", "1 day late"),
        (-11, "11 days ago", "11 days late"),
    ],
)  # fmt: skip
def test_how_far_a_day_is(days: int, words: str, late: str) -> None:
    day = TODAY + timedelta(days=days)
    assert dates.in_days(day, TODAY) == words
    assert dates.days_late(day, TODAY) == late


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-30), "just now"), (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"), (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=9), "9 hours ago"),
        (timedelta(hours=13), "yesterday"), (timedelta(days=5), "5 days ago"),
    ],
)  # fmt: skip
def test_ago(before: timedelta, words: str) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert dates.ago(now - before, now) == words


def test_moment() -> None:
    assert dates.moment(datetime(2026, 11, 23, 10, 58, tzinfo=UTC), TODAY) == "today 10:58am"
    assert dates.moment(datetime(2026, 11, 22, 14, 0, tzinfo=UTC), TODAY) == "yesterday 2pm"
    assert dates.moment(datetime(2026, 8, 12, 10, 0, tzinfo=UTC), TODAY) == "12 August, 11am"


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1986, 3, 14), date(2026, 3, 13), 39), (date(1986, 3, 14), date(2026, 3, 14), 40),
        (date(2004, 2, 29), date(2025, 2, 28), 20), (date(2004, 2, 29), date(2025, 3, 1), 21),
        (TODAY, TODAY, 0), (date(2027, 1, 1), TODAY, 0),
    ],
)  # fmt: skip
def test_age(born: date, on: date, age: int) -> None:
    assert dates.age_in_years(born, on) == age
    assert dates.age_words(born, on).startswith(str(age))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TODAY, 24)])
def test_a_day_is_as_long_as_london_says(day: date, hours: int) -> None:
    start, end = dates.day_bounds(day)
    assert end - start == timedelta(hours=hours)
    assert start.tzinfo is UTC
    assert dates.local(start).time() == time(0)
    assert dates.local_day(end - timedelta(microseconds=1)) == day


def test_local_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        dates.local(datetime(2026, 1, 1))  # noqa: DTZ001 - the very mistake that is refused


def test_the_hour_that_comes_twice_and_the_one_left_out() -> None:
    assert dates.instant(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert dates.instant(date(2026, 3, 29), time(1, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_days_touch_and_never_overlap(day: date) -> None:
    assert dates.day_bounds(day)[1] == dates.day_bounds(day + timedelta(days=1))[0]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31)))  # noqa: DTZ001 - bounds of a strategy are naive
def test_every_instant_lies_in_its_local_day(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    start, end = dates.day_bounds(dates.local_day(moment))
    assert start <= moment < end


@pytest.mark.parametrize(
    "typed",
    [
        ("14", "3", "1986"), ("14", "03", "1986"), (" 14 ", "March", "1986 "), ("14", "mar", "1986"),
        ("14", "MAR.", "1986"), ("١٤", "3", "1986"),
    ],
)  # fmt: skip
def test_a_date_typed_in_three_fields(typed: tuple[str, str, str]) -> None:
    assert dates.parse_date(*typed) == date(1986, 3, 14)
    assert dates.parse_birth_date(*typed, today=TODAY) == date(1986, 3, 14)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("", "", ""), "no date of birth here"),
        (("14", "", "1986"), "Enter the month as well"),
        (("", "", "1986"), "Enter the day and month as well"),
        (("32", "3", "1986"), "1 to 31"),
        (("0", "3", "1986"), "1 to 31"),
        (("x", "3", "1986"), "1 to 31"),
        (("9" * 10_000, "3", "1986"), "1 to 31"),
        (("²", "3", "1986"), "1 to 31"),
        (("14", "13", "1986"), "1 to 12"),
        (("14", "ma", "1986"), "1 to 12"),
        (("14", "Marchober", "1986"), "1 to 12"),
        (("14", "3", "86"), "all 4 figures"),
        (("14", "3", "19866"), "all 4 figures"),
        (("14", "3", "nine"), "all 4 figures"),
        (("31", "4", "1986"), "April has only 30 days"),
        (("29", "2", "1987"), "February has only 28 days in 1987"),
        (("14", "3", "1899"), "before 1900"),
        (("24", "11", "2026"), "in the future"),
        (("14", "3", "2986"), "in the future"),
    ],
)
def test_each_impossible_date_of_birth_has_its_own_words(typed: tuple[str, str, str], words: str) -> None:
    with pytest.raises(Problem) as caught:
        dates.parse_birth_date(*typed, today=TODAY)
    (field,) = caught.value.fields
    assert field.field == "born"
    assert words in field.sentence
    assert len(field.sentence) < 200


def test_born_today_and_on_a_leap_day() -> None:
    assert dates.parse_birth_date("23", "11", "2026", TODAY) == TODAY
    assert dates.parse_birth_date("29", "feb", "2004", TODAY) == date(2004, 2, 29)


def test_due_dates() -> None:
    assert dates.parse_due_date("25", "11", "2026", TODAY) == date(2026, 11, 25)
    assert dates.parse_due_date("23", "11", "2026", TODAY) == TODAY
    for typed, words in ((("22", "11", "2026"), "has passed"), (("1", "1", "2099"), "very far away")):
        with pytest.raises(Problem) as caught:
            dates.parse_due_date(*typed, TODAY, field="review_on")
        assert words in caught.value.what_happened
        assert caught.value.fields[0].field == "review_on"


def test_every_month_by_number_name_and_start_of_name() -> None:
    for number, name in enumerate(dates.MONTHS, 1):
        assert [dates.month_number(typed) for typed in (str(number), name, name[:3].lower(), f" {name.upper()}.")] == [
            number
        ] * 4
    assert dates.month_number("Sept") == 9


@given(st.text(max_size=6), st.text(max_size=12), st.text(max_size=6))
def test_anything_typed_is_a_date_or_a_problem(day: str, month: str, year: str) -> None:
    try:
        assert dates.parse_date(day, month, year).year >= dates.EARLIEST_YEAR
    except Problem as problem:
        assert problem.fields


@given(st.dates(date(1900, 1, 1), TODAY))
def test_what_is_shown_can_be_typed(day: date) -> None:
    shown_day, month, year = dates.long_date(day).split()
    assert dates.parse_birth_date(shown_day, month, year, TODAY) == day
