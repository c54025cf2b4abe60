"""The search box: every way to type a name, a date of birth, a phone and a number, and any two together."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.searching import (
    MOST_READINGS,
    Query,
    Searchable,
    TermKind,
    local_number_key,
    match_spans,
    matches,
    parse_query,
)
from livingwell_desktop.domain.typed_birth_dates import PartialDate, read_dates

TODAY = date(2026, 11, 23)
NGOZI = Searchable(
    ("Ngozi Okafor", "Ngozi Osei-Bonsu O’Brien"),
    date(1986, 3, 14),
    ("07700900341", "02079460018"),
    "9990040109",
    ("LW-000123",),
)


def _readings(typed: str) -> list[list[str]]:
    return [[f"{term.kind}:{term.value}" for term in reading] for reading in parse_query(typed, TODAY).readings]


@pytest.mark.parametrize(
    ("typed", "likeliest"),
    [
        ("amara ok", ["name:amara", "name:ok"]),
        ("Okafor, Ngozi", ["name:okafor", "name:ngozi"]),
        ("O’Brien", ["name:obrien"]),
        ("14/3/86", ["born:14 March 1986"]),
        ("14.03.1986", ["born:14 March 1986"]),
        ("14-3-86", ["born:14 March 1986"]),
        ("1986-03-14", ["born:14 March 1986"]),
        ("14031986", ["born:14 March 1986"]),
        ("19860314", ["born:14 March 1986"]),
        ("140386", ["born:14 March 1986"]),
        ("14 3 86", ["born:14 March 1986"]),
        ("14 mar 1986", ["born:14 March 1986"]),
        ("14th of March 1986", ["born:14 March 1986"]),
        ("14 march", ["born:14 March"]),
        ("14/3", ["born:14 March"]),
        ("14/3/", ["born:14 March"]),
        ("3/14/86", ["born:14 March 1986"]),
        ("1986", ["born:1986"]),
        ("march 1986", ["born:March 1986"]),
        ("3/1986", ["born:March 1986"]),
        ("14", ["born:14"]),
        ("86", ["born:1986"]),
        ("march", ["name:march"]),
        ("341", ["digits:341"]),
        ("07700 900 341", ["digits:07700900341"]),
        ("+44 7700 900341", ["phone:07700900341"]),
        ("0044 7700 900341", ["phone:07700900341"]),
        ("+33 1 70 18", ["phone:3317018"]),
        ("999 004 0109", ["digits:9990040109"]),
        ("999-004-0109", ["digits:9990040109"]),
        ("LW-000123", ["local_number:lw000123"]),
        ("ngozi 14/3/86", ["name:ngozi", "born:14 March 1986"]),
        ("14 mar 86 ngozi", ["born:14 March 1986", "name:ngozi"]),
        ("999 004 0109 14 3 86", ["digits:9990040109", "born:14 March 1986"]),
        ("999 004 0109 1986", ["digits:9990040109", "born:1986"]),
    ],
)
def test_the_likeliest_reading(typed: str, likeliest: list[str]) -> None:
    assert _readings(typed)[0] == likeliest


@pytest.mark.parametrize("typed", ["", "   ", "…", "-", "7" * 60, "/", "?", "(+"])
def test_nothing_to_look_for(typed: str) -> None:
    assert parse_query(typed, TODAY).readings == ()
    assert not matches(parse_query(typed, TODAY), NGOZI)


def test_ambiguous_digits_give_alternatives() -> None:
    assert ["digits:140386"] in _readings("140386")
    assert ["digits:1986"] in _readings("1986")
    assert ["name:june", "born:1990"] in _readings("june 1990")
    assert {reading[0] for reading in _readings("1/2/20")} == {
        "born:1 February 2020",
        "born:1 February 1920",
        "born:1 February",
    }


def test_nobody_vanishes_while_a_date_of_birth_is_typed() -> None:
    for whole in ("ngozi 14/3/1986", "ngozi 14 mar 1986", "ngozi 14 3 1986"):
        typed = [whole[:length] for length in range(3, len(whole) + 1)]
        lost = [part for part in typed if not matches(parse_query(part, TODAY), NGOZI)]
        assert set(lost) <= {"ngozi 14 m", "ngozi 14 ma"}


@pytest.mark.parametrize("typed", ["31/2/86", "13/13/1986", "99/99", "55/1986"])
def test_an_impossible_date_is_not_a_date(typed: str) -> None:
    assert all(term.kind is not TermKind.BORN for term in parse_query(typed, TODAY).terms)


NAME_PARTS = ("ngo", "oka", "osei-bonsu", "oseibonsu", "brien", "O'Brien", "ngozi okafor")
BIRTH_DATES = ("14/3/86", "14031986", "14 mar 1986", "1986", "14 march", "14 3 86", "1986-03-14")
PHONES = ("341", "07700 900 341", "+44 7700 900341", "077009", "0018", "020 7946")
NUMBERS = ("999 004 0109", "9990040109", "999004", "999 004", "LW-000123", "LW-0001")


@pytest.mark.parametrize("one", [*NAME_PARTS, *BIRTH_DATES, *PHONES, *NUMBERS])
def test_every_part_finds_by_itself(one: str) -> None:
    assert matches(parse_query(one, TODAY), NGOZI)


def _pairs() -> list[tuple[str, str]]:
    kinds = (NAME_PARTS, BIRTH_DATES, PHONES, NUMBERS[:4])
    return [(a, b) for one in kinds for other in kinds if one is not other for a in one for b in other]


def test_any_two_kinds_find_together_in_any_order() -> None:
    missed = [pair for pair in _pairs() if not matches(parse_query(" ".join(pair), TODAY), NGOZI)]
    assert missed == []


@pytest.mark.parametrize(
    "typed",
    ["ngozi adeyemi", "ngozi 15/3/86", "ngozi 342", "1987 341", "9990040108", "14 april", "zgozi", "okafor 077001"],
)
def test_all_of_it_must_hold(typed: str) -> None:
    assert not matches(parse_query(typed, TODAY), NGOZI)


def test_a_person_without_details_is_found_by_name_only() -> None:
    single = Searchable(("Kit",))
    assert matches(parse_query("kit", TODAY), single)
    assert not matches(parse_query("kit 1986", TODAY), single)


def test_local_numbers_are_compared_without_what_stands_between() -> None:
    assert local_number_key("LW-000 123") == "lw000123"


@pytest.mark.parametrize(
    ("typed", "name", "marked"),
    [
        ("amara ok", "Amara Okeke", ["Amara", "Ok"]),
        ("amara ok", "Amarachi Okoro", ["Amara", "Ok"]),
        ("wojc", "Halina Wójcik", ["Wójc"]),
        ("obr", "Zoë O’Brien", ["O’Br"]),
        ("brien", "Zoë O’Brien", ["Brien"]),
        ("oseib", "Samuel Osei-Bonsu", ["Osei-B"]),
        ("zoe", "Zoë O’Brien", ["Zoë"]),
        ("bonsu", "Samuel Osei-Bonsu", ["Bonsu"]),
        ("zoe", "Zoe\u0308 Smith", ["Zoe\u0308"]),
        ("strass", "Anna Straßer", ["Straß"]),
        ("an ann", "Ann Anders", ["Ann", "An"]),
        ("1986", "Ngozi Okafor", []),
        ("xyz", "Ngozi Okafor", []),
        ("محم", "مُحَمَّد علي", ["مُحَمَّ"]),
        ("", "", []),
    ],
)
def test_which_letters_are_marked(typed: str, name: str, marked: list[str]) -> None:
    assert [name[start:end] for start, end in match_spans(parse_query(typed, TODAY), name)] == marked


@given(st.text(max_size=60), st.text(max_size=60))
def test_spans_lie_in_the_name_in_order_and_apart(typed: str, name: str) -> None:
    end_before = -1
    for start, end in match_spans(parse_query(typed, TODAY), name):
        assert end_before < start < end <= len(name)
        end_before = end


@given(st.text(max_size=300))
def test_anything_can_be_typed(typed: str) -> None:
    query = parse_query(typed, TODAY)
    assert isinstance(query, Query)
    assert len(query.readings) <= MOST_READINGS
    assert all(query.readings)
    matches(query, NGOZI)


@given(st.text(alphabet="0123456789 /.-+()a", max_size=60))
def test_any_digits_can_be_typed(typed: str) -> None:
    query = parse_query(typed, TODAY)
    assert all(term.value for term in query.terms)
    assert all((term.born is not None) == (term.kind is TermKind.BORN) for term in query.terms)


@given(st.dates(date(1930, 1, 1), TODAY), st.sampled_from(["{0.day}/{0.month}/{0.year}", "{0:%d%m%Y}", "{0:%d.%m.%y}"]))
def test_every_date_of_birth_is_found_however_it_is_typed(born: date, form: str) -> None:
    assert matches(parse_query(form.format(born), TODAY), Searchable(("X",), born))


@given(st.dates(date(1900, 1, 1), TODAY), st.booleans(), st.booleans(), st.booleans())
def test_a_partial_date_allows_the_date_it_came_from(born: date, day: bool, month: bool, year: bool) -> None:
    part = PartialDate(born.day if day else None, born.month if month else None, born.year if year else None)
    assert part.allows(born)
    assert not PartialDate(born.day % 31 + 1).allows(born)


def test_dates_of_more_parts_are_not_dates() -> None:
    assert read_dates((), TODAY) == ()
    assert read_dates(("1", "2", "3", "4"), TODAY) == ()
