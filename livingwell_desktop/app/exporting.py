"""What a desk has not sent, in an encrypted file of its own, and such a file brought in again.

The file has the form that Rescue writes, under the desk's database key: on another computer it says nothing to anybody.
Laid into the desk's folder it is taken in at the next sign-in, change by change under the same ids, so that nothing
comes twice.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from livingwell_desktop.domain.dates import Clock, local
from livingwell_desktop.security.handover import Handover
from livingwell_desktop.settings import DeskFolder, load_settings
from livingwell_desktop.storage import Store
from livingwell_desktop.storage.rescue import Rescued, collect, read_rescue_file, write_rescue_file

EXPORTS = "unsent *.rescue"
"""The names of such files in a desk's folder."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a desk's files hold that the server does not have, for whoever signed in."""

    folder: DeskFolder
    handover: Handover
    clock: Clock

    def collect(self) -> Rescued:
        """With the key of now or, where a change of keys was cut short, the one before: whichever gives more."""
        key, device = self.handover.unlocked.database_key, UUID(self.handover.device_id)
        settings = load_settings(self.folder.settings)
        other = Path(settings.other_disk) if settings.other_disk else None
        tried = [collect(self.folder.records, each, device, other) for each in (key.key, key.before) if each]
        return max(tried, key=lambda each: (each.changes, each.drafts, each.heads.outbox.n))

    def file_name(self) -> str:
        """What to call the file: a desk takes in what is called so."""
        return f"unsent {local(self.clock()):%Y-%m-%d %H.%M.%S}.rescue"

    def write(self, path: Path, rescued: Rescued) -> None:
        """Write it. Raises Problem when the disk does not take it."""
        write_rescue_file(path, self.handover.unlocked.database_key.key, rescued)

    def save(self, path: Path) -> Rescued:
        """Collect and write. Raises Problem; then there is no file."""
        rescued = self.collect()
        self.write(path, rescued)
        return rescued


def take_in_exports(store: Store, folder: DeskFolder, handover: Handover) -> int:
    """Take in every such file that lies in the desk's folder; how many changes the records lacked.

    The files are kept under another name. One of another desk stays as it is. Raises Problem.
    """
    key, taken = handover.unlocked.database_key, 0
    for path in sorted(folder.path.glob(EXPORTS)):
        tried = [read_rescue_file(path, each) for each in (key.key, key.before) if each]
        rescued = max(tried, key=lambda each: (each.changes, len(each.kept)))
        if rescued.changes or rescued.kept:
            taken += store.soundness.take_in(rescued).put_back
            path.replace(path.with_name(f"taken in, {path.name}"))
    return taken
