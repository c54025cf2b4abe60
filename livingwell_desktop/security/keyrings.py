"""Where a desk keeps its device secret: in the keyring of the operating system, by allow-list.

Never `keyring.get_keyring()`: left to itself it has chosen a backend that writes plain text, and one that writes
nothing at all and reports success. Each backend here is named by class, made directly, and believed only after a
value was written and read back.
"""

import base64
import binascii
import importlib
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.durable_files import read_private, remove, write_private

SECRET_BYTES = 32
MOST_NOTE_BYTES = 1024
_SERVICE = "Living Well Desktop"
_Answer = TypeVar("_Answer")


class DeviceSecretStore(Protocol):
    """Holds the device secret of one desk."""

    @property
    def name(self) -> str:
        """What it is called on this system, for people."""

    @property
    def degraded(self) -> bool:
        """Whether the secret lies in a plain file: shown everywhere, for a copied disk then holds it too."""

    def load(self) -> bytes | None:
        """The secret, 32 bytes; None when there is none. Raises Problem when it cannot be told."""

    def save(self, secret: bytes) -> None:
        """Keeps the secret, and reads it back. Raises Problem."""

    def delete(self) -> None:
        """Forgets the secret; nothing happens when there is none. Raises Problem."""

    def note(self, name: str) -> str | None:
        """A short text kept beside the secret, for what must be known outside the records. Raises Problem."""

    def keep_note(self, name: str, text: str) -> None:
        """Keeps such a text. Raises Problem."""


class KeyringBackend(Protocol):
    """What is asked of a backend of the `keyring` library."""

    def get_password(self, service: str, username: str) -> str | None:
        """The value, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps a value."""

    def delete_password(self, service: str, username: str) -> None:
        """Forgets a value."""


@dataclass(frozen=True, slots=True)
class AllowedKeyring:
    """One backend that may be used: its class, the systems it is for, and its name for people."""

    module: str
    class_name: str
    platform: str
    name: str

    def make(self) -> KeyringBackend:
        """The backend itself, not through the library's own choice. Raises whatever the backend raises."""
        backend_class = getattr(importlib.import_module(self.module), self.class_name)
        _ = backend_class.priority  # raises when the system cannot serve it
        backend = backend_class()
        if self.class_name == "WinVaultKeyring":
            backend.persist = "local machine"  # the default roams to other computers with the profile
        made: KeyringBackend = backend
        return made


ALLOWED = (
    AllowedKeyring("keyring.backends.Windows", "WinVaultKeyring", "win32", "Windows Credential Locker"),
    AllowedKeyring("keyring.backends.macOS", "Keyring", "darwin", "macOS Keychain"),
    AllowedKeyring("keyring.backends.SecretService", "Keyring", "linux", "Secret Service"),
    AllowedKeyring("keyring.backends.libsecret", "Keyring", "linux", "Secret Service (libsecret)"),
    AllowedKeyring("keyring.backends.kwallet", "DBusKeyring", "linux", "KDE Wallet"),
)


def create_device_secret() -> bytes:
    """A new random device secret."""
    return os.urandom(SECRET_BYTES)


def find_store(
    account: str, key_file: Path, *, key_file_allowed: bool, allowed: Sequence[AllowedKeyring] = ALLOWED
) -> DeviceSecretStore:
    """Where this desk's secret is, or is to be kept.

    `account` tells the desks of one computer apart. A key file that is there is used when the policy allows it, so that
    a keyring which comes and goes does not give the desk two secrets. Raises Problem when there is no usable keyring
    and the policy does not allow a key file.
    """
    if key_file_allowed and key_file.exists():
        return KeyFileStore(key_file)
    for choice in allowed:
        if choice.platform == sys.platform:
            store = _usable(choice, account)
            if store is not None:
                return store
    if key_file_allowed:
        return KeyFileStore(key_file)
    raise Problem(
        "This computer has no safe place for its key",
        "Living Well Desktop keeps the computer's key in the system's own keyring, and found none that works: "
        f"{_expected()}. The keyring may be locked, or not running.",
        "Sign in to this computer in the usual way and try again. If that does not help, call the IT help desk.",
    )


class KeyringStore:
    """The device secret in a keyring of the operating system."""

    degraded = False

    def __init__(self, backend: KeyringBackend, name: str, account: str) -> None:
        self._backend = backend
        self.name = name
        self._account = account

    def load(self) -> bytes | None:
        """See DeviceSecretStore."""
        value = self._ask(lambda: self._backend.get_password(_SERVICE, self._account))
        if value is None:
            return None
        try:
            secret = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise self._unusable()
        return secret

    def save(self, secret: bytes) -> None:
        """See DeviceSecretStore."""
        _require_secret(secret)
        text = base64.b64encode(secret).decode("ascii")
        self._ask(lambda: self._backend.set_password(_SERVICE, self._account, text))
        if self.load() != secret:
            raise self._unusable()

    def delete(self) -> None:
        """See DeviceSecretStore."""
        if self._ask(lambda: self._backend.get_password(_SERVICE, self._account)) is not None:
            self._ask(lambda: self._backend.delete_password(_SERVICE, self._account))

    def note(self, name: str) -> str | None:
        """See DeviceSecretStore."""
        return self._ask(lambda: self._backend.get_password(_SERVICE, f"{self._account} {name}"))

    def keep_note(self, name: str, text: str) -> None:
        """See DeviceSecretStore."""
        self._ask(lambda: self._backend.set_password(_SERVICE, f"{self._account} {name}", text))

    def works(self) -> bool:
        """Whether it gives back what was written: this desk's secret, or else a trial value, which is then deleted."""
        value = secrets.token_hex(16)
        account = f"{self._account} test"
        try:
            if self._ask(lambda: self._backend.get_password(_SERVICE, self._account)) is not None:
                return True
            self._ask(lambda: self._backend.set_password(_SERVICE, account, value))
            same = self._ask(lambda: self._backend.get_password(_SERVICE, account)) == value
            self._ask(lambda: self._backend.delete_password(_SERVICE, account))
            return same and self._ask(lambda: self._backend.get_password(_SERVICE, account)) is None
        except Problem:
            return False

    def _ask(self, question: Callable[[], _Answer]) -> _Answer:
        try:
            return question()
        except Exception as error:
            raise self._unusable() from error

    def _unusable(self) -> Problem:
        return Problem(
            "This computer's keyring cannot be used",
            f"The keyring ({self.name}) is locked, or does not give back what it was given.",
            "Unlock it, or sign out of this computer and in again. If that does not help, call the IT help desk.",
        )


class KeyFileStore:
    """The device secret in a file that only this user of the computer can read (0600). Only where policy allows it."""

    name = "key file"
    degraded = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> bytes | None:
        """See DeviceSecretStore."""
        try:
            data = read_private(self._path, 2 * SECRET_BYTES + 1)
        except OSError as error:
            raise self._unusable() from error
        if data is None:
            return None
        try:
            secret = bytes.fromhex(data.decode("ascii").removesuffix("\n"))
        except ValueError:
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise self._unusable()
        return secret

    def save(self, secret: bytes) -> None:
        """See DeviceSecretStore."""
        _require_secret(secret)
        try:
            write_private(self._path, f"{secret.hex()}\n".encode("ascii"))
        except OSError as error:
            raise self._unusable() from error
        if self.load() != secret:
            raise self._unusable()

    def delete(self) -> None:
        """See DeviceSecretStore."""
        try:
            remove(self._path)
        except OSError as error:
            raise self._unusable() from error

    def note(self, name: str) -> str | None:
        """See DeviceSecretStore."""
        try:
            data = read_private(self._note_path(name), MOST_NOTE_BYTES)
        except OSError as error:
            raise self._unusable() from error
        return None if data is None else data.decode("utf-8", "replace")

    def keep_note(self, name: str, text: str) -> None:
        """See DeviceSecretStore."""
        try:
            write_private(self._note_path(name), text.encode("utf-8"))
        except OSError as error:
            raise self._unusable() from error

    def _note_path(self, name: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{name}")

    def _unusable(self) -> Problem:
        return Problem(
            "This computer's key file cannot be used",
            "The file with the computer's key is damaged, or cannot be read or written. No passphrase is the cause.",
            "Check that the disk is not full. If that does not help, call the IT help desk.",
        )


def _usable(choice: AllowedKeyring, account: str) -> KeyringStore | None:
    try:
        backend = choice.make()
    except Exception:  # noqa: BLE001 - each backend has errors of its own for "not here"; the next one is asked
        return None
    store = KeyringStore(backend, choice.name, account)
    return store if store.works() else None


def _expected() -> str:
    return " or ".join(choice.name for choice in ALLOWED if choice.platform == sys.platform) or "none is known here"


def _require_secret(secret: bytes) -> None:
    if len(secret) != SECRET_BYTES:
        raise ValueError("a device secret is 32 bytes")
