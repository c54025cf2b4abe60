"""What desk and server say about the keys of staff, as JSON: the travel key, the first administrators, a lost desk."""

from dataclasses import dataclass, field
from uuid import UUID

from livingwell_desktop.sync.strict import Fields, dump, parse


@dataclass(frozen=True, slots=True)
class AdministratorRequest:
    """A desk shows the one-time code of an administrator, and the public keys that the alliance is to certify."""

    code: str = field(repr=False)
    member: UUID
    agreement: bytes
    signing: bytes


def write_administrator(request: AdministratorRequest) -> bytes:
    """A first administrator's public keys."""
    return dump(
        {
            "code": request.code,
            "member": str(request.member),
            "agreement": request.agreement.hex(),
            "signing": request.signing.hex(),
        }
    )


def read_administrator(body: bytes) -> AdministratorRequest:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"code", "member", "agreement", "signing"}))
    return AdministratorRequest(
        fields.text("code", 100),
        fields.identifier("member"),
        fields.binary("agreement", 32),
        fields.binary("signing", 32),
    )


def write_signature(signature: bytes) -> bytes:
    """The alliance's signature."""
    return dump({"signature": signature.hex()})


def read_signature(body: bytes) -> bytes:
    """Raises ProtocolError."""
    return Fields(parse(body), frozenset({"signature"})).binary("signature", 64)


def write_travel_key(key: bytes) -> bytes:
    """The key under which locked keys travel."""
    return dump({"travel_key": key.hex()})


def read_travel_key(body: bytes) -> bytes:
    """Raises ProtocolError."""
    return Fields(parse(body), frozenset({"travel_key"})).binary("travel_key", 32)


def shut_out_message(device: UUID) -> bytes:
    """What the alliance signs to shut a lost desk out for good. The desk believes nobody else."""
    return b"livingwell shut out 1\x00" + device.bytes


def write_shut_out(signature: bytes) -> bytes:
    """The answer to a desk that was shut out and has proved its key."""
    return dump({"problem": "shut-out", "signature": signature.hex()})


def read_shut_out(body: bytes) -> bytes:
    """The alliance's signature. Raises ProtocolError."""
    return Fields(parse(body), frozenset({"problem", "signature"})).binary("signature", 64)
