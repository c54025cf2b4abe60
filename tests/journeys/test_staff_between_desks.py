"""Staff and keys through the real server: a changed passphrase, somebody who left, a lost desk."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from installer.demo.accounts import demo_passphrase
from livingwell_desktop.app import following
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.keyrings import KeyFileStore
from livingwell_desktop.security.leases import STAFF_LEASE
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_problems import NoSlot
from livingwell_desktop.server.database import Database
from livingwell_desktop.services import staff
from livingwell_desktop.settings import DeskFolder
from tests.office import NAMES, Day
from tests.window import until

pytestmark = pytest.mark.slow

NEW = "velvet tractor hums quietly"


def folder(day: Day, desk: str) -> DeskFolder:
    return DeskFolder(day.folder / desk.lower().replace(" ", "-"))


def slots(day: Day, desk: str) -> SlotFolder:
    return SlotFolder(folder(day, desk).slots)


def test_contact_with_the_server_renews_the_leases(day: Day) -> None:
    maya = str(day.alliance.staff["Maya Lindqvist"])
    day.clock.at += timedelta(days=20)
    rosa = day.reception()
    now = day.clock()
    until(lambda: slots(day, NAMES[0]).read(maya).grant.lease_until == now + STAFF_LEASE, "a new lease")
    rosa.lock()


def test_a_passphrase_changed_at_one_desk_opens_the_other_after_contact(day: Day) -> None:
    rosa = day.reception()
    staff.change_own_passphrase(rosa.desk.practice, demo_passphrase(), NEW, None)
    rosa.until_sent()
    maya, member = day.room_2(), str(day.alliance.staff["Rosa Mensah"])
    until(lambda: slots(day, NAMES[1]).read(member).version == 2, "the new passphrase")
    maya.lock()
    again = day.desk(NAMES[1]).sign_in("Rosa Mensah", NEW)
    assert again.desk.practice.staff.value.name == "Rosa Mensah"


def test_who_left_is_shut_out_of_the_other_desk_and_its_key_is_changed(day: Day) -> None:
    maya = day.room_2()
    vault = maya.desk.practice.vault
    assert vault is not None
    old = vault.database_key
    sunita = day.desk(NAMES[0]).sign_in("Sunita Marsh", demo_passphrase())
    rosa = next(each for each in staff.members(sunita.desk.practice) if each.staff.value.name == "Rosa Mensah")
    staff.leaves(sunita.desk.practice, rosa.staff)
    sunita.until_sent()
    until(lambda: vault.database_key.epoch == old.epoch + 1, "the new key at the other desk")
    with pytest.raises(NoSlot):
        slots(day, NAMES[1]).read(str(rosa.staff.id))
    maya.check_in("oka")
    maya.lock()
    again = day.desk(NAMES[1]).sign_in("Maya Lindqvist", demo_passphrase())
    assert again.desk.practice.staff.value.name == "Maya Lindqvist"


def revoke(day: Day, device: UUID) -> None:
    database = Database(day.central.database_url)
    try:
        with database.transaction() as connection:
            connection.execute("UPDATE device SET revoked_at = %s WHERE id = %s", (day.clock(), device))
    finally:
        database.close()


@pytest.mark.parametrize("keyring", ["refuses", "hangs"])
def test_a_lost_desk_locks_whatever_its_keyring_does(day: Day, keyring: str, monkeypatch: pytest.MonkeyPatch) -> None:
    maya, over = day.room_2(), threading.Event()
    maya.until_sent()

    def delete() -> None:
        if keyring == "hangs":
            over.wait()
        raise Problem("The keyring is locked", "It answers nobody.", "Unlock it.")

    monkeypatch.setattr(following, "DELETING_SECONDS", 0.1)
    monkeypatch.setattr(maya.desk.following, "_delete_secret", delete)
    revoke(day, maya.desk.practice.device.id)
    maya.desk.engine.sync_now()
    until(lambda: maya.table.locked, "the lost desk locks")
    over.set()
    maya.table.close()


def test_a_lost_desk_deletes_its_secret_first_and_keeps_its_bytes(day: Day) -> None:
    maya = day.room_2()
    maya.until_sent()
    device, there = maya.desk.practice.device.id, folder(day, NAMES[1])
    with day.outage():
        maya.check_in("oka")
    assert maya.desk.store.waiting().count
    revoke(day, device)
    maya.desk.engine.sync_now()
    until(lambda: maya.table.locked, "the lost desk locks")
    maya.table.close()
    assert KeyFileStore(there.key_file).load() is None
    assert there.records.exists(), "what was not sent stays, encrypted"
    assert there.records.stat().st_size > 100_000
    page = day.desk(NAMES[1]).sign_in_page()
    page.fill("your name", "Maya")
    page.press("Enter").type(demo_passphrase()).press("Enter")
    page.until_shown("This computer was shut out")
    page.until_shown("it can be made a desk again")


def test_only_the_alliance_shuts_a_desk_out(day: Day) -> None:
    maya = day.room_2()
    maya.until_sent()
    state = maya.desk.engine.state()
    maya.desk.following._spoke(replace(state, shut_out=bytes(64)))
    maya.settle()
    assert KeyFileStore(folder(day, NAMES[1]).key_file).load() is not None
    assert not maya.table.locked
