"""Drafts: typing that is not a change yet, kept on this desk, encrypted, through lock, crash and power cut."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from livingwell_desktop.domain.changes import time_of
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


def put_draft(connection: Connection, draft: Draft) -> None:
    """Save a draft over its former self."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO draft (id, staff, kind, subject, body, based_on, saved_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            draft.id.bytes,
            draft.staff.bytes,
            draft.kind,
            draft.subject.bytes,
            json.dumps(dict(draft.body), ensure_ascii=False),
            b"".join(draft.based_on),
            int(draft.saved_at.timestamp() * 1000),
        ),
    )


def drafts_about(connection: Connection, subject: UUID, kind: str | None = None) -> tuple[Draft, ...]:
    """The drafts about a person, newest first."""
    found = connection.exec_driver_sql(
        "SELECT id, staff, kind, subject, body, based_on, saved_at FROM draft"
        " WHERE subject = ? AND (? IS NULL OR kind = ?) ORDER BY saved_at DESC",
        (subject.bytes, kind, kind),
    )
    return tuple(_draft(row) for row in found)


def drafts_of(connection: Connection, staff: UUID) -> tuple[Draft, ...]:
    """What a member of staff has not finished, newest first."""
    found = connection.exec_driver_sql(
        "SELECT id, staff, kind, subject, body, based_on, saved_at FROM draft WHERE staff = ? ORDER BY saved_at DESC",
        (staff.bytes,),
    )
    return tuple(_draft(row) for row in found)


def drop_draft(connection: Connection, draft: UUID) -> None:
    """Remove a draft that became a record, or that its writer discarded."""
    connection.exec_driver_sql("DELETE FROM draft WHERE id = ?", (draft.bytes,))


def _draft(row: Row[Any]) -> Draft:
    identifier, staff, kind, subject, body, based_on, saved_at = tuple(row)
    return Draft(
        UUID(bytes=identifier),
        UUID(bytes=staff),
        kind,
        UUID(bytes=subject),
        json.loads(body),
        split_ids(based_on),
        time_of(saved_at),
    )
