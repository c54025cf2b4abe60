"""From a passphrase to a key. The expected bytes are fixed for ever: a change would lock everybody out."""

from pathlib import Path

import pytest
from argon2.exceptions import HashingError

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security import argon2
from livingwell_desktop.security.slot_format import FORMAT, slot_from_bytes
from livingwell_desktop.security.slots import DEFAULT_PARAMETERS, open_slot, reseal

OLD_SLOT = Path(__file__).with_name("slot_format_1.json")


def test_the_defaults_are_256_mib_three_passes_four_lanes() -> None:
    assert argon2.Argon2Parameters(262_144, 3, 4) == DEFAULT_PARAMETERS
    assert argon2.FLOOR.memory_kib == 64 * 1024


def test_the_key_of_a_passphrase_never_changes() -> None:
    key = argon2.derive_key("  Copper LANTERN caf\u0065\u0301 ", bytes(range(16)), argon2.FLOOR)
    assert key.hex() == "79381a416e440a2e0e6e4bc2df10df43de5998824d8ca17b7ab77c06b214a0c6"
    assert key == argon2.derive_key("Copper LANTERN caf\u00e9", bytes(range(16)), argon2.FLOOR)
    assert key != argon2.derive_key("Copper LANTERN caf\u00e9", bytes(16), argon2.FLOOR)


def test_a_slot_of_the_first_format_still_opens() -> None:
    slot = slot_from_bytes(OLD_SLOT.read_bytes())
    unlocked = open_slot(slot, "copper lantern walks sideways", bytes(range(32)), member_id="rosa", device_id="desk-1")
    assert unlocked.database_key.key == bytes(range(32, 64))
    assert unlocked.database_key.epoch == 3
    assert unlocked.member_keys.public == slot.member
    again = reseal(slot, unlocked.database_key, bytes(range(32)))
    assert (slot.written_as, again.written_as) == (1, FORMAT)
    assert again.header() == {**slot.header(), "format": FORMAT, "number": 0, "standing": "member"}
    assert slot_from_bytes(again.to_bytes()) == again


def test_too_little_memory_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(**_: object) -> bytes:
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(argon2, "hash_secret_raw", no_memory)
    with pytest.raises(Problem, match="not enough free memory") as told:
        argon2.derive_key("any", bytes(16), DEFAULT_PARAMETERS)
    assert "256 MB" in told.value.what_happened
