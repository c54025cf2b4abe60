"""The central server killed while desks push: a receipt is kept for ever, nothing comes twice, and it starts again."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.server.__main__ import main
from livingwell_desktop.server.embedded import EmbeddedPostgres
from livingwell_desktop.storage import Author, create
from livingwell_desktop.sync.troubles import SyncError
from tests.central import CENTRE, STAFF, JoinedDesk
from tests.conftest import StillClock

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
AUTHOR = Author(STAFF, CENTRE, "register")
KILLS = 4
PEOPLE_PER_ACT = 20
ACTS = 40


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Path]:
    made = tmp_path / "server"
    assert main(["init", "--embedded", str(made)]) == 0
    made.joinpath("codes").write_text(capsys.readouterr().out.strip(), encoding="utf-8")
    yield made
    EmbeddedPostgres(made).remove()


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server as the process that an operator starts, and where it answers."""
    command = [sys.executable, "-m", "livingwell_desktop.server", "serve", "--embedded", str(folder)]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ)
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, line
        try:
            yield process, line.split()[-1]
        finally:
            process.terminate()
            process.wait(20)


def person_number(number: int) -> UUID:
    return UUID(int=(0x0195C000_0000_7000_8000 << 48) + number)


def test_a_server_that_is_killed_while_desks_push_loses_and_doubles_nothing(
    folder: Path, tmp_path: Path, clock: StillClock
) -> None:
    codes = folder.joinpath("codes").read_text(encoding="utf-8").split()[-2:]
    desks: list[JoinedDesk] = []
    port, acknowledged, interrupted = 0, set[bytes](), 0
    try:
        for kill in range(KILLS):
            with serving(folder, port) as (process, url):
                port = int(url.rsplit(":", 1)[-1])
                while len(desks) < 2:
                    name = f"Desk {len(desks) + 1}"
                    desks.append(JoinedDesk(url, codes[len(desks)], name, tmp_path / f"{name}.db", clock))
                write(desks[0], kill)
                # After the first receipts of this round, while the others are on their way.
                killer = threading.Thread(target=kill_when, args=(process, half_sent(desks[0])))
                killer.start()
                with suppress(SyncError):
                    desks[0].exchange()
                    desks[1].exchange()
                process.kill()
                process.wait(20)
                killer.join(20)
            acknowledged |= receipts(desks[0])
            interrupted += desks[0].store.waiting().count > 0
        assert interrupted
        with serving(folder, port):
            for desk in (desks[0], desks[1], desks[0]):
                desk.exchange()
            assert desks[0].store.waiting().count == 0
            assert desks[1].store.count(Person) == desks[0].store.count(Person) == KILLS * ACTS * PEOPLE_PER_ACT
            assert desks[1].store.cursor("alliance") == desks[0].store.cursor("alliance")
            assert desks[1].store.cursor("alliance") == KILLS * ACTS * PEOPLE_PER_ACT
            assert acknowledged <= changes(desks[1])
    finally:
        for desk in desks:
            desk.close()


def write(desk: JoinedDesk, round_: int) -> None:
    for act in range(ACTS):
        first = (round_ * ACTS + act) * PEOPLE_PER_ACT
        people = [person_number(number) for number in range(first, first + PEOPLE_PER_ACT)]
        desk.store.write([create(each, Person(given_name=f"P{each.int % 997}")) for each in people], [], AUTHOR)


def half_sent(desk: JoinedDesk) -> Callable[[], bool]:
    waits = desk.store.waiting().count
    return lambda: desk.store.waiting().count < waits


def kill_when(process: subprocess.Popen[str], condition: Callable[[], bool]) -> None:
    while process.poll() is None:
        if condition():
            process.kill()
            return


def receipts(desk: JoinedDesk) -> set[bytes]:
    with desk.store._reading() as connection:
        return {bytes(row[0]) for row in connection.exec_driver_sql("SELECT change FROM outbox WHERE receipt > 0")}


def changes(desk: JoinedDesk) -> set[bytes]:
    with desk.store._reading() as connection:
        return {bytes(row[0]) for row in connection.exec_driver_sql("SELECT id FROM change")}
