"""A slot file from before a change is copied back into the desk's folder: nothing opens, and it is said why."""

import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.app.desk import open_desk
from livingwell_desktop.domain.organisations import Staff
from livingwell_desktop.security.slot_problems import SlotPutBack
from livingwell_desktop.services import staff
from livingwell_desktop.services.keys_travel import change_key
from tests.desk import DeskWindow
from tests.faults.test_real_processes import keys_of
from tests.office import NAMES, Day

pytestmark = pytest.mark.slow

NEW = "four other words entirely"


def slot_of(desk: DeskWindow) -> bytes:
    return (desk.table.folder.slots / f"{desk.desk.practice.staff.id}.slot.json").read_bytes()


def put_back(desk: DeskWindow, old: bytes) -> None:
    (desk.table.folder.slots / f"{desk.desk.practice.staff.id}.slot.json").write_bytes(old)


def test_the_old_passphrase_with_the_old_file_is_told_what_it_is(rosa: DeskWindow) -> None:
    old = slot_of(rosa)
    staff.change_own_passphrase(rosa.desk.practice, demo_passphrase(), NEW, None)
    table = rosa.lock()
    put_back(rosa, old)
    page = table.sign_in_page()
    page.fill("your name", "Rosa Mensah")
    page.press("Enter")
    page.type(demo_passphrase()).press("Enter")
    page.until_shown("This sign-in is an old one")
    page.until_shown("Ask a manager who can sign in here to admit you again")
    assert table.open is None
    table.close_sign_in()


def test_a_manager_admits_whoever_it_was_again_with_the_newest_keys(rosa: DeskWindow, day: Day) -> None:
    old = slot_of(rosa)
    staff.change_own_passphrase(rosa.desk.practice, demo_passphrase(), NEW, None)
    member = rosa.desk.practice.staff.id
    table = rosa.lock()
    put_back(rosa, old)
    manager = table.sign_in("Sunita Marsh", demo_passphrase())
    held = manager.desk.store.get(Staff, member)
    assert held is not None
    staff.admit(manager.desk.practice, held)
    manager.lock().sign_in("Rosa Mensah", NEW)


def test_after_a_changed_database_key_the_file_from_before_is_no_damaged_desk(rosa: DeskWindow, day: Day) -> None:
    old = slot_of(rosa)
    change_key(rosa.desk.practice)
    table = rosa.lock()
    put_back(rosa, old)
    handover = keys_of(day, day.desk(NAMES[0]).folder, "Rosa Mensah")
    with pytest.raises(SlotPutBack):
        open_desk(handover, table.folder, day.clock, lambda: None)
    # Everybody else still signs in, and the records are as they were.
    assert table.sign_in("Sunita Marsh", demo_passphrase()).desk.store.counts()
