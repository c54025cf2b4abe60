"""One member of staff on one desk, under the least protection that is allowed, so that tests stay quick."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.security.keyrings import create_device_secret
from livingwell_desktop.security.member_keys import MemberKeys, create_member_keys
from livingwell_desktop.security.slot_format import Grant, Slot
from livingwell_desktop.security.slots import DatabaseKey, create_database_key, create_slot

PASSPHRASE = "copper lantern walks sideways"
NOW = datetime(2026, 11, 23, 8, 52, tzinfo=UTC)


@dataclass(frozen=True)
class AdmittedMember:
    """A member of staff with a slot, and everything that made it."""

    keys: MemberKeys
    passphrase: str
    database_key: DatabaseKey
    device_id: str
    device_secret: bytes
    slot: Slot


def grant(name: str = "Rosa Mensah") -> Grant:
    return Grant(name, "Reception", "Certitude", ("centre-a",), NOW + timedelta(days=35))


def admitted(member_id: str, device_id: str = "desk-1", secret: bytes | None = None) -> AdmittedMember:
    keys, database_key = create_member_keys(member_id), create_database_key()
    device_secret = secret or create_device_secret()
    slot = create_slot(
        keys,
        PASSPHRASE,
        database_key,
        device_id=device_id,
        device_secret=device_secret,
        grant=grant(),
        parameters=FLOOR,
    )
    return AdmittedMember(keys, PASSPHRASE, database_key, device_id, device_secret, slot)
