"""What the frames of a second file say, as values and as bytes."""

from dataclasses import dataclass
from uuid import UUID

from livingwell_desktop.domain.changes import ChainHead, ChainHeads, Change, Envelope

_NUMBER = 8
_PART = 4


@dataclass(frozen=True, slots=True)
class SavedChange:
    """A change with its place in this desk's chain, as it was saved."""

    change: Change
    envelope: Envelope
    act: str
    saved_at: int


@dataclass(frozen=True, slots=True)
class SavedAct:
    """What one save wrote: its changes, and the draft that became them."""

    changes: tuple[SavedChange, ...]
    forget: UUID | None = None


@dataclass(frozen=True, slots=True)
class KnownHeads:
    """How far the store's chains had come: all before that was committed."""

    heads: ChainHeads


@dataclass(frozen=True, slots=True)
class SeenEvents:
    """Audit events of a desk that was open to be read only, for the audit when it can be written again."""

    at: int
    staff: UUID | None
    events: bytes
    """JSON, as the audit will have them."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that only this desk has, in a rescue file: a draft, or a change that the server would not take."""

    table: str
    values: bytes
    """JSON: the columns in their order; bytes as {"hex": …}."""


FramePart = SavedAct | KnownHeads | SeenEvents | KeptRow


def write_frame(part: FramePart) -> bytes:
    """The bytes of a frame."""
    if isinstance(part, KnownHeads):
        return b"H" + _join(*_head_parts(part.heads.outbox), *_head_parts(part.heads.audit))
    if isinstance(part, SeenEvents):
        return b"E" + _join(_number(part.at), part.staff.bytes if part.staff else b"", part.events)
    if isinstance(part, KeptRow):
        return b"R" + _join(part.table.encode("utf-8"), part.values)
    pieces = [part.forget.bytes if part.forget else b""]
    for each in part.changes:
        change, envelope = each.change, each.envelope
        pieces += [
            change.id, change.content, change.salt, change.content_hash, change.device.bytes, change.signature,
            envelope.device.bytes, _number(envelope.n), envelope.prev, envelope.hash,
            each.act.encode("utf-8"), _number(each.saved_at),
        ]  # fmt: skip
    return b"A" + _join(*pieces)


def read_frame(frame: bytes) -> FramePart:
    """A frame from its bytes. Raises ValueError for bytes of no kind of frame that this version knows."""
    kind, pieces = frame[:1], _split(frame[1:])
    if kind == b"H" and len(pieces) == 4:
        return KnownHeads(ChainHeads(_head(pieces[0], pieces[1]), _head(pieces[2], pieces[3])))
    if kind == b"E" and len(pieces) == 3:
        return SeenEvents(_read_number(pieces[0]), UUID(bytes=pieces[1]) if pieces[1] else None, pieces[2])
    if kind == b"R" and len(pieces) == 2:
        return KeptRow(pieces[0].decode("utf-8"), pieces[1])
    if kind == b"A" and len(pieces) % 12 == 1:
        changes = tuple(_change(pieces[start : start + 12]) for start in range(1, len(pieces), 12))
        return SavedAct(changes, UUID(bytes=pieces[0]) if pieces[0] else None)
    raise ValueError("not a frame of a second file")


def _change(pieces: list[bytes]) -> SavedChange:
    identifier, content, salt, content_hash, device, signature, sender, n, prev, link, act, saved_at = pieces
    return SavedChange(
        Change(identifier, content, salt, content_hash, UUID(bytes=device), signature),
        Envelope(UUID(bytes=sender), _read_number(n), prev, link),
        act.decode("utf-8"),
        _read_number(saved_at),
    )


def _head_parts(head: ChainHead) -> tuple[bytes, bytes]:
    return _number(head.n), head.hash


def _head(n: bytes, link: bytes) -> ChainHead:
    return ChainHead(_read_number(n), link)


def _number(number: int) -> bytes:
    return number.to_bytes(_NUMBER, "big", signed=True)


def _read_number(number: bytes) -> int:
    return int.from_bytes(number, "big", signed=True)


def _join(*pieces: bytes) -> bytes:
    return b"".join(len(piece).to_bytes(_PART, "big") + piece for piece in pieces)


def _split(joined: bytes) -> list[bytes]:
    pieces, start = list[bytes](), 0
    while start < len(joined):
        end = start + _PART + int.from_bytes(joined[start : start + _PART], "big")
        if end > len(joined):
            raise ValueError("a piece of a frame is cut off")
        pieces.append(joined[start + _PART : end])
        start = end
    return pieces
