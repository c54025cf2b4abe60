"""People's names: how they are checked, shown, and folded so that they are found however they are typed."""

import re
import unicodedata

from livingwell_desktop.domain.field_problems import field_problem

LONGEST_NAME = 200
"""Characters. Longer than the longest name on any birth certificate we know of; short enough for a row and a page."""

NAME_NOT_KNOWN = "Name not known"

# Letters that Unicode does not take apart into a letter and a mark, as people without those keys type them.
_PLAIN_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "ƙ": "k",
        "ɗ": "d", "ɓ": "b", "ƴ": "y", "ə": "e", "ǝ": "e", "æ": "ae", "œ": "oe", "ĸ": "q",
        "ى": "ي", "ی": "ي", "ئ": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا", "ہ": "ه", "ھ": "ه",
    }
)  # fmt: skip
APOSTROPHES = "'’‘‛ʼʻʹʾʿ`´′＇"
HYPHENS = "-‐‑‒–—−"
_TATWEEL = "\N{ARABIC TATWEEL}"
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NOT_PLAIN_ASCII = re.compile("[^a-z0-9 ]+")


def fold(text: str) -> str:
    """`text` as it is compared: no case, accents, apostrophes or hidden marks; anything that parts words is one space.

    Folding twice changes nothing more. Arabic letters joined in presentation forms become the plain letters.
    """
    if text.isascii():
        return " ".join(_NOT_PLAIN_ASCII.sub(" ", text.lower().replace("'", "").replace("`", "")).split())
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    for sign in APOSTROPHES:
        text = text.replace(sign, "")
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFD", text)
    text = unicodedata.normalize("NFC", "".join(_folded_sign(sign) for sign in text)).translate(_PLAIN_LETTERS)
    return " ".join(text.split())


def _folded_sign(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isalnum() else "" if sign in APOSTROPHES else " "
    if unicodedata.combining(sign) or sign == _TATWEEL or sign in APOSTROPHES:
        return ""
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(sign)
    if category in ("Cf", "Cc", "Cs") or "\ufe00" <= sign <= "\ufe0f":
        return " " if sign.isspace() else ""
    return sign if category[0] in "LMN" or category in ("So", "Sk", "Co", "Cn") else " "


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text. "Osei-Bonsu" is two, "O’Brien" is one."""
    return tuple(fold(text).split())


def search_words(name: str) -> tuple[str, ...]:
    """Every word a name may be looked for by: its parts, and the parts of a double name joined and apart.

    "O’Brien" is found by "obrien" and "brien"; "Osei-Bonsu" by "osei", "bonsu" and "oseibonsu". Index these.
    """
    found: dict[str, None] = {}
    for chunk in unicodedata.normalize("NFKC", name).split():
        parts = words(chunk)
        apart = words(_replaced(chunk, APOSTROPHES, " "))
        joined = fold(_replaced(chunk, HYPHENS, "")).replace(" ", "")
        found.update(dict.fromkeys(part for part in (*parts, *apart, joined) if part))
    return tuple(found)


def _replaced(text: str, signs: str, by: str) -> str:
    return text.translate({ord(sign): by for sign in signs})


def initials(name: str) -> str:
    """One or two capitals: of the first and the last word. A single name gives one; no letters give an empty text."""
    letters = [next((sign for sign in word if sign.isalnum()), "") for word in name.split()]
    found = [letter.upper()[:1] for letter in letters if letter]
    return found[0] + found[-1] if len(found) > 1 else "".join(found)


def check_name(typed: str, *, field: str = "name", what: str = "name") -> str:
    """The name as it will be kept: spaces tidied, letters composed, nothing else changed.

    Any script, direction and emoji are fine, as long as there is a letter; one name alone is fine.
    Raises Problem for no name, more than 200 characters, hidden characters, and a name without any letter.
    """
    name = _DIRECTION_MARKS.sub("", unicodedata.normalize("NFC", " ".join(typed.split())))
    if not name:
        raise field_problem(field, f"There is no {what} here.", f"Enter the {what} as the person says it.")
    if len(name) > LONGEST_NAME:
        raise field_problem(
            field, f"This {what} has {len(name):,} characters.", f"Shorten it to {LONGEST_NAME} characters or fewer."
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        raise field_problem(field, f"This {what} has hidden characters in it.", "Delete it and type it again.")
    if not any(sign.isalnum() for sign in name):
        raise field_problem(field, f"This {what} has no letters in it.", "Enter at least one letter.")
    return name


def display_name(given: str, family: str = "", preferred: str = "", *, family_first: bool = False) -> str:
    """The name to show: what the person wants to be called, with the family name; in the person's own order."""
    first = preferred.strip() or given.strip()
    family = family.strip()
    if family and preferred.strip() and set(words(family)) <= set(words(preferred)):
        return first
    parts = (family, first) if family_first else (first, family)
    return " ".join(part for part in parts if part) or NAME_NOT_KNOWN


def possessive(name: str) -> str:
    """ "Ngozi’s", "James’s"."""
    return f"{name}’s"
