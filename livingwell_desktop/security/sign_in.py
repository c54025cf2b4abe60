"""Signing in on a desk, as one act: the slot, the wrong tries, the computer's own key, the passphrase, the lease."""

from datetime import datetime

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.leases import SeenTimes, check_lease
from livingwell_desktop.security.newest_slots import NewestSlots
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_problems import DeskShutOut, DeviceSecretMissing, WrongPassphrase
from livingwell_desktop.security.slots import Unlocked, open_slot
from livingwell_desktop.security.tries import Tries


def sign_in(
    slots: SlotFolder,
    tries: Tries,
    store: DeviceSecretStore,
    *,
    member_id: str,
    device_id: str,
    passphrase: str,
    now: datetime,
) -> Unlocked:
    """The keys, when the passphrase is right and the lease good. Takes half a second: never on the thread that paints.

    Raises MustWait, NoSlot, SlotDamaged, SlotTooNew, SlotOfAnother, DeviceSecretMissing, DeviceSecretChanged,
    DeskShutOut, WrongPassphrase, SlotPutBack, LeaseExpired, ClockSetBack and Problem, as its parts do. Only a wrong
    passphrase counts as a wrong try. An old slot and the lease are asked for last, so that only the right person learns
    of them.
    """
    slot = slots.read(member_id)
    device_secret = store.load()
    before = tries.begin(member_id)
    try:
        unlocked = open_slot(slot, passphrase, device_secret, member_id=member_id, device_id=device_id)
    except WrongPassphrase:
        raise
    except Problem as problem:
        tries.put_back(member_id, before)
        if isinstance(problem, DeviceSecretMissing) and slots.is_shut_out:
            raise DeskShutOut from None
        raise
    tries.succeeded(member_id)
    newest = NewestSlots(lambda: store)
    newest.check(slot)
    if device_secret is not None:  # without one, no slot opens
        seen = SeenTimes(slots.folder)
        check_lease(slot.grant.lease_until, now, seen.read(device_secret))
        seen.note(now, device_secret)
        newest.keep([slot])
    return unlocked
