"""A desk whose device secret is lost opens again with the envelope's code, with everything that was not sent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.membership import RecoveryUse, recovery_member
from livingwell_desktop.domain.people import Person
from livingwell_desktop.security.alliance_card import load_alliance_card
from livingwell_desktop.security.device import load_device_keys
from livingwell_desktop.security.envelope import EnvelopeFile, NoEnvelope
from livingwell_desktop.security.first_sign_in import OpenedEnvelope, WrongCode
from livingwell_desktop.security.keyrings import create_device_secret
from livingwell_desktop.security.leases import PARTNER_LEASE, LeaseExpired
from livingwell_desktop.security.lost_secret import reopen, secret_is_lost
from livingwell_desktop.security.slot_problems import DeviceSecretChanged, DeviceSecretMissing
from livingwell_desktop.security.slots import Unlocked
from livingwell_desktop.security.tries import MustWait
from livingwell_desktop.services import recovery_codes, staff
from livingwell_desktop.storage import create
from tests.conftest import StillClock
from tests.services.key_desks import CARD, CENTRE, ID, ME, Alliance, KeyDesk

RECOVERY = str(recovery_member(CENTRE))
NEW, NAMES = "amber kettle under the moon", ("Sunita Marsh", "Rosa Mensah")


@pytest.fixture
def desk(tmp_path: Path, clock: StillClock) -> Iterator[KeyDesk]:
    """A desk with a recovery code and work that was not sent."""
    made = KeyDesk(Alliance(), tmp_path, clock, "reception", first=True)
    made.enrol("callum", "sunita", "rosa")
    yield made
    made.close()


def code_of(desk: KeyDesk) -> str:
    callum = desk.sign_in("callum")
    code = recovery_codes.make_recovery_code(callum, ("Sunita Marsh", "Callum Adair")).code
    desk.store.write([create(callum.new_id(), Person(given_name="Not sent"))], [], ME)
    return code


def opened(desk: KeyDesk, code: str, member: str = "sunita") -> Unlocked:
    return reopen(desk.lost_desk(), OpenedEnvelope(RECOVERY, code, str(ID[member]), NEW, None, NAMES, desk.clock()))


def lose(desk: KeyDesk) -> None:
    desk.secrets.delete()


def change(desk: KeyDesk) -> None:
    desk.secrets.save(create_device_secret())


@pytest.mark.parametrize("happened", [lose, change])
def test_the_code_opens_the_desk_again_and_a_manager_admits_the_others(
    desk: KeyDesk, happened: Callable[[KeyDesk], None]
) -> None:
    code, waiting = code_of(desk), desk.store.waiting().count
    assert not secret_is_lost(desk.slots.read(str(ID["sunita"])), desk.secrets)
    happened(desk)
    assert secret_is_lost(desk.slots.read(str(ID["sunita"])), desk.secrets)
    with pytest.raises((DeviceSecretMissing, DeviceSecretChanged), match="key") as told:
        desk.unlock("sunita")
    assert "not the cause" in told.value.what_happened
    assert "recovery code" in told.value.what_to_do
    with pytest.raises(WrongCode):
        opened(desk, "0" * 26)
    sunita = desk.opened_by(opened(desk, code))
    assert sunita.staff.id == ID["sunita"]
    assert [held.value.name for held in desk.store.find(Person)] == ["Not sent"]
    assert desk.store.waiting().count > waiting, "and the use of the code, which is written down"
    (use,) = desk.store.find(RecoveryUse)
    assert use.value.opened_by == NAMES
    assert load_device_keys(desk.lost_desk().device_keys, desk.secret) == desk.device_keys
    assert load_alliance_card(desk.lost_desk().alliance, str(desk.device), desk.secret) == CARD
    assert desk.slots.read(str(ID["sunita"])).grant.lease_until == desk.clock() + PARTNER_LEASE
    # The others keep their passphrases; a manager lets them in again.
    with pytest.raises(DeviceSecretChanged):
        desk.unlock("rosa")
    staff.admit(sunita, desk.staff("rosa"))
    assert desk.sign_in("rosa").staff.id == ID["rosa"]
    # The envelope is good for the next time as well, until a new code is made.
    lose(desk)
    assert desk.opened_by(opened(desk, code)).staff.id == ID["sunita"]


def test_the_folder_and_every_passphrase_open_nothing_without_the_code(desk: KeyDesk, tmp_path: Path) -> None:
    code = code_of(desk)
    lose(desk)
    for path in (tmp_path / "reception" / "slots").iterdir():
        assert desk.store.path.exists()
        assert desk._key.key not in path.read_bytes()
        assert desk.device_keys.private not in path.read_bytes()
    for _ in range(5):
        with pytest.raises(WrongCode):
            opened(desk, "7" * 26)
    with pytest.raises(MustWait):
        opened(desk, code)


def test_nothing_changes_for_one_name_an_administrator_a_weak_passphrase_or_an_edited_envelope(desk: KeyDesk) -> None:
    code = code_of(desk)
    envelope = desk.slots.folder / "envelope.json"
    whole = envelope.read_bytes()
    lose(desk)
    lost, sunita = desk.lost_desk(), str(ID["sunita"])
    with pytest.raises(Problem, match="Two people"):
        reopen(lost, OpenedEnvelope(RECOVERY, code, sunita, NEW, None, ("Rosa", "rosa"), desk.clock()))
    with pytest.raises(Problem, match="cannot do that"):
        opened(desk, code, "callum")
    with pytest.raises(NoEnvelope):
        reopen(
            replace(lost, device_id="another"), OpenedEnvelope(RECOVERY, code, sunita, NEW, None, NAMES, desk.clock())
        )
    for spoilt in (b"", whole[:-9], whole.replace(b'"format":1', b'"format":2')):
        envelope.write_bytes(spoilt)
        with pytest.raises(NoEnvelope):
            opened(desk, code)
    envelope.write_bytes(whole)
    assert desk.secrets.load() is None
    with pytest.raises(Problem, match="stronger"):
        reopen(lost, OpenedEnvelope(RECOVERY, code, sunita, "sunita marsh", None, NAMES, desk.clock()))
    assert desk.secrets.load() is None
    assert desk.opened_by(opened(desk, code))


def test_it_follows_the_database_key_also_when_the_power_goes_in_the_middle_of_a_change(desk: KeyDesk) -> None:
    code = code_of(desk)
    staff.leaves(desk.sign_in("callum"), desk.staff("rosa"))
    lose(desk)
    sunita = desk.opened_by(opened(desk, code))
    assert sunita.vault is not None

    def power_cut(_old: bytes, _new: bytes) -> None:
        raise KeyboardInterrupt

    sunita.vault.encrypt_records = power_cut
    with pytest.raises(KeyboardInterrupt):
        sunita.vault.change_database_key(lambda _member: True)
    lose(desk)
    assert desk.opened_by(opened(desk, code)).staff.id == ID["sunita"]
    assert desk.store.soundness.damage() == ()
    lose(desk)
    assert desk.opened_by(opened(desk, code)).staff.id == ID["sunita"]


def test_a_code_that_was_made_anew_opens_and_the_one_before_does_not(desk: KeyDesk) -> None:
    before, code = code_of(desk), code_of(desk)
    lose(desk)
    with pytest.raises(WrongCode):
        opened(desk, before)
    taken = opened(desk, code)
    desk.opened_by(taken)
    desk.clock.pass_(days=8)
    with pytest.raises(LeaseExpired):
        desk.unlock("sunita", NEW)


def test_without_a_code_the_computer_says_so(desk: KeyDesk) -> None:
    lose(desk)
    with pytest.raises(NoEnvelope) as told:
        opened(desk, "0" * 26)
    assert "nothing was deleted" in told.value.what_happened
    EnvelopeFile(desk.slots.folder).remove()
