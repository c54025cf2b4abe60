"""Cards: what the whole alliance may know of people whose records are at other centres."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.searching import Query
from livingwell_desktop.storage.arrivals import Card
from livingwell_desktop.storage.search import match_expression, search_columns


@dataclass(frozen=True, slots=True)
class KnownElsewhere:
    """A person whom another centre knows: enough to tell two people apart, and nothing more."""

    person: UUID
    given_name: str
    family_name: str
    preferred_name: str
    born: date | None
    nhs_number: str


def put_card(connection: Connection, card: Card) -> None:
    """Keep a card over its former self, or forget it."""
    known = connection.exec_driver_sql("SELECT number FROM card WHERE person = ?", (card.person.bytes,)).scalar()
    if known is not None:
        connection.exec_driver_sql("DELETE FROM card_search WHERE rowid = ?", (known,))
        connection.exec_driver_sql("DELETE FROM card WHERE number = ?", (known,))
    if card.body is None:
        return
    number = connection.exec_driver_sql(
        "INSERT INTO card (person, body) VALUES (?, ?)",
        (card.person.bytes, json.dumps(dict(card.body), ensure_ascii=False)),
    ).lastrowid
    connection.exec_driver_sql(
        "INSERT INTO card_search (rowid, name, born, phone, number) VALUES (?, ?, ?, ?, ?)",
        (number, *search_columns(card.body)),
    )


def forget_cards(connection: Connection) -> None:
    """Forget all: they come again with their stream."""
    connection.exec_driver_sql("DELETE FROM card_search")
    connection.exec_driver_sql("DELETE FROM card")


def search_cards(connection: Connection, query: Query, limit: int) -> tuple[KnownElsewhere, ...]:
    """People who match the query and whose records this desk does not hold."""
    expression = match_expression(query)
    if not expression:
        return ()
    rows = connection.exec_driver_sql(
        "SELECT card.person, card.body FROM card_search JOIN card ON card.number = card_search.rowid"
        " WHERE card_search MATCH ? AND NOT EXISTS (SELECT 1 FROM record WHERE record.id = card.person) LIMIT ?",
        (expression, limit),
    ).all()
    return tuple(_known(UUID(bytes=row[0]), json.loads(row[1])) for row in rows)


def card_of(connection: Connection, person: UUID) -> KnownElsewhere | None:
    """The card of one person, or None."""
    body = connection.exec_driver_sql("SELECT body FROM card WHERE person = ?", (person.bytes,)).scalar()
    return None if body is None else _known(person, json.loads(str(body)))


def _known(person: UUID, body: dict[str, str]) -> KnownElsewhere:
    born = body.get("born")
    return KnownElsewhere(
        person,
        body.get("given_name") or "",
        body.get("family_name") or "",
        body.get("preferred_name") or "",
        date.fromisoformat(born) if born else None,
        body.get("nhs_number") or "",
    )
