"""An old slot file put back with its old passphrase opens nothing of the present, and says what it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import KeyFileStore
from livingwell_desktop.security.newest_slots import NOTE, NewestSlots
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.slot_problems import SlotPutBack, WrongPassphrase
from livingwell_desktop.security.slots import adopt, change_passphrase, locked_keys, regrant
from tests.security.admitted_member import AdmittedMember
from tests.security.test_signing_in import Desk, desk

__all__ = ["desk"]

NEW = "four other words entirely"


def changed(rosa: AdmittedMember) -> Slot:
    return change_passphrase(rosa.slot, rosa.passphrase, NEW, rosa.device_secret, parameters=rosa.slot.parameters)


def remembered(desk: Desk) -> NewestSlots:
    return NewestSlots(lambda: desk.store)


def test_after_a_changed_passphrase_the_file_from_before_opens_nothing(desk: Desk, rosa: AdmittedMember) -> None:
    desk.sign_in(rosa.passphrase)
    desk.slots.write(changed(rosa))
    remembered(desk).keep([desk.slots.read("rosa")])
    desk.slots.write(rosa.slot)
    with pytest.raises(SlotPutBack) as old:
        desk.sign_in(rosa.passphrase)
    assert old.value.title == "This sign-in is an old one"
    assert "Ask a manager who can sign in here to admit you again" in old.value.advice
    desk.slots.write(changed(rosa))
    desk.sign_in(NEW)


def test_signing_in_with_the_new_one_is_enough_to_remember_it(desk: Desk, rosa: AdmittedMember) -> None:
    desk.slots.write(changed(rosa))
    desk.sign_in(NEW)
    desk.slots.write(rosa.slot)
    with pytest.raises(SlotPutBack):
        desk.sign_in(rosa.passphrase)


def test_only_who_knows_the_old_passphrase_is_told(desk: Desk, rosa: AdmittedMember) -> None:
    remembered(desk).keep([changed(rosa)])
    with pytest.raises(WrongPassphrase):
        desk.sign_in("wrong")
    with pytest.raises(SlotPutBack):
        desk.sign_in(rosa.passphrase)
    assert not desk.tries.waiting("rosa")


def test_newer_keys_of_a_member_are_newer_than_any_version_of_the_old_ones(desk: Desk, rosa: AdmittedMember) -> None:
    newest = remembered(desk)
    newest.keep([replace(rosa.slot, number=1, version=1)])
    with pytest.raises(SlotPutBack):
        newest.check(replace(rosa.slot, number=0, version=9))
    newest.check(replace(rosa.slot, number=1, version=1))


def test_who_was_only_invited_is_let_in(desk: Desk, rosa: AdmittedMember) -> None:
    remembered(desk).check(replace(rosa.slot, number=0, version=0))


def test_a_longer_lease_or_the_same_file_again_is_no_old_one(desk: Desk, rosa: AdmittedMember) -> None:
    desk.slots.write(changed(rosa))
    desk.sign_in(NEW)
    slot = desk.slots.read("rosa")
    desk.slots.write(regrant(slot, slot.grant, rosa.device_secret))
    desk.sign_in(NEW)


def test_a_passphrase_that_came_from_another_desk_counts_too(desk: Desk, rosa: AdmittedMember) -> None:
    came = adopt(rosa.slot, locked_keys(changed(rosa), rosa.device_secret), rosa.device_secret)
    remembered(desk).keep([came])
    with pytest.raises(SlotPutBack):
        desk.sign_in(rosa.passphrase)


def test_who_is_admitted_again_by_a_manager_can_sign_in_whatever_was_there_before(
    desk: Desk, rosa: AdmittedMember
) -> None:
    newest = remembered(desk)
    newest.keep([changed(rosa)])
    newest.keep([rosa.slot])
    with pytest.raises(SlotPutBack):
        desk.sign_in(rosa.passphrase)
    newest.keep([rosa.slot], admitted={"rosa"})
    desk.sign_in(rosa.passphrase)


@pytest.mark.parametrize("note", ["", "2 aaaaaaaaaa:0.9", "1 what is this", "1 ffffffffff:0.7 broken"])
def test_a_note_that_cannot_be_read_stops_nobody(desk: Desk, rosa: AdmittedMember, note: str) -> None:
    desk.store.keep_note(NOTE, note)
    desk.sign_in(rosa.passphrase)


class AskingKeyring(KeyFileStore):
    """A keyring that gives the secret and refuses everything else, as one does that somebody locked meanwhile."""

    def note(self, name: str) -> str | None:
        raise Problem("The keyring is locked", name, "")

    def keep_note(self, name: str, text: str) -> None:
        raise Problem("The keyring is locked", name, text)


def test_a_keyring_that_refuses_stops_nobody(desk: Desk, rosa: AdmittedMember, tmp_path: Path) -> None:
    desk.store = AskingKeyring(tmp_path / "device.key")
    desk.slots.write(changed(rosa))
    desk.sign_in(NEW)


def test_a_note_of_many_members_fits_in_the_smallest_keyring(desk: Desk, rosa: AdmittedMember) -> None:
    many = (
        replace(rosa.slot, member=replace(rosa.slot.member, member_id=f"member-{number}"), version=2)
        for number in range(80)
    )
    remembered(desk).keep(many)
    note = desk.store.note(NOTE)
    assert note is not None
    assert len(note.encode("utf-16-le")) <= 2560
