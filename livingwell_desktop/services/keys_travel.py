"""Keys between desks: certificates, locked keys and leases follow the records.

At opening and at contact with the server, what was made on this desk becomes records, and what came from others
reaches the slots here. It is the program's own housekeeping: it asks for no right, gives nobody more than an
administrator certified, and says what it did.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.membership import MemberCertificate, RecoveryUse, TravellingKeys, recovery_member
from livingwell_desktop.domain.organisations import Organisation, Staff
from livingwell_desktop.domain.permissions import Act, role_words
from livingwell_desktop.domain.records import Held
from livingwell_desktop.security.certificate_records import certificate_in, certificate_record, signed_too_late
from livingwell_desktop.security.certificates import Standing, Statement, trusted
from livingwell_desktop.security.leases import PARTNER_LEASE, STAFF_LEASE, latest
from livingwell_desktop.security.member_keys import LockedKeys, MemberPublic
from livingwell_desktop.security.pending import Pending
from livingwell_desktop.security.slot_format import Grant, Slot
from livingwell_desktop.security.slots import adopt, locked_keys, regrant
from livingwell_desktop.security.travelling import CannotTravel
from livingwell_desktop.security.vault import Vault
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Write, create

SCOPE = ("desk", "clinical")
NO_END = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""The recovery code has no lease: it is the way out when all others have ended."""
WORTH_RENEWING = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Followed:
    """What was done to this desk's slots."""

    adopted: tuple[str, ...] = ()
    """Members whose newer passphrase or keys reached this desk."""
    removed: tuple[str, ...] = ()
    """Members who may not sign in here any more; the database key was changed."""
    renewed: int = 0
    shut_out: bool = False
    """Whoever is signed in is among the removed, or has another role or organisation now: the desk locks."""


def vault_of(practice: Practice) -> Vault:
    """The desk's keys. Raises Problem on a desk that does not know its alliance."""
    if practice.vault is None:
        raise Problem(
            "This desk cannot change who may sign in",
            "It does not know which alliance it belongs to.",
            "Call the IT help desk and say “alliance card”.",
        )
    return practice.vault


def statements(practice: Practice) -> Mapping[str, Statement]:
    """Whose keys count now, by the certificates among the records.

    What an administrator signed after they had stopped being one admits nobody; what they signed before stands.
    """
    until = {str(held.id): held.value.certifies_until for held in practice.store.find(Staff)}
    found = (
        certificate_in(held.value)
        for held in practice.store.find(MemberCertificate)
        if not signed_too_late(held.value, held.changed_at, until.get(held.value.signer))
    )
    return trusted((each for each in found if each is not None), vault_of(practice).card.alliance_key)


def newest_keys(practice: Practice, statement: Statement) -> LockedKeys | None:
    """The newest locked keys of a member that the statement is about; None when none has come."""
    vault, member = vault_of(practice), statement.member.member_id
    records = practice.store.find(TravellingKeys, member=UUID(member))
    for held in sorted(records, key=lambda each: (each.value.version, each.id), reverse=True):
        if held.value.number != statement.number:
            continue
        try:
            locked = vault.unwrap(base64.b64decode(held.value.box, validate=True), member)
        except (CannotTravel, binascii.Error):
            continue
        if locked.public == statement.member:
            return locked
    return None


def keys_record(vault: Vault, locked: LockedKeys, number: int) -> TravellingKeys:
    """Locked keys as a record."""
    return TravellingKeys(
        member=UUID(locked.public.member_id),
        number=number,
        version=locked.version,
        box=base64.b64encode(vault.wrap(locked)).decode("ascii"),
    )


def grant_of(practice: Practice, staff: Held[Staff], lease_until: datetime) -> Grant:
    """What a member of staff is admitted to, from their record."""
    organisation = practice.store.get(Organisation, staff.value.organisation)
    of = organisation.value if organisation else Organisation()
    return Grant(
        name=staff.value.name,
        role=staff.value.job_title or role_words(staff.value.role),
        organisation=f"{of.colour}|{of.letters}|{of.short_name}",
        scope=SCOPE,
        lease_until=lease_until,
    )


def lease_from(practice: Practice, staff: Staff, start: datetime) -> datetime:
    """The end of a lease that begins now: 35 days, or 7 for a partner outside the centres' own teams."""
    organisation = practice.store.get(Organisation, staff.organisation)
    partner = organisation is not None and organisation.value.by_agreement
    return start + (PARTNER_LEASE if partner else STAFF_LEASE)


def start_of_lease(practice: Practice) -> datetime:
    """The instant a new lease is counted from, also on a desk whose clock was set back."""
    vault = vault_of(practice)
    return latest(practice.now(), vault.seen.read(vault.device_secret))


def follow(practice: Practice, met_server: datetime | None = None) -> Followed:
    """Bring records and slots into step. `met_server` is the server's time when this desk has just spoken with it.

    Raises Problem and OSError as its parts do; asked again, it does what is left.
    """
    vault = vault_of(practice)
    with vault.turn:
        publish(practice)
        known = statements(practice)
        adopted, removed, renewed = list[str](), list[str](), 0
        for slot in vault.readable():
            member = slot.member.member_id
            if slot.standing == Standing.RECOVERY:
                continue
            staff = practice.store.get(Staff, UUID(member))
            if staff is None:
                continue  # not downloaded yet: nobody is shut out by what this desk does not know
            if not staff.value.active:
                vault.slots.remove(member)
                removed.append(member)
                continue
            newer = _newer(practice, slot, known.get(member))
            if newer is not slot:
                adopted.append(member)
            renewed += _regranted(practice, newer, staff, met_server)
        _hold_recovery_code(practice, known)
        if removed:
            change_key(practice, known)
        if met_server is not None:
            vault.seen.put(met_server, vault.device_secret)
        ends = vault.me.member_id in removed or _is_another_now(practice)
        return Followed(tuple(adopted), tuple(removed), renewed, ends)


def _is_another_now(practice: Practice) -> bool:
    """Whether whoever is signed in has another role or organisation than when they signed in: they see as before."""
    now = practice.whole.get(Staff, practice.staff.id)
    then = practice.staff.value
    return now is not None and (now.value.role, now.value.organisation) != (then.role, then.organisation)


def change_key(practice: Practice, known: Mapping[str, Statement] | None = None) -> None:
    """A new database key for this desk, sealed to those whose keys are certified and who work here now."""
    vault = vault_of(practice)
    with vault.turn:
        vault.change_database_key(_may_open(practice, statements(practice) if known is None else known))


def resume_change(practice: Practice, opened_with: bytes) -> None:
    """Right after opening: bring a change of the database key that was cut short to its end."""
    vault = vault_of(practice)
    with vault.turn:
        known: dict[str, Statement] = {}

        def may_open(member: MemberPublic) -> bool:
            # Certificates are only read when there is a change to resume, which is next to never.
            known.update(known or statements(practice))
            return _may_open(practice, known)(member)

        vault.resume_change(opened_with, may_open)


def _may_open(practice: Practice, known: Mapping[str, Statement]) -> Callable[[MemberPublic], bool]:
    """Who is in a new seal: those whose keys are certified and who work here now."""
    gone = {str(held.id) for held in practice.store.find(Staff) if not held.value.active}

    def may_open(member: MemberPublic) -> bool:
        statement = known.get(member.member_id)
        return member.member_id not in gone and statement is not None and statement.member == member

    return may_open


def publish(practice: Practice) -> None:
    """Make records of the certificates and locked keys that were made on this desk while signing in."""
    vault = vault_of(practice)
    with vault.turn:
        pending = vault.pending.entries()
        writes = [*_certificates(practice, pending), *_locked(practice)]
        if writes:
            practice.write(Act.OWN_PASSPHRASE, writes)
        for each in pending:
            vault.pending.remove(each)


def _certificates(practice: Practice, pending: Iterable[Pending]) -> Iterable[Write]:
    there = {held.value.signature for held in practice.store.find(MemberCertificate)}
    for each in pending:
        if each.certificate.signature.hex() in there:
            continue
        yield create(practice.new_id(), certificate_record(each.certificate))
        if each.opened_at:
            use = RecoveryUse(
                centre=practice.centre.id,
                staff=UUID(each.certificate.statement.member.member_id),
                opened_at=datetime.fromisoformat(each.opened_at),
                opened_by=each.opened_by,
            )
            yield create(practice.new_id(), use)


def _locked(practice: Practice) -> Iterable[Write]:
    vault = vault_of(practice)
    found = (held.value for held in practice.store.find(TravellingKeys))
    sent = {(str(each.member), each.number, each.version) for each in found}
    for slot in vault.readable():
        if (slot.member.member_id, slot.number, slot.version) not in sent:
            locked = locked_keys(slot, vault.device_secret)
            yield create(practice.new_id(), keys_record(vault, locked, slot.number))


def _newer(practice: Practice, slot: Slot, statement: Statement | None) -> Slot:
    """The slot with the newest keys of its member, when they are certified; else the slot as it is."""
    locked = newest_keys(practice, statement) if statement is not None else None
    if statement is None or locked is None:
        return slot
    vault = vault_of(practice)
    if slot.member != statement.member:
        return vault.admit(locked, statement, slot.grant)
    newer = adopt(slot, locked, vault.device_secret)
    if newer is not slot:
        vault.slots.write(newer)
    return newer


def _regranted(practice: Practice, slot: Slot, staff: Held[Staff], met_server: datetime | None) -> bool:
    """Write the slot with what the record says now, and with a new lease at contact with the server."""
    vault, until = vault_of(practice), slot.grant.lease_until
    if met_server is not None:
        longer = lease_from(practice, staff.value, met_server)
        until = longer if abs(longer - until) > WORTH_RENEWING else until
    wanted = grant_of(practice, staff, until)
    if wanted == slot.grant:
        return False
    vault.slots.write(regrant(slot, wanted, vault.device_secret))
    return until != slot.grant.lease_until


def _hold_recovery_code(practice: Practice, known: Mapping[str, Statement]) -> None:
    """Every desk of a centre can be opened by the centre's own recovery code, the newest only."""
    vault, member = vault_of(practice), str(recovery_member(practice.centre.id))
    statement = known.get(member)
    here = next((slot for slot in vault.readable() if slot.member.member_id == member), None)
    if statement is None or statement.standing is not Standing.RECOVERY:
        return
    has_slot = here is not None and here.member == statement.member
    if has_slot and vault.recovery_keys is not None and vault.recovery_keys.public == statement.member:
        return
    locked = newest_keys(practice, statement)
    if locked is None:
        return
    vault.keep_envelope(locked)
    if not has_slot:
        name = f"Recovery code of {practice.centre.value.name}"
        vault.admit(locked, statement, Grant(name, "Sealed envelope", "", SCOPE, NO_END))
