"""Protected people: their card is withdrawn, and all but the protection leaves the streams that reception desks follow.

Which person is protected is what their `protection` record says, folded. A person whose card is withdrawn is protected:
so later changes about them are asked for in the table of cards alone.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from livingwell_desktop.domain.changes import fold
from livingwell_desktop.domain.protection import Protection, person_sensitivity
from livingwell_desktop.domain.records import Sensitivity, kind_of, value_of
from livingwell_desktop.server.columns import uuid_column
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.states import NO_CARD, card_text, cards, stored_nodes
from livingwell_desktop.server.streams import Entry, Stream, Streams
from livingwell_desktop.server.taken import Taken
from livingwell_desktop.sync.protocol import STREAM


def raised(connection: Connection, taken: Sequence[Taken]) -> list[Taken]:
    """The same changes, those about protected people at least clinical: a desk that had not heard wrote them lower."""
    own = kind_of(Protection).name
    people = protected(connection, {each.subject for each in taken})
    if not people:
        return list(taken)
    return [
        each._replace(sensitivity=max(each.sensitivity, int(Sensitivity.CLINICAL)))
        if each.subject in people and each.kind != own
        else each
        for each in taken
    ]


def follow_protections(
    connection: Connection, streams: Streams, taken: Iterable[Taken], known: dict[UUID, set[UUID]]
) -> list[Entry]:
    """Lines that follow from protections that have just begun or ended."""
    own = kind_of(Protection).name
    entries: list[Entry] = []
    for person in sorted({each.subject for each in taken if each.kind == own}):
        now, before = _is_protected(connection, person), person in protected(connection, {person})
        if now == before:
            continue
        reached = [each for each in streams.reached_by(person, known.get(person, ())) if each.sensitivity < _CLINICAL]
        entries.extend(_begin(connection, person, reached) if now else _end(connection, person, reached))
    return entries


_CLINICAL = int(Sensitivity.CLINICAL)


def _begin(connection: Connection, person: UUID, streams: Sequence[Stream]) -> list[Entry]:
    connection.execute(
        "INSERT INTO card (person, body) VALUES (%s, NULL) ON CONFLICT (person) DO UPDATE SET body = NULL", (person,)
    )
    left = connection.execute(
        "UPDATE record SET sensitivity = %s WHERE subject = %s AND sensitivity < %s AND kind <> %s RETURNING id",
        (_CLINICAL, person, _CLINICAL, kind_of(Protection).name),
    ).fetchall()
    leaving = [
        Entry(stream.name, "x", None, record, "", 0) for stream in streams for record in sorted(row[0] for row in left)
    ]
    return [Entry(STREAM, "k", None, person, "", 0), *leaving]


def _end(connection: Connection, person: UUID, streams: Sequence[Stream]) -> list[Entry]:
    back = connection.execute(
        "UPDATE record SET sensitivity = found.least FROM (SELECT record, min(sensitivity) AS least FROM change"
        " WHERE subject = %s GROUP BY record) AS found WHERE record.id = found.record AND record.subject = %s"
        " AND record.sensitivity > found.least RETURNING record.id, found.least",
        (person, person),
    ).fetchall()
    body = cards(connection, [person]).get(person)
    entries = []
    connection.execute(
        "UPDATE card SET body = %s WHERE person = %s", (NO_CARD if body is None else card_text(body), person)
    )
    if body is not None:
        entries.append(Entry(STREAM, "k", None, person, "", 0))
    entries.extend(
        Entry(stream.name, "s", None, record, "", 0)
        for stream in streams
        for record, least in sorted(back)
        if least <= stream.sensitivity
    )
    return entries


def protected(connection: Connection, people: Iterable[UUID]) -> set[UUID]:
    """Those of them whose card is withdrawn."""
    rows = connection.execute(
        "SELECT person FROM card WHERE person = ANY(%s::uuid[]) AND body IS NULL", (uuid_column(people),)
    )
    return {row[0] for row in rows}


def _is_protected(connection: Connection, person: UUID) -> bool:
    kind = kind_of(Protection)
    nodes = stored_nodes(connection, [kind.id_for(person)]).get(kind.id_for(person))
    if nodes is None:
        return False
    folded = fold(nodes)
    held = None if folded.entered_in_error or folded.newest is None else value_of(kind, folded.body)
    return person_sensitivity(held, in_question=bool(folded.conflicts)) >= Sensitivity.CLINICAL
