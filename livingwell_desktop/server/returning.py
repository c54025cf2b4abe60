"""A desk comes back to a server that was restored, or that lost everything and does not know it any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.asked import Routed
from livingwell_desktop.server.bodies import RequestProblem, json_answer, read_body, read_open_body
from livingwell_desktop.server.chains import UNKNOWN
from livingwell_desktop.server.database import Connection
from livingwell_desktop.server.generations import current, generations
from livingwell_desktop.server.joining import (
    CERTIFICATE,
    KnownDevice,
    NotLetInError,
    admit,
    certificate_in,
    lock_letters,
)
from livingwell_desktop.server.knocking import Door
from livingwell_desktop.server.refilling import let_go, missing_of, refill, take_waiting
from livingwell_desktop.server.sessions import open_session
from livingwell_desktop.sync.joining import Certificate, Session, session_message, write_session
from livingwell_desktop.sync.overseeing import Notice
from livingwell_desktop.sync.restored import (
    Restores,
    Return,
    read_offer,
    read_refill,
    read_return,
    write_missing,
    write_refilled,
    write_restores,
)
from livingwell_desktop.sync.signed import is_signed

MOST_CERTIFICATES = 500
"""In one answer. More follow with the next."""


class KnownAgain(NamedTuple):
    """What became of certificates that were shown."""

    came: tuple[UUID, ...]
    """The desks that are known from now on."""
    whole: bool
    """Whether none was left aside."""


def come_back(
    connection: Connection, asked: Return, alliance: AllianceKey, now: datetime
) -> tuple[Session, frozenset[str]]:
    """Let a desk in that the alliance certified, whatever this server remembers. Says which streams have news by it.

    Raises NotLetInError, and ShutOutError.
    """
    if not asked.certificates or asked.certificates[0].device != asked.proof.device:
        raise NotLetInError
    own = asked.certificates[0]
    message = session_message(asked.proof.device, asked.proof.nonce)
    if not is_signed(own.public_key, message, asked.proof.signature):
        raise NotLetInError
    # The original comes before its copy, which names it.
    known = know_again(connection, tuple(reversed(asked.certificates)), alliance, now)
    if not known.whole:
        raise NotLetInError
    session = open_session(connection, asked.proof, alliance, now)
    return session, take_waiting(connection, known.came, now)


def know_again(
    connection: Connection, certificates: Sequence[Certificate], alliance: AllianceKey, now: datetime
) -> KnownAgain:
    """Write down those desks that the alliance certified and this server does not know; others are left aside.

    In the same transaction, what waited for those that `came` is to be taken in.
    """
    if not _unknown(connection, certificates):
        return KnownAgain((), whole=True)
    lock_letters(connection)
    came = list[UUID]()
    left = list({each.device: each for each in _unknown(connection, certificates)}.values())
    # An original may come after its copy.
    while sound := [each for each in left if _holds(connection, each, alliance)]:
        for certificate in sound:
            _admit_again(connection, certificate, now)
            came.append(certificate.device)
        left = [each for each in left if each not in sound]
    return KnownAgain(tuple(came), whole=not left)


def _holds(connection: Connection, certificate: Certificate, alliance: AllianceKey) -> bool:
    """Whether the alliance certified it, and what it is a copy of is known."""
    is_copy = certificate.copy_of is not None
    return certificate.holds(alliance.public) and not (is_copy and _unknown(connection, [certificate], original=True))


def _admit_again(connection: Connection, certificate: Certificate, now: datetime) -> None:
    twice = connection.execute("SELECT 1 FROM device WHERE letter = %s", (certificate.letter,)).fetchone()
    admit(connection, certificate, f"Desk {certificate.letter}", now, UNKNOWN, comes_back=True)
    connection.execute(
        "UPDATE device SET revoked_at = %s WHERE id = %s AND EXISTS (SELECT FROM shut_out WHERE device = %s)",
        (now, certificate.device, certificate.device),
    )
    for kind in (Notice.CAME_BACK, *([Notice.LETTER_TWICE] if twice else [])):
        connection.execute("INSERT INTO notice (kind, device, at) VALUES (%s, %s, %s)", (kind, certificate.device, now))


def _unknown(
    connection: Connection, certificates: Sequence[Certificate], *, original: bool = False
) -> list[Certificate]:
    named = [(each.copy_of if original else each.device) for each in certificates]
    rows = connection.execute("SELECT id FROM device WHERE id = ANY(%s)", (named,))
    known = {row[0] for row in rows}
    return [each for each, name in zip(certificates, named, strict=True) if name not in known]


def restores(connection: Connection, device: KnownDevice) -> Restores:
    """Every generation, and where the desk's chain stands here."""
    row = connection.execute("SELECT chain_n FROM device WHERE id = %s", (device.id,)).fetchone()
    return Restores(tuple((each.name, each.starts) for each in generations(connection)), row[0] if row else 0)


def certificates_after(connection: Connection, number: int) -> list[tuple[int, Certificate]]:
    """What the alliance certified since that number."""
    rows = connection.execute(
        f"SELECT {CERTIFICATE}, number FROM device WHERE number > %s ORDER BY number LIMIT %s",  # noqa: S608 - own names
        (number, MOST_CERTIFICATES),
    )
    return [(row[7], certificate_in(row)) for row in rows]


def may_refill(connection: Connection, device: KnownDevice) -> None:
    """Raises RequestProblem for a desk that has answered to the newest generation: it speaks for itself only."""
    if device.generation == current(connection).id:
        raise RequestProblem(409, "answered")


def add_returning(app: FastAPI, central: Routed) -> None:
    """The routes."""

    @app.post("/v1/return")
    async def comes_back(request: Request) -> Response:
        await central.knock(Door.RETURN, request)
        asked = read_return(await read_open_body(request))

        def answered() -> bytes:
            with central.database.transaction() as connection:
                session, streams = come_back(connection, asked, central.alliance, central.clock())
            if streams:
                central.pokes.changed(asked.proof.device, streams)
            return write_session(session)

        return json_answer(request, await run_in_threadpool(answered))

    @app.get("/v1/generations")
    async def all_generations(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)

        def answered() -> bytes:
            with central.database.transaction() as connection:
                return write_restores(restores(connection, device))

        return json_answer(request, await run_in_threadpool(answered))

    @app.post("/v1/offer")
    async def offer(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)
        asked = read_offer(await read_body(request))

        def answered() -> bytes:
            now = central.clock()
            with central.database.transaction() as connection:
                may_refill(connection, device)
                missing = missing_of(connection, asked)
                let_go(connection, device, asked, now)
            return write_missing(missing)

        return json_answer(request, await run_in_threadpool(answered))

    @app.post("/v1/refill")
    async def refill_server(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)
        asked = read_refill(await read_body(request))

        def answered() -> bytes:
            now = central.clock()
            with central.database.transaction() as connection:
                may_refill(connection, device)
                known = know_again(connection, asked.certificates, central.alliance, now)
                done = refill(connection, device, asked, now, known.came)
            if done.streams:
                central.pokes.changed(device.id, done.streams)
            return write_refilled(done.taken, done.refused)

        return json_answer(request, await run_in_threadpool(answered))
