"""Locking ends the desk process at once: what waits is sent while there is a moment, counted, and nothing lingers.

Everything that was said to be saved is on disk, and a process that is killed at any point loses none of it
(`tests/faults`). So nothing is closed in good order here: Python and Qt would take a second for it, with the records
in memory.
"""

import os
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import NoReturn

from livingwell_desktop.app.vouching import Vouching
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.settings import DeskFolder, WaitingNote, save_waiting
from livingwell_desktop.storage import Store
from livingwell_desktop.sync.engine import SyncEngine

LAST_MOMENT_SECONDS = 0.3
"""So long a lock waits for what is being sent and for the keyring.

`security.md`: 300 ms to push what waits, gone in 500 ms."""

LONGEST_SECONDS = 2.0
"""After so long the process ends even if a disk, a keyring or the keeper's pipe does not answer."""


def leave(
    engine: SyncEngine,
    store: Store,
    vouching: Vouching,
    folder: DeskFolder,
    code: int,
    end: Callable[[int], NoReturn] = os._exit,
    seconds: float = LAST_MOMENT_SECONDS,
    longest: float = LONGEST_SECONDS,
) -> NoReturn:
    """Send what waits and anchor the chains for a moment, note how much still waits, and end with that code.

    `longest`: seconds after which it ends with the rest undone.
    """
    began = monotonic()
    backstop = threading.Timer(longest, end, (code,))
    backstop.daemon = True
    backstop.start()
    vouching.finish()
    engine.push_last(seconds)
    vouching.close(max(0.0, seconds - (monotonic() - began)))
    note_waiting(store, folder)
    sys.stdout.flush()
    sys.stderr.flush()
    backstop.cancel()
    end(code)


def note_waiting(store: Store, folder: DeskFolder) -> None:
    """Write down, for the sign-in window, how many changes wait and since when: numbers, nothing about anybody."""
    try:
        waiting = store.waiting()
        save_waiting(folder.waiting, WaitingNote(waiting.count, waiting.oldest_saved_at or 0))
    except (Problem, OSError):
        return  # on a full disk the note before it stands
