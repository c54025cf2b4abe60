"""A first download goes on across the end of the program, however it ended; until it is complete there is no desk."""

import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from livingwell_desktop.app.enrolling import Enrolling, Joined
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Centre
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.server.joining import make_code
from livingwell_desktop.settings import DeskFolder, load_card
from livingwell_desktop.storage import Author, Signer, Store, create
from livingwell_desktop.sync.downloading import MAX_RECORDS
from livingwell_desktop.ui.sign_in.enrol_window import EnrolWindow
from livingwell_desktop.ui.tasks import Tasks
from tests.conftest import StillClock
from tests.desk import DeskOnTable
from tests.journeys.test_enrolling import FIRST, PASSPHRASE, Central, central, databases, fresh_pc
from tests.window import Window, until

pytestmark = pytest.mark.slow
__all__ = ["central", "databases"]

ROOT = Path(__file__).resolve().parents[2]
RECORDS = 3_000
UNSTORED_PAGES = 2
"""When the program ends, one page may be half stored and the next one on its way."""


@pytest.fixture
def centre(central: Central, tmp_path: Path, clock: StillClock, qapp: object) -> UUID:
    """A centre with a desk, and more records than a few pages."""
    folder = fresh_pc(tmp_path / "first")
    first = Enrolling(folder, clock, FLOOR)
    joined = first.join(central.server.url, central.code(), "Reception desk 1")
    first.begin_centre(joined, FIRST)
    centre = joined.enrolled.certificate.centres[0]
    table = DeskOnTable(folder, clock)
    practice = table.sign_in("Dana Brook", PASSPHRASE).desk.practice
    for start in range(0, RECORDS, 200):
        more = [create(practice.new_id(), Centre(name=f"Centre {number}")) for number in range(start, start + 200)]
        practice.whole.write(more, [], Author(practice.staff.id, centre, "keep the alliance"))
    until(lambda: practice.whole.waiting().count == 0, "everything is at the server", 60)
    table.close()
    return centre


def join_and_be_killed(folder: Path, server: str, code: str, chance: random.Random) -> list[str]:
    """Let a PC join, kill it at some moment after it said something, and give back what it said."""
    command = [sys.executable, "-m", "tests.faults.joiner", str(folder), server, code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.1))
        process.kill()
        said += process.stdout.read()
    return said.decode().splitlines()


def counted(words: str) -> int:
    """How many records have come, as `1,500 of 3,001 records` says it."""
    return int(words.partition(" of ")[0].replace(",", ""))


def no_desk(folder: DeskFolder) -> bool:
    return load_card(folder.card) is None and not list(folder.slots.glob("*"))


def test_a_first_download_that_is_killed_again_and_again_goes_on_where_it_was(
    central: Central, centre: UUID, tmp_path: Path, clock: StillClock, qapp: object
) -> None:
    folder, code = fresh_pc(tmp_path / "second"), central.code(make_code, centres=(centre,))
    chance, before, kills = random.Random(20261130), 0, 0
    while (said := join_and_be_killed(folder.path, central.server.url, code, chance))[-1:] != ["joined"]:
        kills += 1
        assert no_desk(folder)
        assert [counted(each) for each in said] == sorted(counted(each) for each in said)
        assert not said or counted(said[0]) >= before, "what had come did not come again"
        before = counted(said[-1]) if said else before
        assert kills < 40
    assert kills > 1
    assert no_desk(folder)
    enrolling = Enrolling(folder, clock, FLOOR)
    assert enrolling.begun_as == "Room 2 desk"
    with psycopg.connect(central.database) as connection:
        pages = connection.execute(
            "SELECT count(*), count(DISTINCT (stream, record)) FROM page_sent WHERE record IS NOT NULL"
            " AND device = (SELECT used_by FROM enrolment_code WHERE centres <> '{}')"
        ).fetchone()
        desks = connection.execute("SELECT count(*) FROM device WHERE letter IN ('A', 'B', 'C')").fetchone()
    assert pages is not None
    sent, different = pages
    assert different >= RECORDS // MAX_RECORDS
    assert sent - different <= UNSTORED_PAGES * kills
    assert desks == (2,)

    clock.pass_(days=30)  # the code has long ended, and was used: it is asked for nothing but what lies here
    joined = enrolling.join(central.server.url, code, "Room 2 desk")
    (dana,) = joined.staff
    enrolling.admit_colleague(joined, dana[0], PASSPHRASE)
    assert not folder.begun.exists()
    table = DeskOnTable(folder, clock)
    store = table.sign_in("Dana Brook", PASSPHRASE).desk.store
    assert store.count(Centre) == RECORDS + 1
    assert store.soundness.damage() == ()
    table.close()


def stopped_in_the_middle(folder: DeskFolder, central: Central, code: str, clock: StillClock) -> None:
    enrolling = Enrolling(folder, clock, FLOOR)
    with pytest.raises(Problem, match="You stopped it"):
        enrolling.join(central.server.url, code, "Room 2 desk", lambda words: enrolling.cancel() if words else None)


def test_what_has_come_opens_with_the_code_and_the_secret_together_alone(
    central: Central, centre: UUID, tmp_path: Path, clock: StillClock
) -> None:
    folder, code = fresh_pc(tmp_path / "second"), central.code(make_code, centres=(centre,))
    stopped_in_the_middle(folder, central, code, clock)
    begun, came = folder.begun.read_bytes(), folder.records.stat().st_size
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    with pytest.raises(Problem, match="did not take this computer in"):
        Enrolling(folder, clock, FLOOR).join(central.server.url, mistyped, "Room 2 desk")
    assert (folder.begun.read_bytes(), folder.records.stat().st_size) == (begun, came), "a mistyped code spoils nothing"
    secret = folder.key_file.read_bytes()
    folder.key_file.unlink()
    with pytest.raises(Problem, match="did not take this computer in"):
        Enrolling(folder, clock, FLOOR).join(central.server.url, code, "Room 2 desk")
    folder.key_file.write_bytes(secret)
    joined = Enrolling(folder, clock, FLOOR).join(central.server.url, code.lower().replace("-", " "), "Room 2 desk")
    assert [name for _, name in joined.staff] == ["Dana Brook"]


def test_with_another_code_it_begins_anew_and_leaves_nothing_of_the_first(
    central: Central, centre: UUID, tmp_path: Path, clock: StillClock
) -> None:
    folder = fresh_pc(tmp_path / "second")
    stopped_in_the_middle(folder, central, central.code(make_code, centres=(centre,)), clock)
    begun, steps, tasks = folder.begun.read_bytes(), Enrolling(folder, clock, FLOOR), Tasks()
    window = EnrolWindow(steps, tasks, begun_as=steps.begun_as)
    page = Window(window)
    page.bring_to_front()
    page.until_shown("Joining had begun here. With the same code it goes on where it was")
    assert window.name.text() == "Room 2 desk"
    tasks.close()
    window.close()
    joined = Enrolling(folder, clock, FLOOR).join(
        central.server.url, central.code(make_code, centres=(centre,)), "Room 3 desk"
    )
    assert folder.begun.read_bytes() != begun
    assert count_in(folder, joined, clock) == RECORDS + 1


def count_in(folder: DeskFolder, joined: Joined, clock: StillClock) -> int:
    store = Store.open(folder.records, joined.database_key.key, Signer(joined.enrolled.device, bytes), clock)
    try:
        return store.count(Centre)
    finally:
        store.close()
