"""What those who look after desks ask from their own: a code for a new desk, shutting a lost one out, what it held.

Which member of staff asks is said by the key that opened the session (docs/decisions/0025); that they may, is asked
of the same table. A desk asks about desks of its own centres only, and a code gives no more than it has itself: one
that was broken into makes no desk that holds more.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from livingwell_desktop.domain.changes import milliseconds_of
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Sensitivity
from livingwell_desktop.server.asked import Routed, answer
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import CODE_LASTS, KnownDevice, NotLetInError, lock_letters, make_code
from livingwell_desktop.server.knocking import TooOftenError
from livingwell_desktop.server.manifest import manifest_of
from livingwell_desktop.server.rights import required
from livingwell_desktop.server.shutting_out import AskedBy, shut_out
from livingwell_desktop.sync.desk_keeping import (
    MOST_PEOPLE,
    DeskCode,
    DeskCodeAsked,
    HeldAsked,
    HeldThere,
    SentStream,
    ShutOutAsked,
    read_desk_code_asked,
    read_held_asked,
    read_shut_out_asked,
    write_desk_code,
    write_held_there,
    write_shut_out_since,
)
from livingwell_desktop.sync.overseeing import Notice

MOST_CODES = 20
"""Codes that were made at one desk and that nobody has used yet."""


def make_desk_code(connection: Connection, device: KnownDevice, asked: DeskCodeAsked, now: datetime) -> DeskCode:
    """A one-time code for one desk. Raises NotLetInError, and TooOftenError while too many stand unused."""
    required(connection, device, asked.staff, Act.ENROL_DESK)
    if asked.centre not in device.centres or asked.sensitivity > min(device.sensitivity, max(Sensitivity)):
        raise NotLetInError
    unused = connection.execute(
        "SELECT count(*), min(expires_at) FROM enrolment_code WHERE asked_at = %s AND used_by IS NULL"
        " AND expires_at > %s",
        (device.id, now),
    ).fetchone()
    if unused is not None and unused[0] >= MOST_CODES:
        raise TooOftenError(int((unused[1] - now).total_seconds()) + 1)
    code = make_code(
        connection,
        now,
        centres=(asked.centre,),
        sensitivity=Sensitivity(asked.sensitivity),
        by=(asked.staff, device.id),
    )
    connection.execute("INSERT INTO notice (kind, device, at) VALUES (%s, %s, %s)", (Notice.CODE_MADE, device.id, now))
    return DeskCode(code, milliseconds_of(now + CODE_LASTS))


def shut_out_desk(
    connection: Connection, keys: Path | None, device: KnownDevice, asked: ShutOutAsked, now: datetime
) -> int:
    """Shut a desk of the same centre out, since when, milliseconds. Raises NotLetInError: one's own is never shut out.

    So one is always left. Of two desks that shut each other out at once, the first to come counts.
    """
    required(connection, device, asked.staff, Act.SHUT_OUT_DESK)
    lock_letters(connection)
    still_in = connection.execute("SELECT 1 FROM device WHERE id = %s AND revoked_at IS NULL", (device.id,)).fetchone()
    if keys is None or still_in is None or asked.device == device.id or not _near(connection, device, asked.device):
        raise NotLetInError
    by = AskedBy(asked.staff, device.id, asked.reason, asked.words)
    done = shut_out(connection, keys, asked.device, now, by)
    if done is None:
        raise NotLetInError
    return milliseconds_of(done[1])


def held_there(connection: Connection, device: KnownDevice, asked: HeldAsked) -> HeldThere:
    """What a desk of the same centre held at most. Raises NotLetInError.

    Named are those whose record the asking desk may hold, too; everybody else is counted: where somebody is known
    stays with the server and those centres.
    """
    required(connection, device, asked.staff, Act.SEE_DESKS)
    if not _near(connection, device, asked.device):
        raise NotLetInError
    held = manifest_of(connection, asked.device)
    named = _may_hold(connection, device, held.people)
    row = connection.execute(
        "SELECT d.revoked_at, max(f.at) FROM device d LEFT JOIN followed f ON f.device = d.id WHERE d.id = %s"
        " GROUP BY d.id",
        (asked.device,),
    ).fetchone()
    shut_out_at, heard = row if row else (None, None)
    return HeldThere(
        _when(shut_out_at),
        _when(heard),
        tuple(SentStream(each.stream, milliseconds_of(each.first), milliseconds_of(each.last)) for each in held.sent),
        named,
        len(held.people) - len(named),
        held.cards,
        len(held.cards_withdrawn),
        held.unsure,
    )


def _near(connection: Connection, device: KnownDevice, other: UUID) -> bool:
    """Whether the other desk shares a centre with the one that asks."""
    row = connection.execute(
        "SELECT 1 FROM device WHERE id = %s AND centres && %s::uuid[]", (other, list(device.centres))
    ).fetchone()
    return row is not None


def _may_hold(connection: Connection, device: KnownDevice, people: Sequence[UUID]) -> tuple[UUID, ...]:
    rows = connection.execute(
        "SELECT DISTINCT r.id FROM record r JOIN known k ON k.subject = r.subject AND k.centre = ANY(%s)"
        " WHERE r.id = ANY(%s) AND r.sensitivity <= %s ORDER BY r.id LIMIT %s",
        (list(device.centres), list(people), device.sensitivity, MOST_PEOPLE),
    ).fetchall()
    return tuple(row[0] for row in rows)


def _when(at: datetime | None) -> int | None:
    return None if at is None else milliseconds_of(at)


def add_desk_keeping(app: FastAPI, central: Routed) -> None:
    """The routes."""

    @app.post("/v1/desk-code")
    async def desk_code(request: Request) -> Response:
        return await answer(
            central,
            request,
            read_desk_code_asked,
            lambda connection, device, asked: write_desk_code(
                make_desk_code(connection, device, asked, central.clock())
            ),
        )

    @app.post("/v1/shut-out")
    async def shut_out_one(request: Request) -> Response:
        return await answer(
            central,
            request,
            read_shut_out_asked,
            lambda connection, device, asked: write_shut_out_since(
                shut_out_desk(connection, central.keys, device, asked, central.clock())
            ),
        )

    @app.post("/v1/held")
    async def held_one(request: Request) -> Response:
        return await answer(
            central,
            request,
            read_held_asked,
            lambda connection, device, asked: write_held_there(held_there(connection, device, asked)),
        )
