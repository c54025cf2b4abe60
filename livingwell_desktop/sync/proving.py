"""How a server proves to a desk that it is the alliance's when a session is opened, and a member who they are.

The desk makes up a challenge. The server's own key, which the alliance's key certified, signs it together with whatever
this one session is: an answer that was recorded, or one that was given to another desk, fits nowhere else.
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.audit import server_key_message
from livingwell_desktop.domain.records import Json
from livingwell_desktop.sync.signed import is_signed
from livingwell_desktop.sync.strict import Fields, dump, parse

CHALLENGE_BYTES = 32
_GENERATION = 32
"""Characters of a generation's name, at most."""


@dataclass(frozen=True, slots=True)
class CertifiedServer:
    """A server's own public key, and the alliance's signature under it."""

    key: bytes
    certificate: bytes

    def holds(self, alliance_key: bytes) -> bool:
        """Whether the alliance with that public key certified it."""
        return is_signed(alliance_key, server_key_message(self.key), self.certificate)


@dataclass(frozen=True, slots=True)
class Opening:
    """One session as it is opened: what the desk made up and sent, and the token that it got for it."""

    challenge: bytes
    device: UUID
    nonce: bytes
    token: str = field(repr=False)

    def message(self, generation: str) -> bytes:
        """What the server's key signs. The first words keep it apart from everything else that this key signs."""
        token = hashlib.sha256(self.token.encode("utf-8")).digest()
        session = self.challenge + self.device.bytes + self.nonce + token
        return b"livingwell server session 1\x00" + session + generation.encode("utf-8")


@dataclass(frozen=True, slots=True)
class ServerProof:
    """The server's word that it opened a session, and which of its restores was the newest then."""

    server: CertifiedServer
    generation: str
    signature: bytes

    def holds(self, alliance_key: bytes, opening: Opening) -> bool:
        """Whether a server of the alliance with that public key opened just that session."""
        message = opening.message(self.generation)
        return self.server.holds(alliance_key) and is_signed(self.server.key, message, self.signature)


class MemberStanding(StrEnum):
    """What a server says of the member whom a session's request named. Its value is on the wire."""

    NOBODY = "nobody"
    BOUND = "bound"
    """The session is theirs."""
    NOT_CERTIFIED = "not certified"
    """Nobody signed, as far as this server knows, that the key is theirs: the session is the desk's alone."""
    NOT_EMPLOYED = "not employed"
    """Suspended, or gone: the session is the desk's alone."""


@dataclass(frozen=True, slots=True)
class NamedMember:
    """Who is signed in at the desk, with their own signature under this one opening of a session."""

    member: UUID
    signature: bytes


def member_message(member: UUID, challenge: bytes, device: UUID, nonce: bytes) -> bytes:
    """What the member's key signs. The first words keep it apart from everything else that this key signs."""
    return b"livingwell member session 1\x00" + member.bytes + challenge + device.bytes + nonce


def write_server(server: CertifiedServer) -> bytes:
    """Which server this is."""
    return dump(_server_parts(server))


def read_server(body: bytes) -> CertifiedServer:
    """Raises ProtocolError."""
    return _server(Fields(parse(body), frozenset({"server_key", "certificate"})))


def write_proof_of_server(proof: ServerProof) -> Json:
    """The part of an answer that proves who gave it."""
    return {**_server_parts(proof.server), "generation": proof.generation, "signature": proof.signature.hex()}


def read_proof_of_server(value: Json) -> ServerProof:
    """Raises ProtocolError."""
    fields = Fields(value, frozenset({"server_key", "certificate", "generation", "signature"}))
    return ServerProof(_server(fields), fields.text("generation", _GENERATION), fields.binary("signature", 64))


def _server_parts(server: CertifiedServer) -> dict[str, Json]:
    return {"server_key": server.key.hex(), "certificate": server.certificate.hex()}


def _server(fields: Fields) -> CertifiedServer:
    return CertifiedServer(fields.binary("server_key", 32), fields.binary("certificate", 64))
