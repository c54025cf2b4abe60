"""What it costs to open a stolen disk by guessing a passphrase.

The device secret is assumed known, so only Argon2id and the passphrase are in the way. Argon2id is bound by memory
bandwidth: each pass reads two blocks and writes one for each block of its memory. The attacker rents graphics cards,
uses their whole bandwidth and nothing else costs anything, which flatters the attacker.
"""

from dataclasses import dataclass

from livingwell_desktop.security.argon2 import Argon2Parameters

_TRANSFERS_PER_BLOCK = 3
_BYTES_PER_KIB = 1024
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Attacker:
    """A rented card: bytes it moves a second, US dollars an hour. The default is a GeForce RTX 4090 at 40 cents."""

    bytes_per_second: float = 1.01e12
    dollars_per_hour: float = 0.40


RENTED_CARD = Attacker()


def guess_cost(parameters: Argon2Parameters, attacker: Attacker = RENTED_CARD) -> float:
    """US dollars for one guess."""
    moved = parameters.memory_kib * _BYTES_PER_KIB * parameters.iterations * _TRANSFERS_PER_BLOCK
    return moved / attacker.bytes_per_second * attacker.dollars_per_hour / _SECONDS_PER_HOUR


def opening_cost(parameters: Argon2Parameters, guesses: int, attacker: Attacker = RENTED_CARD) -> float:
    """US dollars on average for a passphrase that is one of so many: half of them are tried."""
    return guesses / 2 * guess_cost(parameters, attacker)
