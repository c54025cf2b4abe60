"""Rescue, put together: save what was not sent, fetch a fresh copy beside the damaged one, put it in its place."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QApplication

from livingwell_desktop.app.anchoring import anchor_anew
from livingwell_desktop.app.exporting import EXPORTS, Unsent
from livingwell_desktop.app.network import judged_way, way_file
from livingwell_desktop.app.process import not_enrolled, secrets_of
from livingwell_desktop.domain.dates import Clock, local
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.alliance_card import load_alliance_card
from livingwell_desktop.security.anchors import Anchors
from livingwell_desktop.security.device import DeviceKeys, load_device_keys
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.settings import DeskFolder, Settings, load_settings
from livingwell_desktop.storage import Signer, Store
from livingwell_desktop.storage.database import disk_problem
from livingwell_desktop.storage.rescue import Rescued, finish, fresh_path, put_in_place
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.rescuing import begin_again
from livingwell_desktop.sync.troubles import SyncError
from livingwell_desktop.ui.sign_in.rescue import Outcome, RescueWindow
from livingwell_desktop.ui.tasks import Tasks

_FETCHING = "Step 2 of 3. Fetching a fresh copy from the server."


@dataclass(frozen=True, slots=True)
class DamagedDesk:
    """A desk whose records cannot be opened, and the keys that somebody signed in with."""

    folder: DeskFolder
    handover: Handover
    clock: Clock
    cancelled: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)

    def cancel(self) -> None:
        """Stop fetching at the next page. Any thread may say so; nothing that was saved goes."""
        self.cancelled.set()

    def rescue(self, said: Callable[[str], None]) -> Outcome:
        """Do all of it; takes as long as the download. Not on the thread that paints. `said` tells how far it is.

        Raises Problem when the unsent could not be saved; then nothing was changed at all.
        """
        self.cancelled.clear()
        settings = load_settings(self.folder.settings)
        secrets = secrets_of(self.folder, settings, self.handover.device_id)
        keys = load_device_keys(self.folder.device_keys, secrets.load())
        if keys is None:
            raise not_enrolled()
        at = local(self.clock())
        said("Step 1 of 3. Saving what was not sent.")
        unsent = Unsent(self.folder, self.handover, self.clock)
        rescued, anchors = unsent.collect(), Anchors(lambda: secrets)
        anchor = anchors.load()
        if anchor is not None:
            rescued = rescued.knowing(anchor.heads)
        saved = self.folder.path / unsent.file_name()
        unsent.write(saved, rescued)
        said(_FETCHING)
        try:
            records = self._fetch(settings, keys, rescued, anchors, said)
            aside = self._swap(at)
        except (SyncError, Problem) as error:
            words = error.words
            return Outcome(rescued.changes, rescued.drafts, rescued.lost, saved.name, trouble=words)
        return Outcome(rescued.changes, rescued.drafts, rescued.lost, aside.name if aside else "", records)

    def _fetch(
        self, settings: Settings, keys: DeviceKeys, rescued: Rescued, anchors: Anchors, said: Callable[[str], None]
    ) -> int:
        """A store of its own, filled from the server, and then what was saved. Returns how many records it holds."""
        with contextlib.suppress(OSError):
            finish(self.folder.records, self.clock())  # what an earlier try left
        signer = Signer(UUID(keys.device_id), keys.signer())
        fresh = Store.open(fresh_path(self.folder.records), self.handover.unlocked.database_key.key, signer, self.clock)
        fresh.own.begin_as(rescued.own)
        client = self._client(settings, fresh)
        try:
            fresh.soundness.go_on_after(rescued.heads)
            begin_again(fresh, client, rescued, self.folder.records, self.handover.unlocked.database_key.key)
            engine = SyncEngine(fresh, client, self.clock, stopping=self.cancelled)
            engine.listen(lambda state: said(f"{_FETCHING} {state.download_words}".strip()))
            engine.exchange_all()
            if self.cancelled.is_set():
                raise Problem("You stopped it", "The fresh copy is not complete.", "Try again when you like.")
            said("Step 3 of 3. Putting back what was saved.")
            fresh.soundness.take_in(rescued)
            anchor_anew(fresh, anchors, self.handover.unlocked.database_key.epoch)
            return sum(fresh.counts().values())
        finally:
            client.close()
            fresh.close()

    def _client(self, settings: Settings, fresh: Store) -> ServerClient:
        """The way to the server, which proves that it is the alliance's where it has done so before.

        Where the sealed settings were changed nobody can sign in to look at them: the plain ones are followed then, to
        nobody but a server that proves itself.
        """
        secrets = secrets_of(self.folder, settings, self.handover.device_id)
        secret = secrets.load()
        with contextlib.suppress(Problem):
            card = load_alliance_card(self.folder.alliance, self.handover.device_id, secret)
            fresh.audit.trust_alliance(card.alliance_key)
        way = judged_way(way_file(self.folder, self.handover.device_id, secret or b"", lambda: secrets), settings)
        if (way.proven or way.changed) and fresh.audit.alliance_key():
            fresh.own.server_has_proved_itself()
            way = replace(way, changed=None)
        return ServerClient(way.settings.server_url, fresh.signer.device, fresh.signer.sign, way.network)

    def _swap(self, at: datetime) -> Path | None:
        try:
            aside = put_in_place(self.folder.records, at)
            if aside is not None:
                for saved in self.folder.path.glob(EXPORTS):
                    saved.replace(aside / saved.name)  # an earlier try's too: all of it is in the fresh copy
        except OSError as error:
            raise disk_problem(error) from error
        return aside


def offer_rescue(running: QApplication, desk: DamagedDesk) -> bool:
    """Offer Rescue in a window until it is done or closed. True when the records can be opened now."""
    tasks = Tasks()
    window = RescueWindow(desk, tasks)
    done = list[bool]()
    window.finished.connect(done.append)
    window.finished.connect(running.quit)
    window.show()
    running.exec()
    tasks.close()
    window.close()
    window.deleteLater()
    return bool(done and done[0])
