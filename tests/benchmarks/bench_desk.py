"""A desk as staff have it, on the bench store: folder, device key, key slots, records, window. No server answers it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from livingwell_desktop.domain.organisations import Centre, Device, Staff
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.security.device import save_device_keys
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.member_keys import create_member_keys
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Grant
from livingwell_desktop.security.slots import DatabaseKey, Unlocked, create_slot
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import DeskCard, DeskFolder, Settings, save_card, save_settings
from livingwell_desktop.storage import Store
from tests.benchmarks.big_records import NOW
from tests.benchmarks.big_store import KEY, BigStore, working_copy

if TYPE_CHECKING:
    from livingwell_desktop.app.desk import OpenDesk

NO_SERVER = "http://127.0.0.1:9"
"""The discard port, which nobody listens on: the desk is in an outage, as it may be for weeks."""

PASSPHRASE = "copper kettle violin pebble"
STAFF_WITH_SLOTS = 13


def make_desk(big: BigStore, folder: Path) -> DeskFolder:
    """Enrol a desk in `folder`, with a copy of the bench store as its records."""
    desk = DeskFolder(folder)
    desk.prepare()
    save_settings(desk.settings, Settings(server_url=NO_SERVER, key_file_allowed=True))
    secret = create_device_secret()
    KeyFileStore(desk.key_file).save(secret)
    keys = big.device_keys
    save_device_keys(desk.device_keys, keys, secret)
    save_card(desk.card, DeskCard(keys.device_id, "Reception desk 1", "Centre A"))
    with opened(big) as store:
        # Opening brings the indexes up to date, so that no measurement pays for it.
        names = [(held.id, held.value.name) for held in store.find(Staff)[:STAFF_WITH_SLOTS]]
    for staff, name in names:
        slot = create_slot(
            create_member_keys(str(staff)),
            PASSPHRASE,
            DatabaseKey(KEY, 1),
            device_id=keys.device_id,
            device_secret=secret,
            grant=Grant(
                name=name,
                role="Key worker",
                organisation="certitude|Ce|Certitude",
                scope=("desk", "clinical"),
                lease_until=NOW + timedelta(days=35),
            ),
            parameters=FLOOR,
            generated=PASSPHRASE,
        )
        SlotFolder(desk.slots).write(slot)
    working_copy(big, desk.records)
    return desk


@contextmanager
def opened(big: BigStore) -> Iterator[Store]:
    """The bench store, open."""
    store = big.open()
    try:
        yield store
    finally:
        store.close()


def practice_at(big: BigStore, store: Store, staff: UUID) -> Practice:
    """A member of staff at the bench desk, without a window."""
    held = store.get(Staff, staff)
    centre, device = store.get(Centre, big.alliance.centre), store.get(Device, big.alliance.device)
    if held is None or centre is None or device is None:
        raise LookupError("the bench store does not hold its own staff, centre or desk")
    return Practice(store, lambda: NOW, held, centre, device)


def handover(big: BigStore, staff: UUID) -> Handover:
    """What sign-in hands to the desk process."""
    return Handover(
        big.device_keys.device_id,
        Unlocked(database_key=DatabaseKey(KEY, 1), member_keys=create_member_keys(str(staff))),
    )


@contextmanager
def window_of(big: BigStore, folder: DeskFolder, staff: UUID) -> Iterator["OpenDesk"]:
    """The real window of a member of staff, signed in and drawn."""
    from livingwell_desktop.app.desk import open_desk
    from livingwell_desktop.ui.widgets import theme

    if QApplication.instance() is None:
        theme.prepare(QApplication(["bench"]))
    desk = open_desk(handover(big, staff), folder, lambda: NOW, lambda: None)
    try:
        desk.window.show()
        if not QTest.qWaitForWindowExposed(desk.window):
            raise RuntimeError("the window was never exposed, so nothing would be drawn")
        draw(desk.window)
        yield desk
    finally:
        desk.close()


def draw(window: QWidget) -> None:
    """Everything that is asked for is laid out and painted when this returns: what the event loop would do next.

    Raises RuntimeError when the window is not on the screen, for nothing would be painted then.
    """
    if not window.isVisible() or window.windowHandle() is None or not window.windowHandle().isExposed():
        raise RuntimeError("the window is not on the screen")
    # Layouts first, for they ask for the painting that comes with the next round.
    QApplication.sendPostedEvents()
    QApplication.sendPostedEvents()
