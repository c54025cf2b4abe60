"""A desk's own identity: the Ed25519 keys that sign what it sends, kept under its device secret."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.durable_files import read_private, write_private
from livingwell_desktop.security.sealing import KEY_BYTES, CannotOpenError, close_box, key_for, open_box
from livingwell_desktop.security.slot_format import CHECK_BYTES, device_check
from livingwell_desktop.security.slot_problems import DeviceSecretChanged, DeviceSecretMissing

FORMAT = 1
ID_BYTES = 16
CONTENT_HASH_BYTES = 32
_LARGEST_FILE = 4 * 1024
_NAMES = frozenset({"format", "device_id", "public", "device_check", "box"})


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """A desk's id and its private signing key (32 bytes, shown nowhere)."""

    device_id: str
    private: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public key that the alliance certifies, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    def signer(self) -> Callable[[bytes], bytes]:
        """What makes this desk's Ed25519 signatures, 64 bytes each; the key is prepared once for many."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign


def change_message(change_id: bytes, content_hash: bytes) -> bytes:
    """What a device signs for a change: its 16-byte id followed by its 32-byte content hash.

    Both lengths are fixed, so no two changes share a message. Raises ValueError for other lengths.
    """
    if len(change_id) != ID_BYTES or len(content_hash) != CONTENT_HASH_BYTES:
        raise ValueError("a change is named by 16 bytes and hashed to 32")
    return change_id + content_hash


def new_device_id() -> str:
    """A random name for a new desk: a version 4 UUID as text."""
    return str(uuid4())


def create_device_keys(device_id: str) -> DeviceKeys:
    """New random keys for a desk."""
    return DeviceKeys(device_id, Ed25519PrivateKey.generate().private_bytes_raw())


def save_device_keys(path: Path, keys: DeviceKeys, device_secret: bytes) -> None:
    """Writes the keys, encrypted under the device secret (0600, whole or not at all). Raises OSError."""
    header = _header(keys.device_id, keys.public, device_check(device_secret, keys.device_id))
    box = close_box(key_for("device keys 1", device_secret), keys.private, canonical(header))
    write_private(path, canonical(header | {"box": text_of(box)}))


def load_device_keys(path: Path, device_secret: bytes | None) -> DeviceKeys | None:
    """The desk's keys; None when it has not been set up.

    Raises DeviceSecretMissing, DeviceSecretChanged, and Problem when the file is damaged.
    """
    try:
        data = read_private(path, _LARGEST_FILE)
    except OSError as error:
        raise _damaged() from error
    if data is None:
        return None
    try:
        fields = Fields(read_canonical(data), _NAMES)
        device_id, public = fields.text("device_id"), fields.binary("public", KEY_BYTES)
        check, box = fields.binary("device_check", CHECK_BYTES), fields.binary("box")
        if fields.number("format") != FORMAT:
            raise _damaged()
    except NotCanonicalError:
        raise _damaged() from None
    if device_secret is None:
        raise DeviceSecretMissing
    if check != device_check(device_secret, device_id):
        raise DeviceSecretChanged
    try:
        header = canonical(_header(device_id, public, check))
        keys = DeviceKeys(device_id, open_box(key_for("device keys 1", device_secret), box, header))
    except CannotOpenError:
        raise _damaged() from None
    if keys.public != public:
        raise _damaged()
    return keys


def _header(device_id: str, public: bytes, check: bytes) -> dict[str, object]:
    return {"format": FORMAT, "device_id": device_id, "public": text_of(public), "device_check": text_of(check)}


def _damaged() -> Problem:
    return Problem(
        "This computer's identity is damaged",
        "The file that tells the server which computer this is cannot be read. No records were deleted.",
        "Call the IT help desk.",
    )
