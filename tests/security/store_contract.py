"""What every store of a device secret must do; run by test_keyrings.py in a session of its own."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from livingwell_desktop.security.keyrings import ALLOWED, DeviceSecretStore, create_device_secret, find_store


def main(kind: str, key_file: Path) -> None:
    in_a_file = kind == "key file"
    allowed = () if in_a_file else ALLOWED

    def store(account: str = "desk-1") -> DeviceSecretStore:
        return find_store(account, key_file, key_file_allowed=in_a_file, allowed=allowed)

    first, second = create_device_secret(), create_device_secret()
    assert (store().name, store().degraded) == (kind, in_a_file)
    assert store().load() is None
    store().save(first)
    assert store().load() == first
    if not in_a_file:
        assert store("desk-2").load() is None
        assert not key_file.exists()
    store().save(second)
    assert store().load() == second
    assert store().note("anchor") is None
    store().keep_note("anchor", "first")
    store().keep_note("anchor", "second")
    assert (store().note("anchor"), store().load()) == ("second", second)
    store().delete()
    store().delete()
    assert store().load() is None
    sys.stdout.write(f"{kind} keeps its word\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
