"""The desk's side of the wire: HTTPS to the central server, and nothing but what the server really said."""

import gzip
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx2

from livingwell_desktop.domain.audit import Checkpoint
from livingwell_desktop.sync import joining
from livingwell_desktop.sync.audit_protocol import AuditBatch, read_checkpoint, write_batch
from livingwell_desktop.sync.begun import BegunBody
from livingwell_desktop.sync.copies import write_copy_request
from livingwell_desktop.sync.desk_keeping import (
    DeskCode,
    DeskCodeAsked,
    HeldAsked,
    HeldThere,
    ShutOutAsked,
    read_desk_code,
    read_held_there,
    read_shut_out_since,
    write_desk_code_asked,
    write_held_asked,
    write_shut_out_asked,
)
from livingwell_desktop.sync.downloading import (
    DownloadPage,
    DownloadRequest,
    read_download_page,
    read_records,
    write_download_request,
    write_records_request,
)
from livingwell_desktop.sync.entries import Delivered
from livingwell_desktop.sync.joining import Certificate, Enrolled, EnrolRequest, SessionRequest, session_message
from livingwell_desktop.sync.overseeing import (
    Found,
    OpenedAsked,
    OpenedEverywhere,
    read_found,
    read_opened,
    write_found_asked,
    write_opened_asked,
)
from livingwell_desktop.sync.protocol import ExchangeAnswer, ExchangeRequest, end_request, read_answer, write_request
from livingwell_desktop.sync.restored import (
    Offer,
    Refill,
    Restores,
    Return,
    read_missing,
    read_refilled,
    read_restores,
    write_offer,
    write_refill,
    write_return,
)
from livingwell_desktop.sync.staff_keys import (
    AdministratorRequest,
    read_shut_out,
    read_signature,
    read_travel_key,
    write_administrator,
)
from livingwell_desktop.sync.strict import ProtocolError
from livingwell_desktop.sync.troubles import (
    AlreadyAnsweredError,
    BusyError,
    CertificateNotTrustedError,
    CodeNotGoodError,
    ForkedDeskError,
    NoServerError,
    NotKnownError,
    NotTheServerError,
    OtherGenerationError,
    ServerTroubleError,
    ShutOutError,
    SyncError,
    TooLargeError,
    VersionsDifferError,
)

T = TypeVar("T")

log = logging.getLogger(__name__)

_TIMEOUT = httpx2.Timeout(15.0, connect=5.0)
_QUIET_SECONDS = 40.0
"""The server says something on the poke line every 15 s. Silence for so long means that the line is dead."""
_WORTH_PACKING = 1000
_JSON = {"content-type": "application/json"}
_CONFLICTS: dict[bytes, type[SyncError]] = {
    b'{"problem":"generation"}': OtherGenerationError,
    b'{"problem":"answered"}': AlreadyAnsweredError,
}
_PROBLEMS: dict[int, type[SyncError]] = {
    400: VersionsDifferError,
    403: NotKnownError,
    409: ForkedDeskError,
    413: TooLargeError,
}


@dataclass(frozen=True, slots=True)
class Network:
    """How this site reaches the server. Empty means: as the operating system says."""

    proxy: str = ""
    certificate_authorities: Path | None = None
    """A PEM file with the certificates of an inspecting proxy or of the site's own authority."""


class ServerClient:
    """One desk's connection to its server. Threads may share it.

    Raises SyncError from every method that speaks to the server.
    """

    def __init__(
        self,
        url: str,
        device: UUID,
        sign: Callable[[bytes], bytes],
        network: Network = Network(),
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._http = _http(url, network, transport)
        self._device, self._sign = device, sign
        self._token = ""
        self.certificates: Callable[[], Sequence[Certificate]] = tuple
        """What the alliance certified of this desk, then of the desks it is a copy of."""
        self._entering = threading.Lock()
        self._line: socket.socket | None = None
        self._over = threading.Event()

    def exchange(self, request: ExchangeRequest, begun: BegunBody | None = None) -> ExchangeAnswer:
        """Push and pull. After a lost answer the same request may be sent again.

        `begun` is the request up to its changes, when that was packed before.
        """
        if begun is None:
            return self._post("/v1/exchange", write_request(request), read_answer)
        return self._post_packed("/v1/exchange", begun.ended(end_request(request)), read_answer)

    def download(self, request: DownloadRequest) -> DownloadPage:
        """The next page of a stream's records as they are now."""
        return read_page(self.download_unread(request))

    def download_unread(self, request: DownloadRequest) -> bytes:
        """The same as it came, for `read_page`: waiting for it and reading it may be two threads' work."""
        return self._post("/v1/download", write_download_request(request), bytes)

    def travel_key(self) -> bytes:
        """The key under which locked keys travel between the alliance's desks, 32 bytes."""
        return _read(self._inside(lambda token: self._http.get("/v1/travel-key", headers=token)), read_travel_key)

    def certify_administrator(self, request: AdministratorRequest) -> bytes:
        """The alliance's signature under a first administrator's keys. Raises CodeNotGoodError for a wrong code."""
        try:
            return self._post("/v1/administrator", write_administrator(request), read_signature)
        except NotKnownError:
            raise CodeNotGoodError from None

    def records(self, records: Sequence[UUID]) -> tuple[Delivered, ...]:
        """What those records are now, as far as this desk may hold them."""
        return self._post("/v1/records", write_records_request(records), read_records)

    def send_audit(self, batch: AuditBatch, chain: UUID) -> Checkpoint:
        """Bring rows of this desk's audit, which began with the desk `chain`. They may be sent again."""
        return self._post("/v1/audit", write_batch(batch), lambda answer: read_checkpoint(answer, chain))

    def opened(self, asked: OpenedAsked) -> OpenedEverywhere:
        """Who has opened a record at any desk. Raises NotKnownError for what that member of staff may not see."""
        return self._post("/v1/opened", write_opened_asked(asked), read_opened)

    def found(self, staff: UUID) -> Found:
        """What the server found about this desk's centres. Raises NotKnownError for who may not see it."""
        return self._post("/v1/found", write_found_asked(staff), read_found)

    def desk_code(self, asked: DeskCodeAsked) -> DeskCode:
        """A one-time code for a new desk. Raises NotKnownError for what that member of staff or this desk may not."""
        return self._post("/v1/desk-code", write_desk_code_asked(asked), read_desk_code)

    def shut_out(self, asked: ShutOutAsked) -> int:
        """Shut a desk out; since when it is, milliseconds. Raises NotKnownError as `desk_code` does."""
        return self._post("/v1/shut-out", write_shut_out_asked(asked), read_shut_out_since)

    def held_there(self, asked: HeldAsked) -> HeldThere:
        """What a desk held at most. Raises NotKnownError as `desk_code` does."""
        return self._post("/v1/held", write_held_asked(asked), read_held_there)

    def generations(self) -> Restores:
        """The server's restores, and where this desk's chain stands there."""
        return _read(self._inside(lambda token: self._http.get("/v1/generations", headers=token)), read_restores)

    def offer(self, offer: Offer) -> tuple[bytes, ...]:
        """Which of what this desk holds a restored server lacks."""
        return self._post("/v1/offer", write_offer(offer), read_missing)

    def refill(self, refill: Refill) -> tuple[int, int]:
        """Give a restored server what it lacks: how many it took, and how many not."""
        return self._post("/v1/refill", write_refill(refill), read_refilled)

    def fork(self, public_key: bytes) -> Enrolled:
        """Ask for a name of its own for a desk that is a copy. The same key may be sent again after a lost answer."""
        return self._post("/v1/fork", write_copy_request(public_key), joining.read_enrolled)

    def go_on_as(self, device: UUID, sign: Callable[[bytes], bytes]) -> None:
        """Be another desk from now on."""
        with self._entering:
            self._device, self._sign, self._token = device, sign, ""
        self._end_line()

    @contextmanager
    def pokes(self) -> Iterator[Iterator[None]]:
        """A line on which each item is a poke; the first says that the line stands. It ends when the server ends it."""
        timeout = httpx2.Timeout(_QUIET_SECONDS, connect=5.0)
        # The line stands no longer than its token: begin with a new one.
        headers = self._enter(self._token)
        with _told_apart(), self._http.stream("GET", "/v1/poke", headers=headers, timeout=timeout) as response:
            _check(response.status_code, response.headers, "text/event-stream")
            self._line = _socket_of(response)
            try:
                if self._over.is_set():
                    raise NoServerError
                yield (None for line in response.iter_lines() if line in (": here", "event: poke"))
            finally:
                self._line = None

    def hang_up(self) -> None:
        """End a wait for pokes on another thread, now and for good."""
        self._over.set()
        self._end_line()

    def _end_line(self) -> None:
        line = self._line
        if line is not None:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it had ended by itself

    def close(self) -> None:
        """Let go of every connection."""
        self._http.close()

    def _post(self, path: str, body: bytes, reader: Callable[[bytes], T]) -> T:
        if len(body) > _WORTH_PACKING:
            return self._post_packed(path, gzip.compress(body, compresslevel=1, mtime=0), reader)
        return _read(self._inside(lambda token: self._http.post(path, content=body, headers=_JSON | token)), reader)

    def _post_packed(self, path: str, body: bytes, reader: Callable[[bytes], T]) -> T:
        headers = _JSON | {"content-encoding": "gzip"}
        return _read(self._inside(lambda token: self._http.post(path, content=body, headers=headers | token)), reader)

    def _inside(self, ask: Callable[[dict[str, str]], httpx2.Response]) -> httpx2.Response:
        headers = self._enter()
        with _told_apart():
            response = ask(headers)
        if response.status_code == 401:  # the token ended, or the server is another one
            headers = self._enter(headers["authorization"].removeprefix("Bearer "))
            with _told_apart():
                response = ask(headers)
        return response

    def _enter(self, stale: str = "") -> dict[str, str]:
        """The header that lets us in, got anew unless there is a token that is not the stale one."""
        with self._entering:
            if self._token in ("", stale):
                with _told_apart():
                    nonce = _read(self._http.get("/v1/challenge"), joining.read_challenge)
                    proof = SessionRequest(self._device, nonce, self._sign(session_message(self._device, nonce)))
                    body = joining.write_session_request(proof)
                    response = self._http.post("/v1/session", content=body, headers=_JSON)
                    if response.status_code == 403 and (shown := self.certificates()):
                        # A server that was restored may have forgotten this desk: the alliance's word counts.
                        nonce = _read(self._http.get("/v1/challenge"), joining.read_challenge)
                        signature = self._sign(session_message(self._device, nonce))
                        back = Return(SessionRequest(self._device, nonce, signature), tuple(shown))
                        response = self._http.post("/v1/return", content=write_return(back), headers=_JSON)
                if response.status_code == 410:
                    raise ShutOutError(_answer(response.content, read_shut_out))
                self._token = _read(response, joining.read_session).token
            return {"authorization": f"Bearer {self._token}"}


def read_page(body: bytes) -> DownloadPage:
    """A page of a download. Raises SyncError when the server speaks another protocol."""
    return _answer(body, read_download_page)


def enrol(
    url: str, request: EnrolRequest, network: Network = Network(), transport: httpx2.BaseTransport | None = None
) -> Enrolled:
    """Join the alliance with a one-time code. The same code and key may be sent again after a lost answer.

    Raises SyncError; CodeNotGoodError when the code is wrong, used or too old.
    """
    with _http(url, network, transport) as http:
        with _told_apart():
            response = http.post("/v1/enrol", content=joining.write_enrol(request), headers=_JSON)
        if response.status_code == 403:
            raise CodeNotGoodError
        return _read(response, joining.read_enrolled)


def _http(url: str, network: Network, transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """How to reach the server; `transport` is a wire other than the network's.

    Raises ValueError for plain HTTP to anywhere but this PC.
    """
    parts = urlsplit(url)
    here = _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise ValueError("the server is reached by https")
    http = httpx2.Client(
        base_url=url,
        timeout=_TIMEOUT,
        transport=transport,
        proxy=network.proxy or None,
        trust_env=not here,
        verify=_trusted(parts.scheme, network),
        # Idle desks ask every 30 s: a connection that is kept saves a TLS handshake each time.
        limits=httpx2.Limits(max_connections=4, keepalive_expiry=60.0),
    )
    # An idle round is mostly headers; what HTTP/1.1 means anyway need not be said.
    http.headers = httpx2.Headers({"accept-encoding": "gzip"})
    return http


def _trusted(scheme: str, network: Network) -> ssl.SSLContext | bool:
    """Whom to trust: the site's own authorities, or those of the operating system."""
    if scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody; reading all authorities takes 30 ms
    if network.certificate_authorities:
        try:
            return ssl.create_default_context(cafile=str(network.certificate_authorities))
        except OSError as error:  # an ssl.SSLError is one, too
            # The desk opens all the same. It trusts nobody then, and says so.
            log.info("the file of certificates cannot be read: %s", type(error).__name__)
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except (httpx2.DecodingError, httpx2.UnsupportedProtocol) as error:
        raise NotTheServerError from error
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise (CertificateNotTrustedError if _is_distrust(error) else NoServerError) from error


def _is_distrust(error: BaseException | None) -> bool:
    """Whether the TLS handshake ended because nobody we trust had signed the certificate: deep in what it came from."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _read(response: httpx2.Response, reader: Callable[[bytes], T]) -> T:
    _check(response.status_code, response.headers, "application/json", response.content)
    return _answer(response.content, reader)


def _answer(body: bytes, reader: Callable[[bytes], T]) -> T:
    try:
        return reader(body)
    except ProtocolError as error:
        raise VersionsDifferError from error


def _check(status: int, headers: httpx2.Headers, media_type: str, body: bytes = b"") -> None:
    """Raises SyncError unless this is the server's own good answer: a sign-in page of a network says 200, too."""
    said = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status == 200 and said == media_type:
        return
    if said != "application/problem+json":
        raise ServerTroubleError if status >= 500 else NotTheServerError
    if status == 401:
        raise NotKnownError
    if status == 429:
        seconds = headers.get("retry-after", "")
        raise BusyError(float(seconds) if seconds.isdecimal() else 0.0)
    if status == 409 and body in _CONFLICTS:
        raise _CONFLICTS[body]
    raise _PROBLEMS.get(status, ServerTroubleError)


def _socket_of(response: httpx2.Response) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    found = stream.get_extra_info("socket") if stream is not None else None
    return found if isinstance(found, socket.socket) else None
