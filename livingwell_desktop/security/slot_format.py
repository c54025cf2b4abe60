"""A slot as a value and as the bytes of a JSON file.

A slot is of one member of staff on one desk. Its header is readable, so that the sign-in window can list names; the
header as a whole is additional data of both boxes, so that no word of it can be changed unnoticed.
"""

import hashlib
import hmac
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.canonical import Fields, NotCanonicalError, canonical, read_canonical, text_of
from livingwell_desktop.security.member_keys import MemberPublic, parameters_from
from livingwell_desktop.security.sealing import KEY_BYTES, key_for
from livingwell_desktop.security.slot_problems import SlotDamaged, SlotTooNew

FORMAT = 2
"""1 had no number and no standing: such a slot opens, and is written in the newest format with its next change."""
LARGEST_FILE = 64 * 1024
CHECK_BYTES = 16
MEMBER = "member"
"""The standing of somebody who is no administrator."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a member of staff is admitted to on a desk.

    `name`, `role` and `organisation` are for the list in the sign-in window. `scope` names what records the desk may
    hold for them. `lease_until` is the instant (UTC) up to which signing in works without having met the server.
    """

    name: str
    role: str
    organisation: str
    scope: tuple[str, ...]
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """One member of staff on one desk: their locked keys and their seal of the database key, each in its box.

    `number` says which keys of the member these are, `standing` what their certificate says (`certificates.py`);
    `written_as` is the format of the file, and so of the header that both boxes are bound to.
    """

    member: MemberPublic
    device_id: str
    grant: Grant
    number: int
    standing: str
    epoch: int
    version: int
    parameters: Argon2Parameters
    device_check: bytes
    keys_box: bytes = field(repr=False)
    seal_box: bytes = field(repr=False)
    written_as: int = FORMAT

    def header(self) -> dict[str, object]:
        """Everything that is readable, bound into both boxes."""
        header: dict[str, object] = {
            "format": self.written_as,
            "member_id": self.member.member_id,
            "agreement": text_of(self.member.agreement),
            "signing": text_of(self.member.signing),
            "device_id": self.device_id,
            "name": self.grant.name,
            "role": self.grant.role,
            "organisation": self.grant.organisation,
            "scope": list(self.grant.scope),
            "lease_until": self.grant.lease_until.astimezone(UTC).isoformat(),
            "epoch": self.epoch,
            "version": self.version,
            "parameters": asdict(self.parameters),
            "device_check": text_of(self.device_check),
        }
        return header if self.written_as == 1 else header | {"number": self.number, "standing": self.standing}

    def to_bytes(self) -> bytes:
        """The slot file."""
        content: dict[str, object] = {
            "header": self.header(),
            "keys": text_of(self.keys_box),
            "seal": text_of(self.seal_box),
        }
        return canonical(content | {"checksum": _checksum(content)})


def slot_from_bytes(data: bytes) -> Slot:
    """The slot in a file's bytes. Raises SlotTooNew, and SlotDamaged for a single flipped bit.

    The checksum is against accidents and tells damage from a changed keyring; against people there are the boxes.
    """
    if len(data) > LARGEST_FILE:
        raise SlotDamaged
    try:
        value = read_canonical(data)
        checksum = value.pop("checksum", None)
        if not isinstance(checksum, str) or not hmac.compare_digest(checksum.encode(), _checksum(value).encode()):
            raise SlotDamaged
        header = value.get("header")
        written_as = header.get("format") if isinstance(header, dict) else None
        if isinstance(written_as, int) and written_as > FORMAT:
            raise SlotTooNew
        slot = _slot(value, written_as)
        same = slot.to_bytes() == data
    except (NotCanonicalError, ValueError, OverflowError):
        raise SlotDamaged from None
    if not same:
        raise SlotDamaged
    return slot


def device_check(device_secret: bytes, device_id: str) -> bytes:
    """Tells whether a device secret is the one a slot was made with, and nothing else about it."""
    return key_for("device secret check 1", device_secret, device_id.encode())[:CHECK_BYTES]


_FIRST_NAMES = frozenset(
    {
        "format",
        "member_id",
        "agreement",
        "signing",
        "device_id",
        "name",
        "role",
        "organisation",
        "scope",
        "lease_until",
        "epoch",
        "version",
        "parameters",
        "device_check",
    }
)
_HEADER_NAMES = _FIRST_NAMES | {"number", "standing"}


def _slot(value: dict[str, object], written_as: object) -> Slot:
    outside = Fields(value, frozenset({"header", "keys", "seal"}))
    first = written_as == 1
    header = Fields(outside.part("header"), _FIRST_NAMES if first else _HEADER_NAMES)
    member = MemberPublic(
        header.text("member_id"), header.binary("agreement", KEY_BYTES), header.binary("signing", KEY_BYTES)
    )
    lease_until = datetime.fromisoformat(header.text("lease_until"))
    if lease_until.tzinfo is None:
        raise NotCanonicalError("lease_until has no time zone")
    return Slot(
        member=member,
        device_id=header.text("device_id"),
        grant=Grant(
            header.text("name"), header.text("role"), header.text("organisation"), header.texts("scope"), lease_until
        ),
        number=0 if first else header.number("number"),
        standing=MEMBER if first else header.text("standing"),
        epoch=header.number("epoch"),
        version=header.number("version"),
        parameters=parameters_from(header.part("parameters")),
        device_check=header.binary("device_check", CHECK_BYTES),
        keys_box=outside.binary("keys"),
        seal_box=outside.binary("seal"),
        written_as=header.number("format"),
    )


def _checksum(content: dict[str, object]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
