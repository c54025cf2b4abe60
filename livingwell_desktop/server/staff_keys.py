"""The keys of staff at the server: it certifies the first administrators, hands out the travel key, shuts out desks.

It never sees a private key, a passphrase or a locked key that it could read.
"""

import hashlib
from datetime import datetime
from uuid import UUID

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from livingwell_desktop.security.statements import MemberPublic, Standing, Statement
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.asked import Routed
from livingwell_desktop.server.bodies import json_answer, read_body
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.joining import CODE_LASTS, KnownDevice, NotLetInError, ShutOutError, code_hash, make_code
from livingwell_desktop.sync.staff_keys import (
    AdministratorRequest,
    read_administrator,
    shut_out_message,
    write_shut_out,
    write_signature,
    write_travel_key,
)


def make_administrator_code(connection: Connection, now: datetime) -> str:
    """A one-time code that lets a desk join, and then certifies one administrator from that desk."""
    code = make_code(connection, now)
    connection.execute(
        "INSERT INTO enrolment_code (code_hash, expires_at) VALUES (%s, %s)", (_purpose_hash(code), now + CODE_LASTS)
    )
    return code


def certify_administrator(
    connection: Connection, device: KnownDevice, asked: AdministratorRequest, alliance: AllianceKey, now: datetime
) -> bytes:
    """The alliance's signature under the keys of a first administrator, 64 bytes.

    The same code with the same keys gets the same answer again: a reply may have been lost. Raises NotLetInError.
    """
    used_for = hashlib.sha256(_purpose_hash(asked.code) + asked.agreement + asked.signing).digest()
    found = connection.execute(
        "SELECT used_by FROM enrolment_code WHERE code_hash = %s AND expires_at > %s FOR UPDATE",
        (_purpose_hash(asked.code), now),
    ).fetchone()
    if found is None:
        raise NotLetInError
    if found[0] is None:
        connection.execute(
            "UPDATE enrolment_code SET used_by = %s WHERE code_hash = %s", (device.id, _purpose_hash(asked.code))
        )
        connection.execute(
            "INSERT INTO enrolment_code (code_hash, expires_at, used_by) VALUES (%s, %s, %s)",
            (used_for, now + CODE_LASTS, device.id),
        )
    elif not _answered_before(connection, used_for, device.id):
        raise NotLetInError
    member = MemberPublic(str(asked.member), asked.agreement, asked.signing)
    return alliance.sign(Statement(member, 0, Standing.ADMINISTRATOR).message(alliance.public))


def add_staff_keys(app: FastAPI, central: Routed) -> None:
    """The routes."""

    @app.exception_handler(ShutOutError)
    async def shut_out(_request: Request, error: ShutOutError) -> Response:
        signature = central.alliance.sign(shut_out_message(error.device))
        headers = {"cache-control": "no-store"}
        return Response(write_shut_out(signature), 410, headers, media_type="application/problem+json")

    @app.get("/v1/travel-key")
    async def travel_key(request: Request) -> Response:
        await run_in_threadpool(central.known, request)
        return json_answer(request, write_travel_key(central.alliance.travel_key))

    @app.post("/v1/administrator")
    async def administrator(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)
        asked = read_administrator(await read_body(request))

        def answered() -> bytes:
            with central.database.transaction() as connection:
                now = central.clock()
                return write_signature(certify_administrator(connection, device, asked, central.alliance, now))

        return json_answer(request, await run_in_threadpool(answered))


def _answered_before(connection: Connection, used_for: bytes, device: UUID) -> bool:
    sql = "SELECT 1 FROM enrolment_code WHERE code_hash = %s AND used_by = %s"
    return connection.execute(sql, (used_for, device)).fetchone() is not None


def _purpose_hash(code: str) -> bytes:
    """The same code for another purpose: knowing that it let a desk in says nothing about it."""
    return hashlib.sha256(b"administrator" + code_hash(code)).digest()
