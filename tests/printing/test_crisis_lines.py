"""Whom to call in a crisis: written once, and whole on every paper that says it."""

import re
from pathlib import Path

import pytest

from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.printing import crisis
from livingwell_desktop.printing.crisis import CRISIS_LINES, CrisisLine
from livingwell_desktop.printing.documents import document_named
from tests.printing.invented import plan_records, printed
from tests.printing.test_documents import text_of

PLAN = document_named("plan")
PACKAGE = Path(crisis.__file__).parents[1]
WAYS = [
    {},
    {"format": PrintFormat.LARGE_PRINT, "size": 16},
    {"format": PrintFormat.LARGE_PRINT, "size": 28},
    {"format": PrintFormat.EASY_READ},
]


def numbers(words: str) -> list[str]:
    """Every run of digits, with the spaces inside a phone number."""
    return re.findall(r"\d[\d ]*\d|\d", words)


@pytest.mark.parametrize("way", WAYS)
def test_a_plan_in_every_format_has_every_line_whole(way: dict) -> None:
    words = text_of(PLAN.print(printed(**way), **plan_records())).replace("\N{NO-BREAK SPACE}", " ")
    easy = way.get("format") is PrintFormat.EASY_READ
    for line in CRISIS_LINES:
        for number in numbers(line.easy if easy else line.words):
            assert number in words


def test_easy_read_dials_the_same_digits() -> None:
    for line in CRISIS_LINES:
        assert numbers(line.easy) == numbers(line.words)
    assert "999" in {number for line in CRISIS_LINES for number in numbers(line.words)}


def test_a_site_with_a_line_of_its_own_prints_that_one_and_no_other() -> None:
    """Numbers that Ofcom keeps free for drama."""
    own = CrisisLine("Our line 01632 960 123", "any time", "Call **01632 960 123**.")
    for way in WAYS:
        paper = text_of(PLAN.print(printed(**way, crisis_lines=(own,)), **plan_records()))
        words = paper.replace("\N{NO-BREAK SPACE}", " ")
        assert "01632 960 123" in words
        assert "0800 731 2864" not in words


def test_the_numbers_stand_in_one_place_of_the_program() -> None:
    long_numbers = {number for line in CRISIS_LINES for number in numbers(line.words) if len(number) > 3}
    holders = {
        path.name
        for path in PACKAGE.rglob("*.py")
        if any(number in path.read_text(encoding="utf-8") for number in long_numbers)
    }
    assert holders == {"crisis.py"}
