"""What the window is given by the composition root: it asks for nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import Settings
from livingwell_desktop.sync.state import SyncState
from livingwell_desktop.ui.pages import Place
from livingwell_desktop.ui.shell.opening_words import Strip
from livingwell_desktop.ui.tasks import Tasks


class Link(Protocol):
    """What the window needs of the sync engine."""

    def state(self) -> SyncState:
        """How the connection stands."""
        ...

    def listen(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        """Be told of every change of it, on whatever thread; the answer ends it."""
        ...


@dataclass(frozen=True, slots=True)
class WindowParts:
    """What the composition root hands to the window."""

    practice: Practice
    settings: Settings
    link: Link
    tasks: Tasks
    lock: Callable[[Place], None]
    keep_settings: Callable[[Settings], None]
    degraded: bool = False
    """The key lies in a file: shown everywhere."""
    strips: tuple[Strip, ...] = ()
    """What was noticed when the records were opened: shown over every place until it is closed."""
