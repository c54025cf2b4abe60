"""Whom a desk believes to be its server, as its store says."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.storage import Store
from livingwell_desktop.sync.joining import Certificate
from livingwell_desktop.sync.returning import own_certificates


@dataclass(frozen=True)
class StoreTrust:
    """What a desk that has a store knows of its server. See `entering.Trust`."""

    store: Store

    def alliance_key(self) -> bytes:
        """See Trust."""
        return self.store.audit.alliance_key()

    def is_proven(self) -> bool:
        """See Trust."""
        return self.store.own.server_is_proven()

    def proven(self) -> None:
        """See Trust. On a full disk the next session says so again."""
        with contextlib.suppress(Problem):
            self.store.own.server_has_proved_itself()

    def certificates(self) -> Sequence[Certificate]:
        """See Trust."""
        return own_certificates(self.store)
