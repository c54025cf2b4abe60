"""How a desk joins: a one-time code, the alliance's certificate, and what a desk may hold from then on."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from livingwell_desktop.domain.records import Sensitivity
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Connection, Sees
from livingwell_desktop.server.streams import followed_by, make_streams
from livingwell_desktop.sync.codes import CODE_LENGTH, LETTERS, in_groups, letters_of
from livingwell_desktop.sync.joining import Certificate, Enrolled, EnrolRequest

CODE_LASTS = timedelta(days=2)

_TICKET_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O, which read as 1 and 0 on the waiting-room screen
_ENROLLING = 0x6C77_0001
"""The advisory lock under which letters are given."""
_GENESIS = bytes(32)
CERTIFICATE = "id, public_key, letter, centres, sensitivity, certificate, copy_of"


class NotLetInError(Exception):
    """The code, the key, the nonce or the token is not good. It does not say which: nobody learns who exists."""


class ShutOutError(Exception):
    """The desk has proved its key, and was shut out: it was lost, or stolen."""

    def __init__(self, device: UUID) -> None:
        super().__init__()
        self.device = device


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A desk that has proved its key, and what it may hold."""

    id: UUID
    centres: tuple[UUID, ...]
    sensitivity: int
    keys: Mapping[UUID, bytes]
    """The public keys of this desk and of those that it is a copy of: whose changes it may send as its own."""
    generation: UUID | None = None
    """The newest restore of the server that it has answered to."""
    origin: UUID | None = None
    """For a copy: the desk that its audit began with."""
    member: UUID | None = None
    """Whose session it is, by their own signature; None for one that is the desk's alone."""
    names_members: bool = False
    """Whether it has ever opened such a session: then it is not taken at its word any more."""

    def speaks_for(self, staff: UUID) -> bool:
        """Whether it may ask in the name of that member of staff. A desk of the release before is taken at its word."""
        return self.member == staff if self.member is not None else not self.names_members

    @property
    def sees(self) -> Sees:
        """What row-level security shows to a transaction that serves it."""
        return Sees(self.id, self.centres, followed_by(self.centres, self.sensitivity), self.sensitivity)


def make_code(
    connection: Connection,
    now: datetime,
    lasts: timedelta = CODE_LASTS,
    centres: Sequence[UUID] = (),
    sensitivity: Sensitivity = Sensitivity.CLINICAL,
    by: tuple[UUID, UUID] | None = None,
) -> str:
    """A one-time code for one desk, with what that desk may hold. Without centres the desk says where it stands.

    Only the code's hash is kept; 80 random bits cannot be guessed over a network. `by` is who asked for it at which
    desk; None is the operator.
    """
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    connection.execute(
        "INSERT INTO enrolment_code (code_hash, expires_at, centres, sensitivity, staff, asked_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (code_hash(code), now + lasts, list(centres), int(sensitivity), *(by or (None, None))),
    )
    return in_groups(code)


def enrol(connection: Connection, request: EnrolRequest, alliance: AllianceKey, now: datetime) -> Enrolled:
    """Take in a new desk. The same code with the same key gets the same answer again: a reply may have been lost.

    Raises NotLetInError.
    """
    lock_letters(connection)
    found = connection.execute(
        "SELECT used_by, centres, sensitivity FROM enrolment_code WHERE code_hash = %s AND expires_at > %s FOR UPDATE",
        (code_hash(request.code), now),
    ).fetchone()
    if found is None or not is_key(request.public_key):
        raise NotLetInError
    if found[0] is not None:
        return _enrolled_before(connection, found[0], request, alliance)
    centres = tuple(sorted(found[1])) or ((request.centre,) if request.centre else ())
    scope = Certificate(new_device(), request.public_key, next_letter(connection), centres, found[2])
    certificate = alliance.certify(scope)
    admit(connection, certificate, request.name, now)
    connection.execute(
        "UPDATE enrolment_code SET used_by = %s WHERE code_hash = %s", (certificate.device, code_hash(request.code))
    )
    return Enrolled(certificate, alliance.public)


def admit(
    connection: Connection,
    certificate: Certificate,
    name: str,
    now: datetime,
    head: bytes = _GENESIS,
    *,
    comes_back: bool = False,
) -> None:
    """Write a certified desk down, with the streams that it will follow. The caller holds `lock_letters`.

    `head` is what its chain begins with. One that `comes_back` to a server that forgot it may refill that server.
    """
    connection.execute(
        "INSERT INTO device (id, name, letter, centres, sensitivity, public_key, certificate, enrolled_at, chain_hash,"
        " copy_of, generation) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " (SELECT id FROM generation WHERE NOT %s ORDER BY number DESC LIMIT 1))",
        (
            certificate.device,
            name,
            certificate.letter,
            list(certificate.centres),
            certificate.sensitivity,
            certificate.public_key,
            certificate.signature,
            now,
            head,
            certificate.copy_of,
            comes_back,
        ),
    )
    make_streams(connection, certificate.centres, certificate.sensitivity)


def new_device() -> UUID:
    """A random name for a desk."""
    return UUID(bytes=secrets.token_bytes(16), version=4)


def next_letter(connection: Connection) -> str:
    """The letter of the next desk. The caller holds the lock under which letters are given.

    A server that was restored does not know which letters it had given since the backup: it leaves many out.
    """
    # The server's own row has no letter of this kind.
    letters = {row[0] for row in connection.execute("SELECT letter FROM device WHERE length(letter) < 6")}
    floor = connection.execute("SELECT max(letters) FROM generation").fetchone()
    number = max(len(letters), floor[0] if floor and floor[0] else 0)
    while ticket_letter(number) in letters:
        number += 1
    return ticket_letter(number)


def lock_letters(connection: Connection) -> None:
    """Until this transaction ends, nobody else is given a letter."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ENROLLING,))


def _enrolled_before(connection: Connection, device: UUID, request: EnrolRequest, alliance: AllianceKey) -> Enrolled:
    certificate = certificate_of(connection, device)
    if certificate is None or certificate.public_key != request.public_key:
        raise NotLetInError
    return Enrolled(certificate, alliance.public)


def certificate_of(connection: Connection, device: UUID) -> Certificate | None:
    """The certificate that a desk was given, or None for a stranger."""
    row = connection.execute(
        f"SELECT {CERTIFICATE} FROM device WHERE id = %s",  # noqa: S608 - our own names
        (device,),
    ).fetchone()
    return None if row is None else certificate_in(row)


def certificate_in(row: Sequence[Any]) -> Certificate:
    """The certificate in a row of the columns `CERTIFICATE`."""
    return Certificate(row[0], row[1], row[2], tuple(row[3]), row[4], row[5], row[6])


def ticket_letter(number: int) -> str:
    """The letters of the desk that came in that place, from 0: A, B, … Z, AA, AB, …"""
    letters, rest = "", number + 1
    while rest:
        rest, place = divmod(rest - 1, len(_TICKET_LETTERS))
        letters = _TICKET_LETTERS[place] + letters
    return letters


def code_hash(code: str) -> bytes:
    """What is kept of a code, however it was typed; its mark, where a desk sent that too, says nothing here."""
    return hashlib.sha256(letters_of(code)[:CODE_LENGTH].encode()).digest()


def is_key(public_key: bytes) -> bool:
    """Whether those bytes are an Ed25519 public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError:
        return False
    return True
