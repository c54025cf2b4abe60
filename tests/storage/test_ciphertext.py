"""The ciphertext gate: no word of any record, draft or event lies readable in any file of a desk, in any phase.

Stock `sqlite3` accepts `PRAGMA key` and writes plain text without a word, so nothing is believed: the bytes are read.
"""

import base64
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlcipher3 import dbapi2

from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Draft, Event, Store, create, edit
from livingwell_desktop.storage.rescue import collect, write_rescue_file
from tests.conftest import KEY, StillClock, unsigned
from tests.storage.damage import ME

SENTINEL = "Sentinelword"
NUMBER = "07700900123"
MODES = ("DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL", "OFF")


def hidden(word: str) -> list[bytes]:
    """A word as it could lie in a file: in the usual encodings, as hex and as base64 would show most of it."""
    plain = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    plain += [word.lower().encode(), word.upper().encode()]
    return [*plain, word.encode().hex().encode(), base64.b64encode(word.encode())[:-4]]


def readable(folder: Path) -> dict[str, set[bytes]]:
    """Every sentinel that can be read in any file under a folder, by file."""
    wanted = [form for word in (SENTINEL, NUMBER) for form in hidden(word)]
    found = dict[str, set[bytes]]()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found[path.name] = {form for form in wanted if form in content}
        if content.startswith(b"SQLite format 3"):
            found[path.name].add(b"SQLite format 3")
    return found


def names(found: dict[str, set[bytes]]) -> set[str]:
    return {name for name, words in found.items() if words}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "other disk").mkdir()
    store = Store.open(tmp_path / "records.db", KEY, unsigned(), StillClock(), tmp_path / "other disk")
    yield store
    store.close()


def plant(store: Store, clock: StillClock) -> None:
    """The sentinels in records, changes, search, audit, drafts and what was refused."""
    person = uuid4()
    store.write([create(person, Person(given_name=SENTINEL, phone=NUMBER))], [], ME)
    held = store.get(Person, person)
    assert held is not None
    event = Event(f"view {SENTINEL}", person, person, {"why": SENTINEL})
    store.write([edit(held, address=f"{SENTINEL} Road", email=f"{SENTINEL}@example.org")], [event], ME)
    store.save_draft(Draft(uuid4(), uuid4(), "note", person, {"typed": SENTINEL}, (), clock()))
    (unsent, *_) = store.unsent()
    store.refused([(unsent.change.id, f"refused because of {SENTINEL}")])


def test_no_file_of_a_desk_can_be_read_in_any_phase(desk: Store, tmp_path: Path, clock: StillClock) -> None:
    plant(desk, clock)
    seen = set(readable(tmp_path))
    assert names(readable(tmp_path)) == set(), "saved, not checkpointed"
    with desk._writing() as connection:
        connection.exec_driver_sql("UPDATE record SET body = body || ' '")
        assert names(readable(tmp_path)) == set(), "in the middle of a transaction"
        connection.exec_driver_sql("PRAGMA cache_spill = 1")
        connection.exec_driver_sql("UPDATE record SET body = trim(body)")
    for mode in ("PASSIVE", "FULL", "RESTART", "TRUNCATE"):
        with desk._reading() as connection:
            connection.exec_driver_sql(f"PRAGMA wal_checkpoint({mode})")
        assert names(readable(tmp_path)) == set(), mode
    plant(desk, clock)
    desk.back_up(tmp_path / "copy.db")
    desk.empty_second_file()
    key = bytes(reversed(KEY))
    rescued = collect(desk.path, KEY, desk.signer.device, tmp_path / "other disk")
    assert rescued.acts
    write_rescue_file(tmp_path / "unsent.rescue", KEY, rescued)
    desk.change_key(KEY, key)
    seen |= set(readable(tmp_path))
    assert names(readable(tmp_path)) == set(), "backup, export, another key"
    desk.close()
    assert names(readable(tmp_path)) == set(), "closed"
    assert seen >= {
        "records.db", "records.db-wal", "records.db-shm", "records.db-second", "copy.db", "unsent.rescue",
        f"{desk.signer.device}.second",
    }  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_no_journal_of_any_kind_can_be_read(mode: str, tmp_path: Path) -> None:
    """Not only the kind that the store uses: a library that fell back to another one would not show either."""
    found = filled(tmp_path, mode, lambda connection: connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\""))
    assert names(found) == set()
    wanted = {"DELETE": "-journal", "TRUNCATE": "-journal", "PERSIST": "-journal", "WAL": "-wal"}.get(mode)
    assert wanted is None or f"any.db{wanted}" in found, sorted(found)


@pytest.mark.parametrize("mode", MODES)
def test_the_search_finds_what_is_not_encrypted(mode: str, tmp_path: Path) -> None:
    """The positive control: the same rows, the same phases, no key."""
    found = filled(tmp_path, mode, lambda _connection: None)
    assert "any.db" in names(found) or "any.db-wal" in names(found)
    assert mode not in ("DELETE", "TRUNCATE", "PERSIST") or "any.db-journal" in names(found)


def filled(folder: Path, mode: str, unlock: Callable[[dbapi2.Connection], object]) -> dict[str, set[bytes]]:
    """What can be read of a database of sentinels in the middle of a transaction that has reached the disk."""
    connection = dbapi2.connect(str(folder / "any.db"), isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        unlock(connection)
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE words (number INTEGER PRIMARY KEY, word TEXT)")
        connection.executemany("INSERT INTO words (word) VALUES (?)", [(f"{SENTINEL} {NUMBER}",)] * 2000)
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE words SET word = word || ?", (" " + SENTINEL,))
        found = readable(folder)
        connection.execute("COMMIT")
        for name, words in readable(folder).items():
            found[name] = found.get(name, set()) | words
        return found
    finally:
        connection.close()


def test_words_that_are_only_packed_would_be_found_out(tmp_path: Path) -> None:
    """Ciphertext does not become shorter when it is packed; records do."""
    store = Store.open(tmp_path / "records.db", KEY, unsigned(), StillClock())
    for _ in range(20):
        store.write([create(uuid4(), Person(given_name=SENTINEL, address="Acre Lane, London " * 20))], [], ME)
    with store._reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
    for ending in ("", "-wal", "-second"):
        content = (tmp_path / f"records.db{ending}").read_bytes()
        assert len(zlib.compress(content, 9)) > 0.95 * len(content), ending
    store.close()
    assert len(zlib.compress(b"Acre Lane, London " * 400, 9)) < 400
