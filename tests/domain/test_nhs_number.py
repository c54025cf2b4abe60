"""NHS numbers: every published case, each mistake with its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.nhs_number import (
    OFFLINE_STATUSES,
    STATUSES,
    check_nhs_number,
    format_nhs_number,
    is_test_number,
    is_valid_check_digit,
    range_note,
    status_words,
)

# The cases of the project's facts about NHS numbers, generated in the range that is never given to anybody.
VALID = (
    "9990040109", "9996028100", "9994482459", "9995345986", "9995020327", "9995585561", "9999070965", "9996090655",
    "9990325138", "9994628194", "9994817027", "9998967759", "9993719781", "9994140353", "9999256635", "9993681954",
    "9991734384", "9993405663", "9996746062", "9996904024", "9990945969", "9997920449", "9993061387", "9993131105",
    "9990860289", "9993554936", "9991164383", "9997017781", "9996173755", "9990863156", "9991570721", "9995921197",
    "9994731572", "9998790557", "9999045901", "9994707663", "9993950793", "9993699977", "9998300150", "9992234679",
    "9996082415", "9997214366", "9990521166", "9995985713", "9994677098", "9992298707", "9999555845", "9996730816",
    "9998221110", "9994515810", "9997724615", "9992168587", "9996390233", "9992227176", "9997619528", "9999510264",
    "9997990374", "9996099172", "9990660298", "9990856958",
)  # fmt: skip

NO_CHECK_DIGIT = (
    "999000000", "999000014", "999000028", "999000031", "999000045", "999000059", "999000062", "999000076",
    "999000093", "999000109",
)  # fmt: skip

TEN_EQUAL = (
    "0000000000", "1111111111", "2222222222", "3333333333", "4444444444", "5555555555", "6666666666", "7777777777",
    "8888888888", "9999999999",
)  # fmt: skip

INVALID = {
    "9991234567": "not a real NHS number",
    "9876544321": "not a real NHS number",
    "999000000X": "no letters",
    "99900000": "too short",
    "99900000012": "too long",
    "QQ123456C": "National Insurance",
    "qq 12 34 56 c": "National Insurance",
    "": "no NHS number",
    " - ": "no NHS number",
    "9": "too short",
    "9" * 10_000: "too long",
    "999 0O4 0109": "no letters",
}


@pytest.mark.parametrize("digits", VALID)
def test_every_valid_number_passes_however_it_is_grouped(digits: str) -> None:
    for typed in (
        digits,
        format_nhs_number(digits),
        f" {digits[:3]}-{digits[3:6]}-{digits[6:]} ",
        f"{digits[:5]}.{digits[5:]}",
    ):
        found = check_nhs_number(typed)
        assert (found.digits, found.note) == (digits, "")
    assert is_test_number(digits)


@pytest.mark.parametrize(("typed", "words"), INVALID.items())
def test_each_mistake_has_its_own_words_and_says_how_to_mend_it(typed: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        check_nhs_number(typed)
    assert words in caught.value.what_happened
    assert caught.value.what_to_do
    (field,) = caught.value.fields
    assert field.field == "nhs_number"
    assert field.sentence.startswith(caught.value.what_happened)
    assert len(field.sentence) < 200


@pytest.mark.parametrize("digits", TEN_EQUAL)
def test_ten_equal_digits_pass_modulus_11_and_are_refused_all_the_same(digits: str) -> None:
    assert is_valid_check_digit(digits)
    with pytest.raises(Problem, match="There is a problem") as caught:
        check_nhs_number(digits)
    assert "same digit" in caught.value.what_happened


@pytest.mark.parametrize("first_nine", NO_CHECK_DIGIT)
def test_nine_digits_whose_check_value_is_ten_have_no_tenth(first_nine: str) -> None:
    for last in "0123456789":
        with pytest.raises(Problem):
            check_nhs_number(first_nine + last)


def test_a_number_of_another_country_is_a_note_and_not_an_error() -> None:
    scottish = next(f"010170{rest:04}" for rest in range(10_000) if is_valid_check_digit(f"010170{rest:04}"))
    irish = next(f"320000{rest:04}" for rest in range(11, 10_000) if is_valid_check_digit(f"320000{rest:04}"))
    assert "Scottish CHI" in check_nhs_number(scottish).note
    assert "Northern Ireland" in check_nhs_number(irish).note


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0101000000", "Scottish"),
        ("3112999999", "Scottish"),
        ("3113000000", ""),
        ("3200000009", ""),
        ("3200000010", "Northern Ireland"),
        ("3999999999", "Northern Ireland"),
        ("4000000000", ""),
        ("5000000000", "start with 5"),
        ("6000000000", ""),
        ("7999999999", ""),
        ("8000000000", "start with 8"),
        ("9434765919", ""),
        ("0000000001", "start with 0"),
    ],
)
def test_ranges(digits: str, words: str) -> None:
    assert words in range_note(digits)
    assert bool(words) == bool(range_note(digits))


def test_shown_in_groups_that_do_not_break() -> None:
    assert format_nhs_number("9990040109") == "999\N{NO-BREAK SPACE}004\N{NO-BREAK SPACE}0109"
    assert format_nhs_number("12345") == "12345"


def test_statuses() -> None:
    assert list(STATUSES) == [f"0{number}" for number in range(1, 9)]
    assert status_words("01") == "checked"
    assert {status_words(code) for code in (*OFFLINE_STATUSES, "99", "")} == {"not checked"}
    assert all(status.words and status.name for status in STATUSES.values())


def test_digits_of_other_scripts_are_digits() -> None:
    assert check_nhs_number("٩٩٩ ٠٠٤ ٠١٠٩").digits == "9990040109"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_a_problem(typed: str) -> None:
    try:
        digits = check_nhs_number(typed).digits
    except Problem as problem:
        assert problem.fields
    else:
        assert len(digits) == 10
        assert digits.isascii()


@given(st.sampled_from(VALID), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits: str, place: int, by: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    with pytest.raises(Problem):
        check_nhs_number(wrong)
