"""Dates and times in words, in NHS style, the local day of Europe/London, and dates as people type them.

Month names never follow the computer's language, because the words around them are English.
"""

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.wording import counted, digits_of, listed, sentence_case

Clock = Callable[[], datetime]
"""What tells the time, as an aware instant in UTC. Given to whoever needs it, so that tests can stand it still."""

LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EARLIEST_YEAR = 1900
LATEST_DUE_YEARS = 10


def long_date(day: date) -> str:
    """ "14 March 1986"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def medium_date(day: date) -> str:
    """ "14 Mar 1986", for a row of a list."""
    return f"{short_date(day)} {day.year}"


def short_date(day: date) -> str:
    """ "14 Mar", where the year is plain."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def month_and_year(day: date) -> str:
    """ "June 1990"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: date, today: date) -> str:
    """ "12 August"; with the year when it is not this year's."""
    return long_date(day) if day.year != today.year else f"{day.day} {MONTHS[day.month - 1]}"


def weekday_date(day: date) -> str:
    """ "Wednesday 2 December"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def full_weekday_date(day: date) -> str:
    """ "Monday 23 November 2026"."""
    return f"{weekday_date(day)} {day.year}"


def clock_time(at: time) -> str:
    """ "5pm", "5:30pm", "midday", "midnight". Seconds are left out."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def time_range(start: time, end: time) -> str:
    """ "2pm to 6pm"."""
    return f"{clock_time(start)} to {clock_time(end)}"


def local(instant: datetime) -> datetime:
    """The same instant on the clocks of London. Raises ValueError for a time that does not say its zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant must say its time zone")
    return instant.astimezone(LONDON)


def local_day(instant: datetime) -> date:
    """The day it was in London at that instant."""
    return local(instant).date()


def instant(day: date, at: time) -> datetime:
    """The UTC instant when London's clocks show `at` on `day`.

    In the hour that comes twice in autumn it is the first; in the hour that is left out in spring it is an hour later.
    """
    return datetime.combine(day, at.replace(tzinfo=None), LONDON).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a London day and the first of the next, in UTC: 23, 24 or 25 hours apart."""
    return instant(day, time()), instant(day + timedelta(days=1), time())


def moment(at: datetime, today: date) -> str:
    """When something happened, on London's clocks: "today 10:58am", "yesterday 2pm", "12 August, 11am"."""
    here = local(at)
    named = {0: "today", 1: "yesterday"}.get((today - here.date()).days)
    return (
        f"{named} {clock_time(here.time())}"
        if named
        else f"{day_and_month(here.date(), today)}, {clock_time(here.time())}"
    )


def in_days(day: date, today: date) -> str:
    """How far a day is from today: "Today", "Tomorrow", "In 9 days", "Yesterday", "9 days ago"."""
    distance = (day - today).days
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get(distance)
    return near or (f"In {distance:,} days" if distance > 0 else f"{-distance:,} days ago")


def days_late(due: date, today: date) -> str:
    """ "1 day late", "11 days late"; empty when it is not late."""
    late = (today - due).days
    return f"{counted(late, 'day', 'days')} late" if late > 0 else ""


def ago(then: datetime, now: datetime) -> str:
    """How long ago an instant was: "just now", "5 minutes ago", "2 hours ago", then days as London counts them.

    An instant in the future (another desk's clock runs ahead) is "just now".
    """
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{counted(minutes, 'minute', 'minutes')} ago"
    days = (local_day(now) - local_day(then)).days
    if days == 0:
        return f"{counted(minutes // 60, 'hour', 'hours')} ago"
    return "yesterday" if days == 1 else f"{counted(days, 'day', 'days')} ago"


def age_in_years(born: date, on: date) -> int:
    """Whole years lived on a day. Born on 29 February, one is a year older on 1 March in common years (English law)."""
    return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def age_words(born: date, on: date) -> str:
    """ "40 years", "1 year"."""
    return counted(age_in_years(born, on), "year", "years")


def month_number(typed: str) -> int | None:
    """The month that figures ("3", "03") or at least three letters of its name ("mar", "Sept.") stand for, or None."""
    text = typed.strip().rstrip(".").casefold()
    if len(text) > len("september"):
        return None
    if text.isdecimal():
        number = int(text)
        return number if 1 <= number <= 12 else None
    if len(text) < 3:
        return None
    return next((place for place, name in enumerate(MONTHS, 1) if name.casefold().startswith(text)), None)


def parse_date(
    day: str, month: str, year: str, *, field: str = "date", what: str = "date", example: str = "27 3 1986"
) -> date:
    """The date typed in three fields. `what` is how a message calls it ("date of birth"); `field` is the form's name.

    Raises Problem for missing parts, a day, month or year that cannot be, and a day the month does not have.
    """
    parts = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    missing = [name for name, typed in parts.items() if not typed]
    if len(missing) == 3:
        raise field_problem(field, f"There is no {what} here.", f"Enter the {what}, like {example}.")
    if missing:
        raise field_problem(
            field, f"The {what} is not complete.", f"Enter the {listed(missing)} as well, like {example}."
        )
    return _real_date(
        _day_number(parts["day"], field, what),
        _month_number(parts["month"], field, what),
        _year_number(parts["year"], field, what),
        field,
        what,
    )


def _number(typed: str, longest: int) -> int | None:
    """Figures of any script as a number; None for anything else, or for more figures than make sense."""
    return int(digits_of(typed)) if typed.isdecimal() and len(typed) <= longest else None


def _day_number(typed: str, field: str, what: str) -> int:
    number = _number(typed, 2)
    if number is None or not 1 <= number <= 31:
        raise field_problem(field, f"The day of the {what} cannot be right.", "Enter a number from 1 to 31.")
    return number


def _month_number(typed: str, field: str, what: str) -> int:
    number = month_number(typed)
    if number is None:
        raise field_problem(
            field, f"The month of the {what} cannot be right.", "Enter a number from 1 to 12, or a name like March."
        )
    return number


def _year_number(typed: str, field: str, what: str) -> int:
    number = _number(typed, 4)
    if number is None or len(typed) != 4:
        raise field_problem(field, f"The year of the {what} cannot be right.", "Enter all 4 figures, like 1986.")
    if number < EARLIEST_YEAR:
        raise field_problem(
            field, f"The {what} is before {EARLIEST_YEAR}.", f"Enter a year from {EARLIEST_YEAR} onwards. Check it."
        )
    return number


def _real_date(day: int, month: int, year: int, field: str, what: str) -> date:
    length = calendar.monthrange(year, month)[1]
    if day > length:
        in_year = f" in {year}" if month == 2 else ""
        raise field_problem(
            field,
            f"There is no such {what}.",
            f"{MONTHS[month - 1]} has only {length} days{in_year}. Check the day and the month.",
        )
    return date(year, month, day)


def parse_birth_date(day: str, month: str, year: str, today: date, *, field: str = "born") -> date:
    """A date of birth: a real date from 1900 up to today. Raises Problem."""
    what = "date of birth"
    born = parse_date(day, month, year, field=field, what=what)
    if born > today:
        raise field_problem(
            field, f"{sentence_case(what)} {long_date(born)} is in the future.", "Check the year, like 1986."
        )
    return born


def parse_due_date(day: str, month: str, year: str, today: date, *, field: str = "due", what: str = "date") -> date:
    """A day by which something is to happen: today or later, at most ten years on. Raises Problem."""
    example = f"{today.day} {today.month} {today.year}"
    due = parse_date(day, month, year, field=field, what=what, example=example)
    if due < today:
        raise _not_to_come(due, today, field)
    if due.year > today.year + LATEST_DUE_YEARS:
        raise field_problem(field, f"{long_date(due)} is very far away.", "Check the year.")
    return due


def _not_to_come(due: date, today: date, field: str) -> Problem:
    return field_problem(field, f"{long_date(due)} has passed.", f"Enter today, {long_date(today)}, or a day after it.")
