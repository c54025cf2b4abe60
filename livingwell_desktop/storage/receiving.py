"""Taking in what a stream brings: checked, parked while its parents are missing, never settling anything."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import Change, Content, Standing, Void, read_content
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.storage.arrivals import Arrival, Checked
from livingwell_desktop.storage.cards import put_card
from livingwell_desktop.storage.folding import insert_change, put_change, put_void, refold, voids_of
from livingwell_desktop.storage.leaving import forget
from livingwell_desktop.storage.outbox import keep_refused
from livingwell_desktop.storage.receiving_in_bulk import Concerned, plain_runs, take_plain
from livingwell_desktop.storage.rows import is_here, row_of
from livingwell_desktop.storage.values import Changes

_SAME_NAME = "another change has the same name"
_OTHER_KIND = "its record is of another kind"


def receive(
    connection: Connection, arrivals: Sequence[Arrival], stream: str, now: int, reached: int | None = None
) -> Changes:
    """Apply arrivals inside an open transaction and move the stream's cursor with them. Duplicates are harmless.

    `reached` is where the server's page ends, when that is further than the last arrival: it leaves out what this desk
    has just sent.
    """
    concerned = Concerned()
    for run in plain_runs(arrivals):
        for arrival in take_plain(connection, run, concerned):
            _alone(connection, arrival, now, concerned)
    number = max(reached or 0, arrivals[-1].number if arrivals else 0)
    if number:
        move_cursor(connection, stream, number)
    return concerned.changes()


def move_cursor(connection: Connection, stream: str, number: int) -> None:
    """Note that a stream is taken in so far."""
    connection.exec_driver_sql(
        "INSERT INTO stream (name, number) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET number = max(number, excluded.number)",
        (stream, number),
    )


def _alone(connection: Connection, arrival: Arrival, now: int, concerned: Concerned) -> None:
    """Take one arrival. One that cannot be applied is kept as refused and harms only itself."""
    connection.exec_driver_sql("SAVEPOINT arrival")
    try:
        _take(connection, arrival, now, concerned)
    except (ValueError, TypeError, KeyError, AttributeError):
        connection.exec_driver_sql("ROLLBACK TO arrival")
        for node in arrival.nodes:
            if isinstance(node, Checked):
                refuse(connection, node.change, "the change cannot be applied to its record", now)
    connection.exec_driver_sql("RELEASE arrival")


def _take(connection: Connection, arrival: Arrival, now: int, concerned: Concerned) -> None:
    if arrival.leaves is not None:
        concerned.add_record(connection, arrival.leaves)
        if forget(connection, arrival.leaves):
            concerned.left.add(arrival.leaves)
    if arrival.card is not None:
        put_card(connection, arrival.card)
        concerned.records.add(arrival.card.person)
    if arrival.whole:
        _take_state(connection, arrival.nodes, now, concerned)
        return
    for node in arrival.nodes:
        if isinstance(node, Void):
            _take_void(connection, node, now, concerned)
        else:
            _take_change(connection, node, now, concerned)


def _take_change(connection: Connection, checked: Checked, now: int, concerned: Concerned) -> None:
    change, content = checked.change, checked.content
    if _refusal(connection, checked, now) or content is None:
        return
    void = voids_of(connection, (change.id,)).get(change.id)
    if void is not None and void.standing is not Standing.NOT_HELD:
        return
    if void is None and _missing_parents(connection, content):
        _park(connection, change, content, now)
        return
    row = row_of(connection, content.record.bytes)
    if row is not None and row.kind != content.kind:
        refuse(connection, change, _OTHER_KIND, now)
        return
    if void is None:
        put_change(connection, change, content, row)
    else:
        connection.exec_driver_sql("DELETE FROM void WHERE id = ?", (change.id,))
        placeholders(connection, content.record, content.parents)
        insert_change(connection, change, content)
        refold(connection, content.record)
    concerned.add(content)
    _unpark(connection, content.record, concerned)


def _refusal(connection: Connection, checked: Checked, now: int) -> bool:
    """Whether there is nothing to apply: it is here already, or it may not be applied and is kept as refused."""
    change = checked.change
    known = connection.exec_driver_sql("SELECT content_hash FROM change WHERE id = ?", (change.id,)).scalar()
    if known is None:
        known = connection.exec_driver_sql(
            "SELECT content_hash FROM void WHERE id = ? AND content_hash <> x''", (change.id,)
        ).scalar()
        if known in (None, change.content_hash):
            if checked.content is None:
                refuse(connection, change, checked.reason, now)
            return checked.content is None
    if known != change.content_hash:
        refuse(connection, change, _SAME_NAME, now)
    return True


def _take_void(connection: Connection, void: Void, now: int, concerned: Concerned) -> None:
    """A void is news when nothing was known of the change, or when it rises above what is known."""
    if _raise_standing(connection, void, now):
        placeholders(connection, void.record, void.parents)
        concerned.add_record(connection, void.record)
        refold(connection, void.record)
        _unpark(connection, void.record, concerned)


def _raise_standing(connection: Connection, void: Void, now: int) -> bool:
    held = connection.exec_driver_sql("SELECT 1 FROM change WHERE id = ?", (void.id,)).scalar() is not None
    if held and void.standing is Standing.NOT_HELD:
        return False
    known = voids_of(connection, (void.id,)).get(void.id)
    if known is not None and known.content_hash and known.standing >= void.standing:
        return False
    if held:
        # Of this desk's own, when the answer that said so was lost: its words are here and nowhere else.
        keep_refused(connection, void.id, "the server did not take it", now)
        connection.exec_driver_sql("DELETE FROM change WHERE id = ?", (void.id,))
    connection.exec_driver_sql("DELETE FROM parked WHERE id = ?", (void.id,))
    if void.standing is Standing.PURGED:
        # By content, too: other words may have been refused under the same name.
        connection.exec_driver_sql(
            "DELETE FROM refused WHERE id = ? AND content_hash = ?", (void.id, void.content_hash)
        )
    put_void(connection, void)
    return True


def _take_state(connection: Connection, nodes: Sequence[Checked | Void], now: int, concerned: Concerned) -> None:
    """All that is known of one record: its graph, with the content of what is shown. Folded once."""
    contents: list[Content] = []
    record: UUID | None = None
    for node in nodes:
        if isinstance(node, Void):
            _raise_standing(connection, node, now)
            record = node.record
        elif not _refusal(connection, node, now) and node.content is not None:
            void = voids_of(connection, (node.change.id,)).get(node.change.id)
            if void is None or void.standing is Standing.NOT_HELD:
                connection.exec_driver_sql("DELETE FROM void WHERE id = ?", (node.change.id,))
                connection.exec_driver_sql("DELETE FROM parked WHERE id = ?", (node.change.id,))
                insert_change(connection, node.change, node.content)
                contents.append(node.content)
    for content in contents:
        concerned.add(content)
        record = content.record
        row = row_of(connection, content.record.bytes)
        if row is not None and row.kind != content.kind:
            raise ValueError(_OTHER_KIND)
        placeholders(connection, content.record, content.parents)
    if record is not None:
        refold(connection, record)
        concerned.records.add(record)
        _unpark(connection, record, concerned)


def placeholders(connection: Connection, record: UUID, parents: Iterable[ChangeId]) -> None:
    """A graph has no holes: a parent of which nothing is known yet stands in it by its name alone."""
    for parent in parents:
        # A name that stands in another record's graph stays there: what misuses it harms only itself.
        if not is_here(connection, parent, record) and not voids_of(connection, (parent,)):
            put_void(connection, Void(parent, record, (), frozenset(), b"", Standing.NOT_HELD))


def _missing_parents(connection: Connection, content: Content) -> bool:
    return any(not is_here(connection, parent, content.record) for parent in content.parents)


def _park(connection: Connection, change: Change, content: Content, now: int) -> None:
    parked = connection.exec_driver_sql("SELECT content_hash FROM parked WHERE id = ?", (change.id,)).scalar()
    if parked is not None and parked != change.content_hash:
        refuse(connection, change, _SAME_NAME, now)
        return
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO parked (id, record, content, salt, content_hash, device, signature, parked_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            change.id,
            content.record.bytes,
            change.content,
            change.salt,
            change.content_hash,
            change.device.bytes,
            change.signature,
            now,
        ),
    )


def _unpark(connection: Connection, record: UUID, concerned: Concerned) -> None:
    """Apply what waited for this record, as long as something becomes possible."""
    again = True
    while again:
        again = False
        for row in connection.exec_driver_sql(
            "SELECT id, content, salt, content_hash, device, signature FROM parked WHERE record = ?", (record.bytes,)
        ).all():
            content = read_content(row[1])
            if _missing_parents(connection, content):
                continue
            change = Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5])
            connection.exec_driver_sql("DELETE FROM parked WHERE id = ?", (change.id,))
            # Something that was built upon it may have come meanwhile, and holds its place.
            held_place = connection.exec_driver_sql("DELETE FROM void WHERE id = ?", (change.id,)).rowcount
            if held_place:
                insert_change(connection, change, content)
                refold(connection, record)
            else:
                put_change(connection, change, content, row_of(connection, record.bytes))
            concerned.add(content)
            again = True


def refuse(connection: Connection, change: Change, reason: str, now: int) -> None:
    """Keep a change that may not be applied, with the reason. Its words are never dropped."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO refused (id, content, content_hash, device, reason, refused_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (change.id, change.content, change.content_hash, change.device.bytes, reason, now),
    )
