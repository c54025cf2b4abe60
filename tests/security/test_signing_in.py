"""Signing in as one act: what counts as a wrong try, and what does not."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from livingwell_desktop.security import slot_problems
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.leases import STAFF_LEASE, ClockSetBack, LeaseExpired, SeenTimes
from livingwell_desktop.security.sign_in import sign_in
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slots import Unlocked, regrant
from livingwell_desktop.security.tries import MustWait, Tries
from tests.security.admitted_member import NOW, AdmittedMember


class Desk:
    """A desk's folder, and what its sign-in window does."""

    def __init__(self, rosa: AdmittedMember, folder: Path, now: datetime) -> None:
        self.slots = SlotFolder(folder)
        self.slots.write(rosa.slot)
        self.store = KeyFileStore(folder / "device.key")
        self.store.save(rosa.device_secret)
        self.tries = Tries(folder, lambda: now, lambda: 1_000)
        self._device_id = rosa.device_id
        self.now = now

    def sign_in(self, passphrase: str) -> Unlocked:
        return sign_in(
            self.slots,
            self.tries,
            self.store,
            member_id="rosa",
            device_id=self._device_id,
            passphrase=passphrase,
            now=self.now,
        )


@pytest.fixture
def desk(rosa: AdmittedMember, tmp_path: Path) -> Desk:
    return Desk(rosa, tmp_path, NOW)


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


def test_a_lease_that_ran_out_says_so_to_the_right_person_only(desk: Desk, rosa: AdmittedMember) -> None:
    desk.now = rosa.slot.grant.lease_until
    with pytest.raises(slot_problems.WrongPassphrase):
        desk.sign_in("wrong")
    with pytest.raises(LeaseExpired) as told:
        desk.sign_in(rosa.passphrase)
    assert "28 December 2026 at 8:52am" in told.value.what_happened
    assert "Nothing was deleted" in told.value.what_happened
    assert desk.tries.waiting("rosa") == timedelta(0)
    desk.now -= timedelta(seconds=1)
    assert desk.sign_in(rosa.passphrase).member_keys == rosa.keys


def test_a_longer_lease_lets_one_in_again_with_the_same_passphrase(desk: Desk, rosa: AdmittedMember) -> None:
    desk.now = rosa.slot.grant.lease_until + timedelta(days=90)
    with pytest.raises(LeaseExpired):
        desk.sign_in(rosa.passphrase)
    longer = replace(rosa.slot.grant, lease_until=desk.now + STAFF_LEASE)
    desk.slots.write(regrant(rosa.slot, longer, rosa.device_secret))
    assert desk.sign_in(rosa.passphrase).database_key == rosa.database_key


def test_a_clock_set_back_opens_no_lease_that_has_run_out(desk: Desk, rosa: AdmittedMember) -> None:
    seen = SeenTimes(desk.slots.folder)
    seen.note(rosa.slot.grant.lease_until + timedelta(days=2), rosa.device_secret)
    with pytest.raises(ClockSetBack) as told:
        desk.sign_in(rosa.passphrase)
    assert "23 November 2026" in told.value.what_happened
    assert "30 December 2026" in told.value.what_happened
    # The server's word mends a desk whose clock once was far ahead.
    seen.put(NOW, rosa.device_secret)
    assert desk.sign_in(rosa.passphrase).database_key == rosa.database_key


def test_the_latest_time_cannot_be_edited_and_never_locks_out_by_being_spoilt(
    desk: Desk, rosa: AdmittedMember, tmp_path: Path
) -> None:
    desk.sign_in(rosa.passphrase)
    seen, file = SeenTimes(desk.slots.folder), tmp_path / "seen.json"
    assert seen.read(rosa.device_secret) == NOW
    seen.note(NOW - timedelta(days=1), rosa.device_secret)
    assert seen.read(rosa.device_secret) == NOW
    whole = file.read_bytes()
    for spoilt in (whole.replace(b"2026", b"2020"), b"", b"{}", whole[:-3]):
        file.write_bytes(spoilt)
        assert seen.read(rosa.device_secret) is None
        assert desk.sign_in(rosa.passphrase).member_keys == rosa.keys


def test_a_lease_edited_in_the_file_opens_nothing(desk: Desk, rosa: AdmittedMember) -> None:
    desk.now = rosa.slot.grant.lease_until + timedelta(days=1)
    longer = replace(rosa.slot.grant, lease_until=desk.now + STAFF_LEASE)
    desk.slots.write(replace(rosa.slot, grant=longer))
    with pytest.raises(slot_problems.SlotDamaged):
        desk.sign_in(rosa.passphrase)
