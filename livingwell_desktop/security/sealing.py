"""Three ways to close a box: under a secret key, under the device secret, and to somebody's public key.

Every box is AES-256-GCM with a random 96-bit nonce in front; what it belongs to is bound in as additional data (AAD),
so a box put in another place does not open. Keys for different purposes come from one secret by HKDF-SHA256.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16


class CannotOpenError(Exception):
    """The box is damaged, was closed under another key, or belongs somewhere else. Nothing tells which."""


def close_box(key: bytes, content: bytes, belongs_to: bytes) -> bytes:
    """The content encrypted under a 32-byte key and bound to `belongs_to`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, belongs_to)


def open_box(key: bytes, box: bytes, belongs_to: bytes) -> bytes:
    """The content of a box. Raises CannotOpenError."""
    if len(box) < _NONCE_BYTES + _TAG_BYTES:
        raise CannotOpenError
    try:
        return AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], belongs_to)
    except InvalidTag:
        raise CannotOpenError from None


def key_for(purpose: str, secret: bytes, salt: bytes = b"") -> bytes:
    """The 32-byte key for one purpose, made from a secret by HKDF-SHA256."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt or None, info=f"livingwell {purpose}".encode()).derive(
        secret
    )


def seal_to(public_key: bytes, content: bytes, belongs_to: bytes) -> bytes:
    """The content for the holder of an X25519 private key only; the sender keeps nothing that opens it.

    Raises ValueError for a public key that is none.
    """
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    return sender + close_box(key_for("seal 1", shared, sender + public_key), content, belongs_to)


def open_seal(private_key: bytes, sealed: bytes, belongs_to: bytes) -> bytes:
    """The content of a seal. Raises CannotOpenError."""
    own = X25519PrivateKey.from_private_bytes(private_key)
    sender, box = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sender))
    except ValueError:
        raise CannotOpenError from None
    return open_box(key_for("seal 1", shared, sender + own.public_key().public_bytes_raw()), box, belongs_to)
