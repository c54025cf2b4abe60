"""Pushing: a thousand edits made offline, from the first request to the last receipt in the store."""

import statistics
from collections.abc import Sequence
from time import perf_counter
from uuid import UUID

from livingwell_desktop.domain.people import Person
from livingwell_desktop.storage import create, edit
from tests.benchmarks.sync_world import AUTHOR, PERSON_EVERY, Cluster, record_number, value
from tests.central import JoinedDesk

EDITS = 1000
_PEOPLE = 100


def push(cluster: Cluster, rounds: int) -> dict[str, float]:
    """Changes a second, end to end, receipts written. One round warms up and is not counted."""
    with cluster.central() as central:
        desk = central.join()
        people = [record_number(number * PERSON_EVERY) for number in range(_PEOPLE)]
        desk.store.write([create(each, value(0)) for each in people], [], AUTHOR)
        desk.exchange()
        taken = [_round(desk, people, number) for number in range(rounds + 1)]
    return {"push_per_s": statistics.median(taken[1:])}


def _round(desk: JoinedDesk, people: Sequence[UUID], number: int) -> float:
    """A third notes of a kilobyte, two thirds edits of people, each in an act of its own, as staff work."""
    for each in range(EDITS):
        if each % 3 == 0:
            desk.store.write([create(record_number(1_000_000 + number * EDITS + each), value(1))], [], AUTHOR)
            continue
        held = desk.store.get(Person, people[each % _PEOPLE])
        assert held is not None
        desk.store.write([edit(held, phone=f"07700 9{each:05}", address=f"{each} Long Street")], [], AUTHOR)
    assert desk.store.waiting().count == EDITS
    began = perf_counter()
    desk.exchange()
    passed = perf_counter() - began
    assert desk.store.waiting().count == 0
    return EDITS / passed
