"""Looking a store through: is every page its own and from today, and does everything follow from the chains?

SQLCipher's seals notice a page that was changed, not one that is old; an index notices an old page of its table, and
the chains notice what fits together and is old altogether. So all of them are asked. It takes seconds on a large store:
never on the thread that paints.
"""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.audit import verify
from livingwell_desktop.domain.changes import content_hash, envelope, read_content
from livingwell_desktop.storage.audit import AuditTrail
from livingwell_desktop.storage.identity import names_of, origin_of
from livingwell_desktop.storage.rows import split_ids
from livingwell_desktop.storage.search import search_columns

SEARCH_COLUMNS = ("name", "born", "phone", "number")
FIRST_LINK = bytes(32)


class Damage(Enum):
    """What can be wrong with a store, in the order in which it is looked for."""

    PAGES = "a page of the file is damaged"
    TABLES = "parts of the file do not fit together"
    CHANGES = "a change does not say what was signed"
    OUTBOX = "the chain of this desk’s changes is broken"
    AUDIT = "the chain of the audit is broken"
    RECORDS = "a record does not show its newest changes"
    SEARCH = "somebody is not found by their own name or number"


def damage_of(connection: Connection, device: UUID) -> tuple[Damage, ...]:
    """What is wrong with an open store; nothing when it is whole.

    Raises what SQLCipher raises for a page that it refuses to read.
    """
    if connection.exec_driver_sql("PRAGMA cipher_integrity_check").all():
        return (Damage.PAGES,)
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        return (Damage.TABLES,)
    looked_at = (
        (Damage.CHANGES, _changes_are_whole(connection)),
        (Damage.OUTBOX, _outbox_is_whole(connection, device)),
        (Damage.AUDIT, _audit_is_whole(connection, device)),
        (Damage.RECORDS, _records_are_newest(connection)),
        (Damage.SEARCH, _everybody_is_found(connection)),
    )
    return tuple(damage for damage, whole in looked_at if not whole)


def _changes_are_whole(connection: Connection) -> bool:
    rows = connection.exec_driver_sql("SELECT salt, content, content_hash FROM change")
    return all(content_hash(salt, content) == hashed for salt, content, hashed in rows)


def _outbox_is_whole(connection: Connection, device: UUID) -> bool:
    """Each link follows from the one before. A link kept for a change that was sent and lost is taken as it is."""
    rows = connection.exec_driver_sql(
        "SELECT o.n, o.prev, o.hash, o.change, coalesce(c.content_hash, v.content_hash) FROM outbox o"
        " LEFT JOIN change c ON c.id = o.change LEFT JOIN void v ON v.id = o.change ORDER BY o.n"
    )
    last_n, last = 0, FIRST_LINK
    # A desk that was found to be a clone goes on under a new name.
    senders = names_of(connection, device)
    for n, prev, link, change, hashed in rows:
        if change != link:
            if hashed is None or prev != last or n != last_n + 1:
                return False
            if not any(envelope(sender, n, prev, change, hashed).hash == link for sender in senders):
                return False
        last_n, last = n, link
    return True


def _audit_is_whole(connection: Connection, device: UUID) -> bool:
    """Every link follows from the one before, but for those that are known to be lost."""

    def reading() -> AbstractContextManager[Connection]:
        return nullcontext(connection)

    origin = origin_of(connection, device)
    return not verify(origin, AuditTrail(origin, reading, reading, lambda: 0).rows).findings


def _records_are_newest(connection: Connection) -> bool:
    """The heads of each record are those of its changes that no other change of it names as its parent."""
    shown = {bytes(row[0]): bytes(row[1]) for row in connection.exec_driver_sql("SELECT id, heads FROM record")}
    for record, heads in _heads_of_changes(connection):
        if shown.pop(record, None) != heads:
            return False
    return not shown


def _heads_of_changes(connection: Connection) -> Iterator[tuple[bytes, bytes]]:
    """The newest changes of each record that has a change here. What is known by name only counts as a change."""
    changes = connection.exec_driver_sql("SELECT record, id, content FROM change ORDER BY record")
    voids = dict[bytes, list[tuple[bytes, bytes]]]()
    for record, void, parents in connection.exec_driver_sql("SELECT record, id, parents FROM void"):
        voids.setdefault(bytes(record), []).append((void, parents))
    for record, rows in groupby(changes, key=lambda row: bytes(row[0])):
        ids, parents = set[bytes](), set[bytes]()
        for _, change, content in rows:
            ids.add(change)
            parents.update(read_content(content).parents)
        for void, above in voids.get(record, []):
            ids.add(void)
            parents.update(split_ids(above))
        yield record, b"".join(sorted(ids - parents))


def _everybody_is_found(connection: Connection) -> bool:
    """Each person is found by everything that they can be found by, and nobody else is in the index."""
    people = connection.exec_driver_sql("SELECT number, body FROM record WHERE kind = 'person' AND removed = 0").all()
    indexed = connection.exec_driver_sql("SELECT id FROM person_search_docsize").all()
    if {row[0] for row in indexed} != {row[0] for row in people}:
        return False
    for number, body in people:
        columns = zip(SEARCH_COLUMNS, search_columns(json.loads(body)), strict=True)
        words = [f'{column} : "{word}"' for column, said in columns for word in said.split()]
        if words and not _is_found(connection, number, " AND ".join(words)):
            return False
    return True


def _is_found(connection: Connection, number: int, expression: str) -> bool:
    sql = "SELECT 1 FROM person_search WHERE rowid = ? AND person_search MATCH ?"
    return connection.exec_driver_sql(sql, (number, expression)).one_or_none() is not None
