"""Words into lines: nothing lost, no line too wide, brackets the right way round."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livingwell_desktop.printing.lettering import (
    Line,
    Span,
    Type,
    Weight,
    lines_of,
    measure,
    printable,
    unbroken,
    unprintable,
)

TYPE = Type(14)


def drawn(line: Line) -> str:
    return "".join(run.text for run in line.runs)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("plain", "plain"),
        ("\U0001f642", "[slightly smiling face]"),
        ("\U0001f44d\U0001f3fd", "[thumbs up sign]"),
        ("\U0001d4dd", "N"),
        ("中文", "□□"),
        ("a\u202eb\u200bc", "abc"),
        ("one\r\ntwo\tthree", "one\ntwo three"),
        ("e\u0301", "é"),
    ],
)
def test_what_has_no_glyph_still_says_something(typed: str, expected: str) -> None:
    assert printable(typed) == expected


def test_the_preview_can_ask_whether_letters_are_missing() -> None:
    assert unprintable("中")
    assert not unprintable("□ Ngozi محمد שלום \U0001f642")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("שלום (כל לילה)", "(הליל לכ) םולש"),
        ("שלום (abc) לילה", "הליל (abc) םולש"),
        ("(א) ב (ג)", "(ג) ב (א)"),
        ("(א 12", "12 א)"),
        ("abc (שלום) def (x)", "abc (םולש) def (x)"),
    ],
)
def test_brackets_turn_with_their_words(words: str, expected: str) -> None:
    (line,) = lines_of(words, TYPE, 400)
    assert drawn(line) == expected


def test_our_own_sentence_runs_from_the_left_whatever_name_it_begins_with() -> None:
    (line,) = lines_of("שלום, born 1986", Type(14, ours=True), 400)
    assert not line.from_right
    assert drawn(line) == "םולש, born 1986"


def test_the_first_words_of_right_to_left_text_are_on_the_first_line() -> None:
    lines = lines_of("אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר", TYPE, 120)
    assert len(lines) > 1
    assert drawn(lines[0]).endswith("תחא")
    assert all(line.from_right for line in lines)


def test_spans_meet_in_one_word() -> None:
    (line,) = lines_of([Span("Ngozi", Weight.BOLD), Span(".", Weight.REGULAR)], TYPE, 400)
    assert [(run.font, run.text) for run in line.runs] == [("Inter-Bold", "Ngozi"), ("Inter-Regular", ".")]


def test_a_phone_number_stays_on_one_line() -> None:
    assert unbroken("020 7946 0127 or ask") == "020\u00a07946\u00a00127 or ask"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.floats(30, 500))
def test_no_line_is_wider_than_the_paper(words: str, width: float) -> None:
    for line in lines_of(words, TYPE, width):
        assert line.width <= width + 0.5 or len(drawn(line)) == 1


@settings(max_examples=60, deadline=None)
@given(st.text("abc déñ ł'-.,\n", max_size=300), st.floats(30, 500))
def test_no_letter_is_lost_in_breaking(words: str, width: float) -> None:
    wanted = "".join(printable(words).split())
    assert "".join("".join(drawn(line).split()) for line in lines_of(words, TYPE, width)) == wanted


def test_bold_words_are_wider() -> None:
    assert measure("Ngozi", Type(14, Weight.BOLD)) > measure("Ngozi", TYPE)
