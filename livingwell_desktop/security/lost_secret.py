"""A desk whose device secret is lost opens again with the centre's recovery code, and everything unsent is there.

A new device secret is made, and the desk's own keys and one member's slot go under it. The others are admitted again by
a manager, with the passphrases they have.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.alliance_card import save_alliance_card
from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.codes import normalised_code
from livingwell_desktop.security.device import save_device_keys
from livingwell_desktop.security.envelope import DeskSecrets, EnvelopeFile
from livingwell_desktop.security.first_sign_in import (
    OpenedEnvelope,
    SignInDesk,
    WrongCode,
    hand_over,
    may_recover,
    two_names,
)
from livingwell_desktop.security.keyrings import DeviceSecretStore, create_device_secret
from livingwell_desktop.security.leases import SeenTimes
from livingwell_desktop.security.member_keys import MemberKeys
from livingwell_desktop.security.sealing import CannotOpenError
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Slot, device_check
from livingwell_desktop.security.slots import DEFAULT_PARAMETERS, Unlocked, require_good
from livingwell_desktop.security.tries import Tries


@dataclass(frozen=True, slots=True)
class LostDesk:
    """What a desk is opened again with, and where what lies under its device secret is kept."""

    slots: SlotFolder
    tries: Tries
    store: DeviceSecretStore
    device_id: str
    device_keys: Path
    alliance: Path
    parameters: Argon2Parameters = DEFAULT_PARAMETERS


def secret_is_lost(slot: Slot, store: DeviceSecretStore) -> bool:
    """Whether the keyring holds no secret for this desk, or another than the slot was made with. Raises Problem."""
    secret = store.load()
    return secret is None or device_check(secret, slot.device_id) != slot.device_check


def reopen(desk: LostDesk, envelope: OpenedEnvelope) -> Unlocked:
    """Open the desk again for one member of staff, who gets a new passphrase and 7 days. Needs no connection.

    Takes a second. Raises what `recover` raises, and NoEnvelope; then nothing has changed. A power cut in the middle
    is mended by doing it again.
    """
    names = two_names(envelope.opened_by)
    slot = may_recover(desk.slots.read(envelope.member_id))
    # Nothing vouches for the slot's words any more: its lease may be anybody's.
    slot = replace(slot, grant=replace(slot.grant, lease_until=envelope.at))
    require_good(envelope.passphrase, envelope.generated, slot.grant)
    keys, inside = _opened(desk, envelope.recovery_id, envelope.code)
    secret = create_device_secret()
    desk.store.save(secret)
    save_device_keys(desk.device_keys, inside.device_keys, secret)
    save_alliance_card(desk.alliance, inside.card, desk.device_id, secret)
    SeenTimes(desk.slots.folder).forget()
    sign_in_desk = SignInDesk(
        desk.slots, desk.tries, desk.store, desk.device_id, inside.card.alliance_key, desk.parameters
    )
    return hand_over(
        sign_in_desk,
        slot,
        Unlocked(inside.database_key, keys),
        envelope.passphrase,
        envelope.generated,
        opened_at=envelope.at,
        opened_by=names,
    )


def _opened(desk: LostDesk, recovery_id: str, code: str) -> tuple[MemberKeys, DeskSecrets]:
    before = desk.tries.begin(recovery_id)
    try:
        opened = EnvelopeFile(desk.slots.folder).open(normalised_code(code), desk.device_id)
    except CannotOpenError:
        raise WrongCode from None
    except Problem:
        desk.tries.put_back(recovery_id, before)
        raise
    desk.tries.succeeded(recovery_id)
    return opened
