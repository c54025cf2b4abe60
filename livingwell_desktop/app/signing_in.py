"""The sign-in process: passphrase to keys, keys to the waiting desk, and gone."""

from PySide6.QtWidgets import QApplication

from livingwell_desktop.app.process import (
    application,
    end_with_keeper,
    secrets_of,
    system_clock,
)
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.security.alliance_card import load_alliance_card
from livingwell_desktop.security.handover import Handover, send, standard_output
from livingwell_desktop.security.keyrings import DeviceSecretStore
from livingwell_desktop.security.lost_secret import LostDesk
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.tries import Tries
from livingwell_desktop.settings import DeskCard, DeskFolder, Settings, load_card, load_settings, load_waiting
from livingwell_desktop.ui.sign_in.keeper import ENROLLED, SIGNED_IN
from livingwell_desktop.ui.sign_in.window import SignInWindow
from livingwell_desktop.ui.tasks import Tasks
from livingwell_desktop.ui.widgets import theme


def run_sign_in(folder: DeskFolder) -> int:
    """The sign-in process: passphrase to keys, keys to the waiting desk, and gone."""
    descriptor = standard_output()
    running = application()
    card = load_card(folder.card)
    if card is None:
        return _enrol(running, folder)
    folder.begun.unlink(missing_ok=True)  # should the power have gone when the desk had just been made
    settings = load_settings(folder.settings)
    theme.set_dark(settings.dark)
    theme.set_scale(settings.text_size)
    window, tasks = sign_in_window(folder, card, settings, system_clock)

    def hand_over(handover: Handover) -> None:
        send(handover, descriptor)
        running.exit(SIGNED_IN)

    window.signed_in.connect(hand_over)
    window.show()
    watch = end_with_keeper(running.quit)
    code = running.exec()
    watch.stop()
    tasks.close()
    return code


def _enrol(running: QApplication, folder: DeskFolder) -> int:
    """A fresh PC: make a desk of it, then let the keeper start sign-in anew."""
    # Imported here: a desk that is one already must be there at once.
    from livingwell_desktop.app.enrolling import Enrolling
    from livingwell_desktop.ui.sign_in.enrol_window import EnrolWindow

    tasks, steps = Tasks(), Enrolling(folder, system_clock)
    window = EnrolWindow(steps, tasks, load_settings(folder.settings).server_url, steps.begun_as)
    window.enrolled.connect(lambda: running.exit(ENROLLED))
    window.show()
    watch = end_with_keeper(running.quit)
    code = running.exec()
    watch.stop()
    tasks.close()
    return code


def sign_in_window(folder: DeskFolder, card: DeskCard, settings: Settings, clock: Clock) -> tuple[SignInWindow, Tasks]:
    """The sign-in window of a desk's folder, and the tasks it hashes on."""
    tasks, slots, tries = Tasks(), SlotFolder(folder.slots), Tries(folder.slots, clock)

    def secrets() -> DeviceSecretStore:
        return secrets_of(folder, settings, card.device_id)

    window = SignInWindow(
        card,
        slots,
        tries,
        secrets,
        clock,
        tasks,
        lambda: load_alliance_card(folder.alliance, card.device_id, secrets().load()),
        lost=lambda: LostDesk(slots, tries, secrets(), card.device_id, folder.device_keys, folder.alliance),
    )
    window.show_waiting(load_waiting(folder.waiting))
    return window, tasks
