"""What those who oversee a centre may ask from their desk: who opened a record, and what the server found.

Which member of staff asks is said by their own key, which opened the session; of a desk of the release before it is the
desk's word (docs/decisions/0025). That they may, is asked of the same table. What is answered is of the desk's own
centres, and no words above its sensitivity.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from livingwell_desktop.domain.changes import Content, ContentError, milliseconds_of, read_content
from livingwell_desktop.domain.organisations import Role
from livingwell_desktop.domain.permissions import Act, Who
from livingwell_desktop.domain.records import ALLIANCE, Sensitivity
from livingwell_desktop.server.asked import Routed, answer
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.holding import Holding, desks, holding
from livingwell_desktop.server.joining import KnownDevice, NotLetInError
from livingwell_desktop.server.opened import opened_days
from livingwell_desktop.server.protecting import protected
from livingwell_desktop.server.quarantine import NOT_TAKEN_SINCE
from livingwell_desktop.server.rights import required
from livingwell_desktop.server.streams import known_at
from livingwell_desktop.sync.overseeing import (
    MOST_DAYS,
    MOST_FOUND,
    Found,
    Heard,
    Notice,
    Noticed,
    OpenedAsked,
    OpenedEverywhere,
    Owing,
    RefusedThere,
    read_found_asked,
    read_opened_asked,
    write_found,
    write_opened,
)

_NOTICES_FOR = timedelta(days=90)
_MOST_RECORDS = 500
"""Records that are on their way out and looked into at once: a person who moves has a few dozen."""


def who_opened(connection: Connection, device: KnownDevice, asked: OpenedAsked) -> OpenedEverywhere:
    """Who has opened a record that this desk may hold. Raises NotLetInError: for a stranger as for nobody's record."""
    required(connection, device, asked.staff, Act.SEE_OPENINGS)
    held = connection.execute(
        "SELECT 1 FROM record r JOIN known k ON k.subject = r.subject AND k.centre = ANY(%s)"
        " WHERE r.id = %s AND r.sensitivity <= %s",
        (list(device.centres), asked.person, device.sensitivity),
    ).fetchone()
    if held is None:
        raise NotLetInError
    days = opened_days(connection, asked.person)[:MOST_DAYS]
    rows = connection.execute(
        "SELECT d.id, extract(epoch FROM max(f.at)) * 1000 FROM device d LEFT JOIN followed f ON f.device = d.id"
        " WHERE d.revoked_at IS NULL AND (d.centres && %s::uuid[] OR d.id = ANY(%s)) GROUP BY d.id, d.number"
        " ORDER BY d.number",
        (list(device.centres), sorted({desk for each in days for desk in each.desks})),
    ).fetchall()
    return OpenedEverywhere(tuple(days), tuple(Heard(desk, None if at is None else int(at)) for desk, at in rows))


def found(connection: Connection, device: KnownDevice, staff: UUID, now: datetime) -> Found:
    """What was refused, noticed and not let go of at the desk's centres. Raises NotLetInError."""
    who = required(connection, device, staff, Act.SEE_FINDINGS)
    return Found(
        tuple(_refused(connection, device, who)),
        tuple(_notices(connection, device, now)),
        tuple(_owing(connection, device)),
    )


def _refused(connection: Connection, device: KnownDevice, who: Who) -> Iterator[RefusedThere]:
    rows = connection.execute(
        "SELECT q.change, q.device, q.refused_at, q.reason, q.content"  # noqa: S608 - our own words
        " FROM quarantine q JOIN device d ON d.id = q.device"
        f" WHERE d.centres && %s::uuid[] AND {NOT_TAKEN_SINCE}"
        " ORDER BY q.refused_at DESC, q.change LIMIT %s",
        (list(device.centres), MOST_FOUND),
    ).fetchall()
    contents = [_read(bytes(row[4])) for row in rows]
    subjects = {each.subject for each in contents if each is not None}
    known, hidden = known_at(connection, subjects), protected(connection, subjects)
    for (change, desk, at, reason, raw), content in zip(rows, contents, strict=True):
        words = content is not None and _may_read(content, device, who, known.get(content.subject, set()), hidden)
        yield RefusedThere(bytes(change), desk, milliseconds_of(at), reason, bytes(raw) if words else b"")


def _may_read(content: Content, device: KnownDevice, who: Who, known: set[UUID], hidden: set[UUID]) -> bool:
    """Whether the words are of what this desk may hold. Those about somebody who is gone are the privacy officer's."""
    least = int(Sensitivity.CLINICAL) if content.subject in hidden else 0
    own = content.subject in (ALLIANCE, *device.centres) or not known.isdisjoint(device.centres)
    gone = not known and who.role is Role.PRIVACY_OFFICER
    return max(content.sensitivity, least) <= device.sensitivity and (own or gone)


def _notices(connection: Connection, device: KnownDevice, now: datetime) -> Iterator[Noticed]:
    rows = connection.execute(
        "SELECT n.at, n.kind, n.device, c.content FROM (SELECT at, kind, device, change FROM notice"
        " UNION ALL SELECT raised_at, %s::text, device, change FROM alarm) AS n JOIN device d ON d.id = n.device"
        " LEFT JOIN change c ON c.id = n.change WHERE d.centres && %s::uuid[] AND n.at > %s"
        " ORDER BY n.at DESC LIMIT %s",
        (Notice.ONE_NAME_TWICE, list(device.centres), now - _NOTICES_FOR, MOST_FOUND),
    ).fetchall()
    for at, what, desk, raw in rows:
        said = _read(bytes(raw)) if raw else None
        # Of a change about a person its kind alone is said: the manager asks its author.
        about = said.record if said is not None and said.subject == ALLIANCE else None
        kind, author = (said.kind, said.staff) if said is not None else ("", None)
        yield Noticed(milliseconds_of(at), what, desk, kind, about, author)


def _owing(connection: Connection, device: KnownDevice) -> list[Owing]:
    """The desks of the same centres that have not yet let go of what was to leave, by whom it is about."""
    everybody = {each.id: each for each in desks(connection)}
    near = connection.execute("SELECT id FROM device WHERE centres && %s::uuid[]", (list(device.centres),)).fetchall()
    leaving = connection.execute(
        "SELECT DISTINCT coalesce(e.record, c.record), r.subject FROM entry e LEFT JOIN change c ON c.id = e.change"
        " JOIN record r ON r.id = coalesce(e.record, c.record) JOIN stream s ON s.name = e.stream"
        " WHERE s.centre = ANY(%s) AND (e.type = 'x' OR EXISTS (SELECT FROM tombstone t WHERE t.record = r.id))"
        " AND e.number > (SELECT min(f.number) FROM followed f WHERE f.stream = e.stream) LIMIT %s",
        (list(device.centres), _MOST_RECORDS),
    ).fetchall()
    named = set(known_at(connection, {subject for _, subject in leaving}))
    found: Counter[tuple[UUID, UUID | None]] = Counter()
    for record, subject in leaving:
        for desk, standing in holding(connection, record, everybody.values()).items():
            if standing is Holding.OWES:
                found[desk, subject if subject in named else None] += 1
    own = {row[0] for row in near}
    return [Owing(desk, subject, count) for (desk, subject), count in found.items() if desk in own][:MOST_FOUND]


def _read(raw: bytes) -> Content | None:
    try:
        return read_content(raw)
    except ContentError:
        return None


def add_overseeing(app: FastAPI, central: Routed) -> None:
    """The routes."""

    @app.post("/v1/opened")
    async def opened_everywhere(request: Request) -> Response:
        return await answer(
            central,
            request,
            read_opened_asked,
            lambda connection, device, asked: write_opened(who_opened(connection, device, asked)),
        )

    @app.post("/v1/found")
    async def found_here(request: Request) -> Response:
        return await answer(
            central,
            request,
            read_found_asked,
            lambda connection, device, staff: write_found(found(connection, device, staff, central.clock())),
        )
