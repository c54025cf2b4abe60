"""A desk killed at any moment: what it had said to be saved is there, whole, and the next desk goes on from it."""

import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from livingwell_desktop.domain.audit import verify
from livingwell_desktop.domain.changes import envelope
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.storage import Store
from tests.faults.writer import DESK, DRAFT, STAFF, opened, visit_number

pytestmark = pytest.mark.slow

KILLS = 24
ROOT = Path(__file__).resolve().parents[2]


def write_and_be_killed(file: Path, first: int, chance: random.Random) -> list[tuple[str, int]]:
    """Let a desk write, kill it at some moment, and give back what it had acknowledged."""
    command = [sys.executable, "-m", "tests.faults.writer", str(file), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        said = b""
        if chance.random() < 0.3:
            # Perhaps while it opens the file, perhaps between two commits.
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.05, 0.7))
        else:
            for _ in range(chance.randrange(1, 120)):
                said += process.stdout.readline()
        process.kill()
        said += process.stdout.read()
    # A line is one write of a few bytes to a pipe: whole, or not there.
    return [(kind, int(number)) for kind, number in (line.split() for line in said.decode().splitlines())]


def test_what_was_said_to_be_saved_is_there_after_any_kill(tmp_path: Path) -> None:
    file, chance, acknowledged, first = tmp_path / "records.db", random.Random(20261123), list[tuple[str, int]](), 0
    for kill in range(1, KILLS + 1):
        acknowledged += write_and_be_killed(file, first, chance)
        store = opened(file)
        try:
            check(store, acknowledged)
            first = 1000 * kill
        finally:
            store.close()
    assert len(acknowledged) > KILLS


def check(store: Store, acknowledged: list[tuple[str, int]]) -> None:
    """Every acknowledged write and draft is there; no act is half there; chains and pages are whole."""
    visits = {held.id: held.value for held in store.find(Visit)}
    for kind, number in acknowledged:
        if kind == "visit":
            assert visits[visit_number(number)].ticket == f"A{number:02}"
        elif kind == "called":
            assert visits[visit_number(number)].state is VisitState.WITH_SOMEONE
    typed = [number for kind, number in acknowledged if kind == "draft"]
    if typed:
        (draft,) = store.drafts_of(STAFF)
        assert draft.id == DRAFT
        assert int(str(draft.body["typed"])) >= max(typed)
    with store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        events = connection.exec_driver_sql(
            "SELECT n, at, staff, event, subject, record, detail, prev, hash FROM audit"
        ).all()
    # Each act has its events or is not there: two for a check-in (its own and its change's), one for a call. One that
    # was killed between the second file and the commit was put back, and has one event for each change that says so.
    called = sum(visit.state is VisitState.WITH_SOMEONE for visit in visits.values())
    named = [row[3] for row in events]
    back = named.count("put back after damage")
    assert len(store.unsent(100_000)) == len(visits) + called == named.count("check in: visit") + back
    assert 0 <= len(visits) - named.count("check in") <= back
    assert len(named) == named.count("check in") + named.count("check in: visit") + back
    assert verify(DESK, store.audit.rows).findings == ()
    chain_is_whole(store)


def chain_is_whole(store: Store) -> None:
    """The outbox counts from 1 without a gap, each link made from the one before."""
    prev = None
    unsent = store.unsent(100_000)
    assert [each.envelope.n for each in unsent] == list(range(1, len(unsent) + 1))
    for each in unsent:
        assert prev is None or each.envelope.prev == prev
        made = envelope(DESK, each.envelope.n, each.envelope.prev, each.change.id, each.change.content_hash)
        assert made.hash == each.envelope.hash
        prev = each.envelope.hash
