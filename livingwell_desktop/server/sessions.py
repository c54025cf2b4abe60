"""How a desk comes in: it proves its key, and this server proves that it is the alliance's."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.generations import current
from livingwell_desktop.server.joining import KnownDevice, NotLetInError, ShutOutError
from livingwell_desktop.server.members import member_standing
from livingwell_desktop.sync.joining import NONCE_BYTES, Session, SessionRequest, session_message
from livingwell_desktop.sync.proving import MemberStanding, Opening, ServerProof
from livingwell_desktop.sync.signed import is_signed

NONCE_LASTS = timedelta(minutes=1)
SESSION_LASTS = timedelta(minutes=15)


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
    token, standing = secrets.token_urlsafe(16), member_standing(connection, request, alliance)
    member = request.member.member if request.member and standing is MemberStanding.BOUND else None
    connection.execute(
        "INSERT INTO session (token_hash, device, expires_at, member) VALUES (%s, %s, %s, %s)",
        (_token_hash(token), request.device, now + SESSION_LASTS, member),
    )
    if member is not None:
        connection.execute(
            "UPDATE device SET names_members = true WHERE id = %s AND NOT names_members", (request.device,)
        )
    proof = _proof(connection, request, alliance, token)
    return Session(token, int(SESSION_LASTS.total_seconds()), proof, standing)


def _proof(connection: Connection, request: SessionRequest, alliance: AllianceKey, token: str) -> ServerProof | None:
    """This server's word that it opened that session, for a desk that asked."""
    if not request.challenge:
        return None
    generation = current(connection).name
    opening = Opening(request.challenge, request.device, request.nonce, token)
    key = alliance.server_key()
    return ServerProof(key.certified, generation, key.sign(opening.message(generation)))


def who(connection: Connection, token: str, now: datetime) -> tuple[KnownDevice, datetime]:
    """Whose token it is, and until when. Raises NotLetInError."""
    row = connection.execute(
        "SELECT d.id, d.public_key, d.copy_of, d.centres, d.sensitivity, d.generation, s.expires_at, s.member,"
        " d.names_members"
        " FROM session s JOIN device d ON d.id = s.device"
        " WHERE s.token_hash = %s AND s.expires_at > %s AND d.revoked_at IS NULL",
        (_token_hash(token), now),
    ).fetchone()
    if row is None:
        raise NotLetInError
    device, key, copy_of, centres, sensitivity, generation, until, member, names_members = row
    originals = _originals(connection, copy_of) if copy_of is not None else []
    keys = {device: key} | {each: its_key for each, its_key, _ in originals}
    origin = next((each for each, _, above in originals if above is None), None)
    known = KnownDevice(device, tuple(centres), sensitivity, keys, generation, origin, member, names_members)
    return known, until


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


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
