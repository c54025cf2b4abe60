"""Numbers that belong to nobody: ids, phones kept free by Ofcom for drama, NHS numbers of the test range."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from uuid import UUID

from livingwell_desktop.domain.identity import uuid7
from livingwell_desktop.domain.nhs_number import is_valid_check_digit

MOBILE, LONDON_PHONE, OTHER_PHONE = "07700 900", "020 7946 0", "01632 960 "
"""Ofcom, "Telephone numbers for use in TV and radio drama programmes": each is followed by three digits."""

FIRST_TEST_NUMBER, LAST_TEST_NUMBER = 9_990_000_000, 9_999_999_999
"""The range of NHS numbers that were never given to a person and never will be."""


def new_id(chance: Random, at: datetime) -> UUID:
    """A UUID version 7 of that instant whose random part comes from `chance`, so that it is the same every time."""
    return uuid7(at, chance.randbytes(10))


def mobile(last_three: int) -> str:
    """A mobile number from 07700 900000 to 07700 900999, as people write it: "07700 900 118"."""
    return f"{MOBILE} {last_three:03}"


def london_phone(last_three: int) -> str:
    """A London number from 020 7946 0000 to 020 7946 0999."""
    return f"{LONDON_PHONE}{last_three:03}"


def draw_phone(chance: Random) -> str:
    """Mostly a mobile number, sometimes one of a home."""
    last = chance.randrange(1000)
    return chance.choices((mobile(last), london_phone(last), f"{OTHER_PHONE}{last:03}"), (8, 2, 1))[0]


def nhs_test_numbers(start: int, step: int) -> Iterator[str]:
    """NHS numbers of the test range that pass the check, each once. `step` spreads them; it shares no factor with 10.

    A number whose check digit would be 10 is never issued (NHS Data Model and Dictionary) and is left out.
    """
    span = (LAST_TEST_NUMBER - FIRST_TEST_NUMBER) // 10 + 1
    for place in range(span):
        first_nine = f"999{(start + place * step) % span:06}"
        found = next((n for digit in "0123456789" if is_valid_check_digit(n := first_nine + digit)), None)
        if found is not None and len(set(found)) > 1:
            yield found
