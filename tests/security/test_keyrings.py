"""Where the device secret is kept. Every store that this computer has runs the same contract, in a process of its own.

The real Secret Service is among them wherever `dbus-run-session` and `gnome-keyring-daemon` are installed.
"""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import (
    ALLOWED,
    AllowedKeyring,
    KeyFileStore,
    KeyringStore,
    create_device_secret,
    find_store,
)

CONTRACT = Path(__file__).with_name("store_contract.py")
UNLOCKED_SECRET_SERVICE = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'


def available_stores() -> dict[str, list[str]]:
    """The kinds of store that can be tried here, each with the command that gives it a session of its own."""
    stores: dict[str, list[str]] = {"key file": []}
    if shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon"):
        stores["Secret Service"] = ["dbus-run-session", "--", "sh", "-c", UNLOCKED_SECRET_SERVICE, "session"]
    return stores


STORES = available_stores()


@pytest.mark.parametrize("kind", STORES)
def test_a_store_keeps_gives_back_replaces_and_forgets(kind: str, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DBUS_", "KEYRING_"))}
    environment |= {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    environment |= {"HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "run").mkdir(mode=0o700)
    command = [*STORES[kind], sys.executable, str(CONTRACT), kind, str(tmp_path / "device.key")]
    ran = subprocess.run(
        command, env=environment, cwd=CONTRACT.parents[2], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout.strip().splitlines()[-1:]) == (0, [f"{kind} keeps its word"]), ran.stderr


class Forgetful:
    """A backend that reports success and keeps nothing, as the null backend does."""

    priority = 9

    def get_password(self, _service: str, _username: str) -> str | None:
        return None

    def set_password(self, _service: str, _username: str, _password: str) -> None:
        pass

    def delete_password(self, _service: str, _username: str) -> None:
        pass


class Kept(Forgetful):
    """A backend that keeps what it is given, for as long as the class."""

    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class WinVaultKeyring(Kept):
    """Has the name of the backend whose values roam unless told otherwise."""

    persist = "enterprise"


class Locked(Forgetful):
    """A backend that is there, and locked."""

    def set_password(self, _service: str, _username: str, _password: str) -> None:
        raise RuntimeError("locked")


class Unusable(Forgetful):
    """A backend for another system."""

    def __init__(self) -> None:
        raise RuntimeError("not here")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    Kept.kept.clear()


def choice(backend: type) -> AllowedKeyring:
    return AllowedKeyring(backend.__module__, backend.__name__, sys.platform, backend.__name__)


def test_only_the_named_classes_are_ever_asked() -> None:
    assert {(one.module.removeprefix("keyring.backends."), one.class_name) for one in ALLOWED} == {
        ("Windows", "WinVaultKeyring"),
        ("macOS", "Keyring"),
        ("SecretService", "Keyring"),
        ("libsecret", "Keyring"),
        ("kwallet", "DBusKeyring"),
    }


def test_a_backend_that_forgets_is_locked_or_not_here_is_passed_over(tmp_path: Path) -> None:
    allowed = [choice(Unusable), choice(Forgetful), choice(Locked), choice(Kept)]
    store = find_store("desk-1", tmp_path / "device.key", key_file_allowed=True, allowed=allowed)
    assert (store.name, store.degraded) == ("Kept", False)
    assert Kept.kept == {}, "the trial value is gone"


def test_desks_of_one_computer_have_a_secret_each(tmp_path: Path) -> None:
    first, second = (
        find_store(desk, tmp_path / "key", key_file_allowed=False, allowed=[choice(Kept)]) for desk in ("1", "2")
    )
    secret = create_device_secret()
    first.save(secret)
    assert (first.load(), second.load()) == (secret, None)


def test_windows_values_stay_on_the_computer() -> None:
    assert choice(WinVaultKeyring).make().persist == "local machine"


def test_no_keyring_and_no_policy_says_whom_to_call(tmp_path: Path) -> None:
    with pytest.raises(Problem) as told:
        find_store("desk-1", tmp_path / "device.key", key_file_allowed=False, allowed=[choice(Forgetful)])
    assert "IT help desk" in told.value.what_to_do
    assert list(tmp_path.iterdir()) == []


def test_policy_allows_a_key_file_and_shows_it_as_degraded(tmp_path: Path) -> None:
    path = tmp_path / "device.key"
    store = find_store("desk-1", path, key_file_allowed=True, allowed=[])
    assert store.degraded
    assert store.load() is None
    secret = create_device_secret()
    store.save(secret)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = find_store("desk-1", path, key_file_allowed=True, allowed=[choice(Kept)])
    assert (again.degraded, again.load()) == (True, secret), "a keyring that turns up does not give a second secret"
    strict = find_store("desk-1", path, key_file_allowed=False, allowed=[choice(Kept)])
    assert (strict.degraded, strict.load()) == (False, None), "the policy was taken back"


def test_a_store_that_loses_or_spoils_the_secret_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="keyring"):
        KeyringStore(Forgetful(), "Forgetful", "desk-1").save(create_device_secret())
    spoilt = KeyringStore(Kept(), "Kept", "desk-1")
    Kept.kept["Living Well Desktop", "desk-1"] = "not a secret"
    with pytest.raises(Problem, match="keyring"):
        spoilt.load()
    for content in (b"", b"00", b"zz" * 32, b"00" * 33, b"\xff" * 64):
        (tmp_path / "device.key").write_bytes(content)
        with pytest.raises(Problem, match="key file"):
            KeyFileStore(tmp_path / "device.key").load()
    with pytest.raises(ValueError, match="32 bytes"):
        KeyFileStore(tmp_path / "other.key").save(b"short")
