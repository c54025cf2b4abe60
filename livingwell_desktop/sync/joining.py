"""How a desk joins and comes in: enrolment, challenge, session, and the certificate that says who a desk is."""

from dataclasses import dataclass, field
from uuid import UUID

from livingwell_desktop.domain.records import Json
from livingwell_desktop.sync.proving import (
    CHALLENGE_BYTES,
    MemberStanding,
    NamedMember,
    ServerProof,
    read_proof_of_server,
    write_proof_of_server,
)
from livingwell_desktop.sync.signed import is_signed
from livingwell_desktop.sync.strict import Fields, ProtocolError, binary, dump, identifier, parse, short_text

NONCE_BYTES = 48
"""16 random bytes, then the server's own mark over them and the time."""
PROOF = frozenset({"device", "nonce", "signature"})
OF_A_PROOF = frozenset({"challenge", "member", "member_signature"})
"""What a desk adds when it knows that its server reads it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who a desk is, and what it may hold: its key, its ticket letter, its centres, and how sensitive.

    `signature` is the alliance's, so that a server that lost everything knows its desks again.
    """

    device: UUID
    public_key: bytes
    letter: str
    centres: tuple[UUID, ...]
    sensitivity: int
    signature: bytes = b""
    copy_of: UUID | None = None
    """The desk that this one was found to be a copy of: it may send that one's changes as its own."""

    def message(self) -> bytes:
        """What the alliance's key signs. The first words keep it apart from everything else that key signs."""
        scope = bytes([self.sensitivity, len(self.centres)]) + b"".join(each.bytes for each in sorted(self.centres))
        named = self.device.bytes + self.public_key + scope + self.letter.encode("ascii")
        original = b"" if self.copy_of is None else b"\x00copy of\x00" + self.copy_of.bytes
        return b"livingwell device 1\x00" + named + original

    def holds(self, alliance_key: bytes) -> bool:
        """Whether the alliance with that public key made it."""
        return is_signed(alliance_key, self.message(), self.signature)


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """A new desk shows its one-time code and its public key."""

    code: str = field(repr=False)
    name: str
    public_key: bytes
    centre: UUID | None = None
    """Where it stands. The code may say otherwise, and then the code is right."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the alliance gave a desk."""

    certificate: Certificate
    alliance_key: bytes

    @property
    def device(self) -> UUID:
        """The desk's id."""
        return self.certificate.device

    @property
    def letter(self) -> str:
        """The letter that its tickets begin with."""
        return self.certificate.letter


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A desk proves its key by signing the server's nonce."""

    device: UUID
    nonce: bytes
    signature: bytes
    challenge: bytes = b""
    """What the server is to sign with its own key; empty at a server of the release before, which would not read it."""
    member: NamedMember | None = None
    """Who is signed in; only with a challenge, which they sign, too."""


@dataclass(frozen=True, slots=True)
class Session:
    """An opaque token, bound to the desk, and how many seconds it lasts."""

    token: str = field(repr=False)
    seconds: int
    proof: ServerProof | None = None
    """Who opened it, for a desk that asked."""
    member: MemberStanding = MemberStanding.NOBODY
    """Whether it is the member's, too, whom the desk named."""


def session_message(device: UUID, nonce: bytes) -> bytes:
    """What a desk signs to be let in. The first words keep it apart from everything else the key signs."""
    return b"livingwell session 1\x00" + device.bytes + nonce


def write_enrol(request: EnrolRequest) -> bytes:
    """A new desk's first words."""
    return dump(
        {
            "code": request.code,
            "name": request.name,
            "centre": str(request.centre) if request.centre else None,
            "public_key": request.public_key.hex(),
        }
    )


def read_enrol(body: bytes) -> EnrolRequest:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"code", "name", "public_key"}), frozenset({"centre"}))
    return EnrolRequest(
        code=fields.text("code", 100),
        name=fields.text("name", 100),
        centre=fields.optional_identifier("centre"),
        public_key=fields.binary("public_key", 32),
    )


def write_enrolled(enrolled: Enrolled) -> bytes:
    """The alliance's answer to a new desk."""
    return dump({"certificate": write_certificate(enrolled.certificate), "alliance_key": enrolled.alliance_key.hex()})


def read_enrolled(body: bytes) -> Enrolled:
    """Raises ProtocolError."""
    value = parse(body)
    fields = Fields(value, frozenset({"certificate", "alliance_key"}))
    return Enrolled(read_certificate(fields.any("certificate")), fields.binary("alliance_key", 32))


def write_certificate(certificate: Certificate) -> list[Json]:
    """A certificate as a list: device, public key, letter, centres, sensitivity, signature; the original of a copy."""
    parts: list[Json] = [
        str(certificate.device),
        certificate.public_key.hex(),
        certificate.letter,
        [str(each) for each in certificate.centres],
        certificate.sensitivity,
        certificate.signature.hex(),
    ]
    return parts if certificate.copy_of is None else [*parts, str(certificate.copy_of)]


def read_certificate(item: Json) -> Certificate:
    """Raises ProtocolError. Whether the alliance made it is for `holds` to say."""
    match item:
        case [device, public_key, letter, [*centres], int(sensitivity), signature, *original] if (
            0 <= sensitivity <= 9 and len(original) <= 1
        ):
            letters = short_text(letter, 8, "letter")
            if not letters.isascii() or len(centres) > 100:
                raise ProtocolError("a certificate has no such scope")
            return Certificate(
                identifier(device, "device"),
                binary(public_key, 32, "public_key"),
                letters,
                tuple(identifier(each, "centre") for each in centres),
                sensitivity,
                binary(signature, 64, "signature"),
                identifier(original[0], "copy_of") if original else None,
            )
    raise ProtocolError("a certificate has six parts, that of a copy seven")


def certificate_text(certificate: Certificate) -> str:
    """A certificate as desks keep it."""
    return dump(write_certificate(certificate)).decode("utf-8")


def certificate_of_text(text: str) -> Certificate:
    """A certificate that a desk kept. Raises ProtocolError."""
    return read_certificate(parse(text.encode("utf-8")))


def write_challenge(nonce: bytes) -> bytes:
    """The nonce a desk must sign."""
    return dump({"nonce": nonce.hex()})


def read_challenge(body: bytes) -> bytes:
    """Raises ProtocolError."""
    return Fields(parse(body), frozenset({"nonce"})).binary("nonce", NONCE_BYTES)


def write_session_request(request: SessionRequest) -> bytes:
    """A desk's proof."""
    return dump(write_proof(request))


def write_proof(request: SessionRequest) -> dict[str, Json]:
    """The parts of a desk's proof."""
    return {
        "device": str(request.device),
        "nonce": request.nonce.hex(),
        "signature": request.signature.hex(),
        **({"challenge": request.challenge.hex()} if request.challenge else {}),
        **(_write_member(request.member) if request.member else {}),
    }


def _write_member(named: NamedMember) -> dict[str, Json]:
    return {"member": str(named.member), "member_signature": named.signature.hex()}


def read_session_request(body: bytes) -> SessionRequest:
    """Raises ProtocolError."""
    return read_proof(Fields(parse(body), PROOF, OF_A_PROOF))


def read_proof(fields: Fields) -> SessionRequest:
    """Raises ProtocolError."""
    return SessionRequest(
        fields.identifier("device"),
        fields.binary("nonce", NONCE_BYTES),
        fields.binary("signature", 64),
        fields.binary("challenge", CHALLENGE_BYTES) if fields.has("challenge") else b"",
        _read_member(fields),
    )


def _read_member(fields: Fields) -> NamedMember | None:
    given = {name for name in ("member", "member_signature") if fields.has(name)}
    if not given:
        return None
    if len(given) == 1 or not fields.has("challenge"):
        raise ProtocolError("a member is named with their signature under a challenge")
    return NamedMember(fields.identifier("member"), fields.binary("member_signature", 64))


def write_session(session: Session) -> bytes:
    """The token a desk shows from now on."""
    proof = {} if session.proof is None else {"proof": write_proof_of_server(session.proof)}
    member = {} if session.member is MemberStanding.NOBODY else {"member": session.member.value}
    return dump({"token": session.token, "seconds": session.seconds, **proof, **member})


def read_session(body: bytes) -> Session:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"token", "seconds"}), frozenset({"proof", "member"}))
    proof = read_proof_of_server(fields.any("proof")) if fields.has("proof") else None
    said = fields.text("member", 50) if fields.has("member") else MemberStanding.NOBODY
    # What only a newer server says is no word that the session is anybody's.
    member = MemberStanding(said) if said in set(MemberStanding) else MemberStanding.NOT_CERTIFIED
    return Session(fields.text("token", 100), fields.integer("seconds", 1, 86_400), proof, member)
