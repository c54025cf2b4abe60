"""The composition root: paths, keys, store, sync, window, and the order in which they end."""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from uuid import UUID

from PySide6.QtWidgets import QApplication

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Centre, Device, Staff
from livingwell_desktop.security.device import DeviceKeys, load_device_keys
from livingwell_desktop.security.gates import check_database_library
from livingwell_desktop.security.handover import (
    Handover,
    NobodySignedIn,
    receive,
    send,
    standard_input,
    standard_output,
)
from livingwell_desktop.security.keyrings import DeviceSecretStore, find_store
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.tries import Tries
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import DeskCard, DeskFolder, Settings, load_card, load_settings, save_settings
from livingwell_desktop.storage import Clock, Signer, Store
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.ui.pages import Place, TodayPlace
from livingwell_desktop.ui.shell.remembered import remember, remembered
from livingwell_desktop.ui.shell.window import MainWindow, WindowParts
from livingwell_desktop.ui.sign_in.keeper import QUIT, SIGNED_IN, Keeper, tray
from livingwell_desktop.ui.sign_in.window import SignInWindow
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme

LOCKED = 20


def system_clock() -> datetime:
    """The one place where the program asks what time it is."""
    return datetime.now(UTC)


def secrets_of(folder: DeskFolder, settings: Settings, device_id: str) -> DeviceSecretStore:
    """Where this desk's secret lies: a keyring from the allow-list, or a key file where the policy allows it."""
    return find_store(device_id, folder.key_file, key_file_allowed=settings.key_file_allowed)


@dataclass
class OpenDesk:
    """A desk with somebody signed in. `close` ends its parts in the only safe order."""

    practice: Practice
    store: Store
    engine: SyncEngine
    tasks: Tasks
    window: MainWindow

    def close(self) -> None:
        """Stop the worker, join it, close tasks, close the window, let go of the file."""
        self.engine.stop()
        self.tasks.close()
        self.window.end()
        self.window.close()
        self.window.deleteLater()
        self.store.close()


def open_desk(
    handover: Handover,
    folder: DeskFolder,
    clock: Clock,
    locked: Callable[[], None],
    engine_of: Callable[[Store, DeviceKeys, Settings], SyncEngine] | None = None,
) -> OpenDesk:
    """Open the records with the keys that sign-in handed over and show the window.

    Raises Problem for everything a person can act on: a gate that fails, a damaged file, a missing device key.
    """
    settings = load_settings(folder.settings)
    secrets = secrets_of(folder, settings, handover.device_id)
    keys = load_device_keys(folder.device_keys, secrets.load())
    if keys is None:
        raise _not_enrolled()
    signer = Signer(UUID(keys.device_id), keys.signer())
    store = Store.open(folder.records, handover.unlocked.database_key.key, signer, clock)
    for failed in check_database_library(*store.versions()):
        store.close()
        raise failed.problem
    practice = practice_of(store, clock, UUID(handover.staff_id), signer.device)
    engine = (engine_of or _engine)(store, keys, settings)
    tasks = Tasks()

    def lock(place: Place) -> None:
        remember(practice, place)
        locked()

    window = MainWindow(
        WindowParts(
            practice=practice,
            settings=settings,
            link=engine,
            tasks=tasks,
            lock=lock,
            keep_settings=lambda kept: save_settings(folder.settings, kept),
            degraded=secrets.degraded,
        )
    )
    theme.set_dark(settings.dark)
    theme.set_scale(settings.text_size)
    window.go(remembered(practice) or TodayPlace())
    engine.start()
    return OpenDesk(practice, store, engine, tasks, window)


def practice_of(store: Store, clock: Clock, staff: UUID, device: UUID) -> Practice:
    """Who is at which desk of which centre. Raises Problem when the store does not know them."""
    held_device = store.get(Device, device)
    held_staff = store.get(Staff, staff)
    centre = store.get(Centre, held_device.value.centre) if held_device else None
    if held_device is None or held_staff is None or centre is None:
        raise _not_enrolled()
    return Practice(store, clock, held_staff, centre, held_device)


def run_desk(folder: DeskFolder) -> int:
    """The desk process: wait for the keys with everything imported, then show the records until locked."""
    application = _application()
    try:
        handover = receive(standard_input())
    except NobodySignedIn:
        return QUIT
    desk = open_desk(handover, folder, system_clock, lambda: application.exit(LOCKED))
    desk.window.show()
    code = application.exec()
    desk.close()
    return code


def run_sign_in(folder: DeskFolder) -> int:
    """The sign-in process: passphrase to keys, keys to the waiting desk, and gone."""
    descriptor = standard_output()
    application = _application()
    card = load_card(folder.card)
    if card is None:
        raise _not_enrolled()
    settings = load_settings(folder.settings)
    theme.set_dark(settings.dark)
    theme.set_scale(settings.text_size)
    window, tasks = sign_in_window(folder, card, settings, system_clock)

    def hand_over(handover: Handover) -> None:
        send(handover, descriptor)
        application.exit(SIGNED_IN)

    window.signed_in.connect(hand_over)
    window.show()
    if os.environ.get("LIVINGWELL_SHOWN_THEN_EXIT"):  # the start-up benchmark measures a whole process
        window.repaint()
        return QUIT
    code = application.exec()
    tasks.close()
    return code


def sign_in_window(folder: DeskFolder, card: DeskCard, settings: Settings, clock: Clock) -> tuple[SignInWindow, Tasks]:
    """The sign-in window of a desk's folder, and the tasks it hashes on."""
    tasks = Tasks()
    window = SignInWindow(
        card,
        SlotFolder(folder.slots),
        Tries(folder.slots, clock),
        lambda: secrets_of(folder, settings, card.device_id),
        clock,
        tasks,
    )
    return window, tasks


def run_keeper(folder: DeskFolder) -> int:
    """The keeper process: no keys, no records."""
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    keeper = Keeper(folder.path)
    keeper.ended.connect(application.quit)
    shown = tray(application, keeper, application.windowIcon())
    keeper.start()
    code = application.exec()
    if shown is not None:
        shown.hide()
    return code


def default_folder() -> DeskFolder:
    """This PC's desk folder."""
    import platformdirs

    return DeskFolder(Path(platformdirs.user_data_dir("livingwell-desktop", "livingwell")))


def _application() -> QApplication:
    sys.excepthook = _bug
    threading.excepthook = lambda given: _bug(given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Living Well Desktop")
    theme.prepare(application)
    return application


def _bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The one place for bugs: where it happened, never what the values were."""
    where = []
    while trace is not None:
        frame = trace.tb_frame
        where.append(f"{Path(frame.f_code.co_filename).name}:{trace.tb_lineno} {frame.f_code.co_name}")
        trace = trace.tb_next
    words = f"{error.title}. {error.what_happened}" if isinstance(error, Problem) else kind.__name__
    sys.stderr.write(f"Living Well Desktop: {words}\n  " + "\n  ".join(where) + "\n")


def _engine(store: Store, keys: DeviceKeys, settings: Settings) -> SyncEngine:
    client = ServerClient(settings.server_url, UUID(keys.device_id), keys.signer())
    return SyncEngine(store, client, system_clock)


def _not_enrolled() -> Problem:
    return Problem(
        "This PC is not a desk yet",
        "It has no key, or its records do not know it.",
        "Ring IT support and ask them to enrol this PC. If you want to look around, use the demo.",
    )
