"""What a certificate states: whose public keys these are. Desk and server make the same bytes of it."""

from dataclasses import dataclass
from enum import StrEnum

from livingwell_desktop.security.canonical import canonical, text_of


@dataclass(frozen=True, slots=True)
class MemberPublic:
    """What others know of a member: the keys to seal to (X25519) and to check signatures with (Ed25519)."""

    member_id: str
    agreement: bytes
    signing: bytes


class Standing(StrEnum):
    """What a member's signature under others' keys is worth."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Statement:
    """These are the keys of this member. `number` counts the keys they have had, from 0."""

    member: MemberPublic
    number: int
    standing: Standing

    def message(self, alliance_key: bytes) -> bytes:
        """What is signed. It names the alliance, so that a certificate of another one says nothing here."""
        return canonical(
            {
                "purpose": "livingwell member certificate 1",
                "alliance": text_of(alliance_key),
                "member_id": self.member.member_id,
                "agreement": text_of(self.member.agreement),
                "signing": text_of(self.member.signing),
                "number": self.number,
                "standing": self.standing.value,
            }
        )
