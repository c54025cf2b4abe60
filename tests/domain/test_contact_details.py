"""Phones, postcodes and emails: kept as typed, comparable, and each mistake with its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.contact_details import (
    ADDRESS_NOT_KNOWN,
    NO_FIXED_ABODE,
    SOMEWHERE_IN_ENGLAND,
    Phone,
    display_phone,
    last_digits,
    outward_postcode,
    parse_email,
    parse_phone,
    parse_postcode,
    phone_words,
    searchable_digits,
    where_words,
)
from livingwell_desktop.domain.errors import Problem


@pytest.mark.parametrize(
    ("typed", "e164", "shown"),
    [
        ("07700900341", "+447700900341", "07700 900 341"),
        ("07700 900341", "+447700900341", "07700 900 341"),
        ("+44 7700 900 341", "+447700900341", "07700 900 341"),
        ("+44 (0)7700 900341", "+447700900341", "07700 900 341"),
        ("0044 7700-900-341", "+447700900341", "07700 900 341"),
        ("447700900341", "+447700900341", "07700 900 341"),
        ("7700900341", "+447700900341", "07700 900 341"),
        ("(020) 7946 0018", "+442079460018", "020 7946 0018"),
        ("020 7946 0018 ext 12", "+442079460018", "020 7946 0018"),
        ("01632 960 001", "+441632960001", "01632 960 001"),
        ("0161 496 0000", "+441614960000", "0161 496 0000"),
        ("0113 496 0000", "+441134960000", "0113 496 0000"),
        ("0800 731 2864", "+448007312864", "0800 731 2864"),
        ("0300.123.4567", "+443001234567", "0300 123 4567"),
        ("0800 1111", "+448001111", "0800 111 1"),
        ("01204 62083", "+44120462083", "01204 62083"),
        ("+33 1 70 18 99 00", "+33170189900", "+33 1 70 18 99 00"),
        ("00 353 1 234 5678", "+35312345678", "00 353 1 234 5678"),
        ("٠٧٧٠٠ ٩٠٠٣٤١", "+447700900341", "07700 900 341"),
    ],
)
def test_any_format_of_a_phone(typed: str, e164: str, shown: str) -> None:
    phone = parse_phone(f"  {typed} ")
    assert phone == Phone(typed, e164)
    assert display_phone(phone) == shown
    assert last_digits(phone) == e164[-3:]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "no phone number"), ("()", "no phone number"), ("07700 90034", "too short"),
        ("07700 900 3411", "too long"),
        ("999", "too short"), ("0", "too short"), ("07700 900 341 mum", "no letters"), ("O7700 900341", "no letters"),
        ("9" * 10_000, "too long"), ("04700 900341", "No UK phone number looks like 047"), ("+33 1", "too short"),
        ("5551234567", "No UK phone number looks like 555"), ("+0", "too short"), ("07700+900341", "no letters"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_phone(typed: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_phone(typed, field="mobile")
    assert caught.value.fields[0].field == "mobile"
    assert words in caught.value.what_happened
    assert len(caught.value.fields[0].sentence) < 200


def test_digits_to_search_by() -> None:
    assert searchable_digits(parse_phone("+44 7700 900341")) == "07700900341"
    assert searchable_digits(parse_phone("+33 1 70 18 99 00")) == "33170189900"


def test_a_number_of_nine_digits_is_read_again_from_its_form_for_export() -> None:
    phone = parse_phone("016977 2345")
    assert phone.e164 == "+44169772345"
    assert parse_phone(phone.e164).e164 == phone.e164


@given(st.text(alphabet="0123456789 +()-x.", max_size=25))
def test_a_phone_is_read_the_same_way_again(typed: str) -> None:
    try:
        phone = parse_phone(typed)
    except Problem:
        return
    assert parse_phone(phone.e164).e164 == phone.e164
    assert parse_phone(display_phone(phone)).e164 == phone.e164
    assert phone.e164[1:].isdecimal()
    assert len(phone.e164) <= 16


@given(st.text(max_size=40))
def test_anything_typed_is_a_contact_or_a_problem(typed: str) -> None:
    for parse in (parse_phone, parse_postcode, parse_email):
        try:
            assert parse(typed)
        except Problem as problem:
            assert problem.fields


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [
        ("SW9 8JQ", "SW9 8JQ"), ("sw98jq", "SW9 8JQ"), (" s w 9  8 j q ", "SW9 8JQ"), ("SW16-1AB", "SW16 1AB"),
        ("w1a1hq", "W1A 1HQ"), ("EC1A 1BB", "EC1A 1BB"), ("M1 1AE", "M1 1AE"), ("gir0aa", "GIR 0AA"),
        ("zz993vz", NO_FIXED_ABODE), ("ZZ99 3WZ", ADDRESS_NOT_KNOWN), ("ZZ99 3CZ", SOMEWHERE_IN_ENGLAND),
    ],
)  # fmt: skip
def test_postcodes(typed: str, postcode: str) -> None:
    assert parse_postcode(typed) == postcode
    assert parse_postcode(postcode) == postcode


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "no postcode"), ("SW9", "first half"), ("SW16", "first half"), ("SW9 OAB", "Is it SW9 0AB?"),
        ("SWI6 1AB", "Is it SW16 1AB?"), ("hello", "not a full UK postcode"), ("SW9 8J", "not a full UK postcode"),
        ("SW9 8JQQ", "not a full UK postcode"), ("A" * 10_000, "not a full UK postcode"), ("75001", "not a full"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_postcode(typed: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_postcode(typed)
    assert words in caught.value.fields[0].sentence


def test_first_half_of_a_postcode_and_words_for_codes() -> None:
    assert outward_postcode("SW9 8JQ") == "SW9"
    assert outward_postcode(NO_FIXED_ABODE) == "No fixed abode"
    assert outward_postcode("") == ""


@pytest.mark.parametrize(
    "typed", ["a@b.co", " ngozi.okafor+home@example.org ", "łukasz@żółć.pl", "o'brien@mail.example.com"]
)
def test_emails(typed: str) -> None:
    assert parse_email(typed) == typed.strip()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "no email"), ("ngozi", "no @"), ("a@b@c.org", "more than one @"), ("ngozi @example.org", "no spaces"),
        ("a@b", "not a full"), ("a@b..org", "not a full"), (".a@b.org", "not a full"), ("a@.org", "not a full"),
        ("a" * 300 + "@b.org", "too long"), ("@b.org", "not a full"), ("a.@b.org", "not a full"),
    ],
)  # fmt: skip
def test_each_mistake_in_an_email(typed: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_email(typed)
    assert words in caught.value.what_happened


def test_where_somebody_lives_enough_to_compare() -> None:
    assert where_words("Flat 4, 12 Ferndale Road", "SW9 8JQ", False) == "Ferndale Road, SW9"
    assert where_words("Flat 4, 12 Ferndale Road", "SW9 8JQ", False, whole=True) == "Flat 4, 12 Ferndale Road, SW9"
    assert where_words("c/o Mosaic, 65a Effra Road, London", "", False) == "Effra Road"
    assert where_words("The Old Forge, Clapham", "SW4 0AA", False) == "The Old Forge, SW4"
    assert where_words("", "SW9 8JQ", False) == "SW9"
    assert where_words("", NO_FIXED_ABODE, False) == where_words("12 Ferndale Road", "", True) == "No fixed abode"
    assert where_words(" , ", "", False) == ""


def test_the_end_of_a_phone_number() -> None:
    assert phone_words("07700 900 118") == "Phone ends 118"
    assert phone_words("ask her sister") == "Phone not clear"
    assert phone_words("") == ""
