"""Who may sign in where: admitted, extended, invited, reset, suspended, gone; each row of "Recovery" in security.md."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.membership import RecoveryUse, recovery_member
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.records import Held
from livingwell_desktop.security.first_sign_in import OpenedEnvelope, WrongCode, is_invited, recover, take_up
from livingwell_desktop.security.keyrings import create_device_secret
from livingwell_desktop.security.leases import PARTNER_LEASE, STAFF_LEASE, ClockSetBack, LeaseExpired
from livingwell_desktop.security.member_keys import lock_keys
from livingwell_desktop.security.slot_problems import (
    DeviceSecretChanged,
    DeviceSecretMissing,
    NoSlot,
    SlotDamaged,
    WrongPassphrase,
)
from livingwell_desktop.services import desks, recovery_codes, server_way, staff
from livingwell_desktop.services.keys_travel import follow, statements
from livingwell_desktop.services.openings import Openings
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Author, create, edit
from tests.conftest import StillClock
from tests.contracts.test_permissions import KEEPING, VERBS
from tests.services.key_desks import CENTRE, FLOOR, ID, ME, PASSPHRASE, SLAM, Alliance, KeyDesk

NEW = "velvet tractor hums quietly"
OTHER = "amber window sings twice"
RECOVERY = str(recovery_member(CENTRE))


@pytest.fixture(scope="module")
def alliance() -> Alliance:
    return Alliance()


@pytest.fixture
def reception(alliance: Alliance, tmp_path: Path, clock: StillClock) -> Iterator[KeyDesk]:
    """Everybody may sign in here."""
    desk = KeyDesk(alliance, tmp_path, clock, "reception", first=True).enrol("callum", "dana", "sunita", "rosa", "jo")
    yield desk
    desk.close()


@pytest.fixture
def room(alliance: Alliance, reception: KeyDesk, tmp_path: Path, clock: StillClock) -> Iterator[KeyDesk]:
    """A second desk, where only the manager may sign in; it has what the first one had."""
    desk = KeyDesk(alliance, tmp_path, clock, "room", first=False)
    reception.sends_to(desk)
    desk.enrol("sunita", "callum")
    yield desk
    desk.close()


def test_an_absent_colleague_is_admitted_offline_with_their_own_passphrase(room: KeyDesk) -> None:
    with pytest.raises(NoSlot):
        room.unlock("rosa")
    sunita = room.sign_in("sunita")
    staff.admit(sunita, room.staff("rosa"))
    assert room.sign_in("rosa").staff.id == ID["rosa"]
    shown = {each.staff.value.name: each for each in staff.members(room.sign_in("sunita"))}
    assert shown["Rosa Mensah"].lease_until == room.clock() + STAFF_LEASE
    assert shown["Dana Brook"].can_be_admitted


def test_a_changed_passphrase_reaches_the_other_desk_with_the_records(reception: KeyDesk, room: KeyDesk) -> None:
    staff.admit(room.sign_in("sunita"), room.staff("rosa"))
    rosa = reception.sign_in("rosa")
    with pytest.raises(WrongPassphrase):
        staff.change_own_passphrase(rosa, "wrong", NEW, None)
    with pytest.raises(Problem, match="stronger"):
        staff.change_own_passphrase(rosa, PASSPHRASE, "rosa mensah", None)
    staff.change_own_passphrase(rosa, PASSPHRASE, NEW, None)
    assert reception.sign_in("rosa", NEW)
    with pytest.raises(WrongPassphrase):
        reception.unlock("rosa")
    assert room.sign_in("rosa", PASSPHRASE), "until the records come, the old one opens the other desk"
    reception.sends_to(room)
    done = follow(room.sign_in("sunita"))
    assert done.adopted == (), "signing in has followed already"
    assert room.sign_in("rosa", NEW)
    with pytest.raises(WrongPassphrase):
        room.unlock("rosa")


def test_an_ended_lease_is_extended_by_a_manager_offline(reception: KeyDesk) -> None:
    reception.clock.pass_(days=34)
    sunita = reception.sign_in("sunita")
    staff.extend(sunita, reception.staff("sunita"))
    reception.clock.pass_(days=7)
    with pytest.raises(LeaseExpired):
        reception.unlock("rosa")
    sunita = reception.sign_in("sunita")
    assert {each.staff.value.name for each in staff.members(sunita) if each.lease_ended} >= {"Rosa Mensah"}
    until = staff.extend(sunita, reception.staff("rosa"))
    assert until == reception.clock() + STAFF_LEASE
    assert staff.extend(sunita, reception.staff("jo")) == reception.clock() + PARTNER_LEASE
    assert reception.sign_in("rosa")


def test_contact_with_the_server_renews_everybodys_lease(reception: KeyDesk) -> None:
    rosa = reception.sign_in("rosa")
    reception.clock.pass_(days=20)
    now = reception.clock()
    assert follow(rosa, now).renewed == 5
    assert reception.slots.read(str(ID["rosa"])).grant.lease_until == now + STAFF_LEASE
    assert reception.slots.read(str(ID["jo"])).grant.lease_until == now + PARTNER_LEASE
    assert follow(rosa, now).renewed == 0


def test_an_ended_lease_harms_no_unsent_work(reception: KeyDesk) -> None:
    rosa = reception.sign_in("rosa")
    reception.store.write([edit(rosa.staff, phone="020 7946 0123")], [], Author(rosa.staff.id, CENTRE, "test"))
    waiting = reception.store.waiting().count
    reception.clock.pass_(days=400)
    with pytest.raises(LeaseExpired):
        reception.unlock("rosa")
    assert reception.store.waiting().count == waiting
    assert reception.staff("rosa").value.phone == "020 7946 0123"


def test_a_clock_set_back_is_told_apart_from_an_ended_lease(reception: KeyDesk) -> None:
    staff.extend(reception.sign_in("sunita"), reception.staff("sunita"))
    reception.clock.pass_(days=30)
    staff.extend(reception.sign_in("sunita"), reception.staff("sunita"))
    reception.clock.pass_(days=20)
    sunita = reception.sign_in("sunita")
    reception.clock.pass_(days=-40)
    with pytest.raises(ClockSetBack):
        reception.unlock("rosa")
    staff.extend(sunita, reception.staff("rosa"))
    assert reception.sign_in("rosa")


def test_an_invited_colleague_chooses_a_passphrase_once(reception: KeyDesk, room: KeyDesk) -> None:
    callum = reception.sign_in("callum")
    with pytest.raises(Problem) as told:
        staff.invite(callum, Staff(given_name="Ada"))
    assert [each.field for each in told.value.fields] == ["organisation", "centre"]
    new = Staff(given_name="Ada", family_name="Obi", role=Role.KEY_WORKER, organisation=SLAM, centre=CENTRE)
    invitation = staff.invite(callum, new)
    ada, desk = str(invitation.staff), reception.sign_in_desk()
    assert is_invited(reception.slots.read(ada))
    assert invitation.code not in repr(reception.slots.read(ada))
    with pytest.raises(WrongCode):
        take_up(desk, ada, "0000-0000-0000-0000", NEW, None, reception.clock())
    with pytest.raises(Problem, match="stronger"):
        take_up(desk, ada, invitation.code, "12345", None, reception.clock())
    typed = invitation.code.lower().replace("-", " ")
    practice = reception.opened_by(take_up(desk, ada, typed, NEW, None, reception.clock()))
    assert practice.staff.value.name == "Ada Obi"
    assert not is_invited(reception.slots.read(ada))
    with pytest.raises(WrongCode):
        take_up(desk, ada, invitation.code, OTHER, None, reception.clock())
    # Keys that the administrator never saw, and the other desk takes them as well.
    assert statements(practice)[ada].number == 1
    reception.sends_to(room)
    sunita = room.sign_in("sunita")
    staff.admit(sunita, next(each.staff for each in staff.members(sunita) if str(each.staff.id) == ada))
    assert room.sign_in(ada, NEW).staff.value.name == "Ada Obi"


def test_a_power_cut_between_certificate_and_slot_leaves_the_invitation(reception: KeyDesk) -> None:
    new = Staff(given_name="Ada", family_name="Obi", role=Role.KEY_WORKER, organisation=SLAM, centre=CENTRE)
    invitation = staff.invite(reception.sign_in("callum"), new)
    member, desk = str(invitation.staff), reception.sign_in_desk()
    before = reception.slots.read(member)
    take_up(desk, member, invitation.code, NEW, None, reception.clock())
    reception.slots.write(before)  # what was on the disk when the power went
    practice = reception.opened_by(take_up(desk, member, invitation.code, OTHER, None, reception.clock()))
    assert practice.staff.value.name == "Ada Obi"
    assert reception.sign_in(member, OTHER)


def test_a_forgotten_passphrase_is_reset_by_two_administrators(reception: KeyDesk, room: KeyDesk) -> None:
    staff.admit(room.sign_in("sunita"), room.staff("rosa"))
    callum = reception.sign_in("callum")
    with pytest.raises(Problem, match="your own account"):
        staff.begin_reset(callum, reception.staff("callum"))
    with pytest.raises(Problem, match="no reset"):
        staff.confirm_reset(callum, reception.staff("rosa"))
    invitation = staff.begin_reset(callum, reception.staff("rosa"))
    with pytest.raises(Problem, match="Another administrator"):
        staff.confirm_reset(callum, reception.staff("rosa"))
    assert reception.sign_in("rosa"), "one administrator alone changes nothing"
    dana = reception.sign_in("dana")
    assert [each.reset_by for each in staff.members(dana) if each.staff.id == ID["rosa"]] == [ID["callum"]]
    staff.confirm_reset(dana, reception.staff("rosa"))
    with pytest.raises(WrongPassphrase):
        reception.unlock("rosa")
    rosa = str(ID["rosa"])
    taken = take_up(reception.sign_in_desk(), rosa, invitation.code, NEW, None, reception.clock())
    assert reception.opened_by(taken).staff.id == ID["rosa"]
    reception.sends_to(room)
    room.sign_in("sunita")
    assert room.sign_in("rosa", NEW)
    with pytest.raises(WrongPassphrase):
        room.unlock("rosa")


def made_code(callum: Practice) -> str:
    return recovery_codes.make_recovery_code(callum, ("Sunita Marsh", "Callum Adair")).code


def test_the_recovery_code_gives_a_new_passphrase_offline_and_is_renewed(reception: KeyDesk, room: KeyDesk) -> None:
    callum = reception.sign_in("callum")
    assert not recovery_codes.recovery_state(callum).made
    with pytest.raises(Problem, match="Two people"):
        recovery_codes.make_recovery_code(callum, ("Sunita Marsh", " sunita  marsh "))
    code = made_code(callum)
    assert len(code.replace("-", "")) == 26
    assert recovery_codes.recovery_state(callum).made
    # Everybody's lease has ended, nobody can be reached, and the manager has forgotten her passphrase.
    reception.clock.pass_(days=112)
    desk, sunita, now = reception.sign_in_desk(), str(ID["sunita"]), reception.clock()
    names = ("Sunita Marsh", "Rosa Mensah")
    with pytest.raises(WrongCode):
        recover(desk, OpenedEnvelope(RECOVERY, "0" * 26, sunita, NEW, None, names, now))
    with pytest.raises(Problem, match="Two people"):
        recover(desk, OpenedEnvelope(RECOVERY, code, sunita, NEW, None, ("Sunita Marsh", "sunita  marsh"), now))
    with pytest.raises(Problem, match="cannot do that"):
        recover(desk, OpenedEnvelope(RECOVERY, code, str(ID["dana"]), NEW, None, names, now))
    practice = reception.opened_by(recover(desk, OpenedEnvelope(RECOVERY, code, sunita, NEW, None, names, now)))
    assert practice.staff.id == ID["sunita"]
    (use,) = reception.store.find(RecoveryUse)
    assert (use.value.opened_by, use.value.staff, use.value.opened_at) == (names, ID["sunita"], now)
    assert recovery_codes.recovery_state(practice).used == use.value
    staff.extend(practice, reception.staff("callum"))
    # The other desk takes the new passphrase.
    reception.sends_to(room)
    room.clock.pass_(days=-112)
    room.sign_in("callum")
    room.clock.pass_(days=1)
    assert room.sign_in("sunita", NEW)
    # It is made anew: the envelope that was opened is worth nothing any more.
    reception.clock.pass_(days=112)
    newer = made_code(reception.sign_in("callum"))
    assert recovery_codes.recovery_state(reception.sign_in("sunita", NEW)).used is None
    with pytest.raises(WrongCode):
        recover(desk, OpenedEnvelope(RECOVERY, code, str(ID["rosa"]), OTHER, None, names, reception.clock()))
    rosa = reception.opened_by(
        recover(desk, OpenedEnvelope(RECOVERY, newer, str(ID["rosa"]), OTHER, None, names, reception.clock()))
    )
    assert rosa.staff.id == ID["rosa"]


def test_a_recovery_code_reaches_every_desk_of_its_centre(reception: KeyDesk, room: KeyDesk) -> None:
    code = made_code(reception.sign_in("callum"))
    reception.sends_to(room)
    room.sign_in("sunita")
    names = ("Sunita Marsh", "Rosa Mensah")
    taken = recover(
        room.sign_in_desk(), OpenedEnvelope(RECOVERY, code, str(ID["sunita"]), NEW, None, names, room.clock())
    )
    assert room.opened_by(taken).staff.id == ID["sunita"]


def test_a_wiped_or_changed_keyring_says_that_and_harms_nothing(reception: KeyDesk) -> None:
    secret, waiting = reception.secret, reception.store.waiting().count
    reception.secrets.delete()
    with pytest.raises(DeviceSecretMissing) as missing:
        reception.unlock("rosa")
    reception.secrets.save(create_device_secret())
    with pytest.raises(DeviceSecretChanged) as changed:
        reception.unlock("rosa")
    for told in (missing, changed):
        assert "Your passphrase is not the cause" in told.value.what_happened
    reception.secrets.save(secret)
    assert reception.sign_in("rosa")
    assert reception.store.waiting().count == waiting


def test_who_leaves_opens_nothing_here_or_at_the_next_desk(reception: KeyDesk, room: KeyDesk) -> None:
    staff.admit(room.sign_in("sunita"), room.staff("rosa"))
    kept = {desk.name: desk.slots.read(str(ID["rosa"])) for desk in (reception, room)}
    sunita = reception.sign_in("sunita")
    with pytest.raises(Problem, match="your own account"):
        staff.leaves(sunita, reception.staff("sunita"))
    staff.leaves(sunita, reception.staff("rosa"))
    gone = reception.staff("rosa").value
    assert (gone.active, gone.left_on) == (False, sunita.today())
    reception.sends_to(room)
    assert follow(room.sign_in("callum")).removed == ()
    for desk in (reception, room):
        with pytest.raises(NoSlot):
            desk.unlock("rosa")
        # Somebody who kept the slot, the device secret and the passphrase has the key before, which opens nothing.
        desk.slots.write(kept[desk.name])
        old = desk.unlock("rosa").database_key
        desk.slots.remove(str(ID["rosa"]))
        now = desk.sign_in("callum").vault
        assert now is not None
        assert now.database_key.key != old.key
        assert now.database_key.epoch == old.epoch + 1
        desk.store.close()
        with pytest.raises(Problem, match="cannot be opened"):
            desk._open(old.key)
        desk.store = desk._open(now.database_key.key)


def test_suspended_is_not_gone(reception: KeyDesk) -> None:
    sunita = reception.sign_in("sunita")
    staff.suspend(sunita, reception.staff("rosa"))
    with pytest.raises(NoSlot):
        reception.unlock("rosa")
    assert reception.staff("rosa").value.left_on is None
    staff.comes_back(sunita, reception.staff("rosa"))
    assert reception.sign_in("rosa")


def test_who_is_signed_in_while_shut_out_is_told_to_lock(reception: KeyDesk) -> None:
    rosa = reception.sign_in("rosa")
    reception.store.write([edit(rosa.staff, active=False)], [], ME)
    done = follow(rosa)
    assert done.shut_out
    assert done.removed == (str(ID["rosa"]),)


def test_who_has_another_role_or_organisation_now_signs_in_anew(reception: KeyDesk) -> None:
    rosa = reception.sign_in("rosa")
    assert not follow(rosa).shut_out
    reception.store.write([edit(rosa.staff, job_title="Front of house")], [], ME)
    assert not follow(rosa).shut_out
    reception.store.write([edit(reception.staff("rosa"), organisation=ID["rosa"])], [], ME)
    done = follow(rosa)
    assert done.shut_out
    assert not done.removed


def test_a_role_is_given_by_administrators_and_a_move_by_managers(reception: KeyDesk) -> None:
    sunita = reception.sign_in("sunita")
    staff.change_staff(sunita, reception.staff("rosa"), {"job_title": "Front of house"})
    with pytest.raises(Problem, match="cannot do this"):
        staff.change_staff(sunita, reception.staff("rosa"), {"role": Role.ADMINISTRATOR})
    callum = reception.sign_in("callum")
    assert reception.slots.read(str(ID["rosa"])).grant.role == "Front of house"
    with pytest.raises(Problem, match="your own account"):
        staff.change_staff(callum, reception.staff("callum"), {"role": Role.RECEPTION})
    staff.change_staff(callum, reception.staff("rosa"), {"role": Role.ADMINISTRATOR})
    assert statements(callum)[str(ID["rosa"])].standing == "administrator"


def test_edited_swapped_or_weak_slots_open_nothing_and_say_so(reception: KeyDesk) -> None:
    slots, folder = reception.slots, reception.folder / "slots"
    rosa, jo = (slots.read(str(ID[name])) for name in ("rosa", "jo"))
    slots.write(replace(rosa, standing="administrator"))
    with pytest.raises(SlotDamaged):
        reception.unlock("rosa")
    slots.write(replace(rosa, seal_box=jo.seal_box))
    with pytest.raises(SlotDamaged):
        reception.unlock("rosa")
    (folder / f"{ID['rosa']}.slot.json").write_bytes(jo.to_bytes())
    with pytest.raises(Problem, match="belongs to somebody else"):
        reception.unlock("rosa")
    slots.write(replace(rosa, parameters=replace(FLOOR, memory_kib=8)))
    with pytest.raises(Problem, match="not protected well enough"):
        reception.unlock("rosa")
    sunita = reception.sign_in("sunita")
    staff.admit(sunita, reception.staff("rosa"))
    assert reception.sign_in("rosa"), "the way out: admitted again by a manager"


def test_keys_under_too_little_protection_are_not_admitted(room: KeyDesk, alliance: Alliance) -> None:
    sunita = room.sign_in("sunita")
    assert sunita.vault is not None
    weak = replace(lock_keys(alliance.keys["rosa"], PASSPHRASE, FLOOR, 9), parameters=replace(FLOOR, iterations=1))
    with pytest.raises(Problem, match="not protected well enough"):
        sunita.vault.admit(weak, alliance.statement("rosa"), room.slots.read(str(ID["sunita"])).grant)


def test_taken_off_one_desk_only(reception: KeyDesk, room: KeyDesk) -> None:
    sunita = reception.sign_in("sunita")
    staff.take_off_desk(sunita, reception.staff("jo"))
    with pytest.raises(NoSlot):
        reception.unlock("jo")
    assert reception.staff("jo").value.active
    assert follow(sunita).removed == ()
    assert reception.sign_in("rosa")


def test_every_verb_of_the_staff_page_is_in_the_audit(reception: KeyDesk, alliance: Alliance) -> None:
    dana = reception.sign_in("dana")
    callum = replace(dana, staff=reception.staff("callum"), vault=reception.vault(alliance.keys["callum"]))

    def held(name: str) -> Held[Staff]:
        return reception.staff(name)

    new = Staff(given_name="Ada", family_name="Obi", organisation=SLAM, centre=CENTRE)
    eve = callum.new_id()
    reception.store.write([create(eve, Staff(given_name="Eve", organisation=SLAM, centre=CENTRE))], [], ME)
    stranger = reception.store.get(Staff, eve)
    assert stranger is not None
    did: dict[str, Callable[[], object]] = {
        "desks.desks": lambda: desks.desks(replace(dana, openings=Openings())),
        "desks.serves": lambda: desks.serves(replace(dana, openings=Openings())),
        "desks.serve_alone": lambda: desks.serve_alone(dana, SLAM),
        "server_way.way_here": lambda: server_way.way_here(replace(dana, openings=Openings())),
        "server_way.change_way": lambda: server_way.change_way(dana, "https://server.example", "", ""),
        "staff.members": lambda: staff.members(callum),
        "staff.invite": lambda: staff.invite(callum, new),
        "staff.invite_again": lambda: staff.invite_again(callum, stranger),
        "staff.begin_reset": lambda: staff.begin_reset(callum, held("rosa")),
        "staff.confirm_reset": lambda: staff.confirm_reset(dana, held("rosa")),
        "staff.take_off_desk": lambda: staff.take_off_desk(dana, held("jo")),
        "staff.admit": lambda: staff.admit(dana, held("jo")),
        "staff.extend": lambda: staff.extend(dana, held("jo")),
        "staff.change_staff": lambda: staff.change_staff(dana, held("jo"), {"job_title": "Peer worker"}),
        "staff.suspend": lambda: staff.suspend(dana, held("jo")),
        "staff.comes_back": lambda: staff.comes_back(dana, held("jo")),
        "staff.leaves": lambda: staff.leaves(dana, held("jo")),
        "staff.change_own_passphrase": lambda: staff.change_own_passphrase(dana, PASSPHRASE, NEW, None),
        "recovery_codes.make_recovery_code": lambda: made_code(dana),
        "recovery_codes.code_just_made": lambda: recovery_codes.code_just_made(dana),
        "recovery_codes.recovery_state": lambda: recovery_codes.recovery_state(dana),
    }
    # Looked for in tests/contracts/test_audit.py, and with a server in tests/journeys/test_desk_keeping.py.
    elsewhere = {"watching.check_audit", *(name for name in VERBS if name.startswith("desk_keeping."))}
    assert set(did) == {name for name in VERBS if name.startswith(KEEPING)} - elsewhere
    for name, verb in did.items():
        with reception.store._reading() as connection:
            before = connection.exec_driver_sql("SELECT count(*) FROM audit").scalar()
        verb()
        with reception.store._reading() as connection:
            after = connection.exec_driver_sql("SELECT count(*) FROM audit").scalar()
        assert after > before, f"{name} left no event"
