"""Passphrases: making one of four words, and deciding whether one that somebody thought up is good enough."""

import math
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache

from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.resources import resource

GENERATED_WORDS = 4
SHORTEST = 15
LONGEST = 1_000
FEWEST_GUESSES = 10**12
"""The weakest passphrase allowed, as an estimate of the guesses an informed attacker needs (zxcvbn)."""

_ESTIMATED_CHARACTERS = 72  # the estimator takes no more; what is longer can only be harder to guess
_WORDS_OF_OUR_OWN = ("living", "well", "livingwell", "centre", "passphrase")


@cache
def words() -> tuple[str, ...]:
    """The words passphrases are made of, each once."""
    return tuple(resource("passphrases", "words.txt").read_text(encoding="utf-8").split())


def generated_guesses() -> int:
    """How many different passphrases `generate` can make, all equally likely: 7,776⁴."""
    return int(len(words()) ** GENERATED_WORDS)


def generated_entropy_bits() -> float:
    """The strength of a generated passphrase: 51.7 bits for four words out of 7,776."""
    return math.log2(generated_guesses())


def generate() -> str:
    """Four words, chosen by the operating system's randomness, with spaces between."""
    return " ".join(secrets.choice(words()) for _ in range(GENERATED_WORDS))


def normalised(text: str) -> str:
    """The passphrase as it is hashed: Unicode NFKC, each run of white space one space, none at the ends.

    So a passphrase opens the same slot from another keyboard or another operating system. Capitals count.
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def passphrase_bytes(text: str) -> bytes:
    """What goes into Argon2id. Never raises: what cannot be a passphrase is simply a wrong one."""
    return normalised(text).encode("utf-8", "surrogatepass")


def check_passphrase(text: str, *, generated: str | None = None, about: Iterable[str] = ()) -> Problem | None:
    """Why a new passphrase is not good enough and how to mend it, or None when it is.

    `generated` is the passphrase the window offered: typed as it is, it is always allowed. `about` are words that
    somebody who knows the person would try first: their names, their centre.
    """
    passphrase = normalised(text)
    if generated is not None and passphrase == normalised(generated) and _is_generated(passphrase):
        return None
    how_to_mend = _wrong_kind(passphrase) or _too_easy(passphrase, about)
    if how_to_mend is None:
        return None
    return Problem(
        "Choose a stronger passphrase",
        "This one would not protect people's records well enough if this computer were stolen.",
        f"{how_to_mend} Or use the four words we made for you.",
        (FieldProblem("passphrase", how_to_mend),),
    )


def guesses(passphrase: str, about: Iterable[str] = ()) -> int:
    """About how many guesses an informed attacker needs, by zxcvbn (Wheeler, USENIX Security 2016)."""
    from zxcvbn import zxcvbn  # here, because signing in does not need its 50 ms of word lists

    known = [part for text in about for part in (text, *text.split())]
    estimate = zxcvbn(passphrase[:_ESTIMATED_CHARACTERS], user_inputs=[*known, *_WORDS_OF_OUR_OWN])
    return int(estimate["guesses"])


def _is_generated(passphrase: str) -> bool:
    parts = passphrase.split(" ")
    return len(parts) == GENERATED_WORDS and set(parts) <= set(words())


def _wrong_kind(passphrase: str) -> str | None:
    if not passphrase:
        return "Enter a passphrase."
    if passphrase.replace(" ", "").isdecimal():
        return "Use words. A number on its own is too easy to guess, however long it is."
    if len(passphrase) < SHORTEST:
        missing = SHORTEST - len(passphrase)
        more = "1 more character" if missing == 1 else f"{missing} more characters"
        return f"Make it longer: at least {SHORTEST} characters, so {more}. Spaces count."
    if len(passphrase) > LONGEST:
        return f"Make it shorter: at most {LONGEST:,} characters."
    return None


def _too_easy(passphrase: str, about: Iterable[str]) -> str | None:
    if guesses(passphrase, about) >= FEWEST_GUESSES:
        return None
    return (
        "Make it harder to guess: add a word that has nothing to do with the others. "
        "Names, dates, song lines and keyboard patterns are tried first."
    )
