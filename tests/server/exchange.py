"""Requests made by hand, sound and poisoned, for a desk that has a session."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from livingwell_desktop.sync.joining import session_message
from tests.central import CENTRE

PERSON = "0195c000-0000-7000-8000-000000000001"
CENTRE_STREAM = f"{CENTRE}/clinical"
_PARTS = ("id", "content", "salt", "hash", "signature", "device", "act", "n", "prev", "chain", "sender")
"""A change on its way to the server is a list of these."""


def content(**parts: Any) -> dict[str, Any]:
    """The parts of a change's content."""
    return {
        "record": PERSON,
        "kind": "person",
        "subject": PERSON,
        "sensitivity": 0,
        "parents": [],
        "set": {"given_name": "Ngozi"},
        "act": "a1",
        "at": 1_763_894_580_000,
        "staff": None,
        "centre": None,
        "program": "0.1.0",
        "judged_at": [0, 0],
    } | parts


@dataclass
class HandDesk:
    """A desk whose every byte the test decides."""

    http: TestClient
    code: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    centre: UUID = CENTRE
    n: int = 0
    head: bytes = bytes(32)

    def __post_init__(self) -> None:
        answer = self.http.post("/v1/enrol", json=self.joining())
        assert answer.status_code == 200, answer.text
        self.enrolled: Mapping[str, Any] = answer.json()
        self.device = UUID(self.enrolled["certificate"][0])
        self.token = self.enter()

    def joining(self) -> dict[str, Any]:
        public = self.key.public_key().public_bytes_raw().hex()
        return {"code": self.code, "name": "By hand", "public_key": public, "centre": str(self.centre)}

    def enter(self) -> str:
        nonce = bytes.fromhex(self.http.get("/v1/challenge").json()["nonce"])
        signature = self.key.sign(session_message(self.device, nonce)).hex()
        proof = {"device": str(self.device), "nonce": nonce.hex(), "signature": signature}
        return str(self.http.post("/v1/session", json=proof).json()["token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def change(self, said: Mapping[str, Any] | str | None = None, **replaced: Any) -> dict[str, Any]:
        """The next change of this desk's chain. `replaced` puts something else in its envelope."""
        text = said if isinstance(said, str) else json.dumps(content() if said is None else said)
        raw, salt = text.encode("utf-8", "surrogatepass"), os.urandom(16)
        change_id = bytes.fromhex(replaced["id"]) if "id" in replaced else os.urandom(16)
        hashed = hashlib.sha256(salt + raw).digest()
        self.n += 1
        prev = self.head
        self.head = hashlib.sha256(prev + self.device.bytes + self.n.to_bytes(8, "big") + change_id + hashed).digest()
        return {
            "id": change_id.hex(),
            "content": text,
            "salt": salt.hex(),
            "hash": hashed.hex(),
            "signature": self.key.sign(change_id + hashed).hex(),
            "device": str(self.device),
            "act": said["act"] if isinstance(said, Mapping) and isinstance(said.get("act"), str) else "a1",
            "n": self.n,
            "prev": prev.hex(),
            "chain": self.head.hex(),
            "sender": str(self.device),
        } | replaced

    def request(self, *changes: Any, **parts: Any) -> dict[str, Any]:
        return {
            "protocol": 1,
            "program": "0.1.0",
            "generation": "",
            "head": [self.n, self.head.hex()],
            "cursors": {CENTRE_STREAM: 0},
            "changes": [_wire(change) for change in changes],
            "limit": 500,
        } | parts

    def push(self, *changes: Any, **parts: Any) -> dict[str, Any]:
        # As ASCII, so that even half a character can be sent.
        body = json.dumps(self.request(*changes, **parts)).encode("ascii")
        headers = self.headers | {"content-type": "application/json"}
        answer = self.http.post("/v1/exchange", content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return read_by_name(answer.json())


def _wire(change: Any) -> Any:
    """The list that a change is on the wire; parts of other names go at its end, where they do not belong."""
    if not isinstance(change, dict):
        return change
    return [change[name] for name in _PARTS if name in change] + [
        each for name, each in change.items() if name not in _PARTS
    ]


def read_by_name(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with its parts by name, and the changes of all streams in one list."""
    changes = []
    for stream, page in answer["streams"].items():
        for kind, number, *parts in page["entries"]:
            named = dict(zip(_PARTS, parts, strict=False)) if kind == "change" else {"parts": parts}
            changes.append({"stream": stream, "number": number, "kind": kind, **named})
    return answer | {
        "receipts": [{"id": one, "hash": other} for one, other in answer["receipts"]],
        "refused": [{"id": one, "reason": other} for one, other in answer["refused"]],
        "changes": changes,
        "cursors": {stream: page["reached"] for stream, page in answer["streams"].items()},
        "more": any(page["more"] for page in answer["streams"].values()),
    }
