"""Checking many signatures at once, on every core, while the database stores what they prove.

It is more than half of what a push costs the server. By libsodium, which takes half the time that OpenSSL takes for
one, and without Python's lock (docs/decisions/0008).
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

_WORTH_A_THREAD = 32
_CORES = max(2, min(8, os.cpu_count() or 2))
_threads = ThreadPoolExecutor(_CORES, "signatures")


class Signed(NamedTuple):
    """A message with its Ed25519 signature and the public key that it must be by."""

    key: bytes
    message: bytes
    signature: bytes


class Checking:
    """Signatures that are being checked: it begins when this is made."""

    def __init__(self, signed: Sequence[Signed]) -> None:
        # Few are checked before anything else, here: a thread would cost more than it gains.
        share = max(_WORTH_A_THREAD, -(-len(signed) // _CORES))
        parts = [signed[start : start + share] for start in range(0, len(signed), share)]
        begin = _threads.submit if len(parts) > 1 else _done
        self._parts = [begin(_which_hold, part) for part in parts]

    def which_hold(self) -> list[bool]:
        """Of each, whether the signature is that key's. Waits until all are checked."""
        return [held for part in self._parts for held in part.result()]


def which_hold(signed: Sequence[Signed | None]) -> list[bool]:
    """Of each, whether the signature is that key's. What is None does not hold."""
    held = iter(Checking([each for each in signed if each is not None]).which_hold())
    return [each is not None and next(held) for each in signed]


def _done(check: Callable[[Sequence[Signed]], list[bool]], signed: Sequence[Signed]) -> Future[list[bool]]:
    done = Future[list[bool]]()
    done.set_result(check(signed))
    return done


def _which_hold(signed: Sequence[Signed]) -> list[bool]:
    return [_holds(*each) for each in signed]


def _holds(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        crypto_sign_open(signature + message, key)
    except (BadSignatureError, ValueError):
        return False
    return True
