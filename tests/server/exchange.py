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

from livingwell_desktop.sync.protocol import session_message

PERSON = "0195c000-0000-7000-8000-000000000001"


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
    n: int = 0
    head: bytes = bytes(32)

    def __post_init__(self) -> None:
        public = self.key.public_key().public_bytes_raw().hex()
        answer = self.http.post("/v1/enrol", json={"code": self.code, "name": "By hand", "public_key": public})
        assert answer.status_code == 200, answer.text
        self.enrolled: Mapping[str, Any] = answer.json()
        self.device = UUID(self.enrolled["device"])
        self.token = self.enter()

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
        } | replaced

    def request(self, *changes: Any, **parts: Any) -> dict[str, Any]:
        return {
            "protocol": 1,
            "program": "0.1.0",
            "cursors": {"alliance": 0},
            "changes": list(changes),
            "limit": 500,
        } | parts

    def push(self, *changes: Any, **parts: Any) -> dict[str, Any]:
        # As ASCII, so that even half a character can be sent.
        body = json.dumps(self.request(*changes, **parts)).encode("ascii")
        headers = self.headers | {"content-type": "application/json"}
        answer = self.http.post("/v1/exchange", content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result
