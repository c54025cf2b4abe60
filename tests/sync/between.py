"""Somebody on the way between a desk and its server, who may read, keep and change all that passes. For tests."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

Told = Mapping[str, Any]
Change = Callable[[dict[str, Any]], Told]

PROBLEM = {"content-type": "application/problem+json", "cache-control": "no-store"}


class Between(httpx2.BaseTransport):
    """Passes everything on, but what it was told to do otherwise; `asked` and `answered` are what passed, by path."""

    def __init__(self) -> None:
        self._network = httpx2.HTTPTransport()
        self.asked: list[tuple[str, bytes]] = []
        self.answered: list[tuple[str, bytes]] = []
        self.changed: dict[str, Change] = {}
        """For a path: how a good answer to it is changed."""
        self.instead: dict[str, tuple[int, Told]] = {}
        """For a path: what is answered without asking the server."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.asked.append((path, request.read()))
        if path in self.instead:
            status, told = self.instead[path]
            headers = PROBLEM if status != 200 else {"content-type": "application/json"}
            return httpx2.Response(status, headers=headers, content=_packed(told))
        answer = self._network.handle_request(request)
        if not answer.headers.get("content-type", "").startswith("application/json"):
            return answer
        answer.read()
        said = answer.content
        if path in self.changed and answer.status_code == 200:
            said = _packed(self.changed[path](json.loads(said)))
        self.answered.append((path, said))
        return httpx2.Response(answer.status_code, headers={"content-type": "application/json"}, content=said)

    def close(self) -> None:
        self._network.close()

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]

    def last(self, path: str) -> dict[str, Any]:
        """The newest answer to that."""
        said: dict[str, Any] = json.loads(next(body for at, body in reversed(self.answered) if at == path))
        return said


class ReleaseBefore(Between):
    """A server of the release before: it knows neither the route nor the field."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/v1/server":
            return httpx2.Response(404, headers=PROBLEM, content=b'{"problem":"not-found"}')
        if request.url.path in ("/v1/session", "/v1/return") and b'"challenge"' in request.read():
            return httpx2.Response(400, headers=PROBLEM, content=b'{"problem":"malformed"}')
        return super().handle_request(request)


def _packed(told: Told) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()
