"""Every save is in two files before it is said to be saved, and what one of them loses the other gives back."""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Author, Draft, Event, Receipt, Store, create, edit
from livingwell_desktop.storage.putting_back import OpeningReport
from livingwell_desktop.storage.rekeying import ClosedStoreError
from livingwell_desktop.storage.second_file import SecondFile
from livingwell_desktop.storage.second_frames import SavedAct
from tests.conftest import KEY, StillClock
from tests.storage.damage import (
    LOG_FRAME,
    LOG_HEADER,
    ME,
    Files,
    flipped,
    in_a_folder_of_its_own,
    lying,
    opened,
    register,
)

TRIALS = 100


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Store]:
    """A desk that has been in use: what it holds lies in the database, and its log begins anew."""
    path = tmp_path / "desk" / "records.db"
    path.parent.mkdir()
    store = opened(path)
    register(store, "Before")
    store.close()
    store = opened(path)
    yield store
    store.close()


@pytest.fixture
def laid(tmp_path: Path) -> Callable[[Files], Path]:
    return in_a_folder_of_its_own(tmp_path / "next day")


@contextmanager
def next_day(path: Path) -> Iterator[Store]:
    store = opened(path)
    try:
        yield store
    finally:
        store.close()


def kept(store: Store) -> list[SavedAct]:
    """The acts that lie in the second file."""
    found = SecondFile(store.path.with_name(f"{store.path.name}-second"), KEY).read()
    assert found.whole
    return [part for part in found.parts if isinstance(part, SavedAct)]


def chain(store: Store) -> list[tuple[int, bytes, bytes]]:
    return [(each.envelope.n, each.envelope.hash, each.change.id) for each in store.unsent(10_000)]


def test_a_save_is_in_both_files_when_it_returns(desk: Store) -> None:
    before = len(kept(desk))
    person = register(desk, "Kit")
    held = desk.get(Person, person)
    assert held is not None
    desk.write([edit(held, phone="07700 900123"), create(uuid4(), Person(given_name="Lee"))], [], ME)
    acts = kept(desk)[before:]
    assert [len(act.changes) for act in acts] == [1, 2]
    assert [(each.envelope.n, each.envelope.hash, each.change.id) for act in kept(desk) for each in act.changes] == (
        chain(desk)
    )


def test_a_flipped_bit_in_the_log_loses_nothing(desk: Store, laid: Callable[[Files], Path]) -> None:
    """SQLite reads a flipped bit in the log as the end of the log, and says nothing: all later saves are gone."""
    chance = Random(20261123)
    people = [register(desk, f"P{number}") for number in range(12)]
    whole, heads = lying(desk), desk.soundness.heads()
    assert whole.log is not None
    used = LOG_HEADER + (len(whole.log) - LOG_HEADER) // LOG_FRAME * LOG_FRAME
    noticed = 0
    for trial in range(TRIALS):
        with next_day(laid(replace(whole, log=flipped(whole.log, chance, 0, used)))) as store:
            report = store.soundness.opening
            noticed += report.put_back > 0
            assert all(store.get(Person, person) for person in people), trial
            assert chain(store) == chain(desk), trial
            assert store.soundness.heads().outbox == heads.outbox
            assert store.count(Person) == desk.count(Person)
    assert noticed == TRIALS


def test_putting_back_is_done_once_and_tells_the_audit(desk: Store, laid: Callable[[Files], Path]) -> None:
    register(desk, "Kit")
    files = lying(desk)
    path = laid(replace(files, log=None))
    with next_day(path) as store:
        assert store.soundness.opening.put_back == 1
        assert store.soundness.opening.audit_lost == 1
        with store._reading() as connection:
            events = [row[0] for row in connection.exec_driver_sql("SELECT event FROM audit ORDER BY n")]
        assert events[-2:] == ["events lost", "put back after damage"]
    with next_day(path) as store:
        assert store.soundness.opening == OpeningReport()
        assert store.count(Person) == 2


def test_a_draft_that_became_a_record_does_not_come_back_beside_it(
    desk: Store, laid: Callable[[Files], Path], clock: StillClock
) -> None:
    staff, person = uuid4(), uuid4()
    draft = Draft(uuid4(), staff, "registration", person, {"name": "Kit"}, (), clock())
    desk.save_draft(draft)
    before = lying(desk)
    desk.write([create(person, Person(given_name="Kit"))], [], ME, forget=draft.id)
    with next_day(laid(replace(before, second=lying(desk).second))) as store:
        assert store.soundness.opening.put_back == 1
        assert store.get(Person, person) is not None
        assert store.drafts_of(staff) == ()


def test_a_desk_killed_between_the_two_files_puts_back_what_it_had_not_said_yet(
    desk: Store, laid: Callable[[Files], Path]
) -> None:
    before = lying(desk)
    person = register(desk, "Kit")
    second = lying(desk).second
    assert second is not None
    acts, end = SecondFile(laid(replace(before, second=second)).with_name("records.db-second"), KEY), len(second)
    assert len(acts.read().parts) > 1
    for cut in range(len(before.second or b""), end, 7):
        with next_day(laid(replace(before, second=second[:cut]))) as store:
            whole = store.soundness.opening.put_back == 1
            assert (store.get(Person, person) is not None) == whole
            assert store.count(Person) == 1 + whole
            assert store.soundness.opening.audit_lost == 0 or whole
            register(store, "After")
            assert [link[0] for link in chain(store)] == list(range(1, 3 + whole))


def test_a_second_file_that_is_missing_or_damaged_is_made_anew_and_said(
    desk: Store, laid: Callable[[Files], Path]
) -> None:
    chance = Random(7)
    for name in ("Kit", "Lee", "Bo"):
        register(desk, name)
    files = lying(desk)
    assert files.second is not None
    with next_day(laid(files)) as store:
        assert store.soundness.opening == OpeningReport()
    spoilt = [
        None,
        b"",
        files.second[:100],
        *(flipped(files.second, chance, 0, len(files.second) - 140) for _ in range(40)),
    ]
    for second in spoilt:
        with next_day(laid(replace(files, second=second))) as store:
            assert store.soundness.opening == OpeningReport(second_file_remade=True)
            assert chain(store) == chain(desk)
            assert [each.change.id for act in kept(store) for each in act.changes] == [link[2] for link in chain(desk)]


def test_a_store_from_before_there_was_a_second_file_gets_one_without_a_word(tmp_path: Path) -> None:
    store = opened(tmp_path / "records.db")
    register(store, "Kit")
    with store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM meta")
    store.close()
    (tmp_path / "records.db-second").unlink()
    with next_day(tmp_path / "records.db") as again:
        assert again.soundness.opening == OpeningReport()
        assert len(kept(again)) == 1


def test_an_old_file_put_back_is_noticed_and_gets_its_unsent_changes_back(
    desk: Store, laid: Callable[[Files], Path]
) -> None:
    old = lying(desk)
    people = [register(desk, f"P{number}") for number in range(5)]
    with next_day(laid(replace(old, second=lying(desk).second))) as store:
        assert store.soundness.opening.put_back == 5
        assert all(store.get(Person, person) for person in people)
        assert chain(store) == chain(desk)
        register(store, "After")
        assert [link[0] for link in chain(store)] == list(range(1, 8))


def test_numbers_of_changes_that_were_sent_and_lost_are_not_used_again(
    desk: Store, laid: Callable[[Files], Path]
) -> None:
    old = lying(desk)
    for number in range(4):
        register(desk, f"Sent {number}")
    desk.acknowledge([Receipt(each.change.id, each.change.content_hash) for each in desk.unsent()])
    register(desk, "Waiting")
    desk.empty_second_file()
    assert len(kept(desk)) == 1
    with next_day(laid(replace(old, second=lying(desk).second))) as store:
        assert (store.soundness.opening.put_back, store.soundness.opening.sent_lost) == (1, 4)
        assert chain(store)[-1] == chain(desk)[-1]
        assert store.soundness.heads().outbox == desk.soundness.heads().outbox
        register(store, "After")
        assert chain(store)[-1][0] == 7


def test_the_second_file_is_emptied_of_what_has_a_receipt(desk: Store) -> None:
    for number in range(60):
        register(desk, f"P{number}")
    size = len(lying(desk).second or b"")
    assert size > 64 * 1024 // 2
    for each in range(40):
        register(desk, f"Q{each}")
    desk.acknowledge([Receipt(each.change.id, each.change.content_hash) for each in desk.unsent()])
    assert kept(desk) == []
    assert len(lying(desk).second or b"") < 1000
    register(desk, "After")
    desk.record_events([Event("view", uuid4())], None)
    assert len(kept(desk)) == 1


def test_events_that_change_no_record_move_the_known_head(desk: Store, laid: Callable[[Files], Path]) -> None:
    register(desk, "Kit")
    before = lying(desk)
    for _ in range(3):
        desk.record_events([Event("view", uuid4())], None)
    with next_day(laid(replace(before, second=lying(desk).second))) as store:
        assert (store.soundness.opening.put_back, store.soundness.opening.audit_lost) == (0, 3)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The operating system refuses to make any file of this process longer, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_full_disk_under_the_second_file_fails_the_whole_save_in_the_usual_words(
    desk: Store, laid: Callable[[Files], Path]
) -> None:
    for number in range(150):
        register(desk, f"P{number}")
    # Not the log, which has room left from here on, but the second file, which has none.
    with desk._reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    before, waiting = len(kept(desk)), desk.waiting().count
    size = (desk.path.with_name("records.db-second")).stat().st_size
    assert desk.path.with_name("records.db-wal").stat().st_size < size
    with no_file_longer_than(size + 10), pytest.raises(Problem, match="disk is full") as full:
        register(desk, "Kit")
    assert "not saved" in full.value.what_happened
    assert (desk.waiting().count, len(kept(desk))) == (waiting, before)
    register(desk, "Lee")
    assert (desk.waiting().count, len(kept(desk))) == (waiting + 1, before + 1)
    with next_day(laid(lying(desk))) as store:
        assert store.soundness.opening == OpeningReport()
        assert store.waiting().count == waiting + 1


def test_a_full_disk_under_the_store_takes_the_change_out_of_the_second_file(
    desk: Store, laid: Callable[[Files], Path]
) -> None:
    with desk._reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    register(desk, "Kit")
    before, size = lying(desk), desk.path.with_name("records.db-wal").stat().st_size
    assert size > len(before.second or b"") + 8000
    with no_file_longer_than(size), pytest.raises(Problem, match="disk is full"):
        register(desk, "Lee")
    assert lying(desk).second == before.second
    with next_day(laid(lying(desk))) as store:
        assert store.soundness.opening == OpeningReport()
        assert store.waiting().count == 2


def test_a_disk_that_was_full_when_the_desk_opened_does_not_stop_reading_and_saves_again_later(desk: Store) -> None:
    person, *_ = [register(desk, f"P{number}") for number in range(90)]
    desk.close()
    desk.path.with_name("records.db-second").unlink()
    with no_file_longer_than(40_000):
        store = opened(desk.path)
        assert store.get(Person, person) is not None
        with pytest.raises(Problem, match="disk is full"):
            register(store, "Lee")
    register(store, "Lee")
    assert len(kept(store)) == 92
    store.close()


def test_another_disk_has_a_third_copy_and_losing_it_stops_nobody(tmp_path: Path) -> None:
    path, other = tmp_path / "desk" / "records.db", tmp_path / "other disk"
    path.parent.mkdir()
    store = opened(path, other)
    assert store.other_disk_works
    person = register(store, "Kit")
    (copy,) = other.iterdir()
    assert b"Kit" not in copy.read_bytes()
    store.close()
    for ending in ("", "-second"):
        path.with_name(f"records.db{ending}").unlink()
    again = opened(path, other)
    assert again.soundness.opening.put_back == 1
    assert again.get(Person, person) is not None
    again.close()
    copy.unlink()
    other.rmdir()
    other.write_bytes(b"not a folder")
    third = opened(path, other)
    assert third.soundness.opening.other_disk_failed
    assert not third.other_disk_works
    register(third, "Lee")
    assert third.count(Person) == 2
    third.close()


def test_another_disk_that_fills_up_is_given_up_and_saving_goes_on(tmp_path: Path) -> None:
    store = opened(tmp_path / "records.db", tmp_path / "other disk")
    twice = store._twice
    assert twice._other is not None
    register(store, "Kit")
    os.close(twice._other._descriptor)
    twice._other._descriptor = os.open("/dev/full", os.O_RDWR)
    register(store, "Lee")
    assert not store.other_disk_works
    register(store, "Bo")
    assert len(kept(store)) == 3
    store.close()


def test_a_disk_that_takes_bytes_and_does_not_keep_them_has_the_file_made_anew(desk: Store) -> None:
    file = desk._twice._main
    os.close(file._descriptor)
    file._descriptor = os.open(os.devnull, os.O_RDWR)  # it takes every byte, and cannot be synced
    register(desk, "Kit")
    assert len(kept(desk)) == 2


def test_both_files_have_the_new_key_when_the_key_was_changed(desk: Store, laid: Callable[[Files], Path]) -> None:
    new_key = bytes(reversed(KEY))
    register(desk, "Kit")
    desk.change_key(KEY, new_key)
    register(desk, "Lee")
    path = laid(lying(desk))
    assert SecondFile(path.with_name("records.db-second"), KEY).read().parts == ()
    store = Store.open(path, new_key, desk.signer, desk.clock)
    assert store.soundness.opening == OpeningReport()
    assert store.count(Person) == 3
    store.close()


def test_a_store_that_was_closed_touches_its_files_no_more(desk: Store) -> None:
    person = register(desk, "Sentinelname")
    files = lying(desk)
    desk.close()
    assert files.log is not None
    path = replace(files, log=files.log[:LOG_HEADER] + bytes(len(files.log) - LOG_HEADER)).lay(desk.path)
    second = path.with_name("records.db-second").read_bytes()
    late: list[Callable[[], object]] = [
        lambda: desk.record_events([Event("view")], None),
        desk.waiting,
        desk.empty_second_file,
        lambda: desk.change_key(KEY, bytes(32)),
    ]
    for each in late:
        with pytest.raises(ClosedStoreError):
            each()
    assert path.with_name("records.db-second").read_bytes() == second
    with next_day(path) as store:
        assert store.soundness.opening.put_back == 1
        assert store.get(Person, person) is not None


def test_a_change_twice_in_the_files_is_once_in_the_store(desk: Store, laid: Callable[[Files], Path]) -> None:
    author = Author(uuid4(), None, "check in")
    desk.write([create(uuid4(), Person(given_name=f"P{number}")) for number in range(3)], [], author)
    files = lying(desk)
    for _ in range(3):
        path = laid(files)
        with next_day(path) as store:
            assert store.soundness.opening == OpeningReport()
            files = lying(store)
            assert chain(store) == chain(desk)
