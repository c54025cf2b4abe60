"""Certificates of members' keys as the records that travel between desks, and back."""

from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.membership import MemberCertificate
from livingwell_desktop.security.certificates import Certificate
from livingwell_desktop.security.sealing import KEY_BYTES
from livingwell_desktop.security.statements import MemberPublic, Standing, Statement


def signed_too_late(certificate: MemberCertificate, written_at: datetime, until: datetime | None) -> bool:
    """Whether its signer had stopped signing for others. Everybody may hand over to new keys of their own."""
    own = certificate.signer == str(certificate.member)
    return until is not None and not own and written_at > until


def certificate_record(certificate: Certificate) -> MemberCertificate:
    """A certificate as a record."""
    statement = certificate.statement
    return MemberCertificate(
        member=UUID(statement.member.member_id),
        number=statement.number,
        standing=statement.standing.value,
        agreement=statement.member.agreement.hex(),
        signing=statement.member.signing.hex(),
        signer=certificate.signer,
        signature=certificate.signature.hex(),
    )


def certificate_in(record: MemberCertificate) -> Certificate | None:
    """The certificate in a record; None for one that no version of this program wrote."""
    try:
        agreement, signing = bytes.fromhex(record.agreement), bytes.fromhex(record.signing)
        standing, signature = Standing(record.standing), bytes.fromhex(record.signature)
    except ValueError:
        return None
    if record.member is None or len(agreement) != KEY_BYTES or len(signing) != KEY_BYTES or record.number < 0:
        return None
    return Certificate(
        Statement(MemberPublic(str(record.member), agreement, signing), record.number, standing),
        record.signer,
        signature,
    )
