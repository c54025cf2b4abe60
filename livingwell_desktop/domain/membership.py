"""What travels between desks so that members of staff can sign in: certified public keys, and locked private keys.

Both are never edited: a newer one is another record. What they mean is decided in `security/certificates.py`; the
server stores and passes them on without being able to make one.
"""

import hashlib
from dataclasses import dataclass
from dataclasses import field as field_of_dataclass
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.records import field, record

ALLIANCE_SIGNS = ""
"""The signer of a certificate that the alliance's own key signed."""


@record(
    "member_certificate",
    label="Certificate of a member’s keys",
    plural="Certificates of members’ keys",
    subject=("alliance",),
    signed=True,
    source="docs/security.md, certificates",
)
class MemberCertificate:
    """One signature under the statement: these are the public keys of this member of staff."""

    member: UUID | None = field("Member of staff", default=None, index=True)
    number: int = field("Which keys", default=0, hint="0 for the first; one more each time they are made anew")
    standing: str = field("May certify", default="member", hint="member, administrator or recovery")
    agreement: str = field("Public key to seal to", default="")
    signing: str = field("Public key of signatures", default="")
    signer: str = field("Signed by", default=ALLIANCE_SIGNS)
    signature: str = field("Signature", default="")


@record(
    "locked_keys",
    label="Locked keys",
    plural="Locked keys",
    subject=("alliance",),
    signed=True,
    source="docs/security.md, what opens a desk’s records",
)
class TravellingKeys:
    """A member's private keys, locked with their passphrase and again with a key that only desks have.

    The newest `version` of the newest `number` counts, on every desk.
    """

    member: UUID | None = field("Member of staff", default=None, index=True)
    number: int = field("Which keys", default=0)
    version: int = field("Which passphrase", default=0, hint="0 is an invitation; one more with each passphrase")
    box: str = field("Locked keys", default="")


@record(
    "recovery_use",
    label="Use of a recovery code",
    plural="Uses of recovery codes",
    subject=("centre",),
    signed=True,
    source="docs/security.md, recovery",
)
class RecoveryUse:
    """A centre's sealed envelope was opened: when, by which two people, for whom. The code must then be made anew."""

    centre: UUID | None = field("Centre", default=None, index=True)
    staff: UUID | None = field("New passphrase for", default=None)
    opened_at: datetime | None = field("Opened", default=None)
    opened_by: tuple[str, ...] = field("Opened by", default=())


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """A code that was just made. It is kept nowhere: shown and printed now, or never."""

    centre: str
    code: str = field_of_dataclass(repr=False)
    keepers: tuple[str, str]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """What is asked of whoever begins a centre."""

    given_name: str
    family_name: str
    organisation: str
    centre: str
    passphrase: str = field_of_dataclass(repr=False)
    generated: str = field_of_dataclass(repr=False)


_RECOVERY = UUID("b1c5a7de-31f0-5e9a-9b9e-6d2f6a0f9c12")


def recovery_member(centre: UUID) -> UUID:
    """The id under which a centre's recovery code has its keys, the same on every desk (UUID version 5)."""
    name = hashlib.sha1(_RECOVERY.bytes + centre.bytes, usedforsecurity=False).digest()
    return UUID(bytes=name[:16], version=5)
