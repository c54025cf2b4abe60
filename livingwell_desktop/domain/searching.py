"""The one search box: what a person typed, as name parts, a date of birth, a phone, an NHS number or a local number.

What was typed can often be read in more than one way ("010190" may be a day or the start of a phone number). A query
holds every reading that makes sense. Somebody is found when all terms of any one reading hold.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from livingwell_desktop.domain.names import APOSTROPHES, HYPHENS, fold, search_words, words
from livingwell_desktop.domain.nhs_number import NUMBER_LENGTH, is_valid_check_digit
from livingwell_desktop.domain.typed_birth_dates import PartialDate, read_dates
from livingwell_desktop.domain.wording import digits_of

LONGEST_QUERY = 200
MOST_TOKENS = 10
MOST_NUMBERS = 6
MOST_READINGS = 8
MOST_DIGITS = 15
SHORTEST_DIGITS = 3
_DAY_AND_MONTH_NAME = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[ \-/.](?:of )?([a-z]{3,9})(?:[ \-/.,]+(\d{1,4}))?(?![\w])", re.IGNORECASE
)
_MONTH_NAME_AND_YEAR = re.compile(r"\b([a-z]{3,9})[ \-/.]+(\d{4})\b", re.IGNORECASE)
_NUMERIC = re.compile(r"[+(]?\d[\d().+/\-–]*")


class TermKind(StrEnum):
    """What a term is compared with."""

    NAME = "name"
    BORN = "born"
    DIGITS = "digits"
    PHONE = "phone"
    LOCAL_NUMBER = "local_number"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must hold.

    NAME: a word of any of the person's names (`names.search_words`) starts with `value`, which is folded.
    BORN: `born` allows the date of birth; `value` is it as text.
    PHONE: the digits of any number (`contact_details.searchable_digits`) start or end with `value`.
    LOCAL_NUMBER: a local number (`local_number_key`) starts with `value`.
    DIGITS: any of these: PHONE, LOCAL_NUMBER, or the ten digits of the NHS number start with `value`.
    """

    kind: TermKind
    value: str
    born: PartialDate | None = None


Reading = tuple[Term, ...]
_Option = tuple[int, Reading]
"""A way to read a part of what was typed, and how unlikely it is: 0 is whole and certain, more is a guess."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed and its readings, likeliest first. No readings: nothing to look for yet."""

    typed: str
    readings: tuple[Reading, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term of every reading, once, in order."""
        return tuple(dict.fromkeys(term for reading in self.readings for term in reading))

    @property
    def name_prefixes(self) -> tuple[str, ...]:
        """The folded name parts looked for."""
        return tuple(term.value for term in self.terms if term.kind is TermKind.NAME)


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a person can be found by. `phones` as `contact_details.searchable_digits` gives them."""

    names: tuple[str, ...]
    born: date | None = None
    phones: tuple[str, ...] = ()
    nhs_number: str = ""
    local_numbers: tuple[str, ...] = ()


def parse_query(text: str, today: date) -> Query:
    """Read a search box. Never raises: whatever cannot be read finds nothing by itself."""
    typed = _with_plain_digits(" ".join(text[:LONGEST_QUERY].split()))
    remaining, alternatives = _named_dates(typed, today)
    for run in _runs(remaining):
        options = _number_options(run, today) if _NUMERIC.fullmatch(run[0]) else _word_options(run[0])
        if options:
            alternatives.append(options)
    return Query(text, tuple(reading for _, reading in _combined(alternatives)))


def matches(query: Query, person: Searchable) -> bool:
    """Whether a person is found. The stored search must agree with this."""
    return any(all(term_holds(term, person) for term in reading) for reading in query.readings)


def term_holds(term: Term, person: Searchable) -> bool:
    """Whether one term holds for a person."""
    if term.kind is TermKind.NAME:
        return any(word.startswith(term.value) for name in person.names for word in search_words(name))
    if term.kind is TermKind.BORN:
        return term.born is not None and person.born is not None and term.born.allows(person.born)
    in_phone = any(phone.startswith(term.value) or phone.endswith(term.value) for phone in person.phones)
    in_local = any(local_number_key(number).startswith(term.value) for number in person.local_numbers)
    if term.kind is TermKind.PHONE:
        return in_phone
    if term.kind is TermKind.LOCAL_NUMBER:
        return in_local
    return in_phone or in_local or person.nhs_number.startswith(term.value)


def local_number_key(number: str) -> str:
    """A local number as it is compared: folded, nothing between its letters and digits."""
    return fold(number).replace(" ", "")


def _with_plain_digits(text: str) -> str:
    return "".join(digits_of(sign) or sign for sign in text)


def _combined(alternatives: Sequence[Sequence[_Option]]) -> list[_Option]:
    """The likeliest readings of the whole, from the options of its parts, each reading once."""
    found: list[_Option] = [(0, ())] if alternatives else []
    for options in alternatives:
        longer = [
            (before + cost, tuple(dict.fromkeys((*terms, *more))))
            for (before, terms), (cost, more) in product(found, options)
        ]
        found = _likeliest(longer)
    return found


def _likeliest(options: Iterable[_Option]) -> list[_Option]:
    """Options in order, without repeats and without those that are far less likely than the best."""
    best: dict[Reading, int] = {}
    for cost, terms in options:
        best[terms] = min(cost, best.get(terms, cost))
    ordered = sorted(((cost, terms) for terms, cost in best.items()), key=lambda option: (option[0], len(option[1])))
    return [option for option in ordered if option[0] <= ordered[0][0] + 1][:MOST_READINGS]


def _named_dates(text: str, today: date) -> tuple[str, list[list[_Option]]]:
    """Take out dates whose month is a word. What may also be a name ("june 1990") is read both ways."""
    found: list[list[_Option]] = []

    def take_day(match: re.Match[str]) -> str:
        day, month, year = match.group(1), match.group(2), match.group(3) or ""
        for rest, parts in (("", (day, month, year)), (year, (day, month, ""))):
            dates = read_dates(parts, today)
            if dates:
                found.append([(0, (_born(born),)) for born in dates])
                return f" {rest} "
        return match.group()

    def take_month(match: re.Match[str]) -> str:
        dates = read_dates(("", match.group(1), match.group(2)), today)
        name = tuple(Term(TermKind.NAME, word) for word in words(match.group(1)))
        year = PartialDate(year=int(match.group(2)))
        found.extend([[*((0, (_born(born),)) for born in dates), (1, (*name, _born(year)))]] if dates else [])
        return " " if dates else match.group()

    return _MONTH_NAME_AND_YEAR.sub(take_month, _DAY_AND_MONTH_NAME.sub(take_day, text)), found


def _runs(text: str) -> Iterator[list[str]]:
    """Tokens one by one, but numbers that stand side by side together."""
    run: list[str] = []
    for token in text.replace(",", " ").split()[:MOST_TOKENS]:
        if _NUMERIC.fullmatch(token):
            run.append(token)
            continue
        if run:
            yield run
            run = []
        yield [token]
    if run:
        yield run


def _word_options(token: str) -> list[_Option]:
    names: Reading = tuple(Term(TermKind.NAME, word) for word in words(token))
    options: list[_Option] = [(0, names)] if names else []
    key = local_number_key(token)
    if len(key) >= SHORTEST_DIGITS and any(sign.isdigit() for sign in key):
        options.insert(0, (0, (Term(TermKind.LOCAL_NUMBER, key),)))
    return options


def _number_options(run: list[str], today: date) -> list[_Option]:
    """The likeliest ways to part a run of numbers into things that make sense."""
    found: list[_Option] = []
    for groups in _partitions(run[:MOST_NUMBERS]):
        options = [_group_terms(group, today) for group in groups]
        for chosen in product(*options):
            found.append((sum(cost for cost, _ in chosen), tuple(term for _, term in chosen)))
    return _likeliest(found)


def _partitions(run: list[str]) -> Iterator[list[list[str]]]:
    if not run:
        yield []
    for end in range(1, len(run) + 1):
        for rest in _partitions(run[end:]):
            yield [run[:end], *rest]


def _group_terms(group: list[str], today: date) -> list[tuple[int, Term]]:
    """What numbers side by side can be together: a date of birth, or digits of a phone or of a number."""
    parts = tuple(part for token in group for part in re.split(r"\D+", token) if part)
    is_phone = group[0].startswith(("+", "("))
    dates = () if is_phone else read_dates(parts, today)
    terms = [(_date_cost(born, parts), _born(born)) for born in dates]
    if dates and "/" in group[0]:
        return terms
    return terms + _digit_terms("".join(parts), international="+" in group[0])


def _date_cost(born: PartialDate, parts: tuple[str, ...]) -> int:
    if len(parts) == 1 and len(parts[0]) <= 2:
        return 2
    return 0 if (born.day and born.month and born.year) or len(parts[0]) == 4 else 1


def _digit_terms(digits: str, international: bool) -> list[tuple[int, Term]]:
    """Digits of a phone or a number. The UK's country code stands for the 0 that starts a number at home."""
    if not SHORTEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return []
    home = f"0{digits.removeprefix('00').removeprefix('44').removeprefix('0')}"
    if digits.startswith(("44", "0044")) and (international or len(digits) >= 12):
        return [(0 if len(home) >= 10 else 1, Term(TermKind.PHONE, home))] if len(home) >= SHORTEST_DIGITS else []
    if international or len(digits) > 11:
        return [(1, Term(TermKind.PHONE, digits.removeprefix("00")))] if international or digits[:2] == "00" else []
    is_number = len(digits) == NUMBER_LENGTH and is_valid_check_digit(digits)
    whole = is_number or re.fullmatch(r"0[1235789]\d{8,9}", digits)
    return [(0 if whole else 1, Term(TermKind.DIGITS, digits))]


def _born(born: PartialDate) -> Term:
    return Term(TermKind.BORN, str(born), born)


def match_spans(query: Query, display_name: str) -> tuple[tuple[int, int], ...]:
    """Which letters of a shown name were matched: half-open ranges in order, apart from each other, to draw bold.

    Each name part marks the first word it starts that no other part has taken.
    """
    texts = [_folded_with_origins(display_name, joined) for joined in ("", HYPHENS)]
    taken: set[int] = set()
    marked: set[int] = set()
    for prefix in sorted(query.name_prefixes, key=len, reverse=True):
        found = next((span for text in texts for span in _starts_with(prefix, *text) if span[0] not in taken), None)
        if found:
            taken.add(found[0])
            marked.update(range(*found))
    return tuple(_ranges(sorted(marked)))


def _starts_with(prefix: str, folded: str, origins: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where a word of the name starts with `prefix`; a word also starts after an apostrophe, where letters were cut."""
    for place in range(len(folded) - len(prefix) + 1):
        starts = place == 0 or folded[place - 1] == " " or origins[place - 1][1] < origins[place][0]
        if starts and folded.startswith(prefix, place):
            yield origins[place][0], origins[place + len(prefix) - 1][1]


def _folded_with_origins(name: str, joined: str) -> tuple[str, list[tuple[int, int]]]:
    """The name folded letter by letter without the signs in `joined`, and the range of the name each letter came from.

    A mark belongs to the letter before it; an apostrophe to none.
    """
    folded: list[str] = []
    origins: list[tuple[int, int]] = []
    for place, sign in enumerate(name):
        plain = fold(sign)
        if plain:
            folded += plain
            origins += [(place, place + 1)] * len(plain)
        elif sign in joined or sign in APOSTROPHES:
            continue
        elif origins and fold(f"a{sign}a") == "aa":
            origins[-1] = (origins[-1][0], place + 1)
        else:
            folded.append(" ")
            origins.append((place, place + 1))
    return "".join(folded), origins


def _ranges(places: list[int]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for place in places:
        if place != end:
            if end > 0:
                yield start, end
            start = place
        end = place + 1
    if end > 0:
        yield start, end
