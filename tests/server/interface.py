"""The server's whole interface as a table, and the same as OpenAPI, so that machines can make up requests for it.

A route that is added to the server stands here too, or `test_interface.py` fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def binary(size: int) -> dict[str, Any]:
    """So many bytes in lower-case hexadecimal."""
    return {"type": "string", "pattern": f"^[0-9a-f]{{{2 * size}}}$"}


def text(most: int) -> dict[str, Any]:
    """A short text."""
    return {"type": "string", "maxLength": most}


def strict(optional: tuple[str, ...] = (), **fields: Any) -> dict[str, Any]:
    """An object of exactly these fields."""
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


UUID_TEXT = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}
NUMBER = {"type": "integer", "minimum": 0, "maximum": (1 << 62) - 1}

ENROL = strict(
    optional=("centre",),
    code=text(100),
    name=text(100),
    public_key=binary(32),
    centre={"anyOf": [UUID_TEXT, {"type": "null"}]},
)
# Of these all, or the challenge, or none: `test_members.py` leaves out each.
_ASKED_OF_NEW_SERVERS = {"challenge": binary(32), "member": UUID_TEXT, "member_signature": binary(64)}
PROOF = {"device": UUID_TEXT, "nonce": binary(48), "signature": binary(64), **_ASKED_OF_NEW_SERVERS}
SESSION = strict(optional=tuple(_ASKED_OF_NEW_SERVERS), **PROOF)
CHANGE = {
    "type": "array",
    # id, content, salt, content hash, signature, device; then act, place in the chain, link before, link, sender.
    "prefixItems": [
        *(binary(16), {"type": "string"}, binary(16), binary(32), binary(64), UUID_TEXT),
        *(text(200), NUMBER, binary(32), binary(32), UUID_TEXT),
    ],
    "minItems": 11,
    "maxItems": 11,
}
EXCHANGE = strict(
    protocol={"type": "integer"},
    program=text(50),
    generation=text(32),
    head={"type": "array", "prefixItems": [NUMBER, binary(32)], "minItems": 2, "maxItems": 2},
    cursors={"type": "object", "additionalProperties": NUMBER, "maxProperties": 100},
    changes={"type": "array", "items": CHANGE, "maxItems": 3},
    limit={"type": "integer", "minimum": 0, "maximum": 1000},
)
DOWNLOAD = strict(stream=text(200), place=text(100), limit={"type": "integer", "minimum": 1, "maximum": 1000})
RECORDS = strict(records={"type": "array", "items": UUID_TEXT, "maxItems": 100})
DESK_CODE = strict(staff=UUID_TEXT, centre=UUID_TEXT, sensitivity={"type": "integer", "minimum": 0, "maximum": 9})
SHUT_OUT = strict(staff=UUID_TEXT, device=UUID_TEXT, reason=text(50), words=text(500))
ADMINISTRATOR = strict(code=text(100), member=UUID_TEXT, agreement=binary(32), signing=binary(32))

CERTIFICATE = {
    "type": "array",
    "prefixItems": [
        *(UUID_TEXT, binary(32), text(8), {"type": "array", "items": UUID_TEXT, "maxItems": 3}),
        *({"type": "integer", "minimum": 0, "maximum": 9}, binary(64), UUID_TEXT),
    ],
    "minItems": 6,
    "maxItems": 7,
}
CERTIFICATES = {"type": "array", "items": CERTIFICATE, "maxItems": 3}
OFFER = strict(
    changes={"type": "array", "items": binary(16), "maxItems": 5},
    voids={
        "type": "array",
        "maxItems": 5,
        "items": {"type": "array", "prefixItems": [binary(16), {"enum": [2, 3]}], "minItems": 2, "maxItems": 2},
    },
)
REFILL = strict(
    certificates=CERTIFICATES,
    voids={
        "type": "array",
        "maxItems": 3,
        "items": {
            "type": "array",
            "prefixItems": [
                *(binary(16), UUID_TEXT, binary(32), {"type": "array", "items": text(200)}, binary(32)),
                *({"enum": [0, 2, 3]}, text(200), UUID_TEXT, {"type": "integer", "minimum": 0, "maximum": 9}),
            ],
            "minItems": 9,
            "maxItems": 9,
        },
    },
    changes={
        "type": "array",
        "maxItems": 3,
        "items": {"type": "array", "prefixItems": CHANGE["prefixItems"][:6], "minItems": 6, "maxItems": 6},
    },
)
RETURN = strict(optional=tuple(_ASKED_OF_NEW_SERVERS), **PROOF, certificates=CERTIFICATES)

_PERHAPS_UUID = {"anyOf": [UUID_TEXT, {"type": "null"}]}
AUDIT = strict(
    after=NUMBER,
    rows={
        "type": "array",
        "maxItems": 3,
        "items": strict(
            n=NUMBER,
            at={"type": "integer"},
            staff=_PERHAPS_UUID,
            event=text(200),
            subject=_PERHAPS_UUID,
            record=_PERHAPS_UUID,
            detail={"type": "string"},
            prev=binary(32),
            hash=binary(32),
            said={"anyOf": [binary(32), {"const": ""}]},
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Route:
    """One request of the protocol: what it takes, and whether only a desk that proved its key may make it."""

    method: str
    path: str
    needs_session: bool = False
    body: Mapping[str, Any] | None = None
    endless: bool = False
    """Its good answer goes on until the token ends, so only its refusals are tried."""


ROUTES = (
    Route("GET", "/v1/health"),
    Route("POST", "/v1/enrol", body=ENROL),
    Route("GET", "/v1/server"),
    Route("GET", "/v1/challenge"),
    Route("POST", "/v1/session", body=SESSION),
    Route("POST", "/v1/exchange", needs_session=True, body=EXCHANGE),
    Route("POST", "/v1/download", needs_session=True, body=DOWNLOAD),
    Route("POST", "/v1/records", needs_session=True, body=RECORDS),
    Route("POST", "/v1/audit", needs_session=True, body=AUDIT),
    Route("POST", "/v1/fork", needs_session=True, body=strict(public_key=binary(32))),
    Route("GET", "/v1/generations", needs_session=True),
    Route("POST", "/v1/offer", needs_session=True, body=OFFER),
    Route("POST", "/v1/refill", needs_session=True, body=REFILL),
    Route("POST", "/v1/return", body=RETURN),
    Route("GET", "/v1/travel-key", needs_session=True),
    Route("POST", "/v1/administrator", needs_session=True, body=ADMINISTRATOR),
    Route("POST", "/v1/opened", needs_session=True, body=strict(staff=UUID_TEXT, person=UUID_TEXT)),
    Route("POST", "/v1/found", needs_session=True, body=strict(staff=UUID_TEXT)),
    Route("POST", "/v1/desk-code", needs_session=True, body=DESK_CODE),
    Route("POST", "/v1/shut-out", needs_session=True, body=SHUT_OUT),
    Route("POST", "/v1/held", needs_session=True, body=strict(staff=UUID_TEXT, device=UUID_TEXT)),
    Route("GET", "/v1/poke", needs_session=True, endless=True),
)


def openapi() -> dict[str, Any]:
    """The table as OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        operation: dict[str, Any] = {"responses": {"default": {"description": "Any answer"}}}
        if route.body is not None:
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": route.body}}}
        if route.needs_session:
            operation["security"] = [{"session": []}]
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sync", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": {"session": {"type": "http", "scheme": "bearer"}}},
    }
