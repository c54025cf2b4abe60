"""Whose public keys are whose: certificates by administrators, in a chain that begins with the alliance's own key.

Nothing is sealed to a key that this module does not vouch for, so a server cannot have a key of its own admitted.

A certificate is one signature under a statement. The statement counts when it is signed by

- the alliance's key, for the first keys of an administrator and nothing else: the server holds it, and gives no
  member who is here already other keys or another standing, or
- one administrator, for the first keys of a member, for another standing of keys that count already, and for a
  centre's recovery code, or
- for new keys of somebody who has keys: two administrators who are not that member; or the member's own keys before;
  or, for who is no administrator, a centre's recovery code. The last two give nobody another standing than before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.membership import ALLIANCE_SIGNS
from livingwell_desktop.security.signed import verify
from livingwell_desktop.security.statements import MemberPublic, Standing, Statement

__all__ = ["Certificate", "NotCertified", "Standing", "Statement", "certify", "check_trusted", "trusted"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """One signature under a statement. `signer` is a member's id, or empty for the alliance's own key."""

    statement: Statement
    signer: str
    signature: bytes = field(repr=False)


class Signing(Protocol):
    """Keys of a member that can sign: the private half is nothing that whoever only judges certificates needs."""

    @property
    def member_id(self) -> str:
        """Whose they are."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Their Ed25519 signature, 64 bytes."""
        ...


def certify(statement: Statement, signer: Signing, alliance_key: bytes) -> Certificate:
    """The certificate of an administrator, of the member's keys before, or of a recovery code."""
    return Certificate(statement, signer.member_id, signer.sign(statement.message(alliance_key)))


def trusted(certificates: Iterable[Certificate], alliance_key: bytes) -> Mapping[str, Statement]:
    """The keys that count now, by member id. Of two different newest keys of one member neither counts."""
    signed: dict[Statement, list[Certificate]] = {}
    for each in certificates:
        signed.setdefault(each.statement, []).append(each)
    accepted: set[Statement] = set()
    while True:
        # Few members and few rounds: each round accepts at least one statement or is the last.
        more = {each for each in signed.keys() - accepted if _counts(each, tuple(signed[each]), accepted, alliance_key)}
        if not more:
            return _newest(accepted)
        accepted |= more


def check_trusted(member: MemberPublic, known: Mapping[str, Statement]) -> Statement:
    """The statement that vouches for the keys. Raises NotCertified unless just these keys count."""
    statement = known.get(member.member_id)
    if statement is None or statement.member != member:
        raise NotCertified
    return statement


class NotCertified(Problem):
    """The keys have no certificate that leads to this alliance's own key."""

    def __init__(self) -> None:
        super().__init__(
            "These keys are not certified",
            "No administrator of this alliance has signed that they belong to this member of staff. They may come "
            "from another alliance, or a newer key has taken their place. Nothing was sealed to them.",
            "Ask an administrator to invite this member of staff again.",
        )


def _counts(statement: Statement, given: tuple[Certificate, ...], accepted: set[Statement], alliance: bytes) -> bool:
    message, member = statement.message(alliance), statement.member.member_id
    if _is_first_administrator(statement) and any(
        each.signer == ALLIANCE_SIGNS and verify(alliance, message, each.signature) for each in given
    ):
        return True
    signers = {
        by
        for each in given
        for by in accepted
        if by.member.member_id == each.signer and verify(by.member.signing, message, each.signature)
    }
    administrators = {
        by.member.member_id for by in signers if by.standing is Standing.ADMINISTRATOR and by.member.member_id != member
    }
    own = {by for by in accepted if by.member.member_id == member}
    recovery = {by.standing is Standing.RECOVERY for by in {statement, *own}}
    if len(recovery) > 1:
        return False  # a centre's code never was a member of staff, nor the other way round
    same_keys = any(by.member == statement.member and by.number == statement.number for by in own)
    last = {by for by in own if by.number == statement.number - 1}
    if statement.number == 0 or same_keys or (last and recovery == {True}):
        return bool(administrators)
    return bool(last) and (len(administrators) >= 2 or _handed_over(statement, signers, last))


def _is_first_administrator(statement: Statement) -> bool:
    return statement.number == 0 and statement.standing is Standing.ADMINISTRATOR


def _handed_over(statement: Statement, signers: set[Statement], last: set[Statement]) -> bool:
    """Whether new keys are signed with the keys before, or for who is no administrator with a recovery code."""
    if statement.standing not in {by.standing for by in last}:
        return False
    recovered = statement.standing is Standing.MEMBER and any(by.standing is Standing.RECOVERY for by in signers)
    return recovered or bool(signers & last)


def _newest(accepted: set[Statement]) -> dict[str, Statement]:
    newest: dict[str, Statement] = {}
    for member_id in {each.member.member_id for each in accepted}:
        own = [each for each in accepted if each.member.member_id == member_id]
        number = max(each.number for each in own)
        last = [each for each in own if each.number == number]
        if len({each.member for each in last}) == 1:
            # More than one standing: the higher counts, for both were certified.
            newest[member_id] = min(last, key=lambda each: list(_HIGHEST_FIRST).index(each.standing))
    return newest


_HIGHEST_FIRST = (Standing.ADMINISTRATOR, Standing.RECOVERY, Standing.MEMBER)
