"""Every store file that a version ever wrote is opened, read, edited and brought to the others by this version."""

import json
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy

from livingwell_desktop.domain.audit import verify
from livingwell_desktop.domain.changes import ENTERED_IN_ERROR, Change
from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held, body_of, kinds
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.storage import Author, Event, Signer, Store, create, edit, prepare, refolding, settle
from livingwell_desktop.storage.database import open_engine
from livingwell_desktop.storage.migrate import migrations
from livingwell_desktop.storage.refolding import fold_again
from tests.conftest import StillClock
from tests.old.make import DESK, FOLDER, KEY, main

FILES = sorted(FOLDER.glob("*.db"))
ME = Author(UUID("0195c000-0000-7000-8000-0000000000f1"), None, "test")
LARGEST = 1_000_000


class OldFile:
    """A copy of an old file, opened by this version."""

    def __init__(self, file: Path, folder: Path, clock: StillClock) -> None:
        self.about: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        self.path = folder / file.name
        shutil.copyfile(file, self.path)
        self.key = bytes.fromhex(self.about["key"])
        self.store = Store.open(
            self.path, self.key, Signer(UUID(self.about["desk"]), lambda _content: b"s" * 64), clock
        )


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def old(request: pytest.FixtureRequest, tmp_path: Path, clock: StillClock) -> Iterator[OldFile]:
    opened = OldFile(request.param, tmp_path, clock)
    yield opened
    opened.store.close()


def person(store: Store) -> Held[Person]:
    return next(held for held in store.find(Person) if held.value.family_name == "Okafor")


def schema(store: Store) -> dict[str, str]:
    """Everything the file declares, by name, without white space."""
    with store._reading() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {str(name): " ".join(str(sql).split()) for name, sql in rows}


def test_there_is_a_file_from_before_every_migration_and_of_now() -> None:
    """Before writing 0002, make 0001's file; `tests/old/make.py` says how."""
    reached = {json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))["migration"] for file in FILES}
    assert reached >= {step.number for step in migrations()}


def test_files_are_small_and_encrypted() -> None:
    for file in FILES:
        assert file.stat().st_size < LARGEST
        content = file.read_bytes()
        assert not content.startswith(b"SQLite format 3")
        assert b"Okafor" not in content


def test_a_file_that_is_there_is_never_made_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = FILES[0].read_bytes()
    monkeypatch.setattr("sys.argv", ["make", FILES[0].stem])
    assert main() == 1
    assert "there already" in capsys.readouterr().err
    assert FILES[0].read_bytes() == before


def test_an_upgraded_file_declares_what_a_new_one_does(old: OldFile, new_store: Callable[..., Store]) -> None:
    assert schema(old.store) == schema(new_store("fresh"))


def test_every_record_is_there_as_it_was_written(old: OldFile) -> None:
    assert old.store.counts() == {kind: len(held) for kind, held in old.about["records"].items()}
    by_name = {kind.name: kind for kind in kinds()}
    for name, wanted in old.about["records"].items():
        there = {str(held.id): dict(body_of(by_name[name], held.value)) for held in old.store.find(by_name[name].type)}
        # A field that a later version added is not in what was written then.
        shown = {record: {key: there[record].get(key) for key in fields} for record, fields in wanted.items()}
        assert shown == wanted


def test_the_conflict_the_outbox_the_drafts_and_the_audit_are_there(old: OldFile) -> None:
    held = person(old.store)
    assert {each.value for each in held.conflicts["phone"]} == {"07700 900 341", "07700 900 314"}
    assert old.store.waiting().count == 1
    assert old.store.waiting().last_receipt is not None
    drafts = old.store.drafts_about(held.id, "dialog")
    assert [draft.body["typed"] for draft in drafts] == ["Cannot sleep “at all” 👋"] * 2
    assert drafts[0].based_on == held.heads
    with old.store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
        assert connection.exec_driver_sql("SELECT count(*) FROM parked").scalar() == 1
        events = connection.exec_driver_sql("SELECT prev, hash FROM audit ORDER BY n").all()
    assert len(events) > len(old.about["records"])
    assert all(after[0] == before[1] for before, after in pairwise(events))


def test_its_audit_is_whole_and_goes_on(old: OldFile) -> None:
    old.store.record_events([Event("view: a record", person(old.store).id)], None)
    assert verify(old.store.signer.device, old.store.audit.rows).findings == ()
    with old.store._writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET at = at + 1 WHERE n = 7")
    found = verify(old.store.signer.device, old.store.audit.rows).first
    assert found is not None
    assert found.link == 7


def removed_and_edited(store: Store) -> Held[Person]:
    return next(held for held in store.find(Person) if held.value.family_name == "Wójcik")


def test_a_removal_that_was_not_asked_about_then_is_asked_about_now(tmp_path: Path, clock: StillClock) -> None:
    """The version that wrote this file showed the record without a question, and no change has come since."""
    opened = OldFile(FOLDER / "0004_removal.db", tmp_path, clock)
    try:
        held = removed_and_edited(opened.store)
        assert not held.entered_in_error
        assert [each.value for each in held.conflicts[ENTERED_IN_ERROR]] == [False, True]
        assert held.value.email == "kasia@example.org"
        assert [each.id for each in opened.store.in_conflict()] == [held.id, person(opened.store).id]
        opened.store.write([settle(held, ENTERED_IN_ERROR, value=True)], [], ME)
        assert all(each.id != held.id for each in opened.store.find(Person))
    finally:
        opened.store.close()


class KilledError(Exception):
    """The process is gone."""


def folded_until_killed(file: Path, statements: int) -> bool:
    """Whether it was done before so many statements."""
    engine, left = open_engine(file, KEY), statements

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KilledError

    try:
        with engine.connect() as connection:
            sqlalchemy.event.listen(engine, "before_cursor_execute", count)
            fold_again(connection)
    except KilledError:
        return False
    finally:
        engine.dispose()
    return True


def test_folding_again_goes_on_where_it_was_killed(
    tmp_path: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refolding, "_AT_ONCE", 7)
    file, statements, whole = tmp_path / "old.db", 1, False
    while not whole:
        for path in tmp_path.glob("old.db*"):
            path.unlink()
        shutil.copyfile(FOLDER / "0004_removal.db", file)
        whole = folded_until_killed(file, statements)
        store = Store.open(file, KEY, Signer(DESK, lambda _content: b"s" * 64), clock)
        assert ENTERED_IN_ERROR in removed_and_edited(store).conflicts, statements
        assert len(store.in_conflict()) == 2
        store.close()
        statements += 3
    assert statements > 30


def test_people_are_found_in_it(old: OldFile) -> None:
    today = local_day(old.store.clock())
    assert old.store.search_people(parse_query("oka", today)).total == 1
    assert old.store.search_people(parse_query("wojcik", today)).total == 1


def test_work_goes_on_in_it_and_a_new_desk_gets_the_same(old: OldFile, new_store: Callable[..., Store]) -> None:
    added = UUID(int=77)
    old.store.write([create(added, Person(given_name="Kit", family_name="Farrow"))], [], ME)
    old.store.write([settle(person(old.store), "phone", "07700 900 341")], [], ME)
    old.store.write([edit(person(old.store), address="9 Acre Lane")], [], ME)
    fresh = new_store("fresh")
    fresh.receive(everything(old.store), "alliance")
    for kind in kinds():
        ours = {held.id: (held.value, held.heads) for held in old.store.find(kind.type)}
        assert {held.id: (held.value, held.heads) for held in fresh.find(kind.type)} == ours
    assert person(fresh).value.phone == "07700 900 341"
    assert not person(fresh).conflicts
    assert fresh.get(Person, added) is not None


def everything(store: Store) -> list[Any]:
    """Every change that the desk holds, its own and others', in the order in which it got them."""
    with store._reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, content, salt, content_hash, device, signature FROM change ORDER BY number"
        ).all()
    changes = [Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5]) for row in rows]
    return [prepare(number, change) for number, change in enumerate(changes, 1)]
