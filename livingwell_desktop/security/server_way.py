"""The settings that decide where a desk's records go, sealed under its device secret: server, proxy, authorities.

Whoever may write in the desk's folder could else send it, once somebody has signed in, somewhere else. Whether a key
file is allowed must be known before the device secret is: it stands in front, readable, and bound to the rest.

The number of the newest seal is kept in the computer's keyring beside the secret, so that a file that was deleted or
put back is noticed. Where policy allows a key file instead, it is in a file beside that one: part of "degraded".
"""

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.durable_files import read_private, write_private
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.sealing import CannotOpenError, close_box, key_for, open_box

FORMAT = 1
NOTE = "settings"
_LARGEST_FILE = 16 * 1024
_LARGEST_AUTHORITIES = 4 * 1024 * 1024
_NAMES = frozenset({"format", "key_file_allowed", "box"})
_SEALED = frozenset({"url", "proxy", "authorities", "authorities_hash", "number", "proven"})


@dataclass(frozen=True, slots=True)
class ServerWay:
    """How this desk reaches its server. Empty means: as the operating system says."""

    url: str
    proxy: str = ""
    authorities: str = ""
    """A PEM file; it is sealed with what stands in it."""
    key_file_allowed: bool = False
    proven: bool = False
    """Whether the server there has proved itself: then none is believed that does not."""


class WayChanged(Problem):
    """The sealed settings are not as somebody who may left them."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "The connection settings of this desk were changed",
            f"{what} Until somebody who may has looked, this desk sends and fetches nothing. Everything saved is kept.",
            "A manager or an administrator signs in, opens “Staff and desks” and presses W. If nobody of yours changed "
            "them, tell IT support today and say “connection settings”.",
        )


class WayFile:
    """The sealed file of one desk. `secrets` finds the keyring anew each time, for one may come and go.

    `kept` hears of each way that was sealed.
    """

    def __init__(
        self,
        path: Path,
        device_id: str,
        secret: bytes,
        secrets: Callable[[], DeviceSecretStore],
        kept: Callable[[ServerWay], None] = lambda _way: None,
    ) -> None:
        self._path, self._device, self._secrets, self._kept = path, device_id, secrets, kept
        self._key = key_for("server way 1", secret)

    def load(self) -> ServerWay | None:
        """The way; None on a desk where none was ever sealed. Raises WayChanged."""
        newest = self._newest()
        try:
            data = read_private(self._path, _LARGEST_FILE)
        except OSError:
            raise WayChanged("The file that says where its server is cannot be read.") from None
        if data is None:
            if newest:
                raise WayChanged("The file that says where its server is was deleted.")
            return None
        way, number, authorities = self._read(data)
        if number < newest:
            raise WayChanged("The file that says where its server is was put back from before.")
        found = _hash_of(way.authorities)
        if found not in ("", authorities):
            raise WayChanged("The file with the certificates that it trusts is another one.")
        return way

    def seal(self, way: ServerWay) -> None:
        """Keep the way, and what the file of certificates holds now. Raises OSError."""
        number = max(self._newest(), self._number()) + 1
        sealed = {
            "url": way.url,
            "proxy": way.proxy,
            "authorities": way.authorities,
            "authorities_hash": _hash_of(way.authorities),
            "number": number,
            "proven": int(way.proven),
        }
        header = _header(allowed=way.key_file_allowed)
        box = close_box(self._key, canonical(sealed), self._belongs_to(header))
        write_private(self._path, canonical(header | {"box": text_of(box)}))
        # Where it cannot be kept the number before stands: that notices less, and locks nobody out.
        with contextlib.suppress(Problem):
            self._secrets().keep_note(NOTE, str(number))
        self._kept(way)

    def change(self, way: ServerWay) -> None:
        """Keep another way, by whoever may; what is known besides stays, and a key file in use is not forbidden.

        Raises OSError, and Problem when the keyring does not answer.
        """
        known = self._as_it_is()
        allowed = self._secrets().degraded or known.key_file_allowed
        self.seal(replace(way, key_file_allowed=allowed, proven=known.proven))

    def has_proved_itself(self) -> None:
        """The server there has proved itself: keep that, too, for a desk that has to begin with fresh records."""
        way = self.load()
        if way is not None and not way.proven:
            self.seal(replace(way, proven=True))

    def _read(self, data: bytes) -> tuple[ServerWay, int, str]:
        try:
            fields = Fields(read_canonical(data), _NAMES)
            header = _header(allowed=bool(fields.number("key_file_allowed")))
            content = open_box(self._key, fields.binary("box"), self._belongs_to(header))
            said = Fields(read_canonical(content), _SEALED)
            way = ServerWay(
                said.text("url"),
                said.text("proxy"),
                said.text("authorities"),
                bool(fields.number("key_file_allowed")),
                bool(said.number("proven")),
            )
            return way, said.number("number"), said.text("authorities_hash")
        except (CannotOpenError, NotCanonicalError):
            raise WayChanged("The file that says where its server is was edited, or is another desk’s.") from None

    def _number(self) -> int:
        """The number in the file as it is; 0 when that cannot be told."""
        try:
            return self._read(read_private(self._path, _LARGEST_FILE) or b"")[1]
        except (OSError, WayChanged):
            return 0

    def _as_it_is(self) -> ServerWay:
        try:
            return self.load() or ServerWay("")
        except WayChanged:
            return ServerWay("")

    def _newest(self) -> int:
        try:
            said = self._secrets().note(NOTE) or "0"
        except Problem:
            return 0
        return int(said) if said.isascii() and said.isdigit() else 0

    def _belongs_to(self, header: dict[str, object]) -> bytes:
        return self._device.encode() + b"\x00" + canonical(header)


def key_file_allowed(path: Path) -> bool | None:
    """What the file's front says before there is a device secret to read the rest; None where there is no such file.

    Opening the rest judges it: an edited front opens nothing.
    """
    try:
        data = read_private(path, _LARGEST_FILE)
        return None if data is None else bool(Fields(read_canonical(data), _NAMES).number("key_file_allowed"))
    except (OSError, NotCanonicalError):
        return None


def _header(*, allowed: bool) -> dict[str, object]:
    return {"format": FORMAT, "key_file_allowed": int(allowed)}


def _hash_of(authorities: str) -> str:
    """What a file of certificates holds; empty for none, and for one that cannot be read: that trusts nobody."""
    if not authorities:
        return ""
    try:
        with Path(authorities).open("rb") as file:
            return hashlib.sha256(file.read(_LARGEST_AUTHORITIES)).hexdigest()
    except OSError:
        return ""
