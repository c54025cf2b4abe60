"""A new database key for everybody: when somebody leaves, what they may have kept of the old one opens nothing.

Three steps, and after each of them, and in the middle of each, every member's passphrase opens the records:

1. every slot is sealed again with both keys, the new and the one before;
2. the records are encrypted with the new key (`storage/rekeying.py`: whole under the one or the other);
3. every slot is sealed again with the new key alone.

Whoever signs in after a power cut has either both keys in the slot, or the one that the records have.
"""

from collections.abc import Callable
from dataclasses import replace

from livingwell_desktop.security.member_keys import MemberPublic
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.slots import DatabaseKey, create_database_key, is_whole, reseal


def rotate(
    slots: SlotFolder,
    device_secret: bytes,
    present: DatabaseKey,
    may_open: Callable[[MemberPublic], bool],
    encrypt_records: Callable[[bytes, bytes], None],
) -> DatabaseKey:
    """Give the desk a new database key, and let in whoever `may_open`; everybody else's slot is removed.

    `present` is the key that the records have now. `encrypt_records(old, new)` changes them. Raises what its parts
    raise, and OSError; then the old key still opens, or both do. `encrypt_records` may be asked twice for one change.
    """
    epoch = max([present.epoch, *(slot.epoch for slot in _whole(slots, device_secret))]) + 1
    both = replace(create_database_key(epoch), before=present.key)
    for slot in _whole(slots, device_secret):
        if may_open(slot.member):
            slots.write(reseal(slot, both, device_secret))
        else:
            slots.remove(slot.member.member_id)
    return _finish(slots, device_secret, both, encrypt_records)


def resume(
    slots: SlotFolder,
    device_secret: bytes,
    given: DatabaseKey,
    opened_with: bytes,
    may_open: Callable[[MemberPublic], bool],
    encrypt_records: Callable[[bytes, bytes], None],
) -> DatabaseKey:
    """Bring a change that was cut short to its end, right after signing in; the same key when none was.

    `given` is what the slot held, `opened_with` the key that the records turned out to have.
    """
    if given.before is not None and opened_with == given.key:
        return _finish(slots, device_secret, given, encrypt_records)
    if given.before is not None or any(slot.epoch != given.epoch for slot in _whole(slots, device_secret)):
        present = replace(given, key=opened_with, before=None)
        return rotate(slots, device_secret, present, may_open, encrypt_records)
    return given


def _finish(
    slots: SlotFolder, device_secret: bytes, both: DatabaseKey, encrypt_records: Callable[[bytes, bytes], None]
) -> DatabaseKey:
    if both.before is not None:
        encrypt_records(both.before, both.key)
    new = replace(both, before=None)
    for slot in _whole(slots, device_secret):
        if slot.epoch == new.epoch:
            slots.write(reseal(slot, new, device_secret))
    return new


def _whole(slots: SlotFolder, device_secret: bytes) -> list[Slot]:
    # A slot that somebody spoilt opens nothing before and after: its member is admitted again.
    found = (slot for slot in slots.entries() if isinstance(slot, Slot))
    return [slot for slot in found if is_whole(slot, device_secret)]
