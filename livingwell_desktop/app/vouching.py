"""What looks after a desk's audit while it is open, on a thread of its own: the anchor in the keyring, and the watch.

A keyring may ask, hang or be gone; nothing that a person does ever waits for it.
"""

import logging
import threading
from collections.abc import Callable
from uuid import UUID

from livingwell_desktop.domain.audit import Anchor as AuditAnchor
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.anchors import Anchor, Anchors
from livingwell_desktop.services.watching import look_over
from livingwell_desktop.storage import Store

log = logging.getLogger(__name__)

EVERY_SECONDS = 300.0
LAST_SECONDS = 0.2
"""So long closing waits for the last anchor: locking has half a second in all."""


class Vouching:
    """Does `each_time` at once, every five minutes, and `at_end` when the desk locks or ends."""

    def __init__(
        self, each_time: Callable[[], None], at_end: Callable[[], object], every_seconds: float = EVERY_SECONDS
    ) -> None:
        self._each_time, self._at_end, self._every = each_time, at_end, every_seconds
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vouching", daemon=True)

    def start(self) -> None:
        """Begin. Returns at once."""
        self._thread.start()

    def finish(self) -> None:
        """Begin the last anchor. Returns at once; `close` waits for it."""
        self._ending.set()

    def close(self, seconds: float = LAST_SECONDS) -> bool:
        """End, with a last anchor; whether that was done in time. When not, the desk ends without it."""
        self.finish()
        if self._thread.ident is None:
            return False
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._try(self._each_time)
            self._ending.wait(self._every)
        self._try(self._at_end)

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Problem as problem:
            log.info("not done: %s", problem.title)
        except Exception as error:  # noqa: BLE001 - a bug must not end the thread: the anchor is kept the next time
            if not self._ending.is_set():
                log.error("looking after the audit failed: %s", type(error).__name__)


class DeskVouching:
    """What one desk does for its audit each time: ask the keyring what it knew, anchor the head, look over openings.

    An anchor that the chain contradicts is never replaced: it is the proof that something was done.
    """

    def __init__(self, store: Store, anchors: Anchors, epoch: int, centre: UUID, clock: Clock) -> None:
        self._store, self._anchors, self._epoch = store, anchors, epoch
        self._centre, self._clock = centre, clock

    def each_time(self) -> None:
        """Anchor the head, then look over what was opened. Raises Problem on a full disk."""
        self.anchor()
        look_over(self._store, self._centre, self._clock())

    def anchor(self) -> bool:
        """Keep both heads in the keyring; False when it cannot, or when it knows of another history."""
        audit, known = self._store.audit, self._anchors.load()
        device = self._store.signer.device
        if known is not None:
            head = known.heads.audit
            audit.anchored = AuditAnchor(device, head.n, head.hash, known.audit_root, known.at)
            if not audit.agrees(audit.anchored):
                return False
        made = audit.anchor()
        if made is None:
            return False
        heads = self._store.soundness.heads()
        if heads.audit.n < made.n or not self._anchors.save(Anchor(heads, self._epoch, made.at, made.root)):
            return False
        audit.anchored = AuditAnchor(device, heads.audit.n, heads.audit.hash, made.root, made.at)
        return True
