"""A fresh PC with a code becomes a desk; the first administrator begins a centre from nothing but `init`'s code."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.app.enrolling import Enrolling, Joined, check_certificate
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.membership import FirstAdministrator
from livingwell_desktop.domain.organisations import Centre, Role
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.security.device import create_device_keys, new_device_id
from livingwell_desktop.security.slot_problems import WrongPassphrase
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.server.staff_keys import make_administrator_code
from livingwell_desktop.settings import DeskFolder, Settings, load_card, save_settings
from livingwell_desktop.storage import Author, Signer, Store, create
from livingwell_desktop.sync.codes import with_mark
from livingwell_desktop.sync.joining import Certificate, Enrolled
from livingwell_desktop.ui.sign_in.enrol_window import EnrolWindow
from livingwell_desktop.ui.tasks import Tasks
from tests.central import ALLIANCE, Databases
from tests.conftest import StillClock
from tests.desk import DeskOnTable
from tests.sync.conftest import databases
from tests.window import Window, until

pytestmark = pytest.mark.slow
__all__ = ["databases"]

PASSPHRASE = "copper lantern walks sideways"


class Central:
    """A server that was only initialised: no centre, no staff, no desk."""

    def __init__(self, url: str, clock: StillClock) -> None:
        self.database, self.clock = url, clock
        self.server = RunningServer(url, ALLIANCE, clock)
        self.server.start()

    def code(self, make: Callable[..., str] = make_administrator_code, **what: object) -> str:
        database = Database(self.database)
        try:
            with database.transaction() as connection:
                return make(connection, self.clock(), **what)
        finally:
            database.close()


@pytest.fixture
def central(databases: Databases, clock: StillClock) -> Iterator[Central]:
    made = Central(databases.fresh(), clock)
    yield made
    made.server.stop()


def fresh_pc(folder: Path) -> DeskFolder:
    """A PC whose policy allows a key file, for there is no keyring here."""
    made = DeskFolder(folder)
    made.prepare()
    save_settings(made.settings, Settings(key_file_allowed=True))
    return made


FIRST = FirstAdministrator("Dana", "Brook", "SLaM", "Centre A", PASSPHRASE, "")


def test_a_centre_begins_with_nothing_but_a_code(
    central: Central, tmp_path: Path, clock: StillClock, qapp: object
) -> None:
    folder, code = fresh_pc(tmp_path / "first"), central.code()
    enrolling = Enrolling(folder, clock, FLOOR)
    with pytest.raises(Problem, match="no server address"):
        enrolling.join("http://example.org", code, "Reception desk 1")
    with pytest.raises(Problem) as wrong:
        enrolling.join(central.server.url, "0000-0000-0000-0000", "Reception desk 1")
    assert "The code is not right" in wrong.value.what_happened
    joined = enrolling.join(central.server.url, code, "Reception desk 1")
    assert joined.staff == ()
    assert load_card(folder.card) is None, "nobody may sign in yet, so it is no desk"
    with pytest.raises(Problem) as missing:
        enrolling.begin_centre(joined, FirstAdministrator("", "", "", "", PASSPHRASE, ""))
    assert [each.field for each in missing.value.fields] == ["given_name", "family_name", "organisation", "centre"]
    enrolling.begin_centre(joined, FIRST)
    table = DeskOnTable(folder, clock)
    dana = table.sign_in("Dana Brook", PASSPHRASE)
    practice = dana.desk.practice
    assert practice.staff.value.role is Role.ADMINISTRATOR
    assert practice.centre.value.name == "Centre A"
    dana.until_shown("Staff and desks").until_shown("Dana Brook")
    dana.until_sent()
    table.close()
    # The code certified one administrator, from that desk. It makes no second one.
    again = Enrolling(fresh_pc(tmp_path / "thief"), clock, FLOOR)
    with pytest.raises(Problem, match="did not take this computer in"):
        again.join(central.server.url, code, "Somewhere else")


def test_a_code_says_whose_server_it_is_of(central: Central, tmp_path: Path, clock: StillClock) -> None:
    """The mark behind it is never sent: a server that catches the code cannot be taken for the right one."""
    folder = fresh_pc(tmp_path / "first")
    enrolling, code = Enrolling(folder, clock, FLOOR), central.code()
    of_another = with_mark(code, AllianceKey(bytes(range(1, 33))).public)
    for typed in (of_another, with_mark(code, ALLIANCE.public)[:-1]):
        with pytest.raises(Problem) as wrong:
            enrolling.join(central.server.url, typed, "Reception desk 1")
        assert "wrong server" in wrong.value.what_to_do
        assert not folder.device_keys.exists(), "nothing was set up"
    joined = enrolling.join(central.server.url, with_mark(code, ALLIANCE.public).lower().replace("-", " "), "Desk")
    assert joined.code == code, "the mark is needed no more"
    store = Store.open(folder.records, joined.database_key.key, Signer(joined.enrolled.device, bytes), clock)
    assert store.own.server_is_proven()
    store.close()


def test_a_second_pc_takes_over_the_centre_and_admits_who_has_a_passphrase(
    central: Central, tmp_path: Path, clock: StillClock, qapp: object
) -> None:
    first = Enrolling(fresh_pc(tmp_path / "first"), clock, FLOOR)
    joined = first.join(central.server.url, central.code(), "Reception desk 1")
    first.begin_centre(joined, FIRST)
    centre = joined.enrolled.certificate.centres[0]
    folder = fresh_pc(tmp_path / "second")
    second = Enrolling(folder, clock, FLOOR)
    here = second.join(central.server.url, central.code(make_code, centres=(centre,)), "Room 2 desk")
    (dana,) = here.staff
    assert dana[1] == "Dana Brook"
    with pytest.raises(WrongPassphrase):
        second.admit_colleague(here, dana[0], "wrong wrong wrong wrong")
    second.admit_colleague(here, dana[0], PASSPHRASE)
    table = DeskOnTable(folder, clock)
    practice = table.sign_in("Dana Brook", PASSPHRASE).desk.practice
    assert practice.device.value.name == "Room 2 desk"
    table.close()


class HeldUp(Enrolling):
    """Joins as ever, and waits in the middle of a download until it is let go on."""

    def __init__(self, folder: DeskFolder, clock: StillClock) -> None:
        super().__init__(folder, clock, FLOOR)
        self.go_on = threading.Event()
        self.heard: list[str] = []

    def join(self, url: str, code: str, name: str, said: Callable[[str], None] = lambda _words: None) -> Joined:
        def told(words: str) -> None:
            said(words)
            self.heard.append(words)
            here, _, there = words.removesuffix(" records").partition(" of ")
            if here != there:
                assert self.go_on.wait(20)

        return super().join(url, code, name, told)


def test_joining_says_how_far_it_is_can_be_cancelled_and_goes_on_where_it_was(
    central: Central, tmp_path: Path, clock: StillClock, qapp: object
) -> None:
    folder = fresh_pc(tmp_path / "first")
    first = Enrolling(folder, clock, FLOOR)
    joined = first.join(central.server.url, central.code(), "Reception desk 1")
    first.begin_centre(joined, FIRST)
    centre = joined.enrolled.certificate.centres[0]
    table = DeskOnTable(folder, clock)
    practice = table.sign_in("Dana Brook", PASSPHRASE).desk.practice
    for _ in range(10):
        more = [create(practice.new_id(), Centre(name=f"Centre {number}")) for number in range(120)]
        practice.whole.write(more, [], Author(practice.staff.id, centre, "keep the alliance"))
    assert table.open is not None
    until(lambda: practice.whole.waiting().count == 0, "everything is at the server")
    assert practice.whole.waiting().refused == 0
    table.close()

    steps, tasks = HeldUp(fresh_pc(tmp_path / "second"), clock), Tasks()
    window = EnrolWindow(steps, tasks)
    page = Window(window)
    page.bring_to_front()
    page.fill("server", central.server.url)
    page.fill("one-time code", central.code(make_code, centres=(centre,)))
    page.fill("name of this computer", "Room 2 desk")
    assert not page.has_control("cancel")
    page.press("Ctrl+Enter").until_shown("200 of 1,")
    assert re.fullmatch(r"200 of 1,\d+ records", steps.heard[-1])
    page.click("cancel")
    steps.go_on.set()
    page.until_shown("You stopped it")
    stopped = len(steps.heard)
    assert not page.has_control("cancel")
    page.press("Ctrl+Enter").until_shown("Who signs in here first?")
    assert steps.heard[stopped - 1] not in steps.heard[stopped:], "what had come did not come again"
    steps.admit_colleague(window._joined, window._joined.staff[0][0], PASSPHRASE)
    tasks.close()
    window.close()
    here = DeskOnTable(DeskFolder(tmp_path / "second"), clock)
    assert here.sign_in("Dana Brook", PASSPHRASE).desk.store.count(Centre) == 1201
    here.close()


def test_a_certificate_of_another_alliance_or_computer_is_refused() -> None:
    key, other = create_device_keys(new_device_id()).public, AllianceKey(bytes(range(1, 33)))
    scope = Certificate(UUID(int=1), key, "A", (UUID(int=2),), 1)
    check_certificate(Enrolled(ALLIANCE.certify(scope), ALLIANCE.public), key)
    for enrolled, public in (
        (Enrolled(other.certify(scope), ALLIANCE.public), key),
        (Enrolled(ALLIANCE.certify(scope), other.public), key),
        (Enrolled(ALLIANCE.certify(scope), ALLIANCE.public), bytes(32)),
    ):
        with pytest.raises(Problem, match="not this computer"):
            check_certificate(enrolled, public)


def test_an_ordinary_code_makes_no_administrator(central: Central, tmp_path: Path, clock: StillClock) -> None:
    enrolling = Enrolling(fresh_pc(tmp_path / "pc"), clock, FLOOR)
    joined = enrolling.join(central.server.url, central.code(make_code), "Reception desk 1")
    with pytest.raises(Problem, match="did not take this computer in"):
        enrolling.begin_centre(joined, FIRST)
    assert load_card(fresh_pc(tmp_path / "pc").card) is None


def test_the_window_of_a_fresh_pc_goes_through_it_by_keyboard(
    central: Central, tmp_path: Path, clock: StillClock, qapp: object
) -> None:
    folder, tasks = fresh_pc(tmp_path / "pc"), Tasks()
    window = EnrolWindow(Enrolling(folder, clock, FLOOR), tasks)
    page, done = Window(window), list[bool]()
    window.enrolled.connect(lambda: done.append(True))
    page.bring_to_front()
    page.fill("server", central.server.url)
    page.fill("one-time code", "wrong")
    page.fill("name of this computer", "Reception desk 1")
    page.press("Ctrl+Enter").until_shown("The code is not right")
    page.fill("one-time code", central.code().lower())
    page.press("Ctrl+Enter").until_shown("You are the first administrator here")
    words = str(page.control("offered words").text())  # type: ignore[attr-defined]  # a label
    page.press("Ctrl+Enter").until_shown("Enter the name of the centre.")
    for label, typed in (
        ("name of the centre", "Centre A"), ("your organisation", "SLaM"), ("first name", "Dana"),
        ("last name", "Brook"), ("new passphrase", words), ("the new one again", words),
    ):  # fmt: skip
        page.fill(label, typed)
    page.press("Ctrl+Enter")
    until(lambda: done, "the centre begins")
    tasks.close()
    window.close()
    table = DeskOnTable(folder, clock)
    assert table.sign_in("Dana Brook", words).desk.practice.staff.value.name == "Dana Brook"
    table.close()
