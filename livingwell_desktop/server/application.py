"""The central server's HTTP interface (`docs/sync-protocol.md`)."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

import livingwell_desktop.domain.catalogue  # noqa: F401 - declares every kind, so that values can be judged
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.server.alliance import AllianceKey
from livingwell_desktop.server.auditing import take_audit
from livingwell_desktop.server.bodies import (
    OwnMistakes,
    RequestProblem,
    json_answer,
    problem_answer,
    put_aside_body,
    read_body,
    read_open_body,
)
from livingwell_desktop.server.chains import ForkedError, check_head
from livingwell_desktop.server.copies import add_copies, note_copy
from livingwell_desktop.server.database import Database, DatabaseAwayError
from livingwell_desktop.server.desk_keeping import add_desk_keeping
from livingwell_desktop.server.doubles import find_doubles
from livingwell_desktop.server.downloading import download, records
from livingwell_desktop.server.generations import answered, answers_anew, current
from livingwell_desktop.server.joining import KnownDevice, NotLetInError, enrol
from livingwell_desktop.server.knocking import Door, Doors, TooOftenError
from livingwell_desktop.server.overseeing import add_overseeing
from livingwell_desktop.server.own_desk import own_id
from livingwell_desktop.server.poking import Pokes
from livingwell_desktop.server.pulling import note_cursors, pull
from livingwell_desktop.server.pushing import push
from livingwell_desktop.server.returning import add_returning, certificates_after
from livingwell_desktop.server.sessions import make_nonce, open_session, who
from livingwell_desktop.server.staff_keys import add_staff_keys
from livingwell_desktop.server.streams import followed_by
from livingwell_desktop.sync import joining
from livingwell_desktop.sync.audit_protocol import read_batch, write_checkpoint
from livingwell_desktop.sync.downloading import (
    read_download_request,
    read_records_request,
    write_download_page,
    write_records,
)
from livingwell_desktop.sync.protocol import (
    PROTOCOL,
    ExchangeAnswer,
    ExchangeRequest,
    read_request,
    write_answer,
)
from livingwell_desktop.sync.proving import write_server
from livingwell_desktop.sync.strict import ProtocolError, dump

log = logging.getLogger(__name__)


class Central:
    """What the routes share."""

    def __init__(self, database_url: str, alliance: AllianceKey, clock: Clock, keys: Path | None) -> None:
        self.keys = keys
        self.database = Database(database_url)
        self.alliance = alliance
        self.clock = clock
        self.pokes = Pokes(database_url)
        self._doors = Doors(self.database, alliance, clock)

    async def knock(self, door: Door, request: Request) -> None:
        """Count a request that anybody may make. Raises TooOftenError and DatabaseAwayError."""
        await run_in_threadpool(self._doors.knock, door, request.client.host if request.client else "")

    def known(self, request: Request) -> tuple[KnownDevice, float]:
        """Which desk asks, and for how many seconds its token lasts. Raises RequestProblem."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise RequestProblem(401, "session")
        now = self.clock()
        with self.database.asking() as connection:
            try:
                device, until = who(connection, token, now)
            except NotLetInError as error:
                raise RequestProblem(401, "session") from error
        return device, (until - now).total_seconds()

    def exchange(self, device: KnownDevice, asked: ExchangeRequest) -> ExchangeAnswer:
        """Push, then pull. Raises RequestProblem and DatabaseAwayError."""
        now = self.clock()
        try:
            generation = self._checked(device, asked, now)
            pushed = push(self.database, device, asked.changes, now)
        except ForkedError as error:
            note_copy(self.database, device)
            raise RequestProblem(409, "forked") from error
        if pushed.streams:
            self.pokes.changed(device.id, pushed.streams)
        sent = {receipt.change for receipt in pushed.receipts}
        with self.database.transaction(device.sees) as connection:
            pages = pull(connection, device, asked.cursors, asked.limit, sent, now)
        devices = self._certified(asked)
        follows = followed_by(device.centres, device.sensitivity)
        return ExchangeAnswer(pushed.receipts, pushed.refused, pages, follows, self.clock(), generation, devices)

    def find_doubles(self) -> None:
        """Ask about people whose cards have just changed, if they may be somebody else. Nobody waits for it."""
        try:
            streams = find_doubles(self.database, self.alliance, self.clock())
        except DatabaseAwayError:
            log.warning("the database does not answer: who was registered twice is looked for after the next push")
            return
        if streams:
            self.pokes.changed(own_id(self.alliance), streams)

    def _certified(self, asked: ExchangeRequest) -> tuple[tuple[int, joining.Certificate], ...]:
        """The desks of which this one has not heard, when it asks."""
        if asked.devices is None:
            return ()
        with self.database.asking() as connection:
            return tuple(certificates_after(connection, asked.devices))

    def _checked(self, device: KnownDevice, asked: ExchangeRequest, now: datetime) -> str:
        """The name of the generation, when the desk knows it and is no copy. Raises RequestProblem and ForkedError.

        How far it has heard counts for what it sends with this very request.
        """
        with self.database.transaction() as connection:
            generation = current(connection)
            of_today = asked.generation in ("", generation.name)
            if of_today:
                check_head(connection, device, asked.head)
                answered(connection, device, generation)
                note_cursors(connection, device, asked.cursors, now)
            else:
                answers_anew(connection, device, generation)
        if not of_today:
            raise RequestProblem(409, "generation")
        return generation.name


def create_app(database_url: str, alliance: AllianceKey, clock: Clock, keys: Path | None = None) -> FastAPI:
    """The server on a migrated database. `keys` is the folder of the alliance's key (see `Routed`)."""
    central = Central(database_url, alliance, clock, keys)

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        central.pokes.start(asyncio.get_running_loop())
        yield
        central.pokes.close()
        await run_in_threadpool(central.pokes.join)
        central.database.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, lifespan=running)
    app.add_middleware(OwnMistakes)
    app.state.central = central
    _add_problems(app)
    _add_joining(app, central)
    _add_exchange(app, central)
    _add_audit(app, central)
    add_staff_keys(app, central)
    add_copies(app, central)
    add_returning(app, central)
    add_overseeing(app, central)
    add_desk_keeping(app, central)
    return app


def _add_problems(app: FastAPI) -> None:
    @app.exception_handler(RequestProblem)
    async def refused(request: Request, error: RequestProblem) -> Response:
        if error.status == 401:
            try:
                await put_aside_body(request)
            except RequestProblem as endless:
                return problem_answer(endless.status, endless.word)
        return problem_answer(error.status, error.word)

    @app.exception_handler(ProtocolError)
    async def malformed(_request: Request, _error: ProtocolError) -> Response:
        return problem_answer(400, "malformed")

    @app.exception_handler(NotLetInError)
    async def not_let_in(_request: Request, _error: NotLetInError) -> Response:
        return problem_answer(403, "not-let-in")

    @app.exception_handler(TooOftenError)
    async def too_often(_request: Request, error: TooOftenError) -> Response:
        return problem_answer(429, "too-often", retry_after=error.seconds)

    @app.exception_handler(DatabaseAwayError)
    async def away(_request: Request, error: DatabaseAwayError) -> Response:
        log.warning("the database does not answer: %s", type(error.__cause__).__name__)
        return problem_answer(503, "later")

    @app.exception_handler(HTTPException)
    async def no_such_page(_request: Request, error: HTTPException) -> Response:
        return problem_answer(405 if error.status_code == 405 else 404, "not-found")


def _add_joining(app: FastAPI, central: Central) -> None:
    @app.get("/v1/health")
    async def health(request: Request) -> Response:
        def asked() -> None:
            with central.database.asking() as connection:
                connection.execute("SELECT 1")

        await run_in_threadpool(asked)
        return json_answer(request, dump({"server": "livingwell", "protocol": PROTOCOL}))

    @app.get("/v1/server")
    async def server(request: Request) -> Response:
        return json_answer(request, write_server(central.alliance.server_key().certified))

    @app.post("/v1/enrol")
    async def enrol_desk(request: Request) -> Response:
        await central.knock(Door.ENROL, request)
        asked = joining.read_enrol(await read_open_body(request))

        def answered() -> bytes:
            with central.database.transaction() as connection:
                return joining.write_enrolled(enrol(connection, asked, central.alliance, central.clock()))

        return json_answer(request, await run_in_threadpool(answered))

    @app.get("/v1/challenge")
    async def challenge(request: Request) -> Response:
        await central.knock(Door.CHALLENGE, request)
        return json_answer(request, joining.write_challenge(make_nonce(central.alliance, central.clock())))

    @app.post("/v1/session")
    async def session(request: Request) -> Response:
        await central.knock(Door.SESSION, request)
        asked = joining.read_session_request(await read_open_body(request))

        def answered() -> bytes:
            with central.database.transaction() as connection:
                return joining.write_session(open_session(connection, asked, central.alliance, central.clock()))

        return json_answer(request, await run_in_threadpool(answered))


def _add_exchange(app: FastAPI, central: Central) -> None:
    @app.post("/v1/exchange")
    async def exchange(request: Request) -> Response:
        # Who asks is known before a large body is taken in.
        device, _ = await run_in_threadpool(central.known, request)
        body = await read_body(request)

        def answered() -> tuple[bytes, bool]:
            asked = read_request(body)
            if asked.protocol != PROTOCOL:
                raise RequestProblem(400, "protocol")
            return write_answer(central.exchange(device, asked)), bool(asked.changes)

        text, pushed = await run_in_threadpool(answered)
        answer = json_answer(request, text)
        answer.background = BackgroundTask(central.find_doubles) if pushed else None
        return answer

    @app.post("/v1/download")
    async def first_download(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)
        asked = read_download_request(await read_body(request))

        def answered() -> bytes:
            with central.database.transaction(device.sees) as connection:
                return write_download_page(download(connection, device, asked, central.clock()))

        return json_answer(request, await run_in_threadpool(answered))

    @app.post("/v1/records")
    async def records_now(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)
        asked = read_records_request(await read_body(request))

        def answered() -> bytes:
            with central.database.transaction(device.sees) as connection:
                return write_records(records(connection, device, asked))

        return json_answer(request, await run_in_threadpool(answered))

    @app.get("/v1/poke")
    async def poke(request: Request) -> Response:
        device, seconds = await run_in_threadpool(central.known, request)

        async def events() -> AsyncIterator[bytes]:
            yield b": here\n\n"
            streams = followed_by(device.centres, device.sensitivity)
            async for poked in central.pokes.wait(device.id, streams, seconds):
                yield b"event: poke\ndata:\n\n" if poked else b": still here\n\n"

        return StreamingResponse(events(), media_type="text/event-stream", headers={"cache-control": "no-store"})


def _add_audit(app: FastAPI, central: Central) -> None:
    @app.post("/v1/audit")
    async def audit(request: Request) -> Response:
        device, _ = await run_in_threadpool(central.known, request)
        body = await read_body(request)

        def answered() -> bytes:
            try:
                head = take_audit(central.database, device, read_batch(body), central.alliance, central.clock())
            except ForkedError as error:
                raise RequestProblem(409, "forked") from error
            return write_checkpoint(head)

        return json_answer(request, await run_in_threadpool(answered))
