"""What a file of routes needs of the server."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.bodies import json_answer, read_body
from livingwell_desktop.server.database import Connection, Database
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.knocking import Door
from livingwell_desktop.server.poking import Pokes

T = TypeVar("T")


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


async def answer(
    central: Routed,
    request: Request,
    read: Callable[[bytes], T],
    reply: Callable[[Connection, KnownDevice, T], bytes],
) -> Response:
    """What a desk that is known asks, answered in one transaction. Raises RequestProblem and what the two raise."""
    device, _ = await run_in_threadpool(central.known, request)
    asked = read(await read_body(request))

    def answered() -> bytes:
        with central.database.transaction() as connection:
            return reply(connection, device, asked)

    return json_answer(request, await run_in_threadpool(answered))
