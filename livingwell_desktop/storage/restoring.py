"""A desk whose server was restored: how far it goes back, what it can offer, and its own changes waiting once more."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import Change, Standing, Void
from livingwell_desktop.domain.records import ChangeId
from livingwell_desktop.storage.cards import forget_cards
from livingwell_desktop.storage.folding import voids_about
from livingwell_desktop.storage.following import cursors, remember
from livingwell_desktop.storage.links import renew_links

_CHANGE = "id, content, salt, content_hash, device, signature"


@dataclass(frozen=True, slots=True)
class GoingBack:
    """From where each stream is taken again, and the first change (by order of arrival) that the server may lack."""

    cursors: Mapping[str, int]
    offer_after: int | None
    """None when the server lost nothing that this desk had."""
    anew: frozenset[str] = frozenset()
    """Streams that are downloaded once more from their beginning."""


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What is known of a record besides its changes."""

    kind: str
    subject: UUID
    sensitivity: int


def note_reached(connection: Connection, streams: Iterable[str]) -> None:
    """Note how many changes this desk holds now that it has these streams up to their ends.

    Not before: what a first download brings may be newer than the number from which its stream then goes on.
    """
    for stream in streams:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO stream_log (stream, number, held)"
            " SELECT name, number, (SELECT coalesce(max(number), 0) FROM change) FROM stream WHERE name = ?",
            (stream,),
        )


def is_noted(connection: Connection, streams: Iterable[str]) -> bool:
    """Whether that is noted of each of them."""
    noted = set(connection.exec_driver_sql("SELECT stream, max(number) FROM stream_log GROUP BY stream").all())
    return noted.issuperset(each for each in cursors(connection).items() if each[0] in streams)


def going_back(connection: Connection, missed: Sequence[Mapping[str, int]], with_cards: str = "") -> GoingBack:
    """How far the restores that this desk missed take it back: to the smallest start of each stream.

    What it may hold that the server lacks came after the last end of a stream that it had and the server still has.
    A stream that the server begins anew is downloaded again; and the one `with_cards` whenever it goes back: nobody
    says of a card any more that it is to be forgotten, where its person was erased or protected meanwhile.
    """
    reached, held, anew = {}, [], set()
    for stream, number in cursors(connection).items():
        start = min((starts.get(stream, 0) for starts in missed), default=number)
        reached[stream] = min(number, start)
        if not start or (stream == with_cards and start < number):
            anew.add(stream)
        row = connection.exec_driver_sql(
            "SELECT number, held FROM stream_log WHERE stream = ? AND number <= ? ORDER BY number DESC LIMIT 1",
            (stream, start),
        ).one_or_none()
        if row is None or row[0] < number:
            held.append(0 if row is None else int(row[1]))
    if missed and not reached:
        held.append(0)  # a fresh store in the place of a damaged one: what is here was read from that
    return GoingBack(reached, min(held, default=None), frozenset(anew))


def names_after(connection: Connection, number: int, limit: int) -> list[tuple[int, ChangeId]]:
    """Others' changes that came after that number, in order: (number, id)."""
    rows = connection.exec_driver_sql(
        "SELECT number, id FROM change WHERE number > ? AND NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE outbox.change = change.id) ORDER BY number LIMIT ?",
        (number, limit),
    )
    return [(row[0], row[1]) for row in rows]


def parked_names(connection: Connection) -> list[ChangeId]:
    """Changes that wait for their parents."""
    return [row[0] for row in connection.exec_driver_sql("SELECT id FROM parked ORDER BY id")]


def raised_voids(connection: Connection) -> list[tuple[ChangeId, Standing]]:
    """Every change that is known to be refused or erased."""
    rows = connection.exec_driver_sql("SELECT id, standing FROM void WHERE standing >= 2 ORDER BY id")
    return [(row[0], Standing(row[1])) for row in rows]


def with_words(connection: Connection, ids: Sequence[ChangeId]) -> list[Change]:
    """Those changes as their authors made them, in the order in which they came here."""
    found = []
    for change in ids:
        for table in ("change", "parked"):
            sql = f"SELECT {_CHANGE} FROM {table} WHERE id = ?"  # noqa: S608 - two names of our own
            row = connection.exec_driver_sql(sql, (change,)).one_or_none()
            if row is not None:
                found.append(Change(row[0], row[1], row[2], row[3], UUID(bytes=row[4]), row[5]))
                break
    return found


def places_of(connection: Connection, ids: Iterable[ChangeId]) -> list[Void]:
    """The voids of the records that those changes or voids are of: their place in the graph."""
    records: set[bytes] = set()
    for change in ids:
        for table in ("change", "parked", "void"):
            sql = f"SELECT record FROM {table} WHERE id = ?"  # noqa: S608 - names of our own
            row = connection.exec_driver_sql(sql, (change,)).one_or_none()
            if row is not None:
                records.add(row[0])
    return [void for record in sorted(records) for void in voids_about(connection, record) if void.content_hash]


def facts_of(connection: Connection, record: UUID) -> RecordFacts:
    """A record's kind, subject and sensitivity; of one whose words are nowhere, only that it is about itself."""
    row = connection.exec_driver_sql(
        "SELECT kind, subject, sensitivity FROM record WHERE id = ?", (record.bytes,)
    ).one_or_none()
    return RecordFacts("", record, 0) if row is None else RecordFacts(row[0], UUID(bytes=row[1]), row[2])


def settle(
    connection: Connection, back: GoingBack, head: int, generation: str, device: UUID, with_cards: str = ""
) -> None:
    """Go back: cursors, own changes above the server's head wait again under new envelopes, the generation's name."""
    for stream, number in back.cursors.items():
        if stream in back.anew:
            connection.exec_driver_sql("DELETE FROM stream WHERE name = ?", (stream,))
        else:
            connection.exec_driver_sql("UPDATE stream SET number = ? WHERE name = ?", (number, stream))
        connection.exec_driver_sql("DELETE FROM stream_log WHERE stream = ? AND number > ?", (stream, number))
    if with_cards in back.anew:
        forget_cards(connection)
    connection.exec_driver_sql("DELETE FROM download")
    ask_for_receipts_again(connection, head)
    renew_links(connection, device)
    remember(connection, "certificates", "0")
    remember(connection, "generation", generation)
    remember(connection, "generation_number", generation.partition(".")[0] or "0")


def ask_for_receipts_again(connection: Connection, head: int = 0) -> None:
    """Own changes above that number of the chain wait once more: a restored server may not have them.

    All of them where this desk was found to be a copy: what the server said of its head was another desk's.
    """
    connection.exec_driver_sql(
        "UPDATE outbox SET receipt = NULL WHERE n > ? AND receipt > 0"
        " AND EXISTS (SELECT 1 FROM change WHERE change.id = outbox.change)",
        (head,),
    )


class Restoring:
    """What the store answers when its server was restored. Threads may share it."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._reading, self._writing = reading, writing

    def note_reached(self, streams: Iterable[str]) -> None:
        """This desk has these streams up to their ends. Nothing is written when that is noted."""
        names = tuple(streams)
        with self._reading() as connection:
            noted = is_noted(connection, names)
        if not noted:
            with self._writing() as connection:
                note_reached(connection, names)

    def going_back(self, missed: Sequence[Mapping[str, int]], with_cards: str = "") -> GoingBack:
        """How far the restores that this desk missed take it back; one stream comes `with_cards`."""
        with self._reading() as connection:
            return going_back(connection, missed, with_cards)

    def names_after(self, number: int, limit: int) -> list[tuple[int, ChangeId]]:
        """Others' changes that came after that number, in order: (number, id)."""
        with self._reading() as connection:
            return names_after(connection, number, limit)

    def parked_names(self) -> list[ChangeId]:
        """Changes that wait for their parents."""
        with self._reading() as connection:
            return parked_names(connection)

    def raised_voids(self) -> list[tuple[ChangeId, Standing]]:
        """Every change that is known to be refused or erased."""
        with self._reading() as connection:
            return raised_voids(connection)

    def with_words(self, ids: Sequence[ChangeId]) -> list[Change]:
        """Those changes as their authors made them."""
        with self._reading() as connection:
            return with_words(connection, ids)

    def places_of(self, ids: Iterable[ChangeId]) -> list[Void]:
        """The voids of the records that those changes or voids are of."""
        with self._reading() as connection:
            return places_of(connection, ids)

    def facts_of(self, record: UUID) -> RecordFacts:
        """A record's kind, subject and sensitivity."""
        with self._reading() as connection:
            return facts_of(connection, record)

    def settle(self, back: GoingBack, head: int, generation: str, device: UUID, with_cards: str = "") -> None:
        """Go back, in one transaction."""
        with self._writing() as connection:
            settle(connection, back, head, generation, device, with_cards)
