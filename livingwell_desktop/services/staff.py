"""Who works here and may sign in where: invite, admit, extend, move, suspend, leave, reset."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.membership import MemberCertificate
from livingwell_desktop.domain.organisations import Centre, Organisation, Role, Staff
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import NotCertified, Standing, Statement
from livingwell_desktop.security.codes import INVITATION_SIGNS, make_code, normalised_code
from livingwell_desktop.security.first_sign_in import INVITED
from livingwell_desktop.security.member_keys import LockedKeys, MemberKeys, MemberPublic, create_member_keys, lock_keys
from livingwell_desktop.security.slot_problems import WrongPassphrase
from livingwell_desktop.security.slots import change_passphrase, locked_keys, regrant
from livingwell_desktop.services.keys_travel import (
    change_key,
    grant_of,
    keys_record,
    lease_from,
    newest_keys,
    start_of_lease,
    statements,
    vault_of,
)
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Event, Write, create, edit


@dataclass(frozen=True, slots=True)
class MemberHere:
    """A member of staff as a manager sees them at this desk."""

    staff: Held[Staff]
    organisation: Held[Organisation] | None
    centre: Held[Centre] | None
    lease_until: datetime | None
    """Until when they may sign in here; None when they are not admitted to this desk."""
    lease_ended: bool
    invited: bool
    """They have an invitation and no passphrase of their own yet."""
    can_be_admitted: bool
    """Their keys are certified and have reached this desk."""
    reset_by: UUID | None
    """The administrator who began a reset that another one must confirm."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the new colleague needs: their name in the sign-in window, and the code, which is shown only now."""

    staff: UUID
    name: str
    code: str


def members(practice: Practice) -> tuple[MemberHere, ...]:
    """Everybody who works in the alliance, those of this centre first, then by name; who has left comes last."""
    practice.look(Act.KEEP_ALLIANCE)
    known = statements(practice) if practice.vault else {}
    slots = {slot.member.member_id: slot for slot in practice.vault.readable()} if practice.vault else {}
    waiting = {each.member.member_id: by for each, by in _resets(practice, known)}
    organisations = {held.id: held for held in practice.store.find(Organisation)}
    centres = {held.id: held for held in practice.store.find(Centre)}
    found = []
    for staff in practice.store.find(Staff):
        slot, member = slots.get(str(staff.id)), str(staff.id)
        until = slot.grant.lease_until if slot else None
        found.append(
            MemberHere(
                staff,
                organisations.get(staff.value.organisation) if staff.value.organisation else None,
                centres.get(staff.value.centre) if staff.value.centre else None,
                until,
                until is not None and until <= start_of_lease(practice),
                slot is not None and slot.version == INVITED,
                slot is None and member in known and newest_keys(practice, known[member]) is not None,
                waiting.get(member),
            )
        )
    here = practice.centre.id
    found.sort(key=lambda m: (not m.staff.value.active, m.staff.value.centre != here, m.staff.value.name.casefold()))
    return tuple(found)


def invite(practice: Practice, staff: Staff) -> Invitation:
    """A new member of staff, with keys that only the code opens, admitted to this desk. Takes half a second.

    Raises Problem naming every field that needs mending; nothing is saved then.
    """
    practice.require(Act.CERTIFY)
    _check(staff)
    vault, record = vault_of(practice), practice.new_id()
    keys, code = create_member_keys(str(record)), make_code(INVITATION_SIGNS)
    statement = Statement(keys.public, 0, _standing(staff.role))
    locked = _locked_with(practice, keys, code)
    writes = [create(record, staff), *_certified(practice, statement, locked)]
    with vault.turn:
        practice.write(Act.CERTIFY, writes)
        held = practice.store.get(Staff, record)
        assert held is not None  # it was written above
        vault.admit(locked, statement, grant_of(practice, held, lease_from(practice, staff, start_of_lease(practice))))
    return Invitation(record, staff.name, code)


def invite_again(practice: Practice, staff: Held[Staff]) -> Invitation:
    """A new code for somebody who lost theirs before using it, or who never had keys. Takes half a second.

    Somebody with a passphrase of their own is reset by two administrators instead: raises Problem.
    """
    practice.require(Act.CERTIFY)
    known = statements(practice)
    if str(staff.id) in known:
        raise Problem(
            f"{staff.value.name} has keys already",
            "Only they themselves, two administrators or the recovery code can give them new ones.",
            "Choose “Reset passphrase”. Another administrator must confirm it.",
        )
    return _new_keys(practice, Act.CERTIFY, staff, 0)


def begin_reset(practice: Practice, staff: Held[Staff]) -> Invitation:
    """A code with which somebody chooses a new passphrase, once another administrator has confirmed it."""
    practice.require(Act.RESET_PASSPHRASE)
    _not_oneself(practice, staff)
    statement = statements(practice).get(str(staff.id))
    if statement is None:
        raise NotCertified
    return _new_keys(practice, Act.RESET_PASSPHRASE, staff, statement.number + 1)


def confirm_reset(practice: Practice, staff: Held[Staff]) -> None:
    """The second administrator's signature: from now on the new keys count, and the old passphrase opens nothing new.

    Raises Problem when nobody began, or when it was the same administrator.
    """
    practice.require(Act.RESET_PASSPHRASE)
    _not_oneself(practice, staff)
    known = statements(practice)
    begun = [(each, by) for each, by in _resets(practice, known) if each.member.member_id == str(staff.id)]
    others = [each for each, by in begun if by != practice.staff.id]
    if not others:
        raise Problem(
            "Another administrator must confirm this" if begun else "There is no reset to confirm",
            "Two administrators together give somebody a new passphrase, so that nobody can do it alone.",
            "Ask another administrator to sign in and confirm it." if begun else "Begin one with “Reset passphrase”.",
        )
    certificate = vault_of(practice).certify(others[-1])
    practice.write(Act.RESET_PASSPHRASE, [create(practice.new_id(), certificate_record(certificate))])
    _take_up_here(practice, staff)


def admit(practice: Practice, staff: Held[Staff]) -> None:
    """Let a colleague sign in at this desk with their own passphrase. They need not be here, nor any connection.

    Raises NotCertified, and Problem when their keys have not reached this desk.
    """
    practice.require(Act.KEEP_ALLIANCE)
    vault, statement = vault_of(practice), statements(practice).get(str(staff.id))
    if statement is None or not staff.value.active:
        raise NotCertified
    locked = newest_keys(practice, statement)
    if locked is None:
        raise Problem(
            f"{staff.value.name}’s keys are not here yet",
            "They come with the next contact with the server.",
            "Try again then. Without a connection, they can sign in at a desk where they are admitted.",
        )
    with vault.turn:
        until = lease_from(practice, staff.value, start_of_lease(practice))
        vault.admit(locked, statement, grant_of(practice, staff, until))
    _say(practice, "admitted to this desk", staff)


def extend(practice: Practice, staff: Held[Staff]) -> datetime:
    """Give a colleague a whole new lease on this desk, without any connection; until when it is good."""
    practice.require(Act.KEEP_ALLIANCE)
    vault = vault_of(practice)
    with vault.turn:
        slot = vault.slots.read(str(staff.id))
        until = lease_from(practice, staff.value, start_of_lease(practice))
        vault.slots.write(regrant(slot, grant_of(practice, staff, until), vault.device_secret))
    _say(practice, "lease extended", staff)
    return until


def take_off_desk(practice: Practice, staff: Held[Staff]) -> None:
    """A colleague may not sign in at this desk any more; its database key is changed for everybody else."""
    practice.require(Act.KEEP_ALLIANCE)
    _not_oneself(practice, staff)
    vault = vault_of(practice)
    with vault.turn:
        vault.slots.remove(str(staff.id))
        _say(practice, "taken off this desk", staff)
        change_key(practice)


def change_staff(practice: Practice, staff: Held[Staff], fields: Mapping[str, Any]) -> None:
    """Name, job, organisation or centre of a member of staff. The sign-in windows follow at their next sync.

    Raises Problem naming every field that needs mending.
    """
    practice.require(Act.KEEP_ALLIANCE)
    changed = replace(staff.value, **fields)
    _check(changed)
    writes = [edit(staff, **fields)]
    if changed.role != staff.value.role:
        # A role decides what somebody may do, so only who may certify gives one.
        practice.require(Act.CERTIFY)
        _not_oneself(practice, staff)
        writes = [edit(staff, **fields, certifies_until=_certifies_until(practice, staff, changed.role))]
        writes += _raised(practice, staff, changed.role)
    practice.write(Act.KEEP_ALLIANCE, writes)


def suspend(practice: Practice, staff: Held[Staff]) -> None:
    """Somebody may not sign in for now: at this desk at once, at the others with their next sync."""
    _end(practice, staff, None)


def leaves(practice: Practice, staff: Held[Staff]) -> None:
    """Somebody does not work here any more: slots are deleted and keys changed, here at once, elsewhere by sync."""
    _end(practice, staff, practice.today())


def comes_back(practice: Practice, staff: Held[Staff]) -> None:
    """Somebody who was suspended works here again, and is admitted to this desk if their keys are here."""
    practice.require(Act.KEEP_ALLIANCE)
    practice.write(Act.KEEP_ALLIANCE, [edit(staff, active=True, left_on=None, **_as_before(staff))])
    held = practice.store.get(Staff, staff.id)
    if held is not None and held.value.active and practice.vault is not None:
        statement = statements(practice).get(str(staff.id))
        if statement is not None and newest_keys(practice, statement) is not None:
            admit(practice, held)


def change_own_passphrase(practice: Practice, old: str, new: str, generated: str | None) -> None:
    """A new passphrase for whoever is signed in. Takes a second: never on the thread that paints.

    Other desks take it at their next sync. Raises MustWait, WrongPassphrase, and Problem for one that is not good
    enough.
    """
    practice.require(Act.OWN_PASSPHRASE)
    vault, member = vault_of(practice), str(practice.staff.id)
    before = vault.tries.begin(member)
    with vault.turn:
        slot = vault.slots.read(member)
        try:
            changed = change_passphrase(
                slot, old, new, vault.device_secret, parameters=vault.parameters, generated=generated
            )
        except WrongPassphrase:
            raise
        except Problem:
            vault.tries.put_back(member, before)
            raise
        vault.tries.succeeded(member)
        vault.slots.write(changed)
        record = keys_record(vault, locked_keys(changed, vault.device_secret), changed.number)
        practice.write(Act.OWN_PASSPHRASE, [create(practice.new_id(), record)])
    vault.keep_newest()


def _end(practice: Practice, staff: Held[Staff], left_on: date | None) -> None:
    practice.require(Act.KEEP_ALLIANCE)
    _not_oneself(practice, staff)
    until = _certifies_until(practice, staff, None)
    practice.write(Act.KEEP_ALLIANCE, [edit(staff, active=False, left_on=left_on, certifies_until=until)])
    vault = practice.vault
    if vault is None:
        return
    with vault.turn:
        if any(slot.member.member_id == str(staff.id) for slot in vault.readable()):
            vault.slots.remove(str(staff.id))
            change_key(practice)


def _certifies_until(practice: Practice, staff: Held[Staff], role: Role | None) -> datetime | None:
    """Until when somebody’s signature admits keys of others, once they have that role; None for no end."""
    if role is Role.ADMINISTRATOR:
        return None
    return practice.now() if staff.value.role is Role.ADMINISTRATOR else staff.value.certifies_until


def _as_before(staff: Held[Staff]) -> dict[str, Any]:
    """An administrator who comes back signs again for others."""
    return {"certifies_until": None} if staff.value.role is Role.ADMINISTRATOR else {}


def _new_keys(practice: Practice, act: Act, staff: Held[Staff], number: int) -> Invitation:
    vault = vault_of(practice)
    keys, code = create_member_keys(str(staff.id)), make_code(INVITATION_SIGNS)
    statement = Statement(keys.public, number, _standing(staff.value.role))
    locked = _locked_with(practice, keys, code)
    with vault.turn:
        practice.write(act, _certified(practice, statement, locked))
        _take_up_here(practice, staff)
    return Invitation(staff.id, staff.value.name, code)


def _take_up_here(practice: Practice, staff: Held[Staff]) -> None:
    """Put the member's newest certified keys into this desk's slot."""
    vault, statement = vault_of(practice), statements(practice).get(str(staff.id))
    locked = newest_keys(practice, statement) if statement else None
    if statement is not None and locked is not None:
        until = lease_from(practice, staff.value, start_of_lease(practice))
        with vault.turn:
            vault.admit(locked, statement, grant_of(practice, staff, until))


def _locked_with(practice: Practice, keys: MemberKeys, code: str) -> LockedKeys:
    return lock_keys(keys, normalised_code(code), vault_of(practice).parameters, INVITED)


def _certified(practice: Practice, statement: Statement, locked: LockedKeys) -> list[Write]:
    vault = vault_of(practice)
    return [
        create(practice.new_id(), certificate_record(vault.certify(statement))),
        create(practice.new_id(), keys_record(vault, locked, statement.number)),
    ]


def _raised(practice: Practice, staff: Held[Staff], role: Role) -> list[Write]:
    """A certificate with the standing that the new role has; what somebody may certify does not shrink (`leaves`)."""
    statement = statements(practice).get(str(staff.id))
    if statement is None or role is not Role.ADMINISTRATOR or statement.standing is Standing.ADMINISTRATOR:
        return []
    certificate = vault_of(practice).certify(replace(statement, standing=Standing.ADMINISTRATOR))
    return [create(practice.new_id(), certificate_record(certificate))]


def _resets(practice: Practice, known: Mapping[str, Statement]) -> list[tuple[Statement, UUID]]:
    """Resets that were begun and do not count yet, each with the administrator who began it."""
    found = []
    for held in practice.store.find(MemberCertificate):
        value = held.value
        statement = known.get(str(value.member))
        if statement is None or value.number != statement.number + 1 or not value.signer:
            continue
        signer = known.get(value.signer)
        if signer is None or signer.standing is not Standing.ADMINISTRATOR or value.signer == str(value.member):
            continue
        member = MemberPublic(str(value.member), bytes.fromhex(value.agreement), bytes.fromhex(value.signing))
        found.append((Statement(member, value.number, Standing(value.standing)), UUID(value.signer)))
    return found


def _standing(role: Role) -> Standing:
    return Standing.ADMINISTRATOR if role is Role.ADMINISTRATOR else Standing.MEMBER


def _not_oneself(practice: Practice, staff: Held[Staff]) -> None:
    if staff.id == practice.staff.id:
        raise Problem(
            "You cannot do this to your own account",
            "Somebody else must, so that no desk is left without anybody who can help.",
            "Ask another manager or administrator.",
        )


def _check(staff: Staff) -> None:
    wrong = []
    if not staff.given_name.strip() and not staff.family_name.strip():
        wrong.append(FieldProblem("given_name", "Enter a name."))
    if staff.organisation is None:
        wrong.append(FieldProblem("organisation", "Choose the organisation they work for."))
    if staff.centre is None:
        wrong.append(FieldProblem("centre", "Choose their usual centre."))
    if wrong:
        raise Problem("Some answers are missing", "Nothing was saved yet.", wrong[0].sentence, tuple(wrong))


def _say(practice: Practice, what: str, staff: Held[Staff]) -> None:
    practice.write(Act.KEEP_ALLIANCE, [], [Event(what, staff.id)])
