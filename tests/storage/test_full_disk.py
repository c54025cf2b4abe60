"""A full disk: the save says so, nothing half is left, and the next save works when there is room again."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import Author, Store, create

ME = Author(uuid4(), None, "test")


def most_pages(store: Store, pages: int) -> None:
    """What SQLite itself does when there is no room: it refuses to grow the file."""
    with store._writing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_said_and_nothing_is_half_saved(new_store: Callable[..., Store]) -> None:
    store = new_store()
    saved = uuid4()
    store.write([create(saved, Person(given_name="Kit"))], [], ME)
    most_pages(store, 1)
    people = [create(uuid4(), Person(given_name="A" * 150, address="B" * 5000)) for _ in range(150)]
    with pytest.raises(Problem, match="disk is full") as full:
        store.write(people, [], ME)
    assert "not saved" in full.value.what_happened
    assert store.get(Person, saved) is not None
    assert store.count(Person) == 1
    assert store.waiting().count == 1
    most_pages(store, 1_000_000)
    store.write(people, [], ME)
    assert store.count(Person) == 151
