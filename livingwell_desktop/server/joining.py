"""How a desk joins (a one-time code) and comes in (it proves its key)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Connection
from livingwell_desktop.sync.protocol import (
    NONCE_BYTES,
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


class NotLetInError(Exception):
    """The code, the key, the nonce or the token is not good. It does not say which: nobody learns who exists."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A desk that has proved its key."""

    id: UUID
    public_key: bytes


def make_code(connection: Connection, now: datetime, lasts: timedelta = CODE_LASTS) -> str:
    """A one-time code for one desk. Only its hash is kept; 80 random bits cannot be guessed over a network."""
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    connection.execute(
        "INSERT INTO enrolment_code (code_hash, expires_at) VALUES (%s, %s)", (_code_hash(code), now + lasts)
    )
    return "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def enrol(connection: Connection, request: EnrolRequest, alliance: AllianceKey, now: datetime) -> Enrolled:
    """Take in a new desk. The same code with the same key gets the same answer again: a reply may have been lost.

    Raises NotLetInError.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ENROLLING,))
    found = connection.execute(
        "SELECT used_by FROM enrolment_code WHERE code_hash = %s AND expires_at > %s FOR UPDATE",
        (_code_hash(request.code), now),
    ).fetchone()
    if found is None or not _is_key(request.public_key):
        raise NotLetInError
    if found[0] is not None:
        return _enrolled_before(connection, found[0], request, alliance)
    device = UUID(bytes=secrets.token_bytes(16), version=4)
    taken = connection.execute("SELECT count(*) FROM device").fetchone()
    letter = ticket_letter(taken[0] if taken else 0)
    certificate = alliance.certify(device, request.public_key, letter, request.centre)
    connection.execute(
        "INSERT INTO device (id, name, letter, centre, public_key, certificate, enrolled_at, chain_hash)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (device, request.name, letter, request.centre, request.public_key, certificate, now, _GENESIS),
    )
    connection.execute(
        "UPDATE enrolment_code SET used_by = %s WHERE code_hash = %s", (device, _code_hash(request.code))
    )
    return Enrolled(device, letter, certificate, alliance.public, request.centre)


def _enrolled_before(connection: Connection, device: UUID, request: EnrolRequest, alliance: AllianceKey) -> Enrolled:
    row = connection.execute(
        "SELECT letter, certificate, centre FROM device WHERE id = %s AND public_key = %s",
        (device, request.public_key),
    ).fetchone()
    if row is None:
        raise NotLetInError
    return Enrolled(device, row[0], row[1], alliance.public, row[2])


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
    """Let a desk in that signed a fresh nonce with its key. Each nonce works once. Raises NotLetInError."""
    body, mark = request.nonce[:24], request.nonce[24:]
    if len(request.nonce) != NONCE_BYTES or not hmac.compare_digest(alliance.mark(body), mark):
        raise NotLetInError
    age = now.timestamp() - int.from_bytes(body[16:], "big")
    if not -1 <= age <= NONCE_LASTS.total_seconds():
        raise NotLetInError
    row = connection.execute(
        "SELECT public_key FROM device WHERE id = %s AND revoked_at IS NULL", (request.device,)
    ).fetchone()
    if row is None or not _signed(row[0], session_message(request.device, request.nonce), request.signature):
        raise NotLetInError
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
        "SELECT d.id, d.public_key, s.expires_at FROM session s JOIN device d ON d.id = s.device"
        " WHERE s.token_hash = %s AND s.expires_at > %s AND d.revoked_at IS NULL",
        (_token_hash(token), now),
    ).fetchone()
    if row is None:
        raise NotLetInError
    return KnownDevice(row[0], row[1]), row[2]


def _forget_expired(connection: Connection, now: datetime) -> None:
    connection.execute("DELETE FROM session WHERE expires_at <= %s", (now,))
    connection.execute("DELETE FROM used_nonce WHERE expires_at <= %s", (now,))


def _code_hash(code: str) -> bytes:
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(typed.replace("O", "0").replace("I", "1").replace("L", "1").encode()).digest()


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _is_key(public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError:
        return False
    return True


def _signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
