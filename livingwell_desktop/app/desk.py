"""The desk process: the store, the engine and the window, and the order in which they end."""

import contextlib
import select
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QApplication

from livingwell_desktop.app.anchoring import stands_to_anchor
from livingwell_desktop.app.asked_to_end import AskedToEnd
from livingwell_desktop.app.clipboard import CopiedWords
from livingwell_desktop.app.exporting import Unsent, take_in_exports
from livingwell_desktop.app.following import Following
from livingwell_desktop.app.leaving import leave
from livingwell_desktop.app.network import JudgedWay, judged_way, keep_others, way_file
from livingwell_desktop.app.opening import NothingSent, offer_unsent, open_store, saving_unsent
from livingwell_desktop.app.process import (
    application,
    end_with_keeper,
    not_enrolled,
    secrets_of,
    settle,
    show_problem,
    system_clock,
)
from livingwell_desktop.app.rescuing import DamagedDesk, offer_rescue
from livingwell_desktop.app.session_watch import SessionWatch
from livingwell_desktop.app.showing_tickets import ShowingTickets
from livingwell_desktop.app.vouching import DeskVouching, Vouching
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Centre, Device, Staff
from livingwell_desktop.security.alliance_card import load_alliance_card
from livingwell_desktop.security.anchors import Anchors
from livingwell_desktop.security.device import DeviceKeys, load_device_keys
from livingwell_desktop.security.envelope import EnvelopeFile
from livingwell_desktop.security.handover import Handover, NobodySignedIn, receive, standard_input, standard_output
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.newest_slots import NewestSlots
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_format import Slot
from livingwell_desktop.security.slot_problems import SlotPutBack
from livingwell_desktop.security.slots import is_whole
from livingwell_desktop.security.tries import Tries
from livingwell_desktop.security.vault import Vault
from livingwell_desktop.services.keys_travel import resume_change
from livingwell_desktop.services.outages import note as note_outage
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import DeskFolder, load_settings
from livingwell_desktop.storage import Event, Signer, Store
from livingwell_desktop.storage.database import DamagedStore, disk_problem, told_apart
from livingwell_desktop.storage.migrate import NewerRecords
from livingwell_desktop.storage.reading_only import ReadOnlyStore
from livingwell_desktop.storage.rekeying import key_that_opens
from livingwell_desktop.storage.rescue import finish
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.entering import SignedIn
from livingwell_desktop.ui.pages import Place
from livingwell_desktop.ui.shell.given import WindowParts
from livingwell_desktop.ui.shell.opening_words import Strip, read_only_strip, strips_for, way_strips
from livingwell_desktop.ui.shell.places import PAGES, first_place, page_class
from livingwell_desktop.ui.shell.remembered import remember, remembered
from livingwell_desktop.ui.shell.window import MainWindow
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme

CLOSED = 0
LOCKED = 20


@dataclass
class OpenDesk:
    """A desk with somebody signed in. `close` ends its parts in the only safe order."""

    practice: Practice
    store: Store
    engine: SyncEngine
    tasks: Tasks
    window: MainWindow
    following: Following
    vouching: Vouching

    def close(self) -> None:
        """Stop the worker, join it, close tasks, close the window, let go of the file."""
        self.following.end()
        self.engine.stop()
        self.tasks.close()
        self.window.end()
        self.window.close()
        self.window.deleteLater()
        self.vouching.close()
        self.store.close()


def open_desk(
    handover: Handover,
    folder: DeskFolder,
    clock: Clock,
    locked: Callable[[], None],
) -> OpenDesk:
    """Open the records with the keys that sign-in handed over and show the window.

    Raises Problem for everything a person can act on: a gate that fails, a damaged file, a missing device key.
    """
    settings = load_settings(folder.settings)
    keyring = partial(secrets_of, folder, settings, handover.device_id)
    secrets = keyring()
    secret = secrets.load()
    keys = load_device_keys(folder.device_keys, secret)
    if keys is None:
        raise not_enrolled()
    signer = Signer(UUID(keys.device_id), keys.signer())
    sealed = way_file(folder, handover.device_id, secret or b"", keyring)
    way = judged_way(sealed, settings)
    finish_rescue(folder, clock)
    anchors = Anchors(keyring)
    key = records_key(folder, handover, secret, anchors)
    other_disk = Path(settings.other_disk) if settings.other_disk else None
    store, tasks = open_store(folder.records, key, signer, clock, other_disk), Tasks()
    try:
        practice = practice_of(store, clock, UUID(handover.staff_id), store.signer.device)
        if isinstance(store, ReadOnlyStore):
            saving = saving_unsent(Unsent(folder, handover, clock), tasks)
            only_read = (read_only_strip(store.reason, saving),)
            return _put_together(practice, folder, way, locked, secrets, tasks, only_read, None)
        taken_in = take_in_exports(store, folder, handover)
        store.soundness.opening = replace(store.soundness.opening, taken_in=taken_in)
        vault = vault_at(folder, handover, secret, store, clock, keys)
        if vault is not None:
            vault.newest, vault.way = NewestSlots(keyring), sealed
        practice = replace(practice, vault=vault)
        if practice.vault is not None:
            resume_change(practice, key)
        epoch = handover.unlocked.database_key.epoch
        strips = strips_for(store.soundness.opening, stands_to_anchor(store, anchors, epoch))
        strips += note_way(store, way, UUID(handover.staff_id))
        watch = DeskVouching(store, anchors, epoch, practice.centre.id, clock)
        return _put_together(practice, folder, way, locked, secrets, tasks, strips, watch)
    except BaseException:
        # Nothing may hold the file once the person reads why it could not be opened.
        tasks.close()
        store.close()
        raise


def records_key(folder: DeskFolder, handover: Handover, secret: bytes | None, anchors: Anchors) -> bytes:
    """The key that the records have: the slot's, or while a change of keys is not complete the one before.

    Raises SlotPutBack when neither opens them and this desk has had a newer key: the slot is from before.
    """
    given = handover.unlocked.database_key
    with told_apart():
        found = key_that_opens(folder.records, [given.key, *([given.before] if given.before else [])])
    if found is None and given.epoch < newest_epoch(SlotFolder(folder.slots), secret, anchors):
        raise SlotPutBack
    return found or given.key


def newest_epoch(slots: SlotFolder, secret: bytes | None, anchors: Anchors) -> int:
    """Of all database keys that this desk is known to have had, the number of the newest."""
    whole = (each for each in slots.entries() if isinstance(each, Slot) and secret and is_whole(each, secret))
    anchor = anchors.load()
    return max([anchor.epoch if anchor else 0, *(each.epoch for each in whole)])


def note_way(store: Store, way: JudgedWay, staff: UUID) -> tuple[Strip, ...]:
    """Write down what was noticed about the settings that say where records go; what is shown of it."""
    noticed = {
        "connection settings taken over": way.taken_over,
        "connection settings found changed": way.changed is not None,
        "connection settings not followed": way.plain_differs,
    }
    store.record_events([Event(what) for what, is_so in noticed.items() if is_so], staff)
    if way.proven and not store.own.server_is_proven():
        store.own.server_has_proved_itself()
    return way_strips(way.changed, plain_differs=way.plain_differs)


def vault_at(
    folder: DeskFolder, handover: Handover, secret: bytes | None, store: Store, clock: Clock, keys: DeviceKeys
) -> Vault | None:
    """The desk's slots and keys; None on a desk that does not know its alliance: it works, but can admit nobody."""
    try:
        card = load_alliance_card(folder.alliance, handover.device_id, secret)
    except Problem:
        return None
    # A desk that was enrolled before its records kept it asks its server for a proof, too.
    if not store.audit.alliance_key():
        store.audit.trust_alliance(card.alliance_key)
    return Vault(
        SlotFolder(folder.slots),
        Tries(folder.slots, clock),
        handover.device_id,
        secret or b"",
        card,
        handover.unlocked.database_key,
        handover.unlocked.member_keys,
        store.change_key,
        device_keys=keys,
    )


def _put_together(
    practice: Practice,
    folder: DeskFolder,
    way: JudgedWay,
    locked: Callable[[], None],
    secrets: DeviceSecretStore,
    tasks: Tasks,
    strips: tuple[Strip, ...],
    watch: DeskVouching | None,
) -> OpenDesk:
    """The window with everything that works for it. Without `watch` the desk is only read, and nothing does."""
    store, settings = practice.whole, way.settings
    client = ServerClient(settings.server_url, store.signer.device, store.signer.sign, way.network)
    engine = SyncEngine(store, client, practice.clock)
    if watch is not None:
        practice = replace(practice, server=client)
    if practice.vault is not None:
        me = practice.vault.me
        client.entrance.signed_in = SignedIn(UUID(me.member_id), me.sign)

    def lock(place: Place) -> None:
        # On a full disk the desk locks all the same, and opens at its first place the next time.
        with contextlib.suppress(Problem):
            remember(practice, place)
        locked()

    theme.set_dark(settings.dark)
    theme.set_scale(settings.text_size)
    window = MainWindow(
        WindowParts(
            practice=practice,
            settings=settings,
            link=engine if watch is not None else NothingSent(store),
            tasks=tasks,
            lock=lock,
            keep_settings=partial(keep_others, folder),
            degraded=secrets.degraded,
            strips=strips,
        )
    )
    engine.listen_to_returns(lambda over: note_outage(practice, over.began, over.ended, over.link, over.held))
    window.go(remembered(practice) or first_place(practice))
    following = Following(practice, engine, tasks, partial(_shut_out, folder, secrets))
    following.shut_out.connect(window.lock)
    if watch is None:
        return OpenDesk(practice, store, engine, tasks, window, following, Vouching(lambda: None, lambda: None))
    engine.start()
    vouching = Vouching(lambda: _look_after(practice, watch.each_time), lambda: _look_after(practice, watch.anchor))
    vouching.start()
    return OpenDesk(practice, store, engine, tasks, window, following, vouching)


def _look_after(practice: Practice, audit: Callable[[], object]) -> None:
    """What is kept outside the records while somebody is signed in: the audit's anchor, which slots are the newest, and
    that the server has proved itself.
    """
    audit()
    if practice.vault is not None:
        practice.vault.keep_newest()
        with contextlib.suppress(OSError):
            practice.vault.keep_proof(server_is_proven=practice.whole.own.server_is_proven())


def _shut_out(folder: DeskFolder, secrets: DeviceSecretStore) -> None:
    """The alliance shuts this desk out: what opens it goes, the device secret first. The encrypted bytes stay."""
    try:
        secrets.delete()
    finally:
        with contextlib.suppress(OSError):
            EnvelopeFile(folder.slots).remove()
            SlotFolder(folder.slots).shut_out()


def _import_rooms(given: int) -> None:
    """Import every page's room while nobody has signed in yet; stop as soon as the keys are there."""
    for place in PAGES:
        if _is_ready(given):
            return
        page_class(place)


def _is_ready(descriptor: int) -> bool:
    if sys.platform == "win32":
        # Pipes cannot be asked there. The rooms are imported in half the time that a passphrase takes to hash.
        return False
    return bool(select.select([descriptor], [], [], 0)[0])


def practice_of(store: Store, clock: Clock, staff: UUID, device: UUID) -> Practice:
    """Who is at which desk of which centre. Raises Problem when the store does not know them."""
    held_device = store.get(Device, device)
    held_staff = store.get(Staff, staff)
    centre = store.get(Centre, held_device.value.centre) if held_device else None
    if held_device is None or held_staff is None or centre is None:
        raise not_enrolled()
    return Practice(store, clock, held_staff, centre, held_device)


def finish_rescue(folder: DeskFolder, clock: Clock) -> None:
    """Bring a Rescue that was cut short to its end. Raises DamagedStore when the records are gone altogether."""
    try:
        finish(folder.records, clock())
    except OSError as error:
        raise disk_problem(error) from error
    if not folder.records.exists():
        # The desk has a key, so it had records; an empty file in their place would look as if nothing had ever been.
        raise DamagedStore


def open_or_rescue(running: QApplication, handover: Handover, folder: DeskFolder) -> OpenDesk | None:
    """The open desk, after Rescue where its records are damaged; None when the person closed that instead.

    None too where the records are a newer program's and cannot even be read: then the unsent can be saved.
    """
    while True:
        try:
            return open_desk(handover, folder, system_clock, lambda: running.exit(LOCKED))
        except DamagedStore:
            if not offer_rescue(running, DamagedDesk(folder, handover, system_clock)):
                return None
        except NewerRecords as newer:
            offer_unsent(running, newer, Unsent(folder, handover, system_clock))
            return None


def run_desk(folder: DeskFolder) -> int:
    """The desk process: wait for the keys with everything imported, then show the records until locked."""
    running = application()
    given = standard_input()
    _import_rooms(given)
    try:
        handover = receive(given)
        desk = open_or_rescue(running, handover, folder)
    except NobodySignedIn:
        return CLOSED
    except Problem as problem:
        return show_problem(running, problem)
    if desk is None:
        return CLOSED
    desk.window.show()
    settle()
    # Asked to end, or left without a keeper, it locks like everywhere else: covered first, typing saved.
    asked, watch = AskedToEnd(desk.window.lock), end_with_keeper(desk.window.lock)
    SessionWatch(desk.window, desk.window.lock, system_clock)
    copied = CopiedWords()
    tickets = ShowingTickets(desk.practice, standard_output()) if load_settings(folder.settings).waiting_room else None
    code = running.exec()
    copied.clear()
    if tickets is not None:
        tickets.close()
    watch.stop()
    asked.close()
    leave(desk.engine, desk.store, desk.vouching, folder, code)
