"""Two server processes on one database: streams have no hole, and a poke reaches desks of the other process."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.folders import make_alliance_key
from livingwell_desktop.storage import create
from livingwell_desktop.sync.troubles import SyncError
from tests.central import JoinedDesk, code_for_now
from tests.conftest import StillClock
from tests.sync.test_two_desks import AUTHOR, NGOZI


@pytest.fixture
def urls(database_url: str, tmp_path: Path) -> Iterator[list[str]]:
    make_alliance_key(tmp_path / "keys", bytes(range(32)).hex())
    command = [sys.executable, "-m", "livingwell_desktop.server", "serve", "--database", database_url]
    command += ["--keys", str(tmp_path / "keys"), "--port", "0"]
    # One after the other: both look whether the schema is up to date.
    found, running = [], []
    for _ in range(2):
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout is not None
        found.append(running[-1].stdout.readline().split()[-1])
    yield found
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


def test_streams_and_pokes_stay_right(urls: list[str], database_url: str, tmp_path: Path, clock: StillClock) -> None:
    desks = [
        JoinedDesk(url, code_for_now(database_url), f"Desk {number}", tmp_path / f"{number}.db", clock)
        for number, url in enumerate(urls)
    ]
    try:
        for desk in desks:
            desk.exchange()

        def write(number: int, desk: JoinedDesk) -> None:
            for step in range(25):
                who = UUID(int=NGOZI.int + 1000 * number + step)
                desk.store.write([create(who, Person(given_name=f"{number} {step}"))], [], AUTHOR)
                desk.exchange()

        threads = [threading.Thread(target=write, args=pair) for pair in enumerate(desks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        for desk in desks:
            desk.exchange()
        assert [desk.store.count(Person) for desk in desks] == [50, 50]
        with psycopg.connect(database_url) as connection:
            holes = connection.execute(
                "SELECT name FROM stream WHERE number <> (SELECT count(*) FROM entry WHERE stream = name)"
            ).fetchall()
        assert holes == []
        # What asks only when it is told to: its engine would find the change by itself, sooner or later.
        last = UUID(int=NGOZI.int + 9000)
        stands, came = threading.Event(), threading.Event()

        def follow(desk: JoinedDesk) -> None:
            with contextlib.suppress(SyncError), desk.client.pokes() as pokes:
                for _ in pokes:
                    desk.exchange()
                    stands.set()
                    if desk.store.get(Person, last) is not None:
                        came.set()
                        return

        following = threading.Thread(target=follow, args=(desks[1],))
        following.start()
        try:
            assert stands.wait(20)
            desks[0].store.write([create(last, Person(given_name="The last"))], [], AUTHOR)
            desks[0].exchange()
            assert came.wait(20), "the other process was not told"
        finally:
            desks[1].client.hang_up()
            following.join(20)
    finally:
        for desk in desks:
            desk.close()
