"""A desk that changes its database key again and again, as a process of its own, so that it can be killed anywhere.

    python -m tests.faults.key_changer FOLDER MEMBER

It signs in as that member, opens the records, says `open EPOCH`, and then changes the key without end.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from livingwell_desktop.security.keyrings import KeyFileStore
from livingwell_desktop.security.rotation import resume, rotate
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slots import DatabaseKey, open_slot
from livingwell_desktop.storage import Store
from livingwell_desktop.storage.rekeying import key_that_opens
from tests.conftest import unsigned
from tests.security.admitted_member import PASSPHRASE

NOW = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


def signed_in(folder: Path, member: str) -> tuple[Store, SlotFolder, bytes, DatabaseKey]:
    """The store opened with what the member's passphrase gives."""
    slots, secret = SlotFolder(folder / "slots"), KeyFileStore(folder / "device.key").load()
    assert secret is not None
    given = open_slot(slots.read(member), PASSPHRASE, secret, member_id=member, device_id="desk-1").database_key
    file = folder / "records.db"
    key = key_that_opens(file, [given.key, *([given.before] if given.before else [])])
    assert key is not None
    store = Store.open(file, key, unsigned(), lambda: NOW)
    given = resume(slots, secret, given, key, lambda _member: True, store.change_key)
    return store, slots, secret, given


def main() -> None:
    store, slots, secret, key = signed_in(Path(sys.argv[1]), sys.argv[2])
    while True:
        os.write(1, f"open {key.epoch}\n".encode())
        key = rotate(slots, secret, key, lambda _member: True, store.change_key)


if __name__ == "__main__":
    main()
