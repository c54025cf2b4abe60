"""Whether a store is whole and from today, and putting into it what was saved from one that was not."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import ChainHeads, ChainStanding
from livingwell_desktop.storage.audit import AuditTrail
from livingwell_desktop.storage.checking import Damage, damage_of
from livingwell_desktop.storage.database import DamagedStore
from livingwell_desktop.storage.identity import names_of
from livingwell_desktop.storage.putting_back import (
    OpeningReport,
    chain_standing_in,
    join_chain,
    keep_place,
    put_back,
    put_back_rows,
)
from livingwell_desktop.storage.rescue import Rescued
from livingwell_desktop.storage.saved_twice import heads_of


class Soundness:
    """What a store knows of its own state. Threads may share it."""

    def __init__(
        self,
        device: UUID,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], AbstractContextManager[Connection]],
        now: Callable[[], int],
        audit: AuditTrail,
    ) -> None:
        self.opening = OpeningReport()
        """What was noticed and mended when the file was opened."""
        self._device, self._reading, self._writing, self._now, self._audit = device, reading, writing, now, audit

    def heads(self) -> ChainHeads:
        """The newest links of this desk's two chains, to be anchored outside."""
        with self._reading() as connection:
            return heads_of(connection)

    def stands_to(self, known: ChainHeads) -> tuple[ChainStanding, ChainStanding]:
        """How this desk's two chains, outbox and audit, stand to heads that are known from outside."""
        with self._reading() as connection:
            return (
                chain_standing_in(connection, "outbox", known.outbox),
                chain_standing_in(connection, "audit", known.audit),
            )

    def damage(self) -> tuple[Damage, ...]:
        """Look the whole file through: seconds on a large one. Raises DamagedStore for a page that cannot be read."""
        with self._reading() as connection:
            return damage_of(connection, self._device)

    def look_through_if_marked(self, mark: Path) -> None:
        """Where the desk met a damaged page before, look the file through. Raises DamagedStore; else the mark goes."""
        if not mark.exists():
            return
        if self.damage():
            raise DamagedStore
        with suppress(OSError):
            mark.unlink()

    def go_on_after(self, known: ChainHeads) -> None:
        """For a fresh store of a desk that has been here before: its chain goes on, and no number is used twice."""
        with self._writing() as connection:
            if known.outbox.n > heads_of(connection).outbox.n:
                keep_place(connection, known.outbox)

    def take_in(self, rescued: Rescued) -> OpeningReport:
        """Put back what was saved from a damaged store, under the same ids.

        May be asked twice: what is here already is left as it is. Raises Problem.
        """
        with self._writing() as connection:
            name = names_of(connection, self._device)[0]  # its links are by the name that it has now
            report = put_back(connection, rescued.found, name, self._now())
            put_back_rows(connection, rescued.kept)
            if rescued.lost_links:
                join_chain(connection, name, rescued.sent)
        if rescued.alliance_key:
            self._audit.trust_alliance(rescued.alliance_key)
        return report
