"""People who may be the same person, or may be taken for each other. Staff decide; nothing is ever merged by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import permutations

from livingwell_desktop.domain.dates import long_date, month_and_year
from livingwell_desktop.domain.names import fold
from livingwell_desktop.domain.wording import listed, number_word, sentence_case

_NICKNAMES = (
    "alexander alex sandy al", "alexandra alex sandra lexi", "andrew andy drew", "anthony antony tony",
    "abigail abi abby", "benjamin ben benny", "catherine katherine kathryn kate katie cathy kath",
    "charles charlie chas", "christopher chris kit", "christine christina chris tina", "daniel dan danny",
    "david dave davy", "deborah debra debbie deb", "dorothy dot dottie", "edward ed eddie ted ned",
    "elizabeth liz beth lizzie betty eliza", "emmanuel manny", "frances fran frankie", "francis frank",
    "frederick fred freddie", "geoffrey jeffrey geoff jeff", "gerald gerry jerry", "gillian jill gill",
    "isabella isabel isobel bella izzy", "jacqueline jackie", "james jim jimmy jamie", "jennifer jen jenny",
    "jessica jess", "john jon johnny jack", "jonathan jon jonny", "joseph joe joey", "joshua josh",
    "kenneth ken kenny", "lawrence laurence larry", "leonard len lenny", "margaret maggie meg peggy",
    "matthew matt", "michael mike mick mickey", "muhammad mohammed mohamed mohammad muhammed mohamad mohamud md",
    "nicholas nick nicky", "oluwaseun seun", "oluwatobi tobi", "pamela pam", "patricia pat patsy tricia",
    "patrick pat paddy", "peter pete", "philip phillip phil", "rebecca becky becca", "richard rick dick ricky",
    "robert rob bob bobby robbie", "ronald ron ronnie", "samuel sam sammy", "samantha sam", "stephen steven steve",
    "susan sue susie", "thomas tom tommy", "timothy tim", "theresa teresa terry tess", "victoria vicky tori",
    "vincent vince vinny", "william will bill billy liam", "yusuf yousef joseph yusef", "zachary zac zak",
)  # fmt: skip
_GROUPS: dict[str, frozenset[int]] = {}
for _place, _group in enumerate(_NICKNAMES):
    for _name in _group.split():
        _GROUPS[_name] = _GROUPS.get(_name, frozenset()) | {_place}

_SHORTEST_MISSPELT = 4
_MOST_WORDS = 5


class Reason(StrEnum):
    """Why two people look alike, in words that follow "They have"."""

    SAME_NHS_NUMBER = "the same NHS number"
    SAME_NAME = "the same name"
    SIMILAR_NAME = "a similar name"
    SAME_BIRTH_DATE = "the same date of birth"
    DAY_AND_MONTH_SWAPPED = "a date of birth with day and month the other way round"
    SAME_MONTH_AND_YEAR = "the same month and year of birth"
    SAME_PHONE = "the same phone number"


_NAMES = {Reason.SAME_NAME, Reason.SIMILAR_NAME}


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared. `key` is the caller's own; `phones` in E.164 or any other form that is equal when they are."""

    key: str
    name: str
    born: date | None = None
    phones: tuple[str, ...] = ()
    nhs_number: str = ""
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody who looks like the candidate, and why, the strongest reason first."""

    identity: Identity
    reasons: tuple[Reason, ...]

    @property
    def words(self) -> str:
        """ "They have the same name and the same date of birth."."""
        return f"They have {listed([str(reason) for reason in self.reasons])}."


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip above a list: one line of fact, one line of what to do, and whom it is about."""

    title: str
    advice: str
    keys: tuple[str, ...]


def look_alikes(candidate: Identity, others: Iterable[Identity]) -> tuple[LookAlike, ...]:
    """Who among `others` may be `candidate` or be taken for them, the likeliest first.

    The same NHS number is enough. So is a same or similar name with a date of birth that fits, a shared phone, or, for
    the very same name, no date of birth to compare; and a date of birth that is the same with the same phone.
    """
    found = (
        LookAlike(other, reasons)
        for other in others
        if other.key != candidate.key and (reasons := _reasons(candidate, other))
    )
    order = list(Reason)
    return tuple(sorted(found, key=lambda alike: [-_strength(alike), *(order.index(r) for r in alike.reasons)]))


def _strength(alike: LookAlike) -> int:
    strong = {Reason.SAME_NHS_NUMBER: 4, Reason.SAME_NAME: 2, Reason.SAME_BIRTH_DATE: 2}
    return sum(strong.get(reason, 1) for reason in alike.reasons)


def _reasons(one: Identity, other: Identity) -> tuple[Reason, ...]:
    number = {Reason.SAME_NHS_NUMBER} if one.nhs_number and one.nhs_number == other.nhs_number else set()
    phone = {Reason.SAME_PHONE} if set(one.phones) & set(other.phones) else set()
    born = _birth_reasons(one.born, other.born)
    unknown = one.born is None or other.born is None
    if not (number or phone or born or unknown):
        return ()
    name = _name_reasons(one, other)
    same_birth_date = Reason.SAME_BIRTH_DATE in born
    enough = (
        number or (name and (born or phone)) or (Reason.SAME_NAME in name and unknown) or (phone and same_birth_date)
    )
    found = number | name | born | phone
    return tuple(reason for reason in Reason if reason in found) if enough else ()


def _birth_reasons(one: date | None, other: date | None) -> set[Reason]:
    if one is None or other is None:
        return set()
    if one == other:
        return {Reason.SAME_BIRTH_DATE}
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return {Reason.DAY_AND_MONTH_SWAPPED}
    return {Reason.SAME_MONTH_AND_YEAR} if (one.year, one.month) == (other.year, other.month) else set()


def _name_reasons(one: Identity, other: Identity) -> set[Reason]:
    pairs = [(mine, theirs) for mine in (one.name, *one.other_names) for theirs in (other.name, *other.other_names)]
    if any(same_name(mine, theirs) for mine, theirs in pairs):
        return {Reason.SAME_NAME}
    return {Reason.SIMILAR_NAME} if any(similar_name(mine, theirs) for mine, theirs in pairs) else set()


def same_name(one: str, other: str) -> bool:
    """Whether two names have the same folded words, in any order."""
    mine = sorted(fold(one).split())
    return bool(mine) and mine == sorted(fold(other).split())


def similar_name(one: str, other: str) -> bool:
    """Whether every word of the shorter name is, in any order, a word of the longer: the same, a nickname of it, or one
    slip away (a letter more, less, other, or two neighbours swapped). A single word is compared only with single words.
    """
    mine, theirs = fold(one).split()[:_MOST_WORDS], fold(other).split()[:_MOST_WORDS]
    short, long = sorted((mine, theirs), key=len)
    if not short or (len(short) == 1) != (len(long) == 1):
        return False
    return any(
        all(similar_word(word, match) for word, match in zip(short, chosen, strict=True))
        for chosen in permutations(long, len(short))
    )


def similar_word(one: str, other: str) -> bool:
    """Whether two folded words are the same, nicknames of one name, or one slip apart (from four letters on)."""
    if one == other or _GROUPS.get(one, frozenset()) & _GROUPS.get(other, frozenset()):
        return True
    return max(len(one), len(other)) >= _SHORTEST_MISSPELT and one_slip_apart(one, other)


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, turns one word into the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    mine, theirs = one[start:], other[start:]
    swapped = mine[:2] == theirs[1::-1] and mine[2:] == theirs[2:]
    return mine[1:] == theirs[1:] or mine[1:] == theirs or mine == theirs[1:] or swapped


def results_strip(results: Sequence[Identity]) -> Strip | None:
    """The strip above search results of which some could be taken for each other; None when nobody could.

    It speaks of the first such group: people with the same or a similar name whose dates of birth are close.
    """
    for place, first in enumerate(results):
        alike = [found for found in look_alikes(first, results[place + 1 :]) if _NAMES & set(found.reasons)]
        if alike:
            return _group_strip(first, alike)
    return None


def _group_strip(first: Identity, alike: Sequence[LookAlike]) -> Strip:
    everybody = (first, *(found.identity for found in alike))
    same = all(Reason.SAME_NAME in found.reasons for found in alike)
    called = f"called {first.name}" if same else f"called {first.name} or a similar name"
    how_many = sentence_case(number_word(len(everybody)))
    born, ask = _shared_birth(everybody)
    return Strip(
        f"{how_many} people are {called}{born}.",
        f"Ask for {ask} before you choose.",
        tuple(person.key for person in everybody),
    )


def _shared_birth(everybody: Sequence[Identity]) -> tuple[str, str]:
    """How their dates of birth agree, in words, and what to ask so that they can be told apart."""
    days = [person.born for person in everybody]
    first = days[0]
    both = "both" if len(days) == 2 else "all"
    if first is None or None in days:
        return "", "the date of birth and the street"
    if all(day == first for day in days):
        return f", {both} born on {long_date(first)}", "the street and the last digits of the phone"
    if all(day and (day.month, day.year) == (first.month, first.year) for day in days):
        return f", {both} born in {month_and_year(first)}", "the day of birth and the street"
    return "", "the whole date of birth and the street"


def new_person_strip(candidate: Identity, others: Iterable[Identity]) -> Strip | None:
    """The strip shown before somebody is registered who may be here already; None when nobody looks like them."""
    alike = look_alikes(candidate, others)
    if not alike:
        return None
    keys = tuple(found.identity.key for found in alike)
    if len(alike) > 1:
        how_many = sentence_case(number_word(len(alike)))
        return Strip(
            f"{how_many} people here may be {candidate.name}.", "Check each one before you add a new person.", keys
        )
    other = alike[0].identity
    born = f", born {long_date(other.born)}," if other.born else ""
    return Strip(
        f"{other.name}{born} may be the same person.", f"{alike[0].words} Check before you add a new one.", keys
    )
