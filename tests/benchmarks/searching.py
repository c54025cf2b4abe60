"""Finding a person: from each key press until the results are drawn, for queries of any two facts."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from PySide6.QtTest import QTest

from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.searching import parse_query
from livingwell_desktop.storage import Store
from tests.benchmarks.bench_desk import draw
from tests.benchmarks.big_records import SEED, TODAY, BigAlliance
from tests.benchmarks.measuring import median_of_rounds, milliseconds

if TYPE_CHECKING:
    from livingwell_desktop.app.desk import OpenDesk

QUERIES = 24


def queries(alliance: BigAlliance, count: int = QUERIES) -> tuple[str, ...]:
    """What receptionists type: two facts of somebody who is there, in every combination and either order."""
    chance = Random(SEED + 2)
    people = [made.value for made in alliance.records_of_people()]
    found: list[str] = []
    while len(found) < count:
        facts = _facts(chance, chance.choice(people))
        pairs = list(combinations(facts, 2))
        found.append(" ".join(chance.sample(pairs[len(found) % len(pairs)], 2)))
    return tuple(found)


def _facts(chance: Random, person: Person) -> tuple[str, ...]:
    born, name = person.born or date(1980, 1, 1), person.family_name or person.given_name
    return (
        name[: chance.randint(3, max(3, len(name)))].lower(),
        chance.choice((f"{born.day}/{born.month}/{born.year}", str(born.year), f"{born.day} {born:%B} {born.year}")),
        chance.choice((person.phone, person.phone[-4:].replace(" ", ""))),
        person.nhs_number or person.given_name.lower(),
    )


def search_p95_ms(desk: "OpenDesk", typed: tuple[str, ...]) -> float:
    """Key press to drawn results in the palette of the real window, 95th percentile of all key presses."""

    box = desk.window.palette_overlay.field.edit

    def press(sign: str) -> None:
        if sign.isascii():
            QTest.keyClick(box, sign)
        else:
            # A letter that no test keyboard has comes as an input method commits it.
            box.insert(sign)
        draw(desk.window)

    def one_round() -> Iterator[float]:
        for query in typed:
            desk.window.open_palette("")
            draw(desk.window)
            for sign in query:
                yield milliseconds(partial(press, sign))

    return median_of_rounds(one_round, 95)


def store_search_p95_ms(store: Store, typed: tuple[str, ...]) -> float:
    """The store's part of it: reading what was typed and finding the people, without anything drawn."""

    def find(text: str) -> None:
        store.search_people(parse_query(text, TODAY), 6)

    def one_round() -> Iterator[float]:
        for query in typed:
            for end in range(1, len(query) + 1):
                yield milliseconds(partial(find, query[:end]))

    return median_of_rounds(one_round, 95)
