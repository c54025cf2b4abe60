"""The requests that a desk makes before it has a session."""

from collections.abc import Sequence

import httpx2

from livingwell_desktop.sync import joining
from livingwell_desktop.sync.joining import Certificate, Session, SessionRequest
from livingwell_desktop.sync.proving import CertifiedServer, read_server
from livingwell_desktop.sync.restored import Return, write_return
from livingwell_desktop.sync.staff_keys import read_shut_out
from livingwell_desktop.sync.troubles import ShutOutError
from livingwell_desktop.sync.wire import JSON, answer_in, read, told_apart


class ServerDoor:
    """What may be asked of a server without a session."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http

    def server(self) -> CertifiedServer | None:
        """See Door."""
        with told_apart():
            response = self._http.get("/v1/server")
        return None if response.status_code == 404 else read(response, read_server)

    def challenge(self) -> bytes:
        """See Door."""
        with told_apart():
            return read(self._http.get("/v1/challenge"), joining.read_challenge)

    def session(self, proof: SessionRequest) -> Session:
        """See Door."""
        return self._entered("/v1/session", joining.write_session_request(proof))

    def come_back(self, proof: SessionRequest, certificates: Sequence[Certificate]) -> Session:
        """See Door."""
        return self._entered("/v1/return", write_return(Return(proof, tuple(certificates))))

    def _entered(self, path: str, body: bytes) -> Session:
        with told_apart():
            response = self._http.post(path, content=body, headers=JSON)
        if response.status_code == 410:
            raise ShutOutError(answer_in(response.content, read_shut_out))
        return read(response, joining.read_session)
