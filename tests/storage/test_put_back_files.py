"""Flipped bits and old pieces put back: SQLCipher's seals notice the first, the chains' heads the second, each time."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from livingwell_desktop.domain.changes import ChainHeads, ChainStanding
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Event, Store, edit
from livingwell_desktop.storage.database import DamagedStore, open_engine, told_apart
from tests.conftest import KEY
from tests.storage.damage import ME, PAGE, Files, flipped, in_a_folder_of_its_own, lying, opened, register

TRIALS = 100
FLIPS = 300


@pytest.fixture
def laid(tmp_path: Path) -> Callable[[Files], Path]:
    return in_a_folder_of_its_own(tmp_path / "next day")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "desk" / "records.db"
    path.parent.mkdir()
    store = opened(path)
    yield store
    store.close()


def work(store: Store, times: int) -> list[UUID]:
    """Some of everything: people registered, phones changed, records looked at."""
    people = [register(store, f"P{number}") for number in range(times)]
    for number, person in enumerate(people):
        held = store.get(Person, person)
        assert held is not None
        store.write([edit(held, phone=f"07700 900{number:03}")], [Event("view", person)], ME)
    return people


def emptied(store: Store) -> Files:
    """The files with everything in the database and nothing in the log."""
    with store._reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return lying(store)


def noticed(path: Path, anchored: ChainHeads) -> str:
    """Open a desk's files as its next start does, and say what noticed that they are not as they were left."""
    try:
        store = opened(path)
    except Problem as problem:
        assert isinstance(problem, DamagedStore)
        return "at opening"
    try:
        if store.soundness.opening.anything:
            return "by the second file"
        if store.soundness.stands_to(anchored) != (ChainStanding.HOLDS, ChainStanding.HOLDS):
            return "by the anchor"
        return "by looking it through" if store.soundness.damage() else ""
    except DamagedStore:
        return "while reading"
    finally:
        store.close()


def test_three_hundred_flipped_bits_are_all_noticed_by_the_seals(desk: Store, laid: Callable[[Files], Path]) -> None:
    work(desk, 30)
    files, chance, found = emptied(desk), Random(20261123), 0
    assert len(files.database) > 30 * PAGE
    for _ in range(FLIPS):
        path = laid(Files(flipped(files.database, chance), None, None))
        try:
            engine = open_engine(path, KEY)
        except DamagedStore:
            found += 1  # the first page, without which nothing can be asked
            continue
        with suppress(DamagedStore), told_apart(), engine.connect() as connection:
            found += bool(connection.exec_driver_sql("PRAGMA cipher_integrity_check").all())
        engine.dispose()
    assert found == FLIPS
    path = laid(Files(files.database, None, None))
    engine = open_engine(path, KEY)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
    engine.dispose()


def test_files_that_were_left_alone_are_not_suspected(desk: Store, laid: Callable[[Files], Path]) -> None:
    work(desk, 10)
    anchored = desk.soundness.heads()
    assert noticed(laid(lying(desk)), anchored) == ""
    assert noticed(laid(emptied(desk)), anchored) == ""
    work(desk, 1)
    assert noticed(laid(lying(desk)), anchored) == "", "a desk that was killed has more than its anchor"


def test_a_flipped_or_old_log_put_back_is_noticed_every_time(desk: Store, laid: Callable[[Files], Path]) -> None:
    work(desk, 5)
    emptied(desk)
    work(desk, 3)
    old = lying(desk)
    work(desk, 3)
    new, anchored, chance = lying(desk), desk.soundness.heads(), Random(1)
    assert old.log is not None
    assert new.log is not None
    for trial in range(TRIALS):
        spoilt = replace(new, log=flipped(new.log, chance))
        assert noticed(laid(spoilt), anchored), trial
        # Both put back together with an older second file: then the anchor alone is left to notice it.
        assert noticed(laid(replace(spoilt, second=old.second)), anchored), trial
    assert noticed(laid(replace(new, log=old.log)), anchored) == "by the second file"
    assert noticed(laid(replace(new, log=None)), anchored) == "by the second file"
    assert noticed(laid(old), anchored) == "by the anchor"


def test_an_old_file_put_back_is_noticed_every_time(desk: Store, laid: Callable[[Files], Path]) -> None:
    chance, states = Random(2), list[Files]()
    for _ in range(12):
        work(desk, chance.randrange(1, 3))
        states.append(lying(desk) if chance.random() < 0.5 else emptied(desk))
    desk.record_events([Event("view", uuid4())], None)
    new, anchored = lying(desk), desk.soundness.heads()
    for trial in range(TRIALS):
        old = chance.choice(states)
        with_second = noticed(laid(replace(old, second=new.second)), anchored)
        assert with_second in ("by the second file", "at opening"), trial
        assert noticed(laid(old), anchored) == "by the anchor", trial


def test_an_old_page_put_back_is_noticed_every_time(desk: Store, laid: Callable[[Files], Path]) -> None:
    people = work(desk, 40)
    old = emptied(desk).database
    for person in people[::3]:
        held = desk.get(Person, person)
        assert held is not None
        desk.write([edit(held, phone="020 7946 0000", given_name="Kim")], [], ME)
    work(desk, 10)
    new, anchored, chance = emptied(desk), desk.soundness.heads(), Random(3)
    # The first page says how long the file is and how often it was changed: an old one of those harms nothing.
    pages = [
        at
        for at in range(PAGE, min(len(old), len(new.database)), PAGE)
        if old[at : at + PAGE] != new.database[at : at + PAGE]
    ]
    assert len(pages) > 30
    answers, ways = answers_of(laid(new)), dict[str, int]()
    for _ in range(TRIALS):
        at = chance.choice(pages)
        page = new.database[:at] + old[at : at + PAGE] + new.database[at + PAGE :]
        way = noticed(laid(replace(new, database=page)), anchored)
        # The search index keeps names of parts of itself that are gone; an old page of those changes no answer.
        way = way or ("changes nothing" if answers_of(laid(replace(new, database=page))) == answers else "")
        ways[way] = ways.get(way, 0) + 1
        assert way, at // PAGE + 1
    assert ways.get("changes nothing", 0) < TRIALS // 10, ways


def answers_of(path: Path) -> list[tuple[object, ...]]:
    """Every row of every table, and who is found by what."""
    store = opened(path)
    try:
        with store._reading() as connection:
            tables = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'person_search%' ORDER BY name"
            ).all()
            rows = [tuple(row) for name, *_ in tables for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]
            for words in ("kim", "p1", "aaa*", '"07700 900001"', *(f"p{number}" for number in range(40))):
                found = connection.exec_driver_sql(
                    "SELECT rowid FROM person_search WHERE person_search MATCH ?", (words,)
                )
                rows.append(tuple(sorted(row[0] for row in found)))
            return rows
    finally:
        store.close()
