"""Bodies in and out: limits before anything is parsed, and errors that never repeat what was sent."""

import asyncio
import gzip
import zlib

from starlette.requests import Request
from starlette.responses import Response

from livingwell_desktop.sync.protocol import MAX_REQUEST_BYTES, MAX_UNPACKED_BYTES
from livingwell_desktop.sync.strict import dump

_SECONDS = 30.0
_WORTH_PACKING = 1000
_HEADERS = {"cache-control": "no-store"}


class RequestProblem(Exception):  # noqa: N818 - what it becomes is called a problem (RFC 9457)
    """A request that is not taken: an HTTP status and one of a few fixed words."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status, self.word = status, word


async def read_body(request: Request) -> bytes:
    """The body, unpacked. Raises RequestProblem when it is too large, too slow or wrongly packed."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise RequestProblem(415, "encoding")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestProblem(415, "content-type")
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or len(length) > 12 or int(length) > MAX_REQUEST_BYTES:
        raise RequestProblem(413, "too-large")
    parts, size = [], 0
    try:
        async with asyncio.timeout(_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_REQUEST_BYTES:
                    raise RequestProblem(413, "too-large")
                parts.append(part)
    except TimeoutError as error:
        raise RequestProblem(408, "too-slow") from error
    body = b"".join(parts)
    return _unpack(body) if encoding == "gzip" else body


def _unpack(body: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(body, MAX_UNPACKED_BYTES + 1)
    except zlib.error as error:
        raise RequestProblem(400, "encoding") from error
    if len(plain) > MAX_UNPACKED_BYTES:
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


def problem_answer(status: int, word: str) -> Response:
    """An error, the same for everybody, holding nothing of the request."""
    return Response(
        dump({"problem": word}), status_code=status, media_type="application/problem+json", headers=_HEADERS
    )
