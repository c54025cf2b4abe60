"""A desk's own keys: what they sign, and how they are kept."""

import hashlib
import os
import stat
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security import slot_problems
from livingwell_desktop.security.device import (
    change_message,
    create_device_keys,
    load_device_keys,
    new_device_id,
    save_device_keys,
)
from livingwell_desktop.security.keyrings import create_device_secret
from livingwell_desktop.security.signed import verify

KEYS = create_device_keys("desk-1")


def test_a_signature_is_good_for_its_message_and_key_only() -> None:
    message = change_message(os.urandom(16), hashlib.sha256(b"change").digest())
    signature = KEYS.signer()(message)
    assert len(signature) == 64
    assert verify(KEYS.public, message, signature)
    assert not verify(KEYS.public, message + b"x", signature)
    assert not verify(create_device_keys("desk-2").public, message, signature)


@given(public=st.binary(max_size=40), signature=st.binary(max_size=80))
def test_junk_verifies_nothing_and_raises_nothing(public: bytes, signature: bytes) -> None:
    assert not verify(public, b"message", signature)
    assert not verify(KEYS.public, b"message", signature)


def test_a_change_is_named_by_16_bytes_and_hashed_to_32() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        change_message(b"short", bytes(32))
    with pytest.raises(ValueError, match="32"):
        change_message(bytes(16), bytes(31))


def test_keys_are_kept_under_the_device_secret(tmp_path: Path) -> None:
    path, secret = tmp_path / "device.json", create_device_secret()
    assert load_device_keys(path, secret) is None
    save_device_keys(path, KEYS, secret)
    assert load_device_keys(path, secret) == KEYS
    assert KEYS.private not in path.read_bytes()
    assert repr(KEYS.private) not in repr(KEYS)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(slot_problems.DeviceSecretMissing):
        load_device_keys(path, None)
    with pytest.raises(slot_problems.DeviceSecretChanged):
        load_device_keys(path, create_device_secret())


def test_every_flipped_byte_of_the_file_is_refused(tmp_path: Path) -> None:
    path, secret = tmp_path / "device.json", create_device_secret()
    save_device_keys(path, KEYS, secret)
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x01]) + whole[at + 1 :])
        with pytest.raises(Problem):
            load_device_keys(path, secret)


def test_device_ids_are_128_random_bits() -> None:
    assert str(UUID(new_device_id())) != new_device_id()
