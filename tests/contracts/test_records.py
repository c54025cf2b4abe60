"""What is declared is tested: every record kind goes through these, and adding one adds its tests."""

import dataclasses
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, Union, get_args, get_origin
from uuid import UUID, uuid4

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livingwell_desktop.domain.catalogue import kinds
from livingwell_desktop.domain.changes import Change, Content, check_fitting, content_hash, read_content, write_content
from livingwell_desktop.domain.records import (
    ALLIANCE,
    ConflictRule,
    FieldDeclaration,
    RecordKind,
    Sensitivity,
    body_of,
    to_json,
    value_of,
)
from livingwell_desktop.storage import Author, Store, Write, create, edit, prepare

ME = Author(uuid4(), None, "test")
KINDS = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
INDEXED = pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind in kinds() for field in kind.fields.values() if field.indexed],
    ids=lambda each: each.name,
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Words of a record about somebody's health or care; a kind that speaks of these is clinical.
CLINICAL_SOURCES = re.compile(
    r"QuestionnaireResponse|CarePlan|R4 Goal|R4 Task|needs, concerns|About Me|care plan agreement", re.IGNORECASE
)


def values_of(wanted: Any) -> st.SearchStrategy[Any]:
    """Values of the type of a field."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return st.one_of([st.none() if each is type(None) else values_of(each) for each in arguments])
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=3).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(_text(), values_of(arguments[1]), max_size=3)
    if wanted is Any:
        return st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | _text(), st.lists)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return st.sampled_from(wanted)
    return {
        str: _text(),
        bool: st.booleans(),
        int: st.integers(-(2**31), 2**31),
        float: st.floats(allow_nan=False, allow_infinity=False),
        UUID: st.uuids(),
        date: st.dates(),
        time: st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        datetime: st.datetimes(date_between(1971), date_between(2100), timezones=st.just(UTC)).map(
            lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
        ),
    }[wanted]


def date_between(year: int) -> datetime:
    return datetime(year, 1, 1)  # noqa: DTZ001 - Hypothesis adds the zone


def _text() -> st.SearchStrategy[str]:
    # Text is kept in NFC, so that is what a value reads as.
    return st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12).map(
        lambda text: str(to_json(text))
    )


def records_of(kind: RecordKind) -> st.SearchStrategy[Any]:
    """Whole records, each field filled in or left out."""
    fields = {name: values_of(field.type) for name, field in kind.fields.items()}
    return st.fixed_dictionaries({}, optional=fields).map(lambda chosen: kind.type(**chosen))


def example(kind: RecordKind) -> dict[str, Any]:
    """A value for each field that differs from its default and is the same every time."""
    return {name: other_value(field) for name, field in kind.fields.items()}


def other_value(field: FieldDeclaration, number: int = 1) -> Any:
    """A value of the field's type that is not its default; another number gives another value where there is one."""
    wanted = field.type
    if get_origin(wanted) in (Union, types.UnionType):
        wanted = next(each for each in get_args(wanted) if each is not type(None))
    if get_origin(wanted) is tuple:
        return (_plain_value(get_args(wanted)[0], number, None),)
    if get_origin(wanted) is not None:
        return {"key": number}
    return _plain_value(wanted, number, field.default)


def _plain_value(wanted: Any, number: int, default: Any) -> Any:
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        others = [each for each in wanted if each != default]
        return others[number % len(others)]
    if wanted is bool:
        return not default
    return {
        str: f"Words {number}",
        int: 7 + number,
        UUID: UUID(int=0x0195C000_0000_7000_8000_000000000000 + number),
        date: date(2026, 11, number + 1),
        time: time(10, number),
        datetime: datetime(2026, 11, 23, 10, number, tzinfo=UTC),
    }[wanted]


def deliver(source: Store, target: Store) -> None:
    """Carry every change of one desk to another."""
    changes = [each.change for each in source.unsent(10_000)]
    target.receive([prepare(number, change) for number, change in enumerate(changes, 1)], f"from {source.path.name}")


def the(store: Store, kind: RecordKind, record: UUID) -> Any:
    held = store.get(kind.type, record)
    assert held is not None
    return held


def foreign(kind: RecordKind, record: UUID, body: dict[str, Any]) -> Change:
    """A change as a newer program would make it."""
    content = Content(
        record, kind.name, kind.subject_of(record, body), int(kind.sensitivity), (), body, "act", 1, None, None, "99.0",
        (0, 0),
    )  # fmt: skip
    raw = write_content(content)
    return Change(uuid4().bytes, raw, b"salt", content_hash(b"salt", raw), uuid4(), b"")


@KINDS
def test_a_kind_is_declared_in_words(kind: RecordKind) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.name)
    assert kind.label
    assert kind.plural
    assert kind.source, "say which standard the kind follows"
    assert kind.type.__doc__
    assert kind.subject


@KINDS
def test_a_field_is_declared_in_words(kind: RecordKind) -> None:
    for name, field in kind.fields.items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
        assert field.label, f"{name} has no label"
        assert field.label[0].isupper(), f"{name}: a label is in sentence case"
        assert "risk" not in f"{name} {field.label}".lower(), "there is no risk grade anywhere"


def test_labels_tell_kinds_and_their_fields_apart() -> None:
    assert len({kind.label for kind in kinds()}) == len(kinds())
    for kind in kinds():
        labels = [field.label for field in kind.fields.values()]
        assert len(set(labels)) == len(labels), kind.name


@KINDS
def test_what_is_about_health_or_care_is_clinical(kind: RecordKind) -> None:
    if CLINICAL_SOURCES.search(kind.source):
        assert kind.sensitivity >= Sensitivity.CLINICAL


@KINDS
def test_nothing_clinical_is_settled_by_the_clock_except_its_place_in_a_list(kind: RecordKind) -> None:
    for field in kind.fields.values():
        if kind.sensitivity >= Sensitivity.CLINICAL and field.conflict is ConflictRule.LATEST:
            assert field.name == "position"


@KINDS
def test_a_record_of_nothing_but_defaults_can_be_made_and_says_nothing(kind: RecordKind) -> None:
    assert body_of(kind, kind.type()) == {}
    assert value_of(kind, {}) == kind.type()
    for name, field in kind.fields.items():
        assert getattr(kind.type(), name) == field.default


@KINDS
def test_a_record_is_frozen(kind: RecordKind) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(kind.type(), next(iter(kind.fields)), None)


@KINDS
@FEW
@given(data=st.data())
def test_a_record_survives_being_written_as_bytes(kind: RecordKind, data: st.DataObject) -> None:
    value, record = data.draw(records_of(kind)), uuid4()
    body = body_of(kind, value)
    subject = kind.subject_of(record, body)
    content = Content(record, kind.name, subject, int(kind.sensitivity), (), body, "act", 1, None, None, "1.0", (0, 0))
    read = read_content(write_content(content))
    check_fitting(read)
    assert value_of(kind, read.set) == value
    assert value_of(kind, json.loads(json.dumps(body))) == value


@KINDS
def test_a_record_is_stored_and_read_back_whole(kind: RecordKind, store: Store) -> None:
    value, record = kind.type(**example(kind)), uuid4()
    store.write([create(record, value)], [], ME)
    held = the(store, kind, record)
    assert held.value == value
    assert not held.conflicts
    assert store.find(kind.type) == (held,)
    assert store.counts() == {kind.name: 1}


@INDEXED
def test_a_record_is_found_by_an_indexed_field(kind: RecordKind, field: FieldDeclaration, store: Store) -> None:
    wanted, other, bare = uuid4(), uuid4(), uuid4()
    first, second = other_value(field, 1), other_value(field, 2)
    store.write([create(wanted, kind.type(**{field.name: first})), create(bare, kind.type())], [], ME)
    if first != second:
        store.write([create(other, kind.type(**{field.name: second}))], [], ME)
    assert [held.id for held in store.find(kind.type, **{field.name: first})] == [wanted]
    assert store.count(kind.type, **{field.name: first}) == 1
    if field.name != kind.subject[0]:
        assert [held.id for held in store.find(kind.type, **{field.name: field.default})] == [bare]


@INDEXED
def test_looking_for_an_indexed_field_uses_its_index(kind: RecordKind, field: FieldDeclaration, store: Store) -> None:
    with asked(store) as statements:
        store.find(kind.type, **{field.name: other_value(field)})
    name = "record_subject" if field.name == kind.subject[0] else f"field_{kind.name}__{field.name}"
    plans = [plan for statement, parameters in statements for plan in explained(store, statement, parameters)]
    assert any(f"INDEX {name} " in f"{plan} " for plan in plans), plans
    assert not any(plan == "SCAN record" for plan in plans), plans


@KINDS
def test_a_field_without_an_index_cannot_be_looked_for(kind: RecordKind, store: Store) -> None:
    for field in kind.fields.values():
        if not field.indexed and field.name != kind.subject[0]:
            with pytest.raises(ValueError, match="declare an index"):
                store.find(kind.type, **{field.name: field.default})


@pytest.mark.parametrize("kind", [kind for kind in kinds() if not kind.signed], ids=lambda kind: kind.name)
def test_two_edits_at_once_meet_as_each_field_declares(kind: RecordKind, new_store: Callable[..., Store]) -> None:
    here, there = new_store("here"), new_store("there")
    record = uuid4()
    here.write([create(record, kind.type())], [], ME)
    deliver(here, there)
    shown = {store: the(store, kind, record) for store in (here, there)}
    fields = [field for field in kind.fields.values() if other_value(field, 1) != other_value(field, 2)]
    for number, store in enumerate((here, there), 1):
        store.write([edit(shown[store], **{field.name: other_value(field, number) for field in fields})], [], ME)
    deliver(here, there)
    deliver(there, here)
    mine, theirs = the(here, kind, record), the(there, kind, record)
    assert (mine.value, mine.heads, set(mine.conflicts)) == (theirs.value, theirs.heads, set(theirs.conflicts))
    assert set(mine.conflicts) == {field.name for field in fields if field.conflict is ConflictRule.ASK}
    for field in fields:
        assert getattr(mine.value, field.name) in (other_value(field, 1), other_value(field, 2))
        if field.name in mine.conflicts:
            both = {json.dumps(each.value, sort_keys=True) for each in mine.conflicts[field.name]}
            assert both == {json.dumps(to_json(other_value(field, number)), sort_keys=True) for number in (1, 2)}


@KINDS
def test_only_what_is_signed_refuses_edits(kind: RecordKind, store: Store) -> None:
    record, field = uuid4(), next(iter(kind.fields.values()))
    store.write([create(record, kind.type())], [], ME)
    held = the(store, kind, record)
    change = Write(record, kind.name, {field.name: to_json(other_value(field))}, held.heads)
    if kind.signed:
        with pytest.raises(ValueError, match="is signed"):
            store.write([change], [], ME)
        assert the(store, kind, record) == held
    else:
        store.write([change], [], ME)
        assert getattr(the(store, kind, record).value, field.name) == other_value(field)


@KINDS
def test_fields_of_a_newer_program_are_kept(kind: RecordKind, store: Store) -> None:
    record, field = uuid4(), next(iter(kind.fields.values()))
    body = {field.name: to_json(other_value(field)), "of_a_newer_program": {"kept": ["as", "it", "is"]}}
    store.receive([prepare(1, foreign(kind, record, body))], "alliance")
    held = the(store, kind, record)
    assert held.unknown == {"of_a_newer_program": {"kept": ["as", "it", "is"]}}
    if not kind.signed:
        store.write([edit(held, **{field.name: other_value(field, 2)})], [], ME)
        assert the(store, kind, record).unknown == held.unknown


@KINDS
def test_codes_of_a_newer_program_are_kept(kind: RecordKind, store: Store) -> None:
    coded, record = [field.name for field in kind.fields.values() if _is_code(field.type)], uuid4()
    store.receive([prepare(1, foreign(kind, record, dict.fromkeys(coded, "of_a_newer_program")))], "alliance")
    held = the(store, kind, record)
    assert {name: getattr(held.value, name) for name in coded} == dict.fromkeys(coded, "of_a_newer_program")
    assert body_of(kind, held.value) == dict.fromkeys(coded, "of_a_newer_program")


@KINDS
def test_a_record_is_about_somebody_a_centre_or_the_alliance(kind: RecordKind) -> None:
    record, about = uuid4(), UUID(int=5)
    assert kind.subject_of(record, {}) == (record if "self" in kind.subject else ALLIANCE)
    for name in kind.subject:
        if name in kind.fields:
            assert kind.fields[name].type == UUID | None
            assert kind.subject_of(record, {name: str(about)}) == about
        else:
            assert name in ("self", "alliance")


@KINDS
def test_one_per_person_means_one_id_on_every_desk(kind: RecordKind) -> None:
    person = uuid4()
    if kind.one_per_person:
        assert kind.id_for(person) == kind.id_for(person) != kind.id_for(uuid4())
    else:
        with pytest.raises(ValueError, match="not one per person"):
            kind.id_for(person)


def _is_code(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, Enum)


class asked:  # noqa: N801 - reads as a word: `with asked(store) as statements`
    """The statements that the store runs meanwhile, with their parameters."""

    def __init__(self, store: Store) -> None:
        self._engine = store._engine  # only the engine says what SQL was run
        self._statements: list[tuple[str, Any]] = []

    def __enter__(self) -> list[tuple[str, Any]]:
        sqlalchemy.event.listen(self._engine, "before_cursor_execute", self._hear)
        return self._statements

    def __exit__(self, *_: object) -> None:
        sqlalchemy.event.remove(self._engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        self._statements.append((statement, parameters))


def explained(store: Store, statement: str, parameters: Any) -> Iterator[str]:
    """The steps of SQLite's plan for a statement."""
    with store._engine.connect() as connection:
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
            yield str(row[3])
