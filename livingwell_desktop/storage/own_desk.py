"""Who this desk is to its server: its identity once it was found to be a copy, and the certificates of all desks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from livingwell_desktop.domain.changes import milliseconds_of
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.storage.audit import AuditTrail, add_events
from livingwell_desktop.storage.following import remember, remembered
from livingwell_desktop.storage.identity import KEY_ASKED_FOR, Identity, identity_of, put_identity, put_own_rows
from livingwell_desktop.storage.links import renew_links
from livingwell_desktop.storage.restoring import Restoring, ask_for_receipts_again
from livingwell_desktop.storage.second_frames import KeptRow
from livingwell_desktop.storage.values import Author, Changes, Event, Signer, Write
from livingwell_desktop.storage.writing import write_act

_CERTIFICATES = "certificates"
_SERVER_PROVEN = "server proven"


class OwnDesk:
    """What a store knows of desks: its own name and key, and what the alliance certified. Threads may share it."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], AbstractContextManager[Connection]],
        named: Callable[[Signer | None], Signer],
        audit: AuditTrail,
        clock: Clock,
    ) -> None:
        self._reading, self._writing = reading, writing
        self.restoring = Restoring(reading, writing)
        self._named, self._audit, self._clock = named, audit, clock

    def identity(self) -> Identity | None:
        """The identity that this store was given when it was found to be a copy; None otherwise."""
        with self._reading() as connection:
            return identity_of(connection)

    def begin_as(self, rows: Iterable[KeptRow]) -> None:
        """For a fresh store of a desk that has been here before: it is who it was, as its old files say."""
        with self._writing() as connection:
            put_own_rows(connection, rows)
            identity = identity_of(connection)
        if identity is not None:
            self._named(identity.signer())

    def key_for_a_copy(self) -> bytes:
        """The private key, 32 bytes, to ask for a new name with. On disk first: an answer may be lost."""
        with self._writing() as connection:
            known = remembered(connection, KEY_ASKED_FOR)
            if not known:
                known = Ed25519PrivateKey.generate().private_bytes_raw().hex()
                remember(connection, KEY_ASKED_FOR, known)
            return bytes.fromhex(known)

    def go_on_as(self, identity: Identity, writes: Sequence[Write], author: Author) -> Changes:
        """Go on under a new name: new envelopes for all that waits, and what says so, in one transaction."""
        before, now = self._named(None), self._clock()
        try:
            with self._writing() as connection:
                # Whoever saves next does it under the new name: nobody gets a turn in between.
                signer = self._named(identity.signer())
                event = Event("found to be a copy", None, identity.device, {"was": str(before.device)})
                at = milliseconds_of(now)
                add_events(connection, self._audit.device, at, None, (event,))
                self._audit.begin_anew_at_server(connection)
                put_identity(connection, identity)
                if remembered(connection, "generation_number") not in ("", "0"):
                    ask_for_receipts_again(connection)
                renew_links(connection, identity.device)
                return write_act(connection, writes, [], author, signer, now)
        except BaseException:
            self._named(before)
            raise

    def keep_certificates(self, certificates: Sequence[tuple[int, UUID, str]]) -> None:
        """Keep what the alliance certified: (number at the server, desk, certificate as text)."""
        with self._writing() as connection:
            for number, device, text in certificates:
                connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO certificate (device, number, body) VALUES (?, ?, ?)",
                    (device.bytes, number, text),
                )
            newest = max(number for number, *_ in certificates)
            remember(connection, _CERTIFICATES, str(max(newest, _number(connection))))

    def server_is_proven(self) -> bool:
        """Whether this desk's server has ever proved that it is the alliance's."""
        with self._reading() as connection:
            return bool(remembered(connection, _SERVER_PROVEN))

    def server_has_proved_itself(self) -> None:
        """Remember that it has: from now on nobody else is believed. Raises Problem on a full disk."""
        with self._writing() as connection:
            remember(connection, _SERVER_PROVEN, "1")

    def certificates_known(self) -> int:
        """The number of the newest certificate that came."""
        with self._reading() as connection:
            return _number(connection)

    def certificates(self, devices: Iterable[UUID]) -> Mapping[UUID, str]:
        """The certificates of those desks, as far as they are known here."""
        with self._reading() as connection:
            found = {}
            for device in devices:
                sql = "SELECT body FROM certificate WHERE device = ?"
                text = connection.exec_driver_sql(sql, (device.bytes,)).scalar()
                if text is not None:
                    found[device] = str(text)
            return found


def _number(connection: Connection) -> int:
    return int(remembered(connection, _CERTIFICATES) or 0)
