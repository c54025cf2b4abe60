"""How a desk joins (a one-time code) and comes in (it proves its key)."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from livingwell_desktop.domain.records import Sensitivity
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Connection, Sees
from livingwell_desktop.server.streams import followed_by, make_streams
from livingwell_desktop.sync.joining import (
    NONCE_BYTES,
    Certificate,
    Enrolled,
    EnrolRequest,
    Session,
    SessionRequest,
    session_message,
)

CODE_LASTS = timedelta(days=2)
NONCE_LASTS = timedelta(minutes=1)
SESSION_LASTS = timedelta(minutes=15)

_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that looks like something else
_CODE_LENGTH = 16
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
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    connection.execute(
        "INSERT INTO enrolment_code (code_hash, expires_at, centres, sensitivity, staff, asked_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (code_hash(code), now + lasts, list(centres), int(sensitivity), *(by or (None, None))),
    )
    return "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


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


def make_nonce(alliance: AllianceKey, now: datetime) -> bytes:
    """A nonce to sign. The server remembers nothing of it: its mark says that it is ours and how old it is."""
    random = secrets.token_bytes(16)
    seconds = int(now.timestamp()).to_bytes(8, "big")
    return random + seconds + alliance.mark(random + seconds)


def open_session(connection: Connection, request: SessionRequest, alliance: AllianceKey, now: datetime) -> Session:
    """Let a desk in that signed a fresh nonce with its key. Each nonce works once.

    Raises NotLetInError, and ShutOutError for a desk that was shut out and has just proved that it is that desk.
    """
    body, mark = request.nonce[:24], request.nonce[24:]
    if len(request.nonce) != NONCE_BYTES or not hmac.compare_digest(alliance.mark(body), mark):
        raise NotLetInError
    age = now.timestamp() - int.from_bytes(body[16:], "big")
    if not -1 <= age <= NONCE_LASTS.total_seconds():
        raise NotLetInError
    row = connection.execute(
        "SELECT public_key, revoked_at IS NOT NULL FROM device WHERE id = %s", (request.device,)
    ).fetchone()
    if row is None or not is_signed(row[0], session_message(request.device, request.nonce), request.signature):
        raise NotLetInError
    if row[1]:
        raise ShutOutError(request.device)
    _forget_expired(connection, now)
    fresh = connection.execute(
        "INSERT INTO used_nonce (nonce, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1",
        (request.nonce, now + 2 * NONCE_LASTS),
    ).fetchone()
    if fresh is None:
        raise NotLetInError
    token = secrets.token_urlsafe(16)
    connection.execute(
        "INSERT INTO session (token_hash, device, expires_at) VALUES (%s, %s, %s)",
        (_token_hash(token), request.device, now + SESSION_LASTS),
    )
    return Session(token, int(SESSION_LASTS.total_seconds()))


def who(connection: Connection, token: str, now: datetime) -> tuple[KnownDevice, datetime]:
    """Whose token it is, and until when. Raises NotLetInError."""
    row = connection.execute(
        "SELECT d.id, d.public_key, d.copy_of, d.centres, d.sensitivity, d.generation, s.expires_at"
        " FROM session s JOIN device d ON d.id = s.device"
        " WHERE s.token_hash = %s AND s.expires_at > %s AND d.revoked_at IS NULL",
        (_token_hash(token), now),
    ).fetchone()
    if row is None:
        raise NotLetInError
    device, key, copy_of, centres, sensitivity, generation, until = row
    originals = _originals(connection, copy_of) if copy_of is not None else []
    keys = {device: key} | {each: its_key for each, its_key, _ in originals}
    origin = next((each for each, _, above in originals if above is None), None)
    return KnownDevice(device, tuple(centres), sensitivity, keys, generation, origin), until


def _originals(connection: Connection, copy_of: UUID) -> list[tuple[UUID, bytes, UUID | None]]:
    """The desks that a copy goes back to: (desk, its key, the one that it is a copy of itself)."""
    rows = connection.execute(
        "WITH RECURSIVE original AS (SELECT id, public_key, copy_of FROM device WHERE id = %s"
        " UNION SELECT d.id, d.public_key, d.copy_of FROM device d JOIN original ON d.id = original.copy_of)"
        " SELECT id, public_key, copy_of FROM original",
        (copy_of,),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _forget_expired(connection: Connection, now: datetime) -> None:
    connection.execute("DELETE FROM session WHERE expires_at <= %s", (now,))
    connection.execute("DELETE FROM used_nonce WHERE expires_at <= %s", (now,))


def code_hash(code: str) -> bytes:
    """What is kept of a code, however it was typed."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(typed.replace("O", "0").replace("I", "1").replace("L", "1").encode()).digest()


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def is_key(public_key: bytes) -> bool:
    """Whether those bytes are an Ed25519 public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError:
        return False
    return True


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of that key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
