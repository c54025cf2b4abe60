"""A store that may only be read: a gate that can be wrong has failed, and a gate locks nobody out.

Nothing is written into the desk's files, and no log is moved into the database. Who looks at what is kept in a file
beside them (`seen_events.py`): what cannot be written down there is not shown.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from sqlalchemy import Engine

from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage.database import LOG_WORTH_PAGES, open_engine, refuse_plaintext, told_apart
from livingwell_desktop.storage.identity import identity_of
from livingwell_desktop.storage.migrate import knows_tables
from livingwell_desktop.storage.saved_twice import SavedTwice
from livingwell_desktop.storage.seen_events import SeenFile
from livingwell_desktop.storage.store import Store
from livingwell_desktop.storage.values import Event, Signer


class OnlyReadError(Problem):
    """Somebody wants to save on a desk that is open to be read only."""

    def __init__(self, reason: Problem) -> None:
        super().__init__(
            "This desk can only be read now",
            f"Nothing was saved. {reason.title}.",
            f"Write it on paper. {reason.what_to_do}",
        )


class ReadOnlyStore(Store):
    """Everything can be asked, nothing can be written, and every look is kept for the audit."""

    def __init__(self, engine: Engine, path: Path, key: bytes, signer: Signer, clock: Clock, reason: Problem) -> None:
        super().__init__(engine, path, signer, clock, SavedTwice(path, key, signer.device))
        self.reason = reason
        """Why the desk can only be read, and whom to call."""
        self._seen = SeenFile(path, key)

    @classmethod
    def open_to_read(cls, path: Path, key: bytes, signer: Signer, clock: Clock, reason: Problem) -> "ReadOnlyStore":
        """Open the file that is there.

        Raises `reason` when this program does not know what a newer one made of the tables, and what `Store.open`
        raises.
        """
        refuse_plaintext(path)
        engine = open_engine(path, key, read_only=True)
        try:
            with told_apart(), engine.connect() as connection:
                if not knows_tables(connection):
                    raise reason
                identity = identity_of(connection)
            store = cls(engine, path, key, signer, clock, reason)
            store._named(identity.signer() if identity else None)
        except BaseException:
            engine.dispose()
            raise
        return store

    def _writing(self, forget: UUID | None = None) -> NoReturn:  # noqa: ARG002 - the store's signature
        raise OnlyReadError(self.reason)

    def record_events(self, events: Sequence[Event], staff: UUID | None) -> None:
        """A view, a print, a refusal: into the file beside the records. Raises Problem when the disk is full."""
        with self._turns.turn():
            self._seen.keep(self._now(), staff, events)

    def checkpoint(self, from_pages: int = LOG_WORTH_PAGES) -> None:
        """The log stays as it is."""

    def empty_second_file(self, *, at_once: bool = True) -> None:
        """The second file stays as it is."""

    def change_key(self, old: bytes, new: bytes) -> NoReturn:  # noqa: ARG002 - the store's signature
        """Never while the desk can only be read. Raises OnlyReadError."""
        raise OnlyReadError(self.reason)

    def close(self) -> None:
        """Let go of the files."""
        super().close()
        self._seen.close()
