"""The desk's envelope: what opens it again when its device secret is lost, sealed to the centre's recovery code alone.

A keyring is wiped with a new profile, and with it went everything on the desk that had not been sent. So the database
key and what else lies under the device secret are sealed a second time, to the public key of the recovery code. Its
private key is in the file too, locked with the code's 130 random bits, which lie on paper and nowhere else.
"""

from dataclasses import dataclass, field
from pathlib import Path

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.alliance_card import AllianceCard
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.device import DeviceKeys
from livingwell_desktop.security.durable_files import read_private, remove, write_private
from livingwell_desktop.security.member_keys import (
    LockedKeys,
    MemberKeys,
    MemberPublic,
    locked_keys_from_bytes,
    unlock_keys,
)
from livingwell_desktop.security.sealing import KEY_BYTES, CannotOpenError, open_seal, seal_to
from livingwell_desktop.security.slots import DatabaseKey

FORMAT = 1
_LARGEST_FILE = 16 * 1024
_NAMES = frozenset({"format", "device_id", "keys", "seal"})
_INSIDE = frozenset({"epoch", "database_key", "key_before", "device_private", "alliance_key", "travel_key"})


@dataclass(frozen=True, slots=True)
class DeskSecrets:
    """What a desk keeps under its device secret: the keys of its records, its own, and its alliance's."""

    database_key: DatabaseKey
    device_keys: DeviceKeys
    card: AllianceCard = field(repr=False)


class NoEnvelope(Problem):
    """There is nothing on this desk that the recovery code could open without the device secret."""

    def __init__(self) -> None:
        super().__init__(
            "The recovery code cannot open this computer",
            "Its own key is lost, and no recovery code was made for it before that, or its envelope file is damaged. "
            "The records are still there, and nothing was deleted.",
            "Call the IT help desk. If the computer’s keyring can be put back, everything opens as before.",
        )


class EnvelopeFile:
    """The envelope of one desk, beside its slots."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "envelope.json"

    def seal(self, code: LockedKeys, desk: DeskSecrets) -> None:
        """Seal it anew. `code` is the recovery code's locked keys, certified: the caller's to know. Raises OSError."""
        inside = canonical(
            {
                "epoch": desk.database_key.epoch,
                "database_key": text_of(desk.database_key.key),
                "key_before": text_of(desk.database_key.before or b""),
                "device_private": text_of(desk.device_keys.private),
                "alliance_key": text_of(desk.card.alliance_key),
                "travel_key": text_of(desk.card.travel_key),
            }
        )
        belongs_to = _belongs_to(desk.device_keys.device_id, code.public)
        content = {
            "format": FORMAT,
            "device_id": desk.device_keys.device_id,
            "keys": text_of(code.to_bytes()),
            "seal": text_of(seal_to(code.public.agreement, inside, belongs_to)),
        }
        write_private(self._path, canonical(content))

    def open(self, code: str, device_id: str) -> tuple[MemberKeys, DeskSecrets]:
        """The code's own keys and what is sealed to them. Takes half a second.

        Raises CannotOpenError for another code, NoEnvelope when there is none or it was changed.
        """
        fields, locked = self._read()
        keys = unlock_keys(locked, code)
        try:
            belongs_to = _belongs_to(device_id, locked.public)
            inside = Fields(read_canonical(open_seal(keys.agreement, fields.binary("seal"), belongs_to)), _INSIDE)
            before = inside.binary("key_before")
            return keys, DeskSecrets(
                DatabaseKey(inside.binary("database_key", KEY_BYTES), inside.number("epoch"), before or None),
                DeviceKeys(device_id, inside.binary("device_private", KEY_BYTES)),
                AllianceCard(inside.binary("alliance_key", KEY_BYTES), inside.binary("travel_key", KEY_BYTES)),
            )
        except (CannotOpenError, NotCanonicalError):
            raise NoEnvelope from None

    def remove(self) -> None:
        """Take it away: the alliance has shut this desk out, and nothing may open it any more. Raises OSError."""
        remove(self._path)

    def _read(self) -> tuple[Fields, LockedKeys]:
        try:
            fields = Fields(read_canonical(read_private(self._path, _LARGEST_FILE) or b""), _NAMES)
            if fields.number("format") != FORMAT:
                raise NoEnvelope
            return fields, locked_keys_from_bytes(fields.binary("keys"))
        except (OSError, NotCanonicalError):
            raise NoEnvelope from None


def _belongs_to(device_id: str, code: MemberPublic) -> bytes:
    return canonical({"purpose": "envelope", "device_id": device_id, "member_id": code.member_id})
