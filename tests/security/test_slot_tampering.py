"""Tampering: one flipped bit, an edit with the checksum made right again, parts of two slots put together."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security import slot_problems
from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.canonical import canonical
from livingwell_desktop.security.slot_files import SlotFolder, UnreadableSlot
from livingwell_desktop.security.slot_format import FORMAT, LARGEST_FILE, Slot, _checksum, slot_from_bytes
from livingwell_desktop.security.slots import open_slot, regrant
from tests.security.admitted_member import AdmittedMember


@given(data=st.data())
def test_any_flipped_bit_is_refused(rosa: AdmittedMember, data: st.DataObject) -> None:
    whole = bytearray(rosa.slot.to_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1), "at")] ^= 1 << data.draw(st.integers(0, 7), "bit")
    with pytest.raises(slot_problems.SlotDamaged):
        slot_from_bytes(bytes(whole))


def test_every_byte_flipped_once_is_refused(rosa: AdmittedMember) -> None:
    whole = rosa.slot.to_bytes()
    for at in range(len(whole)):
        with pytest.raises(slot_problems.SlotDamaged):
            slot_from_bytes(whole[:at] + bytes([whole[at] ^ 0x01]) + whole[at + 1 :])


@given(cut=st.integers(0, 10_000))
def test_a_file_cut_short_is_refused(rosa: AdmittedMember, cut: int) -> None:
    whole = rosa.slot.to_bytes()
    with pytest.raises(slot_problems.SlotDamaged):
        slot_from_bytes(whole[: cut % len(whole)])


@pytest.mark.parametrize("more", [b" ", b"\n", b"{}", b"\0"])
def test_anything_added_is_refused(rosa: AdmittedMember, more: bytes) -> None:
    with pytest.raises(slot_problems.SlotDamaged):
        slot_from_bytes(rosa.slot.to_bytes() + more)


@given(junk=st.binary(max_size=300))
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(slot_problems.SlotDamaged):
        slot_from_bytes(junk)


def test_hostile_files_are_refused_quickly() -> None:
    for junk in (b"[" * LARGEST_FILE, b'{"a":' * 10_000, b"0" * (LARGEST_FILE + 1), b'{"checksum":"\xc3\xa9"}'):
        with pytest.raises(slot_problems.SlotDamaged):
            slot_from_bytes(junk)


def _other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, str):
        return value[::-1] if value != value[::-1] else value + "x"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    if isinstance(value, tuple):
        return (*value, "centre-b")
    if isinstance(value, Argon2Parameters):
        return replace(value, iterations=value.iterations + 1)
    return value + timedelta(days=365)


def _edits(slot: Slot) -> list[Slot]:
    """The slot with each of its fields changed, one at a time."""
    nested = ("member", "grant")
    edits = [
        replace(
            slot, **{name: replace(getattr(slot, name), **{one.name: _other(getattr(getattr(slot, name), one.name))})}
        )
        for name in nested
        for one in fields(getattr(slot, name))
    ]
    return edits + [
        replace(slot, **{one.name: _other(getattr(slot, one.name))}) for one in fields(slot) if one.name not in nested
    ]


def test_every_edited_field_is_refused_even_with_a_right_checksum(rosa: AdmittedMember) -> None:
    edits = [each for each in _edits(rosa.slot) if each.written_as == FORMAT]  # a newer one has a test of its own
    edits.append(replace(rosa.slot, written_as=1))
    assert len(edits) == 18
    for edited in edits:
        slot = slot_from_bytes(edited.to_bytes())
        with pytest.raises(Problem) as refused:
            open_slot(
                slot,
                rosa.passphrase,
                rosa.device_secret,
                member_id=slot.member.member_id,
                device_id=slot.device_id,
            )
        assert isinstance(refused.value, (slot_problems.SlotDamaged, slot_problems.DeviceSecretChanged))


@pytest.mark.parametrize("box", ["keys_box", "seal_box"])
def test_boxes_of_an_older_slot_of_the_same_member_do_not_fit(rosa: AdmittedMember, box: str) -> None:
    longer = replace(rosa.slot.grant, lease_until=rosa.slot.grant.lease_until + timedelta(days=7))
    newer = regrant(rosa.slot, longer, rosa.device_secret)
    mixed = replace(newer, **{box: getattr(rosa.slot, box)})
    with pytest.raises(slot_problems.SlotDamaged):
        open_slot(mixed, rosa.passphrase, rosa.device_secret, member_id="rosa", device_id=rosa.device_id)


def test_a_newer_format_is_refused_politely(rosa: AdmittedMember) -> None:
    content = json.loads(rosa.slot.to_bytes())
    del content["checksum"]
    content["header"]["format"] = FORMAT + 1
    with pytest.raises(slot_problems.SlotTooNew):
        slot_from_bytes(canonical(content | {"checksum": _checksum(content)}))


def test_a_renamed_file_is_told_and_one_damaged_file_hides_no_other(rosa: AdmittedMember, tmp_path: Path) -> None:
    folder = SlotFolder(tmp_path / "slots")
    folder.write(rosa.slot)
    (tmp_path / "slots" / "maya.slot.json").write_bytes(rosa.slot.to_bytes())
    (tmp_path / "slots" / "tunde.slot.json").write_bytes(b"")
    with pytest.raises(slot_problems.SlotOfAnother):
        folder.read("maya")
    with pytest.raises(slot_problems.NoSlot):
        folder.read("../slots/rosa")
    listed = folder.entries()
    assert listed[0] == rosa.slot
    assert [entry.member_id for entry in listed[1:] if isinstance(entry, UnreadableSlot)] == ["maya", "tunde"]
    folder.remove("rosa")
    with pytest.raises(slot_problems.NoSlot):
        folder.read("rosa")
