"""A desk that was found to be a copy: certified under a new name by the server itself, and the manager is told."""

from datetime import datetime

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.asked import Routed
from livingwell_desktop.server.bodies import json_answer, read_body
from livingwell_desktop.server.chains import UNKNOWN
from livingwell_desktop.server.database import Connection, Database
from livingwell_desktop.server.joining import (
    CERTIFICATE,
    KnownDevice,
    NotLetInError,
    admit,
    certificate_in,
    is_key,
    lock_letters,
    new_device,
    next_letter,
)
from livingwell_desktop.server.streams import followed_by
from livingwell_desktop.sync.copies import read_copy_request
from livingwell_desktop.sync.joining import Certificate, Enrolled, write_enrolled
from livingwell_desktop.sync.overseeing import Notice
from livingwell_desktop.sync.strict import ProtocolError


def note_copy(database: Database, device: KnownDevice) -> None:
    """A copy of that desk was just told so: it may ask for one more name."""
    with database.transaction() as connection:
        connection.execute("UPDATE device SET copies_found = copies_found + 1 WHERE id = %s", (device.id,))


def certify_copy(
    connection: Connection, device: KnownDevice, public_key: bytes, alliance: AllianceKey, now: datetime
) -> Enrolled:
    """A new name and letter for a copy of a known desk, with the same scope.

    The same key gets the same answer again: a reply may have been lost. Raises ProtocolError for what is no key, and
    NotLetInError when no copy of that desk was found.
    """
    if not is_key(public_key):
        raise ProtocolError("this is no public key")
    lock_letters(connection)
    known = connection.execute(
        f"SELECT {CERTIFICATE} FROM device WHERE copy_of = %s AND public_key = %s",  # noqa: S608 - our own names
        (device.id, public_key),
    ).fetchone()
    if known is not None:
        return Enrolled(certificate_in(known), alliance.public)
    row = connection.execute(
        "UPDATE device SET copies_found = copies_found - 1 WHERE id = %s AND copies_found > 0 RETURNING name",
        (device.id,),
    ).fetchone()
    if row is None:
        raise NotLetInError
    scope = Certificate(
        new_device(),
        public_key,
        next_letter(connection),
        device.centres,
        device.sensitivity,
        copy_of=device.id,
    )
    certificate = alliance.certify(scope)
    # Its chain goes on from the one that was copied; the first link that comes says where that was.
    admit(connection, certificate, f"{row[0]} {certificate.letter}", now, UNKNOWN)
    # It holds what was copied: what it was told to let go under the other name, and has not heard, is still to come.
    connection.execute(
        "INSERT INTO followed (device, stream, number, at) SELECT %s, stream, 0, %s FROM unnest(%s::text[]) AS stream",
        (certificate.device, now, list(followed_by(certificate.centres, certificate.sensitivity))),
    )
    connection.execute(
        "INSERT INTO notice (kind, device, at) VALUES (%s, %s, %s)", (Notice.COPY, certificate.device, now)
    )
    return Enrolled(certificate, alliance.public)


def add_copies(app: FastAPI, central: Routed) -> None:
    """The route."""

    @app.post("/v1/fork")
    async def fork(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)
        public_key = read_copy_request(await read_body(request))

        def answered() -> bytes:
            with central.database.transaction() as connection:
                now = central.clock()
                return write_enrolled(certify_copy(connection, device, public_key, central.alliance, now))

        return json_answer(request, await run_in_threadpool(answered))
