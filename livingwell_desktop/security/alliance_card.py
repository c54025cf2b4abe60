"""What a desk must not be lied to about: its alliance's public key, and the key under which locked keys travel.

Kept in a small file under the device secret, so that neither can be exchanged for another alliance's.
"""

from dataclasses import dataclass, field
from pathlib import Path

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.durable_files import read_private, write_private
from livingwell_desktop.security.sealing import KEY_BYTES, CannotOpenError, close_box, key_for, open_box
from livingwell_desktop.security.slot_problems import DeviceSecretMissing

_LARGEST_FILE = 4 * 1024
_NAMES = frozenset({"alliance_key", "travel_key"})


@dataclass(frozen=True, slots=True)
class AllianceCard:
    """The alliance's public Ed25519 key and the travel key, 32 bytes each."""

    alliance_key: bytes
    travel_key: bytes = field(repr=False)


def save_alliance_card(path: Path, card: AllianceCard, device_id: str, device_secret: bytes) -> None:
    """Writes the card (0600, whole or not at all). Raises OSError."""
    content = canonical({"alliance_key": text_of(card.alliance_key), "travel_key": text_of(card.travel_key)})
    write_private(path, close_box(key_for("alliance card 1", device_secret), content, device_id.encode()))


def load_alliance_card(path: Path, device_id: str, device_secret: bytes | None) -> AllianceCard:
    """The card. Raises DeviceSecretMissing, and Problem when it is missing or not as it was written."""
    if device_secret is None:
        raise DeviceSecretMissing
    try:
        data = read_private(path, _LARGEST_FILE) or b""
        content = open_box(key_for("alliance card 1", device_secret), data, device_id.encode())
        fields = Fields(read_canonical(content), _NAMES)
        return AllianceCard(fields.binary("alliance_key", KEY_BYTES), fields.binary("travel_key", KEY_BYTES))
    except (OSError, CannotOpenError, NotCanonicalError):
        raise not_known_alliance() from None


def not_known_alliance() -> Problem:
    """The desk works, but cannot tell whose keys are whose."""
    return Problem(
        "This computer does not know its alliance",
        "The file that says which alliance it belongs to is missing or was changed. Records are still there.",
        "Call the IT help desk and say “alliance card”. You can go on working; staff cannot be admitted meanwhile.",
    )
