"""A client of the sync protocol that follows `docs/sync-protocol.md` and shares no code with the program.

It uses the standard library and an Ed25519 implementation, and nothing else: what it needs and the document does not
say would be missing there. It keeps everything in memory and shows nothing to anybody.
"""

import gzip
import http.client
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from os import urandom
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.sync.stranger_bytes import (
    RefusedError,
    certificate_message,
    content_bytes,
    content_hash,
    link,
    read_json,
    server_message,
    session_message,
    verified,
)
from tests.sync.stranger_fold import HELD, NOT_HELD, REFUSED, Folded, Node, fold, read_change, read_node

ALLIANCE = "alliance"


class ProblemError(Exception):
    """The server's problem: its status and its word."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(f"{status} {word}")
        self.status, self.word = status, word


@dataclass
class Stranger:
    """A desk without a disk."""

    url: str
    centre: UUID
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    token: str = ""
    device: UUID = field(default_factory=lambda: UUID(int=0))
    certificate: list[Any] = field(default_factory=list)
    originals: list[list[Any]] = field(default_factory=list)
    others: dict[str, list[Any]] = field(default_factory=dict)
    certified: int = 0
    alliance_key: bytes = b""
    n: int = 0
    head: bytes = bytes(32)
    generation: str = ""
    clock: int = 1_763_894_580_000
    follows: list[str] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)
    unsent: list[list[Any]] = field(default_factory=list)
    sent: list[list[Any]] = field(default_factory=list)
    refused: list[list[Any]] = field(default_factory=list)
    came: dict[str, list[Any]] = field(default_factory=dict)
    graphs: dict[UUID, dict[bytes, Node]] = field(default_factory=dict)
    parked: list[tuple[UUID, Node]] = field(default_factory=list)
    cards: dict[UUID, Any] = field(default_factory=dict)

    # Requests

    def ask(self, method: str, path: str, body: Any = None, *, inside: bool = True) -> Any:
        """One request. A session that ended is opened again, once. Raises ProblemError."""
        for attempt in range(2):
            status, answer = self._ask(method, path, body, inside=inside)
            if status == 200:
                return answer
            if status != 401 or attempt or not inside:
                raise ProblemError(status, answer["problem"])
            self.open_session()
        raise AssertionError("not reached")

    def _ask(self, method: str, path: str, body: Any, *, inside: bool) -> tuple[int, Any]:
        headers = {"accept-encoding": "gzip"}
        if inside:
            headers["authorization"] = f"Bearer {self.token}"
        raw = None
        if body is not None:
            raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
            headers["content-type"] = "application/json"
            if len(raw) > 1000:
                raw, headers["content-encoding"] = gzip.compress(raw), "gzip"
        parts = urlsplit(self.url)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            line.request(method, path, raw, headers)
            answer = line.getresponse()
            said = answer.read()
            if answer.headers.get("content-encoding") == "gzip":
                said = gzip.decompress(said)
            wanted = "application/json" if answer.status == 200 else "application/problem+json"
            if answer.headers.get_content_type() != wanted:
                raise RefusedError("this is not the server")
            return answer.status, read_json(said)
        finally:
            line.close()

    def enrol(self, code: str, name: str) -> None:
        """Join with a one-time code, and check the certificate."""
        public = self.key.public_key().public_bytes_raw()
        asked = {"code": code, "name": name, "public_key": public.hex(), "centre": str(self.centre)}
        self._be(self.ask("POST", "/v1/enrol", asked, inside=False), self.key)

    def _be(self, answer: Mapping[str, Any], key: Ed25519PrivateKey) -> None:
        """Take a name, once the certificate is known to be the alliance's and for this key."""
        certificate, alliance_key = answer["certificate"], bytes.fromhex(answer["alliance_key"])
        verified(alliance_key, bytes.fromhex(certificate[5]), certificate_message(certificate))
        if certificate[1] != key.public_key().public_bytes_raw().hex():
            raise RefusedError("the certificate is for another key")
        if self.alliance_key not in (b"", alliance_key):
            raise RefusedError("this is another alliance")
        self.certificate, self.alliance_key, self.key = certificate, alliance_key, key
        self.device = UUID(certificate[0])

    def take_new_name(self) -> None:
        """Go on as another desk, because this one is a copy. What is unsent gets new envelopes, and nothing else."""
        key = Ed25519PrivateKey.generate()
        self.originals = [self.certificate, *self.originals]
        self._be(self.ask("POST", "/v1/fork", {"public_key": key.public_key().public_bytes_raw().hex()}), key)
        self._renew_envelopes()
        self.open_session()

    def _renew_envelopes(self) -> None:
        for each in self.unsent:
            prev, self.n = self.head, self.n + 1
            self.head = link(prev, self.device, self.n, bytes.fromhex(each[0]), bytes.fromhex(each[3]))
            each[7:] = [self.n, prev.hex(), self.head.hex(), str(self.device)]

    def open_session(self, *, forgotten: bool = False) -> None:
        nonce, challenge = bytes.fromhex(self.ask("GET", "/v1/challenge", inside=False)["nonce"]), urandom(32)
        signature = self.key.sign(session_message(self.device, nonce)).hex()
        asked = {"device": str(self.device), "nonce": nonce.hex(), "signature": signature, "challenge": challenge.hex()}
        path = "/v1/return" if forgotten else "/v1/session"
        if forgotten:
            asked["certificates"] = [self.certificate, *self.originals]
        try:
            answer = self.ask("POST", path, asked, inside=False)
            self._prove(answer, challenge, nonce)
            self.token = answer["token"]
        except ProblemError as problem:
            if problem.status != 403 or forgotten or not self.certificate:
                raise
            self.open_session(forgotten=True)

    def _prove(self, answer: Mapping[str, Any], challenge: bytes, nonce: bytes) -> None:
        """Believe a server that the alliance certified, and that signed just this session."""
        said = answer["proof"]
        key = bytes.fromhex(said["server_key"])
        verified(self.alliance_key, bytes.fromhex(said["certificate"]), b"livingwell server 1\x00" + key)
        message = server_message(challenge, self.device, nonce, answer["token"], said["generation"])
        verified(key, bytes.fromhex(said["signature"]), message)

    # Writing

    def write(self, record: UUID, based_on: Sequence[str], values: Mapping[str, Any], kind: str = "person") -> str:
        """Make a change about a person, apply it here and queue it. Gives its id."""
        graph = self.graphs.get(record, {})
        newest = max((graph[bytes.fromhex(each)].at for each in based_on), default=0)
        self.clock += 1000
        said = {
            "record": str(record),
            "kind": kind,
            "subject": str(record),
            "sensitivity": 0,
            "parents": list(based_on),
            "set": dict(values),
            "act": urandom(16).hex(),
            "at": max(self.clock, newest + 1),
            "staff": None,
            "centre": str(self.centre),
            "program": "stranger 1",
            "judged_at": [int(self.generation.partition(".")[0] or 0), self.cursors.get(ALLIANCE, 0)],
        }
        content, change, salt = content_bytes(said), urandom(16), urandom(16)
        hashed = content_hash(salt, content)
        prev, self.n = self.head, self.n + 1
        self.head = link(prev, self.device, self.n, change, hashed)
        signature = self.key.sign(change + hashed).hex()
        parts = [change.hex(), content.decode("utf-8"), salt.hex(), hashed.hex(), signature, str(self.device)]
        self.unsent.append([*parts, said["act"], self.n, prev.hex(), self.head.hex(), str(self.device)])
        self._take(*read_change(parts))
        return change.hex()

    # Exchanging

    def exchange(self) -> None:
        """Hear first, then send, until nothing waits and nothing is left to fetch. After a restore go back first."""
        try:
            self._exchange()
        except ProblemError as problem:
            if problem.word != "generation":
                raise
            self.go_back()
            self._exchange()

    def _exchange(self) -> None:
        changes: list[list[Any]] = []
        while True:
            asked = {
                "protocol": 1,
                "program": "stranger 1",
                "generation": self.generation,
                "head": [self.n, self.head.hex()],
                "cursors": self.cursors,
                "changes": changes,
                "limit": 500,
                "devices": self.certified,
            }
            answer = self.ask("POST", "/v1/exchange", asked)
            for self.certified, certificate in answer.get("devices", []):
                self.others[certificate[0]] = certificate
            self.generation, self.follows = answer["generation"], answer["follows"]
            settled = {each for each, _ in answer["refused"]}
            self.refused += [each for each in self.unsent if each[0] in settled]
            named = {(one, other) for one, other in answer["receipts"]}
            self.sent += [each for each in self.unsent if (each[0], each[3]) in named]
            self.unsent = [each for each in self.unsent if each[0] not in settled and (each[0], each[3]) not in named]
            for stream, page in answer["streams"].items():
                self._take_page(stream, page)
            for stream in self.follows:
                if stream not in self.cursors:
                    self.download(stream)
            changes = self.unsent[:500]
            if not changes and not any(page["more"] for page in answer["streams"].values()):
                return

    def download(self, stream: str) -> int:
        """The whole of a stream as it is now. Gives the number of requests it took."""
        place, cursor, requests = "", 0, 0
        while place or not requests:
            page = self.ask("POST", "/v1/download", {"stream": stream, "place": place, "limit": 500})
            cursor = cursor if requests else page["cursor"]
            for entry in page["entries"]:
                self._take_entry(entry)
            place, requests = page["place"], requests + 1
        self.cursors[stream] = cursor
        return requests

    def go_back(self) -> None:
        """Answer to a restore: give back what the server forgot, and take its streams again from where it was."""
        answer = self.ask("GET", "/v1/generations")
        names = [name for name, _ in answer["generations"]]
        known = names.index(self.generation) + 1 if self.generation in names else 0
        missed = [starts for _, starts in answer["generations"][known:]]
        back = {name: min(starts.get(name, 0) for starts in missed) for name in self.cursors}
        try:
            if any(back[name] < self.cursors[name] for name in back):
                self._give_back()
        except ProblemError as problem:
            if problem.word != "answered":
                raise
        self.cursors = {name: min(number, back[name]) for name, number in self.cursors.items()}
        again = [each for each in self.sent if each[7] > answer["head"]]
        self.sent = [each for each in self.sent if each[7] <= answer["head"]]
        self.unsent = again + self.unsent
        self._renew_envelopes()
        self.generation, self.certified = names[-1], 0

    def _give_back(self) -> None:
        words = [name for name, each in self.came.items() if each[0] == "change"]
        voids = [[name, each[-1]] for name, each in self.came.items() if each[0] == "void" and each[-1] >= REFUSED]
        missing = self.ask("POST", "/v1/offer", {"changes": words, "voids": voids})["missing"]
        lacking = [self.came[each] for each in missing]
        about = {str(read_node(each)[0]) for each in lacking}
        facts = {}
        for each in self.came.values():
            if each[0] == "change":
                said = json.loads(each[2])
                facts[said["record"]] = [said["kind"], said["subject"], said["sensitivity"]]
        places = [
            [*each[1:], *facts.get(each[2], ["", each[2], 0])]
            for each in self.came.values()
            if each[0] == "void" and each[2] in about and each[5]
        ]
        changes = [each[1:] for each in lacking if each[0] == "change"]
        authors = sorted({each[5] for each in changes} & self.others.keys())
        self._refill([], places, [])
        self._refill([self.others[each] for each in authors], [], changes)

    def _refill(self, certificates: list[Any], voids: list[Any], changes: list[Any]) -> None:
        asked = {"certificates": certificates, "voids": voids, "changes": changes}
        if voids or changes:
            self.ask("POST", "/v1/refill", asked)

    def fetch(self, records: Iterable[UUID]) -> None:
        """Ask for records by name: those of which a change waits for its parents."""
        asked = {"records": [str(each) for each in records]}
        for entry in self.ask("POST", "/v1/records", asked)["entries"]:
            self._take_entry(entry)

    def _take_page(self, stream: str, page: Mapping[str, Any]) -> None:
        for entry in page["entries"]:
            if entry[0] == "leaves" and any(json.loads(each[1])["record"] == entry[2] for each in self.unsent):
                return  # first what is unsent about it
            self._take_entry(entry)
            self.cursors[stream] = entry[1]
        self.cursors[stream] = page["reached"]

    def _take_entry(self, entry: Sequence[Any]) -> None:
        kind, _number, *rest = entry
        for item in rest[0] if kind == "state" else [[kind, *rest]] if kind in ("change", "void") else []:
            if item[0] == "change" or self.came.get(item[1], item)[0] == "void" or item[-1] >= REFUSED:
                self.came[item[1]] = item
        if kind == "state":
            for record, node in map(read_node, rest[0]):
                self._put(record, node)
        elif kind == "leaves":
            self._forget(UUID(rest[0]))
        elif kind == "card":
            self.cards[UUID(rest[0])] = rest[1]
        else:
            self._take(*read_node([kind, *rest]))
        self._unpark()

    def _take(self, record: UUID, node: Node) -> None:
        """A change whose parents are not here waits; a void never does, nor words that fill a void."""
        graph = self.graphs.get(record, {})
        if node.standing == HELD and node.id not in graph and not all(each in graph for each in node.parents):
            self.parked.append((record, node))
            return
        self._put(record, node)

    def _put(self, record: UUID, node: Node) -> None:
        """A standing only rises; a graph has no holes."""
        graph = self.graphs.setdefault(record, {})
        known = graph.get(node.id)
        nameless = known is not None and known.standing == NOT_HELD and not known.fields
        if known is None or node.standing > known.standing or (nameless and node.standing == NOT_HELD):
            graph[node.id] = node
        for parent in node.parents:
            graph.setdefault(parent, Node(parent, (), NOT_HELD, frozenset()))

    def _unpark(self) -> None:
        waiting, self.parked = self.parked, []
        for record, node in waiting:
            self._take(record, node)
        if len(self.parked) < len(waiting):
            self._unpark()

    def _forget(self, record: UUID) -> None:
        for each in tuple(self.graphs.get(record, {}).values()):
            if each.standing == HELD:
                self.graphs[record][each.id] = Node(each.id, each.parents, NOT_HELD, each.fields)
        self.parked = [each for each in self.parked if each[0] != record]

    def folded(self, record: UUID) -> Folded:
        return fold(self.graphs[record].values())
