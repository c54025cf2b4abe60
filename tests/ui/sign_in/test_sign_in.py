"""The sign-in window, over a desk that the demo made."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.member_keys import create_member_keys
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Grant
from livingwell_desktop.security.slots import create_database_key, create_slot
from livingwell_desktop.security.tries import Tries
from livingwell_desktop.settings import DeskCard, DeskFolder, WaitingNote
from livingwell_desktop.ui.sign_in.window import SignInWindow
from livingwell_desktop.ui.tasks import Tasks
from tests.conftest import StillClock
from tests.window import Window, until

DEVICE = "8a7be3a4-0000-4000-8000-000000000001"
STAFF = ("Rosa Mensah", "Maya Lindqvist", "Tunde Bakare")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DeskFolder:
    made = DeskFolder(tmp_path_factory.mktemp("desk"))
    made.prepare()
    secret, key = create_device_secret(), create_database_key()
    KeyFileStore(made.key_file).save(secret)
    clock = StillClock()
    for number, name in enumerate(STAFF, 1):
        slot = create_slot(
            create_member_keys(f"0195c000-0000-7000-8000-00000000000{number}"),
            demo_passphrase(),
            key,
            device_id=DEVICE,
            device_secret=secret,
            grant=Grant(name, "Reception", "certitude|Ce|Certitude", ("desk",), clock().replace(year=2027)),
            parameters=FLOOR,
            generated=demo_passphrase(),
        )
        SlotFolder(made.slots).write(slot)
    return made


@pytest.fixture
def page(folder: DeskFolder, tmp_path: Path, qtbot: QtBot, clock: StillClock):  # noqa: ANN201 - page and window
    tasks = Tasks()
    window = SignInWindow(
        DeskCard(DEVICE, "Reception desk 1", "Centre A"),
        SlotFolder(folder.slots),
        Tries(tmp_path, clock),
        lambda: KeyFileStore(folder.key_file),
        clock,
        tasks,
    )
    qtbot.addWidget(window)
    window.show()
    yield Window(window)
    tasks.close()


def handed(page: Window) -> list[Handover]:
    got: list[Handover] = []
    window = page.window
    assert isinstance(window, SignInWindow)
    window.signed_in.connect(got.append)
    return got


def test_signing_in_by_keyboard(page: Window) -> None:
    got = handed(page)
    page.fill("your name", "maya")
    page.press("Enter").type(demo_passphrase()).press("Enter")
    until(lambda: got, "the keys")
    assert got[0].staff_id.endswith("2")


def test_a_wrong_passphrase_is_said_and_what_was_typed_can_be_mended(page: Window) -> None:
    got = handed(page)
    page.fill("your name", "rosa")
    page.press("Enter").type("wrong wrong wrong wrong").press("Enter")
    page.until_shown("passphrase")
    until(lambda: page.control("sign in").isEnabled(), "another try")
    page.type(demo_passphrase()).press("Enter")
    until(lambda: got, "the keys")


def test_after_five_wrong_tries_one_waits_and_nothing_is_wiped(page: Window, folder: DeskFolder) -> None:
    before = sorted(path.name for path in folder.slots.iterdir())
    page.fill("your name", "tunde")
    page.press("Enter")
    for number in range(6):
        page.fill("passphrase", f"wrong {number}").press("Enter")
        until(lambda: page.window._busy is False, "the answer")
    page.until_shown("Too many wrong tries")
    assert not page.control("sign in").isEnabled()
    assert sorted(path.name for path in folder.slots.iterdir()) == before


def test_no_passphrase_is_asked_for(page: Window) -> None:
    page.fill("your name", "rosa")
    page.press("Enter").press("Enter")
    page.until_shown("Enter your passphrase.")


def test_a_passphrase_is_not_shown_unless_asked(page: Window) -> None:
    page.fill("your name", "rosa")
    page.press("Enter").type("copper kettle")
    assert not page.shows("copper kettle")
    page.click("Show the passphrase")
    assert page.shows("copper kettle")


def test_a_lease_that_ran_out_is_said_in_words_with_its_way_out(page: Window, clock: StillClock) -> None:
    got = handed(page)
    clock.pass_(days=400)
    page.fill("your name", "maya")
    page.press("Enter").type(demo_passphrase()).press("Enter")
    page.until_shown("Your sign-in on this computer has run out")
    assert page.shows("Nothing was deleted")
    assert page.shows("Ask a manager who can sign in here to give you more days")
    assert not got


def test_what_waits_on_this_desk_is_said_before_anybody_signs_in(page: Window, clock: StillClock) -> None:
    window = page.window
    assert isinstance(window, SignInWindow)
    saved = int(clock().timestamp() * 1000)
    clock.pass_(minutes=52)
    window.show_waiting(WaitingNote(14, saved))
    said = window.status.accessibleName()
    assert said == "14 changes wait on this desk to be sent. Nothing is lost. The oldest was saved 52 minutes ago."
    window.show_waiting(WaitingNote())
    assert "wait" not in window.status.accessibleName()
