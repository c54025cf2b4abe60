"""Taking back what a restored server lost, from desks that still hold it: others' changes, proved by their signatures.

Only a desk that has not answered to the newest generation may do this. What is here already is never overwritten: a
change only rises from "not held".
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from livingwell_desktop.domain.changes import (
    Change,
    Content,
    ContentError,
    Standing,
    check_fitting,
    content_hash,
    read_content,
    signed_bytes,
)
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.judging import OTHER_RECORD
from livingwell_desktop.server.pulling import lines_that_leave
from livingwell_desktop.server.quarantine import keep_in_quarantine, subjects_of
from livingwell_desktop.server.routing import Author, route
from livingwell_desktop.server.streams import Entry, enter, lock_subjects
from livingwell_desktop.server.taken import Taken
from livingwell_desktop.server.withdrawing import to_be_heard
from livingwell_desktop.sync.overseeing import Notice
from livingwell_desktop.sync.restored import Offer, PlacedVoid, Refill


@dataclass(frozen=True, slots=True)
class Refilled:
    """What became of a refill."""

    taken: int = 0
    refused: tuple[tuple[ChangeId, str], ...] = ()
    streams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Row:
    """A change or void on its way into the database."""

    id: ChangeId
    record: UUID
    kind: str
    subject: UUID
    sensitivity: int
    standing: Standing
    content_hash: bytes
    parents: tuple[ChangeId, ...]
    fields: frozenset[str]
    centres: tuple[UUID, ...]
    """Those of its author's desk: they know its person, as when it was sent first."""
    change: Change | None = None
    act: str = ""


@dataclass
class _Judged:
    rows: list[_Row] = field(default_factory=list)
    refused: list[tuple[ChangeId, str]] = field(default_factory=list)


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
    _still_to_be_heard(connection, device, leaving, numbers, now)
    return frozenset(numbers)


def refill(connection: Connection, device: KnownDevice, asked: Refill, now: datetime) -> Refilled:
    """Take in what is proved and not here, and enter it in the streams that it belongs to."""
    judged = _judge(connection, asked)
    lock_subjects(connection, (row.subject for row in judged.rows))
    rows = _without_erased(connection, _within_records(connection, judged))
    stored = _store(connection, rows, now)
    fresh = [row for row in rows if row.id in stored or (row.standing is Standing.PURGED and row.kind)]
    entries = []
    for centres, of_author in _by_centres(fresh, device).items():
        holes = _fill_holes(connection, of_author, now)
        taken = [*holes, *(_taken(row) for row in of_author if row.kind)]
        entries.extend(route(connection, taken, Author(device.id, centres, gives_back=True), now))
    leaving = lines_that_leave(connection, device, [change.id for change in asked.changes])
    numbers = enter(connection, [*entries, *leaving])
    _still_to_be_heard(connection, device, leaving, numbers, now)
    _keep_refused(connection, device, asked.changes, dict(judged.refused), now)
    return Refilled(len(fresh), tuple(judged.refused), frozenset(numbers))


def _keep_refused(
    connection: Connection, device: KnownDevice, changes: Sequence[Change], why: Mapping[ChangeId, str], now: datetime
) -> None:
    """The desk settles after this and gives nothing back again: the words are kept here, and somebody is to look."""
    refused = {change: why[change.id] for change in changes if change.id in why}
    erased = _erased(connection, {name for change in refused for name in subjects_of(change.content)})
    for change, reason in refused.items():
        if erased.isdisjoint(subjects_of(change.content)):
            keep_in_quarantine(connection, device.id, change, reason, now)
    if refused:
        connection.execute(
            "INSERT INTO notice (kind, device, at) SELECT %(kind)s, %(device)s, %(now)s WHERE NOT EXISTS"
            " (SELECT FROM notice WHERE kind = %(kind)s AND device = %(device)s"
            " AND at >= (SELECT max(started_at) FROM generation))",
            {"kind": Notice.NOT_TAKEN_BACK, "device": device.id, "now": now},
        )


def _still_to_be_heard(
    connection: Connection, device: KnownDevice, leaving: Sequence[Entry], numbers: Mapping[str, int], now: datetime
) -> None:
    """The last lines of these streams are for this desk: a stream that it downloads anew goes on before them."""
    for stream in sorted({line.stream for line in leaving}):
        before = numbers[stream] - sum(line.stream == stream for line in leaving)
        connection.execute(
            "INSERT INTO followed (device, stream, number, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (device, stream) DO UPDATE SET number = least(followed.number, excluded.number)",
            (device.id, stream, before, now),
        )
    to_be_heard(connection, leaving, numbers)


def _judge(connection: Connection, asked: Refill) -> _Judged:
    judged = _Judged([_void_row(each) for each in asked.voids])
    authors = _authors(connection, asked.changes)
    for change in asked.changes:
        try:
            if change.device not in authors:
                raise ContentError("its author is not known")
            key, centres = authors[change.device]
            content = _proved(change, key)
            judged.rows.append(_change_row(change, content, centres))
        except ContentError as error:
            judged.refused.append((change.id, str(error)))
    return judged


def _authors(connection: Connection, changes: Sequence[Change]) -> Mapping[UUID, tuple[Ed25519PublicKey, list[UUID]]]:
    rows = connection.execute(
        "SELECT id, public_key, centres FROM device WHERE id = ANY(%s)", (sorted({each.device for each in changes}),)
    )
    return {row[0]: (Ed25519PublicKey.from_public_bytes(row[1]), row[2]) for row in rows}


def _proved(change: Change, key: Ed25519PublicKey) -> Content:
    """What the change says, once its author is certain. Raises ContentError."""
    if content_hash(change.salt, change.content) != change.content_hash:
        raise ContentError("the content does not match its hash")
    try:
        key.verify(change.signature, signed_bytes(change.id, change.content_hash))
    except InvalidSignature as error:
        raise ContentError("the signature is not its author's") from error
    content = read_content(change.content)
    check_fitting(content)
    return content


def _change_row(change: Change, content: Content, centres: Sequence[UUID]) -> _Row:
    return _Row(
        change.id,
        content.record,
        content.kind,
        content.subject,
        content.sensitivity,
        Standing.CONTENT,
        change.content_hash,
        tuple(sorted(content.parents)),
        frozenset(content.set),
        tuple(sorted(centres)),
        change,
        content.act,
    )


def _void_row(placed: PlacedVoid) -> _Row:
    void = placed.void
    return _Row(
        void.id,
        void.record,
        placed.kind,
        placed.subject,
        placed.sensitivity,
        void.standing,
        void.content_hash,
        tuple(sorted(void.parents)),
        void.fields,
        (),
    )


def _within_records(connection: Connection, judged: _Judged) -> list[_Row]:
    """Without those that name another record's change as their parent: they have no place in any graph."""
    named = sorted({parent for row in judged.rows for parent in row.parents})
    records: dict[bytes, UUID] = dict(
        connection.execute("SELECT id, record FROM change WHERE id = ANY(%s)", (named,)).fetchall()
    )
    for row in judged.rows:
        records.setdefault(row.id, row.record)
    astray = [row for row in judged.rows if any(records.get(each, row.record) != row.record for each in row.parents)]
    judged.refused += [(row.id, OTHER_RECORD) for row in astray]
    return [row for row in judged.rows if row not in astray]


def _without_erased(connection: Connection, rows: Sequence[_Row]) -> list[_Row]:
    """What was erased comes back as its place alone, whoever still holds the words."""
    erased = _erased(connection, {name for row in rows for name in (row.record, row.subject)})
    return [
        _Row(
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


def _store(connection: Connection, rows: Sequence[_Row], now: datetime) -> set[ChangeId]:
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


def _by_centres(rows: Sequence[_Row], device: KnownDevice) -> dict[tuple[UUID, ...], list[_Row]]:
    """Rows by the centres that get to know their people: the author's; and this desk's, which held them."""
    grouped: dict[tuple[UUID, ...], list[_Row]] = defaultdict(list)
    for row in rows:
        known = set(row.centres)
        if known.isdisjoint(device.centres):
            known |= set(device.centres)
        grouped[tuple(sorted(known))].append(row)
    return grouped


def _fill_holes(connection: Connection, rows: Sequence[_Row], now: datetime) -> list[Taken]:
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


def _taken(row: _Row) -> Taken:
    size = len(row.change.content) if row.change else 0
    sound = row.standing is Standing.CONTENT
    return Taken(row.id, row.record, row.kind, row.subject, row.sensitivity, row.act, size, sound, row.fields)
