"""Drafts: typing that is not a change yet, kept on this desk, encrypted, through lock, crash and power cut."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from livingwell_desktop.domain.changes import milliseconds_of, time_of
from livingwell_desktop.domain.records import ChangeId, Json
from livingwell_desktop.storage.rows import split_ids


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has typed and not finished. `kind` says what of, `subject` about whom."""

    id: UUID
    staff: UUID
    kind: str
    subject: UUID
    body: Mapping[str, Json]
    based_on: tuple[ChangeId, ...]
    saved_at: datetime
    heads: tuple[ChangeId, ...] = ()
    """The changes of its record (kind `draft`) that this desk's typing goes on from; none while it never travelled."""
    shared: Mapping[str, Json] | None = None
    """Its fields as they became a change last."""


_COLUMNS = "id, staff, kind, subject, body, based_on, saved_at, heads, shared"


def put_draft(connection: Connection, draft: Draft) -> None:
    """Save a draft over its former self. What has become a change of it stays as it is known (`note_shared`)."""
    connection.exec_driver_sql(
        "INSERT INTO draft (id, staff, kind, subject, body, based_on, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET staff = excluded.staff, kind = excluded.kind, subject = excluded.subject,"
        " body = excluded.body, based_on = excluded.based_on, saved_at = excluded.saved_at",
        (
            draft.id.bytes,
            draft.staff.bytes,
            draft.kind,
            draft.subject.bytes,
            json.dumps(dict(draft.body), ensure_ascii=False),
            b"".join(draft.based_on),
            milliseconds_of(draft.saved_at),
        ),
    )


class TravellingDrafts:
    """How far what this desk keeps of typing has become changes."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._reading, self._writing = reading, writing

    def note(self, draft: UUID, heads: tuple[ChangeId, ...], shared: Mapping[str, Json]) -> None:
        """It was taken up from its record: typing goes on from what that showed."""
        with self._writing() as connection:
            note_shared(connection, draft, heads, shared)

    def note_own(self, draft: UUID, shared: Mapping[str, Json]) -> None:
        """What was typed became a change: typing goes on from that one, and from nothing that came meanwhile."""
        with self._writing() as connection:
            newest = connection.exec_driver_sql(
                "SELECT c.id FROM outbox o JOIN change c ON c.id = o.change WHERE c.record = ?"
                " ORDER BY o.n DESC LIMIT 1",
                (draft.bytes,),
            ).scalar()
            if newest is not None:
                note_shared(connection, draft, (newest,), shared)


def note_shared(connection: Connection, draft: UUID, heads: tuple[ChangeId, ...], shared: Mapping[str, Json]) -> None:
    """What was typed became a change, or came from one: from now on typing goes on from those heads."""
    connection.exec_driver_sql(
        "UPDATE draft SET heads = ?, shared = ? WHERE id = ?",
        (b"".join(heads), json.dumps(dict(shared), ensure_ascii=False), draft.bytes),
    )


def drafts_about(connection: Connection, subject: UUID, kind: str | None = None) -> tuple[Draft, ...]:
    """The drafts about a person, newest first."""
    found = connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM draft"  # noqa: S608 - own names
        " WHERE subject = ? AND (? IS NULL OR kind = ?) ORDER BY saved_at DESC",
        (subject.bytes, kind, kind),
    )
    return tuple(_draft(row) for row in found)


def drafts_of(connection: Connection, staff: UUID) -> tuple[Draft, ...]:
    """What a member of staff has not finished, newest first."""
    found = connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM draft WHERE staff = ? ORDER BY saved_at DESC",  # noqa: S608 - own names
        (staff.bytes,),
    )
    return tuple(_draft(row) for row in found)


def drop_draft(connection: Connection, draft: UUID) -> None:
    """Remove a draft that became a record, or that its writer discarded."""
    connection.exec_driver_sql("DELETE FROM draft WHERE id = ?", (draft.bytes,))


def _draft(row: Row[Any]) -> Draft:
    identifier, staff, kind, subject, body, based_on, saved_at, heads, shared = tuple(row)
    return Draft(
        UUID(bytes=identifier),
        UUID(bytes=staff),
        kind,
        UUID(bytes=subject),
        json.loads(body),
        split_ids(based_on),
        time_of(saved_at),
        split_ids(heads),
        None if shared is None else json.loads(shared),
    )
