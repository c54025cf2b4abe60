"""Rescue: whatever can still be read of a damaged desk is saved, under the same ids, and nothing is ever deleted."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from livingwell_desktop.domain.changes import Change
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Arrival, Author, Draft, Receipt, Store, edit, prepare
from livingwell_desktop.storage.arrivals import Checked
from livingwell_desktop.storage.database import DamagedStore
from livingwell_desktop.storage.identity import Identity
from livingwell_desktop.storage.rescue import (
    collect,
    finish,
    fresh_path,
    put_in_place,
    read_rescue_file,
    write_rescue_file,
)
from livingwell_desktop.storage.salvage import salvaged
from livingwell_desktop.storage.saved_twice import other_path
from livingwell_desktop.storage.second_file import SecondFile
from livingwell_desktop.storage.second_frames import write_frame
from tests.conftest import DESK, KEY, StillClock, unsigned
from tests.storage.damage import ME, PAGE, Files, flipped, in_a_folder_of_its_own, lying, opened, register

AT = datetime(2026, 11, 23, 10, 43, tzinfo=UTC)


@pytest.fixture
def laid(tmp_path: Path) -> Callable[[Files], Path]:
    return in_a_folder_of_its_own(tmp_path / "next day")


@pytest.fixture
def desk(tmp_path: Path, clock: StillClock) -> Iterator[Store]:
    """Four people sent, sixteen saves not sent, a draft, a refused change."""
    path = tmp_path / "desk" / "records.db"
    path.parent.mkdir()
    store = opened(path)
    people = [register(store, f"P{number}") for number in range(4)]
    store.acknowledge([Receipt(each.change.id, each.change.content_hash) for each in store.unsent()])
    for number in range(8):
        person = register(store, f"Q{number}")
        held = store.get(Person, person)
        assert held is not None
        store.write([edit(held, phone="07700 900123")], [], ME)
    store.save_draft(Draft(uuid4(), uuid4(), "note", people[0], {"typed": "Half a word"}, (), clock()))
    yield store
    store.close()


def ids(store: Store) -> set[bytes]:
    return {each.change.id for each in store.unsent(10_000)}


def saved(path: Path) -> set[bytes]:
    rescued = collect(path, KEY, DESK)
    return {each.change.id for act in rescued.acts for each in act.changes}


def test_either_file_gives_everything_that_was_not_sent(desk: Store, laid: Callable[[Files], Path]) -> None:
    files, unsent = lying(desk), ids(desk)
    assert len(unsent) == 16
    # A second file is emptied now and then: it may still hold what was sent, which is harmless to send again.
    sent = {node.change.id for arrival in sent_before(desk) for node in arrival.nodes if isinstance(node, Checked)}
    assert saved(laid(files)) == unsent, "the store knows what was sent"
    for damaged in (
        files,
        replace(files, second=None),
        replace(files, log=None),
        replace(files, database=b"rubbish" * 5000, log=None),
        replace(files, database=b"", log=None),
    ):
        path = laid(damaged)
        before = {file: file.read_bytes() for file in path.parent.iterdir()}
        assert unsent <= saved(path) <= unsent | sent
        assert {file: file.read_bytes() for file in before} == before, "nothing is written into damaged files"
    path = laid(files)
    path.unlink()
    assert unsent <= saved(path) <= unsent | sent


def test_pages_that_cannot_be_read_cost_only_the_rows_on_them(desk: Store, laid: Callable[[Files], Path]) -> None:
    with desk._reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files, unsent, chance = lying(desk), ids(desk), Random(5)
    alone = replace(files, second=None)
    best = 0
    for _ in range(40):
        # Two pages of the database gone, and the second file too: what is left of both is what there is.
        database = files.database
        for _ in range(2):
            database = flipped(database, chance, PAGE)
        path = laid(replace(alone, database=database))
        rescued = collect(path, KEY, DESK)
        found = {each.change.id for act in rescued.acts for each in act.changes}
        assert found <= unsent
        assert len(found) + rescued.lost <= len(unsent)
        best = max(best, len(found))
    assert best == len(unsent)


def test_a_rescue_file_gives_back_what_it_was_given(desk: Store, tmp_path: Path) -> None:
    rescued = collect(desk.path, KEY, DESK)
    assert (rescued.changes, rescued.drafts, rescued.lost) == (16, 1, 0)
    write_rescue_file(tmp_path / "unsent.rescue", KEY, rescued)
    assert b"Half a word" not in (tmp_path / "unsent.rescue").read_bytes()
    read = read_rescue_file(tmp_path / "unsent.rescue", KEY)
    assert (read.acts, read.heads, read.kept) == (rescued.acts, rescued.heads, rescued.kept)
    assert read_rescue_file(tmp_path / "unsent.rescue", bytes(32)).changes == 0


def sent_before(desk: Store) -> list[Arrival]:
    """What the server would give: the changes that have a receipt."""
    with desk._reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT c.id, c.content, c.salt, c.content_hash, c.device, c.signature"
            " FROM change c JOIN outbox o ON o.change = c.id WHERE o.receipt IS NOT NULL ORDER BY o.n"
        ).all()
    return [
        prepare(number, Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5]))
        for number, row in enumerate(rows, 1)
    ]


@pytest.mark.parametrize("downloaded_first", [True, False])
def test_a_fresh_copy_takes_in_what_was_saved_and_goes_on_in_the_same_chain(
    desk: Store, tmp_path: Path, downloaded_first: bool
) -> None:
    held = desk.find(Person)[0]
    desk.write([edit(held, email="kit@example.org")], [], ME)  # its parent was sent: it comes with the download
    rescued, chain = collect(desk.path, KEY, DESK), desk.unsent()
    fresh = Store.open(tmp_path / "fresh.db", KEY, unsigned(DESK), StillClock())
    arrivals = sent_before(desk)
    fresh.soundness.go_on_after(rescued.heads)
    assert fresh.soundness.heads().outbox == desk.soundness.heads().outbox
    if downloaded_first:
        fresh.receive(arrivals, "alliance")
    assert fresh.soundness.take_in(rescued).put_back == 17
    assert fresh.soundness.take_in(rescued).put_back == 0, "asked twice, nothing comes twice"
    if not downloaded_first:
        fresh.receive(arrivals, "alliance")
    assert fresh.unsent() == chain
    assert fresh.count(Person) == desk.count(Person) == 12
    assert [person.value for person in fresh.find(Person, order="given_name")] == [
        person.value for person in desk.find(Person, order="given_name")
    ]
    with fresh._reading() as connection:
        drafts = connection.exec_driver_sql("SELECT body FROM draft").all()
    assert ["Half a word" in row[0] for row in drafts] == [True]
    register(fresh, "After")
    assert fresh.unsent()[-1].envelope.n == chain[-1].envelope.n + 1
    assert fresh.unsent()[-1].envelope.prev == chain[-1].envelope.hash
    assert fresh.soundness.damage() == ()
    fresh.close()


@pytest.mark.parametrize("lost", [{5}, {12}, {20}, {5, 6, 13, 20}])
def test_a_chain_with_changes_that_are_lost_for_good_is_joined(desk: Store, tmp_path: Path, lost: set[int]) -> None:
    whole = collect(desk.path, KEY, DESK)
    acts = tuple(act for act in whole.acts if act.changes[0].envelope.n not in lost)
    rescued = replace(whole, acts=acts, lost_links=frozenset(lost))
    fresh = Store.open(tmp_path / "fresh.db", KEY, unsigned(DESK), StillClock())
    fresh.soundness.go_on_after(rescued.heads)
    fresh.receive(sent_before(desk), "alliance")
    fresh.soundness.take_in(rescued)
    register(fresh, "After")
    waiting = fresh.unsent(100)
    assert len(waiting) + len(parked(fresh)) == 16 - len(lost) + 1
    prev = desk_link(desk, 4)
    with fresh._reading() as connection:
        links = connection.exec_driver_sql("SELECT n, prev, hash FROM outbox WHERE n > 4 ORDER BY n").all()
    assert [link[0] for link in links] == list(range(5, 5 + len(waiting)))
    for _, before, link in links:
        assert before == prev
        prev = link
    fresh.close()


def parked(store: Store) -> list[bytes]:
    """Changes whose parent is among those that are lost: kept, and sent when somebody brings it."""
    with store._reading() as connection:
        return [bytes(row[0]) for row in connection.exec_driver_sql("SELECT id FROM parked")]


def desk_link(store: Store, n: int) -> bytes:
    with store._reading() as connection:
        return bytes(connection.exec_driver_sql("SELECT hash FROM outbox WHERE n = ?", (n,)).scalar() or b"")


def test_words_that_the_server_would_not_take_are_saved_too(desk: Store, tmp_path: Path) -> None:
    refused = desk.unsent()[0].change
    desk.refused([(refused.id, "not allowed")])
    rescued = collect(desk.path, KEY, DESK)
    assert rescued.changes == 15
    fresh = Store.open(tmp_path / "fresh.db", KEY, unsigned(DESK), StillClock())
    fresh.soundness.take_in(rescued)
    with fresh._reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, content, reason FROM refused").all()
    assert [tuple(row) for row in rows] == [(refused.id, refused.content, "not allowed")]
    fresh.close()


class PowerCutError(Exception):
    """The power went."""


def test_a_power_cut_at_any_step_leaves_the_damaged_or_the_whole_and_never_deletes_what_was(
    desk: Store, laid: Callable[[Files], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = lying(desk)
    path = laid(replace(files, database=b"rubbish" * 5000))
    steps, real = 0, Path.replace
    while True:
        path = laid(replace(files, database=b"rubbish" * 5000))
        rescued = collect(path, KEY, DESK)
        fresh = Store.open(fresh_path(path), KEY, unsigned(DESK), StillClock())
        fresh.soundness.take_in(rescued)
        fresh.close()
        left = [steps]

        def cut(self: Path, target: Path, left: list[int] = left) -> Path:
            if left[0] == 0:
                raise PowerCutError
            left[0] -= 1
            return real(self, target)

        monkeypatch.setattr(Path, "replace", cut)
        try:
            put_in_place(path, AT)
            done = True
        except PowerCutError:
            done = False
        monkeypatch.setattr(Path, "replace", real)
        finish(path, AT.replace(minute=50))
        kept = {file.name: file.read_bytes() for file in path.parent.rglob("*") if file.is_file()}
        assert files.second in kept.values(), steps
        assert b"rubbish" * 5000 in kept.values(), steps
        if path.read_bytes().startswith(b"rubbish"):
            assert saved(path) >= ids(desk)
        else:
            store = opened(path)
            assert ids(store) >= ids(desk)
            store.close()
        assert not list(path.parent.glob("fresh-*"))
        assert not list(path.parent.glob("whole-*"))
        if done:
            break
        steps += 1
    assert steps >= 6


def test_a_page_that_cannot_be_read_in_the_middle_of_the_day_is_met_again_at_the_next_opening(
    desk: Store, laid: Callable[[Files], Path]
) -> None:
    with desk._reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        root = int(connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'change'").scalar() or 0)
    files, chance = lying(desk), Random(1)
    spoilt = flipped(files.database, chance, (root - 1) * PAGE, root * PAGE)
    path = laid(replace(files, database=spoilt))
    met = 0
    try:
        store = opened(path)  # opening reads little: perhaps not this page
    except DamagedStore:
        met += 1
    else:
        with pytest.raises(DamagedStore):
            store.unsent(10_000)
        store.close()
        assert path.with_name("records.db-damaged").exists()
        with pytest.raises(DamagedStore):
            opened(path)
        met += 1
    assert met
    assert saved(path) == ids(desk)


def test_a_mark_of_damage_that_was_a_mistake_goes_away(desk: Store, laid: Callable[[Files], Path]) -> None:
    path = laid(lying(desk))
    mark = path.with_name("records.db-damaged")
    mark.touch()
    opened(path).close()
    assert not mark.exists()


def test_who_a_desk_is_is_read_from_its_second_file_where_the_store_says_nothing(
    tmp_path: Path, clock: StillClock
) -> None:
    path, other_disk = tmp_path / "records.db", tmp_path / "other"
    for _ in range(2):
        store = Store.open(path, KEY, unsigned(), clock, other_disk)
        store.own.keep_certificates([(0, DESK, "what the alliance certified")])
        store.close()
    path.write_bytes(bytes(path.stat().st_size))
    own = collect(path, KEY, DESK, other_disk).own
    assert [(row.table, b"certified" in row.values) for row in own] == [("certificate", True)]
    # Several desks may share a folder on another disk: it says of none who that is.
    assert b"R" not in {write_frame(part)[:1] for part in SecondFile(other_path(other_disk, DESK), KEY).look().parts}
    fresh = Store.open(tmp_path / "fresh.db", KEY, unsigned(), clock)
    fresh.own.begin_as(own)
    assert fresh.own.certificates([DESK]) == {DESK: "what the alliance certified"}
    fresh.close()


def test_a_desk_goes_on_under_its_newest_name_although_what_is_left_of_its_store_knows_an_older_one(
    tmp_path: Path, clock: StillClock
) -> None:
    path = tmp_path / "records.db"
    store = Store.open(path, KEY, unsigned(), clock)
    first, second = (Identity(UUID(int=number), bytes(32), DESK, "B") for number in (1, 2))
    author = Author(None, None, "found to be a copy")
    store.own.go_on_as(replace(first, former=(DESK,)), [], author)
    store.back_up(tmp_path / "older.db")
    store.own.go_on_as(replace(second, former=(first.device, DESK)), [], author)
    store.empty_second_file()
    store.close()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    (tmp_path / "older.db").replace(path)
    fresh = Store.open(tmp_path / "fresh.db", KEY, unsigned(), clock)
    fresh.own.begin_as(collect(path, KEY, DESK).own)
    assert fresh.signer.device == second.device
    fresh.close()


def test_all_that_can_be_read_of_a_damaged_store_is_salvaged(laid: Callable[[Files], Path], desk: Store) -> None:
    path = laid(lying(desk))
    whole = {node.change.id for each in salvaged(path, KEY) for node in each.nodes if isinstance(node, Checked)}
    assert ids(desk) <= whole
    file = bytearray(path.read_bytes())
    for page in range(4, len(file) // PAGE):
        file[page * PAGE + 100] ^= 1  # nothing but the first pages is left
    path.write_bytes(bytes(file))
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    part = {node.change.id for each in salvaged(path, KEY) for node in each.nodes if isinstance(node, Checked)}
    assert part < whole
