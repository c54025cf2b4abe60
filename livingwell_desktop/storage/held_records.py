"""Asking the store for records: by id, by indexed fields, by what a person types."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Connection

from livingwell_desktop.domain.changes import Content, read_content
from livingwell_desktop.domain.records import AnyHeld, Held, Json, kind_named, kind_of
from livingwell_desktop.domain.searching import Query
from livingwell_desktop.storage import asking, cards, search
from livingwell_desktop.storage.rows import COLUMNS, Row, held_of, row_of, rows_of

T = TypeVar("T")


class HeldRecords:
    """The half of the store that is asked. Nothing here writes; `_reading` is the store's own door."""

    def _reading(self) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    def get(self, record_type: type[T], record: UUID | None) -> Held[T] | None:
        """A record by its id, or None when this desk does not hold it."""
        if record is None:
            return None
        with self._reading() as connection:
            row = row_of(connection, record.bytes)
            here = row is not None and row.kind == kind_of(record_type).name and not row.removed
            return cast("Held[T]", held_of(connection, row)) if row is not None and here else None

    def written(self, record: UUID) -> tuple[Content, ...]:
        """What was written in a record, as far as its words are here, in the order in which it came."""
        with self._reading() as connection:
            sql = "SELECT content FROM change WHERE record = ? ORDER BY number"
            return tuple(read_content(raw) for (raw,) in connection.exec_driver_sql(sql, (record.bytes,)))

    def find(
        self,
        record_type: type[T],
        *,
        order: str = "",
        newest_first: bool = False,
        limit: int | None = None,
        **criteria: Any,
    ) -> tuple[Held[T], ...]:
        """Records whose indexed fields equal the criteria, or lie in a `Between`, or are one of an `AnyOf`."""
        with self._reading() as connection:
            return tuple(asking.find(connection, record_type, criteria, order, newest_first, limit))

    def values(self, record_type: type[Any], *fields: str, **criteria: Any) -> list[tuple[Json, ...]]:
        """Only those fields of the records that match, as JSON: for counting, where whole records would be a waste."""
        with self._reading() as connection:
            return asking.values(connection, record_type, fields, criteria)

    def count(self, record_type: type[Any], **criteria: Any) -> int:
        """How many records match, without reading them."""
        with self._reading() as connection:
            return asking.count(connection, record_type, criteria)

    def get_many(self, record_type: type[T], records: Iterable[UUID | None]) -> Mapping[UUID, Held[T]]:
        """The records among those ids that this desk holds."""
        wanted = sorted({record.bytes for record in records if record is not None})
        kind, found = kind_of(record_type), dict[UUID, Held[T]]()
        with self._reading() as connection:
            for start in range(0, len(wanted), 500):
                for row in rows_of(connection, wanted[start : start + 500]).values():
                    if row.kind == kind.name and not row.removed:
                        found[UUID(bytes=row.id)] = cast("Held[T]", held_of(connection, row, kind))
        return found

    def search_people(self, query: Query, limit: int = 50, without: Collection[UUID] = ()) -> search.Found:
        """People who match every part of the query, best first, and how many there are in all, without those."""
        with self._reading() as connection:
            return search.search_people(connection, query, limit, [each.bytes for each in without])

    def in_conflict(self) -> tuple[AnyHeld, ...]:
        """Every record with a field that needs a person to settle it."""
        with self._reading() as connection:
            sql = f"SELECT {COLUMNS} FROM record WHERE conflicts IS NOT NULL AND removed = 0 ORDER BY changed_at"  # noqa: S608 - own names
            rows = [Row(*row) for row in connection.exec_driver_sql(sql).all()]
            # A kind that this version does not know is shown and asked about by the version that knows it.
            return tuple(held_of(connection, row) for row in rows if kind_named(row.kind))

    def counts(self) -> dict[str, int]:
        """How many records of each kind this desk holds, removed ones too, for the sanity check after a sync."""
        with self._reading() as connection:
            counted = connection.exec_driver_sql("SELECT kind, count(*) FROM record GROUP BY kind").all()
            return {str(kind): int(number) for kind, number in counted}

    def search_cards(self, query: Query, limit: int = 20) -> tuple[cards.KnownElsewhere, ...]:
        """People who match and are known at other centres only."""
        with self._reading() as connection:
            return cards.search_cards(connection, query, limit)

    def card(self, person: UUID) -> cards.KnownElsewhere | None:
        """What the alliance may know of a person, or None."""
        with self._reading() as connection:
            return cards.card_of(connection, person)
