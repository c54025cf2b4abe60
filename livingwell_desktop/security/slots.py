"""Slots: who can open a desk's records, with what.

A slot needs three things at once: the folder, the member's passphrase, and the device secret in the computer's own
keyring. One database key per desk serves all its staff; each slot holds that key sealed to one member.

Sealing needs only the member's public key and the device secret, so a signed-in manager can admit a colleague who is
not there, and give everybody a new database key, without anybody's passphrase.
"""

import hmac
import os
from dataclasses import dataclass, field, replace

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.argon2 import Argon2Parameters, check_parameters
from livingwell_desktop.security.canonical import NotCanonicalError, canonical
from livingwell_desktop.security.member_keys import (
    LockedKeys,
    MemberKeys,
    lock_keys,
    locked_keys_from_bytes,
    unlock_keys,
)
from livingwell_desktop.security.passphrases import check_passphrase
from livingwell_desktop.security.sealing import (
    KEY_BYTES,
    CannotOpenError,
    close_box,
    key_for,
    open_box,
    open_seal,
    seal_to,
)
from livingwell_desktop.security.slot_format import FORMAT, MEMBER, Grant, Slot, device_check
from livingwell_desktop.security.slot_problems import (
    DeviceSecretChanged,
    DeviceSecretMissing,
    SlotDamaged,
    SlotOfAnother,
    WrongPassphrase,
)

DEFAULT_PARAMETERS = Argon2Parameters()


@dataclass(frozen=True, slots=True)
class DatabaseKey:
    """The raw SQLCipher key of a desk, 32 bytes. `epoch` counts the keys it has had.

    `before` is the key of the epoch before while the change to this one may not be complete: the records open with the
    one or the other (`rotation.py`).
    """

    key: bytes = field(repr=False)
    epoch: int
    before: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a right passphrase gives."""

    database_key: DatabaseKey
    member_keys: MemberKeys


def create_database_key(epoch: int = 1) -> DatabaseKey:
    """A new random key, for a new desk or, with the next epoch, when the key is changed for everybody."""
    return DatabaseKey(os.urandom(KEY_BYTES), epoch)


def create_slot(
    keys: MemberKeys,
    passphrase: str,
    database_key: DatabaseKey,
    *,
    device_id: str,
    device_secret: bytes,
    grant: Grant,
    parameters: Argon2Parameters = DEFAULT_PARAMETERS,
    generated: str | None = None,
    number: int = 0,
    standing: str = MEMBER,
) -> Slot:
    """A new member's slot on this desk. Raises Problem for a passphrase that is not good enough."""
    require_good(passphrase, generated, grant)
    locked = lock_keys(keys, passphrase, parameters)
    return admit(
        locked,
        database_key,
        device_id=device_id,
        device_secret=device_secret,
        grant=grant,
        number=number,
        standing=standing,
    )


def admit(
    locked: LockedKeys,
    database_key: DatabaseKey,
    *,
    device_id: str,
    device_secret: bytes,
    grant: Grant,
    number: int = 0,
    standing: str = MEMBER,
) -> Slot:
    """A slot on this desk for a member who need not be there, from the locked keys the server handed on.

    That the public key is really the member's is the caller's to know, before the desk's records are sealed to it:
    `certificates.check_trusted` says so. Raises Problem for locked keys below the floor.
    """
    check_parameters(locked.parameters)
    slot = Slot(
        member=locked.public,
        device_id=device_id,
        grant=grant,
        number=number,
        standing=standing,
        epoch=database_key.epoch,
        version=locked.version,
        parameters=locked.parameters,
        device_check=device_check(device_secret, device_id),
        keys_box=b"",
        seal_box=b"",
    )
    return _wrapped(slot, locked, _sealed(slot, database_key), device_secret)


def open_slot(slot: Slot, passphrase: str, device_secret: bytes | None, *, member_id: str, device_id: str) -> Unlocked:
    """The database key and the member's own keys.

    `member_id` is who says they are signing in, `device_id` is this desk. Takes about half a second with the default
    parameters: never on the thread that paints.

    Raises, each told apart: SlotOfAnother, Problem for parameters below the floor, DeviceSecretMissing,
    DeviceSecretChanged, SlotDamaged and, only when all else is right, WrongPassphrase.
    """
    if slot.member.member_id != member_id or slot.device_id != device_id:
        raise SlotOfAnother
    check_parameters(slot.parameters)
    locked, sealed = _unwrapped(slot, _same_secret(slot, device_secret))
    try:
        keys = unlock_keys(locked, passphrase)
    except CannotOpenError:
        raise WrongPassphrase from None
    try:
        key = open_seal(keys.agreement, sealed, _seal_belongs_to(slot))
    except CannotOpenError:
        raise SlotDamaged from None
    if len(key) not in (KEY_BYTES, 2 * KEY_BYTES):
        raise SlotDamaged
    return Unlocked(DatabaseKey(key[:KEY_BYTES], slot.epoch, key[KEY_BYTES:] or None), keys)


def change_passphrase(
    slot: Slot,
    passphrase: str,
    new_passphrase: str,
    device_secret: bytes | None,
    *,
    parameters: Argon2Parameters = DEFAULT_PARAMETERS,
    generated: str | None = None,
) -> Slot:
    """The slot with a new passphrase and the next version; `locked_keys` of it is what the other desks get.

    Raises what `open_slot` raises, and Problem for a new passphrase that is not good enough.
    """
    require_good(new_passphrase, generated, slot.grant)
    unlocked = open_slot(slot, passphrase, device_secret, member_id=slot.member.member_id, device_id=slot.device_id)
    return adopt(slot, lock_keys(unlocked.member_keys, new_passphrase, parameters, slot.version + 1), device_secret)


def locked_keys(slot: Slot, device_secret: bytes | None) -> LockedKeys:
    """The member's locked keys, to be handed on. Raises DeviceSecretMissing, DeviceSecretChanged, SlotDamaged."""
    return _unwrapped(slot, _same_secret(slot, device_secret))[0]


def is_whole(slot: Slot, device_secret: bytes) -> bool:
    """Whether the slot is as this program wrote it for this desk. One that somebody spoilt must not hold up others."""
    try:
        locked_keys(slot, device_secret)
    except Problem:
        return False
    return True


def adopt(slot: Slot, locked: LockedKeys, device_secret: bytes | None) -> Slot:
    """The slot with locked keys that came from another desk; the same slot unless they are newer.

    Raises SlotOfAnother when they are another member's, Problem when they are below the floor.
    """
    if locked.public != slot.member:
        raise SlotOfAnother
    check_parameters(locked.parameters)
    secret = _same_secret(slot, device_secret)
    _, sealed = _unwrapped(slot, secret)
    if locked.version <= slot.version:
        return slot
    return _wrapped(replace(slot, version=locked.version, parameters=locked.parameters), locked, sealed, secret)


def regrant(slot: Slot, grant: Grant, device_secret: bytes | None) -> Slot:
    """The slot with another lease, scope, role or name. Nobody's passphrase is needed. Raises like `locked_keys`."""
    secret = _same_secret(slot, device_secret)
    locked, sealed = _unwrapped(slot, secret)
    return _wrapped(replace(slot, grant=grant), locked, sealed, secret)


def reseal(slot: Slot, database_key: DatabaseKey, device_secret: bytes | None) -> Slot:
    """The slot with a new database key, sealed to the same member. Raises like `locked_keys`."""
    secret = _same_secret(slot, device_secret)
    locked, _ = _unwrapped(slot, secret)
    newer = replace(slot, epoch=database_key.epoch)
    return _wrapped(newer, locked, _sealed(newer, database_key), secret)


def require_good(passphrase: str, generated: str | None, grant: Grant) -> None:
    """Raise Problem for a passphrase that is not good enough for whoever the grant is for."""
    problem = check_passphrase(passphrase, generated=generated, about=(grant.name, grant.organisation))
    if problem is not None:
        raise problem


def _wrapped(slot: Slot, locked: LockedKeys, sealed: bytes, device_secret: bytes) -> Slot:
    slot = replace(slot, written_as=FORMAT)
    header = canonical(slot.header())
    return replace(
        slot,
        keys_box=close_box(key_for("slot keys 1", device_secret), locked.to_bytes(), header),
        seal_box=close_box(key_for("slot seal 1", device_secret), sealed, header),
    )


def _same_secret(slot: Slot, device_secret: bytes | None) -> bytes:
    if device_secret is None:
        raise DeviceSecretMissing
    if not hmac.compare_digest(device_check(device_secret, slot.device_id), slot.device_check):
        raise DeviceSecretChanged
    return device_secret


def _unwrapped(slot: Slot, device_secret: bytes) -> tuple[LockedKeys, bytes]:
    header = canonical(slot.header())
    try:
        locked = locked_keys_from_bytes(open_box(key_for("slot keys 1", device_secret), slot.keys_box, header))
        sealed = open_box(key_for("slot seal 1", device_secret), slot.seal_box, header)
    except (CannotOpenError, NotCanonicalError):
        raise SlotDamaged from None
    if (locked.public, locked.version, locked.parameters) != (slot.member, slot.version, slot.parameters):
        raise SlotDamaged
    return locked, sealed


def _sealed(slot: Slot, database_key: DatabaseKey) -> bytes:
    content = database_key.key + (database_key.before or b"")
    return seal_to(slot.member.agreement, content, _seal_belongs_to(slot))


def _seal_belongs_to(slot: Slot) -> bytes:
    return canonical(
        {
            "purpose": "database key",
            "member_id": slot.member.member_id,
            "device_id": slot.device_id,
            "epoch": slot.epoch,
        }
    )
