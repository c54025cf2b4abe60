"""Changing the database key: for everybody who stays, for nobody who left, and never half after a power cut."""

import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlcipher3 import dbapi2

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.security.keyrings import KeyFileStore, create_device_secret
from livingwell_desktop.security.member_keys import create_member_keys
from livingwell_desktop.security.rotation import rotate
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_problems import NoSlot
from livingwell_desktop.security.slots import DatabaseKey, create_database_key, create_slot, open_slot
from livingwell_desktop.storage import Author, Store, create
from livingwell_desktop.storage.rekeying import key_that_opens
from tests.conftest import StillClock, unsigned
from tests.faults.key_changer import signed_in
from tests.security.admitted_member import FLOOR, PASSPHRASE, grant

ROOT = Path(__file__).resolve().parents[2]
KILLS = 12


@pytest.fixture
def folder(tmp_path: Path, clock: StillClock) -> Iterator[Path]:
    """A desk with records, where Rosa and Maya may sign in."""
    secret, key = create_device_secret(), create_database_key()
    KeyFileStore(tmp_path / "device.key").save(secret)
    for member in ("rosa", "maya"):
        slot = create_slot(
            create_member_keys(member),
            PASSPHRASE,
            key,
            device_id="desk-1",
            device_secret=secret,
            grant=grant(member),
            parameters=FLOOR,
        )
        SlotFolder(tmp_path / "slots").write(slot)
    store = Store.open(tmp_path / "records.db", key.key, unsigned(), clock)
    store.back_up(tmp_path / "records.before-2")
    for number in range(3):
        writes = [create(_person(number, one), Person(given_name=f"Ana {one}")) for one in range(200)]
        store.write(writes, [], Author(None, None, "test"))
    store.close()
    yield tmp_path


def _person(number: int, one: int) -> UUID:
    return UUID(int=0x0195C000_0000_7000_8000_000000000000 + number * 1000 + one)


def key_of(folder: Path, member: str) -> DatabaseKey:
    secret = KeyFileStore(folder / "device.key").load()
    slot = SlotFolder(folder / "slots").read(member)
    return open_slot(slot, PASSPHRASE, secret, member_id=member, device_id="desk-1").database_key


def test_a_new_key_opens_for_who_stays_and_for_nobody_who_left(folder: Path, clock: StillClock) -> None:
    store, slots, secret, old = signed_in(folder, "rosa")
    copied = slots.read("maya")
    new = rotate(slots, secret, old, lambda member: member.member_id != "maya", store.change_key)
    assert (new.epoch, new.before) == (2, None)
    assert key_of(folder, "rosa") == new
    assert store.count(Person) == 600
    store.write([create(_person(9, 9), Person(given_name="Ola"))], [], Author(None, None, "test"))
    store.close()
    with pytest.raises(NoSlot):
        slots.read("maya")
    # A copy of the slot that was kept, the device secret and the right passphrase: the old key, which opens nothing.
    kept = open_slot(copied, PASSPHRASE, secret, member_id="maya", device_id="desk-1").database_key
    for file in ("records.db", "records.before-2"):
        with pytest.raises(Problem, match="cannot be opened"):
            Store.open(folder / file, kept.key, unsigned(), clock)
        assert key_that_opens(folder / file, [kept.key, new.key]) == new.key
    again = Store.open(folder / "records.db", new.key, unsigned(), clock)
    assert not again.soundness.opening.second_file_remade, "the second file has the new key, too"
    assert again.count(Person) == 601
    again.close()


def test_readers_and_writers_wait_and_go_on(folder: Path) -> None:
    store, slots, secret, key = signed_in(folder, "rosa")
    wrong: list[BaseException] = []
    over = threading.Event()

    def read_and_write() -> None:
        number = 0
        try:
            while not over.is_set():
                assert store.count(Person) >= 600
                number += 1
                writes = [create(_person(threading.get_ident() % 997 + 10, number), Person(given_name="Ada"))]
                store.write(writes, [], Author(None, None, "test"))
        except BaseException as error:  # noqa: BLE001 - told to the test
            wrong.append(error)

    threads = [threading.Thread(target=read_and_write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        key = rotate(slots, secret, key, lambda _member: True, store.change_key)
    over.set()
    for thread in threads:
        thread.join()
    assert not wrong
    with store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
    store.close()


def test_a_failed_change_leaves_the_old_key(folder: Path) -> None:
    store, slots, secret, key = signed_in(folder, "rosa")

    def full_disk(_old: bytes, _new: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        rotate(slots, secret, key, lambda _member: True, full_disk)
    store.close()
    for member in ("rosa", "maya"):
        given = key_of(folder, member)
        assert given.before == key.key
        assert key_that_opens(folder / "records.db", [given.key, key.key]) == key.key
    mended, _slots, _secret, after = signed_in(folder, "maya")
    assert after.before is None
    assert mended.count(Person) == 600
    mended.close()
    assert key_of(folder, "rosa") == after


def test_a_power_cut_in_the_copy_of_before_an_upgrade_is_played_back(folder: Path) -> None:
    copy, key = folder / "records.before-2", key_of(folder, "rosa").key
    journal, cut = copy.with_name(copy.name + "-journal"), folder / "cut"
    cut.mkdir()
    with closing(dbapi2.connect(str(copy), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE filling (words)")
        connection.executemany("INSERT INTO filling VALUES (?)", [("x" * 3000,)] * 200)
        for file in (copy, journal):
            shutil.copy(file, cut)
    for file in (copy, journal):
        shutil.copy(cut / file.name, file)
    store, slots, secret, present = signed_in(folder, "rosa")
    new = rotate(slots, secret, present, lambda _member: True, store.change_key)
    store.close()
    assert not journal.exists()
    assert key_that_opens(copy, [new.key, key]) == new.key


@pytest.mark.slow
def test_killed_anywhere_in_the_change_everybody_still_gets_in(folder: Path) -> None:
    chance, epochs = random.Random(20261123), set[int]()
    for kill in range(KILLS):
        command = [sys.executable, "-m", "tests.faults.key_changer", str(folder), ("rosa", "maya")[kill % 2]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(b"open ")
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.0, 0.15))
            process.kill()
        for member in ("rosa", "maya"):
            given = key_of(folder, member)
            epochs.add(given.epoch)
            keys = [given.key, *([given.before] if given.before else [])]
            right = key_that_opens(folder / "records.db", keys)
            assert right is not None
            store = Store.open(folder / "records.db", right, unsigned(), StillClock())
            assert store.count(Person) == 600
            store.close()
    store, slots, _secret, key = signed_in(folder, "maya")
    store.close()
    assert {key_of(folder, member) for member in ("rosa", "maya")} == {key}
    assert key_that_opens(folder / "records.before-2", [key.key]) == key.key
    assert len(epochs) > KILLS / 2
    assert slots.read("rosa").epoch == key.epoch
