"""The second file: what is saved and has no receipt yet, encrypted, beside the store or on another disk.

A header (magic, 16 random bytes) and then frames: length (4 bytes, big-endian), nonce (12), AES-256-GCM box. The key is
made from the database key and the header's random bytes by HKDF-SHA256, so no two files share one. A box is bound to
the header and its number, and its content begins with the tag of the frame before: a frame that is changed, moved or
taken out shows. Only the end can be cut off unseen; there the store and the anchor know better.

A frame that was being written when the power went is torn: it is the last, and nobody was told that it was saved.
"""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from livingwell_desktop.storage.second_frames import FramePart, read_frame, write_frame

MAGIC = b"LWSECND1"
_SALT = 16
_HEADER = len(MAGIC) + _SALT
_LENGTH = 4
_NONCE = 12
_TAG = 16
MOST_FRAME_BYTES = 256 * 1024 * 1024
"""An act has at most 200 changes of at most 1 MB."""


@dataclass(frozen=True, slots=True)
class SecondContents:
    """What a second file holds, and how it was found."""

    parts: tuple[FramePart, ...] = ()
    missing: bool = False
    damaged: bool = False
    """A frame before the end cannot be opened. What could be read is in `parts` all the same."""

    @property
    def whole(self) -> bool:
        """Whether nothing in it is missing."""
        return not self.missing and not self.damaged


@dataclass(frozen=True, slots=True)
class End:
    """Where the next frame goes, its number, and the tag of the one before."""

    offset: int = _HEADER
    number: int = 0
    tag: bytes = bytes(_TAG)


class SecondFile:
    """One second file, open to be appended to. One thread at a time: whoever has the store's turn to write."""

    def __init__(self, path: Path, database_key: bytes) -> None:
        self.path = path
        self._key = database_key
        self._descriptor = -1
        self._salt = b""
        self._box: AESGCM | None = None
        self._end = End()

    @property
    def size(self) -> int:
        """Bytes up to the end of the last whole frame."""
        return self._end.offset

    @property
    def mark_of_file(self) -> str:
        """What tells this file from any other, once it was read or made: no two have the same."""
        return self._salt.hex()

    @property
    def is_open(self) -> bool:
        """Whether it can be appended to."""
        return self._descriptor >= 0

    def read(self) -> SecondContents:
        """What the file holds, whatever state it is in, and open it to be appended to when it is whole.

        Raises OSError when the disk does not give it.
        """
        found, end = self._look()
        if found.whole:
            self._open(end)
        return found

    def look(self) -> SecondContents:
        """What the file holds; it is left as it is. Raises OSError when the disk does not give it."""
        return self._look()[0]

    def _look(self) -> tuple[SecondContents, End]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return SecondContents(missing=True), End()
        parts, end = list[FramePart](), End()
        if len(content) < _HEADER or not content.startswith(MAGIC):
            return SecondContents(damaged=True), End()
        self._salt = content[len(MAGIC) : _HEADER]
        self._box = _box_of(self._key, self._salt)
        damaged = False
        while True:
            length = int.from_bytes(content[end.offset : end.offset + _LENGTH], "big")
            after = end.offset + _LENGTH + length
            if after > len(content) or not length:
                damaged = damaged or not _is_torn(content, end.offset, after)
                break
            box = content[end.offset + _LENGTH : after]
            try:
                plain = _open_box(self._box, self._salt, box, end.number)
                damaged = damaged or plain[:_TAG] != end.tag
                parts.append(read_frame(plain[_TAG:]))
            except (InvalidTag, ValueError):
                if not any(content[after:]):
                    break
                damaged = True
            end = End(after, end.number + 1, box[-_TAG:])
        return SecondContents(tuple(parts), damaged=damaged or not parts), end

    def append(self, part: FramePart) -> None:
        """Write a frame at the end; `sync` takes it to the disk. Raises OSError: then nothing was added."""
        before = self._end
        assert self._box is not None
        box = _close_box(self._box, self._salt, part, before)
        frame = memoryview(len(box).to_bytes(_LENGTH, "big") + box)
        try:
            os.lseek(self._descriptor, before.offset, os.SEEK_SET)
            left = frame
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, before.offset)
            raise
        self._end = End(before.offset + len(frame), before.number + 1, box[-_TAG:])

    def sync(self) -> None:
        """What was appended is on the disk when this returns. Raises OSError."""
        # The length of the file is synced with its content; its times need not be.
        getattr(os, "fdatasync", os.fsync)(self._descriptor)

    def mark(self) -> End:
        """The end as it is now, to go back to."""
        return self._end

    def retract(self, mark: End) -> None:
        """Take back what was appended since the mark: it was not saved after all. Raises OSError."""
        if self._end != mark and self.is_open:
            os.ftruncate(self._descriptor, mark.offset)
            self.sync()
            self._end = mark

    def replace(self, parts: Iterable[FramePart]) -> None:
        """Write the file anew, whole or not at all, and open it to be appended to.

        Raises OSError, and then the file before stands and can be appended to as it was.
        """
        salt = os.urandom(_SALT)
        box, end = _box_of(self._key, salt), End()
        temporary = self.path.with_name(f"{self.path.name}.new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
                file.write(MAGIC + salt)
                for part in parts:
                    closed = _close_box(box, salt, part, end)
                    file.write(len(closed).to_bytes(_LENGTH, "big") + closed)
                    end = End(end.offset + _LENGTH + len(closed), end.number + 1, closed[-_TAG:])
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        self.close()  # Windows renames over no open file
        temporary.replace(self.path)
        _sync_folder(self.path.parent)
        self._salt, self._box = salt, box
        self._open(end)

    def close(self) -> None:
        """Let go of the file."""
        if self.is_open:
            os.close(self._descriptor)
        self._descriptor = -1

    def _open(self, end: End) -> None:
        self.close()
        self._descriptor = os.open(self.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        self._end = end
        if os.fstat(self._descriptor).st_size > end.offset:
            os.ftruncate(self._descriptor, end.offset)  # the torn frame


def _box_of(database_key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"livingwell second file 1").derive(database_key))


def _close_box(box: AESGCM, salt: bytes, part: FramePart, end: End) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + box.encrypt(nonce, end.tag + write_frame(part), salt + end.number.to_bytes(8, "big"))


def _open_box(box: AESGCM, salt: bytes, closed: bytes, number: int) -> bytes:
    if len(closed) < _NONCE + 2 * _TAG:
        raise InvalidTag
    return box.decrypt(closed[:_NONCE], closed[_NONCE:], salt + number.to_bytes(8, "big"))


def _is_torn(content: bytes, offset: int, after: int) -> bool:
    """Whether what stands at the end is the beginning of one frame, or nothing: not the loss of several."""
    return not any(content[offset:]) or (after > len(content) and after - offset <= MOST_FRAME_BYTES)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot fsync a folder; NTFS journals the rename
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
