"""The desk's side of the wire: HTTPS to the central server, and nothing but what the server really said."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar
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
from livingwell_desktop.sync.door import ServerDoor
from livingwell_desktop.sync.downloading import (
    DownloadPage,
    DownloadRequest,
    read_download_page,
    read_records,
    write_download_request,
    write_records_request,
)
from livingwell_desktop.sync.entering import Entrance
from livingwell_desktop.sync.entries import Delivered
from livingwell_desktop.sync.joining import Enrolled, EnrolRequest
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
    read_missing,
    read_refilled,
    read_restores,
    write_offer,
    write_refill,
)
from livingwell_desktop.sync.staff_keys import (
    AdministratorRequest,
    read_signature,
    read_travel_key,
    write_administrator,
)
from livingwell_desktop.sync.troubles import CodeNotGoodError, NoServerError, NotKnownError
from livingwell_desktop.sync.wire import (
    AS_THE_SYSTEM_SAYS,
    JSON,
    Network,
    answer_in,
    check_answer,
    http_to,
    is_server_address,
    read,
    told_apart,
)

__all__ = ["Network", "ServerClient", "enrol", "is_server_address", "read_page"]

T = TypeVar("T")

_QUIET_SECONDS = 40.0
"""The server says something on the poke line every 15 s. Silence for so long means that the line is dead."""
_WORTH_PACKING = 1000


class ServerClient:
    """One desk's connection to its server. Threads may share it.

    Raises SyncError from every method that speaks to the server.
    """

    def __init__(
        self,
        url: str,
        device: UUID,
        sign: Callable[[bytes], bytes],
        network: Network = AS_THE_SYSTEM_SAYS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._http = http_to(url, network, transport)
        self.entrance = Entrance(ServerDoor(self._http), device, sign)
        self._line: socket.socket | None = None
        self._over = threading.Event()

    def exchange(self, request: ExchangeRequest, begun: BegunBody | None = None) -> ExchangeAnswer:
        """Push and pull. After a lost answer the same request may be sent again.

        `begun` is the request up to its changes, when that was packed before.
        """
        if begun is None:
            answer = self._post("/v1/exchange", write_request(request), read_answer)
        else:
            answer = self._post_packed("/v1/exchange", begun.ended(end_request(request)), read_answer)
        self.entrance.check(answer.generation)
        return answer

    def download(self, request: DownloadRequest) -> DownloadPage:
        """The next page of a stream's records as they are now."""
        return read_page(self.download_unread(request))

    def download_unread(self, request: DownloadRequest) -> bytes:
        """The same as it came, for `read_page`: waiting for it and reading it may be two threads' work."""
        return self._post("/v1/download", write_download_request(request), bytes)

    def travel_key(self) -> bytes:
        """The key under which locked keys travel between the alliance's desks, 32 bytes."""
        return read(self._inside(lambda token: self._http.get("/v1/travel-key", headers=token)), read_travel_key)

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
        self.entrance.enter_as_member()
        return self._post("/v1/opened", write_opened_asked(asked), read_opened)

    def found(self, staff: UUID) -> Found:
        """What the server found about this desk's centres. Raises NotKnownError for who may not see it."""
        self.entrance.enter_as_member()
        return self._post("/v1/found", write_found_asked(staff), read_found)

    def desk_code(self, asked: DeskCodeAsked) -> DeskCode:
        """A one-time code for a new desk. Raises NotKnownError for what that member of staff or this desk may not."""
        self.entrance.enter_as_member()
        return self._post("/v1/desk-code", write_desk_code_asked(asked), read_desk_code)

    def shut_out(self, asked: ShutOutAsked) -> int:
        """Shut a desk out; since when it is, milliseconds. Raises NotKnownError as `desk_code` does."""
        self.entrance.enter_as_member()
        return self._post("/v1/shut-out", write_shut_out_asked(asked), read_shut_out_since)

    def held_there(self, asked: HeldAsked) -> HeldThere:
        """What a desk held at most. Raises NotKnownError as `desk_code` does."""
        self.entrance.enter_as_member()
        return self._post("/v1/held", write_held_asked(asked), read_held_there)

    def generations(self) -> Restores:
        """The server's restores, and where this desk's chain stands there."""
        found = read(self._inside(lambda token: self._http.get("/v1/generations", headers=token)), read_restores)
        if found.generations:
            self.entrance.check(found.generations[-1][0])
        return found

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
        self.entrance.go_on_as(device, sign)
        self._end_line()

    @contextmanager
    def pokes(self) -> Iterator[Iterator[None]]:
        """A line on which each item is a poke; the first says that the line stands. It ends when the server ends it."""
        timeout = httpx2.Timeout(_QUIET_SECONDS, connect=5.0)
        # The line stands no longer than its token: begin with a new one.
        headers = self.entrance.enter(self.entrance.now.token).headers
        with told_apart(), self._http.stream("GET", "/v1/poke", headers=headers, timeout=timeout) as response:
            check_answer(response.status_code, response.headers, "text/event-stream")
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
        return read(self._inside(lambda token: self._http.post(path, content=body, headers=JSON | token)), reader)

    def _post_packed(self, path: str, body: bytes, reader: Callable[[bytes], T]) -> T:
        headers = JSON | {"content-encoding": "gzip"}
        return read(self._inside(lambda token: self._http.post(path, content=body, headers=headers | token)), reader)

    def _inside(self, ask: Callable[[dict[str, str]], httpx2.Response]) -> httpx2.Response:
        entered = self.entrance.enter()
        with told_apart():
            response = ask(entered.headers)
        if response.status_code == 401:  # the token ended, or the server is another one
            entered = self.entrance.enter(entered.token)
            with told_apart():
                response = ask(entered.headers)
        return response


def read_page(body: bytes) -> DownloadPage:
    """A page of a download. Raises SyncError when the server speaks another protocol."""
    return answer_in(body, read_download_page)


def enrol(
    url: str,
    request: EnrolRequest,
    network: Network = AS_THE_SYSTEM_SAYS,
    transport: httpx2.BaseTransport | None = None,
) -> Enrolled:
    """Join the alliance with a one-time code. The same code and key may be sent again after a lost answer.

    Raises SyncError; CodeNotGoodError when the code is wrong, used or too old.
    """
    with http_to(url, network, transport) as http:
        with told_apart():
            response = http.post("/v1/enrol", content=joining.write_enrol(request), headers=JSON)
        if response.status_code == 403:
            raise CodeNotGoodError
        return read(response, joining.read_enrolled)


def _socket_of(response: httpx2.Response) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    found = stream.get_extra_info("socket") if stream is not None else None
    return found if isinstance(found, socket.socket) else None
