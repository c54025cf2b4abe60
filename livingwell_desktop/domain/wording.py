"""Small pieces of plain English: numbers in words, one and many, lists."""

import unicodedata
from collections.abc import Sequence

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_word(number: int) -> str:
    """A count in words up to twelve ("two"), above that in figures with thousands set apart ("4,182")."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def counted(number: int, one: str, many: str) -> str:
    """A count in figures with its noun: "1 place", "9 places"."""
    return f"{number:,} {one if number == 1 else many}"


def sentence_case(text: str) -> str:
    """The same words with a capital at the start; the rest is left as it is."""
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str]) -> str:
    """Parts as a list in a sentence: "sleep", "sleep and housing", "sleep, housing and company"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def digits_of(typed: str) -> str:
    """The digits of any script in `typed`, as 0 to 9, without anything between them."""
    return "".join(str(unicodedata.decimal(sign)) for sign in typed if unicodedata.decimal(sign, None) is not None)
