"""Taking back what a restored server lost, from desks that still hold it: others' changes, proved by their signatures.

Only a desk that has not answered to the newest generation may do this. What is here already is never overwritten: a
change only rises from "not held".

A change whose author this server does not know waits in quarantine for that desk's certificate, and is taken in by the
transaction that brings it, as if it had been given back then.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livingwell_desktop.domain.changes import Change, Standing
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.given_back import Gift, Row, judge_gift
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.judging import OTHER_RECORD
from livingwell_desktop.server.pulling import lines_that_leave
from livingwell_desktop.server.quarantine import keep_in_quarantine, subjects_of, wait_no_longer, waiting_for
from livingwell_desktop.server.routing import Author, route
from livingwell_desktop.server.streams import Entry, enter, lock_subjects
from livingwell_desktop.server.taken import Taken
from livingwell_desktop.server.withdrawing import to_be_heard
from livingwell_desktop.sync.overseeing import Notice
from livingwell_desktop.sync.restored import Offer, Refill


@dataclass(frozen=True, slots=True)
class Refilled:
    """What became of a refill."""

    taken: int = 0
    refused: tuple[tuple[ChangeId, str], ...] = ()
    streams: frozenset[str] = frozenset()


def missing_of(connection: Connection, offer: Offer) -> list[ChangeId]:
    """Which of what a desk holds is not here: changes without their words, and voids that stand lower here.

    And changes that were erased, which this desk has not heard: it hears it when it brings them.
    """
    found: dict[bytes, int] = dict(
        connection.execute(
            "SELECT id, standing FROM change WHERE id = ANY(%s)",
            ([*offer.changes, *(name for name, _ in offer.voids)],),
        ).fetchall()
    )
    unheard = (Standing.NOT_HELD, Standing.PURGED)
    lacking = [each for each in offer.changes if found.get(each, Standing.NOT_HELD) in unheard]
    return lacking + [name for name, _ in offer.voids if found.get(name, Standing.NOT_HELD) == Standing.NOT_HELD]


def let_go(connection: Connection, device: KnownDevice, offer: Offer, now: datetime) -> frozenset[str]:
    """Say once more that records leave, where a desk holds what it is not to: a restore took that back.

    Says which streams have news.
    """
    leaving = lines_that_leave(connection, device, offer.changes)
    numbers = enter(connection, leaving)
    _still_to_be_heard(connection, [(device, leaving)], numbers, now)
    return frozenset(numbers)


def refill(
    connection: Connection, device: KnownDevice, asked: Refill, now: datetime, came: Collection[UUID] = ()
) -> Refilled:
    """Take in what is proved and not here, and enter it in the streams that it belongs to.

    And what waited for the desks that `came` to be known with it.
    """
    gift = judge_gift(connection, device, asked.changes, asked.voids)
    numbers = _take(connection, [gift], _waiting(connection, came), came, now)
    _keep_refused(connection, gift, now)
    return Refilled(gift.taken, tuple(gift.refused.items()), frozenset(numbers))


def take_waiting(connection: Connection, came: Collection[UUID], now: datetime) -> frozenset[str]:
    """Take in what waited for desks to be known, in the transaction that `know_again` is part of.

    Says which streams have news.
    """
    waited = _waiting(connection, came)
    return frozenset(_take(connection, [], waited, came, now)) if waited else frozenset()


def _waiting(connection: Connection, came: Collection[UUID]) -> list[Gift]:
    """What waited for those that came, by the desks that gave it back."""
    given: dict[UUID, list[Change]] = defaultdict(list)
    for by, change in waiting_for(connection, came) if came else ():
        given[by].append(change)
    if not given:
        return []
    rows = connection.execute(
        "SELECT id, centres, sensitivity FROM device WHERE id = ANY(%s) ORDER BY id", (sorted(given),)
    ).fetchall()
    devices = [KnownDevice(row[0], tuple(row[1]), row[2], {}) for row in rows]
    return [judge_gift(connection, device, given[device.id]) for device in devices]


def _take(
    connection: Connection, gifts: Sequence[Gift], waited: Sequence[Gift], came: Collection[UUID], now: datetime
) -> Mapping[str, int]:
    """In the order of a push: subjects, changes, and last the numbers. Says what each stream has reached."""
    everything = [*gifts, *waited]
    lock_subjects(connection, (row.subject for gift in everything for row in gift.rows))
    entries = [entry for gift in everything for entry in _placed(connection, gift, now)]
    if waited:
        wait_no_longer(connection, came, {name: why for gift in waited for name, why in gift.refused.items()})
    leaving = [
        (gift.by, lines_that_leave(connection, gift.by, [change.id for change in gift.changes])) for gift in everything
    ]
    numbers = enter(connection, [*entries, *(line for _, lines in leaving for line in lines)])
    _still_to_be_heard(connection, leaving, numbers, now)
    return numbers


def _placed(connection: Connection, gift: Gift, now: datetime) -> list[Entry]:
    """Store what one desk gave back; the lines for the streams."""
    rows = _without_erased(connection, _within_records(connection, gift))
    stored = _store(connection, rows, now)
    fresh = [row for row in rows if row.id in stored or (row.standing is Standing.PURGED and row.kind)]
    gift.taken = len(fresh)
    entries = []
    for centres, of_author in _by_centres(fresh, gift.by).items():
        holes = _fill_holes(connection, of_author, now)
        taken = [*holes, *(_taken(row) for row in of_author if row.kind)]
        entries.extend(route(connection, taken, Author(gift.by.id, centres, gives_back=True), now))
    return entries


def _keep_refused(connection: Connection, gift: Gift, now: datetime) -> None:
    """The desk settles after this and gives nothing back again: the words are kept here, and somebody is to look."""
    refused = [change for change in gift.changes if change.id in gift.refused]
    erased = _erased(connection, {name for change in refused for name in subjects_of(change.content)})
    for change in refused:
        if erased.isdisjoint(subjects_of(change.content)):
            unproved = change.id in gift.unproved
            keep_in_quarantine(connection, gift.by.id, change, gift.refused[change.id], now, unproved=unproved)
    if refused:
        connection.execute(
            "INSERT INTO notice (kind, device, at) SELECT %(kind)s, %(device)s, %(now)s WHERE NOT EXISTS"
            " (SELECT FROM notice WHERE kind = %(kind)s AND device = %(device)s"
            " AND at >= (SELECT max(started_at) FROM generation))",
            {"kind": Notice.NOT_TAKEN_BACK, "device": gift.by.id, "now": now},
        )


def _still_to_be_heard(
    connection: Connection,
    leaving: Sequence[tuple[KnownDevice, Sequence[Entry]]],
    numbers: Mapping[str, int],
    now: datetime,
) -> None:
    """The last lines of these streams are for those desks: a stream that they download anew goes on before them."""
    lines = [line for _, of_one in leaving for line in of_one]
    many = Counter(line.stream for line in lines)
    for device, of_one in leaving:
        for stream in sorted({line.stream for line in of_one}):
            connection.execute(
                "INSERT INTO followed (device, stream, number, at) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (device, stream) DO UPDATE SET number = least(followed.number, excluded.number)",
                (device.id, stream, numbers[stream] - many[stream], now),
            )
    to_be_heard(connection, lines, numbers)


def _within_records(connection: Connection, gift: Gift) -> list[Row]:
    """Without those that name another record's change as their parent: they have no place in any graph."""
    named = sorted({parent for row in gift.rows for parent in row.parents})
    records: dict[bytes, UUID] = dict(
        connection.execute("SELECT id, record FROM change WHERE id = ANY(%s)", (named,)).fetchall()
    )
    for row in gift.rows:
        records.setdefault(row.id, row.record)
    astray = [row for row in gift.rows if any(records.get(each, row.record) != row.record for each in row.parents)]
    gift.refused |= dict.fromkeys((row.id for row in astray), OTHER_RECORD)
    return [row for row in gift.rows if row not in astray]


def _without_erased(connection: Connection, rows: Sequence[Row]) -> list[Row]:
    """What was erased comes back as its place alone, whoever still holds the words."""
    erased = _erased(connection, {name for row in rows for name in (row.record, row.subject)})
    return [
        Row(
            row.id,
            row.record,
            row.kind,
            row.subject,
            row.sensitivity,
            Standing.PURGED,
            row.content_hash,
            row.parents,
            row.fields,
            row.centres,
        )
        if row.record in erased or row.subject in erased
        else row
        for row in rows
    ]


def _erased(connection: Connection, about: Collection[UUID]) -> set[UUID]:
    rows = connection.execute("SELECT record FROM tombstone WHERE record = ANY(%s)", (sorted(about),))
    return {row[0] for row in rows}


def _store(connection: Connection, rows: Sequence[Row], now: datetime) -> set[ChangeId]:
    """Insert what is not here, raise what was not held, and say which that were."""
    stored: set[ChangeId] = set()
    for row in sorted(rows, key=lambda each: each.id):
        change = row.change
        done = connection.execute(
            "INSERT INTO change (id, content, salt, content_hash, device, signature, record, kind, subject,"
            " sensitivity, standing, parents, fields, received_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET content = excluded.content, salt = excluded.salt,"
            " content_hash = excluded.content_hash, device = excluded.device, signature = excluded.signature,"
            " parents = excluded.parents, fields = excluded.fields, standing = excluded.standing,"
            # What it is about, too: a place was put where its child is, or where a desk without the words thought.
            " kind = coalesce(nullif(excluded.kind, ''), change.kind),"
            " subject = CASE excluded.kind WHEN '' THEN change.subject ELSE excluded.subject END,"
            " sensitivity = CASE excluded.kind WHEN '' THEN change.sensitivity ELSE excluded.sensitivity END"
            " WHERE change.standing = 0 AND change.record = excluded.record"
            " AND (excluded.standing > 0 OR change.content_hash = '' AND excluded.content_hash <> '')"
            " RETURNING id",
            (
                row.id,
                change.content if change else b"",
                change.salt if change else b"",
                row.content_hash,
                change.device if change else None,
                change.signature if change else b"",
                row.record,
                row.kind,
                row.subject,
                row.sensitivity,
                int(row.standing),
                list(row.parents),
                sorted(row.fields),
                now,
            ),
        ).fetchone()
        if done is not None:
            stored.add(row.id)
    return stored


def _by_centres(rows: Sequence[Row], device: KnownDevice) -> dict[tuple[UUID, ...], list[Row]]:
    """Rows by the centres that get to know their people: the author's; and this desk's, which held them."""
    grouped: dict[tuple[UUID, ...], list[Row]] = defaultdict(list)
    for row in rows:
        known = set(row.centres)
        if known.isdisjoint(device.centres):
            known |= set(device.centres)
        grouped[tuple(sorted(known))].append(row)
    return grouped


def _fill_holes(connection: Connection, rows: Sequence[Row], now: datetime) -> list[Taken]:
    """A parent that nobody has sent yet stands in the graph by its name."""
    children = {parent: row for row in rows for parent in row.parents}
    missing = connection.execute(
        "SELECT p FROM unnest(%s::bytea[]) AS p WHERE NOT EXISTS (SELECT FROM change WHERE change.id = p)",
        (sorted(children),),
    ).fetchall()
    holes = []
    for (parent,) in missing:
        child = children[parent]
        connection.execute(
            "INSERT INTO change (id, content, salt, content_hash, signature, record, kind, subject, sensitivity,"
            " standing, received_at) VALUES (%s, '', '', '', '', %s, %s, %s, %s, 0, %s) ON CONFLICT DO NOTHING",
            (parent, child.record, child.kind, child.subject, child.sensitivity, now),
        )
        about = (child.record, child.kind, child.subject, child.sensitivity)
        holes.append(Taken(parent, *about, act=child.act, size=0, sound=False))
    return [hole for hole in holes if hole.kind]


def _taken(row: Row) -> Taken:
    size = len(row.change.content) if row.change else 0
    sound = row.standing is Standing.CONTENT
    return Taken(row.id, row.record, row.kind, row.subject, row.sensitivity, row.act, size, sound, row.fields)
