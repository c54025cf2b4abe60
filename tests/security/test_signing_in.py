"""Signing in as one act: what counts as a wrong try, and what does not."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from livingwell_desktop.security import slot_problems
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.sign_in import sign_in
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slots import Unlocked
from livingwell_desktop.security.tries import MustWait, Tries
from tests.security.admitted_member import AdmittedMember


class Desk:
    """A desk's folder, and what its sign-in window does."""

    def __init__(self, rosa: AdmittedMember, folder: Path, now: datetime) -> None:
        self.slots = SlotFolder(folder)
        self.slots.write(rosa.slot)
        self.store = KeyFileStore(folder / "device.key")
        self.store.save(rosa.device_secret)
        self.tries = Tries(folder, lambda: now, lambda: 1_000)
        self._device_id = rosa.device_id

    def sign_in(self, passphrase: str) -> Unlocked:
        return sign_in(
            self.slots, self.tries, self.store, member_id="rosa", device_id=self._device_id, passphrase=passphrase
        )


@pytest.fixture
def desk(rosa: AdmittedMember, tmp_path: Path) -> Desk:
    return Desk(rosa, tmp_path, rosa.slot.grant.lease_until)


def test_the_right_passphrase_opens_and_forgets_wrong_tries(desk: Desk, rosa: AdmittedMember) -> None:
    for _ in range(4):
        with pytest.raises(slot_problems.WrongPassphrase):
            desk.sign_in("wrong")
    assert desk.sign_in(rosa.passphrase) == Unlocked(rosa.database_key, rosa.keys)
    with pytest.raises(slot_problems.WrongPassphrase):
        desk.sign_in("wrong")
    assert desk.tries.waiting("rosa") == timedelta(0)


def test_after_five_wrong_even_the_right_one_waits_and_nothing_is_deleted(desk: Desk, rosa: AdmittedMember) -> None:
    for _ in range(5):
        with pytest.raises(slot_problems.WrongPassphrase):
            desk.sign_in("wrong")
    with pytest.raises(MustWait):
        desk.sign_in(rosa.passphrase)
    assert desk.slots.read("rosa") == rosa.slot
    assert desk.store.load() == rosa.device_secret


def test_a_changed_keyring_or_a_damaged_slot_is_not_a_wrong_try(
    desk: Desk, rosa: AdmittedMember, tmp_path: Path
) -> None:
    desk.store.save(create_device_secret())
    for _ in range(7):
        with pytest.raises(slot_problems.DeviceSecretChanged):
            desk.sign_in(rosa.passphrase)
    desk.store.delete()
    with pytest.raises(slot_problems.DeviceSecretMissing):
        desk.sign_in(rosa.passphrase)
    (tmp_path / "rosa.slot.json").write_bytes(rosa.slot.to_bytes()[:-5])
    with pytest.raises(slot_problems.SlotDamaged):
        desk.sign_in(rosa.passphrase)
    assert desk.tries.waiting("rosa") == timedelta(0)
