"""One-time codes as people type them, and the mark behind a code by which a desk knows its alliance before it joins.

The mark is never sent. Who catches the code on its way, or whom a desk was sent to instead of its server, does not have
it, and cannot make a key of an alliance that fits it: there are 2⁶⁰ marks, and another for each code.
"""

import hashlib

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that looks like something else."""
CODE_LENGTH = 16
MARK_LENGTH = 12
_GROUP = 4


def letters_of(typed: str) -> str:
    """The letters and digits of a code, however they were typed."""
    found = "".join(letter for letter in typed.upper() if letter.isalnum())
    return found.replace("O", "0").replace("I", "1").replace("L", "1")


def in_groups(letters: str) -> str:
    """As it is printed: in fours."""
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def code_in(typed: str) -> str:
    """The part of it that is sent."""
    letters = letters_of(typed)
    return in_groups(letters[:CODE_LENGTH]) if len(letters) > CODE_LENGTH else typed


def with_mark(code: str, alliance_key: bytes) -> str:
    """The code with the mark of the alliance whose public key that is, to be printed."""
    return in_groups(letters_of(code)[:CODE_LENGTH] + _mark(code, alliance_key))


def fits(typed: str, alliance_key: bytes) -> bool:
    """Whether that alliance made the code. One without a mark, of the release before, says nothing about it."""
    mark = letters_of(typed)[CODE_LENGTH:]
    return mark in ("", _mark(typed, alliance_key))


def _mark(code: str, alliance_key: bytes) -> str:
    known = letters_of(code)[:CODE_LENGTH].encode("utf-8")
    number = int.from_bytes(hashlib.sha256(b"livingwell code mark 1\x00" + known + b"\x00" + alliance_key).digest()[:8])
    return "".join(LETTERS[number >> (64 - 5 * (at + 1)) & 31] for at in range(MARK_LENGTH))
