"""What `docs/sync-protocol.md` says about bytes, for the stranger: hashes, signed messages, strict JSON, content."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_PARTS = (
    *("record", "kind", "subject", "sensitivity", "parents", "set"),
    *("act", "at", "staff", "centre", "program", "judged_at"),
)


class RefusedError(ValueError):
    """Bytes or an answer that the document says are not to be taken."""


def content_bytes(parts: Mapping[str, Any]) -> bytes:
    """The bytes of a change, made once."""
    text = json.dumps({name: parts[name] for name in _PARTS}, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode("utf-8")


def content_hash(salt: bytes, content: bytes) -> bytes:
    return hashlib.sha256(salt + content).digest()


def link(prev: bytes, device: UUID, n: int, change: bytes, hashed: bytes) -> bytes:
    return hashlib.sha256(prev + device.bytes + n.to_bytes(8, "big") + change + hashed).digest()


def session_message(device: UUID, nonce: bytes) -> bytes:
    return b"livingwell session 1\x00" + device.bytes + nonce


def server_message(challenge: bytes, device: UUID, nonce: bytes, token: str, generation: str) -> bytes:
    session = challenge + device.bytes + nonce + hashlib.sha256(token.encode("utf-8")).digest()
    return b"livingwell server session 1\x00" + session + generation.encode("utf-8")


def member_message(member: UUID, challenge: bytes, device: UUID, nonce: bytes) -> bytes:
    return b"livingwell member session 1\x00" + member.bytes + challenge + device.bytes + nonce


def code_mark(code: str, alliance_key: bytes) -> str:
    """What stands behind a code on paper, for the alliance with that public key."""
    known = code.upper().replace("-", "").encode("ascii")
    number = int.from_bytes(hashlib.sha256(b"livingwell code mark 1\x00" + known + b"\x00" + alliance_key).digest()[:8])
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    mark = "".join(letters[number >> (59 - 5 * at) & 31] for at in range(12))
    return "-".join(mark[at : at + 4] for at in range(0, 12, 4))


def certificate_message(parts: Sequence[Any]) -> bytes:
    """What the alliance signed, from the certificate's list; of a copy it names the original last."""
    device, key, letter, centres, sensitivity = parts[:5]
    scope = bytes([sensitivity, len(centres)]) + b"".join(sorted(UUID(each).bytes for each in centres))
    message = b"livingwell device 1\x00" + UUID(device).bytes + bytes.fromhex(key) + scope + letter.encode("ascii")
    return message + (b"\x00copy of\x00" + UUID(parts[6]).bytes if len(parts) == 7 else b"")


def checkpoint_message(device: UUID, n: int, head: bytes, time: int) -> bytes:
    return b"livingwell checkpoint 1\x00" + device.bytes + n.to_bytes(8, "big") + head + time.to_bytes(8, "big")


def audit_row(device: UUID, n: int, prev: bytes | None, row: Mapping[str, Any]) -> dict[str, Any]:
    """The next row of a desk's audit; `prev` is None for the first."""
    before = hashlib.sha256(b"livingwell audit 1\x00" + device.bytes).digest() if prev is None else prev
    names = [row[each] and row[each].replace("-", "") for each in ("staff", "subject", "record")]
    words = [n, names[0], row["event"], names[1], names[2], row["detail"]]
    said = hashlib.sha256(json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode("utf-8")).digest()
    hashed = hashlib.sha256(before + said + row["at"].to_bytes(8, "big", signed=True)).digest()
    return {"n": n, **row, "prev": before.hex(), "hash": hashed.hex(), "said": said.hex()}


def verified(public_key: bytes, signature: bytes, message: bytes) -> None:
    """Raises InvalidSignature."""
    Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)


# Strict JSON


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise RefusedError("a key stands twice")
    return dict(pairs)


def _constant(_name: str) -> Any:
    raise RefusedError("not a number")


def read_json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_constant)
    except RefusedError:
        raise
    except (ValueError, RecursionError) as error:
        raise RefusedError("not JSON") from error


def _limits(value: Any, depth: int) -> None:
    if depth > 32:
        raise RefusedError("too deep")
    if isinstance(value, str):
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            raise RefusedError("half a character")
        if len(value) > 65_536:
            raise RefusedError("a text is too long")
    for each in value if isinstance(value, list) else ():
        _limits(each, depth + 1)
    for name, each in value.items() if isinstance(value, dict) else ():
        _limits(name, depth)
        _limits(each, depth + 1)


def _name(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 200:
        raise RefusedError("not a name")
    if any(letter != " " and unicodedata.category(letter)[0] in "CZ" for letter in text):
        raise RefusedError("not printable")
    return text


def _uuid(text: Any) -> UUID:
    try:
        found = UUID(text)
    except (ValueError, TypeError, AttributeError) as error:
        raise RefusedError("not an id") from error
    if str(found) != text:
        raise RefusedError("not an id in its one form")
    return found


def _whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise RefusedError("not such a number")
    return value


def _change_id(text: Any) -> bytes:
    try:
        found = bytes.fromhex(text)
    except (ValueError, TypeError) as error:
        raise RefusedError("not a change id") from error
    if len(found) != 16 or found.hex() != text:
        raise RefusedError("not a change id")
    return found


def read_content(raw: bytes) -> dict[str, Any]:
    """The parts of a change. Raises RefusedError."""
    if len(raw) > 1 << 20:
        raise RefusedError("too long")
    said = read_json(raw)
    if not unicodedata.is_normalized("NFC", raw.decode("utf-8")):
        raise RefusedError("not NFC")
    _limits(said, 0)
    if not isinstance(said, dict) or not set(_PARTS) <= said.keys():
        raise RefusedError("a part is missing")
    if not isinstance(said["set"], dict) or not isinstance(said["parents"], list):
        raise RefusedError("a part has the wrong type")
    if not isinstance(said["judged_at"], list) or len(said["judged_at"]) != 2:
        raise RefusedError("judged_at is two numbers")
    for each in (*said["set"], said["kind"], said["act"], said["program"]):
        _name(each)
    for each in (said["record"], said["subject"], *(said[one] for one in ("staff", "centre") if said[one] is not None)):
        _uuid(each)
    for each in said["parents"]:
        _change_id(each)
    _whole(said["sensitivity"], 0, 9)
    _whole(said["at"], -(1 << 52), 1 << 52)
    for each in said["judged_at"]:
        _whole(each, 0, 1 << 52)
    return said
