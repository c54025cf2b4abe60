"""What lists and search show of people, looked for on every desk: their cards, and by what their records are found."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import kind_of
from livingwell_desktop.domain.searching import Query, parse_query
from tests.faults.desks import Desk
from tests.faults.model import Model, must
from tests.faults.records import PEOPLE

_TODAY = date(2026, 11, 23)


def judge_people(model: Model, desks: list[Desk], is_erased: Callable[[UUID], bool]) -> None:
    """Each desk has the same card of each person, which says what the fold says, and finds people by what it shows.

    Raises BrokenError.
    """
    for person in PEOPLE:
        if not _is_certain(model, person):
            continue
        name = "" if is_erased(person) else _name_on_card(model, person)
        for desk in desks:
            card = desk.store.card(person)
            said = card.given_name if card is not None else ""
            must(2, said == name, f"{desk.name} has a card of {person} that says {said!r}, not {name!r}")
            _is_found(desk, person, name)


def _is_certain(model: Model, person: UUID) -> bool:
    """Not where two contents have one name: which of them counts is for somebody to look at."""
    about = {person, *(each.record for each in model.protections_of(person))}
    used = {each.id for each in model.gone}
    return not any(each.record in about for each in model.gone) and not any(
        each.id in used for record in about for each in model.of(record)
    )


def _name_on_card(model: Model, person: UUID) -> str:
    """Empty for somebody who has no card: nobody wrote a name, it was a mistake, or they are protected."""
    says = model.expected(person, lambda _: True)
    if says.removed or model.is_protected(person):
        return ""
    assert "given_name" in kind_of(Person).card
    return str(says.body.get("given_name", ""))


def _is_found(desk: Desk, person: UUID, name: str) -> None:
    row = desk.row(person)
    held = str(row.body.get("given_name", "")) if row is not None and not row.removed else ""
    for typed in ("a", "b", "c"):
        query = _query(typed)
        here = person in {each.id for each in desk.store.search_people(query).people}
        must(2, here == (held == typed), f"{desk.name} shows {held!r} and is asked for {typed!r}: found {here}")
        elsewhere = person in {each.person for each in desk.store.search_cards(query)}
        must(2, elsewhere == (row is None and name == typed), f"{desk.name} finds a card by {typed!r}: {elsewhere}")


def _query(typed: str) -> Query:
    return parse_query(typed, _TODAY)
