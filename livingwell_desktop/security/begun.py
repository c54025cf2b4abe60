"""A desk that is being made: what its first download goes on with when the program was ended in the middle of it.

Nobody may sign in there yet, so no passphrase can open the records that have come. The device secret and the one-time
code open them together: the code has 80 random bits, and lies with whoever makes the desk. Neither alone, nor a copied
folder, opens anything.
"""

from dataclasses import dataclass, field
from pathlib import Path

from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.durable_files import read_private, write_private
from livingwell_desktop.security.sealing import KEY_BYTES, CannotOpenError, close_box, key_for, open_box

FORMAT = 1
_LARGEST_FILE = 8 * 1024
_NAMES = frozenset({"format", "device_id", "name", "box"})
_INSIDE = frozenset({"database_key", "certificate", "alliance_key"})


@dataclass(frozen=True, slots=True)
class BegunName:
    """What anybody may read of it: which desk it is to become."""

    device_id: str
    name: str


@dataclass(frozen=True, slots=True)
class BegunDesk:
    """What a desk needs to go on: its database key, and what the alliance certified (as the server wrote it)."""

    database_key: bytes = field(repr=False)
    certificate: str
    alliance_key: bytes


def save_begun(path: Path, called: BegunName, begun: BegunDesk, code: str, device_secret: bytes) -> None:
    """Writes it (0600, whole or not at all). Raises OSError."""
    content = canonical(
        {
            "database_key": text_of(begun.database_key),
            "certificate": begun.certificate,
            "alliance_key": text_of(begun.alliance_key),
        }
    )
    header = _header(called)
    box = close_box(_key(device_secret, code), content, canonical(header))
    write_private(path, canonical(header | {"box": text_of(box)}))


def read_begun_name(path: Path) -> BegunName | None:
    """Which desk was begun here; None when none was, or the file cannot be read: then a desk is begun anew."""
    found = _read(path)
    return found[0] if found else None


def load_begun(path: Path, code: str, device_secret: bytes) -> BegunDesk | None:
    """What was begun here; None unless it was with that code and under that secret."""
    found = _read(path)
    if found is None:
        return None
    called, box = found
    try:
        content = open_box(_key(device_secret, code), box, canonical(_header(called)))
        fields = Fields(read_canonical(content), _INSIDE)
        return BegunDesk(
            fields.binary("database_key", KEY_BYTES),
            fields.text("certificate"),
            fields.binary("alliance_key", KEY_BYTES),
        )
    except (CannotOpenError, NotCanonicalError):
        return None


def _read(path: Path) -> tuple[BegunName, bytes] | None:
    try:
        data = read_private(path, _LARGEST_FILE)
        if data is None:
            return None
        fields = Fields(read_canonical(data), _NAMES)
        called = BegunName(fields.text("device_id"), fields.text("name"))
        return (called, fields.binary("box")) if fields.number("format") == FORMAT else None
    except (OSError, NotCanonicalError):
        return None


def _key(device_secret: bytes, code: str) -> bytes:
    return key_for("begun desk 1", device_secret + code.encode("utf-8"))


def _header(called: BegunName) -> dict[str, object]:
    return {"format": FORMAT, "device_id": called.device_id, "name": called.name}
