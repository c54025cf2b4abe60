"""The store: what is written is there, what two desks wrote at once is kept, and nothing lies in the clear."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livingwell_desktop.domain.changes import Change, Content, content_hash, write_content
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.domain.sessions import Booking, Visit, VisitState
from livingwell_desktop.storage import (
    AnyOf,
    Author,
    Between,
    Changes,
    Draft,
    Event,
    FieldInConflictError,
    Receipt,
    Store,
    Write,
    create,
    edit,
    prepare,
    settle,
)
from tests.conftest import StillClock

ME = Author(uuid4(), None, "test")
TODAY = date(2026, 11, 23)


def register(store: Store, **fields: object) -> UUID:
    person = uuid4()
    store.write([create(person, Person(**fields))], [], ME)
    return person


def the(store: Store, person: UUID):  # noqa: ANN201 - a held person
    held = store.get(Person, person)
    assert held is not None
    return held


def deliver(source: Store, target: Store, order: Callable[[list], list] = list) -> None:
    """Carry every change of one desk to another, as the engine would."""
    changes = order([each.change for each in source.unsent(100_000)])
    target.receive([prepare(number, change) for number, change in enumerate(changes, 1)], f"from {source.path.name}")


def test_what_is_written_is_there_after_opening_again(new_store: Callable[..., Store], tmp_path: Path) -> None:
    store = new_store("a")
    person = register(store, given_name="Ngozi", family_name="Okafor", born=date(1986, 3, 14))
    store.close()
    assert the(new_store("a"), person).value == Person(given_name="Ngozi", family_name="Okafor", born=date(1986, 3, 14))


def test_an_edit_writes_only_what_changed_and_tells_who_is_concerned(store: Store) -> None:
    person = register(store, given_name="Ngozi", phone="07700 900 118")
    heard: list[Changes] = []
    store.listen(heard.append)
    store.write([edit(the(store, person), phone="07700 900 341", given_name="Ngozi")], [], ME)
    assert the(store, person).value.phone == "07700 900 341"
    assert heard == [Changes(frozenset({"person"}), frozenset({person}), frozenset({person}))]
    store.write([edit(the(store, person), phone="07700 900 341")], [], ME)
    assert len(heard) == 1


def test_records_are_found_by_indexed_fields_only(store: Store) -> None:
    person, centre = register(store, given_name="Kit"), uuid4()
    visits = [Visit(person=person, centre=centre, on=date(2026, 11, day), ticket=f"A{day}") for day in (1, 2, 3)]
    store.write([create(uuid4(), visit) for visit in visits], [], ME)
    assert [v.value.ticket for v in store.find(Visit, on=Between(date(2026, 11, 2)), order="on")] == ["A2", "A3"]
    assert store.count(Visit, person=person) == 3
    assert store.count(Visit, on=AnyOf((date(2026, 11, 1), date(2026, 11, 3)))) == 2
    with pytest.raises(ValueError, match="declare an index"):
        store.find(Visit, ticket="A1")


def test_a_field_at_its_default_is_found_by_it(store: Store) -> None:
    session = uuid4()
    store.write([create(uuid4(), Booking(session=session, person=uuid4()))], [], ME)
    assert store.count(Booking, sees=None) == 1


def test_an_edit_based_on_old_values_is_kept_beside_the_newer_one(store: Store) -> None:
    person = register(store, phone="1")
    shown = the(store, person)
    store.write([edit(shown, phone="2")], [], ME)
    store.write([edit(shown, phone="3", email="a@example.org")], [], ME)
    held = the(store, person)
    assert {each.value for each in held.conflicts["phone"]} == {"2", "3"}
    assert {each.before for each in held.conflicts["phone"]} == {"1"}
    assert held.value.email == "a@example.org"
    assert [each.id for each in store.in_conflict()] == [person]


def test_only_the_control_that_showed_all_values_settles(store: Store) -> None:
    person = register(store, phone="1")
    shown = the(store, person)
    store.write([edit(shown, phone="2")], [], ME)
    store.write([edit(shown, phone="3")], [], ME)
    with pytest.raises(FieldInConflictError):
        store.write([edit(the(store, person), phone="4")], [], ME)
    store.write([edit(the(store, person), email="b@example.org")], [], ME)
    assert "phone" in the(store, person).conflicts
    store.write([settle(the(store, person), "phone", "2")], [], ME)
    held = the(store, person)
    assert held.value.phone == "2"
    assert not held.conflicts


def test_settling_never_drops_a_third_write(new_store: Callable[..., Store]) -> None:
    here, there = new_store("here"), new_store("there")
    person = register(here, phone="1")
    deliver(here, there)
    base_here, base_there = the(here, person), the(there, person)
    here.write([edit(base_here, phone="2")], [], ME)
    here.write([edit(base_here, phone="3")], [], ME)
    there.write([edit(base_there, phone="4")], [], ME)
    here.write([settle(the(here, person), "phone", "3")], [], ME)
    deliver(there, here)
    deliver(here, there)
    for store in (here, there):
        assert {each.value for each in the(store, person).conflicts["phone"]} == {"3", "4"}


def test_the_same_values_from_two_desks_are_no_conflict(new_store: Callable[..., Store]) -> None:
    here, there = new_store("here"), new_store("there")
    person = register(here, safe_time="")
    deliver(here, there)
    for store in (here, there):
        store.write([edit(the(store, person), safe_time="After 5pm")], [], ME)
    deliver(there, here)
    assert not the(here, person).conflicts


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_two_desks_show_the_same_in_whatever_order_changes_come(
    data: st.DataObject, tmp_path: Path, clock: StillClock
) -> None:
    here, there = (Store.open(tmp_path / f"{uuid4()}.db", os.urandom(32), _signer(), clock) for _ in range(2))
    person = register(here, given_name="A", phone="0")
    deliver(here, there)
    for _ in range(data.draw(st.integers(1, 6))):
        store = data.draw(st.sampled_from([here, there]))
        field = data.draw(st.sampled_from(["phone", "email", "given_name"]))
        clock.pass_(seconds=data.draw(st.integers(-100_000, 100_000)))
        held = the(store, person)
        value = data.draw(st.text(st.characters(codec="utf-8"), max_size=3))
        if field in held.conflicts:
            store.write([settle(held, field, value)], [], ME)
        else:
            store.write([edit(held, **{field: value})], [], ME)
        if data.draw(st.booleans()):
            deliver(here, there, lambda changes: data.draw(st.permutations(changes)))
    deliver(here, there, lambda changes: data.draw(st.permutations(changes)))
    deliver(there, here, lambda changes: data.draw(st.permutations(changes)))
    deliver(there, here)
    mine, other = the(here, person), the(there, person)
    here.close()
    there.close()
    assert (mine.value, mine.heads, mine.conflicts) == (other.value, other.heads, other.conflicts)


def _signer():  # noqa: ANN202 - a signer
    from tests.conftest import unsigned

    return unsigned(uuid4())


def test_a_change_with_broken_bytes_harms_only_itself(new_store: Callable[..., Store]) -> None:
    here, there = new_store("here"), new_store("there")
    first, second = register(here, given_name="One"), register(here, given_name="Two")
    changes = [each.change for each in here.unsent()]
    broken = type(changes[0])(
        changes[0].id, changes[0].content + b" ", changes[0].salt, changes[0].content_hash, changes[0].device, b""
    )
    there.receive([prepare(1, broken), prepare(2, changes[1])], "alliance")
    assert there.get(Person, first) is None
    assert the(there, second).value.given_name == "Two"
    assert there.cursor("alliance") == 2


def test_a_field_this_version_does_not_know_is_kept(store: Store) -> None:
    person = uuid4()
    content = _foreign_change(person, {"given_name": "Ana", "shoe_size": 38})
    store.receive([prepare(1, content)], "alliance")
    held = the(store, person)
    assert held.unknown == {"shoe_size": 38}
    store.write([edit(held, given_name="Anna")], [], ME)
    assert the(store, person).unknown == {"shoe_size": 38}


def _foreign_change(  # noqa: ANN202 - a change
    record: UUID, fields: dict[str, object], kind: str = "person", parents: tuple[bytes, ...] = ()
):
    raw = write_content(Content(record, kind, record, 0, parents, fields, "act", 1, None, None, "9.0", (0, 0)))
    return Change(os.urandom(16), raw, b"salt", content_hash(b"salt", raw), uuid4(), b"")


def test_a_failing_verb_leaves_nothing_behind(store: Store) -> None:
    person = register(store, given_name="Kit")
    waiting = store.waiting().count
    with pytest.raises(ValueError, match="no field"):
        store.write(
            [create(uuid4(), Visit(person=person)), type(edit(the(store, person)))(person, "person", {"nonsense": 1})],
            [],
            ME,
        )
    assert store.count(Visit, person=person) == 0
    assert store.waiting().count == waiting


def test_writers_on_many_threads_take_turns(store: Store) -> None:
    people = [register(store, given_name=str(number)) for number in range(8)]

    def work(person: UUID) -> None:
        for number in range(10):
            store.write([edit(the(store, person), phone=str(number))], [Event("view")], ME)

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {the(store, person).value.phone for person in people} == {"9"}


@pytest.mark.parametrize(
    "typed",
    [
        "okafor 1986",
        "ngozi 14/3/86",
        "ngo oka",
        "14 march 1986 okafor",
        "0014 ngozi",
        "999 004 0109 okafor",
        "okafor 07700 900118",
    ],
)
def test_a_person_is_found_by_any_two_facts(store: Store, typed: str) -> None:
    wanted = (
        register(
            store,
            given_name="Ngozi",
            family_name="Okafor",
            born=date(1986, 3, 14),
            phone="07700 900118",
            nhs_number="9990040109",
            local_number="LW0014",
        )
        if "0014" not in typed
        else register(store, given_name="Ngozi", phone="020 7946 0014")
    )
    register(store, given_name="Amara", family_name="Okeke", born=date(1990, 6, 12), phone="07700 900562")
    found = store.search_people(parse_query(typed, TODAY))
    assert [each.id for each in found.people] == [wanted]
    assert found.total == 1


def test_search_follows_a_changed_name(store: Store) -> None:
    person = register(store, given_name="Halina", family_name="Wójcik")
    assert store.search_people(parse_query("wojcik", TODAY)).total == 1
    store.write([edit(the(store, person), family_name="Nowak")], [], ME)
    assert store.search_people(parse_query("wojcik", TODAY)).total == 0
    assert store.search_people(parse_query("halina nowak", TODAY)).total == 1


def test_no_word_lies_in_the_clear(new_store: Callable[..., Store], tmp_path: Path) -> None:
    store = new_store("secret")
    person = register(store, given_name="Sentinelname", phone="07700900123")
    store.write([edit(the(store, person), email="sentinel@example.org")], [Event("view", person)], ME)
    store.back_up(tmp_path / "copy.db")
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.suffix for path in files} >= {".db", ".db-wal"}
    for path in files:
        assert b"entinel" not in path.read_bytes(), path.name
        assert not path.read_bytes().startswith(b"SQLite format 3"), path.name


def test_a_wrong_key_and_a_damaged_and_a_plain_file_are_told_apart_from_bugs(
    new_store: Callable[..., Store], tmp_path: Path
) -> None:
    new_store("right").close()
    with pytest.raises(Problem, match="cannot be opened"):
        new_store("right", key=bytes(32))
    (tmp_path / "rubbish.db").write_bytes(os.urandom(8192))
    with pytest.raises(Problem, match="cannot be opened"):
        new_store("rubbish")
    (tmp_path / "plain.db").write_bytes(b"SQLite format 3\x00" + bytes(4080))
    with pytest.raises(Problem, match="not encrypted"):
        new_store("plain")


def test_a_newer_file_is_refused_politely(new_store: Callable[..., Store]) -> None:
    store = new_store("newer")
    with store._writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(Problem, match="newer program"):
        new_store("newer")


def test_a_visit_is_waiting_until_something_else_is_written(store: Store) -> None:
    visit = uuid4()
    store.write([create(visit, Visit(ticket="A1", centre=uuid4()))], [], ME)
    held = store.get(Visit, visit)
    assert held is not None
    assert held.value.state is VisitState.WAITING


def test_only_some_fields_can_be_read_and_a_field_never_written_has_its_default(store: Store) -> None:
    session = uuid4()
    store.write([create(uuid4(), Visit(session=session, ticket="A01", centre=uuid4()))], [], ME)
    store.write([create(uuid4(), Visit(session=session, ticket="A02", centre=uuid4(), state=VisitState.DONE))], [], ME)
    assert sorted(store.values(Visit, "ticket", "state", session=session)) == [("A01", "waiting"), ("A02", "done")]


def test_a_checkpoint_beside_writers_loses_nothing(store: Store) -> None:
    stop = threading.Event()

    def keep_checkpointing() -> None:
        while not stop.is_set():
            store.checkpoint(1)

    other = threading.Thread(target=keep_checkpointing)
    other.start()
    people = [register(store, given_name=str(number)) for number in range(60)]
    stop.set()
    other.join()
    assert store.count(Person) == len(people) == 60


def test_a_search_weighs_whole_words_before_the_beginnings_of_words(store: Store) -> None:
    register(store, given_name="Annabel", family_name="Ash")
    wanted = register(store, given_name="Ann", family_name="Zimmer")
    assert store.search_people(parse_query("ann", TODAY)).people[0].id == wanted


def test_settling_must_name_what_was_shown(store: Store) -> None:
    person = register(store, phone="1")
    shown = the(store, person)
    store.write([edit(shown, phone="2")], [], ME)
    store.write([edit(shown, phone="3")], [], ME)
    honest = settle(the(store, person), "phone", "2")
    for heads in (frozenset({b"nonsense"}), frozenset(sorted(honest.settles["phone"])[:1])):
        with pytest.raises(FieldInConflictError):
            store.write([replace(honest, settles={"phone": heads})], [], ME)
    store.write([honest], [], ME)
    assert not the(store, person).conflicts


@pytest.mark.parametrize("text", ["x" * 70_000, "half a sign \ud800"])
def test_what_other_desks_would_refuse_is_refused_while_it_can_be_mended(store: Store, text: str) -> None:
    person = register(store, given_name="Kit")
    with pytest.raises(Problem, match="cannot be saved"):
        store.write([edit(the(store, person), address=text)], [], ME)
    assert the(store, person).value.address == ""
    store.write([edit(the(store, person), address="12 Ferndale Road")], [], ME)


def test_a_conflict_in_a_kind_this_version_does_not_know_troubles_nobody(store: Store) -> None:
    record = uuid4()
    for value in (1, 2):
        store.receive([prepare(value, _foreign_change(record, {"size": value}, kind="wardrobe"))], "alliance")
    assert store.in_conflict() == ()


def test_a_removed_person_who_comes_back_is_found_again(store: Store) -> None:
    person = uuid4()
    first = _foreign_change(person, {"given_name": "Yolanda"})
    removal = _foreign_change(person, {"entered_in_error": True}, parents=(first.id,))
    back = _foreign_change(person, {"entered_in_error": False}, parents=(removal.id,))
    store.receive([prepare(1, first), prepare(2, removal)], "alliance")
    assert store.search_people(parse_query("yolanda", TODAY)).total == 0
    store.receive([prepare(3, back)], "alliance")
    assert store.search_people(parse_query("yolanda", TODAY)).total == 1


def test_a_change_of_another_kind_to_the_same_record_is_refused(store: Store) -> None:
    person = register(store, given_name="Kit")
    store.receive([prepare(1, _foreign_change(person, {"words": "?"}, kind="note"))], "alliance")
    assert the(store, person).value.given_name == "Kit"


def test_the_draft_goes_with_the_records_it_became_or_not_at_all(store: Store) -> None:
    draft = Draft(uuid4(), uuid4(), "registration", uuid4(), {"given_name": "Kit"}, (), store.clock())
    store.save_draft(draft)
    with pytest.raises(ValueError, match="no field"):
        store.write([Write(uuid4(), "person", {"nonsense": 1})], [], ME, draft.id)
    assert store.drafts_of(draft.staff) == (draft,)
    store.write([create(uuid4(), Person(given_name="Kit"))], [], ME, draft.id)
    assert store.drafts_of(draft.staff) == ()


def test_with_the_last_receipt_a_stream_is_passed(new_store: Callable[..., Store]) -> None:
    store = new_store("a")
    store.write([create(uuid4(), Person(given_name=f"Kit {number}")) for number in range(200)], [], ME)
    for number in range(400):
        register(store, given_name=f"Amara {number}")
    unsent = store.unsent(10_000)
    receipts = [Receipt(each.change.id, each.change.content_hash) for each in unsent]

    store.acknowledge([Receipt(unsent[0].change.id, bytes(32))], {"alliance": 3})
    assert (store.waiting().count, store.cursor("alliance")) == (600, 3)
    store.acknowledge(receipts, {"alliance": 7, "a centre's": 2})
    assert (store.waiting().count, store.cursor("alliance"), store.cursor("a centre's")) == (0, 7, 2)
    store.acknowledge([], {"alliance": 5})
    assert store.cursor("alliance") == 7


def test_more_text_than_can_be_sent_at_once_is_refused_and_nothing_of_it_is_saved(store: Store) -> None:
    many = [create(uuid4(), Person(given_name="Ngozi", address="é" * 60_000)) for _ in range(30)]
    with pytest.raises(Problem) as refused:
        store.write(many, [], ME)
    assert refused.value.what_to_do == "Save it in smaller parts, or shorten it."
    assert store.count(Person) == 0
    assert store.waiting().count == 0
    store.write(many[:20], [], ME)
    assert store.count(Person) == 20
