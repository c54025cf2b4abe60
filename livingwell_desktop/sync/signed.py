"""Whether somebody signed something: Ed25519, as both ends of the wire ask it."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of that key signed the message. False for what is no key, or no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
