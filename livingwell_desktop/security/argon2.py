"""From a passphrase to a key: Argon2id (RFC 9106), slow and large on purpose."""

from dataclasses import dataclass

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.passphrases import passphrase_bytes

KEY_BYTES = 32
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """What one guess costs: memory in KiB, passes over it, lanes. The defaults are a release's choice for new slots."""

    memory_kib: int = 256 * 1024
    iterations: int = 3
    parallelism: int = 4


FLOOR = Argon2Parameters(memory_kib=64 * 1024, iterations=3, parallelism=4)
"""The least that is ever opened (RFC 9106, second recommended option). Less memory or fewer passes is refused."""

CEILING = Argon2Parameters(memory_kib=4 * 1024 * 1024, iterations=64, parallelism=64)
"""More than this was not made by us: it would stop the computer, not protect it."""


def check_parameters(parameters: Argon2Parameters) -> None:
    """Raises Problem for parameters below the floor, or beyond what any version makes."""
    if parameters.memory_kib < FLOOR.memory_kib or parameters.iterations < FLOOR.iterations:
        raise Problem(
            "This sign-in is not protected well enough",
            "The file that holds it asks for less protection than we allow. Somebody may have changed it.",
            "Call the IT help desk. Ask a manager who can sign in here to admit you to this computer again.",
        )
    if (
        parameters.memory_kib > CEILING.memory_kib
        or parameters.iterations > CEILING.iterations
        or not 1 <= parameters.parallelism <= CEILING.parallelism
    ):
        raise Problem(
            "This sign-in cannot be read",
            "The file that holds it asks for more than any version of this program does. It may be damaged.",
            "Call the IT help desk. Ask a manager who can sign in here to admit you to this computer again.",
        )


def derive_key(passphrase: str, salt: bytes, parameters: Argon2Parameters) -> bytes:
    """The 32-byte key-encryption key (KEK) of a passphrase.

    Raises Problem for parameters that are not allowed, and when the computer has not enough free memory.
    """
    check_parameters(parameters)
    try:
        return hash_secret_raw(
            secret=passphrase_bytes(passphrase),
            salt=salt,
            time_cost=parameters.iterations,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.parallelism,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError as error:
        raise Problem(
            "There is not enough free memory to sign in",
            f"Checking a passphrase needs {parameters.memory_kib // 1024} MB of free memory for a moment.",
            "Close other programs and try again. If that does not help, restart the computer.",
        ) from error
