"""A member's own first passphrase on a desk: after an invitation, a reset, or with the centre's recovery code.

The keys that an invitation opens were made by somebody else, so they are used once: to hand over to new keys that
nobody else has ever seen. The same for the recovery code, which hands over in place of a forgotten passphrase.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.certificates import Standing, Statement, certify
from livingwell_desktop.security.codes import normalised_code
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.leases import PARTNER_LEASE, SeenTimes, latest
from livingwell_desktop.security.member_keys import create_member_keys
from livingwell_desktop.security.pending import Pending, PendingFolder
from livingwell_desktop.security.sign_in import sign_in
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.slot_problems import DeviceSecretMissing, WrongPassphrase
from livingwell_desktop.security.slots import DEFAULT_PARAMETERS, Unlocked, create_slot
from livingwell_desktop.security.tries import Tries

INVITED = 0
"""The version of keys that are locked with an invitation's code instead of a passphrase."""


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """What signing in works with on one desk."""

    slots: SlotFolder
    tries: Tries
    store: DeviceSecretStore
    device_id: str
    alliance_key: bytes
    parameters: Argon2Parameters = DEFAULT_PARAMETERS


@dataclass(frozen=True, slots=True)
class OpenedEnvelope:
    """What two people do with the centre's sealed recovery code: a new passphrase for one member of staff."""

    recovery_id: str
    code: str
    member_id: str
    passphrase: str
    generated: str | None
    """The four words that were offered, when they were taken."""
    opened_by: tuple[str, str]
    """Both names: they are written down."""
    at: datetime


def is_invited(slot: Slot) -> bool:
    """Whether the member has an invitation here and no passphrase of their own yet."""
    return slot.version == INVITED


def is_recovery_code(slot: Slot) -> bool:
    """Whether it is the centre's sealed code and no member of staff."""
    return slot.standing == Standing.RECOVERY


def take_up(
    desk: SignInDesk, member_id: str, code: str, passphrase: str, generated: str | None, now: datetime
) -> Unlocked:
    """Sign in with the code of an invitation, and choose a passphrase. The code opens nothing afterwards.

    Takes about a second: never on the thread that paints. Raises what `sign_in` raises, WrongCode, and Problem for a
    passphrase that is not good enough; then nothing has changed.
    """
    slot = desk.slots.read(member_id)
    opened = _opened(desk, member_id, code, now)
    return hand_over(desk, slot, opened, passphrase, generated)


def recover(desk: SignInDesk, envelope: OpenedEnvelope) -> Unlocked:
    """Give a member of staff of this desk a new passphrase with the centre's recovery code, without any connection.

    It also gives a lease. Raises what `sign_in` raises, WrongCode; Problem without two names, for an administrator, and
    for a passphrase that is not good enough.
    """
    names = two_names(envelope.opened_by)
    slot = may_recover(desk.slots.read(envelope.member_id))
    opened = _opened(desk, envelope.recovery_id, envelope.code, envelope.at)
    return hand_over(
        desk, slot, opened, envelope.passphrase, envelope.generated, opened_at=envelope.at, opened_by=names
    )


def two_names(opened_by: tuple[str, str]) -> tuple[str, ...]:
    """The names of the two who opened the envelope. Raises Problem when they are not two."""
    names = tuple(" ".join(name.split()) for name in opened_by)
    if len({name.casefold() for name in names if name}) != 2:
        sentence = "Enter the names of both people who opened the envelope."
        raise Problem("Two people open the envelope", sentence, "Then go on.", (FieldProblem("opened_by", sentence),))
    return names


def may_recover(slot: Slot) -> Slot:
    """The slot, of somebody whom the recovery code may give a new passphrase. Raises Problem."""
    if slot.standing != Standing.MEMBER:
        raise Problem(
            "The recovery code cannot do that",
            "It gives a new passphrase to staff, but not to an administrator.",
            "Choose a manager or another member of staff. Two administrators together reset a third one.",
        )
    return slot


class WrongCode(Problem):
    """The code is not the one of the invitation, or of the envelope."""

    def __init__(self) -> None:
        sentence = "Check the code and type it again. Capital letters and dashes do not matter."
        super().__init__(
            "That code is not right",
            "It does not open this computer’s records. A code works once: after that it is no code any more.",
            sentence,
            (FieldProblem("passphrase", sentence),),
        )


def _opened(desk: SignInDesk, member_id: str, code: str, now: datetime) -> Unlocked:
    try:
        return sign_in(
            desk.slots,
            desk.tries,
            desk.store,
            member_id=member_id,
            device_id=desk.device_id,
            passphrase=normalised_code(code),
            now=now,
        )
    except WrongPassphrase:
        raise WrongCode from None


def hand_over(
    desk: SignInDesk,
    slot: Slot,
    opened: Unlocked,
    passphrase: str,
    generated: str | None,
    *,
    opened_at: datetime | None = None,
    opened_by: tuple[str, ...] = (),
) -> Unlocked:
    """New keys for the slot's member, certified by the keys that the code opened.

    From the envelope, opened then by those people, it gives a lease as well. Raises Problem for a passphrase that is
    not good enough, and DeviceSecretMissing.
    """
    if opened_at is not None:
        start = latest(opened_at, SeenTimes(desk.slots.folder).read(_secret(desk)))
        longer = replace(slot.grant, lease_until=max(slot.grant.lease_until, start + PARTNER_LEASE))
        slot = replace(slot, grant=longer)
    keys = create_member_keys(slot.member.member_id)
    new = create_slot(
        keys,
        passphrase,
        opened.database_key,
        device_id=desk.device_id,
        device_secret=_secret(desk),
        grant=slot.grant,
        parameters=desk.parameters,
        generated=generated,
        number=slot.number + 1,
        standing=slot.standing,
    )
    statement = Statement(keys.public, new.number, Standing(slot.standing))
    certificate = certify(statement, opened.member_keys, desk.alliance_key)
    # The certificate first: a slot whose certificate a power cut took would be shut out at the next change of keys.
    PendingFolder(desk.slots.folder).write(Pending(certificate, opened_at.isoformat() if opened_at else "", opened_by))
    desk.slots.write(new)
    return Unlocked(opened.database_key, keys)


def _secret(desk: SignInDesk) -> bytes:
    secret = desk.store.load()
    if secret is None:
        raise DeviceSecretMissing
    return secret
