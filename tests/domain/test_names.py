"""Names: folded for search, checked without forbidding anybody's, and shown."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.names import (
    check_name,
    display_name,
    fold,
    initials,
    possessive,
    search_words,
    words,
)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Ngozi Okafor", "ngozi okafor"),
        ("Halina Wójcik", "halina wojcik"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Søren Ørsted", "soren orsted"),
        ("Đorđe", "dorde"),
        ("Weiß STRASSE", "weiss strasse"),
        ("Işıl İnci", "isil inci"),
        ("Æsa Œuvre Þór", "aesa oeuvre thor"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("Osei-Bonsu", "osei bonsu"),
        ("Osei‑Bonsu", "osei bonsu"),
        ("  Anne   Marie ", "anne marie"),
        ("NGUYỄN Thị", "nguyen thi"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("فاطمة", "فاطمه"),
        ("محـــمد", "محمد"),
        ("علی", "علي"),
        ("Ａｍａｒａ", "amara"),
        ("José", "jose"),
        ("Jr., John", "jr john"),
        ("", ""),
        ("…", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded
    assert words(name) == tuple(folded.split())


@given(st.text())
@example("ŀ")
@example("ς Σ İ ǰ")
@example("각̄")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(text).strip()


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) or "ÿ" in text or "µ" in text


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("Zoë O’Brien", {"zoe", "obrien", "o", "brien"}),
        ("Samuel Osei-Bonsu", {"samuel", "osei", "bonsu", "oseibonsu"}),
        ("Ngozi", {"ngozi"}),
    ],
)
def test_words_a_name_is_found_by(name: str, found_by: set[str]) -> None:
    assert set(search_words(name)) == found_by


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ngozi Okafor", "NO"), ("Ngozi", "N"), ("yusuf abdi warsame", "YW"), ("Samuel Osei-Bonsu", "SO"), ("", ""),
        ("’Abd ßeta", "AS"), ("محمد علي", "مع"), ("Kit 🌻", "K"), ("(Kit) Farrow", "KF"),
    ],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ngozi", "Ngozi"), ("  Anne \t Marie\n", "Anne Marie"), ("O’Brien", "O’Brien"), ("محمد", "محمد"),
        ("Kit 🌻", "Kit 🌻"), ("e\u0301lodie", "élodie"), ("X", "X"), ("a" * 200, "a" * 200),
        ("van der Berg", "van der Berg"), ("\u202eKit\u202c", "Kit"), ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)  # fmt: skip
def test_names_that_are_kept(typed: str, kept: str) -> None:
    assert check_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words_said"),
    [
        ("", "no family name"), ("   ", "no family name"), ("a" * 201, "has 201 characters"),
        ("a" * 10_000, "has 10,000 characters"), ("Ki\x00t", "hidden"), ("Ki\ud800t", "hidden"), ("…", "no letters"),
        ("🌻", "no letters"), ("\u202e", "no family name"),
    ],
)  # fmt: skip
def test_names_that_are_refused(typed: str, words_said: str) -> None:
    with pytest.raises(Problem) as caught:
        check_name(typed, field="family", what="family name")
    (field,) = caught.value.fields
    assert field.field == "family"
    assert words_said in field.sentence
    assert len(field.sentence) < 200


@given(st.text())
def test_a_checked_name_is_steady_and_can_be_stored(typed: str) -> None:
    try:
        name = check_name(typed)
    except Problem:
        return
    assert check_name(name) == name
    assert name.encode("utf-8")
    assert len(name) <= 200


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (("Ngozi", "Okafor"), "Ngozi Okafor"),
        (("Christopher", "Farrow", "Kit"), "Kit Farrow"),
        (("Ngozi", ""), "Ngozi"),
        (("", "Okafor"), "Okafor"),
        (("", ""), "Name not known"),
        (("Maria", "Silva", "Mia Silva"), "Mia Silva"),
    ],
)
def test_display_name(parts: tuple[str, ...], shown: str) -> None:
    assert display_name(*parts) == shown


def test_the_family_name_may_come_first() -> None:
    assert display_name("Thi", "Nguyen", family_first=True) == "Nguyen Thi"


def test_possessive() -> None:
    assert (possessive("Ngozi"), possessive("James")) == ("Ngozi’s", "James’s")
