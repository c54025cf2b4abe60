"""The demo staff's keys as records: certified by the alliance and its first administrator, locked, and travelling."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.membership import TravellingKeys
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import Certificate, Standing, Statement, certify
from livingwell_desktop.security.member_keys import LockedKeys, MemberKeys
from livingwell_desktop.security.travelling import wrap
from livingwell_desktop.server.alliance import AllianceKey


def standing_of(member: Staff) -> Standing:
    """Administrators certify others."""
    return Standing.ADMINISTRATOR if member.role is Role.ADMINISTRATOR else Standing.MEMBER


def key_records(
    alliance: AllianceKey,
    staff: Mapping[UUID, Staff],
    members: Mapping[UUID, MemberKeys],
    locked: Mapping[UUID, LockedKeys],
) -> Iterator[Any]:
    """A certificate and the locked keys for each member of staff."""
    first = next(members[each] for each in members if staff[each].role is Role.ADMINISTRATOR)
    for each, keys in members.items():
        statement = Statement(keys.public, 0, standing_of(staff[each]))
        if statement.standing is Standing.ADMINISTRATOR:
            certificate = Certificate(statement, "", alliance.sign(statement.message(alliance.public)))
        else:
            certificate = certify(statement, first, alliance.public)
        yield certificate_record(certificate)
        box = base64.b64encode(wrap(locked[each], alliance.travel_key)).decode("ascii")
        yield TravellingKeys(member=each, number=0, version=locked[each].version, box=box)
