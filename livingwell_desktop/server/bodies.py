"""Bodies in and out: limits before anything is parsed, and errors that never repeat what was sent."""

import asyncio
import gzip
import logging
import zlib

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livingwell_desktop.sync.protocol import MAX_REQUEST_BYTES, MAX_UNPACKED_BYTES
from livingwell_desktop.sync.strict import dump

log = logging.getLogger(__name__)

MAX_OPEN_BYTES = 16_384
"""The largest body that somebody who has not proved a key may send, packed or not: a code, a name, a signature."""

_SECONDS = 30.0
_WORTH_PACKING = 1000
_HEADERS = {"cache-control": "no-store"}
_CUT_OFF = frozenset({408, 413, 415, 429})
"""After these nothing more is read: without it the rest of ten gigabytes would be taken in and thrown away."""


class RequestProblem(Exception):  # noqa: N818 - what it becomes is called a problem (RFC 9457)
    """A request that is not taken: an HTTP status and one of a few fixed words."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status, self.word = status, word


async def read_body(request: Request, most: int = MAX_REQUEST_BYTES, unpacked: int = MAX_UNPACKED_BYTES) -> bytes:
    """The body, unpacked. Raises RequestProblem when it is too large, too slow or wrongly packed."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise RequestProblem(415, "encoding")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestProblem(415, "content-type")
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or len(length) > 12 or int(length) > most:
        raise RequestProblem(413, "too-large")
    parts, size = [], 0
    try:
        async with asyncio.timeout(_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise RequestProblem(413, "too-large")
                parts.append(part)
    except TimeoutError as error:
        raise RequestProblem(408, "too-slow") from error
    except ClientDisconnect as error:
        raise RequestProblem(400, "cut-off") from error
    body = b"".join(parts)
    return _unpack(body, unpacked) if encoding == "gzip" else body


async def read_open_body(request: Request) -> bytes:
    """The body of a request that anybody may make. Raises RequestProblem as `read_body` does."""
    return await read_body(request, MAX_OPEN_BYTES, MAX_OPEN_BYTES)


async def put_aside_body(request: Request) -> None:
    """Read an unwanted body, so that the desk that sends it hears the answer. RequestProblem when it is endless."""
    size = 0
    try:
        async with asyncio.timeout(_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_REQUEST_BYTES:
                    raise RequestProblem(413, "too-large")
    except TimeoutError as error:
        raise RequestProblem(408, "too-slow") from error
    except ClientDisconnect as error:
        raise RequestProblem(400, "cut-off") from error


def _unpack(body: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(body, most + 1)
    except zlib.error as error:
        raise RequestProblem(400, "encoding") from error
    if len(plain) > most:
        raise RequestProblem(413, "too-large")
    if not unpacking.eof or unpacking.unused_data:
        raise RequestProblem(400, "encoding")
    return plain


def json_answer(request: Request, body: bytes) -> Response:
    """An answer, packed when the desk takes that and it is worth it."""
    headers = dict(_HEADERS)
    if len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


def problem_answer(status: int, word: str, *, retry_after: int | None = None) -> Response:
    """An error, the same for everybody, holding nothing of the request. `retry_after` is in seconds."""
    headers = dict(_HEADERS)
    if status in _CUT_OFF:
        headers["connection"] = "close"
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return Response(dump({"problem": word}), status_code=status, media_type="application/problem+json", headers=headers)


class OwnMistakes:
    """Whatever goes wrong that nobody foresaw: one uniform answer, and its kind in the log.

    Neither its words nor its traceback: either may hold what somebody wrote.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        begun = False

        async def noticing(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticing)
        except Exception as error:  # noqa: BLE001 - the last place where it can be kept out of the log
            log.error("a request failed: %s at %s", type(error).__name__, _place(error))
            if scope["type"] == "http" and not begun:
                await problem_answer(500, "server")(scope, receive, send)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "?"
