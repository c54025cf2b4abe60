"""Two real desks and a real server, made once and copied for each test, so that a journey starts in a second."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from installer.demo.accounts import demo_passphrase
from installer.demo.alliance import Alliance, build
from installer.demo.central import Central, start_central
from installer.demo.desks import make_desks
from livingwell_desktop.app.network import set_up_way
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.settings import DeskFolder
from tests.desk import DeskOnTable, DeskWindow

MONDAY = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)
NAMES = ("Reception desk 1", "Room 2 desk")
TEMPLATE = "office_template"


class MovingClock:
    """A clock that stands still until it is moved, shared by desks and server."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Office:
    """The demo alliance at one centre: a server and two desks, as it is on Monday 23 November at 10:43am."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovingClock()
        self.folder = folder
        self.alliance = build(MONDAY.date(), MONDAY)
        self.central = start_central(folder / "server", self.clock, fsync=False)
        make_desks(folder, self.central, self.alliance, NAMES, self.clock, lambda _words: None, FLOOR)
        self.central.server.stop()
        self._sql(f"CREATE DATABASE {TEMPLATE} TEMPLATE {self._name(self.central.database_url)}")

    @contextmanager
    def day(self, folder: Path) -> Iterator["Day"]:
        """A copy of everything, running, for one test."""
        name = f"day_{uuid4().hex[:12]}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        clock = MovingClock()
        url = self._url(name)
        server = RunningServer(url, self.central.alliance, clock, keys=folder)
        server.start()
        central = replace(self.central, database_url=url, server=server, clock=clock)
        day = Day(central, clock, self.alliance, folder)
        try:
            for desk in NAMES:
                place = desk.lower().replace(" ", "-")
                shutil.copytree(self.folder / place, folder / place)
                set_up_way(DeskFolder(folder / place), server_url=server.url)
            yield day
        finally:
            day.close()
            server.stop()

    def close(self) -> None:
        """Stop the database and take its files away."""
        self.central.postgres.stop()
        self.central.postgres.remove()

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.central.database_url, autocommit=True, dbname="template1") as connection:
            connection.execute(statement)

    def _name(self, url: str) -> str:
        return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])

    def _url(self, name: str) -> str:
        parts = urlsplit(self.central.database_url)
        if parts.scheme:
            return urlunsplit(parts._replace(path=f"/{name}"))
        return psycopg.conninfo.make_conninfo(self.central.database_url, dbname=name)


class Day:
    """One day at the office: two desks and the line between them."""

    def __init__(self, central: Central, clock: MovingClock, alliance: Alliance, folder: Path) -> None:
        self.central, self.clock, self.alliance, self.folder = central, clock, alliance, folder
        self._desks: list[DeskOnTable] = []

    def desk(self, name: str, size: tuple[int, int] = (1440, 900)) -> DeskOnTable:
        """One of the desks, locked."""
        desk = DeskOnTable(DeskFolder(self.folder / name.lower().replace(" ", "-")), self.clock, size)
        self._desks.append(desk)
        return desk

    def reception(self) -> DeskWindow:
        """Rosa at Reception desk 1."""
        return self.desk(NAMES[0]).sign_in("Rosa Mensah", demo_passphrase())

    def room_2(self) -> DeskWindow:
        """Maya at the desk of Room 2."""
        return self.desk(NAMES[1]).sign_in("Maya Lindqvist", demo_passphrase())

    @contextmanager
    def outage(self) -> Iterator[None]:
        """The server is gone; afterwards it is there again, on the same address."""
        self.central.server.stop()
        try:
            yield
        finally:
            self.central.server.start()

    def close(self) -> None:
        """Everybody goes home."""
        for desk in self._desks:
            desk.close()
