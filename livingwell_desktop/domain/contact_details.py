"""Phone numbers, postcodes and email addresses: what was typed is kept, beside a form that can be compared."""

import re
from dataclasses import dataclass

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.field_problems import field_problem
from livingwell_desktop.domain.wording import digits_of

NO_FIXED_ABODE = "ZZ99 3VZ"
ADDRESS_NOT_KNOWN = "ZZ99 3WZ"
SOMEWHERE_IN_ENGLAND = "ZZ99 3CZ"
SPECIAL_POSTCODES = {
    NO_FIXED_ABODE: "No fixed abode",
    ADDRESS_NOT_KNOWN: "Address not known",
    SOMEWHERE_IN_ENGLAND: "England, address not stated",
}
"""National codes for a place without a postcode (NHS Postcode Directory): for export. People choose the words."""

NO_PHONE = "No phone"
NO_ADDRESS = "No address"
"""What stands where `phone_words` and `where_words` have nothing to say."""

LONGEST_TYPED = 100
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x)\s*(\d{1,6})$", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"[\s().\-–/‑\u200e\u200f\u202a-\u202e]+")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})|(GIR)(0AA)|(ZZ99)([0-9][A-Z]{2})")
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_HOUSE_NUMBER = re.compile(r"^\d+\w?\s+")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s.,;<>\"]+(?:\.[^@\s.,;<>\"]+)+")
_PHONE_EXAMPLE = "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192."


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number: as typed, and in E.164 ("+447700900341"), which is what is compared."""

    typed: str
    e164: str


def parse_phone(typed: str, field: str = "phone") -> Phone:
    """The phone number in `typed`, in any usual format; a number without a country is a UK number.

    Raises Problem, with its own words for: nothing typed, letters, too short, too long, a start no UK number has.
    """
    kept = " ".join(typed.split())
    bare = _BETWEEN_DIGITS.sub("", _EXTENSION.sub("", kept.replace("(0)", "")))
    if not bare:
        raise field_problem(field, "There is no phone number here.", _PHONE_EXAMPLE)
    plus, digits = bare.startswith("+"), digits_of(bare)
    if len(digits) != len(bare) - plus:
        raise field_problem(
            field, "A phone number has no letters in it.", "Enter the number here. Write anything else in the notes."
        )
    if len(digits) > 15 or len(kept) > LONGEST_TYPED:
        raise field_problem(field, "This phone number is too long.", _PHONE_EXAMPLE)
    return Phone(kept, _e164(digits, plus, field))


def _e164(digits: str, plus: bool, field: str) -> str:
    if not plus and digits.startswith("00"):
        plus, digits = True, digits[2:]
    if not plus and len(digits) == 12 and digits.startswith("44"):
        plus = True
    if plus and not digits.startswith("44"):
        if len(digits) < 7 or digits.startswith("0"):
            raise field_problem(field, "This phone number is too short.", "Enter it with its country, like +33 1 70...")
        return f"+{digits}"
    # After +44 the leading 0 is mostly left out. It is put back, not guessed: nine digits may be the whole number.
    national = f"0{digits.removeprefix('44').removeprefix('0')}" if plus else digits
    return f"+44{_uk_national(national, field)}"


def _uk_national(digits: str, field: str) -> str:
    """The digits after the leading 0. A spreadsheet may have eaten that 0, so ten digits without it are accepted."""
    if not digits.startswith("0") and not (len(digits) == 10 and digits[0] in "1237"):
        raise _wrong_start(digits, field)
    national = digits.removeprefix("0")
    if national == "8001111":
        return national
    if len(national) < (10 if national[:1] in ("2", "3", "5", "7") else 9):
        raise field_problem(field, "This phone number is too short.", _PHONE_EXAMPLE)
    if len(national) > 10:
        raise field_problem(field, "This phone number is too long.", _PHONE_EXAMPLE)
    if national[0] not in "1235789":
        raise _wrong_start(digits, field)
    return national


def _wrong_start(digits: str, field: str) -> Problem:
    if len(digits) < 9:
        return field_problem(field, "This phone number is too short.", _PHONE_EXAMPLE)
    return field_problem(field, f"No UK phone number looks like {digits[:3]}...", f"Check the start. {_PHONE_EXAMPLE}")


def searchable_digits(phone: Phone) -> str:
    """The digits people say: "07700900341" for a UK number, with the country code for any other. Index these."""
    return f"0{phone.e164[3:]}" if phone.e164.startswith("+44") else phone.e164.removeprefix("+")


def display_phone(phone: Phone) -> str:
    """A UK number in the groups people read it in ("07700 900 341", "020 7946 0018"); any other as it was typed."""
    if not phone.e164.startswith("+44"):
        return phone.typed
    digits = searchable_digits(phone)
    lengths = _groups(digits)
    ends = [sum(lengths[:place]) for place in range(len(lengths) + 1)]
    shown = " ".join(digits[start:end] for start, end in zip(ends, [*ends[1:], len(digits)], strict=True))
    return shown.strip()


def _groups(digits: str) -> tuple[int, ...]:
    """How long each group but the last is (Ofcom's numbering plan; the last group takes what is left)."""
    if digits.startswith("02"):
        return (3, 4)
    if digits.startswith(("03", "08", "09")) or digits[:3] == "011" or (digits[1] == "1" and digits[3] == "1"):
        return (4, 3)
    return (5, 3) if len(digits) == 11 else (5,)


def last_digits(phone: Phone, count: int = 3) -> str:
    """The last digits, enough to tell two people apart without showing the number ("Phone ends 562")."""
    return phone.e164[-count:]


def parse_postcode(typed: str, field: str = "postcode") -> str:
    """A full UK postcode in any case and spacing, as "SW9 8JQ". The national ZZ99 codes are accepted.

    Raises Problem, with its own words for: nothing typed, only the first half, and a mistake in either half.
    """
    letters = "".join(sign for sign in typed[:LONGEST_TYPED].upper() if sign.isalnum())
    if not letters:
        raise field_problem(field, "There is no postcode here.", "Enter a postcode, like SW9 8JQ, or leave it empty.")
    found = _POSTCODE.fullmatch(letters)
    if found:
        return f"{letters[:-3]} {letters[-3:]}"
    if _OUTWARD.fullmatch(letters):
        raise field_problem(
            field, "This is only the first half of a postcode.", "Enter all of it, like SW9 8JQ, or leave it empty."
        )
    meant = _meant_postcode(letters)
    if meant:
        raise field_problem(
            field, "This postcode has a letter where a number belongs, or the other way round.", f"Is it {meant}?"
        )
    raise field_problem(field, "This is not a full UK postcode.", "Check it. Enter it like SW9 8JQ.")


def _meant_postcode(letters: str) -> str:
    """The postcode that appears when O and 0, or I and 1, change places in its last half; empty if there is none."""
    start, end = letters[:-3], letters[-3:]
    figure = end[:1].replace("O", "0").replace("I", "1")
    rest = end[1:].replace("0", "O").replace("1", "I")
    for outward in (start, start[:1] + start[1:].replace("O", "0").replace("I", "1"), start.replace("0", "O", 1)):
        if _POSTCODE.fullmatch(outward + figure + rest):
            return f"{outward} {figure}{rest}"
    return ""


def outward_postcode(postcode: str) -> str:
    """The first half ("SW9"), to show beside a street; words for a national ZZ99 code; empty for no postcode."""
    return SPECIAL_POSTCODES.get(postcode) or postcode.partition(" ")[0]


def phone_words(phone: str) -> str:
    """The end of a phone number, enough to compare ("Phone ends 118"); empty for none. What was typed may be none."""
    if not phone:
        return ""
    try:
        return f"Phone ends {last_digits(parse_phone(phone))}"
    except Problem:
        return "Phone not clear"


def where_words(address: str, postcode: str, no_fixed_abode: bool, *, whole: bool = False) -> str:
    """Where somebody lives, enough to compare ("Barrington Road, SW9"); empty when that is not known.

    `whole` keeps flat and house number, to tell neighbours apart.
    """
    if no_fixed_abode:
        return SPECIAL_POSTCODES[NO_FIXED_ABODE]
    parts = (address.strip() if whole else street(address), outward_postcode(postcode))
    return ", ".join(part for part in parts if part)


def street(address: str) -> str:
    """The street without flat and house number: "Ferndale Road". Without a number the first part of the address."""
    parts = [part.strip() for part in address.split(",") if part.strip()]
    named = [_HOUSE_NUMBER.sub("", part) for part in parts]
    roads = [part for part, whole in zip(named, parts, strict=True) if part != whole]
    return roads[-1] if roads else next(iter(named), "")


def parse_email(typed: str, field: str = "email") -> str:
    """An email address that can be one: a name, an @ and a domain with a dot. Whether it works only a letter tells.

    Raises Problem for nothing typed, spaces, no @ or more than one, and a domain without a dot.
    """
    email = typed.strip()
    example = "Enter an email address, like name@example.com."
    if not email:
        raise field_problem(field, "There is no email address here.", example)
    if len(email) > 254:
        raise field_problem(field, "This email address is too long.", example)
    if any(sign.isspace() for sign in email):
        raise field_problem(field, "An email address has no spaces.", f"Take the spaces out. {example}")
    if email.count("@") != 1:
        what = "no @" if "@" not in email else "more than one @"
        raise field_problem(field, f"This email address has {what} in it.", example)
    name = email.partition("@")[0]
    if not _EMAIL.fullmatch(email) or ".." in email or name.startswith(".") or name.endswith("."):
        raise field_problem(field, "This is not a full email address.", example)
    return email
