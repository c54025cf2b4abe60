"""How a desk joins and comes in, as JSON: enrolment, challenge, session."""

from livingwell_desktop.sync.protocol import NONCE_BYTES, Enrolled, EnrolRequest, Session, SessionRequest
from livingwell_desktop.sync.strict import Fields, dump, parse


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
    return dump(
        {
            "device": str(enrolled.device),
            "letter": enrolled.letter,
            "certificate": enrolled.certificate.hex(),
            "alliance_key": enrolled.alliance_key.hex(),
            "centre": str(enrolled.centre) if enrolled.centre else None,
        }
    )


def read_enrolled(body: bytes) -> Enrolled:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"device", "letter", "certificate", "alliance_key", "centre"}))
    return Enrolled(
        device=fields.identifier("device"),
        letter=fields.text("letter", 8),
        certificate=fields.binary("certificate", 64),
        alliance_key=fields.binary("alliance_key", 32),
        centre=fields.optional_identifier("centre"),
    )


def write_challenge(nonce: bytes) -> bytes:
    """The nonce a desk must sign."""
    return dump({"nonce": nonce.hex()})


def read_challenge(body: bytes) -> bytes:
    """Raises ProtocolError."""
    return Fields(parse(body), frozenset({"nonce"})).binary("nonce", NONCE_BYTES)


def write_session_request(request: SessionRequest) -> bytes:
    """A desk's proof."""
    return dump({"device": str(request.device), "nonce": request.nonce.hex(), "signature": request.signature.hex()})


def read_session_request(body: bytes) -> SessionRequest:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"device", "nonce", "signature"}))
    return SessionRequest(
        fields.identifier("device"), fields.binary("nonce", NONCE_BYTES), fields.binary("signature", 64)
    )


def write_session(session: Session) -> bytes:
    """The token a desk shows from now on."""
    return dump({"token": session.token, "seconds": session.seconds})


def read_session(body: bytes) -> Session:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"token", "seconds"}))
    return Session(fields.text("token", 100), fields.integer("seconds", 1, 86_400))
