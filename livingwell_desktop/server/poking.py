"""Poke: word to desks that there is something to fetch, never what.

The word goes through PostgreSQL, so that several server processes work. NOTIFY takes a lock of the whole database when
its transaction commits, so it is never part of a push: one thread sends it afterwards, once for all pushes meanwhile.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

import psycopg

from livingwell_desktop.server.database import Connection, connect

log = logging.getLogger(__name__)

SERVING = 0x6C77_0002
"""The lock of the whole database that every running server shares: nothing is restored under it."""
_CHANNEL = "livingwell_poke"
_RECONNECT_SECONDS = 1.0
_KEEP_ALIVE_SECONDS = 15.0
_LONGEST_WORD = 7900
"""Bytes that PostgreSQL takes in a notice."""
_EVERYBODY = ""


class Pokes:
    """Sends and hears pokes on two threads; desks wait for them in the server's event loop."""

    def __init__(self, database_url: str, keep_alive: float = _KEEP_ALIVE_SECONDS) -> None:
        self._url = database_url
        self._keep_alive = keep_alive
        self._changed = threading.Condition()
        self._authors: set[UUID] = set()
        self._news: set[str] = set()
        self._closing = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[asyncio.Event, tuple[UUID, frozenset[str]]] = {}
        self._threads = [
            threading.Thread(target=self._send, name="poke-send", daemon=True),
            threading.Thread(target=self._hear, name="poke-hear", daemon=True),
        ]

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin, for desks that wait in that loop."""
        self._loop = loop
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End every wait, so that the server can stop. Any thread may call it, and more than once."""
        with self._changed:
            self._closing.set()
            self._changed.notify()
        self._wake(_EVERYBODY)

    def join(self) -> None:
        """Wait until both threads have ended. After `close`."""
        for thread in self._threads:
            if thread.is_alive():
                thread.join(5)

    def changed(self, author: UUID, streams: Iterable[str]) -> None:
        """A push was committed, and these streams have news. Returns at once."""
        with self._changed:
            self._authors.add(author)
            self._news.update(streams)
            self._changed.notify()

    async def wait(self, device: UUID, streams: Iterable[str], seconds: float) -> AsyncIterator[bool]:
        """True for each poke, False now and then to show that the line is alive, until closed or that time is over."""
        event, end = asyncio.Event(), asyncio.get_running_loop().time() + seconds
        self._waiting[event] = (device, frozenset(streams))
        try:
            while not self._closing.is_set() and asyncio.get_running_loop().time() < end:
                poked = False
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._keep_alive):
                        poked = await event.wait()
                event.clear()
                if not self._closing.is_set():
                    yield poked
        finally:
            del self._waiting[event]

    def _send(self) -> None:
        connection: Connection | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._authors or self._closing.is_set())
                authors, self._authors = self._authors, set()
                news, self._news = self._news, set()
            word = _word(authors, news)
            try:
                connection = connection or connect(self._url, autocommit=True)
                connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, word))
            except psycopg.Error as error:
                log.info("a poke was not sent: %s", type(error).__name__)
                _close(connection)
                connection = None
                self._closing.wait(_RECONNECT_SECONDS)
            if self._closing.is_set():
                _close(connection)
                return

    def _hear(self) -> None:
        while not self._closing.is_set():
            try:
                with connect(self._url, autocommit=True) as connection:
                    connection.execute("SELECT pg_advisory_lock_shared(%s)", (SERVING,))
                    connection.execute(f"LISTEN {_CHANNEL}")
                    self._wake(_EVERYBODY)  # what was said while nobody heard
                    while not self._closing.is_set():
                        for notice in connection.notifies(timeout=1.0):
                            self._wake(notice.payload)
                            if self._closing.is_set():
                                break
            except psycopg.Error as error:
                log.info("pokes are not heard: %s", type(error).__name__)
                self._closing.wait(_RECONNECT_SECONDS)

    def _wake(self, word: str) -> None:
        if self._loop is not None:
            # The loop may have ended a moment ago: then nobody waits any more.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake_here, word)

    def _wake_here(self, word: str) -> None:
        author, _, names = word.partition(" ")
        news = frozenset(names.split())
        for event, (device, streams) in self._waiting.items():
            if device.hex != author and (not news or not streams.isdisjoint(news)):
                event.set()


def _word(authors: set[UUID], news: set[str]) -> str:
    """The author, who needs no word of its own changes, and the streams; nothing means everybody."""
    word = f"{next(iter(authors)).hex if len(authors) == 1 else '-'} {' '.join(sorted(news))}"
    return word if len(word) < _LONGEST_WORD else _EVERYBODY


def _close(connection: Connection | None) -> None:
    if connection is not None:
        connection.close()
