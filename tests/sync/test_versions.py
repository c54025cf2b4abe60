"""Versions one release apart work both ways, and what a version does not know it keeps, passes on and writes back."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import pytest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import ConflictRule, FieldDeclaration, Held, declaration, field, kind_of, record
from livingwell_desktop.server.database import connect
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.storage import Author, Write, create, edit
from livingwell_desktop.sync.client import ServerClient
from livingwell_desktop.sync.engine import SyncEngine
from tests.central import CENTRE, STAFF, JoinedDesk, code_for
from tests.conftest import StillClock
from tests.old.protocol_1.stranger import Stranger
from tests.sync.old_forms import FORMS, RECORDED, OldForms, differs

ME = Author(STAFF, CENTRE, "test")
PERSON = UUID("0195c000-0000-7000-8000-000000000001")
STREAM = f"{CENTRE}/clinical"

Join = Callable[..., JoinedDesk]


@pytest.fixture
def old_desk(server: RunningServer, database_url: str, clock: StillClock) -> Callable[[], Stranger]:
    """A desk of the release before, at today's server."""

    def joined() -> Stranger:
        desk = Stranger(server.url, CENTRE)
        desk.enrol(code_for(database_url, clock), "Desk of the release before")
        desk.open_session()
        desk.exchange()
        return desk

    return joined


def person_at(desk: JoinedDesk, person: UUID = PERSON) -> Held[Person]:
    held = desk.store.get(Person, person)
    assert held is not None
    return held


# One release apart


def test_a_desk_of_the_release_before_works_with_this_server(join: Join, old_desk: Callable[[], Stranger]) -> None:
    old, new = old_desk(), join()
    first = old.write(PERSON, [], {"given_name": "Ngozi", "family_name": "Okafor"})
    old.exchange()
    assert [each[0] for each in old.sent] == [first]
    new.exchange()
    held = new.store.get(Person, PERSON)
    assert held is not None
    assert held.value.given_name == "Ngozi"
    new.store.write([edit(held, phone="07700 900 341")], [], ME)
    new.exchange()
    old.exchange()
    assert old.folded(PERSON).body == {"given_name": "Ngozi", "family_name": "Okafor", "phone": "07700 900 341"}
    # Both change one field without knowing of each other: both see both.
    (head,) = person_at(new).heads
    new.store.write([edit(person_at(new), given_name="Ada")], [], ME)
    old.write(PERSON, [head.hex()], {"given_name": "Ngosi"})
    new.exchange()
    old.exchange()
    new.exchange()
    assert set(person_at(new).conflicts) == {"given_name"}
    assert set(old.folded(PERSON).conflicts) == {"given_name"}
    later = old_desk()
    assert later.folded(PERSON) == old.folded(PERSON), "a first download says the same"
    later.fetch([PERSON])
    assert later.folded(PERSON) == old.folded(PERSON)


def test_this_desk_says_nothing_that_a_server_of_the_release_before_would_refuse(
    join: Join, server: RunningServer, clock: StillClock
) -> None:
    writer, reader = join(), join()
    wire = OldForms()
    for desk in (writer, reader):
        desk.engine.stop()
        desk.client = ServerClient(server.url, desk.device, desk.store.signer.sign, transport=wire)
        desk.engine = SyncEngine(desk.store, desk.client, clock)
    held = [create(uuid4(), Person(given_name=f"Person {number}")) for number in range(30)]
    writer.store.write(held, [], ME)
    writer.exchange()
    reader.exchange()
    reader.store.write([edit(person_at(reader, held[0].record), phone="07700 900 341")], [], ME)
    reader.exchange()
    writer.exchange()
    assert reader.client.records([held[0].record])
    writer.engine._audit.after_exchange(lambda: False)
    assert writer.store.counts() == reader.store.counts()
    assert wire.seen >= {f"POST /v1/{each}" for each in ("session", "exchange", "download", "records", "audit")}
    assert not wire.strange, "\n".join(wire.strange)


def test_the_forms_of_the_release_before_are_those_of_its_own_examples() -> None:
    for each in json.loads((RECORDED / "requests.json").read_text("utf-8"))["requests"]:
        form = FORMS.get(each["request"], {})
        for part in form:
            assert not differs(each[part], form[part]), each["request"]
    asked = FORMS["POST /v1/exchange"]["asked"]
    assert differs({"protocol": 1, "more": 1}, asked), "it does notice"


# What this version does not know


@contextmanager
def newer_program() -> Iterator[type[Any]]:
    """The program of the next release: one more kind, and one more field of a person that has a rule of its own."""
    person = kind_of(Person)
    try:

        @record("mood", label="Mood", plural="Moods", subject=("person",), source="invented")
        class Mood:
            person: UUID | None = field("Person", default=None, index=True)
            words: str = field("In words", default="")
            marks: int = field("Marks", default=0, conflict="sum")  # type: ignore[arg-type]  # a rule of the next release

        pet = FieldDeclaration("pet", str, "Pet", "", conflict="sum")  # type: ignore[arg-type]  # as above
        _declare(replace(person, fields=MappingProxyType({**person.fields, "pet": pet})))
        yield Mood
    finally:
        _declare(person)
        for found in [each for each in declaration._kinds.values() if each.name == "mood"]:
            del declaration._kinds["mood"], declaration._kind_of[found.type]


def _declare(kind: declaration.RecordKind) -> None:
    declaration._kinds[kind.name] = declaration._kind_of[kind.type] = kind


def test_what_only_the_next_release_knows_goes_through_an_older_desk_and_server_and_back(
    join: Join, database_url: str
) -> None:
    newer, older, another = join(), join(), join()
    mood = uuid4()
    newer.store.write([create(PERSON, Person(given_name="Ngozi"))], [], ME)
    with newer_program() as mood_kind:
        newer.store.write([create(mood, mood_kind(person=PERSON, words="Low", marks=3))], [], ME)
        (head,) = person_at(newer).heads
        newer.store.write([Write(PERSON, "person", {"pet": "A cat"}, (head,))], [], ME)
    # From here on everybody, the server too, is of this release.
    newer.exchange()
    older.exchange()
    assert older.store.counts()["mood"] == 1
    held = older.store.get(Person, PERSON)
    assert held is not None
    assert held.unknown == {"pet": "A cat"}
    older.store.write([edit(held, given_name="Ngozi Ada")], [], ME)
    older.exchange()
    another.exchange()
    newer.exchange()
    with connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM change WHERE kind = 'mood'").fetchone() == (1,)
    for desk in (newer, older, another):
        held = desk.store.get(Person, PERSON)
        assert held is not None
        assert (held.value.given_name, held.unknown) == ("Ngozi Ada", {"pet": "A cat"})
        with newer_program() as mood_kind:
            there = desk.store.get(mood_kind, mood)
            assert there is not None
            assert (there.value.words, there.value.marks) == ("Low", 3)


def test_a_rule_that_this_release_does_not_know_asks(join: Join) -> None:
    newer, older = join(), join()
    mood = uuid4()
    newer.store.write([create(PERSON, Person(given_name="Ngozi"))], [], ME)
    with newer_program() as mood_kind:
        newer.store.write([create(mood, mood_kind(person=PERSON))], [], ME)
    newer.exchange()
    older.exchange()
    for desk, marks, pet in ((newer, 3, "A cat"), (older, 5, "A dog")):
        with newer_program() as mood_kind:
            there, person = desk.store.get(mood_kind, mood), desk.store.get(Person, PERSON)
            assert there is not None
            assert person is not None
            desk.store.write([edit(there, marks=marks), Write(PERSON, "person", {"pet": pet}, person.heads)], [], ME)
    newer.exchange()
    older.exchange()
    newer.exchange()
    for desk in (newer, older):
        held = desk.store.get(Person, PERSON)
        assert held is not None
        assert {each.value for each in held.conflicts["pet"]} == {"A cat", "A dog"}, "nothing is dropped"
        assert [each.id for each in desk.store.in_conflict()] == [PERSON], "a kind that is not known asks nobody"
        with newer_program() as mood_kind:
            there = desk.store.get(mood_kind, mood)
            assert there is not None
            assert {each.value for each in there.conflicts["marks"]} == {3, 5}


def test_the_declared_rules_are_the_two_that_this_release_knows() -> None:
    assert {each.value for each in ConflictRule} == {"ask", "latest"}
