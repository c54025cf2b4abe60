"""Dates of birth as they are typed into the search box: whole or in part, in figures or with the month's name."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from livingwell_desktop.domain.dates import EARLIEST_YEAR, MONTHS, month_number

OLDEST_AGE = 110
"""Years. How far back two figures of a year may reach."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """What is known of a date; None is a part that may be anything."""

    day: int | None = None
    month: int | None = None
    year: int | None = None

    def allows(self, day: date) -> bool:
        """Whether a date has every part that is known."""
        return self.day in (None, day.day) and self.month in (None, day.month) and self.year in (None, day.year)

    def __str__(self) -> str:
        month = MONTHS[self.month - 1] if self.month else ""
        return " ".join(str(part) for part in (self.day, month, self.year) if part)


def read_dates(parts: tuple[str, ...], today: date) -> tuple[PartialDate, ...]:
    """Every date of birth that the parts can mean, likeliest first; none when they cannot be one.

    One part is a day (two figures, 01 to 31), a year (1986, or 32 to 99) or a date run together (14031986, 19860314,
    140386). Two are day and month, or month and year. Three are day, month, year, or the other way round (ISO).
    When the second cannot be a month but the first can, they have changed places. Empty parts are unknown.
    A year that is still being typed (1, 19, 198) leaves the year open, so that nobody vanishes from the list meanwhile.
    """
    if len(parts) == 1:
        found = _one_part(parts[0], today)
    elif len(parts) == 2:
        found = _two_parts(*parts, today)
    elif len(parts) == 3:
        found = _three_parts(*parts, today)
    else:
        return ()
    return tuple(dict.fromkeys(born for born in found if _possible(born, today)))


def _one_part(part: str, today: date) -> Iterator[PartialDate]:
    if len(part) == 8:
        yield from _three_parts(part[:2], part[2:4], part[4:], today)
        yield from _three_parts(part[:4], part[4:6], part[6:], today)
    elif len(part) == 6:
        yield from _three_parts(part[:2], part[2:4], part[4:], today)
    elif len(part) == 4:
        yield PartialDate(year=int(part))
    elif len(part) == 2:
        if 1 <= int(part) <= 31:
            yield PartialDate(day=int(part))
        else:
            yield from (PartialDate(year=year) for year in _years(part, today))


def _two_parts(first: str, second: str, today: date) -> Iterator[PartialDate]:
    if len(first) == 4 and len(second) <= 2:
        first, second = second, first
    if len(first) > 2:
        return
    if len(second) <= 2:
        yield from _days(first, second, None)
    if month_number(first) and (len(second) == 4 or int(second) > 31):
        yield from (PartialDate(month=month_number(first), year=year) for year in _years(second, today))


def _three_parts(first: str, second: str, third: str, today: date) -> Iterator[PartialDate]:
    if not first and not second:
        yield PartialDate(year=int(third))
    elif not first:
        month = month_number(second)
        yield from (PartialDate(month=month, year=year) for year in _years(third, today) if month)
    elif len(first) == 4:
        if len(third) <= 2:
            yield from _days(third, second, int(first))
    elif len(first) <= 2 and len(third) <= 4:
        for year in _years(third, today):
            yield from _days(first, second, year)
        if len(third) < 2 or (len(third) < 4 and third[:2] in ("19", "20")):
            yield from _days(first, second, None)


def _days(day: str, month: str, year: int | None) -> Iterator[PartialDate]:
    number = month_number(month)
    if number:
        yield PartialDate(int(day), number, year)
    elif month.isdecimal() and len(month) <= 2 and month_number(day):
        yield PartialDate(int(month), month_number(day), year)


def _years(typed: str, today: date) -> tuple[int, ...]:
    """The years that two or four figures can mean for somebody alive."""
    if len(typed) == 4:
        return (int(typed),)
    if len(typed) != 2:
        return ()
    around = (today.year // 100 * 100 + int(typed), today.year // 100 * 100 - 100 + int(typed))
    return tuple(year for year in around if today.year - OLDEST_AGE <= year <= today.year)


def _possible(born: PartialDate, today: date) -> bool:
    if born == PartialDate() or (born.year is not None and not EARLIEST_YEAR <= born.year <= today.year):
        return False
    if born.day is None:
        return True
    if born.month is None:
        return 1 <= born.day <= 31
    leap_year = 2000
    return 1 <= born.day <= calendar.monthrange(born.year or leap_year, born.month)[1]
