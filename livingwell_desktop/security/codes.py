"""Codes that people read from paper and type: invitations and the recovery code.

Crockford's base 32 has no letter that looks like another sign; what is typed in their place is understood.
"""

import secrets

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUP = 4
INVITATION_SIGNS = 16
"""80 random bits, behind Argon2id: nobody tries them all in the days an invitation lasts."""
RECOVERY_SIGNS = 26
"""130 random bits: safe without a device secret."""


def make_code(signs: int) -> str:
    """A new random code in groups of four: "7KQ2-M0XN-…"."""
    return shown("".join(secrets.choice(_SIGNS) for _ in range(signs)))


def shown(code: str) -> str:
    """The code in groups of four."""
    plain = normalised_code(code)
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))


def normalised_code(typed: str) -> str:
    """What was typed, as the code was made: capitals, no spaces or dashes, O is 0, I and L are 1."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return plain.replace("O", "0").replace("I", "1").replace("L", "1")
