"""Look-alikes: who may be the same person, why, and what the strip says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.look_alikes import (
    Identity,
    Reason,
    look_alikes,
    new_person_strip,
    one_slip_apart,
    results_strip,
    same_name,
    similar_name,
    similar_word,
)

AMARA = Identity("1", "Amara Okeke", date(1990, 6, 12), ("+447700900562",), "9990040109")


def _reasons(other: Identity) -> set[Reason]:
    found = look_alikes(AMARA, [other])
    return set(found[0].reasons) if found else set()


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (Identity("2", "Amara Okeke", date(1990, 6, 12)), {Reason.SAME_NAME, Reason.SAME_BIRTH_DATE}),
        (Identity("2", "OKEKE, Amára", date(1990, 6, 12)), {Reason.SAME_NAME, Reason.SAME_BIRTH_DATE}),
        (Identity("2", "Amara Okeke", date(1990, 12, 6)), {Reason.SAME_NAME, Reason.DAY_AND_MONTH_SWAPPED}),
        (Identity("2", "Amara Okeke", date(1990, 6, 21)), {Reason.SAME_NAME, Reason.SAME_MONTH_AND_YEAR}),
        (Identity("2", "Amarah Okeke", date(1990, 6, 12)), {Reason.SIMILAR_NAME, Reason.SAME_BIRTH_DATE}),
        (Identity("2", "Amara Chidi Okeke", date(1990, 6, 12)), {Reason.SIMILAR_NAME, Reason.SAME_BIRTH_DATE}),
        (Identity("2", "Amara Okeke", None), {Reason.SAME_NAME}),
        (Identity("2", "Amarah Okeke", None), set()),
        (Identity("2", "Amara Okeke", date(1975, 1, 1)), set()),
        (
            Identity("2", "Amara Okeke", date(1975, 1, 1), ("+447700900562",)),
            {Reason.SAME_NAME, Reason.SAME_PHONE},
        ),
        (Identity("2", "Kit Farrow", date(1975, 1, 1), ("+447700900562",)), set()),
        (
            Identity("2", "Kit Farrow", date(1990, 6, 12), ("+447700900562",)),
            {Reason.SAME_BIRTH_DATE, Reason.SAME_PHONE},
        ),
        (Identity("2", "Kit Farrow", date(1990, 6, 12)), set()),
        (Identity("2", "Kit Farrow", None, (), "9990040109"), {Reason.SAME_NHS_NUMBER}),
        (
            Identity("2", "Kit Farrow", date(1990, 6, 12), other_names=("Amara Okeke",)),
            {Reason.SAME_NAME, Reason.SAME_BIRTH_DATE},
        ),
        (Identity("1", "Amara Okeke", date(1990, 6, 12)), set()),
    ],
)
def test_who_looks_alike_and_why(other: Identity, reasons: set[Reason]) -> None:
    assert _reasons(other) == reasons


def test_nobody_matches_on_what_nobody_has() -> None:
    assert look_alikes(Identity("1", ""), [Identity("2", "")]) == ()


def test_the_likeliest_comes_first() -> None:
    month = Identity("month", "Amara Okeke", date(1990, 6, 21))
    same = Identity("same", "Amara Okeke", date(1990, 6, 12))
    unknown = Identity("unknown", "Amara Okeke")
    assert [found.identity.key for found in look_alikes(AMARA, [unknown, month, same])] == ["same", "month", "unknown"]


@pytest.mark.parametrize(
    ("one", "other", "same", "similar"),
    [
        ("Ngozi Okafor", "Okafor Ngozi", True, True),
        ("Ngozi Okafor", "Ngozi Okaford", False, True),
        ("Ngozi Okafor", "Ngzoi Okafor", False, True),
        ("Ngozi Okafor", "Ngozi Okaforde", False, False),
        ("Elizabeth Jones", "Liz Jones", False, True),
        ("Mohammed Ali", "Muhammad Ali", False, True),
        ("Bill Smith", "William Smyth", False, True),
        ("Li Wu", "Lu Wu", False, False),
        ("Ann Lee", "Anne Lee", False, True),
        ("Kit", "Kit Farrow", False, False),
        ("Kit", "Chris", False, True),
        ("", "", False, False),
        ("Ann Ann", "Ann Lee", False, False),
    ],
)
def test_names(one: str, other: str, same: bool, similar: bool) -> None:
    assert same_name(one, other) is same_name(other, one) is same
    assert similar_name(one, other) is similar_name(other, one) is similar


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("amara", "amara", False), ("amara", "amar", True), ("amara", "amaxa", True), ("amara", "maara", True),
        ("amara", "amraa", True), ("amara", "amarab", True), ("", "a", True),
        ("ab", "cd", False), ("abcd", "badc", False), ("abc", "abcde", False),
    ],
)  # fmt: skip
def test_one_slip(one: str, other: str, apart: bool) -> None:
    assert one_slip_apart(one, other) is one_slip_apart(other, one) is apart


@given(st.text("abcde", min_size=4, max_size=8), st.integers(0, 7), st.sampled_from("abcdexyz"))
def test_a_changed_a_lost_and_a_new_letter_are_one_slip(word: str, place: int, letter: str) -> None:
    place %= len(word)
    for slipped in (word[:place] + letter + word[place + 1 :], word[:place] + word[place + 1 :], word + letter):
        assert similar_word(word, slipped)
        assert similar_word(slipped, word)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_of_names_goes_both_ways(one: str, other: str) -> None:
    assert similar_name(one, other) == similar_name(other, one)
    assert not same_name(one, other) or same_name(other, one)


def test_strip_over_results() -> None:
    strip = results_strip(
        [AMARA, Identity("2", "Amara Okeke", date(1990, 6, 21)), Identity("3", "Amarachi Okoro", date(1986, 3, 2))]
    )
    assert strip is not None
    assert strip.title == "Two people are called Amara Okeke, both born in June 1990."
    assert strip.advice == "Ask for the day of birth and the street before you choose."
    assert strip.keys == ("1", "2")


@pytest.mark.parametrize(
    ("others", "title", "advice"),
    [
        (
            [("Amara Okeke", date(1990, 6, 12))],
            "Two people are called Amara Okeke, both born on 12 June 1990.",
            "the street",
        ),
        ([("Amara Okeke", None)], "Two people are called Amara Okeke.", "the date of birth"),
        ([("Amara Okeke", date(1990, 12, 6))], "Two people are called Amara Okeke.", "the whole date of birth"),
        ([("Amarah Okeke", date(1990, 6, 21))], "or a similar name, both born in June 1990.", "the day of birth"),
        (
            [("Amara Okeke", date(1990, 6, 21)), ("Amara Okeke", date(1990, 6, 1))],
            "Three people are called Amara Okeke, all born in June 1990.",
            "the day of birth",
        ),
    ],
)
def test_what_a_strip_asks_for(others: list[tuple[str, date | None]], title: str, advice: str) -> None:
    people = [AMARA, *(Identity(str(place), name, born) for place, (name, born) in enumerate(others, 2))]
    strip = results_strip(people)
    assert strip is not None
    assert strip.title.endswith(title)
    assert advice in strip.advice


def test_no_strip_over_people_nobody_would_mix_up() -> None:
    assert results_strip([]) is None
    assert results_strip([AMARA, Identity("2", "Kit Farrow", date(1990, 6, 12), ("+447700900562",))]) is None


def test_strip_before_a_new_person() -> None:
    new = Identity("", "Amara Okeke", date(1990, 6, 12))
    one = new_person_strip(new, [AMARA])
    assert one is not None
    assert one.title == "Amara Okeke, born 12 June 1990, may be the same person."
    assert one.advice == "They have the same name and the same date of birth. Check before you add a new one."
    two = new_person_strip(new, [AMARA, Identity("2", "Amara Okeke", date(1990, 6, 21))])
    assert two is not None
    assert two.title == "Two people here may be Amara Okeke."
    assert new_person_strip(Identity("", "Kit Farrow", date(1990, 6, 12)), [AMARA]) is None
