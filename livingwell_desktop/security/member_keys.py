"""The keys of a member of staff, and the same keys locked with their passphrase.

The locked keys are one blob, the same on every desk; the newest version wins. They are never stored as they are: on a
desk inside the slot, under the device secret; on the server under a key kept outside its database.
"""

import os
from dataclasses import asdict, dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from livingwell_desktop.security.argon2 import SALT_BYTES, Argon2Parameters, derive_key
from livingwell_desktop.security.canonical import Fields, canonical, read_canonical, text_of
from livingwell_desktop.security.sealing import KEY_BYTES, CannotOpenError, close_box, open_box
from livingwell_desktop.security.statements import MemberPublic

FORMAT = 1

__all__ = [
    "LockedKeys",
    "MemberKeys",
    "MemberPublic",
    "create_member_keys",
    "lock_keys",
    "locked_keys_from_bytes",
    "parameters_from",
    "unlock_keys",
]


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """A member's private keys, 32 bytes each. They are shown nowhere, `repr` included."""

    member_id: str
    agreement: bytes = field(repr=False)
    signing: bytes = field(repr=False)

    @property
    def public(self) -> MemberPublic:
        """The public half."""
        return MemberPublic(
            self.member_id,
            X25519PrivateKey.from_private_bytes(self.agreement).public_key().public_bytes_raw(),
            Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw(),
        )

    def sign(self, message: bytes) -> bytes:
        """The member's Ed25519 signature, 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(message)


def create_member_keys(member_id: str) -> MemberKeys:
    """New random keys for a member of staff."""
    return MemberKeys(
        member_id,
        X25519PrivateKey.generate().private_bytes_raw(),
        Ed25519PrivateKey.generate().private_bytes_raw(),
    )


@dataclass(frozen=True, slots=True)
class LockedKeys:
    """A member's private keys under their passphrase. `version` grows by one with each new passphrase."""

    public: MemberPublic
    version: int
    parameters: Argon2Parameters
    salt: bytes = field(repr=False)
    box: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """For a slot, or for the server to hand to the member's other desks."""
        return canonical(_header(self.public, self.version, self.parameters, self.salt) | {"box": text_of(self.box)})


_NAMES = frozenset({"format", "member_id", "agreement", "signing", "version", "parameters", "salt", "box"})


def locked_keys_from_bytes(data: bytes) -> LockedKeys:
    """The locked keys in the bytes. Raises NotCanonicalError."""
    fields = Fields(read_canonical(data), _NAMES)
    public = MemberPublic(
        fields.text("member_id"), fields.binary("agreement", KEY_BYTES), fields.binary("signing", KEY_BYTES)
    )
    return LockedKeys(
        public,
        fields.number("version"),
        parameters_from(fields.part("parameters")),
        fields.binary("salt", SALT_BYTES),
        fields.binary("box"),
    )


def parameters_from(value: object) -> Argon2Parameters:
    """Argon2 parameters out of JSON. Raises NotCanonicalError."""
    fields = Fields(value, frozenset({"memory_kib", "iterations", "parallelism"}))
    return Argon2Parameters(fields.number("memory_kib"), fields.number("iterations"), fields.number("parallelism"))


def lock_keys(keys: MemberKeys, passphrase: str, parameters: Argon2Parameters, version: int = 1) -> LockedKeys:
    """The keys under a passphrase (Argon2id, then AES-256-GCM with everything else as additional data).

    Whether the passphrase is good enough is asked before, of `check_passphrase`.
    """
    salt = os.urandom(SALT_BYTES)
    header = canonical(_header(keys.public, version, parameters, salt))
    box = close_box(derive_key(passphrase, salt, parameters), keys.agreement + keys.signing, header)
    return LockedKeys(keys.public, version, parameters, salt, box)


def unlock_keys(locked: LockedKeys, passphrase: str) -> MemberKeys:
    """The private keys. Raises CannotOpenError: the passphrase is wrong, or the blob is not as it was made."""
    header = canonical(_header(locked.public, locked.version, locked.parameters, locked.salt))
    content = open_box(derive_key(passphrase, locked.salt, locked.parameters), locked.box, header)
    keys = MemberKeys(locked.public.member_id, content[:KEY_BYTES], content[KEY_BYTES:])
    if keys.public != locked.public:
        raise CannotOpenError
    return keys


def _header(public: MemberPublic, version: int, parameters: Argon2Parameters, salt: bytes) -> dict[str, object]:
    return {
        "format": FORMAT,
        "member_id": public.member_id,
        "agreement": text_of(public.agreement),
        "signing": text_of(public.signing),
        "version": version,
        "parameters": asdict(parameters),
        "salt": text_of(salt),
    }
