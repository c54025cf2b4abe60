"""Finding two registrations of one person, and asking about them: a record that the server itself writes.

It runs after a push, in transactions of its own, a few people at a time: what is left waits for the next. People who
are not protected are asked about in the alliance's stream, which knows no more of them than their cards. About a
protected person, only their own centre's clinical stream is asked, and the desks there show it to privacy officers.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from livingwell_desktop import VERSION
from livingwell_desktop.domain.changes import (
    Content,
    Standing,
    content_hash,
    fold,
    milliseconds_of,
    signed_bytes,
    write_content,
)
from livingwell_desktop.domain.doubles import PossibleDouble, double_id, worth_asking
from livingwell_desktop.domain.look_alikes import Identity, LookAlike, look_alikes
from livingwell_desktop.domain.names import fold as folded
from livingwell_desktop.domain.protection import Protection
from livingwell_desktop.domain.records import ALLIANCE, Json, Sensitivity, body_of, kind_of, value_of
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.database import Connection, Database
from livingwell_desktop.server.generations import current
from livingwell_desktop.server.own_desk import own_desk
from livingwell_desktop.server.routing import Author, route
from livingwell_desktop.server.states import cards, stored_nodes
from livingwell_desktop.server.streams import enter, lock_subjects
from livingwell_desktop.server.taken import Taken
from livingwell_desktop.sync.protocol import STREAM

AT_ONCE = 50
"""People compared after one push."""
_MOST_ALIKE = 500
"""Of one key: more than so many share nothing that tells anybody apart."""
_KIND = kind_of(PossibleDouble)


def find_doubles(database: Database, alliance: AllianceKey, now: datetime) -> frozenset[str]:
    """Compare the next few whose cards have changed. Gives the streams with news. Raises DatabaseAwayError."""
    with database.transaction() as connection:
        people = _next_few(connection)
        if not people:
            return frozenset()
        pairs = _alike(connection, people)
        asked = _not_asked_yet(connection, pairs)
        if not asked:
            return frozenset()
        return frozenset(_ask(connection, alliance, asked, now))


def _next_few(connection: Connection) -> list[UUID]:
    rows = connection.execute(
        "DELETE FROM to_compare WHERE person IN (SELECT person FROM to_compare ORDER BY person LIMIT %s"
        " FOR UPDATE SKIP LOCKED) RETURNING person",
        (AT_ONCE,),
    ).fetchall()
    return sorted(row[0] for row in rows)


def _alike(connection: Connection, people: Sequence[UUID]) -> dict[tuple[UUID, UUID], LookAlike]:
    """Each of those people with whoever may be the same."""
    bodies = cards(connection, people)
    mine = {person: _identity(person, bodies[person]) for person in people if person in bodies}
    keys = {person: _keys(identity) for person, identity in mine.items()}
    _keep_keys(connection, people, keys)
    sharing: dict[UUID, set[UUID]] = {person: set() for person in mine}
    wanted = sorted({key for each in keys.values() for key in each})
    by_key: dict[str, list[UUID]] = {}
    for key, other in connection.execute("SELECT key, person FROM comparing_key WHERE key = ANY(%s)", (wanted,)):
        by_key.setdefault(key, []).append(other)
    for person, own in keys.items():
        for key in own:
            found = by_key.get(key, [])
            sharing[person].update(found if len(found) <= _MOST_ALIKE else ())
    others = sorted({other for found in sharing.values() for other in found} - mine.keys())
    theirs = {person: _identity(person, body) for person, body in cards(connection, others).items()} | mine
    pairs: dict[tuple[UUID, UUID], LookAlike] = {}
    for person, others_of in sharing.items():
        for alike in look_alikes(mine[person], [theirs[each] for each in sorted(others_of) if each in theirs]):
            if worth_asking(alike.reasons):
                first, second = sorted((person, UUID(alike.identity.key)))
                pairs[first, second] = alike
    return pairs


def _identity(person: UUID, body: Mapping[str, Json]) -> Identity:
    name = " ".join(str(body[each]) for each in ("given_name", "family_name") if body.get(each))
    others = tuple(str(body[each]) for each in ("preferred_name", "other_names") if body.get(each))
    born = body.get("born")
    return Identity(
        key=str(person),
        name=name,
        born=date.fromisoformat(born) if isinstance(born, str) else None,
        nhs_number=str(body.get("nhs_number") or ""),
        other_names=others,
    )


def _keys(identity: Identity) -> frozenset[str]:
    """What two who are worth asking about have in common, at least one of it: their number, or a month of birth."""
    found = {f"number {identity.nhs_number}"} if identity.nhs_number else set()
    if identity.born is not None and folded(identity.name):
        found.add(f"born {identity.born:%Y-%m}")
        if identity.born.day <= 12:
            # Day and month the other way round.
            found.add(f"born {identity.born:%Y-%d}")
    return frozenset(found)


def _keep_keys(connection: Connection, people: Sequence[UUID], keys: Mapping[UUID, frozenset[str]]) -> None:
    connection.execute("DELETE FROM comparing_key WHERE person = ANY(%s)", (list(people),))
    rows = [(key, person) for person, own in keys.items() for key in own]
    connection.execute(
        "INSERT INTO comparing_key (key, person) SELECT * FROM unnest(%s::text[], %s::uuid[]) ON CONFLICT DO NOTHING",
        ([key for key, _ in rows], [person for _, person in rows]),
    )


def _not_asked_yet(connection: Connection, pairs: Mapping[tuple[UUID, UUID], LookAlike]) -> dict[UUID, PossibleDouble]:
    """The questions that are new, by id; none about two protected people of different centres: neither may know."""
    protected = _own_centres(connection, {person for pair in pairs for person in pair})
    found = {}
    for (one, other), alike in pairs.items():
        centres = {protected[each] for each in (one, other) if each in protected}
        if len(centres) > 1 or None in centres:
            continue
        reasons = tuple(reason.name.lower() for reason in alike.reasons)
        found[double_id(one, other)] = PossibleDouble(
            one=one, other=other, reasons=reasons, centre=next(iter(centres), None)
        )
    rows = connection.execute("SELECT id FROM record WHERE id = ANY(%s)", (list(found),)).fetchall()
    there = {row[0] for row in rows}
    return {record: value for record, value in found.items() if record not in there}


def _own_centres(connection: Connection, people: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Of the protected among them, where each belongs."""
    rows = connection.execute("SELECT person FROM card WHERE person = ANY(%s) AND body IS NULL", (sorted(people),))
    hidden = [row[0] for row in rows]
    kind = kind_of(Protection)
    graphs = stored_nodes(connection, [kind.id_for(person) for person in hidden])
    centres: dict[UUID, UUID | None] = {}
    for person in hidden:
        nodes = graphs.get(kind.id_for(person))
        centres[person] = value_of(kind, fold(nodes).body).centre if nodes else None
    return centres


def _ask(
    connection: Connection, alliance: AllianceKey, questions: Mapping[UUID, PossibleDouble], now: datetime
) -> Iterable[str]:
    device = own_desk(connection, alliance, now)
    lock_subjects(connection, {value.centre or ALLIANCE for value in questions.values()})
    number = connection.execute("SELECT number FROM stream WHERE name = %s", (STREAM,)).fetchone()
    judged_at = (current(connection).number, number[0] if number else 0)
    taken = [
        _write(connection, alliance, device, record, value, judged_at, now)
        for record, value in sorted(questions.items())
    ]
    return enter(connection, route(connection, taken, Author(device, ()), now))


def _write(
    connection: Connection,
    alliance: AllianceKey,
    device: UUID,
    record: UUID,
    value: PossibleDouble,
    judged_at: tuple[int, int],
    now: datetime,
) -> Taken:
    subject, level = value.centre or ALLIANCE, int(Sensitivity.CLINICAL)
    act, change, salt = os.urandom(8).hex(), os.urandom(16), os.urandom(16)
    at = milliseconds_of(now)
    fields = body_of(_KIND, value)
    content = write_content(
        Content(record, _KIND.name, subject, level, (), fields, act, at, None, None, VERSION, judged_at)
    )
    hashed = content_hash(salt, content)
    connection.execute(
        "INSERT INTO change (id, content, salt, content_hash, device, signature, record, kind, subject, sensitivity,"
        " standing, fields, received_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(change, content, salt, hashed, device, alliance.server_key().sign(signed_bytes(change, hashed))),
            *(record, _KIND.name, subject, level, int(Standing.CONTENT), sorted(fields), now),
        ),
    )
    return Taken(change, record, _KIND.name, subject, level, act, len(content), fields=frozenset(fields))
