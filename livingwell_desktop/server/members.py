"""Which member of staff opens a session: their own key signs it, and certificates say whose key that is.

The server judges by the certificates that it passes on between desks, in the chain that ends at the alliance's key, as
desks do themselves. What it does not know yet (a member who was admitted offline, on this very desk) is no reason to
keep a desk out: it comes in as a desk alone, and sends what makes its member known.
"""

from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.changes import fold, read_content, time_of
from livingwell_desktop.domain.identifiers import is_usual_uuid
from livingwell_desktop.domain.membership import MemberCertificate
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.records import kind_of, value_of
from livingwell_desktop.security.certificate_records import certificate_in, signed_too_late
from livingwell_desktop.security.certificates import Certificate, trusted
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.rights import standing_now
from livingwell_desktop.server.states import stored_nodes
from livingwell_desktop.sync.joining import SessionRequest
from livingwell_desktop.sync.proving import MemberStanding, member_message
from livingwell_desktop.sync.signed import is_signed

_STAFF, _CERTIFICATE = kind_of(Staff), kind_of(MemberCertificate)
_MOST_ROUNDS = 20
"""Administrators who certified each other, one after the other."""


def member_standing(connection: Connection, request: SessionRequest, alliance: AllianceKey) -> MemberStanding:
    """How the member stands whom a session's request names."""
    named = request.member
    if named is None:
        return MemberStanding.NOBODY
    who = standing_now(connection, named.member)
    if who is not None and not who.active:
        return MemberStanding.NOT_EMPLOYED
    keys = _certified_keys(connection, named.member, alliance) if who is not None else None
    message = member_message(named.member, request.challenge, request.device, request.nonce)
    if keys is None or not is_signed(keys, message, named.signature):
        return MemberStanding.NOT_CERTIFIED
    return MemberStanding.BOUND


def _certified_keys(connection: Connection, member: UUID, alliance: AllianceKey) -> bytes | None:
    """The public key of signatures that counts for a member; None where the certificates do not say."""
    found, seen, wanted = dict[UUID, tuple[MemberCertificate, int]](), set[UUID](), {member}
    for _ in range(_MOST_ROUNDS):
        if not wanted:
            break
        seen |= wanted
        came = _certificates_about(connection, wanted)
        found |= came
        wanted = {UUID(each.signer) for each, _ in came.values() if is_usual_uuid(each.signer)} - seen
    until = _certify_until(connection, seen)
    sound = [
        certificate
        for value, at in found.values()
        if not signed_too_late(value, time_of(at), until.get(value.signer))
        and (certificate := certificate_in(value)) is not None
    ]
    return _signing_key(sound, member, alliance)


def _signing_key(certificates: list[Certificate], member: UUID, alliance: AllianceKey) -> bytes | None:
    statement = trusted(certificates, alliance.public).get(str(member))
    return None if statement is None else statement.member.signing


def _certificates_about(connection: Connection, members: set[UUID]) -> dict[UUID, tuple[MemberCertificate, int]]:
    """Their certificates with the time of writing. They are found by the id as every program writes it."""
    rows = connection.execute(
        "SELECT c.record, c.content FROM record r JOIN change c ON c.record = r.id"
        " WHERE r.kind = 'member_certificate' AND c.standing = 1"
        " AND EXISTS (SELECT FROM unnest(%s::bytea[]) AS name WHERE position(name IN c.content) > 0)",
        ([str(each).encode("ascii") for each in members],),
    ).fetchall()
    found = {}
    for record, raw in rows:
        content = read_content(bytes(raw))
        value: MemberCertificate = value_of(_CERTIFICATE, content.set)
        if value.member in members:
            found[record] = (value, content.at)
    return found


def _certify_until(connection: Connection, staff: set[UUID]) -> dict[str, datetime | None]:
    until = dict[str, datetime | None]()
    for record, nodes in stored_nodes(connection, sorted(staff)).items():
        value: Staff = value_of(_STAFF, fold(nodes).body)
        until[str(record)] = value.certifies_until
    return until
