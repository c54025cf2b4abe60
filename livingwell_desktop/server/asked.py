"""What a file of routes needs of the server."""

from pathlib import Path
from typing import Protocol

from starlette.requests import Request

from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Database
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.knocking import Door
from livingwell_desktop.server.poking import Pokes


class Routed(Protocol):
    """Database, alliance and clock, and who asks."""

    database: Database
    alliance: AllianceKey
    clock: Clock
    pokes: Pokes
    keys: Path | None
    """The folder of the alliance's key, where it is written down who was shut out: for a server that is restored later.
    Without one, nobody is shut out from a desk."""

    async def knock(self, door: Door, request: Request) -> None:
        """Count a request that anybody may make. Raises TooOftenError and DatabaseAwayError."""
        ...

    def known(self, request: Request) -> tuple[KnownDevice, float]:
        """Which desk asks, and for how many seconds its token lasts. Raises RequestProblem."""
        ...
