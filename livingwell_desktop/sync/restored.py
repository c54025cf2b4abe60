"""What a desk and a restored server say to each other, as JSON (`docs/sync-protocol.md`, after a restore)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from livingwell_desktop.domain.changes import Change, Standing, Void
from livingwell_desktop.domain.records import ChangeId, Json
from livingwell_desktop.sync.entries import LARGEST, read_change, read_void, write_change, write_void
from livingwell_desktop.sync.joining import (
    OF_A_PROOF,
    PROOF,
    Certificate,
    SessionRequest,
    read_certificate,
    read_proof,
    write_certificate,
    write_proof,
)
from livingwell_desktop.sync.strict import (
    Fields,
    ProtocolError,
    binary,
    dump,
    identifier,
    parse,
    short_text,
    whole_number,
)

MOST_OFFERED = 5000
MOST_REFILLED = 1000
MOST_CERTIFICATES = 1000
MOST_RETURNED = 20


@dataclass(frozen=True, slots=True)
class Restores:
    """Every generation of the server, the first first, and the head of this desk's chain as the server now has it."""

    generations: tuple[tuple[str, Mapping[str, int]], ...]
    """(name, for each stream the number it went on from)."""
    head: int


@dataclass(frozen=True, slots=True)
class Offer:
    """The names of what a desk holds: changes, and voids with their standing."""

    changes: tuple[ChangeId, ...] = ()
    voids: tuple[tuple[ChangeId, Standing], ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedVoid:
    """A void with what the server needs to know of its record."""

    void: Void
    kind: str
    subject: UUID
    sensitivity: int


@dataclass(frozen=True, slots=True)
class Refill:
    """What a restored server lost, and the certificates of those who wrote it."""

    certificates: tuple[Certificate, ...] = ()
    voids: tuple[PlacedVoid, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Return:
    """A desk that the server does not know proves its key and shows what the alliance certified.

    Its own certificate comes first, then those of the desks that it is a copy of.
    """

    proof: SessionRequest
    certificates: tuple[Certificate, ...]


def write_restores(restores: Restores) -> bytes:
    """The list of generations."""
    return dump({"generations": [[name, dict(starts)] for name, starts in restores.generations], "head": restores.head})


def read_restores(body: bytes) -> Restores:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"generations", "head"}))
    return Restores(
        tuple(_generation(each) for each in fields.items("generations", 10_000)), fields.integer("head", 0, LARGEST)
    )


def _generation(item: Json) -> tuple[str, Mapping[str, int]]:
    match item:
        case [name, dict() as starts] if len(starts) <= 10_000:
            numbers = {stream: whole_number(number, 0, LARGEST, "start") for stream, number in starts.items()}
            return short_text(name, 32, "generation"), MappingProxyType(numbers)
    raise ProtocolError("a generation is a name and its starts")


def write_offer(offer: Offer) -> bytes:
    """What a desk holds, by name."""
    return dump(
        {
            "changes": [each.hex() for each in offer.changes],
            "voids": [[each.hex(), int(standing)] for each, standing in offer.voids],
        }
    )


def read_offer(body: bytes) -> Offer:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"changes", "voids"}))
    return Offer(
        tuple(binary(each, 16, "id") for each in fields.items("changes", MOST_OFFERED)),
        tuple(_offered_void(each) for each in fields.items("voids", MOST_OFFERED)),
    )


def _offered_void(item: Json) -> tuple[ChangeId, Standing]:
    match item:
        case [name, int(standing)] if standing in (Standing.REFUSED, Standing.PURGED) and standing is not True:
            return binary(name, 16, "id"), Standing(standing)
    raise ProtocolError("a void is a name and a standing")


def write_missing(missing: Sequence[ChangeId]) -> bytes:
    """Which of them the server lacks."""
    return dump({"missing": [each.hex() for each in missing]})


def read_missing(body: bytes) -> tuple[ChangeId, ...]:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"missing"}))
    return tuple(binary(each, 16, "id") for each in fields.items("missing", 2 * MOST_OFFERED))


def write_refill(refill: Refill) -> bytes:
    """What the server lost."""
    return dump(
        {
            "certificates": [write_certificate(each) for each in refill.certificates],
            "voids": [
                [*write_void(each.void), each.kind, str(each.subject), each.sensitivity] for each in refill.voids
            ],
            "changes": [write_change(each) for each in refill.changes],
        }
    )


def read_refill(body: bytes) -> Refill:
    """Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"certificates", "voids", "changes"}))
    return Refill(
        tuple(read_certificate(each) for each in fields.items("certificates", MOST_CERTIFICATES)),
        tuple(_placed(each) for each in fields.items("voids", MOST_REFILLED)),
        tuple(_change(each) for each in fields.items("changes", MOST_REFILLED)),
    )


def _change(item: Json) -> Change:
    if not isinstance(item, list):
        raise ProtocolError("a change is a list")
    return read_change(item)


def _placed(item: Json) -> PlacedVoid:
    if not isinstance(item, list) or len(item) != 9:
        raise ProtocolError("a void that is refilled has nine parts")
    *void, kind, subject, sensitivity = item
    return PlacedVoid(
        read_void(void),
        short_text(kind, 200, "kind"),
        identifier(subject, "subject"),
        whole_number(sensitivity, 0, 9, "sensitivity"),
    )


def write_refilled(taken: int, refused: Sequence[tuple[ChangeId, str]]) -> bytes:
    """How many the server took, and which it did not, and why."""
    return dump({"taken": taken, "refused": [[each.hex(), reason] for each, reason in refused]})


def read_refilled(body: bytes) -> tuple[int, int]:
    """How many were taken, and how many not. Raises ProtocolError."""
    fields = Fields(parse(body), frozenset({"taken", "refused"}))
    return fields.integer("taken", 0, LARGEST), len(fields.items("refused", 2 * MOST_REFILLED))


def write_return(asked: Return) -> bytes:
    """A desk shows who it is."""
    return dump({**write_proof(asked.proof), "certificates": [write_certificate(each) for each in asked.certificates]})


def read_return(body: bytes) -> Return:
    """Raises ProtocolError."""
    fields = Fields(parse(body), PROOF | {"certificates"}, OF_A_PROOF)
    certificates = tuple(read_certificate(each) for each in fields.items("certificates", MOST_RETURNED))
    return Return(read_proof(fields), certificates)
