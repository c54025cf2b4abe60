"""The sign-in window for who has a code: an invitation, or the envelope with the centre's recovery code."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.security.slot_problems import WrongPassphrase
from livingwell_desktop.services import recovery_codes, staff
from livingwell_desktop.settings import DeskCard
from livingwell_desktop.ui.sign_in.window import SignInWindow
from livingwell_desktop.ui.tasks import Tasks
from tests.conftest import StillClock
from tests.services.key_desks import CARD, CENTRE, FLOOR, ID, PASSPHRASE, SLAM, Alliance, KeyDesk
from tests.window import Window, until

NEW = "velvet tractor hums quietly"


class AtDoor(Window):
    """The sign-in window of a desk."""

    def __init__(self, desk: KeyDesk, tasks: Tasks) -> None:
        card = DeskCard(str(desk.device), "Reception desk 1", "Centre A")
        window = SignInWindow(
            card, desk.slots, desk.tries, lambda: desk.secrets, desk.clock, tasks, lambda: CARD, FLOOR, desk.lost_desk
        )
        super().__init__(window)
        self.handed: list[Handover] = []
        window.signed_in.connect(self.handed.append)
        self.bring_to_front()

    def choose(self, name: str) -> "AtDoor":
        self.fill("your name", name)
        self.press("Enter")
        return self

    def new_passphrase(self, new: str, again: str = "") -> "AtDoor":
        self.fill("new passphrase", new)
        self.fill("again passphrase", again or new)
        self.press("Enter")
        return self

    def until_handed(self) -> Handover:
        until(lambda: self.handed, "the keys")
        return self.handed[-1]


@pytest.fixture(scope="module")
def alliance() -> Alliance:
    return Alliance()


@pytest.fixture
def reception(alliance: Alliance, tmp_path: Path, clock: StillClock) -> Iterator[KeyDesk]:
    desk = KeyDesk(alliance, tmp_path, clock, "reception", first=True).enrol("callum", "sunita", "rosa")
    yield desk
    desk.close()


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_an_invitation_asks_for_the_code_and_then_for_a_passphrase(reception: KeyDesk, tasks: Tasks) -> None:
    new = Staff(given_name="Ada", family_name="Obi", organisation=SLAM, centre=CENTRE)
    invitation = staff.invite(reception.sign_in("callum"), new)
    door = AtDoor(reception, tasks).choose("Ada")
    door.until_shown("Your invitation code")
    door.type("0000 0000 0000 0000").press("Enter").until_shown("Choose your passphrase")
    door.new_passphrase(NEW).until_shown("That code is not right")
    until(lambda: not door.window._busy, "another try")
    door.fill("passphrase", invitation.code.lower())
    door.press("Enter").until_shown("Choose your passphrase")
    door.new_passphrase(NEW, "something else").until_shown("The two are not the same")
    door.new_passphrase(NEW)
    assert door.until_handed().staff_id == str(invitation.staff)
    assert reception.unlock(str(invitation.staff), NEW)
    AtDoor(reception, tasks).choose("Ada").until_shown("Your passphrase")


def test_the_envelope_gives_a_manager_a_new_passphrase(reception: KeyDesk, tasks: Tasks) -> None:
    assert not AtDoor(reception, tasks).has_control("Use the recovery code")
    code = recovery_codes.make_recovery_code(reception.sign_in("callum"), ("Sunita Marsh", "Callum Adair")).code
    reception.clock.pass_(days=100)
    door = AtDoor(reception, tasks)
    assert not door.shows("Sealed envelope"), "the code is nobody who signs in"
    door.choose("Sunita").click("Use the recovery code").until_shown("A new passphrase for Sunita Marsh")
    door.fill("first person", "Sunita Marsh")
    door.new_passphrase(NEW).until_shown("Type the code.")
    door.fill("recovery code", code)
    door.press("Enter").until_shown("Two people open the envelope")
    until(lambda: not door.window._busy, "another try")
    door.click("Use the recovery code")
    door.fill("first person", "Sunita Marsh")
    door.fill("second person", "Rosa Mensah")
    door.fill("recovery code", code)
    door.new_passphrase(NEW)
    assert door.until_handed().staff_id == str(ID["sunita"])
    with pytest.raises(WrongPassphrase):
        reception.unlock("sunita")


def test_a_computer_that_lost_its_key_says_so_and_opens_with_the_envelope(reception: KeyDesk, tasks: Tasks) -> None:
    code = recovery_codes.make_recovery_code(reception.sign_in("callum"), ("Sunita Marsh", "Callum Adair")).code
    reception.secrets.delete()
    door = AtDoor(reception, tasks).choose("Sunita")
    door.fill("passphrase", PASSPHRASE)
    door.press("Enter").until_shown("This computer has lost its key")
    door.until_shown("two people open the sealed envelope")
    door.click("Use the recovery code")
    door.fill("first person", "Sunita Marsh")
    door.fill("second person", "Rosa Mensah")
    door.fill("recovery code", code)
    door.new_passphrase(NEW)
    assert reception.opened_by(door.until_handed().unlocked).staff.id == ID["sunita"]
