"""Running the server: in its own process, or in a thread of a test or a demonstration."""

import asyncio
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI

from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.application import create_app

_PATIENCE_SECONDS = 20.0
_LET_IN_SECONDS = 0.05


class HttpServer(uvicorn.Server):
    """Uvicorn that ends the waits for pokes before it waits for requests to end."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            h11_max_incomplete_event_size=16_384,
            timeout_graceful_shutdown=10,
        )
        super().__init__(config)
        self.ready = threading.Event()
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, letting requests finish."""
        self._app.state.central.pokes.close()
        for server in self.servers:
            server.close()
        # Who was let in this very moment becomes a connection first: Uvicorn ends those it knows of, once, and would
        # wait in vain for a desk that goes on asking on another.
        await asyncio.sleep(_LET_IN_SECONDS)
        await super().shutdown(sockets)


def listen_on(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises OSError when the port is taken."""
    # The protocol is named because asyncio switches Nagle's delay off only for sockets that say they are TCP.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


class RunningServer:
    """A server in a thread on loopback. Stop and start it again on the same port to make an outage."""

    def __init__(
        self, database_url: str, alliance: AllianceKey, clock: Clock, port: int = 0, keys: Path | None = None
    ) -> None:
        self._database_url, self._alliance, self._clock, self._keys = database_url, alliance, clock, keys
        self.port = port
        self._server: HttpServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and return when it takes requests. The port stays the same from the first start on."""
        listening = listen_on(self.port)
        self.port = listening.getsockname()[1]
        self._server = HttpServer(create_app(self._database_url, self._alliance, self._clock, self._keys))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="server", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_PATIENCE_SECONDS):
            raise RuntimeError("the server did not start")

    def stop(self) -> None:
        """Stop, letting requests finish. Does nothing when it does not run."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_PATIENCE_SECONDS)
        if self._thread.is_alive():
            raise RuntimeError("the server did not stop")
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
