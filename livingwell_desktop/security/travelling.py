"""A member's locked keys on their way to other desks, wrapped under a key that only desks have.

Without that, somebody with a copy of the server's database could try passphrases against everybody's locked keys.
"""

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.canonical import NotCanonicalError
from livingwell_desktop.security.member_keys import LockedKeys, locked_keys_from_bytes
from livingwell_desktop.security.sealing import CannotOpenError, close_box, key_for, open_box


class CannotTravel(Problem):
    """The wrapped keys were damaged, are another member's, or come from another alliance."""

    def __init__(self) -> None:
        super().__init__(
            "The keys that came cannot be used",
            "The locked keys of this member of staff are damaged, or come from another alliance.",
            "Ask them to sign in at a desk where they can: it sends the keys again. Or invite them again.",
        )


def wrap(locked: LockedKeys, travel_key: bytes) -> bytes:
    """The locked keys for a record that goes through the server."""
    return close_box(key_for("travelling keys 1", travel_key), locked.to_bytes(), locked.public.member_id.encode())


def unwrap(box: bytes, member_id: str, travel_key: bytes) -> LockedKeys:
    """The locked keys out of a record. Raises CannotTravel."""
    try:
        locked = locked_keys_from_bytes(open_box(key_for("travelling keys 1", travel_key), box, member_id.encode()))
    except (CannotOpenError, NotCanonicalError):
        raise CannotTravel from None
    if locked.public.member_id != member_id:
        raise CannotTravel
    return locked
