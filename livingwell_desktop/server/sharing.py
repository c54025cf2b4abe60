"""What a person takes back from an organisation leaves the desks that serve that organisation alone.

Which centres those are is said by the centre's record. A desk that serves several organisations keeps what it holds:
there, only what is shown, printed and exported follows what the person said.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.changes import fold, time_of
from livingwell_desktop.domain.organisations import Centre
from livingwell_desktop.domain.people import Decision, SharingAgreement, newest_agreement
from livingwell_desktop.domain.records import Held, kind_of, value_of
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.states import states_for, stored_nodes
from livingwell_desktop.server.streams import Entry, Streams, known_at
from livingwell_desktop.server.taken import Taken

_CENTRE, _AGREEMENT = kind_of(Centre), kind_of(SharingAgreement)


def follow_centres(connection: Connection, taken: Iterable[Taken]) -> None:
    """Keep which centres serve one organisation alone. It counts for what people say from then on."""
    changed = sorted({each.record for each in taken if each.kind == _CENTRE.name})
    if not changed:
        return
    for centre, nodes in stored_nodes(connection, changed).items():
        folded = fold(nodes)
        value: Centre = value_of(_CENTRE, folded.body)
        if value.organisation is None or folded.entered_in_error:
            connection.execute("DELETE FROM centre_serves WHERE centre = %s", (centre,))
        else:
            connection.execute(
                "INSERT INTO centre_serves (centre, organisation) VALUES (%s, %s)"
                " ON CONFLICT (centre) DO UPDATE SET organisation = excluded.organisation",
                (centre, value.organisation),
            )


def follow_sharing(
    connection: Connection, streams: Streams, taken: Iterable[Taken], author: UUID, now: datetime
) -> list[Entry]:
    """Lines that follow from what people have just said: records leave such centres, or come back to them."""
    people = sorted({each.subject for each in taken if each.kind == _AGREEMENT.name and each.sound})
    serving = connection.execute("SELECT centre, organisation FROM centre_serves").fetchall() if people else []
    if not serving:
        return []
    known, entries = known_at(connection, people), list[Entry]()
    for person in people:
        said = _said(connection, person)
        for centre, organisation in serving:
            newest = newest_agreement(each for each in said if each.value.organisation == organisation)
            if newest is None:
                continue
            if newest.value.decision is not Decision.GIVEN:
                entries.extend(_end(connection, streams, person, centre, known.get(person, set())))
            elif _was_ended(connection, person, centre):
                entries.extend(_begin_again(connection, streams, person, centre, author, now))
    return entries


def sharing_ended(connection: Connection, people: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """(person, centre) where they took back what they shared: writing about them there makes them known no more."""
    rows = connection.execute("SELECT subject, centre FROM sharing_ended WHERE subject = ANY(%s)", (list(people),))
    return {(person, centre) for person, centre in rows}


def _said(connection: Connection, person: UUID) -> list[Held[SharingAgreement]]:
    """Everything the person said, as far as it was not written in error."""
    records = connection.execute(
        "SELECT id FROM record WHERE subject = %s AND kind = %s ORDER BY id", (person, _AGREEMENT.name)
    ).fetchall()
    found = []
    for record, nodes in stored_nodes(connection, [row[0] for row in records]).items():
        folded = fold(nodes)
        if folded.newest is not None and not folded.entered_in_error:
            at = max(node.at for node in nodes)
            value: SharingAgreement = value_of(_AGREEMENT, folded.body)
            found.append(Held(record, value, folded.heads, {}, {}, time_of(at), None))
    return found


def _end(connection: Connection, streams: Streams, person: UUID, centre: UUID, known: set[UUID]) -> list[Entry]:
    connection.execute(
        "INSERT INTO sharing_ended (subject, centre) VALUES (%s, %s) ON CONFLICT DO NOTHING", (person, centre)
    )
    if centre not in known:
        return []
    connection.execute("DELETE FROM known WHERE subject = %s AND centre = %s", (person, centre))
    rows = connection.execute("SELECT id, sensitivity FROM record WHERE subject = %s ORDER BY id", (person,)).fetchall()
    return [
        Entry(stream.name, "x", None, record, "", 0)
        for stream in streams.of_centre(centre)
        for record, sensitivity in rows
        if sensitivity <= stream.sensitivity
    ]


def _was_ended(connection: Connection, person: UUID, centre: UUID) -> bool:
    gone = connection.execute(
        "DELETE FROM sharing_ended WHERE subject = %s AND centre = %s RETURNING 1", (person, centre)
    ).fetchone()
    return gone is not None


def _begin_again(
    connection: Connection, streams: Streams, person: UUID, centre: UUID, author: UUID, now: datetime
) -> list[Entry]:
    connection.execute(
        "INSERT INTO known (subject, centre, since, by_device) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (person, centre, now, author),
    )
    return states_for(connection, person, streams.of_centre(centre))
