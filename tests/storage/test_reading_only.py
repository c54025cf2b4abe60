"""A desk that a gate lets open to be read only: nothing is written into its files, and every look is kept."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Draft, Event, Store, edit
from livingwell_desktop.storage.database import open_engine
from livingwell_desktop.storage.migrate import NewerRecords, migrations
from livingwell_desktop.storage.reading_only import OnlyReadError, ReadOnlyStore
from livingwell_desktop.storage.rescue import collect
from livingwell_desktop.storage.seen_events import seen_path
from tests.conftest import DESK, KEY, StillClock, unsigned
from tests.storage.damage import ME, lying, opened, register

REASON = Problem("A newer program made these records", "The file is newer.", "Call the IT help desk.")
LOOKED = Event("view: a record", UUID(int=1), None, {"act": "see"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A desk that a newer program has used, killed with changes in its log."""
    there = tmp_path / "records.db"
    store = opened(there)
    register(store, "Sentinelname")
    with store._writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    files = lying(store)
    store.close()
    return files.lay(there)


def to_read(path: Path) -> ReadOnlyStore:
    return ReadOnlyStore.open_to_read(path, KEY, unsigned(DESK), StillClock(), REASON)


def updated(path: Path) -> Store:
    """The program was updated: what made the file is no newer than it."""
    engine = open_engine(path, KEY)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {len(migrations())}")
    engine.dispose()
    return opened(path)


def test_everything_can_be_asked_and_nothing_written(path: Path) -> None:
    with pytest.raises(NewerRecords):
        opened(path)
    before = {each: each.read_bytes() for each in path.parent.iterdir() if "-shm" not in each.name}
    store = to_read(path)
    (held,) = store.find(Person)
    assert held.value.given_name == "Sentinelname"
    assert store.waiting().count == 1
    refused: list[Callable[[], object]] = [
        lambda: store.write([edit(held, phone="07700 900123")], [], ME),
        lambda: store.save_draft(Draft(UUID(int=2), UUID(int=3), "note", held.id, {}, (), store.clock())),
        lambda: store.keep_fact("a", "b"),
        lambda: store.change_key(KEY, bytes(32)),
        lambda: store.receive([], "alliance"),
    ]
    for verb in refused:
        with pytest.raises(OnlyReadError, match="can only be read") as told:
            verb()
        assert REASON.title in told.value.what_happened
        assert REASON.what_to_do in told.value.what_to_do
    store.checkpoint()
    store.empty_second_file()
    store.close()
    assert {each: each.read_bytes() for each in before} == before


def test_who_looked_is_in_the_audit_when_the_desk_can_write_again_and_only_once(path: Path) -> None:
    store = to_read(path)
    store.record_events([LOOKED, LOOKED], UUID(int=9))
    store.record_events([Event("refused")], None)
    store.close()
    seen = seen_path(path).read_bytes()
    assert b"view: a record" not in seen
    again = to_read(path)
    again.record_events([LOOKED], UUID(int=9))
    again.close()
    seen = seen_path(path).read_bytes()
    store = updated(path)
    events = [(row.event, row.staff, row.subject) for row in store.audit.rows()]
    looked = (LOOKED.name, UUID(int=9), LOOKED.subject)
    assert events[-4:] == [looked, looked, ("refused", None, None), looked]
    assert not seen_path(path).exists()
    assert store.soundness.damage() == ()
    store.close()
    seen_path(path).write_bytes(seen)  # as if the power had gone before it was taken away
    store = opened(path)
    assert len(list(store.audit.rows())) == len(events)
    store.close()


def test_a_look_that_cannot_be_kept_is_not_shown(path: Path) -> None:
    store = to_read(path)
    seen_path(path).mkdir()
    with pytest.raises(Problem):
        store.record_events([LOOKED], None)
    store.close()


def test_tables_that_this_program_does_not_know_are_not_guessed_at_and_the_unsent_can_be_saved(path: Path) -> None:
    engine = open_engine(path, KEY)
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE record RENAME COLUMN body TO content")
    engine.dispose()
    with pytest.raises(Problem, match="newer program") as told:
        to_read(path)
    assert told.value is REASON
    assert collect(path, KEY, DESK).changes == 1
