"""The centre's sealed recovery code: made, printed and kept by two people; made anew after use."""

from dataclasses import dataclass

from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.membership import MemberCertificate, RecoveryCode, RecoveryUse, recovery_member
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import Standing, Statement
from livingwell_desktop.security.codes import RECOVERY_SIGNS, make_code, normalised_code
from livingwell_desktop.security.member_keys import create_member_keys, lock_keys
from livingwell_desktop.services.keys_travel import follow, keys_record, statements, vault_of
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Event, create


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """Whether this centre has a code, and whether its envelope was opened since it was made."""

    made: bool
    used: RecoveryUse | None = None
    used_for: str = ""


def recovery_state(practice: Practice) -> RecoveryState:
    """What a manager must know of the centre's code."""
    practice.look(Act.KEEP_ALLIANCE)
    member = recovery_member(practice.centre.id)
    statement = statements(practice).get(str(member)) if practice.vault else None
    if statement is None:
        return RecoveryState(made=False)
    found = practice.store.find(MemberCertificate, member=member)
    made_at = max(held.changed_at for held in found if held.value.number == statement.number)
    uses = [held.value for held in practice.store.find(RecoveryUse, centre=practice.centre.id)]
    since = [use for use in uses if use.opened_at is not None and use.opened_at >= made_at]
    if not since:
        return RecoveryState(made=True)
    last = max(since, key=lambda use: str(use.opened_at))
    given = practice.store.get(Staff, last.staff)
    return RecoveryState(True, last, given.value.name if given else "")


def make_recovery_code(practice: Practice, keepers: tuple[str, str]) -> RecoveryCode:
    """A new code for this centre; the one before opens nothing on this desk any more, and on the others from their
    next sync. Takes half a second. Raises Problem without the names of two people.
    """
    practice.require(Act.MAKE_RECOVERY_CODE)
    first, second = (" ".join(name.split()) for name in keepers)
    if not first or not second or first.casefold() == second.casefold():
        sentence = "Enter the names of the two people who will keep the envelope."
        raise Problem("Two people keep the code", sentence, "Then go on.", (FieldProblem("keepers", sentence),))
    vault, member = vault_of(practice), str(recovery_member(practice.centre.id))
    before = statements(practice).get(member)
    code, keys = make_code(RECOVERY_SIGNS), create_member_keys(member)
    statement = Statement(keys.public, before.number + 1 if before else 0, Standing.RECOVERY)
    locked = lock_keys(keys, normalised_code(code), vault.parameters)
    certificate = certificate_record(vault.certify(statement))
    keys_kept = keys_record(vault, locked, statement.number)
    event = Event("recovery code made", practice.centre.id, None, {"keepers": [first, second]})
    with vault.turn:
        writes = [create(practice.new_id(), certificate), create(practice.new_id(), keys_kept)]
        practice.write(Act.MAKE_RECOVERY_CODE, writes, [event])
        follow(practice)
    made = RecoveryCode(practice.centre.value.name, code, (first, second), practice.now())
    vault.just_made = made
    return made


def code_just_made(practice: Practice) -> RecoveryCode:
    """The code for its page, as long as the desk is not locked. Raises Problem when none was made since signing in."""
    practice.look(Act.MAKE_RECOVERY_CODE)
    made = vault_of(practice).just_made
    if made is None:
        raise Problem(
            "There is no recovery code to print",
            "A code is kept nowhere. It can be printed only right after it was made.",
            "Make a new one on the page “Staff and desks”.",
        )
    return made
