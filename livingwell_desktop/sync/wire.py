"""What any request to a server goes by: how it is reached, and whether it was the server that answered."""

import ipaddress
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2

from livingwell_desktop.sync.strict import ProtocolError
from livingwell_desktop.sync.troubles import (
    AlreadyAnsweredError,
    BusyError,
    CertificateNotTrustedError,
    ForkedDeskError,
    NoServerError,
    NotKnownError,
    NotTheServerError,
    OtherGenerationError,
    ServerTroubleError,
    SyncError,
    TooLargeError,
    VersionsDifferError,
    WayClosedError,
)

T = TypeVar("T")

log = logging.getLogger(__name__)

JSON = {"content-type": "application/json"}
_TIMEOUT = httpx2.Timeout(15.0, connect=5.0)
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
    closed: bool = False
    """Nobody is asked for anything: who may has to look at the settings first."""


AS_THE_SYSTEM_SAYS = Network()


def http_to(url: str, network: Network, transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """How to reach the server; `transport` is a wire other than the network's.

    Raises ValueError for plain HTTP to anywhere but this PC.
    """
    if network.closed:
        return httpx2.Client(transport=_Closed(), base_url="https://closed.invalid")
    parts = urlsplit(url)
    here = _is_loopback(parts.hostname or "")
    if not is_server_address(url):
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
    # An idle round is mostly headers: what HTTP/1.1 means anyway need not be said, nor with which library. Setting them
    # all anew would add these three again.
    for name in ("accept", "connection", "user-agent"):
        del http.headers[name]
    http.headers["accept-encoding"] = "gzip"
    return http


def is_server_address(url: str) -> bool:
    """Whether a desk asks there: over TLS, or on this PC."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


class _Closed(httpx2.BaseTransport):
    """The way to nobody."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:  # noqa: ARG002 - as every transport has it
        raise WayClosedError


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
def told_apart() -> Iterator[None]:
    """Whatever goes wrong on the way becomes one of the SyncErrors."""
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


def read(response: httpx2.Response, reader: Callable[[bytes], T]) -> T:
    """What a good answer says. Raises SyncError for any other."""
    check_answer(response.status_code, response.headers, "application/json", response.content)
    return answer_in(response.content, reader)


def answer_in(body: bytes, reader: Callable[[bytes], T]) -> T:
    """What such a body says. Raises VersionsDifferError for one that the reader cannot read."""
    try:
        return reader(body)
    except ProtocolError as error:
        raise VersionsDifferError from error


def check_answer(status: int, headers: httpx2.Headers, media_type: str, body: bytes = b"") -> None:
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
