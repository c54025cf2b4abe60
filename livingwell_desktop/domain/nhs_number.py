"""NHS numbers: what was typed, checked and shown.

Algorithm: NHS Data Model and Dictionary, attribute NHS NUMBER (modulus 11). Ranges: who issues which numbers.
A number that passes says nothing about whose it is: nobody is ever matched on it alone.
"""

import re
from dataclasses import dataclass

from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.wording import counted, digits_of

NUMBER_LENGTH = 10
NOT_CHECKED = "02"
VERIFIED = "01"
OFFLINE_STATUSES = ("02", "03")
"""The only statuses a desk may set by itself: "verified" needs the national service."""

_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
_NATIONAL_INSURANCE = re.compile(r"[A-Z]{2}[0-9]{6}[A-Z]?")
_LIKE = "Look at a letter from the GP, or leave it empty and ask later."


@dataclass(frozen=True, slots=True)
class NhsNumber:
    """A number that passes the check: ten digits, and a note to show beside it (empty when there is nothing to say)."""

    digits: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class NhsNumberStatus:
    """One status of the NHS number (NHS NUMBER STATUS INDICATOR CODE): national code and name, and our short words."""

    code: str
    name: str
    words: str


STATUSES: dict[str, NhsNumberStatus] = {
    status.code: status
    for status in (
        NhsNumberStatus("01", "Number present and verified", "checked"),
        NhsNumberStatus("02", "Number present but not traced", "not checked"),
        NhsNumberStatus("03", "Trace required", "not checked"),
        NhsNumberStatus("04", "Trace attempted - No match or multiple match found", "looked up, no clear match"),
        NhsNumberStatus(
            "05", "Trace needs to be resolved - (NHS number or patient detail conflict)", "looked up, details differ"
        ),
        NhsNumberStatus("06", "Trace in progress", "being looked up"),
        NhsNumberStatus("07", "Number not present and trace not required", "no number, none needed"),
        NhsNumberStatus("08", "Trace postponed (baby under six weeks old)", "not looked up yet, a new baby"),
    )
}


def status_words(code: str) -> str:
    """The words to show beside a number. A code this version does not know is never shown as checked."""
    status = STATUSES.get(code)
    return status.words if status else "not checked"


def is_valid_check_digit(digits: str) -> bool:
    """Whether ten digits pass modulus 11. Ten equal digits pass too, so this alone is not enough."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return (11 - total % 11) % 11 == int(digits[-1])


def check_nhs_number(typed: str, field: str = "nhs_number") -> NhsNumber:
    """The NHS number in `typed`, whatever stands between its digits.

    Raises Problem, with its own words for: nothing typed, a National Insurance number, letters, too few digits,
    too many digits, ten equal digits, and a check digit that does not fit.
    """
    letters = "".join(sign for sign in typed if sign.isalnum()).upper()
    digits = digits_of(letters)
    if not letters:
        raise field_problem(field, "There is no NHS number here.", "Enter its 10 digits, or leave it empty.")
    if _NATIONAL_INSURANCE.fullmatch(letters):
        raise field_problem(
            field, "This looks like a National Insurance number.", "Enter the NHS number. It has 10 digits, no letters."
        )
    if len(digits) != len(letters):
        raise field_problem(
            field, "An NHS number has no letters in it.", "Enter its 10 digits. Check for O in place of 0, or l for 1."
        )
    _check_digits(digits, field)
    return NhsNumber(digits, range_note(digits))


def _check_digits(digits: str, field: str) -> None:
    if len(digits) != NUMBER_LENGTH:
        size = "short" if len(digits) < NUMBER_LENGTH else "long"
        has = counted(len(digits), "digit", "digits")
        raise field_problem(field, f"This NHS number is too {size}.", f"It has {has}. An NHS number has 10. {_LIKE}")
    if len(set(digits)) == 1:
        raise field_problem(
            field, "An NHS number is never the same digit ten times.", f"Check it with the person. {_LIKE}"
        )
    if not is_valid_check_digit(digits):
        raise field_problem(
            field, "This is not a real NHS number.", f"A digit may be wrong, or two may have changed places. {_LIKE}"
        )


def range_note(digits: str) -> str:
    """What to know about where a valid number comes from; empty for England, Wales, the Isle of Man and tests."""
    day, month = int(digits[:2]), int(digits[2:4])
    if 1 <= day <= 31 and 1 <= month <= 12:
        return "This may be a Scottish CHI number. Check that it is an NHS number."
    if "3200000010" <= digits <= "3999999999":
        return "This may be a Northern Ireland health number. Check that it is an NHS number."
    if digits[0] not in "34679":
        return f"NHS numbers do not usually start with {digits[0]}. Check it with the person."
    return ""


def is_test_number(digits: str) -> bool:
    """Whether a number lies in the range that is used for tests and never given to a person (it starts with 9)."""
    return digits.startswith("9")


def format_nhs_number(digits: str) -> str:
    """Ten digits in groups of 3, 3 and 4 with spaces that do not break a line. Anything else is left as it is."""
    if len(digits) != NUMBER_LENGTH or not digits.isdecimal():
        return digits
    return f"{digits[:3]}\N{NO-BREAK SPACE}{digits[3:6]}\N{NO-BREAK SPACE}{digits[6:]}"
