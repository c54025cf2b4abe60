"""Taking what a desk sends: one transaction, whose last statement gives the numbers (`streams.enter`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from livingwell_desktop.domain.changes import Change, Content, Standing
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.server.chains import follow, lock_head, move_head
from livingwell_desktop.server.clocks import note_clock_ahead
from livingwell_desktop.server.columns import bytes_column, number_column, text_column, uuid_column
from livingwell_desktop.server.database import Connection, Database
from livingwell_desktop.server.joining import KnownDevice
from livingwell_desktop.server.judging import OTHER_RECORD, Judged, Proving, judge
from livingwell_desktop.server.pulling import lines_that_leave
from livingwell_desktop.server.purging import ERASED
from livingwell_desktop.server.quarantine import keep_in_quarantine
from livingwell_desktop.server.rights import judge_rights
from livingwell_desktop.server.routing import Author, route
from livingwell_desktop.server.streams import enter, lock_subjects
from livingwell_desktop.server.taken import Taken
from livingwell_desktop.sync.protocol import Offered, Received, Refused, Unreadable

_SAME_NAME = "another change has the same name"


class _Here(NamedTuple):
    """A change that has its place here."""

    content_hash: bytes
    """Empty when only its name is known."""
    record: UUID
    is_settled: bool
    """False when its words may still come: its standing is "not held"."""


_Held = Mapping[ChangeId, _Here]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of each change offered, and which streams have news."""

    receipts: tuple[Received, ...] = ()
    refused: tuple[Refused, ...] = ()
    streams: frozenset[str] = frozenset()


class _Accepted(NamedTuple):
    offered: Offered
    content: Content
    sound: bool = True


def push(database: Database, device: KnownDevice, offered: Sequence[Offered | Unreadable], now: datetime) -> Pushed:
    """Take the changes in. What is there already gets its receipt again.

    Raises ForkedError, when nothing is taken, and DatabaseAwayError.
    """
    if not offered:
        return Pushed()
    # Signatures are checked on other cores while the database works; nothing is committed before all of them are.
    proving = Proving(device, offered)
    try:
        return _push(database, device, judge(device, offered), proving, now)
    except _ForgedError as error:
        return _push(database, device, judge(device, offered, error.forged), None, now)


class _ForgedError(Exception):
    """Some signatures do not hold: what was stored is taken back, and judged again."""

    def __init__(self, forged: Collection[Change]) -> None:
        super().__init__("a signature does not hold")
        self.forged = forged


def _push(
    database: Database, device: KnownDevice, judged: Sequence[Judged], proving: Proving | None, now: datetime
) -> Pushed:
    with database.transaction() as connection:
        head = lock_head(connection, device)
        reached = follow(connection, device, head, judged)
        held = _held(connection, judged)
        judged = judge_rights(connection, device, head, _within_records(held, judged), now)
        note_clock_ahead(connection, device.id, head, judged, now)
        # Who was erased is asked with the locks held: an erasure that has them first is waited for, and seen.
        lock_subjects(connection, (each.content.subject for each in judged if each.content is not None))
        judged, here_before, purged = _without_erased(connection, judged)
        accepted, reused = _names(held, judged)
        stored = _store(connection, accepted, now)
        raced = [each for each in accepted if each.offered.change.id not in stored]
        reused += _reused(connection, raced)
        _keep_reused(connection, device, reused, now)
        taken_away = {(each.id, each.content_hash) for each in reused}
        refused = _refused(judged, taken_away)
        _keep_refused(connection, device, refused, now)
        if reached != head:
            move_head(connection, device, reached)
        new = [_taken(each) for each in accepted if each.offered.change.id in stored]
        here = held.keys() | {each.offered.change.id for each in accepted}
        new = _fill_holes(connection, accepted, here, now) + new + _to_be_heard_again(judged, purged, taken_away)
        entries = route(connection, new, Author(device.id, device.centres), now)
        if again := [*here_before, *_sent_before(device, judged, accepted, taken_away)]:
            entries.extend(lines_that_leave(connection, device, again))
        # Before the streams' counters are raised, for whose sake others wait.
        if proving is not None and (forged := proving.forged()):
            raise _ForgedError(forged)
        numbers = enter(connection, entries)
    receipts = [
        Received(each.offered.change.id, each.offered.change.content_hash)
        for each in judged
        if each.sound
        and isinstance(each.offered, Offered)
        and (each.offered.change.id, each.offered.change.content_hash) not in taken_away
    ]
    refusals = tuple(Refused(_id(each.offered), each.reason) for each in refused)
    return Pushed(tuple(receipts), refusals, frozenset(numbers))


def _held(connection: Connection, judged: Sequence[Judged]) -> _Held:
    """What is here already of the changes offered, and of those that they name as their parents."""
    ids = set[ChangeId]()
    for each in judged:
        if each.content is not None and isinstance(each.offered, Offered):
            ids.add(each.offered.change.id)
            ids.update(each.content.parents)
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            "SELECT id, content_hash, record, standing > 0 FROM change WHERE id = ANY(%b::bytea[])",
            (bytes_column(ids),),
        )
        return {change: _Here(*facts) for change, *facts in cursor}


def _within_records(held: _Held, judged: Sequence[Judged]) -> list[Judged]:
    """A change that names another record's change as its parent has no place in any graph: it is refused."""
    records = {change: here.record for change, here in held.items()}
    for each in judged:
        if each.content is not None and isinstance(each.offered, Offered):
            records.setdefault(each.offered.change.id, each.content.record)
    return [
        each._replace(content=None, reason=OTHER_RECORD)
        if each.content is not None and each.content.parents and _has_stranger(each.content, records)
        else each
        for each in judged
    ]


def _has_stranger(content: Content, records: Mapping[bytes, UUID]) -> bool:
    record = content.record
    return any(records.get(parent, record) != record for parent in content.parents)


def _without_erased(
    connection: Connection, judged: Sequence[Judged]
) -> tuple[list[Judged], list[ChangeId], set[ChangeId]]:
    """What is written about somebody erased, unknowing, is refused: its words are for the privacy officer.

    And the names of those that came before they were erased: they only get their receipt again. And which of those
    were themselves erased.
    """
    about = {
        name for each in judged if each.content is not None for name in (each.content.record, each.content.subject)
    }
    rows = connection.execute("SELECT record FROM tombstone WHERE record = ANY(%s::uuid[])", (uuid_column(about),))
    erased = {row[0] for row in rows}
    if not erased:
        return list(judged), [], set()
    offered = [each.offered.change.id for each in judged if isinstance(each.offered, Offered)]
    rows = connection.execute("SELECT id, standing FROM change WHERE id = ANY(%s) AND standing IN (1, 3)", (offered,))
    here = {bytes(row[0]): Standing(row[1]) for row in rows}
    kept = [
        each._replace(reason=ERASED)
        if each.sound
        and each.content is not None
        and not erased.isdisjoint((each.content.record, each.content.subject))
        and isinstance(each.offered, Offered)
        and each.offered.change.id not in here
        else each
        for each in judged
    ]
    return kept, sorted(here), {change for change, standing in here.items() if standing is Standing.PURGED}


def _to_be_heard_again(
    judged: Sequence[Judged], purged: Collection[ChangeId], reused: Collection[tuple[bytes, bytes]]
) -> list[Taken]:
    """Who sends what was erased has not heard it, and a server that was restored or lost may have nothing that says it.

    That the record leaves is not enough: what came about it since, and was refused, may be in this desk's streams.
    """
    return [
        _taken(_Accepted(each.offered, each.content, sound=False))
        for each in judged
        if each.content is not None
        and isinstance(each.offered, Offered)
        and each.offered.change.id in purged
        and (each.offered.change.id, each.offered.change.content_hash) not in reused
    ]


def _sent_before(
    device: KnownDevice,
    judged: Sequence[Judged],
    accepted: Sequence[_Accepted],
    reused: Collection[tuple[bytes, bytes]],
) -> list[ChangeId]:
    """What is here already: a copy of this desk sent it. The record may have left since, and only that one was told.

    Without what is above its own reach: that it may hold, for it wrote it.
    """
    if len(accepted) == len(judged):
        return []
    new = {each.offered.change.id for each in accepted}
    return [
        each.offered.change.id
        for each in judged
        if each.sound
        and each.content is not None
        and isinstance(each.offered, Offered)
        and each.offered.change.id not in new
        and (each.offered.change.id, each.offered.change.content_hash) not in reused
        and each.content.sensitivity <= device.sensitivity
    ]


def _fill_holes(
    connection: Connection, accepted: Sequence[_Accepted], here: Collection[ChangeId], now: datetime
) -> list[Taken]:
    """A parent that never came stands in the graph by its name: refused, if it was; or not held by anybody here.

    Those that are `here` are not asked for again: a change's place is never taken away.
    """
    children = {parent: each for each in accepted for parent in each.content.parents if parent not in here}
    missing = (
        connection.execute(
            "SELECT p, EXISTS (SELECT FROM refused WHERE refused.change = p) FROM unnest(%s::bytea[]) AS p"
            " WHERE NOT EXISTS (SELECT FROM change WHERE change.id = p)",
            (bytes_column(sorted(children)),),
        ).fetchall()
        if children
        else []
    )
    holes = []
    for parent, was_refused in missing:
        child = children[parent].content
        standing = Standing.REFUSED if was_refused else Standing.NOT_HELD
        connection.execute(
            "INSERT INTO change (id, content, salt, content_hash, signature, record, kind, subject, sensitivity,"
            " standing, received_at) VALUES (%s, '', '', '', '', %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (parent, child.record, child.kind, child.subject, child.sensitivity, int(standing), now),
        )
        about = (child.record, child.kind, child.subject, child.sensitivity)
        holes.append(Taken(parent, *about, act=child.act, size=0, sound=False))
    return holes


def _taken(each: _Accepted) -> Taken:
    content, change = each.content, each.offered.change
    return Taken(
        change.id,
        content.record,
        content.kind,
        content.subject,
        content.sensitivity,
        content.act,
        len(change.content),
        each.sound,
        frozenset(content.set),
    )


def _names(held: _Held, judged: Iterable[Judged]) -> tuple[list[_Accepted], list[Change]]:
    """Changes that are not here yet, and those whose name stands for other content."""
    hashes = {change: here.content_hash for change, here in held.items()}
    # Of some of these the hash is known: a desk that did not hold the words either gave their place back.
    to_come = {change for change, here in held.items() if not here.is_settled}
    accepted, reused = [], []
    for each in judged:
        if each.content is None or not isinstance(each.offered, Offered):
            continue
        change = each.offered.change
        known = hashes.get(change.id)
        if known and known != change.content_hash:
            reused.append(change)
        elif not known or change.id in to_come:
            hashes[change.id] = change.content_hash
            to_come.discard(change.id)
            accepted.append(_Accepted(each.offered, each.content, each.sound))
    return accepted, reused


def _reused(connection: Connection, raced: Sequence[_Accepted]) -> list[Change]:
    """Of changes that another desk entered while we were at it: those whose name now stands for other content."""
    if not raced:
        return []
    rows = connection.execute(
        "SELECT id, content_hash FROM change WHERE id = ANY(%s::bytea[])",
        (bytes_column(each.offered.change.id for each in raced),),
    )
    held: dict[bytes, bytes] = dict(rows.fetchall())
    return [each.offered.change for each in raced if held[each.offered.change.id] != each.offered.change.content_hash]


def _store(connection: Connection, accepted: Sequence[_Accepted], now: datetime) -> set[ChangeId]:
    """Insert all at once and say which really went in."""
    if not accepted:
        return set()
    # The same order everywhere, so that two desks with the same names wait for each other and never dead-lock.
    rows = sorted(accepted, key=lambda each: each.offered.change.id)
    changes, links = [each.offered.change for each in rows], [each.offered.envelope for each in rows]
    contents = [each.content for each in rows]
    with connection.cursor(binary=True) as cursor:
        # Parents and fields differ in number from row to row, which PostgreSQL's arrays of arrays cannot: so they come
        # joined, and are split there; hardly any has more than one parent, and splitting costs a query for each row.
        cursor.execute(
            "INSERT INTO change (id, content, salt, content_hash, device, signature, record, kind, subject,"
            " sensitivity, standing, sender, n, prev, chain, parents, fields, received_at)"
            " SELECT id, content, salt, content_hash, device, signature, record, kind, subject, sensitivity, standing,"
            " %b, n, prev, chain, CASE length(parents) WHEN 0 THEN '{}' WHEN 16 THEN ARRAY[parents]"
            " ELSE ARRAY(SELECT substring(parents FROM at FOR 16)"
            " FROM generate_series(1, length(parents), 16) AS at) END, string_to_array(fields, chr(10)), %b"
            " FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[], %b::uuid[], %b::bytea[], %b::uuid[],"
            " %b::text[], %b::uuid[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[], %b::bytea[],"
            " %b::bytea[], %b::text[])"
            " AS one (id, content, salt, content_hash, device, signature, record, kind, subject, sensitivity, standing,"
            " n, prev, chain, parents, fields)"
            " ON CONFLICT (id) DO UPDATE SET content = excluded.content, salt = excluded.salt,"
            " content_hash = excluded.content_hash, device = excluded.device, signature = excluded.signature,"
            " parents = excluded.parents, fields = excluded.fields, standing = excluded.standing,"
            " kind = excluded.kind, subject = excluded.subject, sensitivity = excluded.sensitivity,"
            " sender = excluded.sender, n = excluded.n, prev = excluded.prev, chain = excluded.chain"
            " WHERE change.standing = 0 AND excluded.standing > 0 RETURNING id",
            (
                rows[0].offered.envelope.device,
                now,
                bytes_column(each.id for each in changes),
                bytes_column(each.content if row.sound else b"" for each, row in zip(changes, rows, strict=True)),
                bytes_column(each.salt if row.sound else b"" for each, row in zip(changes, rows, strict=True)),
                bytes_column(each.content_hash for each in changes),
                uuid_column(each.device for each in changes),
                bytes_column(each.signature for each in changes),
                uuid_column(each.record for each in contents),
                text_column(each.kind for each in contents),
                uuid_column(each.subject for each in contents),
                number_column(each.sensitivity for each in contents),
                number_column(Standing.CONTENT if row.sound else Standing.REFUSED for row in rows),
                number_column(link.n for link in links),
                bytes_column(link.prev for link in links),
                bytes_column(link.hash for link in links),
                bytes_column(b"".join(sorted(each.parents)) for each in contents),
                text_column("\n".join(sorted(each.set)) for each in contents),
            ),
        )
        return {row[0] for row in cursor}


def _refused(judged: Iterable[Judged], taken_away: set[tuple[bytes, bytes]]) -> list[Judged]:
    refused = []
    for each in judged:
        if not each.sound:
            refused.append(each)
        elif isinstance(each.offered, Offered):
            change = each.offered.change
            if (change.id, change.content_hash) in taken_away:
                refused.append(Judged(each.offered, None, _SAME_NAME))
    return refused


def _keep_reused(connection: Connection, device: KnownDevice, reused: Iterable[Change], now: datetime) -> None:
    """Both contents are kept, and somebody must look."""
    for change in reused:
        connection.execute(
            "INSERT INTO alarm (change, content_hash, content, salt, device, signature, raised_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (change.id, change.content_hash, change.content, change.salt, device.id, change.signature, now),
        )


def _keep_refused(connection: Connection, device: KnownDevice, refused: Iterable[Judged], now: datetime) -> None:
    """The link and the reason; and the words in quarantine, for the manager."""
    for each in refused:
        if isinstance(each.offered, Offered):
            change, link = each.offered.change, each.offered.envelope
            connection.execute(
                "INSERT INTO refused (device, n, change, content_hash, chain, reason, refused_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (device.id, link.n, change.id, change.content_hash, link.hash, each.reason, now),
            )
            keep_in_quarantine(connection, device.id, change, each.reason, now)


def _id(offered: Offered | Unreadable) -> bytes:
    return offered.change if isinstance(offered, Unreadable) else offered.change.id
