"""Slots: what opens one, what does not, and that each reason is told apart."""

from dataclasses import replace
from datetime import timedelta

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security import slot_problems
from livingwell_desktop.security.argon2 import FLOOR, Argon2Parameters, check_parameters
from livingwell_desktop.security.keyrings import create_device_secret
from livingwell_desktop.security.member_keys import create_member_keys, lock_keys, locked_keys_from_bytes
from livingwell_desktop.security.slot_format import Slot, slot_from_bytes
from livingwell_desktop.security.slots import (
    Unlocked,
    admit,
    adopt,
    change_passphrase,
    create_database_key,
    create_slot,
    locked_keys,
    open_slot,
    regrant,
    reseal,
)
from tests.security.admitted_member import AdmittedMember

NEW = "velvet tractor hums quietly"


def opened(
    rosa: AdmittedMember, slot: Slot | None = None, passphrase: str | None = None, secret: bytes | None = None
) -> Unlocked:
    return open_slot(
        slot or rosa.slot,
        passphrase or rosa.passphrase,
        secret or rosa.device_secret,
        member_id="rosa",
        device_id=rosa.device_id,
    )


def test_the_right_three_open_it(rosa: AdmittedMember) -> None:
    unlocked = opened(rosa)
    assert unlocked == Unlocked(rosa.database_key, rosa.keys)
    assert len(unlocked.database_key.key) == 32


def test_it_survives_its_file(rosa: AdmittedMember) -> None:
    assert slot_from_bytes(rosa.slot.to_bytes()) == rosa.slot


def test_spaces_and_unicode_forms_do_not_matter_but_capitals_do(rosa: AdmittedMember) -> None:
    spaced = rosa.passphrase.replace(" ", "\u00a0 ")
    assert opened(rosa, passphrase=f"  {spaced}\n") == opened(rosa)
    with pytest.raises(slot_problems.WrongPassphrase):
        opened(rosa, passphrase=rosa.passphrase.title())


def test_no_secret_is_shown_by_repr_or_lies_in_the_file(rosa: AdmittedMember) -> None:
    hidden = (rosa.database_key.key, rosa.keys.agreement, rosa.keys.signing, rosa.device_secret)
    shown = f"{rosa.slot!r} {opened(rosa)!r} {locked_keys(rosa.slot, rosa.device_secret)!r}"
    for secret in hidden:
        assert repr(secret) not in shown
        assert secret not in rosa.slot.to_bytes()


@pytest.mark.parametrize("passphrase", ["", "wrong", "\ud800 lone surrogate", "copper lantern walks sideway"])
def test_a_wrong_passphrase_is_just_that(rosa: AdmittedMember, passphrase: str) -> None:
    with pytest.raises(slot_problems.WrongPassphrase):
        open_slot(rosa.slot, passphrase, rosa.device_secret, member_id="rosa", device_id=rosa.device_id)


def test_a_wiped_or_changed_keyring_is_told_apart_from_a_wrong_passphrase(rosa: AdmittedMember) -> None:
    with pytest.raises(slot_problems.DeviceSecretMissing):
        open_slot(rosa.slot, rosa.passphrase, None, member_id="rosa", device_id=rosa.device_id)
    with pytest.raises(slot_problems.DeviceSecretChanged):
        opened(rosa, secret=create_device_secret())


def test_a_slot_of_another_person_or_computer_is_refused(rosa: AdmittedMember) -> None:
    with pytest.raises(slot_problems.SlotOfAnother):
        open_slot(rosa.slot, rosa.passphrase, rosa.device_secret, member_id="maya", device_id=rosa.device_id)
    with pytest.raises(slot_problems.SlotOfAnother):
        open_slot(rosa.slot, rosa.passphrase, rosa.device_secret, member_id="rosa", device_id="desk-2")


@pytest.mark.parametrize(
    "weak",
    [replace(FLOOR, memory_kib=FLOOR.memory_kib - 1), replace(FLOOR, iterations=2), replace(FLOOR, parallelism=0)],
)
def test_parameters_below_the_floor_are_refused_everywhere(rosa: AdmittedMember, weak: Argon2Parameters) -> None:
    with pytest.raises(Problem) as refused:
        check_parameters(weak)
    assert not isinstance(refused.value, slot_problems.WrongPassphrase)
    with pytest.raises(Problem):
        lock_keys(rosa.keys, rosa.passphrase, weak)
    with pytest.raises(Problem) as opening:
        opened(rosa, replace(rosa.slot, parameters=weak))
    assert opening.value.title == refused.value.title
    weak_blob = replace(locked_keys(rosa.slot, rosa.device_secret), parameters=weak, version=9)
    with pytest.raises(Problem):
        adopt(rosa.slot, weak_blob, rosa.device_secret)


def test_parameters_that_would_stop_the_computer_are_refused() -> None:
    with pytest.raises(Problem, match="cannot be read"):
        check_parameters(replace(FLOOR, memory_kib=1 << 40))


def test_a_changed_passphrase_opens_and_the_old_one_does_not(rosa: AdmittedMember) -> None:
    changed = change_passphrase(rosa.slot, rosa.passphrase, NEW, rosa.device_secret, parameters=FLOOR)
    assert changed.version == rosa.slot.version + 1
    assert opened(rosa, changed, NEW) == opened(rosa)
    with pytest.raises(slot_problems.WrongPassphrase):
        opened(rosa, changed)
    with pytest.raises(slot_problems.WrongPassphrase):
        change_passphrase(rosa.slot, NEW, NEW, rosa.device_secret, parameters=FLOOR)


def test_a_weak_passphrase_makes_no_slot(rosa: AdmittedMember) -> None:
    with pytest.raises(Problem, match="stronger"):
        change_passphrase(rosa.slot, rosa.passphrase, "123456", rosa.device_secret)
    with pytest.raises(Problem, match="stronger"):
        create_slot(
            rosa.keys,
            "rosa mensah certitude",
            rosa.database_key,
            device_id="desk-1",
            device_secret=rosa.device_secret,
            grant=rosa.slot.grant,
        )


def test_a_manager_admits_an_absent_colleague_with_what_the_server_hands_on(rosa: AdmittedMember) -> None:
    maya = create_member_keys("maya")
    blob = lock_keys(maya, NEW, FLOOR).to_bytes()
    manager = opened(rosa)
    slot = admit(
        locked_keys_from_bytes(blob),
        manager.database_key,
        device_id=rosa.device_id,
        device_secret=rosa.device_secret,
        grant=replace(rosa.slot.grant, name="Maya Lindqvist"),
    )
    unlocked = open_slot(slot, NEW, rosa.device_secret, member_id="maya", device_id=rosa.device_id)
    assert unlocked == Unlocked(rosa.database_key, maya)


def test_a_passphrase_changed_on_one_desk_reaches_the_next_and_newest_wins(rosa: AdmittedMember) -> None:
    second_secret, second_key = create_device_secret(), create_database_key()
    first_blob = locked_keys(rosa.slot, rosa.device_secret)
    second = admit(first_blob, second_key, device_id="desk-2", device_secret=second_secret, grant=rosa.slot.grant)
    changed = change_passphrase(rosa.slot, rosa.passphrase, NEW, rosa.device_secret, parameters=FLOOR)
    newer = adopt(second, locked_keys(changed, rosa.device_secret), second_secret)
    assert open_slot(newer, NEW, second_secret, member_id="rosa", device_id="desk-2").database_key == second_key
    assert adopt(newer, first_blob, second_secret) == newer
    with pytest.raises(slot_problems.SlotOfAnother):
        adopt(newer, lock_keys(create_member_keys("rosa"), NEW, FLOOR, version=7), second_secret)


def test_a_new_database_key_and_a_new_lease_need_no_passphrase(rosa: AdmittedMember) -> None:
    next_key = create_database_key(epoch=2)
    longer = replace(rosa.slot.grant, lease_until=rosa.slot.grant.lease_until + timedelta(days=7), role="Manager")
    slot = regrant(reseal(rosa.slot, next_key, rosa.device_secret), longer, rosa.device_secret)
    assert (slot.grant, slot.epoch) == (longer, 2)
    assert opened(rosa, slot).database_key == next_key
    with pytest.raises(slot_problems.DeviceSecretChanged):
        regrant(slot, longer, create_device_secret())
