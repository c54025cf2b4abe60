"""Checking many signatures at once, on every core: more than half of what a push costs the server.

By libsodium, which takes half the time that OpenSSL takes for one, and without Python's lock
(docs/decisions/0008).
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

_WORTH_A_THREAD = 32
_CORES = max(2, min(8, os.cpu_count() or 2))
_threads = ThreadPoolExecutor(_CORES, "signatures")


@dataclass(frozen=True, slots=True)
class Signed:
    """A message with its Ed25519 signature and the public key that it must be by."""

    key: bytes
    message: bytes
    signature: bytes


def which_hold(signed: Sequence[Signed | None]) -> list[bool]:
    """Of each, whether the signature is that key's. What is None does not hold."""
    if len(signed) < 2 * _WORTH_A_THREAD:
        return [_holds(each) for each in signed]
    share = max(_WORTH_A_THREAD, -(-len(signed) // _CORES))
    parts = [signed[start : start + share] for start in range(0, len(signed), share)]
    return [held for part in _threads.map(lambda part: [_holds(each) for each in part], parts) for held in part]


def _holds(signed: Signed | None) -> bool:
    if signed is None:
        return False
    try:
        crypto_sign_open(signed.signature + signed.message, signed.key)
    except (BadSignatureError, ValueError):
        return False
    return True
