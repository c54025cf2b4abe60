"""Makes up requests of somebody who means harm: sound ones, spoilt in every place that a request has."""

import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.server.interface import ROUTES

SENTINEL = "Kwabena-Sentinel"

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 1 << 62, 1 << 63, -(1 << 63), 1 << 200,
    "", " ", "\x00", SENTINEL, "a" * 70_000, "0" * 32, "f" * 64, "G" * 32, "\ud800", "\u202e", "e\u0301",
    "'; DROP TABLE change; --", "{{7*7}}", "%s%n", "../../../etc/passwd",
    [], {}, [[]], [None] * 2000, {"": None}, {"__proto__": 1}, {"protocol": 1}, [[[[[[[[[[1]]]]]]]]]],
    "00000000-0000-0000-0000-000000000000", "0195C000-0000-7000-8000-000000000001", "2026-11-23T10:43:00Z",
)  # fmt: skip
ODD_PATHS = (
    "/", "/v1", "/v1/", "/v2/exchange", "/v1/exchange/", "//v1//exchange", "/v1/exchange%00", "/v1/../v1/exchange",
    "/v1/%2e%2e/etc", "/v1/exchange;a=1", "/V1/EXCHANGE", "/docs", "/openapi.json", "/v1/" + "x" * 5000,
    "/v1/health?" + "a=1&" * 500, "/%ff%fe", "/v1/poke/1", "/v1/admin", "/metrics",
)  # fmt: skip
ODD_BYTES = (b"", b"\x00", b"\xff", b"{", b'"', b",", b"9", b"\\u")
ODD_METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PROPFIND", "X" * 100, "GET", "POST")
ODD_HEADERS: tuple[Mapping[bytes, bytes], ...] = (
    {b"content-type": b"text/plain"}, {b"content-type": b""}, {b"content-type": b"application/json; charset=utf-16"},
    {b"content-encoding": b"br"}, {b"content-encoding": b"gzip"}, {b"content-encoding": b"gzip, gzip"},
    {b"content-encoding": b"\xff"}, {b"content-length": b"-1"}, {b"content-length": b"9" * 30},
    {b"content-length": b"1e3"}, {b"accept-encoding": b"gzip;q=x"}, {b"accept": b"\xff\xfe"},
    {b"cookie": b"a=b; " * 500}, {b"host": b"elsewhere.example"}, {b"x-forwarded-for": b"1.2.3.4, ' OR 1=1"},
    {b"transfer-encoding": b"chunked"}, {b"expect": b"100-continue"}, {b"range": b"bytes=0-"},
    {b"upgrade": b"websocket"}, {b"x-http-method-override": b"DELETE"},
    {b"authorization": b"Basic YTpi"}, {b"authorization": b"Bearer"}, {b"authorization": b"Bearer \x00"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request: what was done to it, who it pretends to be, and its parts."""

    done: str
    method: str
    path: str
    headers: Mapping[bytes, bytes]
    body: bytes
    token_is_good: bool


class Maker:
    """`Maker(seed, sound, token)` with a sound body for each path; the same seed makes the same requests."""

    def __init__(self, seed: int, sound: Callable[[str], dict[str, Any]], token: str) -> None:
        self._random = random.Random(seed)
        self._sound, self._token = sound, token

    def requests(self, count: int) -> Iterator[Hostile]:
        """So many requests."""
        for _ in range(count):
            yield self._one()

    def _one(self) -> Hostile:
        chance = self._random
        route = chance.choice([each for each in ROUTES if each.body is not None] * 3 + list(ROUTES))
        good = not route.endless and chance.random() < 0.6
        headers = {b"content-type": b"application/json"}
        headers |= {b"authorization": f"Bearer {self._token}".encode() if good else self._bad_token()}
        method, path = route.method, route.path
        value = self._sound(path) if route.body is not None else {}
        body, done = self._body(value) if route.body is not None else (b"", "nothing")
        if chance.random() < 0.2:
            odd = chance.choice(ODD_HEADERS)
            headers |= odd
            good = good and b"authorization" not in odd
            done += " and headers"
        if chance.random() < 0.1:
            method, done = chance.choice(ODD_METHODS), done + " and method"
        if chance.random() < 0.1:
            path, done = chance.choice(ODD_PATHS), done + " and path"
        if path == "/v1/poke":
            good, headers[b"authorization"] = False, self._bad_token()
        return Hostile(f"{route.path}: {done}", method, path, headers, body, good)

    def _bad_token(self) -> bytes:
        chance = self._random
        wrong = list(self._token)
        wrong[chance.randrange(len(wrong))] = "~"
        near = f"Bearer {''.join(wrong)}".encode()
        return chance.choice([b"", b"Bearer ", b"Bearer \xff\xfe", b"Bearer " + b"x" * 9000, b"bearer null", near])

    def _body(self, value: dict[str, Any]) -> tuple[bytes, str]:
        chance = self._random
        way = chance.choice(("value", "value", "value", "bytes", "bytes", "raw", "packed", "untouched"))
        if way == "untouched":
            return json.dumps(value).encode("ascii"), way
        if way == "value":
            for _ in range(chance.randint(1, 4)):
                value = self._spoilt(value)
            return json.dumps(value).encode("ascii"), way
        body = bytearray(json.dumps(value).encode("ascii"))
        if way == "bytes":
            for _ in range(chance.randint(1, 8)):
                at = chance.randrange(len(body) + 1)
                body[at : at + chance.randint(0, 3)] = chance.choice(
                    (b"", b"\x00", b"\xff", b"{", b'"', b",", b"9", b"\\u")
                )
            return bytes(body), way
        if way == "packed":
            packed = bytearray(gzip.compress(bytes(body), mtime=0))
            packed[chance.randrange(len(packed))] ^= 1 << chance.randrange(8)
            return bytes(packed), way
        raw = (
            b"", b"null", b"[]", b"\xef\xbb\xbf{}", b"{" * 50_000, b"[" * 100_000, b'{"a":NaN}',
            b'{"a":' + b"9" * 6000 + b"}", b'{"protocol":1,"protocol":1}', chance.randbytes(2000), b"PK\x03\x04",
            b"\x1f\x8b" + chance.randbytes(100), b"<?xml version='1.0'?>",
        )  # fmt: skip
        return chance.choice(raw), way

    def _spoilt(self, value: Any) -> Any:
        """The same with one thing in it replaced, taken out, doubled or added, however deep."""
        chance = self._random
        if isinstance(value, dict) and value and chance.random() < 0.85:
            name = chance.choice(sorted(value))
            left = {key: each for key, each in value.items() if key != name}
            return chance.choice(
                [
                    lambda: value | {name: self._spoilt(value[name])},
                    lambda: value | {name: self._spoilt(value[name])},
                    lambda: left,
                    lambda: left | {SENTINEL: value[name]},
                    lambda: value | {SENTINEL: chance.choice(ODD_VALUES)},
                ]
            )()
        if isinstance(value, list) and value and chance.random() < 0.7:
            at = chance.randrange(len(value))
            return chance.choice(
                [[*value[:at], self._spoilt(value[at]), *value[at + 1 :]], value + value, value[:at], value * 50]
            )
        if isinstance(value, str) and value and chance.random() < 0.5:
            at = chance.randrange(len(value))
            return value[:at] + chance.choice(("", "g", "0", "\x00", "é", "'")) + value[at + 1 :]
        return chance.choice(ODD_VALUES)
