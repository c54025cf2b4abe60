"""The keys on their way from the sign-in process to the desk process that waits.

Sign-in's standard output is the desk's standard input. A frame is: magic (8 bytes), version (2), length of the payload
(4, both big-endian), SHA-256 of the payload (32), payload (JSON). The reader takes just one frame and does not wait
for the pipe's end. Nothing here logs, and no error carries a byte of what was read.
"""

import contextlib
import hashlib
import hmac
import os
import struct
import sys
from dataclasses import dataclass

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.member_keys import MemberKeys
from livingwell_desktop.security.sealing import KEY_BYTES
from livingwell_desktop.security.slots import DatabaseKey, Unlocked

MAGIC = b"LWKEYS\r\n"  # the line end shows a pipe that was opened as text
VERSION = 1
LARGEST_PAYLOAD = 16 * 1024
_HEAD = struct.Struct(">8sHI32s")
_NAMES = frozenset({"device_id", "staff_id", "database_key", "key_before", "epoch", "agreement", "signing"})


@dataclass(frozen=True, slots=True)
class Handover:
    """What the desk process needs to open the records as one member of staff."""

    device_id: str
    unlocked: Unlocked

    @property
    def staff_id(self) -> str:
        """Who signed in."""
        return self.unlocked.member_keys.member_id


class NobodySignedIn(Problem):
    """The pipe ended before its first byte: sign-in was closed. The waiting process just ends."""

    def __init__(self) -> None:
        super().__init__("Nobody signed in", "The sign-in window was closed.", "Open Living Well Desktop to sign in.")


class HandoverFailed(Problem):
    """The frame was cut short or garbled, or could not be passed on. Nothing of it is used."""

    def __init__(self) -> None:
        super().__init__(
            "Signing in did not finish",
            "The sign-in window and the records window could not pass on the key. Nothing was opened or changed.",
            "Sign in again. If it happens again, restart the computer, and then call the IT help desk.",
        )


def frame(handover: Handover) -> bytes:
    """The bytes that go through the pipe."""
    keys = handover.unlocked.member_keys
    payload = canonical(
        {
            "device_id": handover.device_id,
            "staff_id": keys.member_id,
            "database_key": text_of(handover.unlocked.database_key.key),
            "key_before": text_of(handover.unlocked.database_key.before or b""),
            "epoch": handover.unlocked.database_key.epoch,
            "agreement": text_of(keys.agreement),
            "signing": text_of(keys.signing),
        }
    )
    return _HEAD.pack(MAGIC, VERSION, len(payload), hashlib.sha256(payload).digest()) + payload


def send(handover: Handover, descriptor: int) -> None:
    """Writes one frame and closes the descriptor. Raises HandoverFailed when nobody reads."""
    left = memoryview(frame(handover))
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError:
        raise HandoverFailed from None
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def receive(descriptor: int) -> Handover:
    """Waits for one frame, then closes the descriptor. Raises NobodySignedIn, HandoverFailed."""
    try:
        head = _read(descriptor, _HEAD.size)
        if not head:
            raise NobodySignedIn
        if len(head) < _HEAD.size:
            raise HandoverFailed
        magic, version, length, digest = _HEAD.unpack(head)
        if magic != MAGIC or version != VERSION or length > LARGEST_PAYLOAD:
            raise HandoverFailed
        payload = _read(descriptor, length)
    except OSError:
        raise HandoverFailed from None
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    if len(payload) != length or not hmac.compare_digest(hashlib.sha256(payload).digest(), digest):
        raise HandoverFailed
    return _handover(payload)


def standard_input() -> int:
    """A binary descriptor of the process's standard input, even where `sys.stdin` is None. Raises HandoverFailed."""
    return _standard(0)


def standard_output() -> int:
    """A binary descriptor of the process's standard output, even where `sys.stdout` is None. Raises HandoverFailed.

    Whatever else the process prints must not go there: call this first, `sys.stdout` is detached from the pipe.
    """
    descriptor = _standard(1)
    sys.stdout = sys.stderr
    return descriptor


def _read(descriptor: int, length: int) -> bytes:
    parts: list[bytes] = []
    missing = length
    while missing:
        part = os.read(descriptor, missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _handover(payload: bytes) -> Handover:
    try:
        fields = Fields(read_canonical(payload), _NAMES)
        before = fields.binary("key_before")
        if len(before) not in (0, KEY_BYTES):
            raise HandoverFailed
        database_key = DatabaseKey(fields.binary("database_key", KEY_BYTES), fields.number("epoch"), before or None)
        keys = MemberKeys(
            fields.text("staff_id"), fields.binary("agreement", KEY_BYTES), fields.binary("signing", KEY_BYTES)
        )
        return Handover(fields.text("device_id"), Unlocked(database_key, keys))
    except NotCanonicalError:
        raise HandoverFailed from None


def _standard(number: int) -> int:
    try:
        if sys.platform == "win32":
            return _windows_descriptor(number)
        own = os.dup(number)  # the original number is then pointed at nothing, so that it cannot be used by mistake
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, number)
        os.close(nothing)
    except OSError:
        raise HandoverFailed from None
    return own


if sys.platform == "win32":

    def _windows_descriptor(number: int) -> int:
        """From the inherited handle: a windowed program's C runtime has no descriptors 0 and 1."""
        import ctypes
        import msvcrt

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetStdHandle.restype = ctypes.c_void_p
        handle = kernel.GetStdHandle(ctypes.c_ulong(-10 - number & 0xFFFFFFFF))
        if not handle or handle == ctypes.c_void_p(-1).value:
            raise OSError("no standard handle")
        return msvcrt.open_osfhandle(handle, os.O_BINARY | (os.O_RDONLY if number == 0 else os.O_WRONLY))
